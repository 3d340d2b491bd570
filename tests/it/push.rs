//! `push` as an author has it, where it is not all alone or does not come through at once; and its
//! requests beside those of ksbuilder.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ksext_test_support::{KEY, Ksext, Output, PackageDir, Reply, SandboxProcess};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, capable};

const SNAPSHOT: &str = "516955082311396155";

/// A request as the recording has them: see `tests/fixtures/README.md`.
#[derive(Clone, Debug)]
struct Seen {
    request: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// A cloud that says yes to everything but what it is told to break, and writes down what it was sent.
struct Recorder {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// A piece of the requests that get no answer.
    broken: Arc<Mutex<Option<(&'static str, Break)>>>,
}

/// What a request gets in place of an answer.
#[derive(Clone, Copy, Debug)]
enum Break {
    /// The connection is closed.
    Close,
    /// Nothing, for as long as the client waits.
    Hang,
}

impl Recorder {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let recorder = Self {
            address,
            seen: Arc::default(),
            broken: Arc::default(),
        };
        let (seen, broken) = (Arc::clone(&recorder.seen), Arc::clone(&recorder.broken));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, broken) = (Arc::clone(&seen), Arc::clone(&broken));
                std::thread::spawn(move || serve(stream, &seen, &broken));
            }
        });
        recorder
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn breaks(&self, what: Option<(&'static str, Break)>) {
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = what;
    }

    /// What was sent since the last time.
    fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn serve(
    stream: TcpStream,
    seen: &Mutex<Vec<Seen>>,
    broken: &Mutex<Option<(&'static str, Break)>>,
) {
    let mut reader = BufReader::new(stream);
    while let Some((request, body)) = read_request(&mut reader) {
        let line = request.request.clone();
        let answer = answer_to(&line, &body);
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        let broken = *broken.lock().unwrap_or_else(PoisonError::into_inner);
        match broken.filter(|(piece, _)| line.contains(piece)) {
            Some((_, Break::Close)) => return,
            Some((_, Break::Hang)) => {
                // Ends with the connection.
                let _ = reader.read(&mut [0]);
                return;
            }
            None => {}
        }
        let (status, answer) = answer.map_or(("404 Not Found", json!({})), |it| ("200 OK", it));
        let answer = answer.to_string();
        let length = answer.len();
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
        if write!(reader.get_mut(), "{head}{answer}").is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(Seen, Vec<u8>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let request = lines.remove(0).replace(" HTTP/1.1", "");
    let headers: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let header = |name: &str| headers.iter().find(|(other, _)| other == name);
    let length = header("content-length").map_or(0, |(_, value)| value.parse().expect("digits"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let request = Seen {
        request,
        body: String::from_utf8_lossy(&body).into_owned(),
        headers,
    };
    Some((request, body))
}

/// What ksbuilder's recording was made with.
fn answer_to(request: &str, body: &[u8]) -> Option<Value> {
    let path = request.split(' ').nth(1)?;
    if path.ends_with("/user") {
        Some(json!({"user_id": "u-100"}))
    } else if path.ends_with("/usage") {
        Some(json!({"dir": "/u-100"}))
    } else if path.ends_with("/files") {
        let body = String::from_utf8_lossy(body);
        let files = body.matches("_path\"").count();
        let files =
            (0..files).map(|index| json!({"url": format!("https://files.example/{index}")}));
        Some(json!({"files": files.collect::<Vec<_>>()}))
    } else if path.contains("/package?") {
        Some(json!({"snapshot": {"snapshot_id": SNAPSHOT}}))
    } else if path.contains("/action:") {
        Some(json!({}))
    } else {
        None
    }
}

/// A program that is logged in to `url`.
fn logged_in(url: &str) -> Ksext {
    Ksext::new(env!("CARGO_BIN_EXE_ksext"))
        .env("KSEXT_TOKEN", KEY)
        .env("KSEXT_SERVER", url)
}

fn push(ksext: &Ksext, package: &PackageDir, args: &[&str]) -> Output {
    let ksext = ksext.clone().current_dir(package.path());
    ksext.args(["push", "--yes"]).args(args).run()
}

#[track_caller]
fn pushed(ksext: &Ksext, package: &PackageDir, args: &[&str]) -> Value {
    let output = push(ksext, package, &[args, &["--format", "json"]].concat());
    assert_eq!(output.code, Some(0), "{output}");
    serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {output}"))
}

fn recording() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/recorded/push.json"
    );
    let text = std::fs::read_to_string(path).expect("a recording");
    serde_json::from_str(&text).expect("JSON")
}

fn recorded_package(recording: &Value) -> PackageDir {
    let files = recording["package"].as_object().expect("files");
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str().expect("text")))
        .collect();
    PackageDir::new(&files)
}

/// The requests of our push beside those of ksbuilder's. What differs is what
/// `server/docs/decisions/0006-requests-of-a-push.md` lists, and each difference is named here.
#[test]
fn the_requests_are_ksbuilders_but_for_a_written_list() {
    let recording = recording();
    let package = recorded_package(&recording);
    let cloud = Recorder::start();
    let answer = pushed(&logged_in(&cloud.url()), &package, &[]);
    assert_eq!(answer["snapshotId"], SNAPSHOT);

    let mut ours = cloud.take();
    // 1: what is there of the version is asked before, and the state afterwards.
    let asks = |seen: &Seen| seen.request.ends_with("/extensions/demo/versions/1.0.0");
    assert!(asks(&ours[1]) && asks(&ours[ours.len() - 1]), "{ours:#?}");
    ours.retain(|seen| !asks(seen));

    let theirs = recording["requests"].as_array().expect("requests");
    assert_eq!(ours.len(), theirs.len(), "{ours:#?}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        let request = theirs["request"].as_str().expect("text");
        assert_eq!(ours.request, request);
        assert_eq!(
            headers_of(ours, &cloud),
            headers_recorded(theirs),
            "{request}"
        );
        let body = theirs["body"].as_str().expect("text");
        assert_eq!(body_of(ours), without_blanks(body), "{request}");
    }
}

/// The headers that are compared, sorted: 2: their order and letter case differ.
fn headers_of(seen: &Seen, cloud: &Recorder) -> Vec<(String, String)> {
    let mut headers = seen.headers.clone();
    // 3: who we are, and that any kind of answer is welcome.
    headers.retain(|(name, value)| match name.as_str() {
        "user-agent" => {
            assert!(value.starts_with("ksext/"), "{value}");
            false
        }
        "accept" => {
            assert_eq!(value, "*/*");
            false
        }
        _ => true,
    });
    for (_, value) in &mut headers {
        *value = value.replace(&cloud.address, "HOST").replace(KEY, "KEY");
    }
    comparable(headers)
}

fn headers_recorded(recorded: &Value) -> Vec<(String, String)> {
    let headers = recorded["headers"].as_array().expect("headers").iter();
    let headers = headers.map(|header| {
        let (name, value) = header.as_str()?.split_once(": ")?;
        Some((name.to_lowercase(), value.to_owned()))
    });
    let mut headers: Vec<_> = headers.map(|header| header.expect("a header")).collect();
    headers.retain(|(name, _)| name != "user-agent");
    comparable(headers)
}

/// Without the lengths of bodies, which are compared as they are; any boundary is as good as another.
fn comparable(mut headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers.retain(|(name, _)| name != "content-length");
    for (_, value) in &mut headers {
        if let Some((kind, _)) = value.split_once("boundary=") {
            *value = format!("{kind}boundary=B");
        }
    }
    headers.sort();
    headers
}

/// The body with boundary, time and archive as the recording has them.
fn body_of(seen: &Seen) -> String {
    let boundary = seen.headers.iter().find_map(|(_, value)| {
        let (_, boundary) = value.split_once("boundary=")?;
        Some(boundary.to_owned())
    });
    let Some(boundary) = boundary else {
        let Some((_, message)) = seen.body.split_once("\":\"") else {
            return seen.body.clone();
        };
        let (time, _) = message.split_once(' ').expect("a time");
        assert!((20..=25).contains(&time.len()), "{time}");
        return without_blanks(&seen.body.replace(time, "TIME"));
    };
    assert_eq!(boundary.len(), 60);
    let body = seen.body.replace(&boundary, "B");
    // 4: the archive holds the same entries, packed otherwise.
    match body.split_once("\u{1f}\u{fffd}") {
        Some((head, rest)) => {
            let end = rest.rfind("\r\n--B--").expect("an end");
            format!("{head}ARCHIVE{}", &rest[end..])
        }
        None => body,
    }
}

/// 5: JSON is written without the blank behind the colon.
fn without_blanks(body: &str) -> String {
    match body.starts_with('{') {
        true => body.replace("\": \"", "\":\""),
        false => body.to_owned(),
    }
}

#[test]
fn a_push_that_was_cut_off_says_what_it_goes_on_with() {
    let package = recorded_package(&recording());
    let cloud = Recorder::start();
    let ksext = logged_in(&cloud.url());
    cloud.breaks(Some(("/package?", Break::Close)));
    let output = push(&ksext, &package, &[]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(
        output
            .stderr
            .contains("so far: 3 of icon and screenshots, no package"),
        "{output}"
    );
    cloud.breaks(None);
    cloud.take();
    let output = push(&ksext, &package, &["--lang", "zh"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stderr.contains("3 个文件中已上传 3 个"), "{output}");
    let again = cloud.take();
    let files = again.iter().filter(|seen| seen.request.contains("/files"));
    assert_eq!(files.count(), 0, "{again:#?}");

    cloud.breaks(Some(("/package?", Break::Close)));
    push(&ksext, &package, &[]);
    cloud.breaks(None);
    cloud.take();
    let fresh = pushed(&ksext, &package, &["--fresh"]);
    assert_eq!(fresh["uploads"][0]["reused"], Value::Null);
    let again = cloud.take();
    let files = again.iter().filter(|seen| seen.request.ends_with("/files"));
    assert_eq!(files.count(), 2, "{again:#?}");
}

#[test]
fn no_key_is_kept_for_the_next_push() {
    let package = recorded_package(&recording());
    let cloud = Recorder::start();
    let ksext = logged_in(&cloud.url());
    cloud.breaks(Some(("/package?", Break::Close)));
    push(&ksext, &package, &[]);
    let mut folders = vec![ksext.home().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            files += 1;
            let text =
                String::from_utf8_lossy(&std::fs::read(entry.path()).expect("read")).into_owned();
            assert!(
                !text.contains(&KEY[8..]),
                "{}: {text}",
                entry.path().display()
            );
        }
    }
    assert!(files > 0, "something is kept");
}

#[test]
fn one_push_of_a_package_at_a_time_even_if_the_first_is_killed() {
    let package = recorded_package(&recording());
    // It accepts and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let ksext = logged_in(&format!("http://{address}")).current_dir(package.path());
    let mut first = ksext
        .clone()
        .args(["push", "--yes"])
        .command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    // It holds the lock once it speaks to the cloud.
    let _unanswered = silent.accept().expect("the first push");
    let second = push(&ksext, &package, &[]);
    first.kill().expect("it runs");
    first.wait().expect("it ended");
    assert_eq!(second.code, Some(3), "{second}");
    assert!(
        second.stderr.contains("another push of it is under way"),
        "{second}"
    );

    let cloud = Recorder::start();
    let third = ksext.env("KSEXT_SERVER", cloud.url());
    pushed(&third, &package, &[]);
}

#[test]
fn a_version_that_is_there_is_replaced_raised_or_left() {
    let recording = recording();
    let package = recorded_package(&recording);
    let sandbox = SandboxProcess::start(Ksext::new(env!("CARGO_BIN_EXE_ksext")), &[]);
    let ksext = logged_in(&sandbox.url());
    let first = pushed(&ksext, &package, &["--skip-existing"]);
    assert_eq!(first["skipped"], Value::Null);
    let left = pushed(&ksext, &package, &["--skip-existing"]);
    assert_eq!(
        (&left["skipped"], &left["status"], &left["snapshotId"]),
        (&json!(true), &json!("submitted"), &first["snapshotId"])
    );
    let output = push(&ksext, &package, &["--skip-existing"]);
    assert!(
        output
            .stdout
            .starts_with("did not push demo 1.0.0: it is there already"),
        "{output}"
    );
    let output = push(&ksext, &package, &[]);
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stderr.contains("replaces this version"), "{output}");

    let raised = pushed(&ksext, &package, &["--bump"]);
    assert_eq!(raised["name"], "demo");
    assert_eq!(raised["status"], "submitted");
    let manifest = recording["package"]["extension.yaml"]
        .as_str()
        .expect("text");
    assert_eq!(
        package.read("extension.yaml"),
        manifest.replace("1.0.0", "1.0.1")
    );
    // A draft is the author's own: it is replaced under its version.
    pushed(&ksext, &package, &["--bump", "--no-submit"]);
    assert!(package.read("extension.yaml").contains("1.0.2"));
    pushed(&ksext, &package, &["--bump"]);
    assert!(package.read("extension.yaml").contains("1.0.2"));
}

/// An editor whose user answers each question with the button that starts with `button`.
fn editor_with(sandbox: &SandboxProcess, button: &'static str) -> Editor {
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"))
        .env("KSEXT_TOKEN", KEY)
        .env("KSEXT_SERVER", sandbox.url());
    let responder = move |method: &str, params: &Value| match method {
        "window/showMessageRequest" => {
            let actions = params["actions"].as_array().expect("buttons");
            let wanted = actions.iter().find(|action| {
                action["title"]
                    .as_str()
                    .is_some_and(|it| it.starts_with(button))
            });
            Reply::Result(wanted.cloned().unwrap_or(Value::Null))
        }
        "workspace/applyEdit" => Reply::Result(json!({"applied": true})),
        _ => Reply::Result(Value::Null),
    };
    let mut capabilities = capable();
    capabilities["workspace"]["applyEdit"] = json!(true);
    let mut editor = Editor::start_with(&ksext, json!({"capabilities": capabilities}), responder);
    editor.open_manifest(MANIFEST);
    editor
}

fn execute(editor: &mut Editor, command: &str, argument: Value) -> Result<Value, Value> {
    let params = json!({"command": command, "arguments": [argument], "workDoneToken": "t"});
    editor.client.request("workspace/executeCommand", params)
}

#[test]
fn an_editor_shows_the_raised_version_for_its_author_to_save() {
    let sandbox = SandboxProcess::start(Ksext::new(env!("CARGO_BIN_EXE_ksext")), &[]);
    let mut editor = editor_with(&sandbox, "Raise");
    let uri = editor.uri.clone();
    let unasked = json!({"uri": uri, "confirm": false});
    execute(&mut editor, "ksext.push", unasked).expect("pushed");
    let error = execute(&mut editor, "ksext.push", json!({"uri": uri})).expect_err("to be saved");
    assert_eq!(error["data"]["kind"], "cancelled");
    let message = error["message"].as_str().expect("text");
    assert!(
        message.contains("`version` is now 0.1.1 in the editor"),
        "{message}"
    );
    let edit = editor.client.wait_server_request("workspace/applyEdit");
    let start = json!({"line": 2, "character": 9});
    let range = json!({"start": start, "end": {"line": 2, "character": 14}});
    assert_eq!(
        edit["edit"]["documentChanges"],
        json!([{
            "textDocument": {"uri": uri, "version": 1},
            "edits": [{"range": range, "newText": "0.1.1"}],
        }])
    );
    assert_eq!(editor.package.read("extension.yaml"), MANIFEST);
}

#[test]
fn an_editor_withdraws_what_is_submitted_and_pushes_it_again() {
    let sandbox = SandboxProcess::start(Ksext::new(env!("CARGO_BIN_EXE_ksext")), &[]);
    let mut editor = editor_with(&sandbox, "Withdraw");
    let uri = editor.uri.clone();
    let unasked = json!({"uri": uri, "confirm": false});
    execute(&mut editor, "ksext.push", unasked).expect("pushed");
    let answer = execute(&mut editor, "ksext.push", json!({"uri": uri})).expect("pushed again");
    assert_eq!(answer["status"], "submitted");
    let requests = sandbox.requests();
    let withdrawals = requests
        .iter()
        .filter(|it| it.ends_with("action:cancel-submit"));
    assert_eq!(withdrawals.count(), 1, "{requests:?}");
}

#[test]
fn a_push_in_the_background_shows_progress_of_its_own() {
    let sandbox = SandboxProcess::start(Ksext::new(env!("CARGO_BIN_EXE_ksext")), &[]);
    let mut editor = editor_with(&sandbox, "Push");
    let argument = json!({"uri": editor.uri, "background": true});
    let answer = execute(&mut editor, "ksext.push", argument).expect("started");
    assert_eq!(answer, json!({"started": true}));
    let created = editor
        .client
        .wait_server_request("window/workDoneProgress/create");
    editor.client.wait_notification("$/progress", |seen| {
        seen["value"]["kind"] == "end" && seen["token"] == created["token"]
    });
    let progress = editor.client.notifications("$/progress");
    assert!(
        progress
            .iter()
            .all(|seen| seen["token"] == created["token"]),
        "the request's own token is over: {progress:?}"
    );
}

#[test]
fn who_stops_a_push_inside_a_request_is_told_what_is_there() {
    let cloud = Recorder::start();
    cloud.breaks(Some(("/package?", Break::Hang)));
    let responder = |_: &str, _: &Value| Reply::Result(Value::Null);
    let initialize = json!({"capabilities": capable()});
    let mut editor = Editor::start_with(&logged_in(&cloud.url()), initialize, responder);
    editor.open_manifest(MANIFEST);
    let argument = json!({"uri": editor.uri, "confirm": false});
    let params = json!({"command": "ksext.push", "arguments": [argument], "workDoneToken": "t"});
    let request = editor
        .client
        .start_request("workspace/executeCommand", params);
    editor.client.wait_notification("$/progress", |seen| {
        let message = seen["value"]["message"].as_str().unwrap_or_default();
        message.starts_with("uploading the package")
    });
    editor
        .client
        .notify("window/workDoneProgress/cancel", json!({"token": "t"}));
    let error = editor.client.wait_response(request).expect_err("stopped");
    assert_eq!(error["data"]["kind"], "cancelled");
    let message = error["message"].as_str().expect("text");
    assert!(
        message.ends_with("so far: 1 of icon and screenshots, no package"),
        "{message}"
    );
}

#[test]
fn a_question_that_cannot_be_asked_is_told_as_that() {
    let sandbox = SandboxProcess::start(Ksext::new(env!("CARGO_BIN_EXE_ksext")), &[]);
    let ksext = logged_in(&sandbox.url());
    let responder = |method: &str, _: &Value| match method {
        "window/showMessageRequest" => Reply::refuse(),
        _ => Reply::Result(Value::Null),
    };
    let mut editor = Editor::start_with(&ksext, json!({"capabilities": capable()}), responder);
    editor.open_manifest(MANIFEST);
    editor.client.set_timeout(Duration::from_secs(30));
    let argument = json!({"uri": editor.uri});
    let error = execute(&mut editor, "ksext.push", argument).expect_err("not pushed");
    assert_eq!(error["data"]["kind"], "cancelled");
    editor
        .client
        .wait_notification("window/showMessage", |seen| {
            seen["message"]
                .as_str()
                .is_some_and(|text| text.contains("the editor cannot ask before it"))
        });
}
