//! What the language server reports, and when it takes it back.

use ksext_test_support::{Ksext, PATIENCE, Reply, position_of, range_of};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, apply, capable, everywhere, rules};

const PUBLISH: &str = "textDocument/publishDiagnostics";

fn encoded(encoding: &str) -> Value {
    json!({"general": {"positionEncodings": [encoding]}})
}

#[test]
fn a_valid_package_has_an_empty_list() {
    let editor = Editor::open(json!({}), MANIFEST);
    assert_eq!(editor.found(), Vec::<Value>::new());
}

#[test]
fn a_diagnostic_says_where_what_and_where_to_read_on() {
    let text = MANIFEST.replace("category", "categroy");
    let editor = Editor::open(capable(), &text);
    let found = editor.found();
    // What is misspelt is not missing too: one cause, one finding.
    assert_eq!(rules(&found), ["unknown-key"]);
    let unknown = &found[0];
    assert_eq!(unknown["range"], range_of(&text, "categroy"));
    assert_eq!(
        (&unknown["source"], &unknown["severity"]),
        (&json!("ksext"), &json!(1))
    );
    let href = unknown["codeDescription"]["href"].as_str().expect("a link");
    assert!(
        href.starts_with("https://") && href.ends_with("#unknown-key"),
        "{href}"
    );
    assert_eq!(
        unknown["data"],
        json!({"fixes": [{"title": "Rename to `category`", "safe": false}]})
    );
}

#[test]
fn columns_behind_chinese_and_emoji_count_in_the_agreed_unit() {
    let text = format!("{MANIFEST}maintainers: [{{name: 观测😀, mail: a@b.c}}]\r\n");
    for (encoding, start) in [("utf-8", 33), ("utf-16", 27), ("utf-32", 26)] {
        let editor = Editor::open(encoded(encoding), &text);
        let found = editor.found();
        assert_eq!(rules(&found), ["unknown-key"], "{encoding}");
        let expected = json!({
            "start": {"line": 18, "character": start}, "end": {"line": 18, "character": start + 4},
        });
        assert_eq!(found[0]["range"], expected, "{encoding}");
    }
}

#[test]
fn the_same_edits_leave_the_same_text_in_every_encoding() {
    // In the line `  zh: 观测😀`: delete 测, then write behind the emoji, then a line of its own.
    let edits = |columns: [u32; 3]| {
        let [before, behind, end] = columns;
        let edit = |line: u32, from: u32, to: u32, text: &str| {
            let at = |column: u32| json!({"line": line, "character": column});
            json!([{"range": {"start": at(from), "end": at(to)}, "text": text}])
        };
        [
            edit(4, before, behind, ""),
            edit(4, end, end, "云"),
            edit(5, 0, 0, "  中文: x\r\n"),
        ]
    };
    for (encoding, columns) in [
        ("utf-8", [9, 12, 13]),
        ("utf-16", [7, 8, 9]),
        ("utf-32", [7, 8, 8]),
    ] {
        let mut editor = Editor::open(encoded(encoding), MANIFEST);
        let mut found = editor.found();
        for edit in edits(columns) {
            found = editor.change(edit);
        }
        let expected = MANIFEST.replace("  zh: 观测😀\n", "  zh: 观😀云\n  中文: x\r\n");
        let fresh = Editor::open(encoded(encoding), &expected).found();
        assert_eq!(rules(&fresh), ["unknown-language"], "{encoding}");
        assert_eq!(found, fresh, "{encoding}");
    }
}

#[test]
fn requests_between_edits_see_the_text_of_their_own_place() {
    let mut editor = Editor::open(json!({}), MANIFEST);
    editor.found();
    let asked: Vec<_> = (2..300)
        .map(|version| {
            // One more empty line on top each time, then back again.
            let lines = usize::try_from(version % 7).expect("small");
            let text = format!("{}{MANIFEST}", "\n".repeat(lines));
            let position = position_of(&text, "category");
            editor
                .client
                .change(&editor.uri, version, json!([{"text": text}]));
            let params = json!({"textDocument": {"uri": editor.uri}, "position": position});
            (
                editor.client.start_request("textDocument/hover", params),
                range_of(&text, "category"),
            )
        })
        .collect();
    for (request, range) in asked {
        let answer = editor.client.wait_response(request).expect("an answer");
        assert_eq!(answer["range"], range);
    }
}

#[test]
fn versions_never_go_back_and_end_with_the_newest() {
    let editor = Editor::open(json!({}), MANIFEST);
    for version in 2..=500 {
        let text = format!("{MANIFEST}x{version}: 1\n");
        editor
            .client
            .change(&editor.uri, version, json!([{"text": text}]));
    }
    editor
        .client
        .wait_notification(PUBLISH, |seen| seen["version"] == 500);
    let published = editor.client.notifications(PUBLISH);
    let versions: Vec<_> = published
        .iter()
        .map(|seen| seen["version"].as_i64())
        .collect();
    assert!(versions.is_sorted(), "{versions:?}");
    let last = published.last().expect("one");
    assert!(
        last["diagnostics"][0]["message"]
            .as_str()
            .expect("a text")
            .contains("`x500`"),
        "{last}"
    );
}

#[test]
fn closing_takes_everything_back() {
    let editor = Editor::open(json!({}), "name: demo\nksVersion: x\n");
    assert!(!editor.found().is_empty());
    editor.client.close(&editor.uri);
    let seen = editor
        .client
        .wait_notification(PUBLISH, |seen| seen.get("version").is_none());
    assert_eq!(seen.params, json!({"uri": editor.uri, "diagnostics": []}));
}

#[test]
fn the_clients_spelling_of_a_file_is_kept() {
    let mut editor = Editor::start(json!({"capabilities": {}}));
    let plain = editor.uri.clone();
    editor.uri = plain.replace("/extension.yaml", "/%65xtension.yaml");
    editor.open_manifest(&MANIFEST.replace("图标.svg", "none.svg"));
    assert_eq!(rules(&editor.found()), ["missing-icon"]);
}

#[test]
fn a_broken_line_is_reported_with_all_that_is_wrong_elsewhere() {
    let mut editor = Editor::open(json!({}), &MANIFEST.replace("category", "categroy"));
    assert_eq!(rules(&editor.found()), ["unknown-key"]);
    let broken = format!("{MANIFEST}home: \"a\" b\nvendor: 观测\n");
    let found = editor.change(json!([{"text": broken}]));
    assert_eq!(rules(&found), ["yaml-syntax", "unknown-key"]);
    assert_eq!(
        editor.change(json!([{"text": MANIFEST}])),
        Vec::<Value>::new()
    );
}

#[test]
fn files_of_others_are_met_with_silence() {
    let mut editor = Editor::start(json!({"capabilities": capable()}));
    for name in [
        "values.yaml",
        "permissions.yaml",
        "charts/frontend/Chart.yaml",
    ] {
        editor.package.remove(name);
    }
    editor.open_manifest("specVersion: v1beta\nname: firestore-translate\nbillingRequired: true\n");
    let other = editor.package.uri("values.yaml");
    editor.client.open(&other, "icon: [\n");
    editor.client.open("untitled:extension.yaml", "name: [\n");
    assert_eq!(
        editor.hover(json!({"line": 1, "character": 1})),
        Value::Null
    );
    assert_eq!(editor.lenses(), Value::Null);
    let everything = everywhere("name: x\n");
    assert_eq!(
        editor.actions(everything, json!({"diagnostics": []})),
        Vec::<Value>::new()
    );
    editor.client.change(
        &editor.uri,
        2,
        json!([{"text": "name: firestore\nspecVersion: v1\n"}]),
    );
    assert_eq!(
        editor.hover(json!({"line": 0, "character": 1})),
        Value::Null
    );
    for uri in [&editor.uri, &other, "untitled:extension.yaml"] {
        editor.client.close(uri);
    }
    editor.client.shut_down();
    assert_eq!(editor.client.exit_code_within(PATIENCE), Some(0));
    assert_eq!(editor.client.notifications(PUBLISH), Vec::<Value>::new());
}

#[test]
fn a_file_becomes_ours_and_stops_being_ours_while_it_is_typed() {
    let mut editor = Editor::start(json!({"capabilities": {}}));
    for name in [
        "values.yaml",
        "permissions.yaml",
        "charts/frontend/Chart.yaml",
    ] {
        editor.package.remove(name);
    }
    editor.open_manifest("name: demo\nfoo: 1\n");
    let found = editor.change(json!([{"text": "name: demo\nksVersion: '>=4'\n"}]));
    assert!(rules(&found).contains(&"missing-required"), "{found:?}");
    editor
        .client
        .change(&editor.uri, 3, json!([{"text": "name: demo\nfoo: 1\n"}]));
    let seen = editor
        .client
        .wait_notification(PUBLISH, |seen| seen.get("version").is_none());
    assert_eq!(seen.params["diagnostics"], json!([]));
}

#[test]
fn a_missing_icon_is_missed_until_it_is_there() {
    let editor = Editor::open(capable(), &MANIFEST.replace("图标.svg", "新.svg"));
    assert_eq!(rules(&editor.found()), ["missing-icon"]);
    editor.package.write("static/新.svg", "<svg/>");
    editor.changed_on_disk(&["static/新.svg"]);
    editor.found_when(<[Value]>::is_empty);
    editor.package.remove("static/新.svg");
    editor.changed_on_disk(&["static/新.svg"]);
    editor.found_when(|found| rules(found) == ["missing-icon"]);
}

#[test]
fn the_client_is_asked_to_watch_the_packages_folder() {
    let mut editor = Editor::open(capable(), MANIFEST);
    editor.found();
    // Its answer comes behind all that the first check has sent.
    editor.lenses();
    let is_folder = |params: &Value| {
        let watcher = &params["registrations"][0]["registerOptions"]["watchers"][0];
        watcher["globPattern"] == json!({"baseUri": editor.package.uri(""), "pattern": "**/*"})
    };
    let registered = || editor.client.server_requests("client/registerCapability");
    assert!(registered().iter().any(is_folder), "{:?}", registered());
    let everywhere = &registered()[0]["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(everywhere[0]["globPattern"], "**/extension.yaml");
    editor.client.close(&editor.uri);
    let taken_back = editor
        .client
        .wait_server_request("client/unregisterCapability");
    let id = taken_back["unregisterations"][0]["id"]
        .as_str()
        .expect("an id");
    assert!(
        registered()
            .iter()
            .any(|params| params["registrations"][0]["id"] == id),
        "{id}"
    );
}

/// Text that hardly gets smaller by packing.
fn noise(length: usize) -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'!' + (state % 90) as u8)
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn a_package_over_the_limit_is_found_after_the_text_and_forgiven_when_it_shrinks() {
    let mut editor = Editor::start(json!({"capabilities": capable()}));
    editor.package.write("data.txt", noise(1_400_000));
    editor.open_manifest(MANIFEST);
    let found = editor.found_when(|found| !found.is_empty());
    assert_eq!(rules(&found), ["package-too-large"]);
    assert_eq!(found[0]["range"], range_of(MANIFEST, "demo"));
    // Typing keeps the last known size.
    let found = editor.change(json!([{"text": format!("# 注释\n{MANIFEST}")}]));
    assert_eq!(rules(&found), ["package-too-large"]);
    editor.package.remove("data.txt");
    editor.changed_on_disk(&["data.txt"]);
    editor.found_when(<[Value]>::is_empty);
}

#[test]
fn an_open_file_of_the_package_counts_before_it_is_saved() {
    let editor = Editor::open(capable(), &MANIFEST.replace("图标.svg", "新.svg"));
    assert_eq!(rules(&editor.found()), ["missing-icon"]);
    let icon = editor.package.uri("static/新.svg");
    editor.client.open(&icon, "<svg/>");
    editor.found_when(<[Value]>::is_empty);
    editor.client.close(&icon);
    editor.found_when(|found| rules(found) == ["missing-icon"]);
}

#[test]
fn a_text_typed_key_by_key_ends_like_one_that_is_opened() {
    let text = format!(
        "{}vendor: 观测😀 # 注\r\n",
        MANIFEST.replace("./static/图标.svg", "'a b'\n\thome: x")
    );
    let fresh = Editor::open(json!({}), &text).found();
    assert!(rules(&fresh).contains(&"yaml-syntax"), "{fresh:?}");

    let mut editor = Editor::open(json!({}), "");
    let mut found = Vec::new();
    let mut typed = String::new();
    for char in text.chars() {
        let end = everywhere(&typed)["end"].clone();
        let change = json!([{"range": {"start": end, "end": end}, "text": char.to_string()}]);
        found = editor.change(change);
        typed.push(char);
    }
    assert_eq!(found, fresh);
}

#[test]
fn every_fix_of_a_fixture_can_be_made_and_leaves_its_finding_behind() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
    for name in [
        "broken-unknown-key",
        "broken-unknown-language",
        "crlf-and-bom",
    ] {
        let mut text = std::fs::read_to_string(format!("{fixtures}/{name}/extension.yaml"))
            .expect("a fixture");
        let mut editor = Editor::open(capable(), &text);
        // A fix may bring up what guides the review: a language that is one needs a README.
        let grave = |found: &[Value]| -> usize {
            let severities = found.iter().map(|finding| finding["severity"].as_u64());
            severities.filter(|severity| *severity <= Some(2)).count()
        };
        let mut left = grave(&editor.found());
        loop {
            let context = json!({"diagnostics": [], "only": ["quickfix"]});
            let actions = editor.actions(everywhere(&text), context);
            let is_grave = |action: &&Value| {
                let of = action["diagnostics"]
                    .as_array()
                    .map_or(&[][..], Vec::as_slice);
                let is_comment = action["title"]
                    .as_str()
                    .expect("a title")
                    .starts_with("Ignore");
                grave(of) > 0 && !is_comment
            };
            let Some(action) = actions.iter().find(is_grave) else {
                break;
            };
            text = apply(&text, &action["edit"]["documentChanges"][0]["edits"]);
            let found = editor.change(json!([{"text": text}]));
            assert!(grave(&found) < left, "{name}: {action}: {found:?}");
            left = grave(&found);
        }
    }
}

#[test]
fn a_client_that_is_asked_for_nothing_still_hears_of_files_that_it_saves() {
    let editor = Editor::open(json!({}), &MANIFEST.replace("图标.svg", "新.svg"));
    assert_eq!(rules(&editor.found()), ["missing-icon"]);
    assert_eq!(
        editor.client.server_requests("client/registerCapability"),
        Vec::<Value>::new()
    );
    editor.package.write("static/新.svg", "<svg/>");
    editor.client.notify(
        "textDocument/didSave",
        json!({"textDocument": {"uri": editor.uri}}),
    );
    editor.found_when(|found| !rules(found).contains(&"missing-icon"));
}

#[test]
fn a_client_that_refuses_all_requests_gets_its_diagnostics() {
    for reply in [
        Reply::refuse(),
        Reply::Ignore,
        Reply::Result(json!("nonsense")),
    ] {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
        let said = reply.clone();
        let initialize = json!({"capabilities": capable()});
        let mut editor = Editor::start_with(&ksext, initialize, move |_, _| said.clone());
        editor.open_manifest(&MANIFEST.replace("图标.svg", "none.svg"));
        assert_eq!(rules(&editor.found()), ["missing-icon"], "{reply:?}");
    }
}
