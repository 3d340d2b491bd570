//! Refactorings through the real protocol: offered where they apply, made when they are chosen.

use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, apply, capable};

fn able(properties: &[&str]) -> Value {
    let mut capabilities = capable();
    capabilities["workspace"]["workspaceEdit"] = json!({
        "documentChanges": true,
        "resourceOperations": ["create"],
        "changeAnnotationSupport": {},
    });
    let action = &mut capabilities["textDocument"]["codeAction"];
    action["dataSupport"] = json!(true);
    action["resolveSupport"] = json!({ "properties": properties });
    capabilities
}

fn refactors(editor: &mut Editor, line: u32) -> Vec<Value> {
    let at = json!({"line": line, "character": 1});
    let range = json!({"start": at, "end": at});
    editor.actions(range, json!({"diagnostics": [], "only": ["refactor"]}))
}

/// A manifest whose keys are out of order, and which speaks one language.
fn unordered() -> String {
    let only_english = MANIFEST
        .replace("  zh: 观测😀\n", "")
        .replace("  zh: 最小的扩展组件。\n", "")
        .replace("  zh: {name: 示例公司}\n", "");
    only_english.replace(
        "name: demo\nversion: 0.1.0\n",
        "version: 0.1.0\nname: demo\n",
    )
}

#[test]
fn the_edits_come_when_an_action_is_chosen() {
    let text = unordered();
    let mut editor = Editor::open(able(&["edit"]), &text);
    let actions = refactors(&mut editor, 1);
    let [bump, action] = &actions[..] else {
        panic!("{actions:?}");
    };
    assert_eq!(bump["title"], "Raise `version` to `0.1.1`");
    assert_eq!(action["title"], "Put the keys into the documented order");
    assert_eq!(action["kind"], "refactor.rewrite");
    assert_eq!(action["edit"], Value::Null);
    let resolved = editor.client.request("codeAction/resolve", action.clone());
    let resolved = resolved.expect("resolved");
    let document = &resolved["edit"]["documentChanges"][0];
    assert_eq!(
        document["textDocument"],
        json!({"uri": editor.uri, "version": 1})
    );
    let after = apply(&text, &document["edits"]);
    assert_eq!(
        after,
        text.replace(
            "version: 0.1.0\nname: demo\n",
            "name: demo\nversion: 0.1.0\n"
        )
    );
}

#[test]
fn an_action_for_a_text_that_has_changed_is_refused() {
    let mut editor = Editor::open(able(&["edit"]), &unordered());
    let action = refactors(&mut editor, 1).remove(0);
    editor.change(json!([{"text": MANIFEST}]));
    let refused = editor.client.request("codeAction/resolve", action);
    // LSP 3.17, `ErrorCodes.ContentModified`.
    assert_eq!(refused.expect_err("refused")["code"], -32801);
}

#[test]
fn a_language_comes_with_its_files_once_the_user_says_yes() {
    let text = unordered();
    let mut editor = Editor::open(able(&[]), &text);
    editor.package.remove("README_zh.md");
    let actions = refactors(&mut editor, 3);
    let action = actions.iter().find(|action| {
        action["title"]
            .as_str()
            .is_some_and(|title| title.contains("`zh`"))
    });
    let edit = &action.expect("offered")["edit"];
    let changes = edit["documentChanges"].as_array().expect("changes");
    let created: Vec<_> = changes
        .iter()
        .filter(|change| change["kind"] == "create")
        .collect();
    let [created] = &created[..] else {
        panic!("{edit}");
    };
    assert_eq!(created["uri"], editor.package.uri("README_zh.md"));
    let annotation = created["annotationId"].as_str().expect("annotated");
    assert_eq!(
        edit["changeAnnotations"][annotation]["needsConfirmation"],
        true
    );
}

#[test]
fn a_client_that_cannot_make_files_is_not_offered_any() {
    let mut editor = Editor::open(capable(), &unordered());
    editor.package.remove("README_zh.md");
    assert_eq!(
        refactors(&mut editor, 3).len(),
        1,
        "the order of keys alone"
    );
}
