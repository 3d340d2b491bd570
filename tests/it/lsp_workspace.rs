//! Packages that are known although nobody has opened their manifest.

use ksext_test_support::{Ksext, LspClient, PackageDir, eventually, uri_of};
use serde_json::{Value, json};

use crate::lsp_editor::{MANIFEST, capable, rules, write_wrong_package, wrong};

const PUBLISH: &str = "textDocument/publishDiagnostics";

/// A session, and a folder with packages.
struct Session {
    client: LspClient,
    disk: PackageDir,
}

impl Session {
    /// A session of an editor that can do this, with these folders open; in each of the folders
    /// `packages` is a package with a wrong manifest.
    fn start(capabilities: Value, packages: &[&str], folders: &[&str]) -> Self {
        let disk = PackageDir::new(&[]);
        for package in packages {
            write_wrong_package(&disk, package);
        }
        let uris: Vec<_> = folders
            .iter()
            .map(|folder| folder_at(&disk, folder))
            .collect();
        Self::with(
            disk,
            json!({"capabilities": capabilities, "workspaceFolders": uris}),
        )
    }

    fn with(disk: PackageDir, initialize: Value) -> Self {
        let mut client = Ksext::new(env!("CARGO_BIN_EXE_ksext")).lsp();
        client.initialize_with(initialize);
        Self { client, disk }
    }

    /// Waits until the client is told that these are the rules of the findings in a file.
    #[track_caller]
    fn told(&self, file: &str, expected: &[&str]) -> Value {
        self.told_at(&self.disk.uri(file), expected)
    }

    #[track_caller]
    fn told_at(&self, uri: &str, expected: &[&str]) -> Value {
        let found = |params: &Value| {
            let found = params["diagnostics"].as_array().cloned();
            params["uri"] == uri && rules(&found.unwrap_or_default()) == expected
        };
        self.client.wait_notification(PUBLISH, found).params
    }

    /// Waits until all that was sent before is dealt with.
    fn settle(&mut self) {
        let size = json!({"command": "ksext.size", "arguments": [{"uri": "file:///nowhere"}]});
        let _ = self.client.request("workspace/executeCommand", size);
    }

    fn change_folders(&self, added: &[&str], removed: &[&str]) {
        let folders = |names: &[&str]| -> Vec<_> {
            names
                .iter()
                .map(|name| folder_at(&self.disk, name))
                .collect()
        };
        let event = json!({"added": folders(added), "removed": folders(removed)});
        self.client.notify(
            "workspace/didChangeWorkspaceFolders",
            json!({"event": event}),
        );
    }

    fn changed_on_disk(&self, path: &str, kind: u32) {
        let changes = json!([{"uri": self.disk.uri(path), "type": kind}]);
        self.client.notify(
            "workspace/didChangeWatchedFiles",
            json!({"changes": changes}),
        );
    }

    /// The files of which the client was told last that something is wrong with them, below `folder`.
    fn shown(&self, folder: &str) -> Vec<String> {
        let folder = self.disk.uri(folder);
        let mut shown = std::collections::BTreeSet::new();
        for params in self.client.notifications(PUBLISH) {
            let uri = params["uri"].as_str().expect("a URI");
            let Some(file) = uri.strip_prefix(&folder) else {
                continue;
            };
            let file = file.trim_start_matches('/').to_owned();
            if params["diagnostics"] == json!([]) {
                shown.remove(&file);
            } else {
                shown.insert(file);
            }
        }
        shown.into_iter().collect()
    }
}

fn folder_at(disk: &PackageDir, folder: &str) -> Value {
    json!({"uri": disk.uri(folder), "name": folder})
}

#[test]
fn all_packages_of_the_workspace_are_reported_and_nothing_else() {
    let disk = PackageDir::new(&[]);
    for folder in [
        "a",
        "deep/in/观 测",
        "a/charts/inner",
        "node_modules/b",
        ".hidden/c",
    ] {
        write_wrong_package(&disk, folder);
    }
    disk.write("foreign/extension.yaml", "specVersion: v1beta\nname: x\n");
    let folders = json!([folder_at(&disk, "")]);
    let session = Session::with(
        disk,
        json!({"capabilities": {}, "workspaceFolders": folders}),
    );
    session.told("a/extension.yaml", &["unknown-key"]);
    session.told("deep/in/观 测/extension.yaml", &["unknown-key"]);
    let reported = session.client.notifications(PUBLISH);
    let manifests = reported.iter().filter(|params| {
        params["uri"]
            .as_str()
            .is_some_and(|uri| uri.ends_with("/extension.yaml"))
    });
    assert_eq!(manifests.count(), 2, "{reported:?}");
    assert!(
        reported
            .iter()
            .all(|params| params.get("version").is_none())
    );
}

#[test]
fn older_clients_name_one_root_by_uri_or_path() {
    for by_path in [false, true] {
        let disk = PackageDir::new(&[]);
        write_wrong_package(&disk, "a");
        let root = disk.path().display().to_string();
        let initialize = if by_path {
            json!({"capabilities": {}, "rootUri": null, "rootPath": root})
        } else {
            json!({"capabilities": {}, "rootUri": disk.uri("")})
        };
        let session = Session::with(disk, initialize);
        session.told("a/extension.yaml", &["unknown-key"]);
    }
}

#[test]
fn folders_come_and_go() {
    let session = Session::start(json!({}), &["one/a", "two/b"], &["one"]);
    session.told("one/a/extension.yaml", &["unknown-key"]);
    session.change_folders(&["two"], &["one"]);
    session.told("one/a/extension.yaml", &[]);
    session.told("two/b/extension.yaml", &["unknown-key"]);
    // A folder in another one that stays.
    session.change_folders(&["", "one"], &[]);
    session.told("one/a/extension.yaml", &["unknown-key"]);
    session.change_folders(&[], &["one", "two"]);
    session.change_folders(&[], &[""]);
    session.told("one/a/extension.yaml", &[]);
    session.told("two/b/extension.yaml", &[]);
}

#[test]
fn folders_that_are_gone_before_they_were_looked_at_leave_nothing() {
    let mut session = Session::start(json!({}), &["one/a", "two/b"], &[]);
    for _ in 0..20 {
        session.change_folders(&["one"], &[]);
        session.change_folders(&[], &["one"]);
    }
    session.change_folders(&["two"], &[]);
    session.told("two/b/extension.yaml", &["unknown-key"]);
    session.settle();
    assert_eq!(session.shown("one"), Vec::<String>::new());
}

#[test]
fn an_open_package_stays_when_its_folder_goes_and_goes_when_it_is_closed() {
    let session = Session::start(json!({}), &["a"], &[""]);
    let manifest = session.disk.uri("a/extension.yaml");
    session.client.open(&manifest, &wrong());
    let open = |params: &Value| params["uri"] == manifest && params["version"] == 1;
    session.client.wait_notification(PUBLISH, open);
    session.change_folders(&[], &[""]);
    let longer = format!("{}other: 1\n", wrong());
    session
        .client
        .change(&manifest, 2, json!([{"text": longer}]));
    session.told("a/extension.yaml", &["unknown-key", "unknown-key"]);
    session.client.close(&manifest);
    session.told("a/extension.yaml", &[]);
}

#[test]
fn what_is_closed_is_reported_as_it_is_on_the_disk() {
    let session = Session::start(json!({}), &["a"], &[""]);
    let manifest = session.disk.uri("a/extension.yaml");
    session.client.open(&manifest, MANIFEST);
    let open = |params: &Value| params["uri"] == manifest && params["version"] == 1;
    let seen = session.client.wait_notification(PUBLISH, open);
    assert_eq!(seen.params["diagnostics"], json!([]));
    session.client.close(&manifest);
    let seen = session.told("a/extension.yaml", &["unknown-key"]);
    assert_eq!(seen.get("version"), None);
}

#[test]
fn a_file_of_a_package_is_enough_to_know_the_package() {
    let mut session = Session::start(json!({}), &["a"], &[]);
    let (readme, values) = (
        session.disk.uri("a/README.md"),
        session.disk.uri("a/values.yaml"),
    );
    session.client.open(&readme, "# Demo\n");
    session.told("a/extension.yaml", &["unknown-key"]);
    session.client.open(&values, "frontend: {}\n");
    session.client.close(&readme);
    session.settle();
    assert_eq!(session.shown("a"), ["extension.yaml"]);
    session.client.close(&values);
    session.told("a/extension.yaml", &[]);
}

#[test]
fn a_user_may_want_to_hear_of_open_packages_only() {
    let mut session = Session::start(capable(), &["a", "b"], &[""]);
    session.told("a/extension.yaml", &["unknown-key"]);
    session.told("b/extension.yaml", &["unknown-key"]);
    let readme = session.disk.uri("a/README.md");
    session.client.open(&readme, "# Demo\n");
    let off = json!([{"diagnostics": {"workspace": false}}]);
    session.client.respond(move |method, _| match method {
        "workspace/configuration" => ksext_test_support::Reply::Result(off.clone()),
        _ => ksext_test_support::Reply::Result(Value::Null),
    });
    let nothing = json!({"settings": null});
    session
        .client
        .notify("workspace/didChangeConfiguration", nothing);
    session.told("b/extension.yaml", &[]);
    session.settle();
    assert_eq!(session.shown(""), ["a/extension.yaml"]);
    session.client.close(&readme);
    session.told("a/extension.yaml", &[]);
}

#[test]
fn packages_are_found_and_lost_while_the_editor_runs() {
    let session = Session::start(capable(), &["a"], &[""]);
    session.told("a/extension.yaml", &["unknown-key"]);
    write_wrong_package(&session.disk, "b");
    session.changed_on_disk("b/extension.yaml", 1);
    session.told("b/extension.yaml", &["unknown-key"]);
    session.disk.write("b/extension.yaml", MANIFEST);
    session.changed_on_disk("b/extension.yaml", 2);
    session.told("b/extension.yaml", &[]);
    std::fs::remove_dir_all(session.disk.path().join("a")).expect("removed");
    session.changed_on_disk("a", 3);
    session.told("a/extension.yaml", &[]);
}

#[test]
fn a_client_that_watches_no_files_hears_of_them_all_the_same() {
    let session = Session::start(json!({}), &["a"], &[""]);
    session.told("a/extension.yaml", &["unknown-key"]);
    // The folder may not be watched yet when it is written for the first time.
    let told = |params: &Value| {
        params["uri"] == session.disk.uri("a/extension.yaml") && params["diagnostics"] == json!([])
    };
    let mut count = 0;
    eventually(|| {
        count += 1;
        let text = format!("{MANIFEST}# {count}\n");
        session.disk.write("a/extension.yaml", text);
        let seen = session.client.notifications(PUBLISH);
        if seen.iter().any(told) {
            Ok(())
        } else {
            Err(seen)
        }
    });
}

#[cfg(unix)]
#[test]
fn a_root_behind_a_link_keeps_its_name_and_shows_no_package_twice() {
    let disk = PackageDir::new(&[]);
    write_wrong_package(&disk, "real/a");
    let link = disk.path().join("link");
    std::os::unix::fs::symlink(disk.path().join("real"), &link).expect("linked");
    let folders = json!([{"uri": uri_of(&link), "name": "link"}, folder_at(&disk, "real")]);
    let initialize = json!({"capabilities": {}, "workspaceFolders": folders});
    let mut session = Session::with(disk, initialize);
    session.told_at(
        &format!("{}/a/extension.yaml", uri_of(&link)),
        &["unknown-key"],
    );
    session.settle();
    assert_eq!(session.shown("real"), Vec::<String>::new());
    // Without the link the package is seen under its other name.
    let removed = json!([{"uri": uri_of(&link), "name": "link"}]);
    let event = json!({"event": {"added": [], "removed": removed}});
    session
        .client
        .notify("workspace/didChangeWorkspaceFolders", event);
    session.told("real/a/extension.yaml", &["unknown-key"]);
}

#[cfg(unix)]
#[test]
fn a_manifest_behind_a_link_out_of_the_package_is_told_while_it_is_open() {
    let session = Session::start(json!({}), &["a"], &[]);
    let manifest = session.disk.path().join("a/extension.yaml");
    std::fs::rename(&manifest, session.disk.path().join("elsewhere.yaml")).expect("moved");
    std::os::unix::fs::symlink("../elsewhere.yaml", &manifest).expect("linked");
    session
        .client
        .open(&session.disk.uri("a/extension.yaml"), &wrong());
    session.told("a/extension.yaml", &["path-escapes-package"]);
}

#[test]
fn an_unsaved_text_is_checked_without_files_if_it_is_ours() {
    let mut session = Session::start(json!({}), &[], &[]);
    let ours = "untitled:Untitled-1";
    session.client.open(ours, &wrong());
    let seen = session.told_at(ours, &["unknown-key"]);
    assert_eq!(seen["version"], 1);
    let hover = json!({"textDocument": {"uri": ours}, "position": {"line": 1, "character": 1}});
    let hover = session.client.request("textDocument/hover", hover);
    assert_ne!(hover, Ok(Value::Null));
    session.client.open("untitled:Untitled-2", "a: [\n");
    let document = json!({"uri": "untitled:Untitled-3", "languageId": "markdown", "version": 1, "text": wrong()});
    session
        .client
        .notify("textDocument/didOpen", json!({"textDocument": document}));
    session.client.close(ours);
    session.told_at(ours, &[]);
    let others = session.client.notifications(PUBLISH);
    assert!(
        others.iter().all(|params| params["uri"] == ours),
        "{others:?}"
    );
}

#[test]
fn one_file_under_two_names_is_one_package_and_both_names_are_told() {
    let mut session = Session::start(json!({}), &["a"], &[]);
    let plain = session.disk.uri("a/extension.yaml");
    let other = session.disk.uri("a").replace("/a", "/%61") + "/%65xtension.yaml";
    session.client.open(&plain, &wrong());
    session.told_at(&plain, &["unknown-key"]);
    session.client.open(&other, &wrong());
    session.told_at(&other, &["unknown-key"]);
    // Each name has its own text for a moment; the one changed last counts, questions get their own.
    session
        .client
        .change(&other, 2, json!([{"text": MANIFEST}]));
    session.told_at(&other, &[]);
    for uri in [&plain, &other] {
        let line = if *uri == plain { 18 } else { 1 };
        let at = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": 1}});
        let hover = session.client.request("textDocument/hover", at);
        assert!(hover.is_ok(), "{hover:?}");
    }
    session.client.close(&other);
    session.told_at(&plain, &["unknown-key"]);
    session.client.close(&plain);
    session.told_at(&plain, &[]);
}

#[test]
fn odd_orders_of_opening_and_closing_end_with_nothing() {
    let mut session = Session::start(json!({}), &["a"], &[]);
    let (manifest, values) = (
        session.disk.uri("a/extension.yaml"),
        session.disk.uri("a/values.yaml"),
    );
    session.client.close(&manifest);
    session.client.change(&manifest, 3, json!([{"text": "x"}]));
    session.client.open(&manifest, &wrong());
    session.client.open(&manifest, &wrong());
    session.client.open(&values, "a: 1\n");
    session.client.close(&manifest);
    session.client.close(&manifest);
    session.client.close(&values);
    session.client.open(&values, "a: 1\n");
    session.told("a/extension.yaml", &["unknown-key"]);
    session.client.close(&values);
    session.told("a/extension.yaml", &[]);
    session.settle();
    assert_eq!(session.shown(""), Vec::<String>::new());
}

#[test]
fn a_manifest_that_is_too_long_is_told_once() {
    let mut session = Session::start(json!({}), &["a"], &[]);
    let manifest = session.disk.uri("a/extension.yaml");
    let long = format!("{MANIFEST}# {}\n", "x".repeat(17 << 20));
    session.client.open(&manifest, &long);
    let message = |params: &Value| {
        params["message"]
            .as_str()
            .is_some_and(|it| it.contains("16 MB"))
    };
    session
        .client
        .wait_notification("window/showMessage", message);
    let end = json!({"line": 0, "character": 0});
    let change = json!([{"range": {"start": end, "end": end}, "text": "#\n"}]);
    session.client.change(&manifest, 2, change);
    session
        .client
        .change(&manifest, 3, json!([{"text": wrong()}]));
    session.told("a/extension.yaml", &["unknown-key"]);
    session.settle();
    let told = session.client.notifications("window/showMessage");
    assert_eq!(told.iter().filter(|it| message(it)).count(), 1, "{told:?}");
}

#[test]
fn settings_above_packages_are_told_once_in_their_own_file() {
    let disk = PackageDir::new(&[]);
    write_wrong_package(&disk, "a");
    write_wrong_package(&disk, "b");
    disk.write(
        ".ksext.yaml",
        "size:\n  limits: 3\nserver: x\nrules: {unknown-key: hint}\n",
    );
    let folders = json!([folder_at(&disk, "")]);
    let session = Session::with(
        disk,
        json!({"capabilities": {}, "workspaceFolders": folders}),
    );
    let seen = session.told(".ksext.yaml", &["project-settings", "project-settings"]);
    assert_eq!(
        seen["diagnostics"][0]["range"]["start"],
        json!({"line": 1, "character": 2})
    );
    session.told("a/extension.yaml", &["unknown-key"]);
    session.told("b/extension.yaml", &["unknown-key"]);
    // What is typed counts for the file itself and for open packages, what is saved for all.
    let settings = session.disk.uri(".ksext.yaml");
    session.client.open(&settings, "lang: [\n");
    let seen = session.told(".ksext.yaml", &["project-settings"]);
    assert_eq!(seen["version"], 1);
    let off = "rules: {unknown-key: off}\n";
    session.client.change(&settings, 2, json!([{"text": off}]));
    session.told(".ksext.yaml", &[]);
    session.disk.write(".ksext.yaml", off);
    session.client.notify(
        "textDocument/didSave",
        json!({"textDocument": {"uri": settings}}),
    );
    session.told("a/extension.yaml", &[]);
    session.told("b/extension.yaml", &[]);
}

#[test]
fn settings_without_a_package_are_told_while_they_are_open() {
    let session = Session::start(json!({}), &[], &[]);
    let settings = session.disk.uri(".ksext.yaml");
    session.client.open(&settings, "lang: fr\n");
    session.told(".ksext.yaml", &["project-settings"]);
    session.client.close(&settings);
    session.told(".ksext.yaml", &[]);
}

#[test]
fn text_that_nobody_reads_is_marked_for_clients_that_fade_it() {
    let tags =
        json!({"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [1, 2]}}}});
    for (capabilities, expected) in [(tags, json!([1])), (json!({}), Value::Null)] {
        let session = Session::start(capabilities, &["a"], &[""]);
        let seen = session.told("a/extension.yaml", &["unknown-key"]);
        assert_eq!(seen["diagnostics"][0]["tags"], expected);
    }
}
