//! Other names for charts, keys and files, given in a text or in the editor's list of files.

use std::collections::BTreeMap;

use ksext_test_support::{PackageDir, position_of, range_of};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, apply, capable};

const MANIFEST: &str = "\
apiVersion: kubesphere.io/v1alpha1\r
name: demo\r
version: 0.1.0\r
displayName: {zh: 观测😀, en: Demo}\r
description: {zh: 示例。, en: An example.}\r
category: dev-tools\r
ksVersion: \">=4.1.0-0\"\r
provider: {zh: {name: 示例公司}, en: {name: Example}}\r
staticFileDirectory: static\r
icon: './static/图标.svg'\r
dependencies:\r
  - name: \"frontend\"\r
    condition: frontend.enabled # 😀\r
";

const VALUES: &str = "# 😀 值\nfrontend: {enabled: true}\n";
const README: &str = "# 示例 😀\n\n😀![图](static/%E5%9B%BE%E6%A0%87.svg)\n";

/// What an editor can that renames files as part of an edit, and asks before it moves some.
fn able() -> Value {
    let mut able = capable();
    able["workspace"]["workspaceEdit"] = json!({
        "documentChanges": true,
        "resourceOperations": ["create", "rename", "delete"],
        "changeAnnotationSupport": {},
    });
    able["workspace"]["fileOperations"] = json!({"willRename": true, "didRename": true});
    able["textDocument"]["rename"] = json!({"prepareSupport": true});
    able
}

fn editor(initialize: Value) -> Editor {
    let mut editor = Editor::start(initialize);
    editor.package.write("values.yaml", VALUES);
    editor.package.write("README.md", README);
    editor.open_manifest(MANIFEST);
    editor
}

fn capable_editor() -> Editor {
    editor(json!({"capabilities": able()}))
}

/// Gives what stands at `needle` in the manifest another name.
fn rename(editor: &mut Editor, needle: &str, name: &str) -> Result<Value, Value> {
    let at = position_of(MANIFEST, needle);
    let params = json!({"textDocument": {"uri": editor.uri}, "position": at, "newName": name});
    editor.client.request("textDocument/rename", params)
}

/// The texts of the files that an edit changes, and the renamings in it, as paths in the package.
#[track_caller]
fn outcome(
    package: &PackageDir,
    edit: &Value,
) -> (BTreeMap<String, String>, Vec<(String, String)>) {
    let root = package.uri("") + "/";
    let path = |uri: &Value| {
        let uri = uri.as_str().expect("a URI");
        uri.strip_prefix(&root).expect("in the package").to_owned()
    };
    let mut texts = BTreeMap::new();
    let mut renamings = Vec::new();
    for change in edit["documentChanges"].as_array().expect("changes") {
        if change["kind"] == "rename" {
            renamings.push((path(&change["oldUri"]), path(&change["newUri"])));
        } else {
            let file = path(&change["textDocument"]["uri"]);
            let text = package.read(&file);
            texts.insert(file, apply(&text, &change["edits"]));
        }
    }
    (texts, renamings)
}

#[test]
fn a_name_is_shown_before_it_is_changed() {
    let mut editor = capable_editor();
    let mut prepare = |needle: &str| {
        let at = position_of(MANIFEST, needle);
        let params = json!({"textDocument": {"uri": editor.uri}, "position": at});
        let method = "textDocument/prepareRename";
        editor.client.request(method, params).expect("an answer")
    };
    assert_eq!(
        prepare("enabled"),
        json!({"range": range_of(MANIFEST, "enabled"), "placeholder": "enabled"})
    );
    assert_eq!(prepare("frontend\"")["placeholder"], "frontend");
    assert_eq!(prepare("dev-tools"), Value::Null);
}

#[test]
fn a_chart_is_renamed_with_its_folder_once_its_author_agrees() {
    let mut editor = capable_editor();
    let edit = rename(&mut editor, "frontend\"", "web").expect("an edit");
    let (texts, renamings) = outcome(&editor.package, &edit);
    let folder = ("charts/frontend".to_owned(), "charts/web".to_owned());
    assert_eq!(renamings, [folder]);
    let expected = [
        (
            "charts/frontend/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 0.1.0\n".to_owned(),
        ),
        ("extension.yaml", MANIFEST.replace("frontend", "web")),
        ("values.yaml", VALUES.replace("frontend", "web")),
    ];
    let expected = expected.map(|(path, text)| (path.to_owned(), text));
    assert_eq!(texts, BTreeMap::from(expected));
    assert_eq!(
        edit["changeAnnotations"]["ksext.confirm"],
        json!({"label": "Rename `frontend` to `web`", "needsConfirmation": true})
    );
    let version = &edit["documentChanges"][1]["textDocument"];
    assert_eq!(*version, json!({"uri": editor.uri, "version": 1}));
}

#[test]
fn what_is_being_typed_is_renamed_too() {
    let mut editor = capable_editor();
    editor.found();
    let typed = "frontend:\n  # 新\n  enabled: no\n";
    let uri = editor.package.uri("values.yaml");
    editor.client.open(&uri, typed);
    let edit = rename(&mut editor, "enabled", "install").expect("an edit");
    let changes = edit["documentChanges"].as_array().expect("changes");
    let values = changes
        .iter()
        .find(|change| change["textDocument"]["uri"] == uri)
        .expect("a change of the values");
    assert_eq!(values["textDocument"]["version"], 1);
    assert_eq!(
        apply(typed, &values["edits"]),
        typed.replace("enabled", "install")
    );
}

#[test]
fn a_refusal_says_why_in_the_users_language() {
    let mut editor = editor(json!({"capabilities": able(), "locale": "zh-cn"}));
    let error = rename(&mut editor, "frontend\"", "前端").expect_err("no name");
    assert_eq!(error["code"], -32803);
    let message = error["message"].as_str().expect("a message");
    assert!(
        message.starts_with("`前端` 不能用作 chart 名称"),
        "{message}"
    );
}

#[test]
fn nothing_is_renamed_by_half() {
    // This editor renames no files.
    let mut editor = editor(json!({"capabilities": capable()}));
    let error = rename(&mut editor, "frontend\"", "web").expect_err("it cannot");
    assert_eq!(error["code"], -32803);
    let edit = rename(&mut editor, "enabled", "install").expect("texts alone");
    let (texts, _) = outcome(&editor.package, &edit);
    assert_eq!(texts.len(), 2);
}

#[test]
fn a_client_without_any_capability_gets_plain_changes() {
    let mut editor = editor(json!({"capabilities": {}}));
    let edit = rename(&mut editor, "enabled", "install").expect("an edit");
    let uri = editor.package.uri("values.yaml");
    assert_eq!(
        apply(VALUES, &edit["changes"][&uri]),
        VALUES.replace("enabled", "install")
    );
    assert_eq!(
        apply(MANIFEST, &edit["changes"][&editor.uri]),
        MANIFEST.replace("enabled", "install")
    );
}

/// What the server answers before these files get other names.
#[track_caller]
fn will_rename(editor: &mut Editor, moves: &[(&str, &str)]) -> Value {
    let files = moves.iter().map(
        |(old, new)| json!({"oldUri": editor.package.uri(old), "newUri": editor.package.uri(new)}),
    );
    let params = json!({"files": files.collect::<Vec<_>>()});
    let method = "workspace/willRenameFiles";
    editor.client.request(method, params).expect("an answer")
}

#[test]
fn a_moved_picture_keeps_its_place_in_manifest_and_readme() {
    let mut editor = capable_editor();
    let edit = will_rename(&mut editor, &[("static/图标.svg", "static/new/图 标.svg")]);
    let (texts, renamings) = outcome(&editor.package, &edit);
    // The editor moves the file itself.
    assert_eq!(renamings, []);
    let expected = [
        (
            "README.md",
            README.replace(
                "static/%E5%9B%BE%E6%A0%87.svg",
                "static/new/%E5%9B%BE%20%E6%A0%87.svg",
            ),
        ),
        (
            "extension.yaml",
            MANIFEST.replace("static/图标.svg", "static/new/图 标.svg"),
        ),
    ];
    let expected = expected.map(|(path, text)| (path.to_owned(), text));
    assert_eq!(texts, BTreeMap::from(expected));
    assert_eq!(
        edit["changeAnnotations"]["ksext.confirm"]["needsConfirmation"],
        true
    );
}

#[test]
fn a_moved_folder_takes_all_in_it_along() {
    let mut editor = capable_editor();
    let edit = will_rename(&mut editor, &[("static", "资源")]);
    let (texts, _) = outcome(&editor.package, &edit);
    assert_eq!(
        texts["extension.yaml"],
        MANIFEST
            .replace("Directory: static", "Directory: 资源")
            .replace("./static/", "./资源/")
    );
    let edit = will_rename(&mut editor, &[("charts/frontend", "charts/web")]);
    let (texts, _) = outcome(&editor.package, &edit);
    assert_eq!(texts["extension.yaml"], MANIFEST.replace("frontend", "web"));
    assert_eq!(texts["values.yaml"], VALUES.replace("frontend", "web"));
}

#[test]
fn what_leaves_the_package_or_is_not_named_changes_nothing() {
    let mut editor = capable_editor();
    for (old, new) in [
        ("static/图标.svg", "../图标.svg"),
        ("permissions.yaml", "other.yaml"),
        ("nothing.png", "something.png"),
    ] {
        assert_eq!(
            will_rename(&mut editor, &[(old, new)]),
            Value::Null,
            "{old}"
        );
    }
}

#[test]
fn a_renamed_file_is_looked_for_anew() {
    let editor = capable_editor();
    editor.found();
    let content = editor.package.read("static/图标.svg");
    editor.package.remove("static/图标.svg");
    editor.package.write("static/b.svg", content);
    let uri = |file: &str| editor.package.uri(file);
    let files = json!([{"oldUri": uri("static/图标.svg"), "newUri": uri("static/b.svg")}]);
    editor
        .client
        .notify("workspace/didRenameFiles", json!({"files": files}));
    editor.found_when(|found| found.iter().any(|one| one["code"] == "missing-icon"));
}

#[test]
fn clients_are_told_what_to_ask_for() {
    let announced = |capabilities: Value| {
        let ksext = ksext_test_support::Ksext::new(env!("CARGO_BIN_EXE_ksext"));
        let mut client = ksext.lsp();
        client.initialize(capabilities)["capabilities"].clone()
    };
    let able = announced(able());
    assert_eq!(able["renameProvider"], json!({"prepareProvider": true}));
    let operations = &able["workspace"]["fileOperations"];
    assert_eq!(operations["willRename"], operations["didRename"]);
    let filters = operations["willRename"]["filters"]
        .as_array()
        .expect("filters");
    assert!(
        filters.iter().all(|filter| filter["scheme"] == "file"),
        "{filters:?}"
    );
    let plain = announced(json!({}));
    assert_eq!(plain["renameProvider"], true);
    assert_eq!(plain["workspace"].get("fileOperations"), None);
}
