//! The way to KubeSphere Cloud and back: the program against `ksext sandbox`, as a user at a terminal
//! or a script in CI sees it.

use std::path::Path;

use ksext_test_support::{KEY, Ksext, Output, PackageDir, SandboxProcess};
use serde_json::{Value, json};

use crate::check::FIXTURES;

const KEY_IN_BASE64: &str = "a2NrLTFlNjMyNjdiLWNiM2MtNDc1Ny1iNzM5LTNkOTRhMDY3ODFhYQ==";

/// A user's machine with a home of its own, and a cloud beside it.
struct Machine {
    sandbox: SandboxProcess,
    ksext: Ksext,
}

impl Machine {
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(sandbox: &[&str]) -> Self {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext")).current_dir(FIXTURES);
        Self {
            sandbox: SandboxProcess::start(ksext.clone(), sandbox),
            ksext,
        }
    }

    fn logged_in() -> Self {
        let machine = Self::new();
        machine.log_in();
        machine
    }

    #[track_caller]
    fn log_in(&self) {
        let output = self.log_in_with(KEY);
        assert_eq!(output.code, Some(0), "{output}");
    }

    fn log_in_with(&self, key: &str) -> Output {
        self.sandbox.log_in(&self.ksext, key)
    }

    fn run<const N: usize>(&self, args: [&str; N]) -> Output {
        self.ksext.clone().args(args).run()
    }

    /// The answer of a run that goes well.
    #[track_caller]
    fn json<const N: usize>(&self, args: [&str; N]) -> Value {
        let output = self
            .ksext
            .clone()
            .args(args)
            .args(["--format", "json"])
            .run();
        assert_eq!(output.code, Some(0), "{output}");
        serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {output}"))
    }

    /// A run that is refused: with exit status 3, nothing on stdout, and these words on stderr.
    #[track_caller]
    fn refused<const N: usize>(&self, args: [&str; N], words: &[&str]) {
        check_refused(&self.run(args), words);
    }

    /// The requests that change something.
    fn uploads(&self) -> Vec<String> {
        self.sandbox
            .requests()
            .into_iter()
            .filter(|request| request.starts_with("POST"))
            .collect()
    }
}

#[track_caller]
fn check_refused(output: &Output, words: &[&str]) {
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (Some(3), ""),
        "{output}"
    );
    assert!(output.stderr.starts_with("ksext: "), "{output}");
    for word in words {
        assert!(output.stderr.contains(word), "{word} is not in: {output}");
    }
}

/// A package with nothing to upload beside it.
fn plain_package() -> PackageDir {
    PackageDir::new(&[
        (
            "extension.yaml",
            "apiVersion: kubesphere.io/v1alpha1\nname: plain\nversion: 1.0.0\n\
             displayName: {en: Plain, zh: 朴素}\ndescription: {en: An example., zh: 一个示例。}\n\
             category: dev-tools\nprovider: {en: {name: Example}}\nksVersion: \">=4.1.0-0\"\n\
             icon: https://example.com/icon.svg\n",
        ),
        ("values.yaml", "图: 1\n"),
        ("README.md", "# 朴素\r\n"),
    ])
}

#[test]
fn a_package_goes_from_login_to_active() {
    let machine = Machine::logged_in();
    let url = machine.sandbox.url();
    let account = machine.json(["whoami"]);
    assert_eq!(
        (&account["version"], &account["server"]),
        (&json!(1), &json!(url))
    );
    assert!(
        account["user"]["id"]
            .as_str()
            .is_some_and(|id| !id.is_empty()),
        "{account}"
    );
    assert_eq!(
        machine.json(["list"]),
        json!({"version": 1, "extensions": []})
    );

    let mut pushed = machine.json(["push", "demo", "--yes"]);
    let snapshot = pushed["snapshotId"].take();
    let snapshot = snapshot.as_str().expect("an id");
    assert!(
        pushed["size"]
            .take()
            .as_u64()
            .is_some_and(|size| size > 1000)
    );
    for upload in pushed["uploads"].as_array_mut().expect("a list") {
        let address = upload["url"].take();
        assert!(
            address
                .as_str()
                .is_some_and(|address| address.starts_with(&url)),
            "{address}"
        );
    }
    assert_eq!(
        pushed,
        json!({
            "name": "demo", "version": "0.1.0", "snapshotId": null, "size": null, "sizeText": "3.0 KB",
            "status": "submitted", "statusText": "submitted", "tone": "waiting",
            "uploads": [
                {"field": "icon", "path": "static/favicon.svg", "size": 271, "url": null},
                {"field": "screenshots[0]", "path": "static/screenshots/overview.png", "size": 1567, "url": null},
            ],
        })
    );

    let mut state = machine.json(["get", "demo"]);
    assert!(state["snapshots"][0]["updatedAt"].take().is_string());
    assert!(state["id"].take().is_string());
    assert_eq!(state["charts"].take()["version"], "0.1.0");
    let expected = json!({
        "version": 1, "name": "demo", "id": null, "charts": null,
        "status": "draft", "statusText": "draft", "tone": "draft",
        "snapshots": [{
            "id": snapshot, "version": "0.1.0", "status": "submitted", "statusText": "submitted",
            "tone": "waiting", "updatedAt": null, "ageText": "just now", "rank": 1,
        }],
    });
    assert_eq!(state, expected);

    machine.sandbox.decide(snapshot, "approve", "");
    let state = machine.json(["get", "demo"]);
    assert_eq!(
        (
            &state["status"],
            &state["latestVersion"],
            &state["snapshots"][0]["status"]
        ),
        (&json!("ready"), &json!("0.1.0"), &json!("active"))
    );
    let listed = machine.json(["list"]);
    assert_eq!(
        listed["extensions"][0]["latestVersion"], "0.1.0",
        "{listed}"
    );

    let output = machine.run(["logout"]);
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (Some(0), "logged out\n"),
        "{output}"
    );
    machine.refused(
        ["whoami"],
        &["not logged in to https://apis.kubesphere.cloud"],
    );
}

#[test]
fn people_read_short_tables_in_their_language() {
    let machine = Machine::logged_in();
    let output = machine.run(["push", "demo", "--yes"]);
    assert!(
        output
            .stdout
            .starts_with("pushed demo 0.1.0 (3.0 KB): snapshot "),
        "{output}"
    );
    assert!(
        output.stdout.ends_with(", submitted\n") && output.stderr.is_empty(),
        "{output}"
    );
    let output = machine.run(["get", "demo", "--lang", "zh"]);
    let labels: Vec<_> = output
        .stdout
        .lines()
        .filter_map(|line| line.split("  ").next())
        .collect();
    assert_eq!(
        labels[..6],
        ["名称：", "ID：", "状态：", "最新版本：", "", "快照"],
        "{output}"
    );
    let output = machine.run(["list"]);
    let lines: Vec<_> = output.stdout.lines().collect();
    assert_eq!(lines[0].find("NAME"), lines[1].find("demo"), "{output}");
}

#[test]
fn a_draft_is_submitted_withdrawn_and_submitted_again() {
    let machine = Machine::logged_in();
    let pushed = machine.json(["push", "demo", "--yes", "--no-submit"]);
    assert_eq!(pushed["status"], "draft");
    let id = pushed["snapshotId"].as_str().expect("an id");
    // What the version is called is known where its package is named.
    for (args, called, status) in [
        (["submit", id], "", "submitted"),
        (["unpush", id], "", "draft"),
        (["submit", "demo"], "demo 0.1.0, ", "submitted"),
        (["unpush", "demo/extension.yaml"], "demo 0.1.0, ", "draft"),
    ] {
        let output = machine.run(args);
        assert_eq!(
            output.stdout,
            format!("{called}snapshot {id}: {status}\n"),
            "{output}"
        );
        assert_eq!(
            machine.json(["get", "demo"])["snapshots"][0]["status"],
            status
        );
    }
    machine.refused(["unpush", id], &["cannot withdraw snapshot", "409"]);
    let other = plain_package();
    let output = machine
        .ksext
        .clone()
        .args(["submit", "."])
        .current_dir(other.path())
        .run();
    check_refused(&output, &["404", "`plain` 1.0.0 was never pushed"]);
}

#[test]
fn waiting_ends_with_the_reviewers_decision() {
    for (review, status, code) in [("approve", "active", 0), ("reject", "rejected", 4)] {
        let machine = Machine::with(&["--review", review]);
        machine.log_in();
        let args = ["push", "demo", "--yes", "--wait=60s", "--format", "json"];
        let output = machine.run(args);
        assert_eq!(output.code, Some(code), "{output}");
        let answer: Value = serde_json::from_str(&output.stdout).expect("JSON");
        assert_eq!(answer["status"], status);
    }
    let machine = Machine::logged_in();
    let output = machine.run(["push", "demo", "--yes", "--wait=0s"]);
    check_refused(
        &output,
        &["`demo` 0.1.0 is pushed, but not decided within 0 s"],
    );
}

#[test]
fn without_a_login_the_hint_says_how_to_get_one() {
    let machine = Machine::new();
    for args in [
        &["whoami"][..],
        &["list"],
        &["get", "demo"],
        &["push", "demo", "--yes"],
        &["unpush", "1"],
    ] {
        let output = machine.ksext.clone().args(args).run();
        check_refused(
            &output,
            &[
                "not logged in to https://apis.kubesphere.cloud",
                "`ksext login`",
            ],
        );
    }
    let output = machine.run(["login"]);
    check_refused(&output, &["https://kubesphere.cloud/user/setting/"]);
    assert_eq!(machine.sandbox.requests(), [""; 0]);
}

#[test]
fn a_wrong_key_is_not_kept() {
    let machine = Machine::with(&["--token", KEY]);
    let odd = machine.log_in_with("secret-of-mine");
    assert_eq!((odd.code, odd.stdout.as_str()), (Some(3), ""), "{odd}");
    assert!(
        odd.stderr.starts_with("this does not look like an API key") && odd.stderr.contains("403"),
        "{odd}"
    );
    let wrong = KEY.replace('1', "2");
    let output = machine.log_in_with(&wrong);
    check_refused(&output, &["403 Forbidden", "may be wrong or expired"]);
    assert!(!output.stderr.contains(&wrong), "{output}");
    check_refused(&machine.log_in_with(""), &["the key is empty"]);
    assert!(!machine.ksext.home().join(".ksbuilder").exists());
    // One that fails leaves the former login alone.
    machine.log_in();
    check_refused(&machine.log_in_with(&wrong), &["403"]);
    assert_eq!(machine.run(["whoami"]).code, Some(0));
}

#[test]
fn a_key_goes_to_its_own_server_alone() {
    let machine = Machine::logged_in();
    let other = Machine::new();
    let output = machine
        .ksext
        .clone()
        .args(["list"])
        .env("KSEXT_SERVER", other.sandbox.url())
        .run();
    check_refused(
        &output,
        &["belongs to http://127.0.0.1", "goes nowhere else"],
    );
    let output = machine
        .ksext
        .clone()
        .args(["whoami", "--server", &other.sandbox.url()])
        .run();
    check_refused(&output, &["goes nowhere else"]);
    let output = machine
        .ksext
        .clone()
        .args(["login", "--server", &other.sandbox.url()])
        .run();
    check_refused(&output, &["goes nowhere else"]);
    assert_eq!(other.sandbox.requests(), [""; 0]);
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let machine = Machine::new();
    for server in [
        "http://10.0.0.1",
        "http://apis.kubesphere.cloud",
        "http://localhost.example",
    ] {
        let login = machine
            .ksext
            .clone()
            .args(["login", "--token-stdin", "--server", server]);
        check_refused(
            &login.stdin(KEY).run(),
            &[server, "would send the key unencrypted"],
        );
        let list = machine
            .ksext
            .clone()
            .args(["list"])
            .env("KSEXT_TOKEN", KEY)
            .env("KSEXT_SERVER", server);
        check_refused(&list.run(), &["would send the key unencrypted"]);
    }
}

#[test]
fn the_environment_brings_a_key_without_a_file() {
    let machine = Machine::new();
    let mut ksext = machine.ksext.clone();
    ksext = ksext
        .env("KSEXT_TOKEN", format!("{KEY}\n"))
        .env("KSEXT_SERVER", machine.sandbox.url());
    let output = ksext.clone().args(["push", "demo", "--yes"]).run();
    assert_eq!(output.code, Some(0), "{output}");
    assert!(!machine.ksext.home().join(".ksbuilder").exists());
    let output = ksext.args(["logout"]).run();
    assert!(output.stderr.contains("`KSEXT_TOKEN` is set"), "{output}");
    // Where nobody can be asked, a login keeps it.
    let login = ["login", "--server", &machine.sandbox.url()];
    let output = machine
        .ksext
        .clone()
        .args(login)
        .env("KSEXT_TOKEN", KEY)
        .run();
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(machine.run(["whoami"]).code, Some(0));
}

#[test]
fn a_package_with_errors_uploads_nothing() {
    let machine = Machine::logged_in();
    machine.refused(
        ["push", "broken-missing-icon", "--yes"],
        &[
            "cannot push `demo`",
            "the check finds 1 error",
            "[missing-icon]",
            "see `ksext check broken-missing-icon`",
        ],
    );
    machine.refused(
        ["push", "broken-wrong-type", "--yes"],
        &["errors: ", "and 5 more"],
    );
    machine.refused(
        ["push", "broken-yaml-quote", "--yes", "--lang", "zh"],
        &["无法推送", "检查发现"],
    );
    let large = plain_package();
    for part in 0..4 {
        large.write(&format!("charts/web/files/{part}"), noise(400_000, part));
    }
    large.write(
        "charts/web/Chart.yaml",
        "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    );
    let path = large.path().to_string_lossy().into_owned();
    machine.refused(["push", &path, "--yes"], &["[package-too-large]"]);
    machine.refused(
        ["push", "nowhere", "--yes"],
        &["there is nothing at `nowhere`"],
    );
    machine.refused(
        ["push", "nowhere", "--yes", "--lang", "zh"],
        &["`nowhere` 不存在"],
    );
    for act in ["submit", "unpush"] {
        let words = ["`nowhere` is no snapshot's id", "no such package"];
        machine.refused([act, "nowhere"], &words);
    }
    assert_eq!(machine.uploads(), [""; 0]);
}

/// Bytes that no compression makes smaller.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ (seed + 1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn nobody_is_asked_where_nobody_can_answer() {
    let machine = Machine::logged_in();
    machine.refused(["push", "demo"], &["no terminal", "`--yes`"]);
    assert_eq!(machine.uploads(), [""; 0]);
}

#[test]
fn the_archive_of_a_dry_run_is_the_one_that_arrives() {
    let machine = Machine::logged_in();
    let package = plain_package();
    let out = tempfile::tempdir().expect("a folder");
    let folder = package.path().to_string_lossy().into_owned();
    let into = out.path().to_string_lossy().into_owned();
    let dry = machine.json(["push", &folder, "--dry-run", "-o", &into]);
    assert_eq!(machine.uploads(), [""; 0]);
    let archive = std::fs::read(out.path().join("plain-1.0.0.tgz")).expect("written");
    assert_eq!(
        (&dry["size"], &dry["uploads"]),
        (&json!(archive.len()), &json!([]))
    );

    let pushed = machine.json(["push", &folder, "--yes"]);
    assert_eq!(pushed["size"], archive.len());
    let arrived = machine
        .sandbox
        .request("GET", "/charts/plain-1.0.0.tgz", "");
    assert_eq!(arrived.status, 200);
    assert!(
        arrived.body == archive,
        "{} and {} bytes differ",
        arrived.body.len(),
        archive.len()
    );
    let size = machine.json(["size", &folder]);
    assert_eq!(size["projected"], archive.len());

    // An archive is a package too, and packs to itself.
    let packed = out
        .path()
        .join("plain-1.0.0.tgz")
        .to_string_lossy()
        .into_owned();
    assert_eq!(
        machine.json(["push", &packed, "--dry-run"])["size"],
        archive.len()
    );
}

#[test]
fn the_login_is_ksbuilders_file_and_its_owners_alone() {
    let machine = Machine::logged_in();
    let file = machine.ksext.home().join(".ksbuilder").join("config.json");
    let read = || std::fs::read_to_string(&file).expect("text");
    let url = machine.sandbox.url();
    let expected = format!("{{\n  \"token\": \"{KEY_IN_BASE64}\",\n  \"server\": \"{url}\"\n}}");
    assert_eq!(read(), expected);
    check_private(&file);

    std::fs::write(&file, "{\"token\": \"c2VjcmV0").expect("written");
    machine.refused(
        ["whoami"],
        &["cannot read the login in @@HOME@@", "log in again"],
    );
    let output = machine.log_in_with(KEY);
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(
        output.stderr,
        "the former login could not be read and was replaced\n"
    );
    assert_eq!(read(), expected);
    check_private(&file);
}

#[cfg(unix)]
#[track_caller]
fn check_private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let folder = file.parent().expect("a folder");
    assert_eq!((mode(file), mode(folder)), (0o600, 0o700));
}

#[cfg(not(unix))]
fn check_private(_: &Path) {}

#[test]
fn the_sandbox_says_first_where_it_listens() {
    let machine = Machine::new();
    let port = machine
        .sandbox
        .url()
        .rsplit(':')
        .next()
        .and_then(|port| port.parse::<u16>().ok());
    assert!(
        port.is_some_and(|port| port > 0),
        "{}",
        machine.sandbox.url()
    );
    let taken = port.map(|port| port.to_string()).unwrap_or_default();
    machine.refused(["sandbox", "--port", &taken], &[&taken, "`--port 0`"]);
}

#[test]
fn a_sandbox_with_a_folder_remembers() {
    let state = tempfile::tempdir().expect("a folder");
    let folder = state.path().to_string_lossy().into_owned();
    let first = Machine::with(&["--state", &folder]);
    first.log_in();
    let pushed = first.json(["push", "demo", "--yes"]);
    drop(first);
    let second = Machine::with(&["--state", &folder]);
    second.log_in();
    assert_eq!(
        second.json(["get", "demo"])["snapshots"][0]["id"],
        pushed["snapshotId"]
    );
}
