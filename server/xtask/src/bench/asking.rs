//! From one key in a large manifest to the answer of what is asked right behind it.

use std::time::{Duration, Instant};

use anyhow::ensure;
use ksext_test_support::LspClient;
use serde_json::{Value, json};

use super::Bench;
use super::keystroke::{manifest, package};
use super::samples::Samples;

/// What is typed where, and what it is called: the text that stands in for that of a line.
const PLACES: [(&str, &str, &str); 4] = [
    ("a key of the manifest", "home:", "ho"),
    ("a category", "category:", "category: c"),
    ("a chart", "  - name: chart-29", "  - name: c"),
    (
        "the version of a chart",
        "    version: 0.1.29",
        "    version: 0",
    ),
];

pub(super) fn completion(bench: &Bench) -> anyhow::Result<()> {
    let manifest = manifest();
    for (what, line, typed) in PLACES {
        let mut session = Session::start(bench, &manifest);
        let samples = session.ask(bench, &manifest, line, typed, "textDocument/completion")?;
        samples.print(what, None);
        session.client.shut_down();
    }
    println!("  bar: median 2 ms");
    Ok(())
}

pub(super) fn hover(bench: &Bench) -> anyhow::Result<()> {
    let manifest = manifest();
    let mut session = Session::start(bench, &manifest);
    let samples = session.ask(bench, &manifest, "home:", "home: h", "textDocument/hover")?;
    samples.print("a value of the manifest", None);
    println!("  bar: median 2 ms");
    session.client.shut_down();
    Ok(())
}

/// Cancels the size of a heavy package right behind a crowd of edits and questions.
pub(super) fn cancel(bench: &Bench) -> anyhow::Result<()> {
    let manifest = manifest();
    let mut session = Session::start(bench, &manifest);
    let heavy = super::pack::package();
    let mut samples = Samples::default();
    for round in 0..bench.rounds {
        for _ in 0..10 {
            session.edit(1, (0, 0), if round % 2 == 0 { " " } else { "" });
            let at = json!({"line": round, "character": 2});
            let params = json!({"textDocument": {"uri": session.uri}, "position": at});
            session
                .client
                .start_request("textDocument/completion", params);
        }
        let size = json!({"command": "ksext.size", "arguments": [{"uri": heavy.uri("")}]});
        let request = session
            .client
            .start_request("workspace/executeCommand", size);
        std::thread::sleep(Duration::from_millis(5));
        let sent = Instant::now();
        session.client.cancel(request);
        let (_, at) = session.client.wait_response_timed(request);
        samples.add(at.saturating_duration_since(sent));
        session.client.forget_notifications();
    }
    samples.print("cancelled to answered, under load", None);
    println!("  bar: 50 ms");
    session.client.shut_down();
    Ok(())
}

/// A server with a manifest open.
struct Session {
    client: LspClient,
    uri: String,
    version: i32,
}

impl Session {
    fn start(bench: &Bench, manifest: &str) -> Self {
        let package = package(manifest);
        let uri = package.uri("extension.yaml");
        let mut client = bench.ksext().lsp().keep(package);
        client.initialize(json!({"workspace": {"codeLens": {"refreshSupport": true}}}));
        client.open(&uri, manifest);
        // By then it is known what lies in the package.
        client.wait_server_request("workspace/codeLens/refresh");
        Self {
            client,
            uri,
            version: 1,
        }
    }

    /// Types into the line that begins with `line` and asks there, once for each round.
    fn ask(
        &mut self,
        bench: &Bench,
        manifest: &str,
        line: &str,
        typed: &str,
        method: &str,
    ) -> anyhow::Result<Samples> {
        let number = manifest
            .lines()
            .position(|it| it.starts_with(line))
            .unwrap_or(0);
        let length = manifest
            .lines()
            .nth(number)
            .map_or(0, |line| line.encode_utf16().count());
        self.edit(number, (0, length), typed);
        let end = typed.len();
        let mut samples = Samples::default();
        for round in 0..bench.rounds * 10 {
            // A key more, and the next time one less.
            let (range, text) = if round % 2 == 0 {
                ((end, end), "h")
            } else {
                ((end, end + 1), "")
            };
            let column = end + text.len();
            let sent = Instant::now();
            self.edit(number, range, text);
            let position = json!({"line": number, "character": column});
            let params = json!({"textDocument": {"uri": self.uri}, "position": position});
            let request = self.client.start_request(method, params);
            let (answer, at) = self.client.wait_response_timed(request);
            samples.add(at - sent);
            ensure!(
                answer.is_ok_and(|answer| answer != Value::Null),
                "no answer to {method} behind `{typed}`"
            );
            // The findings of one key do not stand in the way of the next.
            let version = self.version;
            self.client
                .wait_notification("textDocument/publishDiagnostics", |params| {
                    params["version"] == version
                });
            self.client.forget_notifications();
        }
        Ok(samples)
    }

    fn edit(&mut self, line: usize, (start, end): (usize, usize), text: &str) {
        self.version += 1;
        let range = json!({"start": {"line": line, "character": start}, "end": {"line": line, "character": end}});
        self.client.change(
            &self.uri,
            self.version,
            json!([{"range": range, "text": text}]),
        );
    }
}
