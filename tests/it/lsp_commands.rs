//! The commands of the language server, against a sandbox in a process of its own.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use ksext_test_support::{KEY, Ksext, PATIENCE, PackageDir, Reply, RequestId, SandboxProcess};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, capable};
use crate::vscode::assert_declared;

/// An editor with a package and a cloud to push it to.
struct Desk {
    editor: Editor,
    sandbox: SandboxProcess,
    /// What the user does with a question.
    answer: Arc<Mutex<Reply>>,
}

impl Desk {
    fn new() -> Self {
        Self::with(capable())
    }

    fn with(capabilities: Value) -> Self {
        Self::at(capabilities, &[])
    }

    /// With a sandbox that is started with these arguments.
    fn at(capabilities: Value, sandbox: &[&str]) -> Self {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
        let sandbox = SandboxProcess::start(ksext.clone(), sandbox);
        let answer = Arc::new(Mutex::new(Reply::Result(json!({"title": "Push"}))));
        let said = Arc::clone(&answer);
        let responder = move |method: &str, params: &Value| match method {
            "window/showMessageRequest" => said.lock().expect("no panic").clone(),
            "window/showDocument" => {
                let page = params["uri"].as_str().expect("an address").to_owned();
                assert_eq!(params["external"], true);
                std::thread::spawn(move || enter_key(&page));
                Reply::Result(json!({"success": true}))
            }
            _ => Reply::Result(Value::Null),
        };
        let options = json!({"server": sandbox.url()});
        let initialize = json!({"capabilities": capabilities, "initializationOptions": options});
        let mut editor = Editor::start_with(&ksext, initialize, responder);
        editor.open_manifest(MANIFEST);
        editor.found();
        Self {
            editor,
            sandbox,
            answer,
        }
    }

    fn logged_in() -> Self {
        let mut desk = Self::new();
        let answer = desk.run("ksext.login", json!({"token": KEY}));
        assert_eq!(answer["server"], desk.sandbox.url());
        assert!(answer["user"]["id"].is_string(), "{answer}");
        desk
    }

    /// The manifest's URI as argument.
    fn uri(&self) -> Value {
        json!({"uri": self.editor.uri})
    }

    fn start(&mut self, command: &str, argument: Value) -> RequestId {
        let params = json!({"command": command, "arguments": [argument], "workDoneToken": "t"});
        self.editor
            .client
            .start_request("workspace/executeCommand", params)
    }

    #[track_caller]
    fn run(&mut self, command: &str, argument: Value) -> Value {
        let request = self.start(command, argument);
        self.editor
            .client
            .wait_response(request)
            .unwrap_or_else(|error| panic!("refused: {error}"))
    }

    /// The error of a command.
    #[track_caller]
    fn refused(&mut self, command: &str, argument: Value) -> Value {
        let request = self.start(command, argument);
        self.editor
            .client
            .wait_response(request)
            .expect_err("a refusal")
    }

    /// The progress shown under a token.
    fn progress(&self, token: &Value) -> Vec<Value> {
        let all = self.editor.client.notifications("$/progress");
        all.into_iter()
            .filter(|seen| seen["token"] == *token)
            .map(|seen| seen["value"].clone())
            .collect()
    }

    #[track_caller]
    fn titles(&mut self) -> Vec<String> {
        let lenses = self.editor.lenses();
        let titles = lenses
            .as_array()
            .expect("lenses")
            .iter()
            .map(|lens| &lens["command"]["title"]);
        titles
            .map(|title| title.as_str().expect("a title").to_owned())
            .collect()
    }

    /// The requests that change something in the cloud.
    fn changes(&self) -> Vec<String> {
        let requests = self.sandbox.requests();
        requests
            .into_iter()
            .filter(|request| !request.starts_with("GET "))
            .collect()
    }
}

/// What a person does with the sign-in page.
fn enter_key(page: &str) {
    let (host, path) = page
        .strip_prefix("http://")
        .expect("http")
        .split_once('/')
        .expect("a path");
    let body = format!("key={KEY}");
    let length = body.len();
    let mut stream = TcpStream::connect(host).expect("it listens");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("a socket takes a time-out");
    write!(
        stream,
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_package_goes_from_login_to_review() {
    let mut desk = Desk::logged_in();
    let argument = desk.uri();
    let pushed = desk.run("ksext.push", argument.clone());
    assert_eq!(
        (&pushed["name"], &pushed["version"]),
        (&json!("demo"), &json!("0.1.0"))
    );
    assert_eq!(pushed["status"], "submitted");
    assert_eq!(pushed["uploads"][0]["path"], "static/图标.svg");
    let question = desk
        .editor
        .client
        .wait_server_request("window/showMessageRequest");
    let text = question["message"].as_str().expect("a text");
    assert!(
        text.contains("`demo` 0.1.0") && text.contains(&desk.sandbox.url()),
        "{text}"
    );
    assert_eq!(
        question["actions"],
        json!([{"title": "Push"}, {"title": "Cancel"}])
    );

    let status = desk.run("ksext.status", argument.clone());
    assert_eq!(status["snapshots"][0]["id"], pushed["snapshotId"]);
    let titles = desk.titles();
    assert_eq!(
        titles[1..],
        [
            "Push again: 0.1.0 is already submitted",
            "0.1.0 submitted just now",
            "Withdraw from review",
        ],
        "{titles:?}"
    );

    let snapshot = pushed["snapshotId"].as_str().expect("an id");
    desk.sandbox.decide(snapshot, "approve", "");
    let status = desk.run("ksext.status", argument);
    assert_eq!(status["snapshots"][0]["status"], "active");
    assert_eq!(status["latestVersion"], "0.1.0");
    assert_eq!(desk.titles()[2], "0.1.0 active");
}

#[test]
fn progress_is_told_under_the_requests_own_token_and_ends_before_the_answer() {
    let mut desk = Desk::logged_in();
    desk.editor.client.forget_notifications();
    let argument = desk.uri();
    desk.run("ksext.push", argument);
    let progress = desk.progress(&json!("t"));
    let kinds: Vec<_> = progress
        .iter()
        .map(|it| it["kind"].as_str().expect("a kind"))
        .collect();
    assert_eq!((kinds[0], kinds[kinds.len() - 1]), ("begin", "end"));
    assert_eq!(progress[0]["title"], "Push to KubeSphere Cloud");
    assert_eq!(progress[0]["cancellable"], true);
    let percents: Vec<_> = progress
        .iter()
        .filter_map(|it| it["percentage"].as_u64())
        .collect();
    assert!(
        percents.is_sorted() && percents.contains(&100),
        "{percents:?}"
    );
    let messages: Vec<_> = progress
        .iter()
        .filter_map(|it| it["message"].as_str())
        .collect();
    assert!(
        messages
            .iter()
            .any(|message| message.contains("uploading the icon")),
        "{messages:?}"
    );
    assert_eq!(
        desk.editor
            .client
            .server_requests("window/workDoneProgress/create"),
        Vec::<Value>::new()
    );
}

#[test]
fn waits_for_the_server_are_told_in_the_progress_alone() {
    let mut desk = Desk::at(capable(), &["--fault", "search@1:reset=before"]);
    desk.run("ksext.login", json!({"token": KEY}));
    desk.editor.client.forget_notifications();
    desk.run("ksext.list", json!({}));
    let progress = desk.progress(&json!("t"));
    let waits = progress.iter().filter(|it| {
        let message = it["message"].as_str().unwrap_or_default();
        message.starts_with("the connection failed, trying again")
    });
    assert_eq!(waits.count(), 1, "{progress:?}");
    assert_eq!(
        desk.editor.client.notifications("window/showMessage"),
        Vec::<Value>::new()
    );
}

#[test]
fn the_answer_comes_at_once_if_the_client_does_not_wait() {
    let mut desk = Desk::logged_in();
    let mut argument = desk.uri();
    argument["background"] = json!(true);
    let params = json!({"command": "ksext.push", "arguments": [argument]});
    let answer = desk
        .editor
        .client
        .request("workspace/executeCommand", params);
    assert_eq!(answer, Ok(json!({"started": true})));
    let told = desk
        .editor
        .client
        .wait_notification("window/showMessage", |_| true);
    let text = told.params["message"].as_str().expect("a text");
    assert!(text.starts_with("pushed demo 0.1.0 ("), "{text}");
    assert_eq!(told.params["type"], 3);
    let token = desk
        .editor
        .client
        .wait_server_request("window/workDoneProgress/create")["token"]
        .clone();
    let progress = desk.progress(&token);
    assert_eq!(progress.last().expect("progress")["kind"], "end");
}

#[test]
fn a_failure_in_the_background_is_told_too() {
    let mut desk = Desk::new();
    let mut argument = desk.uri();
    argument["background"] = json!(true);
    assert_eq!(desk.run("ksext.push", argument), json!({"started": true}));
    let told = desk
        .editor
        .client
        .wait_notification("window/showMessage", |_| true);
    assert_eq!(told.params["type"], 1);
    let text = told.params["message"].as_str().expect("a text");
    assert!(text.contains("not logged in"), "{text}");
}

#[test]
fn nothing_is_pushed_unless_the_user_says_so() {
    for answer in [json!({"title": "Cancel"}), Value::Null] {
        let mut desk = Desk::logged_in();
        *desk.answer.lock().expect("no panic") = Reply::Result(answer);
        let argument = desk.uri();
        let error = desk.refused("ksext.push", argument);
        assert_eq!(
            (&error["code"], &error["data"]["kind"]),
            (&json!(-32803), &json!("cancelled"))
        );
        assert_eq!(desk.changes(), Vec::<String>::new());
    }
}

#[test]
fn a_client_that_cannot_ask_pushes_only_without_a_question() {
    let mut desk = Desk::logged_in();
    *desk.answer.lock().expect("no panic") = Reply::refuse();
    let mut argument = desk.uri();
    let error = desk.refused("ksext.push", argument.clone());
    assert_eq!(error["data"]["kind"], "cancelled");
    desk.editor
        .client
        .wait_notification("window/showMessage", |seen| {
            seen["message"]
                .as_str()
                .is_some_and(|text| text.contains("ksext.push.confirm"))
        });
    argument["confirm"] = json!(false);
    assert_eq!(desk.run("ksext.push", argument)["status"], "submitted");
}

#[test]
fn the_users_setting_turns_the_question_off() {
    let mut desk = Desk::with(json!({}));
    let settings = json!({"ksext": {"push": {"confirm": false}}});
    desk.editor.client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": settings}),
    );
    desk.run("ksext.login", json!({"token": KEY}));
    let argument = desk.uri();
    assert_eq!(desk.run("ksext.push", argument)["status"], "submitted");
    assert_eq!(
        desk.editor
            .client
            .server_requests("window/showMessageRequest"),
        Vec::<Value>::new()
    );
}

#[test]
fn a_push_sees_the_disk_and_refuses_unsaved_changes() {
    let mut desk = Desk::logged_in();
    desk.editor
        .change(json!([{"text": MANIFEST.replace("0.1.0", "0.2.0")}]));
    let argument = desk.uri();
    let error = desk.refused("ksext.push", argument.clone());
    assert_eq!(error["data"]["kind"], "invalid-package");
    assert!(
        error["message"]
            .as_str()
            .expect("a text")
            .contains("extension.yaml"),
        "{error}"
    );
    // The size is that of the text in the editor.
    let size = desk.run("ksext.size", argument);
    assert_eq!(
        (&size["version"], &size["name"]),
        (&json!(1), &json!("demo"))
    );
    let shares = size["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["packed"].as_u64());
    assert_eq!(shares.sum::<Option<u64>>(), size["projected"].as_u64());
}

#[test]
fn a_size_comes_with_its_drawing_for_who_asks() {
    let mut desk = Desk::new();
    let mut argument = desk.uri();
    let size = desk.run("ksext.size", argument.clone());
    assert_eq!(size.get("drawing"), None);
    argument["drawing"] = json!(true);
    let size = desk.run("ksext.size", argument);
    let drawing = &size["drawing"];
    assert_eq!(drawing["title"], "demo 0.1.0");
    assert_eq!(drawing["meter"]["projected"], size["projected"]);
    assert_eq!(drawing["meter"]["standing"], "fine");
    let views = drawing["views"].as_array().expect("views");
    let views: Vec<_> = views.iter().map(|view| &view["id"]).collect();
    assert_eq!(views, ["packed", "uploaded", "dropped"]);
}

#[test]
fn a_refusal_has_a_kind_for_programs_and_words_for_people() {
    let mut desk = Desk::new();
    let argument = desk.uri();
    let error = desk.refused("ksext.status", argument.clone());
    assert_eq!(error["data"]["kind"], "auth");
    assert!(
        error["data"]["hint"]
            .as_str()
            .expect("a hint")
            .contains("ksext login"),
        "{error}"
    );
    let error = desk.refused("ksext.login", json!({"token": "wrong"}));
    assert_eq!(error["data"]["status"], 403, "{error}");
    assert!(!error.to_string().contains("wrong\""), "{error}");
    desk.run("ksext.login", json!({"token": KEY, "store": false}));
    let error = desk.refused("ksext.status", argument);
    assert_eq!(
        (&error["data"]["kind"], &error["data"]["status"]),
        (&json!("not-found"), &json!(404))
    );
    let error = desk.refused("ksext.status", json!({"uri": "untitled:x"}));
    assert_eq!(error["code"], -32602, "{error}");
}

#[test]
fn a_key_in_memory_is_forgotten_without_the_one_on_the_disk() {
    let mut desk = Desk::new();
    let argument = desk.uri();
    for login in [json!({"token": KEY}), json!({"token": KEY, "store": false})] {
        desk.run("ksext.login", login);
    }
    desk.run("ksext.logout", json!({"store": false}));
    let error = desk.refused("ksext.status", argument.clone());
    assert_eq!(error["data"]["kind"], "not-found", "{error}");
    desk.run("ksext.logout", json!({}));
    let error = desk.refused("ksext.status", argument);
    assert_eq!(error["data"]["kind"], "auth", "{error}");
}

#[test]
fn what_is_no_command_is_refused() {
    let mut desk = Desk::new();
    assert_eq!(desk.refused("ksext.dance", json!({}))["code"], -32602);
    assert_eq!(desk.refused("ksext.list", json!("text"))["code"], -32602);
    let params = json!({"command": "ksext.list", "arguments": [{}, {}]});
    let answer = desk
        .editor
        .client
        .request("workspace/executeCommand", params);
    assert_eq!(answer.expect_err("refused")["code"], -32602);
}

/// A push that waits for an answer to its question.
fn waiting_push(desk: &mut Desk) -> RequestId {
    *desk.answer.lock().expect("no panic") = Reply::Ignore;
    let argument = desk.uri();
    let request = desk.start("ksext.push", argument);
    desk.editor
        .client
        .wait_server_request("window/showMessageRequest");
    request
}

#[test]
fn cancelling_the_progress_stops_the_command() {
    let mut desk = Desk::logged_in();
    let request = waiting_push(&mut desk);
    desk.editor.client.notify(
        "window/workDoneProgress/cancel",
        json!({"token": "someone else's"}),
    );
    desk.editor
        .client
        .notify("window/workDoneProgress/cancel", json!({"token": "t"}));
    let error = desk
        .editor
        .client
        .wait_response(request)
        .expect_err("cancelled");
    assert_eq!(error["data"]["kind"], "cancelled", "{error}");
    assert_eq!(
        desk.progress(&json!("t")).last().expect("progress")["kind"],
        "end"
    );
    assert_eq!(desk.changes(), Vec::<String>::new());
}

#[test]
fn cancelling_the_request_stops_the_command() {
    let mut desk = Desk::logged_in();
    desk.editor.client.forget_notifications();
    let request = waiting_push(&mut desk);
    desk.editor.client.cancel(request);
    let error = desk
        .editor
        .client
        .wait_response(request)
        .expect_err("cancelled");
    assert_eq!(
        (&error["code"], &error["data"]),
        (&json!(-32800), &json!({"kind": "cancelled"}))
    );
    // What the command itself has to say comes as a message.
    desk.editor
        .client
        .wait_notification("window/showMessage", |shown| {
            shown["message"]
                .as_str()
                .is_some_and(|text| text.contains("cancelled"))
        });
    desk.editor
        .client
        .wait_notification("$/progress", |seen| seen["value"]["kind"] == "end");
    assert_eq!(desk.changes(), Vec::<String>::new());
    // The next one is not bothered.
    *desk.answer.lock().expect("no panic") = Reply::Result(json!({"title": "Push"}));
    let argument = desk.uri();
    assert_eq!(desk.run("ksext.push", argument)["status"], "submitted");
}

#[test]
fn without_a_key_a_page_asks_for_one() {
    let mut desk = Desk::new();
    assert!(
        desk.titles()
            .contains(&"Log in to KubeSphere Cloud".to_owned())
    );
    let answer = desk.run("ksext.login", json!({}));
    assert_eq!(answer["server"], desk.sandbox.url());
    let page = desk
        .editor
        .client
        .wait_server_request("window/showDocument");
    assert!(!page.to_string().contains(KEY), "{page}");
    assert!(
        !desk
            .titles()
            .contains(&"Log in to KubeSphere Cloud".to_owned())
    );
    desk.run("ksext.logout", json!({}));
    assert!(
        desk.titles()
            .contains(&"Log in to KubeSphere Cloud".to_owned())
    );
}

#[test]
fn without_a_key_a_client_that_opens_no_pages_is_told_what_to_do() {
    let mut desk = Desk::with(json!({}));
    let error = desk.refused("ksext.login", json!({}));
    assert_eq!(error["data"]["kind"], "auth");
    assert!(
        error["data"]["hint"]
            .as_str()
            .expect("a hint")
            .contains("KSEXT_TOKEN"),
        "{error}"
    );
}

#[test]
fn the_marketplace_is_shown_from_what_is_typed() {
    let mut desk = Desk::new();
    // Nothing of this is saved.
    let text = MANIFEST
        .replace("zh: 最小的扩展组件。\n", "zh: 未保存的文字😀\n")
        .replace("zh: {name: 示例公司}", "ja: {name: サンプル}")
        .replace("图标.svg", "没有.svg");
    desk.editor.change(json!([{"text": text}]));
    let readme = desk.editor.package.uri("README_zh.md");
    desk.editor.client.open(&readme, "# 未保存\n");
    let shown = desk.run("ksext.marketplace", json!({"uri": readme}));
    let page = "views/marketplacePage.ts";
    assert_declared(page, "MarketplaceAnswer", &shown);
    assert_declared(page, "Picture", &shown["icon"]);
    assert_declared(page, "Person", &shown["provider"]["en"]);
    assert_eq!(shown["description"]["zh"], "未保存的文字😀");
    assert_eq!(shown["languages"], json!(["zh", "en", "ja"]));
    assert_eq!(
        shown["readme"],
        json!({"zh": "# 未保存\n", "en": "# Demo\n", "ja": "# Demo\n"})
    );
    assert_eq!(shown["categoryTitle"]["zh"], "开发者工具");
    assert_eq!(
        shown["icon"],
        json!({"text": "./static/没有.svg", "missing": true})
    );
    let lack = |field: &str| {
        let mut all = shown["missing"].as_array().expect("a list").iter();
        all.find(|lack| lack["field"] == field).cloned()
    };
    let expected = json!({"field": "icon", "message": "there is no file `./static/没有.svg`"});
    assert_eq!(lack("icon"), Some(expected));
    assert_eq!(lack("provider").expect("told")["language"], "zh");
    assert_eq!(lack("name"), None);

    desk.editor.change(json!([{"text": MANIFEST}]));
    let uri = desk.uri();
    let shown = desk.run("ksext.marketplace", uri);
    let icon = shown["icon"]["uri"].as_str().expect("a URI");
    let root = shown["root"].as_str().expect("a URI");
    assert_eq!(icon, format!("{root}/static/%E5%9B%BE%E6%A0%87.svg"));

    let other = PackageDir::new(&[("extension.yaml", "publisher: somebody\n")]);
    let uri = json!({"uri": other.uri("extension.yaml")});
    let error = desk.refused("ksext.marketplace", uri);
    assert_eq!(error["data"]["kind"], "invalid-package", "{error}");
}

/// What the reference tells of each command: the rows of its two tables.
struct Reference(Vec<(String, Rows)>);

/// Names, each with the cells behind it; those of arguments begin with `< `.
type Rows = Vec<(String, String)>;

impl Reference {
    fn read() -> Self {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/commands.md");
        let page = std::fs::read_to_string(page).expect("a page");
        let sections = page.split("\n## ").skip(1);
        Self(sections.map(Self::section).collect())
    }

    fn section(text: &str) -> (String, Rows) {
        let (command, body) = text.split_once('\n').expect("a head");
        let (mut rows, mut sign) = (Rows::new(), "");
        for line in body.lines() {
            if line.starts_with("| Argument") {
                sign = "< ";
            } else if line.starts_with("| Answer") {
                sign = "";
            } else if let Some(row) = line.strip_prefix("| `") {
                let (name, rest) = row.split_once('`').expect(row);
                rows.push((format!("{sign}{name}"), rest.to_owned()));
            }
        }
        (command.to_owned(), rows)
    }

    /// The rows of a command.
    fn of(&self, command: &str) -> &[(String, String)] {
        let found = self.0.iter().find(|(id, _)| id == command);
        &found.unwrap_or_else(|| panic!("no section {command}")).1
    }
}

/// Every member of a value, by the name that the reference would give it, each list by its items.
fn members(value: &Value, path: &str, seen: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                members(value, &path, seen);
                seen.push(path);
            }
        }
        Value::Array(items) => {
            for item in items {
                members(item, &format!("{path}[]"), seen);
            }
        }
        _ => {}
    }
}

#[test]
fn the_reference_tells_of_every_argument_and_of_no_other() {
    let mut desk = Desk::new();
    let reference = Reference::read();
    assert!(reference.0.len() > 10, "{}", reference.0.len());
    for (command, rows) in &reference.0 {
        let told = rows.iter().filter_map(|(name, _)| name.strip_prefix("< "));
        let told: Vec<&str> = told.collect();
        let error = desk.refused(command, json!({"no-such": 1}));
        assert_eq!(error["code"], -32602, "{error}");
        let message = error["message"].as_str().expect("a text");
        // The names that are read, as serde lists them behind the one that is not.
        let (_, read) = message.split_once("`no-such`").expect(message);
        let read: Vec<&str> = read.split('`').skip(1).step_by(2).collect();
        assert_eq!(read, told, "{command}: {message}");
    }
}

#[test]
fn the_reference_tells_what_is_in_every_answer() {
    let mut desk = Desk::logged_in();
    let reference = Reference::read();
    let uri = desk.uri();
    let at = |more: Value| {
        let mut argument = uri.clone();
        let fields = argument.as_object_mut().expect("an object");
        fields.extend(more.as_object().expect("an object").clone());
        argument
    };
    let made = tempfile::tempdir().expect("a folder");
    let packed = desk.run("ksext.package", at(json!({"directory": made.path()})));
    let archive = ksext_test_support::uri_of(packed["path"].as_str().expect("a path").as_ref());
    for (command, argument) in [
        ("ksext.login", json!({"token": KEY})),
        ("ksext.whoami", json!({})),
        ("ksext.push", at(json!({"submit": false, "confirm": true}))),
        ("ksext.submit", uri.clone()),
        ("ksext.unpush", uri.clone()),
        ("ksext.status", json!({"name": "demo"})),
        ("ksext.list", json!({})),
        ("ksext.size", at(json!({"drawing": false}))),
        ("ksext.preview", uri.clone()),
        ("ksext.diff", at(json!({"against": archive}))),
        ("ksext.package", at(json!({"directory": made.path()}))),
        (
            "ksext.new",
            json!({"name": "other", "directory": made.path()}),
        ),
        ("ksext.logout", json!({})),
    ] {
        let answer = desk.run(command, argument);
        let mut seen = Vec::new();
        members(&answer, "", &mut seen);
        let rows = reference.of(command);
        for name in &seen {
            assert!(
                rows.iter().any(|(told, _)| told == name),
                "{command}: {name} in {answer}"
            );
        }
        let always = rows.iter().filter(|(told, rest)| {
            let is_top = !told.starts_with("< ") && !told.contains(['.', '[']);
            is_top && !rest.contains("may be missing")
        });
        for (name, _) in always {
            assert!(seen.contains(name), "{command}: no {name} in {answer}");
        }
    }
}
