//! Following the review at a terminal: what `get`, `watch` and `diff` say, against a sandbox.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;

use ksext_test_support::{KEY, Ksext, Output, PackageDir, SandboxProcess};
use serde_json::{Value, json};

use crate::check::FIXTURES;

/// A user who is logged in to a sandbox.
struct Author {
    sandbox: SandboxProcess,
    ksext: Ksext,
}

impl Author {
    fn new(sandbox: &[&str]) -> Self {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext")).current_dir(FIXTURES);
        let sandbox = SandboxProcess::start(ksext.clone(), sandbox);
        let author = Self { sandbox, ksext };
        let output = author.sandbox.log_in(&author.ksext, KEY);
        assert_eq!(output.code, Some(0), "{output}");
        author
    }

    fn run(&self, args: &[&str]) -> Output {
        self.ksext.clone().args(args).run()
    }

    /// What a run prints that ends with `code`.
    #[track_caller]
    fn says(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        assert_eq!(output.code, Some(code), "{output}");
        output.stdout
    }

    #[track_caller]
    fn json(&self, args: &[&str]) -> Value {
        let args: Vec<_> = args.iter().copied().chain(["--format", "json"]).collect();
        let text = self.says(&args, 0);
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"))
    }

    /// Pushes, and answers the snapshot's id.
    #[track_caller]
    fn push(&self, path: &str) -> String {
        let answer = self.json(&["push", path, "--yes"]);
        answer["snapshotId"].as_str().expect("an id").to_owned()
    }
}

/// The lines of a watch, as status and reason.
fn heard(lines: &str) -> Vec<(String, Value)> {
    let lines = lines.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert_eq!(
            (&line["name"], &line["version"]),
            (&json!("demo"), &json!("0.1.0"))
        );
        let status = line["status"].as_str().expect("a status").to_owned();
        (status, line["reason"].clone())
    });
    lines.collect()
}

#[test]
fn a_watch_prints_each_change_and_ends_with_the_decision() {
    for (act, reason, last, code) in [
        ("approve", Value::Null, "active", 0),
        ("reject", json!("图标太小"), "rejected", 4),
    ] {
        let author = Author::new(&[]);
        let snapshot = author.push("demo");
        let watch = author
            .ksext
            .clone()
            .args(["watch", "demo", "--format", "json"]);
        let mut child = watch
            .command()
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut text = String::new();
        lines.read_line(&mut text).expect("a line");
        author
            .sandbox
            .decide(&snapshot, act, reason.as_str().unwrap_or_default());
        lines.read_to_string(&mut text).expect("the rest");
        let ended = child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(code), "{text}");
        let expected = [
            ("submitted".to_owned(), Value::Null),
            (last.to_owned(), reason),
        ];
        assert_eq!(heard(&text), expected);
    }
}

#[test]
fn a_watch_ends_in_time_at_the_wish_or_with_why_not() {
    let author = Author::new(&[]);
    let output = author.run(&["watch", "demo"]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(
        output.stderr.contains("`demo` was never pushed"),
        "{output}"
    );
    author.push("demo");
    let output = author.run(&["watch", "./demo", "--timeout", "0s", "--lang", "zh"]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(output.stdout.ends_with("demo 0.1.0：审核中\n"), "{output}");
    assert!(output.stderr.contains("在 0 秒内没有审核结论"), "{output}");
    let text = author.says(&["watch", "./demo", "--until", "submitted"], 0);
    assert!(text.ends_with("demo 0.1.0: submitted\n"), "{text}");
    let output = author.run(&["watch", "demo", "--version", "9.0.0"]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(
        output.stderr.contains("`demo` 9.0.0 was never pushed"),
        "{output}"
    );
}

#[cfg(unix)]
#[test]
fn a_watch_is_interrupted_without_a_trace() {
    let author = Author::new(&[]);
    author.push("demo");
    let watch = author.ksext.clone().args(["watch", "demo"]);
    let mut child = watch
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    lines.read_line(&mut line).expect("a line");
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(sent.expect("a signal").success());
    let output = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert_eq!(stderr, "ksext: cancelled before it was done\n");
}

#[test]
fn after_a_submission_get_says_where_helm_finds_it() {
    let author = Author::new(&[]);
    let snapshot = author.push("demo");
    let url = author.sandbox.url();
    let text = author.says(&["get", "./demo"], 0);
    let expected = format!(
        "\n0.1.0 is in the Helm repository ksext-sandbox:
  helm repo add ksext-sandbox {url}/charts && helm repo update ksext-sandbox
  helm search repo demo
"
    );
    assert!(text.ends_with(&expected), "{text}");
    let answer = author.json(&["get", "demo"]);
    let charts = json!({"url": format!("{url}/charts"), "repository": "ksext-sandbox",
                        "version": "0.1.0", "available": true});
    assert_eq!(answer["charts"], charts);
    assert_eq!(answer["snapshots"][0]["status"], "submitted");
    let text = author.says(&["get", "demo", "--lang", "zh"], 0);
    assert!(text.contains("审核中") && text.contains("草稿"), "{text}");
    author.sandbox.decide(&snapshot, "approve", "");
    let text = author.says(&["get", "demo"], 0);
    assert!(!text.contains("helm"), "{text}");
}

#[test]
fn offline_the_last_known_is_told_with_its_age() {
    let author = Author::new(&[]);
    author.push("demo");
    let output = author.run(&["get", "demo"]);
    assert_eq!(output.code, Some(0), "{output}");
    drop(author.sandbox);
    let output = author.ksext.clone().args(["get", "demo"]).run();
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (Some(3), ""),
        "{output}"
    );
    assert!(
        output.stderr.starts_with("last heard, just now:\n"),
        "{output}"
    );
    assert!(output.stderr.contains("submitted"), "{output}");
    // No key is in what is kept.
    let kept = author.ksext.home().join(".local/state/ksext/reviews.json");
    if cfg!(target_os = "linux") {
        let text = std::fs::read_to_string(&kept).expect("a file");
        assert!(
            text.contains("\"demo\"") && !text.contains("kck-"),
            "{text}"
        );
    }
    // Whoever logs in next is not told what this account was told.
    let output = author.ksext.clone().args(["logout"]).run();
    assert_eq!(output.code, Some(0), "{output}");
    assert!(!kept.exists(), "{}", kept.display());
}

const MANIFEST: &str = "apiVersion: kubesphere.io/v1alpha1\nname: plain\nversion: 1.0.0\n\
     displayName: {en: Plain, zh: 朴素}\ndescription: {en: An example., zh: 一个示例。}\n\
     category: dev-tools\nprovider: {en: {name: Example}}\nksVersion: \">=4.1.0-0\"\n\
     icon: ./图标.svg\n";

fn package() -> PackageDir {
    PackageDir::new(&[
        ("extension.yaml", MANIFEST),
        ("values.yaml", "图: 1\n"),
        ("README.md", "# 朴素\n"),
        ("notes.txt", "x\n"),
        ("图标.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"),
    ])
}

#[test]
fn a_diff_tells_what_has_changed_since_what_is_to_be_had() {
    let author = Author::new(&[]);
    let package = package();
    let path = package.path().to_string_lossy().into_owned();
    let output = author.run(&["diff", &path]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(
        output.stderr.contains("/charts holds no `plain`"),
        "{output}"
    );
    author.push(&path);
    // What got a URL by the push is the same as before.
    let same = author.json(&["diff", &path]);
    assert_eq!((&same["files"], &same["entries"]), (&json!([]), &json!([])));

    package.write("extension.yaml", MANIFEST.replace("1.0.0", "1.1.0"));
    package.write("README.md", "# 朴素\n\nMore.\n");
    package.write("docs/新.md", "new\n");
    std::fs::remove_file(package.join("notes.txt")).expect("removed");
    let mut answer = author.json(&["diff", &path]);
    let entries = answer["entries"].take();
    let entries: Vec<_> = entries
        .as_array()
        .expect("a list")
        .iter()
        .filter(|entry| {
            !["Chart.yaml", "extension.yaml"].contains(&entry["path"].as_str().expect("a path"))
        })
        .collect();
    assert_eq!(
        entries,
        [
            &json!({
                "path": "README.md", "change": "changed",
                "before": 9, "beforeText": "9 B", "after": 16, "afterText": "16 B",
            }),
            &json!({"path": "docs/新.md", "change": "added", "after": 4, "afterText": "4 B"}),
            &json!({"path": "notes.txt", "change": "removed", "before": 2, "beforeText": "2 B"}),
        ]
    );
    assert_eq!(
        (&answer["name"], &answer["version"]),
        (&json!("plain"), &json!("1.1.0"))
    );
    assert_eq!(answer["against"]["version"], "1.0.0");
    let diff = answer["files"][0]["diff"].as_str().expect("a diff");
    let changed: Vec<_> = diff
        .lines()
        .filter(|line| {
            line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++")
        })
        .collect();
    assert_eq!(changed, ["-version: 1.0.0", "+version: 1.1.0"], "{diff}");

    let text = author.says(&["diff", &path, "--lang", "zh"], 0);
    assert!(text.contains("~ README.md"), "{text}");
    assert!(
        text.contains("plain 1.1.0 与 1.0.0 相比：新增 1 个条目，删除 1 个"),
        "{text}"
    );
    let output = author.run(&["diff", &path, "--version", "3.0.0"]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(output.stderr.contains("it holds 1.0.0"), "{output}");
}

#[test]
fn a_diff_against_an_archive_asks_nobody() {
    let author = Author::new(&[]);
    let package = package();
    let path = package.path().to_string_lossy().into_owned();
    let folder = PackageDir::new(&[]);
    let out = folder.path().to_string_lossy().into_owned();
    author.says(&["push", &path, "--dry-run", "-o", &out], 0);
    package.write("notes.txt", "xyz\n");
    let asked = author.sandbox.requests().len();
    let archive = folder
        .join("plain-1.0.0.tgz")
        .to_string_lossy()
        .into_owned();
    let answer = author.json(&["diff", &path, "--against", &archive]);
    let expected = json!([{
        "path": "notes.txt", "change": "changed",
        "before": 2, "beforeText": "2 B", "after": 4, "afterText": "4 B",
    }]);
    assert_eq!(answer["entries"], expected);
    assert_eq!(answer["against"]["from"], *archive);
    assert_eq!(author.sandbox.requests().len(), asked);
    let notes = package.join("notes.txt").to_string_lossy().into_owned();
    let output = author.run(&["diff", &path, "--against", &notes]);
    assert_eq!(output.code, Some(3), "{output}");
    let expected = format!("cannot compare with the archive of {notes}: ");
    assert!(output.stderr.contains(&expected), "{output}");
}

#[test]
fn the_chart_repository_never_sees_the_key() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a request");
        let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
        let mut head = String::new();
        while reader.read_line(&mut head).expect("a line") > 2 {}
        let body = "entries: {}\n";
        let length = body.len();
        write!(
            &stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("it reads");
        head
    });
    let package = package();
    let output = Ksext::new(env!("CARGO_BIN_EXE_ksext"))
        .args(["diff", "."])
        .current_dir(package.path())
        .env("KSEXT_TOKEN", KEY)
        .env("KSEXT_SERVER", format!("http://{address}"))
        .run();
    assert_eq!(output.code, Some(3), "{output}");
    let head = server.join().expect("no panic").to_lowercase();
    assert!(head.starts_with("get /charts/index.yaml "), "{head}");
    assert!(
        !head.contains("authorization") && !head.contains("kck-"),
        "{head}"
    );
}
