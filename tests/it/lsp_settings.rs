//! The user's and the project's settings, as an editor brings them.

use ksext_test_support::{Ksext, Reply};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, capable, rules};

/// Has an unknown key.
fn manifest() -> String {
    format!("{MANIFEST}vendor: x\n")
}

fn with_options(options: &Value) -> Editor {
    let mut editor = Editor::start(json!({"capabilities": {}, "initializationOptions": options}));
    editor.open_manifest(&manifest());
    editor
}

#[test]
fn options_of_initialize_hold_the_section_with_or_without_its_name() {
    let off = json!({"rules": {"unknown-key": "off"}});
    assert_eq!(with_options(&off).found(), Vec::<Value>::new());
    assert_eq!(
        with_options(&json!({ "ksext": off })).found(),
        Vec::<Value>::new()
    );
    let error = with_options(&json!({"rules": {"unknown-key": "error"}})).found();
    assert_eq!(error[0]["severity"], 1);
}

#[test]
fn the_language_is_that_of_the_setting_or_else_of_the_editor() {
    let check = |initialize: Value, word: &str| {
        let mut editor = Editor::start(initialize);
        editor.open_manifest(&manifest());
        let found = editor.found();
        assert!(
            found[0]["message"].as_str().expect("a text").contains(word),
            "{found:?}"
        );
    };
    check(json!({"capabilities": {}}), "does not know");
    check(json!({"capabilities": {}, "locale": "zh-CN"}), "不认识");
    let options = json!({"lang": "zh"});
    check(
        json!({"capabilities": {}, "locale": "en", "initializationOptions": options}),
        "不认识",
    );
}

#[test]
fn a_client_that_can_be_asked_is_asked_again_when_settings_change() {
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
    let mut asked = 0;
    let answers = move |method: &str, params: &Value| {
        if method != "workspace/configuration" {
            return Reply::Result(Value::Null);
        }
        assert_eq!(params["items"], json!([{"section": "ksext"}]));
        asked += 1;
        let level = if asked == 1 { "hint" } else { "off" };
        Reply::Result(json!([{"rules": {"unknown-key": level}}]))
    };
    let mut editor = Editor::start_with(&ksext, json!({"capabilities": capable()}), answers);
    editor.open_manifest(&manifest());
    editor.found_when(|found| found.iter().any(|it| it["severity"] == 4));
    editor.client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": null}),
    );
    editor.found_when(<[Value]>::is_empty);
}

#[test]
fn a_client_that_cannot_be_asked_tells() {
    let editor = with_options(&json!({}));
    assert_eq!(rules(&editor.found()), ["unknown-key"]);
    let settings = json!({"ksext": {"rules.unknown-key": "off"}});
    editor.client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": settings}),
    );
    editor.found_when(<[Value]>::is_empty);
}

#[test]
fn a_lower_limit_makes_a_package_too_large() {
    let editor = with_options(&json!({"size": {"limit": 100}, "rules": {"unknown-key": "off"}}));
    let found = editor.found_when(|found| !found.is_empty());
    assert_eq!(rules(&found), ["package-too-large"]);
}

#[test]
fn a_wrong_setting_is_shown_once_and_the_others_count() {
    let options = json!({"lang": "fr", "rules": {"unknown-key": "off"}});
    let editor = with_options(&options);
    assert_eq!(editor.found(), Vec::<Value>::new());
    let wrong = json!({"ksext": {"lang": "fr", "size": {"limit": 5_000_000}}});
    editor.client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": wrong}),
    );
    let wrong = json!({"ksext": {"push": {"confirm": 3}}});
    editor.client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": wrong}),
    );
    editor
        .client
        .wait_notification("window/showMessage", |seen| {
            seen["message"]
                .as_str()
                .is_some_and(|text| text.contains("ksext.push.confirm"))
        });
    let shown = editor.client.notifications("window/showMessage");
    let about_lang = shown.iter().filter(|seen| {
        seen["message"]
            .as_str()
            .is_some_and(|text| text.contains("ksext.lang"))
    });
    assert_eq!(about_lang.count(), 1, "{shown:?}");
}

#[test]
fn a_project_sets_rules_and_language_while_the_editor_is_open() {
    let editor = with_options(&json!({}));
    assert_eq!(rules(&editor.found()), ["unknown-key"]);
    editor
        .package
        .write(".ksext.yaml", "lang: zh\nrules: {unknown-key: hint}\n");
    editor.changed_on_disk(&[".ksext.yaml"]);
    let found = editor.found_when(|found| found.iter().any(|it| it["severity"] == 4));
    assert!(
        found[0]["message"]
            .as_str()
            .expect("a text")
            .contains("不认识"),
        "{found:?}"
    );
    editor
        .package
        .write(".ksext.yaml", "rules: {unknown-key: off}\n");
    editor.changed_on_disk(&[".ksext.yaml"]);
    editor.found_when(<[Value]>::is_empty);
}

#[test]
fn a_project_that_sets_what_only_a_user_may_is_told_there_and_checked_all_the_same() {
    let mut editor = Editor::start(json!({"capabilities": {}}));
    editor
        .package
        .write(".ksext.yaml", "server: https://example.com\n");
    editor.open_manifest(&manifest());
    assert_eq!(rules(&editor.found()), ["unknown-key"]);
    let settings = editor.package.uri(".ksext.yaml");
    let published = editor
        .client
        .wait_notification("textDocument/publishDiagnostics", |seen| {
            seen["uri"] == *settings
        });
    let found = published.params["diagnostics"].as_array().expect("a list");
    assert_eq!(rules(found), ["project-settings"]);
    assert_eq!(found[0]["range"]["end"]["character"], 6);
}

#[test]
fn what_another_yaml_server_reports_too_is_left_to_it() {
    let twice = MANIFEST.replace("name: demo\n", "name: demo\nname: demo2\nvendor: x\n");
    for (other, expected) in [
        (false, &["duplicate-key", "unknown-key"][..]),
        (true, &["unknown-key"]),
    ] {
        let options = json!({"diagnostics": {"otherYamlServer": other}});
        let mut editor =
            Editor::start(json!({"capabilities": {}, "initializationOptions": options}));
        editor.open_manifest(&twice);
        assert_eq!(rules(&editor.found()), expected, "{other}");
    }
}
