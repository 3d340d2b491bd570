//! A package at a glance: `ksext/packageStatus`, and when a client is told to ask again.

use ksext_test_support::{KEY, Ksext, PackageDir, Reply, SandboxProcess, eventually};
use serde_json::{Value, json};

use crate::lsp_editor::{Editor, MANIFEST, write_wrong_package, wrong};
use crate::vscode::assert_declared;

const CHANGED: &str = "ksext/didChangePackageStatus";

/// Parameters of `initialize` of an editor that shows the status.
fn shows_status(options: &Value) -> Value {
    json!({
        "capabilities": {"experimental": {"ksext": {"packageStatus": true}}},
        "initializationOptions": options,
    })
}

#[track_caller]
fn status(editor: &mut Editor, uri: &str) -> Value {
    let answer = editor
        .client
        .request("ksext/packageStatus", json!({"uri": uri}));
    answer.expect("an answer")
}

/// Waits until the status of the open manifest fulfils `wanted`, asking only when told that it has
/// changed.
#[track_caller]
fn told(editor: &mut Editor, wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        editor.client.wait_notification(CHANGED, |_| true);
        let uri = editor.uri.clone();
        let now = status(editor, &uri);
        if wanted(&now) {
            return now;
        }
    }
}

#[track_caller]
fn run(editor: &mut Editor, command: &str, argument: Value) -> Result<Value, Value> {
    let params = json!({"command": command, "arguments": [argument]});
    editor.client.request("workspace/executeCommand", params)
}

#[test]
fn a_package_is_told_by_any_of_its_files_and_by_its_folder() {
    let disk = PackageDir::new(&[("notes/README.md", "# Notes\n")]);
    write_wrong_package(&disk, "观测");
    let folder = disk.uri("");
    let folder = folder.trim_end_matches('/');
    let mut editor = Editor::start(json!({
        "capabilities": {}, "workspaceFolders": [{"uri": folder, "name": "w"}],
        "initializationOptions": {"lang": "zh"},
    }));
    let root = disk.uri("观测");
    let expected = json!({
        "root": root, "manifest": disk.uri("观测/extension.yaml"),
        "name": "demo", "version": "0.1.0", "findings": {"errors": 0, "warnings": 1},
        "server": "https://apis.kubesphere.cloud", "loggedIn": false,
    });
    // Nothing is open: the package is found and checked in the background.
    eventually(|| match status(&mut editor, &root) {
        Value::Null => Err("not known yet"),
        now => {
            assert_eq!(now, expected);
            Ok(())
        }
    });
    for inside in [
        "观测/",
        "观测/README.md",
        "观测/charts/frontend/no-such-file",
    ] {
        assert_eq!(status(&mut editor, &disk.uri(inside)), expected, "{inside}");
    }
    for outside in ["", "notes/README.md", "no-such-folder/extension.yaml"] {
        assert_eq!(
            status(&mut editor, &disk.uri(outside)),
            Value::Null,
            "{outside}"
        );
    }
    assert_eq!(status(&mut editor, "untitled:Untitled-1"), Value::Null);
    // Who has not declared to show it is not told.
    assert_eq!(editor.client.notifications(CHANGED), [Value::Null; 0]);

    // What is open counts, not what is on the disk; then the size is measured.
    let uri = disk.uri("观测/extension.yaml");
    editor
        .client
        .open(&uri, &MANIFEST.replace("0.1.0", "0.2.0"));
    let now = status(&mut editor, &root);
    assert_eq!(
        (&now["version"], &now["findings"]["warnings"]),
        (&json!("0.2.0"), &json!(0))
    );
    eventually(|| match status(&mut editor, &root)["size"].clone() {
        Value::Null => Err("not measured yet"),
        size => {
            let text = size["text"].as_str().expect("a text");
            assert!(text.ends_with("，上限 1.0 MB"), "{text}");
            assert_eq!(
                (&size["limit"], &size["tooLarge"]),
                (&json!(1_048_576), &json!(false))
            );
            Ok(())
        }
    });
}

#[test]
fn a_status_is_told_to_have_changed_with_findings_size_login_and_review() {
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
    let sandbox = SandboxProcess::start(ksext.clone(), &[]);
    let options =
        json!({"server": sandbox.url(), "push": {"confirm": false}, "status": {"poll": 0.05}});
    let mut editor = Editor::start_with(&ksext, shows_status(&options), |_, _| {
        Reply::Result(Value::Null)
    });
    editor.open_manifest(MANIFEST);
    let measured = told(&mut editor, |now| now["size"]["projected"].is_u64());
    assert_eq!(measured["findings"], json!({"errors": 0, "warnings": 0}));
    assert_eq!(
        (&measured["server"], &measured["loggedIn"]),
        (&json!(sandbox.url()), &json!(false))
    );

    editor.change(json!([{"text": wrong()}]));
    told(&mut editor, |now| now["findings"]["warnings"] == 1);
    editor.change(json!([{"text": MANIFEST}]));
    told(&mut editor, |now| now["findings"]["warnings"] == 0);
    editor
        .package
        .write("charts/frontend/大.txt", "1".repeat(200));
    editor.changed_on_disk(&["charts/frontend/大.txt"]);
    told(&mut editor, |now| now["size"] != measured["size"]);

    run(&mut editor, "ksext.login", json!({"token": KEY})).expect("logged in");
    told(&mut editor, |now| {
        now["loggedIn"] == true && now["review"]["text"] == "not pushed yet"
    });
    let argument = json!({"uri": editor.uri});
    let pushed = run(&mut editor, "ksext.push", argument).expect("pushed");
    told(&mut editor, |now| now["review"]["status"] == "submitted");
    let snapshot = pushed["snapshotId"].as_str().expect("an id");
    sandbox.decide(snapshot, "approve", "");
    let now = told(&mut editor, |now| now["review"]["status"] == "active");
    assert_eq!(now["review"]["text"], "active");
    assert_declared("server/protocol.ts", "PackageStatus", &now);
    let table = now["review"]["table"].as_str().expect("a table");
    assert!(
        table.contains(&format!("| {snapshot} | 0.1.0 | active | ")),
        "{table}"
    );
}

#[test]
fn a_key_that_the_editor_keeps_is_taken_without_a_question() {
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
    let sandbox = SandboxProcess::start(ksext.clone(), &[]);
    let options = json!({"push": {"confirm": false}, "status": {"poll": 0.05}});
    let mut editor = Editor::start_with(&ksext, shows_status(&options), |_, _| {
        Reply::Result(Value::Null)
    });
    editor.open_manifest(MANIFEST);
    editor.found();
    let login = json!({"token": KEY, "server": sandbox.url(), "store": false, "verify": false});
    for (missing, value) in [
        ("token", Value::Null),
        ("store", json!(true)),
        ("store", Value::Null),
    ] {
        let mut login = login.clone();
        login[missing] = value;
        let error = run(&mut editor, "ksext.login", login).expect_err("refused");
        assert_eq!(
            error["data"]["kind"], "invalid-argument",
            "{missing}: {error}"
        );
    }
    let before = sandbox.requests();
    let answer = run(&mut editor, "ksext.login", login).expect("taken");
    assert_eq!(answer, json!({"server": sandbox.url()}));
    told(&mut editor, |now| {
        now["loggedIn"] == true && now["server"] == sandbox.url()
    });
    let titles = editor.lenses().to_string();
    assert!(
        titles.contains("Push demo") && !titles.contains("Log in"),
        "{titles}"
    );
    // Whoever asked would have asked by now: what is told last comes after what a login sets off.
    for text in [wrong(), MANIFEST.to_owned()] {
        editor.change(json!([{"text": text}]));
    }
    assert_eq!(sandbox.requests(), before);

    let who = run(&mut editor, "ksext.whoami", json!({})).expect("an account");
    assert_eq!(
        (&who["server"], &who["source"]),
        (&json!(sandbox.url()), &json!("memory"))
    );
    assert!(who["user"]["id"].is_string(), "{who}");
    let argument = json!({"uri": editor.uri});
    let pushed = run(&mut editor, "ksext.push", argument).expect("pushed");
    sandbox.decide(pushed["snapshotId"].as_str().expect("an id"), "approve", "");
    told(&mut editor, |now| now["review"]["status"] == "active");
    // It was for this session alone.
    let output = ksext.clone().args(["whoami"]).run();
    assert!(output.stderr.contains("not logged in"), "{output}");
}

#[test]
fn a_package_that_is_no_more_is_not_told() {
    let mut editor = Editor::start(shows_status(&json!({})));
    editor.open_manifest(MANIFEST);
    let uri = editor.uri.clone();
    let now = status(&mut editor, &uri);
    assert_eq!(
        (&now["manifest"], &now["name"]),
        (&json!(uri), &json!("demo"))
    );
    editor.client.close(&uri);
    told(&mut editor, Value::is_null);
}

#[test]
fn the_packages_of_the_workspace_are_listed_as_they_come_and_go() {
    let disk = PackageDir::new(&[
        (
            "notes/extension.yaml",
            "specVersion: v1beta\nname: firebase\n",
        ),
        ("b/charts/web/Chart.yaml", "name: web\n"),
    ]);
    for folder in ["观测", "b"] {
        write_wrong_package(&disk, folder);
    }
    let folder = disk.uri("");
    let mut editor = Editor::start(json!({
        "capabilities": {"experimental": {"ksext": {"packageStatus": true}}},
        "workspaceFolders": [{"uri": folder.trim_end_matches('/'), "name": "w"}],
    }));
    let listed = |editor: &mut Editor| {
        let answer = editor.client.request("ksext/packages", Value::Null);
        let answer = answer.expect("an answer");
        assert_declared("server/protocol.ts", "PackageList", &answer);
        for package in answer["packages"].as_array().into_iter().flatten() {
            assert_declared("server/protocol.ts", "ListedPackage", package);
        }
        answer["packages"].clone()
    };
    let package = |folder: &str| {
        json!({
            "root": disk.uri(folder), "manifest": disk.uri(&format!("{folder}/extension.yaml")),
            "name": "demo", "version": "0.1.0",
        })
    };
    // Asked at once, it is answered when all folders are looked through.
    let roots = |packages: &Value| -> Vec<String> {
        let packages = packages.as_array().into_iter().flatten();
        packages
            .map(|it| it["root"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(
        roots(&listed(&mut editor)),
        [disk.uri("b"), disk.uri("观测")]
    );
    // Versions follow when the packages are read.
    let settled = |editor: &mut Editor, expected: Value| {
        while listed(editor) != expected {
            editor.client.wait_notification(CHANGED, |_| true);
        }
    };
    settled(&mut editor, json!([package("b"), package("观测")]));
    let changed = |editor: &Editor, path: &str| {
        let change = json!({"uri": disk.uri(path), "type": 2});
        let params = json!({"changes": [change]});
        editor
            .client
            .notify("workspace/didChangeWatchedFiles", params);
    };
    disk.remove("b/extension.yaml");
    changed(&editor, "b/extension.yaml");
    settled(&mut editor, json!([package("观测")]));
    write_wrong_package(&disk, "c");
    changed(&editor, "c/extension.yaml");
    settled(&mut editor, json!([package("c"), package("观测")]));
}

#[test]
fn ages_are_told_in_the_words_of_the_answers() {
    let mut editor = Editor::start(json!({
        "capabilities": {}, "initializationOptions": {"lang": "zh"},
    }));
    let times = json!({"times": ["2020-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "昨天"]});
    let answer = editor.client.request("ksext/ages", times).expect("ages");
    assert_declared("server/protocol.ts", "Ages", &answer);
    let texts = answer["texts"].as_array().expect("a list");
    assert!(
        texts[0].as_str().is_some_and(|text| text.ends_with("年前")),
        "{texts:?}"
    );
    assert_eq!(texts[1..], [Value::Null, Value::Null]);
}
