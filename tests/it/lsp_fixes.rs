//! Code actions beyond the fix of one finding: all safe fixes, comments that silence, new files.

use ksext_test_support::range_of;
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, apply, capable, everywhere};

/// What editors can that make files.
fn creating() -> Value {
    let mut capabilities = capable();
    capabilities["workspace"]["workspaceEdit"]["resourceOperations"] = json!(["create", "rename"]);
    capabilities
}

/// The actions of these kinds in the whole manifest.
fn of_kinds(editor: &mut Editor, text: &str, only: Value) -> Vec<Value> {
    let context = json!({"diagnostics": [], "only": only});
    editor.actions(everywhere(text), context)
}

/// Two comments of no use, a guess, and a language that can only be meant one way.
fn untidy() -> String {
    let text = MANIFEST.replace("name: demo", "name: demo # ksext: ignore[missing-icon]");
    let text = text.replace("category", "categroy").replace('\n', "\r\n");
    format!("{text}# ksext: ignore[unknown-key]\r\nhome: https://example.com # 😀\r\n")
}

#[test]
fn all_safe_fixes_are_made_at_once_for_who_asks() {
    let text = untidy();
    let mut editor = Editor::open(capable(), &text);
    editor
        .client
        .wait_server_request("workspace/codeLens/refresh");
    for only in ["source.fixAll.ksext", "source.fixAll", "source"] {
        let actions = of_kinds(&mut editor, &text, json!([only]));
        assert_eq!(actions.len(), 1, "{only} {actions:?}");
        let action = &actions[0];
        assert_eq!(action["kind"], "source.fixAll.ksext");
        let change = &action["edit"]["documentChanges"][0];
        let document = json!({"uri": editor.uri, "version": 1});
        assert_eq!(change["textDocument"], document);
        let expected = text
            .replace(" # ksext: ignore[missing-icon]", "")
            .replace("# ksext: ignore[unknown-key]\r\n", "");
        assert_eq!(apply(&text, &change["edits"]), expected);
    }
    for only in ["source.fixAll.eslint", "source.organizeImports", "quickfix"] {
        let actions = of_kinds(&mut editor, &text, json!([only]));
        let kinds: Vec<_> = actions.iter().map(|action| &action["kind"]).collect();
        assert!(!kinds.contains(&&json!("source.fixAll.ksext")), "{kinds:?}");
    }
    let actions = editor.actions(everywhere(&text), json!({"diagnostics": []}));
    assert!(
        actions
            .iter()
            .all(|action| action["kind"] != "source.fixAll.ksext"),
        "{actions:?}"
    );
}

#[test]
fn nothing_to_fix_is_no_action() {
    let text = MANIFEST.replace("category", "categroy");
    let mut editor = Editor::open(capable(), &text);
    let actions = of_kinds(&mut editor, &text, json!(["source.fixAll"]));
    assert_eq!(actions, Vec::<Value>::new());
}

#[test]
fn a_safe_fix_is_preferred_and_a_comment_is_offered_behind_it() {
    let text = MANIFEST.replace("  en: Demo", "  en: 0x10 # 示例😀");
    let mut editor = Editor::open(capable(), &text);
    let context = json!({"diagnostics": [], "only": ["quickfix"]});
    let actions = editor.actions(range_of(&text, "0x10"), context);
    let shown: Vec<_> = actions
        .iter()
        .map(|action| (action["title"].as_str(), action["isPreferred"].as_bool()))
        .collect();
    let expected = [
        (Some("Quote `0x10`"), Some(true)),
        (Some("Ignore `changed-text` here"), None),
    ];
    assert_eq!(shown[..2], expected, "{actions:?}");
    let silenced = apply(&text, &actions[1]["edit"]["documentChanges"][0]["edits"]);
    let comment = "  # ksext: ignore[changed-text]\n  en: 0x10";
    assert_eq!(silenced, text.replace("  en: 0x10", comment));
    let found = editor.change(json!([{"text": silenced}]));
    assert!(
        found.iter().all(|it| it["code"] != "changed-text"),
        "{found:?}"
    );
}

/// The actions on a file under charts/ that keeps the package from being loaded.
fn actions_on_stray_file(capabilities: Value) -> (Editor, Vec<Value>) {
    let mut editor = Editor::start(json!({"capabilities": capabilities}));
    let text = "# 观测\n";
    editor.package.write("charts/README.md", text);
    editor.open_manifest(MANIFEST);
    let uri = editor.package.uri("charts/README.md");
    editor
        .client
        .wait_notification("textDocument/publishDiagnostics", |seen| {
            seen["uri"] == *uri && seen["diagnostics"][0]["code"] == "stray-chart-file"
        });
    editor.client.open(&uri, text);
    let params = json!({
        "textDocument": {"uri": uri}, "range": everywhere(text),
        "context": {"diagnostics": [], "only": ["quickfix"]},
    });
    let actions = editor.client.request("textDocument/codeAction", params);
    let actions = actions.expect("an answer").as_array().cloned();
    (editor, actions.unwrap_or_default())
}

#[test]
fn a_fix_makes_a_file_where_the_client_can() {
    let (editor, actions) = actions_on_stray_file(creating());
    assert_eq!(actions.len(), 1, "{actions:?}");
    let uri = editor.package.uri(".helmignore");
    let changes = &actions[0]["edit"]["documentChanges"];
    let create = json!({"kind": "create", "uri": uri, "options": {"ignoreIfExists": true}});
    assert_eq!(changes[0], create);
    assert_eq!(
        changes[1]["textDocument"],
        json!({"uri": uri, "version": null})
    );
    let edits = &changes[1]["edits"];
    assert_eq!(apply("", edits), "/charts/README.md\n");
}

#[test]
fn a_client_that_makes_no_files_is_offered_none() {
    for capabilities in [capable(), json!({})] {
        let (_, actions) = actions_on_stray_file(capabilities);
        assert_eq!(actions, Vec::<Value>::new());
    }
}

#[test]
fn findings_in_other_files_are_fixed_there() {
    let mut editor = Editor::start(json!({"capabilities": capable()}));
    let text = "# 注释\n# ksext: ignore[missing-icon]\nfrontend: {}\n";
    editor.package.write("values.yaml", text);
    let uri = editor.package.uri("values.yaml");
    editor.client.open(&uri, text);
    editor.open_manifest(MANIFEST);
    editor
        .client
        .wait_notification("textDocument/publishDiagnostics", |seen| {
            seen["uri"] == *uri && seen["diagnostics"][0]["code"] == "unused-suppression"
        });
    for only in ["quickfix", "source.fixAll"] {
        let params = json!({
            "textDocument": {"uri": uri}, "range": everywhere(text),
            "context": {"diagnostics": [], "only": [only]},
        });
        let actions = editor.client.request("textDocument/codeAction", params);
        let actions = actions.expect("an answer");
        let change = &actions[0]["edit"]["documentChanges"][0];
        assert_eq!(change["textDocument"], json!({"uri": uri, "version": 1}));
        let fixed = apply(text, &change["edits"]);
        assert_eq!(fixed, "# 注释\nfrontend: {}\n", "{only}");
    }
}
