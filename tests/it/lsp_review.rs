//! Following the review in an editor: lens, hint, hover and messages, against a sandbox.

use ksext_test_support::{
    KEY, Ksext, PackageDir, Reply, SandboxProcess, eventually, position_of, range_of,
};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, FILES, MANIFEST, capable, everywhere};

/// An editor with a package, and a cloud.
struct Desk {
    editor: Editor,
    sandbox: SandboxProcess,
    ksext: Ksext,
}

/// An editor of `ksext`'s user with the package open.
fn editor(ksext: &Ksext, server: &str, locale: &str, status: &Value) -> Editor {
    let mut capabilities = capable();
    capabilities["workspace"]["inlayHint"] = json!({"refreshSupport": true});
    let initialize = json!({
        "capabilities": capabilities, "locale": locale,
        "initializationOptions": {"server": server, "push": {"confirm": false}, "status": status},
    });
    let mut editor = Editor::start_with(ksext, initialize, |_, _| Reply::Result(Value::Null));
    editor.open_manifest(MANIFEST);
    editor.found();
    editor
}

impl Desk {
    /// Reviews are asked about often, so that no test waits.
    fn new() -> Self {
        Self::with("en", &json!({"poll": 0.05}))
    }

    fn with(locale: &str, status: &Value) -> Self {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
        let sandbox = SandboxProcess::start(ksext.clone(), &[]);
        let editor = editor(&ksext, &sandbox.url(), locale, status);
        Self {
            editor,
            sandbox,
            ksext,
        }
    }

    fn logged_in(mut self) -> Self {
        self.run("ksext.login", json!({"token": KEY}));
        self
    }

    #[track_caller]
    fn run(&mut self, command: &str, argument: Value) -> Value {
        run(&mut self.editor, command, argument).unwrap_or_else(|error| panic!("refused: {error}"))
    }

    /// Pushes the open package, and answers the snapshot's id.
    #[track_caller]
    fn push(&mut self) -> String {
        let argument = json!({"uri": self.editor.uri});
        let pushed = self.run("ksext.push", argument);
        pushed["snapshotId"].as_str().expect("an id").to_owned()
    }

    /// Waits for a message.
    #[track_caller]
    fn told(&self, typ: i64, text: &str) {
        self.editor
            .client
            .wait_notification("window/showMessage", |seen| {
                seen["type"] == typ && seen["message"] == text
            });
    }

    fn messages(&self) -> Vec<Value> {
        self.editor.client.notifications("window/showMessage")
    }

    /// How often the versions of an extension were asked for.
    fn questions(&self, name: &str) -> usize {
        let wanted = format!("GET /apis/extension/v1/extensions/{name}/snapshots");
        let requests = self.sandbox.requests();
        requests.iter().filter(|seen| **seen == wanted).count()
    }
}

fn run(editor: &mut Editor, command: &str, argument: Value) -> Result<Value, Value> {
    let params = json!({"command": command, "arguments": [argument]});
    editor.client.request("workspace/executeCommand", params)
}

/// The lenses at `version`, by title.
#[track_caller]
fn lenses(editor: &mut Editor) -> Vec<String> {
    let line = position_of(MANIFEST, "0.1.0")["line"].clone();
    let lenses = editor.lenses();
    let lenses = lenses.as_array().expect("lenses").iter();
    lenses
        .filter(|lens| lens["range"]["start"]["line"] == line)
        .map(|lens| {
            lens["command"]["title"]
                .as_str()
                .expect("a title")
                .to_owned()
        })
        .collect()
}

/// The hints of the manifest, as label and position.
#[track_caller]
fn hints(editor: &mut Editor) -> Vec<(Value, Value)> {
    let params = json!({"textDocument": {"uri": editor.uri}, "range": everywhere(MANIFEST)});
    let answer = editor.client.request("textDocument/inlayHint", params);
    let answer = answer.expect("an answer");
    let hints = answer.as_array().cloned().unwrap_or_default();
    let hints = hints.into_iter();
    hints
        .map(|hint| (hint["label"].clone(), hint["position"].clone()))
        .collect()
}

#[track_caller]
fn hover(editor: &mut Editor) -> String {
    let hover = editor.hover(position_of(MANIFEST, "0.1.0"));
    hover["contents"]["value"]
        .as_str()
        .expect("a text")
        .to_owned()
}

#[test]
fn the_decision_is_told_once_and_shown_at_the_version() {
    let mut desk = Desk::new().logged_in();
    let snapshot = desk.push();
    assert_eq!(
        lenses(&mut desk.editor),
        ["0.1.0 submitted just now", "Withdraw from review"]
    );
    let end = json!({"line": 2, "character": 14});
    assert_eq!(
        hints(&mut desk.editor),
        [(json!("submitted just now"), end.clone())]
    );
    desk.sandbox.decide(&snapshot, "approve", "");
    desk.told(3, "demo 0.1.0 is active now");
    assert_eq!(lenses(&mut desk.editor), ["0.1.0 active"]);
    assert_eq!(hints(&mut desk.editor), [(json!("active"), end)]);
    desk.editor
        .client
        .wait_server_request("workspace/codeLens/refresh");
    desk.editor
        .client
        .wait_server_request("workspace/inlayHint/refresh");
    let titles = desk.editor.lenses().to_string();
    assert!(
        titles.contains("Push again: 0.1.0 is already active"),
        "{titles}"
    );

    let hover = hover(&mut desk.editor);
    let url = desk.sandbox.url();
    for part in [
        "demo 0.1.0: active",
        "Status: ready · Latest version: 0.1.0",
        "| Snapshot ID | Version | Status | Update time | |",
        &format!("| {snapshot} | 0.1.0 | active | "),
        &format!("Heard from {url} just now."),
    ] {
        assert!(hover.contains(part), "{part} is not in: {hover}");
    }
    let mut about = desk.messages();
    about.retain(|seen| {
        seen["message"]
            .as_str()
            .is_some_and(|text| text.contains("is active"))
    });
    assert_eq!(about.len(), 1, "{about:?}");
}

#[test]
fn a_refusal_is_told_with_the_words_of_the_review_in_the_users_language() {
    let mut desk = Desk::with("zh-cn", &json!({"poll": 0.05})).logged_in();
    let snapshot = desk.push();
    assert_eq!(lenses(&mut desk.editor)[0], "0.1.0 审核中 · 刚刚");
    desk.sandbox.decide(&snapshot, "reject", "图标太小");
    desk.told(2, "demo 0.1.0 现在的状态：已驳回。图标太小");
    assert_eq!(lenses(&mut desk.editor), ["0.1.0 已驳回 · 刚刚"]);
    assert!(hover(&mut desk.editor).contains("| 图标太小 |"));
}

#[test]
fn what_was_never_pushed_says_so_after_a_login() {
    let mut desk = Desk::new().logged_in();
    desk.editor
        .client
        .wait_server_request("workspace/inlayHint/refresh");
    // The first question is asked beside the login's answer.
    eventually(|| match hints(&mut desk.editor) {
        hints if hints.is_empty() => Err("no hint"),
        _ => Ok(()),
    });
    assert_eq!(lenses(&mut desk.editor), ["0.1.0 not pushed yet"]);
    assert!(hover(&mut desk.editor).contains("demo 0.1.0 is not pushed yet."));
}

#[test]
fn withdrawing_changes_the_lens_at_once_and_tells_nothing_else() {
    let mut desk = Desk::new().logged_in();
    desk.push();
    let argument = json!({"uri": desk.editor.uri});
    desk.run("ksext.unpush", argument.clone());
    assert_eq!(lenses(&mut desk.editor), ["0.1.0 draft just now"]);
    let submitted = desk.run("ksext.submit", argument);
    assert_eq!(lenses(&mut desk.editor)[0], "0.1.0 submitted just now");
    desk.sandbox.decide(
        submitted["snapshotId"].as_str().expect("an id"),
        "approve",
        "",
    );
    desk.told(3, "demo 0.1.0 is active now");
    let all = desk.messages();
    assert!(
        !all.iter()
            .any(|seen| seen.to_string().contains("is draft now")),
        "{all:?}"
    );
}

/// The titles of the quick fixes at `version`.
#[track_caller]
fn fixes(editor: &mut Editor) -> Vec<String> {
    let context = json!({"diagnostics": [], "only": ["quickfix"]});
    let actions = editor.actions(range_of(MANIFEST, "0.1.0"), context);
    let titles = actions.iter().map(|action| &action["title"]);
    titles
        .map(|title| title.as_str().expect("a title").to_owned())
        .collect()
}

#[test]
fn a_version_that_is_taken_can_be_raised() {
    let mut desk = Desk::new().logged_in();
    assert_eq!(fixes(&mut desk.editor), [""; 0]);
    desk.push();
    assert_eq!(fixes(&mut desk.editor), ["Raise `version` to `0.1.1`"]);
    let text = MANIFEST.replace("0.1.0", "0.1.1");
    desk.editor.change(json!([{"text": text}]));
    assert_eq!(fixes(&mut desk.editor), [""; 0]);
    assert_eq!(lenses(&mut desk.editor), ["0.1.1 not pushed yet"]);
}

#[test]
fn nothing_is_asked_before_a_person_has_asked() {
    let desk = Desk::new();
    let url = desk.sandbox.url();
    let output = desk.sandbox.log_in(&desk.ksext, KEY);
    assert_eq!(output.code, Some(0), "{output}");
    let before = desk.sandbox.requests();
    let mut editor = editor(&desk.ksext, &url, "en", &json!({"poll": 0.05}));
    assert_eq!(lenses(&mut editor), ["Show review status"]);
    assert_eq!(hints(&mut editor), []);
    assert!(!hover(&mut editor).contains("Heard from"));
    assert_eq!(desk.sandbox.requests(), before);
    let uri = json!({"uri": editor.uri});
    let error = run(&mut editor, "ksext.status", uri).expect_err("refused");
    assert_eq!(error["data"]["kind"], "not-found");
}

#[test]
fn offline_the_last_known_is_shown() {
    let mut desk = Desk::new().logged_in();
    desk.push();
    let argument = json!({"uri": desk.editor.uri});
    desk.run("ksext.status", argument);
    let url = desk.sandbox.url();
    drop(desk.sandbox);
    // Another session, of which nobody has asked anything.
    let mut editor = editor(&desk.ksext, &url, "en", &json!({"poll": 0.05}));
    assert_eq!(lenses(&mut editor)[0], "0.1.0 submitted just now");
    let text = hover(&mut editor);
    assert!(
        text.contains(&format!("Heard from {url} just now.")),
        "{text}"
    );
    let uri = json!({"uri": editor.uri});
    let error = run(&mut editor, "ksext.status", uri).expect_err("refused");
    assert_eq!(error["data"]["kind"], "network", "{error}");
    assert_eq!(lenses(&mut editor)[0], "0.1.0 submitted just now");
    // The session that polls says why it knows nothing newer.
    eventually(|| match hover(&mut desk.editor) {
        shown if shown.contains("Since then: ") => Ok(()),
        shown => Err(shown),
    });
}

#[test]
fn each_open_package_is_followed() {
    let mut desk = Desk::new().logged_in();
    let first = desk.push();
    let other = PackageDir::new(&FILES);
    let manifest = MANIFEST.replace("name: demo", "name: other");
    other.write("extension.yaml", &manifest);
    let uri = other.uri("extension.yaml");
    desk.editor.client.open(&uri, &manifest);
    let pushed = desk.run("ksext.push", json!({"uri": uri}));
    let second = pushed["snapshotId"].as_str().expect("an id").to_owned();
    desk.sandbox.decide(&second, "approve", "");
    desk.told(3, "other 0.1.0 is active now");
    assert_eq!(lenses(&mut desk.editor)[0], "0.1.0 submitted just now");
    desk.sandbox.decide(&first, "approve", "");
    desk.told(3, "demo 0.1.0 is active now");
}

#[test]
fn polling_and_the_hint_can_be_turned_off() {
    let settings = json!({"poll": "off", "hint": false});
    let mut desk = Desk::with("en", &settings).logged_in();
    let snapshot = desk.push();
    desk.sandbox.decide(&snapshot, "approve", "");
    for _ in 0..3 {
        desk.run("ksext.list", json!({}));
    }
    assert_eq!(desk.questions("demo"), 0);
    assert_eq!(lenses(&mut desk.editor)[0], "0.1.0 submitted just now");
    assert_eq!(hints(&mut desk.editor), []);
    let argument = json!({"uri": desk.editor.uri});
    desk.run("ksext.status", argument);
    assert_eq!(lenses(&mut desk.editor), ["0.1.0 active"]);
}

#[test]
fn a_diff_is_a_command_of_the_editor_too() {
    let mut desk = Desk::new().logged_in();
    desk.push();
    desk.editor
        .change(json!([{"text": MANIFEST.replace("0.1.0", "0.2.0")}]));
    let argument = json!({"uri": desk.editor.uri});
    let answer = desk.run("ksext.diff", argument);
    assert_eq!(answer["against"]["version"], "0.1.0");
    let diff = answer["files"][0]["diff"].as_str().expect("a diff");
    assert!(
        diff.contains("-version: 0.1.0\n+version: 0.2.0\n"),
        "{diff}"
    );
}
