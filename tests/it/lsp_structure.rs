//! What a manifest consists of: outline, folds, growing selections, through the real protocol.

use ksext_test_support::position_at;
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, capable};

fn ask(editor: &mut Editor, method: &str, more: Value) -> Value {
    let mut params = json!({"textDocument": {"uri": editor.uri}});
    for (key, value) in more.as_object().into_iter().flatten() {
        params[key] = value.clone();
    }
    editor.client.request(method, params).expect("an answer")
}

#[test]
fn the_outline_nests_for_clients_that_can_show_it() {
    let mut capabilities = capable();
    capabilities["textDocument"]["documentSymbol"] =
        json!({"hierarchicalDocumentSymbolSupport": true});
    let mut editor = Editor::open(capabilities, MANIFEST);
    let symbols = ask(&mut editor, "textDocument/documentSymbol", json!({}));
    let display = &symbols[3];
    assert_eq!(display["name"], "displayName");
    assert_eq!(
        display["children"][0],
        json!({
            "name": "zh", "detail": "观测😀", "kind": 15,
            // 😀 counts as two.
            "range": {"start": {"line": 4, "character": 2}, "end": {"line": 4, "character": 10}},
            "selectionRange": {"start": {"line": 4, "character": 2}, "end": {"line": 4, "character": 4}},
        })
    );
}

#[test]
fn the_outline_is_a_list_for_others() {
    let mut editor = Editor::open(capable(), MANIFEST);
    let symbols = ask(&mut editor, "textDocument/documentSymbol", json!({}));
    let symbols = symbols.as_array().expect("a list");
    let frontend = symbols
        .iter()
        .find(|symbol| symbol["name"] == "frontend")
        .expect("there");
    assert_eq!(frontend["containerName"], "dependencies");
    assert_eq!(frontend["location"]["uri"], editor.uri);
}

#[test]
fn blocks_fold_to_their_first_line() {
    let mut editor = Editor::open(capable(), MANIFEST);
    let folds = ask(&mut editor, "textDocument/foldingRange", json!({}));
    let lines: Vec<_> = folds
        .as_array()
        .expect("a list")
        .iter()
        .map(|fold| (fold["startLine"].as_u64(), fold["endLine"].as_u64()))
        .collect();
    let block = |start, end| (Some(start), Some(end));
    assert_eq!(
        lines,
        [block(3, 5), block(6, 8), block(11, 13), block(16, 17)]
    );
}

#[test]
fn a_selection_grows_to_value_entry_and_text() {
    let mut editor = Editor::open(capable(), MANIFEST);
    let at = position_at(MANIFEST, MANIFEST.find("frontend").expect("there"));
    let answer = ask(
        &mut editor,
        "textDocument/selectionRange",
        json!({"positions": [at]}),
    );
    let mut lines = Vec::new();
    let mut range = &answer[0];
    while range.is_object() {
        let (start, end) = (&range["range"]["start"], &range["range"]["end"]);
        lines.push(json!([
            start["line"],
            start["character"],
            end["line"],
            end["character"]
        ]));
        range = &range["parent"];
    }
    assert_eq!(
        json!(lines),
        json!([
            [17, 10, 17, 18],
            [17, 4, 17, 18],
            [17, 2, 17, 18],
            [16, 0, 17, 18],
            [0, 0, 17, 18],
            [0, 0, 18, 0],
        ])
    );
}

#[test]
fn what_is_not_ours_has_no_structure_either() {
    let mut editor = Editor::open(capable(), "name: firebase\nspecVersion: v1beta\n");
    for (method, more) in [
        ("textDocument/documentSymbol", json!({})),
        ("textDocument/foldingRange", json!({})),
        (
            "textDocument/selectionRange",
            json!({"positions": [{"line": 0, "character": 1}]}),
        ),
    ] {
        assert_eq!(ask(&mut editor, method, more), Value::Null, "{method}");
    }
}
