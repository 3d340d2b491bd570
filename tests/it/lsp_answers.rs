//! What the language server answers when it is asked: hovers, code actions, lenses.

use ksext_test_support::{position_of, range_of};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, apply, capable, everywhere};

#[track_caller]
fn hover_text(editor: &mut Editor, position: Value) -> String {
    editor.hover(position)["contents"]["value"]
        .as_str()
        .expect("a hover")
        .to_owned()
}

#[test]
fn a_hover_explains_the_field_in_the_form_and_language_of_the_client() {
    let mut editor = Editor::open(json!({}), MANIFEST);
    let hover = editor.hover(position_of(MANIFEST, "category"));
    assert_eq!(hover["contents"]["kind"], "plaintext");
    assert_eq!(hover["range"], range_of(MANIFEST, "category"));
    assert!(
        hover["contents"]["value"]
            .as_str()
            .expect("a text")
            .starts_with("Category `category`"),
        "{hover}"
    );

    let mut editor = Editor::start(json!({"capabilities": capable(), "locale": "zh-cn"}));
    editor.open_manifest(MANIFEST);
    let hover = editor.hover(position_of(MANIFEST, "dev-tools"));
    assert_eq!(hover["contents"]["kind"], "markdown");
    let text = hover["contents"]["value"].as_str().expect("a text");
    assert!(
        text.starts_with("**分类**") && text.contains("`dev-tools`：开发者工具"),
        "{text}"
    );
}

#[test]
fn a_hover_about_a_value_that_is_missing_has_no_range() {
    let text = format!("{MANIFEST}screenshots:\n");
    let mut editor = Editor::open(json!({}), &text);
    let hover = editor.hover(json!({"line": text.lines().count() - 1, "character": 12}));
    assert!(hover["contents"].is_object(), "{hover}");
    assert_eq!(hover["range"], Value::Null);
}

#[test]
fn a_hover_says_what_ksbuilder_reads_instead() {
    let text = MANIFEST.replace("0.1.0", "1.10");
    let mut editor = Editor::open(json!({}), &text);
    let hover = hover_text(&mut editor, position_of(&text, "1.10"));
    assert!(
        hover.contains("ksbuilder reads `1.1`, not `1.10`"),
        "{hover}"
    );
}

#[test]
fn the_name_shows_the_size_once_it_is_known() {
    let mut editor = Editor::open(capable(), MANIFEST);
    editor
        .client
        .wait_server_request("workspace/codeLens/refresh");
    let hover = hover_text(&mut editor, position_of(MANIFEST, "demo"));
    assert!(hover.contains("of 1.0 MB"), "{hover}");
}

#[test]
fn the_name_shows_the_biggest_entries_as_links_to_their_files() {
    let mut editor = Editor::start(json!({"capabilities": capable()}));
    let chart = packed_chart(
        "web",
        &[("notes.md", &noise(3000)), ("values.yaml", b"a: 1\n")],
    );
    editor.package.write("charts/web-0.1.0.tgz", chart);
    editor.package.write("说明 1.md", noise(6000));
    editor.package.write("a.md", "a");
    editor.package.write("b.md", "b");
    editor.open_manifest(MANIFEST);
    editor
        .client
        .wait_server_request("workspace/codeLens/refresh");
    let hover = hover_text(&mut editor, position_of(MANIFEST, "demo"));
    let entries: Vec<_> = hover
        .lines()
        .filter(|line| line.starts_with("- "))
        .collect();
    assert_eq!(entries.len(), 11, "{hover}");
    assert!(entries[10].ends_with("· 5 more"), "{hover}");
    let link = |path: &str, file: &str| format!("· [`{path}`]({})", editor.package.uri(file));
    assert!(
        entries[0].ends_with(&link("说明 1.md", "说明 1.md")),
        "{hover}"
    );
    assert!(entries[1].ends_with("· `charts/web/notes.md`"), "{hover}");
    let chart = link("Chart.yaml", "extension.yaml");
    assert!(
        entries.iter().any(|entry| entry.ends_with(&chart)),
        "{hover}"
    );
}

/// A chart as `helm package` packs it, with a Chart.yaml of its own.
fn packed_chart(name: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(gzip);
    let metadata = format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n");
    let metadata = ("Chart.yaml", metadata.as_bytes());
    for (path, content) in [&[metadata], files].concat() {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        archive
            .append_data(&mut header, format!("{name}/{path}"), content)
            .expect("an entry");
    }
    let gzip = archive.into_inner().expect("an archive");
    gzip.finish().expect("an archive")
}

/// Bytes that hardly get fewer by packing, others for each length.
fn noise(length: usize) -> Vec<u8> {
    let mut state = length as u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn a_fix_is_an_edit_of_the_version_that_was_looked_at() {
    let text = MANIFEST.replace("category", "categroy");
    let mut editor = Editor::open(capable(), &text);
    let found = editor.found();
    let context = json!({"diagnostics": found, "only": ["quickfix"]});
    let actions = editor.actions(range_of(&text, "categroy"), context);
    let titles: Vec<_> = actions.iter().map(|action| &action["title"]).collect();
    // It is an error, so a comment would not help.
    assert_eq!(titles, ["Rename to `category`"]);
    let action = &actions[0];
    assert_eq!(
        (&action["title"], &action["kind"]),
        (&json!("Rename to `category`"), &json!("quickfix"))
    );
    assert_eq!(action["diagnostics"], json!([found[0]]));
    // The fix is a guess.
    assert_eq!(action.get("isPreferred"), None);
    let change = &action["edit"]["documentChanges"][0];
    assert_eq!(
        change["textDocument"],
        json!({"uri": editor.uri, "version": 1})
    );
    assert_eq!(apply(&text, &change["edits"]), MANIFEST);
}

#[test]
fn a_client_without_versions_gets_plain_changes() {
    let text = MANIFEST.replace("category", "categroy");
    let mut editor = Editor::open(json!({}), &text);
    let context = json!({"diagnostics": [], "only": ["quickfix"]});
    let actions = editor.actions(everywhere(&text), context);
    let edits = &actions[0]["edit"]["changes"][&editor.uri];
    assert_eq!(apply(&text, edits), MANIFEST);
}

#[test]
fn fixes_stay_where_their_finding_is() {
    let text = MANIFEST.replace("category", "categroy");
    let mut editor = Editor::open(capable(), &text);
    let context = json!({"diagnostics": [], "only": ["quickfix"]});
    assert_eq!(
        editor.actions(range_of(&text, "demo"), context),
        Vec::<Value>::new()
    );
}

/// The commands among actions or lenses, as id and title.
fn commands(of: &[Value]) -> Vec<(&str, &str)> {
    let command = |it: &Value| it["command"].is_object();
    let commands = of.iter().filter(|it| command(it)).map(|it| &it["command"]);
    commands
        .map(|it| {
            (
                it["command"].as_str().expect("an id"),
                it["title"].as_str().expect("a title"),
            )
        })
        .collect()
}

#[test]
fn the_packages_commands_are_offered_everywhere_in_the_manifest() {
    let mut editor = Editor::open(capable(), MANIFEST);
    let actions = editor.actions(
        range_of(MANIFEST, "Example Inc."),
        json!({"diagnostics": []}),
    );
    let expected = [
        ("ksext.login", "Log in to KubeSphere Cloud"),
        ("ksext.push", "Push demo 0.1.0"),
        ("ksext.status", "Show review status"),
    ];
    assert_eq!(commands(&actions), expected);
    let push = &actions[1]["command"]["arguments"];
    assert_eq!(*push, json!([{"uri": editor.uri, "background": true}]));
    // Whoever asks for fixes alone gets no commands.
    let only = json!({"diagnostics": [], "only": ["quickfix"]});
    assert_eq!(
        editor.actions(everywhere(MANIFEST), only),
        Vec::<Value>::new()
    );
}

#[test]
fn a_client_that_takes_commands_alone_gets_commands() {
    let mut editor = Editor::open(json!({}), MANIFEST);
    let actions = editor.actions(everywhere(MANIFEST), json!({"diagnostics": []}));
    let ids: Vec<_> = actions
        .iter()
        .map(|action| action["command"].clone())
        .collect();
    assert_eq!(ids, ["ksext.login", "ksext.push", "ksext.status"]);
}

#[test]
fn lenses_stand_at_the_name_and_the_version_and_tell_what_is_known() {
    let mut editor = Editor::open(capable(), MANIFEST);
    editor
        .client
        .wait_server_request("workspace/codeLens/refresh");
    let lenses = editor.lenses();
    let lenses = lenses.as_array().expect("lenses");
    let commands = commands(lenses);
    assert_eq!(commands[0].0, "ksext.size");
    assert!(commands[0].1.ends_with(" of 1.0 MB"), "{commands:?}");
    let expected = [
        ("ksext.login", "Log in to KubeSphere Cloud"),
        ("ksext.push", "Push demo 0.1.0"),
        ("ksext.status", "Show review status"),
    ];
    assert_eq!(commands[1..], expected);
    let places = ["demo", "demo", "demo", "0.1.0"];
    for (lens, place) in lenses.iter().zip(places) {
        assert_eq!(lens["range"], range_of(MANIFEST, place));
    }
}

#[test]
fn lenses_change_with_the_facts() {
    let mut editor = Editor::open(capable(), MANIFEST);
    editor
        .client
        .wait_server_request("workspace/codeLens/refresh");
    let text = MANIFEST.replace("0.1.0", "0.2.0");
    editor.change(json!([{"text": text}]));
    let lenses = editor.lenses();
    let titles = commands(lenses.as_array().expect("lenses"));
    assert!(
        titles.contains(&("ksext.push", "Push demo 0.2.0")),
        "{titles:?}"
    );
}

#[test]
fn a_client_that_waits_runs_commands_in_the_foreground() {
    let mut capabilities = capable();
    capabilities["experimental"] = json!({"ksext": {"longCommands": true}});
    let mut editor = Editor::open(capabilities, MANIFEST);
    let actions = editor.actions(everywhere(MANIFEST), json!({"diagnostics": []}));
    let arguments: Vec<_> = actions
        .iter()
        .filter(|action| action["command"].is_object())
        .map(|action| action["command"]["arguments"].clone())
        .collect();
    let uri = json!([{"uri": editor.uri}]);
    assert_eq!(arguments, [json!([{}]), uri.clone(), uri]);
}
