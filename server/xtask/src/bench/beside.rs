//! The same manifest in ksext and in yaml-language-server with ksext's schema, through the same client.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::ensure;
use ksext_test_support::{LspClient, PackageDir, Reply, uri_of};
use serde_json::{Value, json};

use super::keystroke::{manifest, package};
use super::memory::resident;
use super::samples::Samples;
use super::{Bench, exists};
use crate::shell;

const PUBLISHED: &str = "textDocument/publishDiagnostics";
/// The other server lets a text rest for 200 ms before it looks at it.
const PATIENCE: Duration = Duration::from_secs(60);

/// One server, and how long it takes.
struct Contender {
    name: &'static str,
    first: Samples,
    key: Samples,
    completion: Samples,
    resident: u64,
}

pub(super) fn run(bench: &Bench) -> anyhow::Result<()> {
    if !exists(&bench.yaml_language_server) || !cfg!(target_os = "linux") {
        println!(
            "  yaml-language-server is not here; `--yaml-language-server PATH` names it (Linux)"
        );
        return Ok(());
    }
    let manifest = manifest();
    let mut ours = Contender::new("ksext");
    let mut theirs = Contender::new("yaml-language-server");
    for _ in 0..bench.rounds.div_ceil(8) {
        ours.round(bench.ksext().lsp(), &manifest)?;
        let mut command = Command::new(&bench.yaml_language_server);
        command.arg("--stdio");
        theirs.round(LspClient::spawn(command)?, &manifest)?;
    }
    for contender in [&ours, &theirs] {
        let name = contender.name;
        let print = |what: &str, samples: &Samples, other: &Samples| {
            samples.print(&format!("{name}: {what}"), Some(other));
        };
        print(
            "start to first diagnostics",
            &contender.first,
            &theirs.first,
        );
        print("key to its diagnostics", &contender.key, &theirs.key);
        print(
            "completion of a category",
            &contender.completion,
            &theirs.completion,
        );
        println!(
            "  {name}: resident {}",
            shell::mebibytes(contender.resident)
        );
    }
    Ok(())
}

impl Contender {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            first: Samples::default(),
            key: Samples::default(),
            completion: Samples::default(),
            resident: 0,
        }
    }

    /// One life of a server, begun before this was called by as much as a process takes to start.
    fn round(&mut self, mut server: LspClient, manifest: &str) -> anyhow::Result<()> {
        let started = Instant::now();
        let package: PackageDir = package(manifest);
        let uri = package.uri("extension.yaml");
        server.set_timeout(PATIENCE);
        let settings = settings();
        let answers = settings.clone();
        server.respond(move |method, params| answer(method, params, &answers));
        server.initialize(json!({"workspace": {"configuration": true}}));
        server.notify(
            "workspace/didChangeConfiguration",
            json!({"settings": settings}),
        );
        // One wrong value, so that there is something to tell.
        let broken = manifest.replacen("category:", "categroy:", 1);
        server.open(&uri, &broken);
        let told = |version: i32| {
            let uri = uri.clone();
            move |params: &Value| {
                let is_it = params["version"].is_null() || params["version"] == version;
                let any = params["diagnostics"]
                    .as_array()
                    .is_some_and(|all| !all.is_empty());
                params["uri"] == uri.as_str() && is_it && any
            }
        };
        server.wait_notification(PUBLISHED, told(1));
        self.first.add(started.elapsed());

        let line = broken.lines().position(|line| line.starts_with("home:"));
        let line = line.unwrap_or_default();
        for version in 2..12 {
            server.forget_notifications();
            let at = json!({"line": line, "character": 6});
            let change = json!([{"range": {"start": at, "end": at}, "text": "x"}]);
            let sent = Instant::now();
            server.change(&uri, version, change);
            let seen = server.wait_notification(PUBLISHED, told(version));
            self.key.add(seen.at - sent);
        }
        server.change(&uri, 12, json!([{"text": manifest}]));
        let line = manifest
            .lines()
            .position(|line| line.starts_with("category:"));
        let position = json!({"line": line, "character": "category: ".len()});
        for _ in 0..10 {
            let params = json!({"textDocument": {"uri": uri}, "position": position});
            let sent = Instant::now();
            let request = server.start_request("textDocument/completion", params);
            let (answer, at) = server.wait_response_timed(request);
            ensure!(answer.is_ok(), "{}: {answer:?}", self.name);
            self.completion.add(at - sent);
        }
        self.resident = self.resident.max(resident(&server)?.0);
        server.shut_down();
        Ok(())
    }
}

/// What the other server is told: our schema for manifests, and nothing else.
fn settings() -> Value {
    let schema = uri_of(&shell::root().join("schemas/extension.schema.json"));
    json!({"yaml": {
        "schemas": {schema: "**/extension.yaml"},
        "schemaStore": {"enable": false},
        "validate": true, "completion": true,
    }})
}

fn answer(method: &str, params: &Value, settings: &Value) -> Reply {
    if method != "workspace/configuration" {
        return Reply::Result(Value::Null);
    }
    let items = params["items"].as_array().into_iter().flatten();
    let sections = items.map(|item| {
        let section = item["section"].as_str().unwrap_or_default();
        settings.get(section).cloned().unwrap_or(Value::Null)
    });
    Reply::Result(sections.collect())
}
