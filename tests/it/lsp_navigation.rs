//! From a place to what it names, and to all that names the same: definition, references, highlights,
//! links and hovers, in the manifest and in the files beside it.

use ksext_test_support::{position_of, range_of};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, capable};

/// Two charts, a picture and a condition.
const MANIFEST: &str = "\
apiVersion: kubesphere.io/v1alpha1\r
name: demo\r
version: 0.1.0\r
displayName: {zh: 观测😀, en: Demo}\r
description: {zh: 示例。, en: An example.}\r
category: dev-tools\r
ksVersion: \">=4.1.0-0\"\r
home: https://example.com/主页\r
provider: {zh: {name: 示例公司}, en: {name: Example}}\r
staticFileDirectory: static\r
icon: './static/图标.svg'\r
dependencies:\r
  - name: \"frontend\"\r
    condition: 前端.on,frontend.enabled # 😀\r
";

const VALUES: &str = "# 😀 值\nfrontend: {enabled: true}\n";
const README: &str = "# 示例 😀\n\n😀![图](static/%E5%9B%BE%E6%A0%87.svg)\n";
const CHART: &str =
    "apiVersion: v2\nname: frontend\nversion: 0.1.0\nappVersion: v9\ndescription: 前端\n";

/// An editor that shows links, with the package above.
fn editor(capabilities: Value) -> Editor {
    let mut editor = Editor::start(json!({"capabilities": capabilities}));
    editor.package.write("values.yaml", VALUES);
    editor.package.write("README.md", README);
    editor.package.write("charts/frontend/Chart.yaml", CHART);
    editor.open_manifest(MANIFEST);
    editor
}

fn able() -> Value {
    let mut able = capable();
    able["textDocument"]["definition"] = json!({"linkSupport": true});
    able["textDocument"]["documentLink"] = json!({"tooltipSupport": true});
    able
}

/// Asks about a place in a file that is open.
#[track_caller]
fn ask(editor: &mut Editor, method: &str, file: &str, position: &Value) -> Value {
    let uri = editor.package.uri(file);
    let params = json!({
        "textDocument": {"uri": uri}, "position": position,
        "context": {"includeDeclaration": true},
    });
    editor.client.request(method, params).expect("an answer")
}

#[test]
fn a_definition_is_a_link_with_the_place_that_was_asked_about() {
    let mut editor = editor(able());
    let at = position_of(MANIFEST, "frontend\"");
    let found = ask(
        &mut editor,
        "textDocument/definition",
        "extension.yaml",
        &at,
    );
    let expected = json!([{
        "originSelectionRange": {"start": at, "end": position_of(MANIFEST, "\"\r\n    condition")},
        "targetUri": editor.package.uri("charts/frontend/Chart.yaml"),
        "targetRange": range_of(CHART, "name: frontend"),
        "targetSelectionRange": range_of(CHART, "frontend"),
    }]);
    assert_eq!(found, expected);
}

#[test]
fn a_client_without_links_gets_places() {
    let mut editor = editor(json!({}));
    for (needle, file, range) in [
        (".enabled", "values.yaml", range_of(VALUES, "enabled")),
        (
            "图标.svg",
            "static/图标.svg",
            json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}),
        ),
    ] {
        let at = position_of(MANIFEST, needle);
        let found = ask(
            &mut editor,
            "textDocument/definition",
            "extension.yaml",
            &at,
        );
        let uri = editor.package.uri(file);
        assert_eq!(found, json!([{"uri": uri, "range": range}]), "{needle}");
    }
    let at = position_of(MANIFEST, "dev-tools");
    let found = ask(
        &mut editor,
        "textDocument/definition",
        "extension.yaml",
        &at,
    );
    assert_eq!(found, Value::Null);
}

#[test]
fn other_files_lead_back_to_the_manifest_from_what_is_typed_in_them() {
    let mut editor = editor(able());
    let typed = "# 新的一行\nfrontend:\n  replicas: 1\n  enabled: true\n";
    editor
        .client
        .open(&editor.package.uri("values.yaml"), typed);
    let at = position_of(typed, "enabled");
    let found = ask(&mut editor, "textDocument/definition", "values.yaml", &at);
    assert_eq!(found[0]["targetUri"], editor.uri);
    assert_eq!(
        found[0]["targetSelectionRange"],
        range_of(MANIFEST, "frontend.enabled")
    );
    // And to it, in the text of the buffer.
    let at = position_of(MANIFEST, "enabled #");
    let found = ask(
        &mut editor,
        "textDocument/definition",
        "extension.yaml",
        &at,
    );
    assert_eq!(found[0]["targetSelectionRange"], range_of(typed, "enabled"));
}

#[test]
fn references_are_found_in_all_files_and_highlights_in_one() {
    let mut editor = editor(able());
    let at = position_of(MANIFEST, "frontend\"");
    let found = ask(
        &mut editor,
        "textDocument/references",
        "extension.yaml",
        &at,
    );
    let files: Vec<_> = found.as_array().expect("places").iter().collect();
    let uris: Vec<_> = files.iter().map(|place| place["uri"].clone()).collect();
    let uri = |file: &str| json!(editor.package.uri(file));
    assert_eq!(
        uris,
        [
            uri("extension.yaml"),
            uri("extension.yaml"),
            uri("charts/frontend/Chart.yaml"),
            uri("values.yaml")
        ]
    );
    assert_eq!(files[3]["range"], range_of(VALUES, "frontend"));
    let method = "textDocument/documentHighlight";
    let found = ask(&mut editor, method, "extension.yaml", &at);
    assert_eq!(found.as_array().map(Vec::len), Some(2), "{found}");
    let at = position_of(MANIFEST, "zh: 观测");
    let found = ask(&mut editor, method, "extension.yaml", &at);
    assert_eq!(found.as_array().map(Vec::len), Some(3), "{found}");
}

#[test]
fn links_lead_to_pages_and_to_files_by_the_clients_names() {
    let mut editor = editor(able());
    let params = json!({"textDocument": {"uri": editor.uri}});
    let method = "textDocument/documentLink";
    let found = editor.client.request(method, params).expect("an answer");
    let links = found.as_array().expect("links");
    let icon = json!({
        "range": range_of(MANIFEST, "./static/图标.svg"),
        "target": editor.package.uri("static/图标.svg"),
        "tooltip": "Open `static/图标.svg`",
    });
    assert_eq!(links.len(), 2, "{found}");
    assert_eq!(links[1], icon);
    editor.client.open(&editor.package.uri("README.md"), README);
    let params = json!({"textDocument": {"uri": editor.package.uri("README.md")}});
    let found = editor.client.request(method, params).expect("an answer");
    assert_eq!(
        found[0]["range"],
        range_of(README, "static/%E5%9B%BE%E6%A0%87.svg")
    );
    assert_eq!(found[0]["target"], icon["target"]);
}

#[track_caller]
fn hover(editor: &mut Editor, file: &str, position: &Value) -> String {
    let found = ask(editor, "textDocument/hover", file, position);
    found["contents"]["value"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_hover_shows_the_picture_the_chart_and_the_value() {
    let mut editor = editor(able());
    let icon = hover(
        &mut editor,
        "extension.yaml",
        &position_of(MANIFEST, "图标.svg"),
    );
    let picture = format!("![]({})\n\nSVG", editor.package.uri("static/图标.svg"));
    assert!(icon.contains(&picture), "{icon}");
    let chart = hover(
        &mut editor,
        "extension.yaml",
        &position_of(MANIFEST, "frontend\""),
    );
    assert!(chart.contains(" · 0.1.0 · app version v9"), "{chart}");
    let value = hover(
        &mut editor,
        "extension.yaml",
        &position_of(MANIFEST, "enabled #"),
    );
    assert!(
        value.contains("`frontend.enabled` is `true` in values.yaml."),
        "{value}"
    );
    editor
        .client
        .open(&editor.package.uri("charts/frontend/Chart.yaml"), CHART);
    let asked = hover(
        &mut editor,
        "charts/frontend/Chart.yaml",
        &position_of(CHART, "frontend"),
    );
    assert!(
        asked.contains("Dependency `frontend` of extension.yaml"),
        "{asked}"
    );
}

#[test]
fn a_line_of_helmignore_says_what_it_leaves_out() {
    let mut editor = Editor::start(json!({"capabilities": able(), "locale": "zh-cn"}));
    let ignore = "# 垃圾\r\nold/\r\n*.bak\r\n";
    editor.package.write(".helmignore", ignore);
    editor.package.write("old/a.txt", "12345");
    editor.package.write("old/b/c.txt", "12345");
    editor.open_manifest(MANIFEST);
    editor
        .client
        .wait_server_request("workspace/codeLens/refresh");
    editor
        .client
        .open(&editor.package.uri(".helmignore"), ignore);
    let text = hover(&mut editor, ".helmignore", &position_of(ignore, "old/"));
    assert!(text.starts_with("这一行排除了 2 个文件，10 B："), "{text}");
    let text = hover(&mut editor, ".helmignore", &position_of(ignore, "*.bak"));
    assert_eq!(text, "这一行没有排除任何文件。");
}
