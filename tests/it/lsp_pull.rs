//! Diagnostics for clients that ask for them.

use ksext_test_support::{Ksext, LspClient, PackageDir};
use serde_json::{Value, json};

use crate::lsp_editor::{MANIFEST, rules, write_wrong_package, wrong};

const DOCUMENT: &str = "textDocument/diagnostic";
const WORKSPACE: &str = "workspace/diagnostic";

/// A client that asks, with the folder of some packages open.
struct Session {
    client: LspClient,
    disk: PackageDir,
}

impl Session {
    fn start(packages: &[&str]) -> Self {
        let disk = PackageDir::new(&[]);
        for package in packages {
            write_wrong_package(&disk, package);
        }
        let mut client = Ksext::new(env!("CARGO_BIN_EXE_ksext")).lsp();
        let result = client.initialize_with(json!({
            "capabilities": {
                "textDocument": {
                    "diagnostic": {"relatedDocumentSupport": true},
                    "publishDiagnostics": {"relatedInformation": true},
                },
                "workspace": {
                    "diagnostics": {"refreshSupport": true},
                    "didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": true},
                },
            },
            "workspaceFolders": [{"uri": disk.uri(""), "name": "all"}],
        }));
        let provider = &result["capabilities"]["diagnosticProvider"];
        assert_eq!(provider["workspaceDiagnostics"], true);
        Self { client, disk }
    }

    fn ask(&mut self, file: &str, previous: Option<&str>) -> Value {
        let uri = self.disk.uri(file);
        let params = json!({"textDocument": {"uri": uri}, "previousResultId": previous});
        self.client.request(DOCUMENT, params).expect("a report")
    }

    /// What is found in the whole workspace: the reports by file, and their result ids.
    fn ask_all(&mut self, previous: &[(String, String)]) -> Vec<Value> {
        let params = json!({"previousResultIds": ids(previous)});
        let report = self.client.request(WORKSPACE, params).expect("a report");
        report["items"].as_array().expect("a list").clone()
    }

    fn changed_on_disk(&self, path: &str) {
        let changes = json!([{"uri": self.disk.uri(path), "type": 2}]);
        self.client.notify(
            "workspace/didChangeWatchedFiles",
            json!({"changes": changes}),
        );
    }
}

fn ids(previous: &[(String, String)]) -> Vec<Value> {
    let previous = previous.iter();
    previous
        .map(|(uri, value)| json!({"uri": uri, "value": value}))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn known(items: &[Value]) -> Vec<(String, String)> {
    let items = items.iter();
    items
        .map(|item| (text(&item["uri"]), text(&item["resultId"])))
        .collect()
}

fn found(report: &Value) -> Vec<&str> {
    rules(report["items"].as_array().expect("a list"))
}

#[test]
fn a_document_is_reported_in_its_newest_state_and_only_when_it_has_changed() {
    let mut session = Session::start(&["a"]);
    let uri = session.disk.uri("a/extension.yaml");
    session.client.open(&uri, &wrong());
    let first = session.ask("a/extension.yaml", None);
    assert_eq!(
        (&first["kind"], &found(&first)[..]),
        (&json!("full"), &["unknown-key"][..])
    );
    let id = text(&first["resultId"]);
    let again = session.ask("a/extension.yaml", Some(&id));
    assert_eq!(
        again,
        json!({"kind": "unchanged", "resultId": again["resultId"]})
    );
    for version in 2..30 {
        let changed = format!("{MANIFEST}{}", "x: 1\n".repeat(version % 3));
        let version = i32::try_from(version).expect("small");
        session
            .client
            .change(&uri, version, json!([{"text": changed}]));
        let report = session.ask("a/extension.yaml", Some(&id));
        let count = if version % 3 == 0 { 0 } else { 1 };
        assert_eq!(
            found(&report)
                .iter()
                .filter(|rule| **rule == "unknown-key")
                .count(),
            count
        );
    }
    assert_eq!(
        session
            .client
            .notifications("textDocument/publishDiagnostics"),
        Vec::<Value>::new()
    );
}

#[test]
fn files_that_are_not_ours_have_nothing_to_report() {
    let mut session = Session::start(&["a"]);
    let other = session.disk.uri("notes.yaml");
    session.client.open(&other, "a: [\n");
    let report = session.ask("notes.yaml", None);
    assert_eq!(
        (&report["kind"], &report["items"]),
        (&json!("full"), &json!([]))
    );
    assert_eq!(session.ask("nowhere.yaml", None)["items"], json!([]));
    let foreign = session.disk.uri("b/extension.yaml");
    session
        .client
        .open(&foreign, "name: storage-resize-images\n");
    assert_eq!(session.ask("b/extension.yaml", None)["items"], json!([]));
}

#[test]
fn other_files_of_the_package_come_with_the_one_that_is_asked_for() {
    let mut session = Session::start(&["a"]);
    session.disk.write("a/.helmignore", "**/*.bak\n");
    let uri = session.disk.uri("a/extension.yaml");
    session.client.open(&uri, MANIFEST);
    let ignore = session.disk.uri("a/.helmignore");
    let mut id = None;
    // Files are looked at after the text.
    let related = loop {
        let report = session.ask("a/extension.yaml", id.as_deref());
        id = Some(text(&report["resultId"]));
        let related = report["relatedDocuments"][&ignore].clone();
        if !related.is_null() {
            break related;
        }
        session
            .client
            .wait_server_request("workspace/diagnostic/refresh");
    };
    assert_eq!(found(&related), ["invalid-helmignore"]);
    let again = session.ask("a/extension.yaml", id.as_deref());
    assert_eq!(again.get("relatedDocuments"), None, "{again}");
    session.disk.write("a/.helmignore", "docs\n");
    session.changed_on_disk("a/.helmignore");
    let is_taken_back = |report: &Value| {
        let related = &report["relatedDocuments"][&ignore];
        !related.is_null() && found(related).is_empty()
    };
    while !is_taken_back(&session.ask("a/extension.yaml", id.as_deref())) {}
}

#[test]
fn the_workspace_is_answered_whole_once_all_of_it_is_checked() {
    let mut session = Session::start(&["a", "b", "c"]);
    let items = session.ask_all(&[]);
    let manifests = items
        .iter()
        .filter(|item| text(&item["uri"]).ends_with("/extension.yaml"));
    let manifests: Vec<_> = manifests.map(found).collect();
    assert_eq!(manifests, [["unknown-key"]; 3]);
    let previous = known(&items);
    let again = session.ask_all(&previous);
    assert_eq!(again.len(), items.len());
    assert!(
        again.iter().all(|item| item["kind"] == "unchanged"),
        "{again:?}"
    );
    session.disk.write("b/extension.yaml", MANIFEST);
    session.changed_on_disk("b/extension.yaml");
    let changed = session.ask_all(&previous);
    let changed: Vec<_> = changed
        .iter()
        .filter(|item| item["kind"] == "full")
        .collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(changed[0]["uri"], session.disk.uri("b/extension.yaml"));
    assert_eq!(found(changed[0]), Vec::<&str>::new());
}

#[test]
fn the_workspace_is_answered_bit_by_bit_and_a_question_waits_for_news() {
    let mut session = Session::start(&["a", "b"]);
    let params = json!({"previousResultIds": [], "partialResultToken": "part"});
    let answer = session.client.request(WORKSPACE, params);
    assert_eq!(answer, Ok(json!({"items": []})));
    let mut items = Vec::new();
    for progress in session.client.notifications("$/progress") {
        assert_eq!(progress["token"], "part");
        items.extend(
            progress["value"]["items"]
                .as_array()
                .expect("a list")
                .clone(),
        );
    }
    let manifests = items
        .iter()
        .filter(|item| text(&item["uri"]).ends_with("/extension.yaml"));
    assert_eq!(manifests.count(), 2, "{items:?}");

    let params = json!({"previousResultIds": ids(&known(&items)), "partialResultToken": "more"});
    let asked = session.client.start_request(WORKSPACE, params.clone());
    let cancelled = session.client.start_request(WORKSPACE, params);
    // A later question is answered while these wait.
    session.ask("a/extension.yaml", None);
    assert!(!session.client.has_response(asked));
    session.client.cancel(cancelled);
    let answer = session.client.wait_response(cancelled);
    assert_eq!(answer.expect_err("an error")["code"], -32800);
    session.disk.write("b/extension.yaml", MANIFEST);
    session.changed_on_disk("b/extension.yaml");
    assert_eq!(
        session.client.wait_response(asked),
        Ok(json!({"items": []}))
    );
    let news = session
        .client
        .wait_notification("$/progress", |progress| progress["token"] == "more");
    let items = news.params["value"]["items"].as_array().expect("a list");
    assert_eq!(items[0]["uri"], session.disk.uri("b/extension.yaml"));
    assert_eq!(found(&items[0]), Vec::<&str>::new());
}

#[test]
fn the_client_is_asked_to_ask_again_when_files_or_settings_change() {
    let mut session = Session::start(&["a"]);
    let uri = session.disk.uri("a/extension.yaml");
    session
        .client
        .open(&uri, &MANIFEST.replace("图标.svg", "新.svg"));
    let report = session.ask("a/extension.yaml", None);
    assert_eq!(found(&report), ["missing-icon"]);
    let asked = |session: &Session| {
        let requests = session
            .client
            .server_requests("workspace/diagnostic/refresh");
        requests.len()
    };
    let before = asked(&session);
    session.disk.write("a/static/新.svg", "<svg/>");
    session.changed_on_disk("a/static/新.svg");
    let report = loop {
        let report = session.ask("a/extension.yaml", None);
        if found(&report).is_empty() && asked(&session) > before {
            break report;
        }
    };
    let before = asked(&session);
    let settings = json!({"ksext": {"lang": "zh", "size": {"limit": 10}}});
    session.client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": settings}),
    );
    let id = text(&report["resultId"]);
    loop {
        let report = session.ask("a/extension.yaml", Some(&id));
        if report["kind"] == "full" && asked(&session) > before {
            assert!(found(&report).contains(&"package-too-large"), "{report}");
            break;
        }
    }
}
