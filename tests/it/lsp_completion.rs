//! Completion through the protocol: what clients of different abilities get, and what a text is after
//! they took it.

use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST};

/// A unit in which columns are counted, and how long a text is in it.
type Unit = (&'static str, fn(&str) -> usize);

const UTF_8: Unit = ("utf-8", str::len);
const UTF_16: Unit = ("utf-16", |text| text.encode_utf16().count());
const UTF_32: Unit = ("utf-32", |text| text.chars().count());

/// What an editor of today can do with proposals.
fn everything() -> Value {
    json!({"textDocument": {"completion": {
        "completionItem": {
            "snippetSupport": true,
            "insertReplaceSupport": true,
            "labelDetailsSupport": true,
            "preselectSupport": true,
            "documentationFormat": ["markdown", "plaintext"],
            "resolveSupport": {"properties": ["documentation", "detail"]},
            "insertTextModeSupport": {"valueSet": [1, 2]},
        },
    }}})
}

/// Asks at the `|` of a text that is opened as `uri`; the answer and the text without the mark.
#[track_caller]
fn ask(
    editor: &mut Editor,
    uri: &str,
    marked: &str,
    unit: Unit,
    context: Value,
) -> (Value, String) {
    let text = marked.replacen('|', "", 1);
    editor.client.open(uri, &text);
    let before = marked.split('|').next().expect("a cursor");
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let position = json!({"line": line, "character": unit.1(&before[start..])});
    let params = json!({"textDocument": {"uri": uri}, "position": position, "context": context});
    let answer = editor.client.request("textDocument/completion", params);
    (answer.expect("an answer"), text)
}

#[track_caller]
fn propose(editor: &mut Editor, marked: &str, unit: Unit) -> (Vec<Value>, String) {
    let uri = editor.uri.clone();
    let (answer, text) = ask(editor, &uri, marked, unit, json!({"triggerKind": 1}));
    assert_eq!(answer["isIncomplete"], false, "{answer}");
    (answer["items"].as_array().expect("items").clone(), text)
}

fn labels(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["label"].as_str().expect("a label"))
        .collect()
}

#[track_caller]
fn item<'i>(items: &'i [Value], label: &str) -> &'i Value {
    let found = items.iter().find(|item| item["label"] == label);
    found.unwrap_or_else(|| panic!("no {label} in {:?}", labels(items)))
}

/// `text` after `newText` took the place of `range`.
fn edited(text: &str, range: &Value, new_text: &Value, unit: Unit) -> String {
    let offset = |position: &Value| {
        let line = position["line"].as_u64().expect("a line");
        let start: usize = text
            .split_inclusive('\n')
            .take(line as usize)
            .map(str::len)
            .sum();
        let column = position["character"].as_u64().expect("a column") as usize;
        let ends = text[start..]
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len() - start]);
        let mut ends = ends.filter(|&at| unit.1(&text[start..start + at]) == column);
        start + ends.next().expect("a place")
    };
    let new_text = new_text.as_str().expect("a text");
    format!(
        "{}{new_text}{}",
        &text[..offset(&range["start"])],
        &text[offset(&range["end"])..]
    )
}

#[test]
fn a_client_without_abilities_gets_texts_that_fit_as_they_are() {
    let mut editor = Editor::open(json!({}), MANIFEST);
    let marked = MANIFEST.replace("category: dev-tools\n", "cat|\n");
    let (items, text) = propose(&mut editor, &marked, UTF_16);
    assert_eq!(labels(&items)[0], "category");
    let category = &items[0];
    let edit = &category["textEdit"];
    assert_eq!(
        edited(&text, &edit["range"], &edit["newText"], UTF_16),
        MANIFEST.replace("category: dev-tools\n", "category: \n")
    );
    assert_eq!(category["detail"], "Category · required");
    assert_eq!(category["documentation"]["kind"], "plaintext");
    for absent in [
        "insertTextFormat",
        "insertTextMode",
        "labelDetails",
        "preselect",
        "data",
        "commitCharacters",
    ] {
        assert_eq!(category.get(absent), None, "{category}");
    }
    let keywords = &item(&items, "keywords")["textEdit"]["newText"];
    assert_eq!(*keywords, "keywords:\n  - ");
}

#[test]
fn a_client_with_all_abilities_gets_snippets_ranges_and_documentation_on_demand() {
    let mut editor = Editor::start(json!({"capabilities": everything(), "locale": "zh-cn"}));
    editor.open_manifest(MANIFEST);
    let marked = MANIFEST.replace("  - name: frontend\n", "  - name: frontend\n    ta|xx\n");
    let (items, text) = propose(&mut editor, &marked, UTF_16);
    let tags = item(&items, "tags");
    let edit = &tags["textEdit"];
    assert_eq!(edit["newText"], "tags:\n      - ${1|extension,agent|}");
    assert_eq!(
        (&tags["insertTextFormat"], &tags["insertTextMode"]),
        (&json!(2), &json!(1))
    );
    for (range, rest) in [("insert", "xx"), ("replace", "")] {
        let after = edited(&text, &edit[range], &json!("tags"), UTF_16);
        assert!(after.ends_with(&format!("\n    tags{rest}\n")), "{after}");
    }
    assert_eq!(tags["labelDetails"]["description"], "标签");
    assert_eq!(tags.get("documentation"), None);
    let resolved = editor
        .client
        .request("completionItem/resolve", tags.clone());
    let resolved = resolved.expect("an item");
    assert_eq!(resolved["documentation"]["kind"], "markdown");
    let words = resolved["documentation"]["value"].as_str().expect("a text");
    assert!(words.contains("KubeSphere") && !words.is_ascii(), "{words}");
    assert_eq!(resolved["textEdit"], tags["textEdit"]);
}

#[test]
fn an_editor_that_indents_snippets_itself_gets_them_without() {
    let mut capabilities = everything();
    capabilities["textDocument"]["completion"]["completionItem"]["insertTextModeSupport"] =
        json!(null);
    let mut editor = Editor::open(capabilities, MANIFEST);
    let marked = MANIFEST.replace("  - name: frontend\n", "  - name: frontend\n    |\n");
    let (items, _) = propose(&mut editor, &marked, UTF_16);
    assert_eq!(
        item(&items, "tags")["textEdit"]["newText"],
        "tags:\n  - ${1|extension,agent|}"
    );
}

#[test]
fn columns_are_counted_as_agreed() {
    for unit in [UTF_8, UTF_16, UTF_32] {
        let mut capabilities = everything();
        capabilities["general"] = json!({"positionEncodings": [unit.0]});
        let mut editor = Editor::open(capabilities, MANIFEST);
        let marked = "displayName: {zh: 观测😀, f|x: 观}\r\ncategory: a\r\n";
        let (items, text) = propose(&mut editor, marked, unit);
        let edit = &item(&items, "fr")["textEdit"];
        assert_eq!(
            edited(&text, &edit["replace"], &edit["newText"], unit),
            "displayName: {zh: 观测😀, fr: 观}\r\ncategory: a\r\n",
            "{}",
            unit.0
        );
    }
}

#[test]
fn values_come_from_the_package() {
    let mut editor = Editor::open(everything(), MANIFEST);
    for (from, marked, label, to) in [
        (
            "icon: ./static/图标.svg",
            "icon: ./|",
            "./static/图标.svg",
            "icon: ./static/图标.svg",
        ),
        ("- name: frontend", "- |", "frontend", "- name: frontend"),
        (
            "staticFileDirectory: static",
            "staticFileDirectory:|",
            "./static",
            "staticFileDirectory: ./static",
        ),
        (
            "category: dev-tools",
            "category: '|'",
            "storage",
            "category: 'storage'",
        ),
    ] {
        let (items, text) = propose(&mut editor, &MANIFEST.replace(from, marked), UTF_16);
        let found = item(&items, label);
        let edit = &found["textEdit"];
        assert_eq!(
            edited(&text, &edit["replace"], &edit["newText"], UTF_16),
            MANIFEST.replace(from, to)
        );
    }
    let (items, _) = propose(
        &mut editor,
        &MANIFEST.replace("category: dev-tools", "category: |"),
        UTF_16,
    );
    let networking = item(&items, "networking");
    assert_eq!(
        networking["labelDetails"]["description"],
        "Networking · 网络"
    );
    assert_eq!(networking["sortText"], "0005");
}

#[test]
fn other_open_packages_are_proposed_as_dependencies() {
    let mut editor = Editor::open(everything(), MANIFEST);
    let other = MANIFEST.replace("name: demo\n", "name: other\n");
    editor.package.write("nested/extension.yaml", &other);
    let uri = editor.package.uri("nested/extension.yaml");
    editor.client.open(&uri, &other);
    let published = |params: &Value| params["uri"] == uri.as_str();
    editor
        .client
        .wait_notification("textDocument/publishDiagnostics", published);
    let marked = format!("{MANIFEST}externalDependencies:\n  - |\n");
    let (items, text) = propose(&mut editor, &marked, UTF_16);
    let found = &item(&items, "other")["textEdit"];
    let after = edited(&text, &found["replace"], &found["newText"], UTF_16);
    let entry =
        "  - name: other\n    type: extension\n    version: '>=0.1.0'\n    required: true\n";
    assert!(after.ends_with(entry), "{after}");
}

#[test]
fn an_empty_file_is_filled_with_a_manifest_without_errors() {
    let mut editor = Editor::start(json!({"capabilities": {}}));
    let (items, text) = propose(&mut editor, "|", UTF_16);
    assert_eq!(labels(&items)[0], "extension.yaml");
    let edit = &items[0]["textEdit"];
    let after = edited(&text, &edit["range"], &edit["newText"], UTF_16);
    editor.open_manifest(&after);
    let found = editor.found_when(|found| !found.iter().any(|it| it["code"] == "missing-required"));
    let errors: Vec<_> = found.iter().filter(|it| it["severity"] == 1).collect();
    assert!(errors.is_empty(), "{after}{errors:?}");
}

#[test]
fn nothing_is_proposed_where_nothing_was_asked_for() {
    let mut editor = Editor::open(everything(), MANIFEST);
    let uri = editor.uri.clone();
    for marked in [
        "  |",
        "description:\n  en: Some |\n",
        "name: a # see |\n",
        "displayName: |\n",
    ] {
        let marked = format!("category: storage\n{marked}");
        let context = json!({"triggerKind": 2, "triggerCharacter": " "});
        let (answer, _) = ask(&mut editor, &uri, &marked, UTF_16, context);
        assert_eq!(answer, Value::Null, "{marked}");
    }
    // Somebody else's file.
    let foreign = editor.package.uri("templates/extension.yaml");
    let (answer, _) = ask(
        &mut editor,
        &foreign,
        "specVersion: v1beta\nbilling|: a\n",
        UTF_16,
        Value::Null,
    );
    assert_eq!(answer, Value::Null);
}

#[test]
fn a_settings_file_is_completed_too() {
    let mut editor = Editor::start(json!({"capabilities": everything()}));
    let uri = editor.package.uri(".ksext.yaml");
    let (answer, _) = ask(
        &mut editor,
        &uri,
        "rules:\n  missing-icon: |\n",
        UTF_16,
        Value::Null,
    );
    let items = answer["items"].as_array().expect("items");
    assert_eq!(
        labels(items),
        ["off", "error", "warning", "information", "hint"]
    );
    let (answer, _) = ask(&mut editor, &uri, "r|", UTF_16, Value::Null);
    let items = answer["items"].as_array().expect("items");
    assert_eq!(labels(items), ["lang", "ruleSet", "rules", "size"]);
    let resolved = editor
        .client
        .request("completionItem/resolve", items[1].clone());
    assert!(resolved.expect("an item")["documentation"]["value"].is_string());
}
