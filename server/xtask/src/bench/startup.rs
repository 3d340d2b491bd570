//! From the start of a server's process to its first answers, beside other servers.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Context;
use ksext_test_support::{LspClient, PackageDir, uri_of};
use serde_json::json;

use super::samples::Samples;
use super::{Bench, exists};
use crate::shell;

/// A server with the file that it is shown.
struct Contender<'a> {
    name: &'static str,
    start: Box<dyn Fn() -> anyhow::Result<LspClient> + 'a>,
    folder: &'a Path,
    file: &'static str,
    language: &'static str,
    initialized: Samples,
    diagnosed: Samples,
}

pub(super) fn run(bench: &Bench) -> anyhow::Result<()> {
    let package = shell::root().join("tests/fixtures/broken-unknown-key");
    let python = PackageDir::new(&[(
        "demo.py",
        &"import os\n\n\ndef demo():\n    return 1\n".repeat(8),
    )]);
    let ours = || Ok(bench.ksext().lsp());
    let mut contenders = vec![Contender::new(
        "ksext",
        ours,
        &package,
        "extension.yaml",
        "yaml",
    )];
    if exists(&bench.ruff) {
        let start = || LspClient::spawn(command(&bench.ruff, "server"));
        contenders.push(Contender::new(
            "ruff",
            start,
            python.path(),
            "demo.py",
            "python",
        ));
    } else {
        println!("  ruff is not here; `--ruff PATH` names one");
    }
    if exists(&bench.yaml_language_server) {
        let start = || LspClient::spawn(command(&bench.yaml_language_server, "--stdio"));
        contenders.push(Contender::new(
            "yaml-language-server",
            start,
            &package,
            "extension.yaml",
            "yaml",
        ));
    }
    for _ in 0..bench.rounds {
        for contender in &mut contenders {
            contender.round()?;
        }
    }
    let ruff = contenders.iter().find(|contender| contender.name == "ruff");
    for contender in &contenders {
        let what = format!("{}: initialize answered", contender.name);
        contender
            .initialized
            .print(&what, ruff.map(|ruff| &ruff.initialized));
        let what = format!("{}: first diagnostics", contender.name);
        contender
            .diagnosed
            .print(&what, ruff.map(|ruff| &ruff.diagnosed));
    }
    println!("  bar: ksext at most 1.00 × ruff");
    Ok(())
}

fn command(program: &Path, argument: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(argument);
    command
}

impl<'a> Contender<'a> {
    fn new(
        name: &'static str,
        start: impl Fn() -> anyhow::Result<LspClient> + 'a,
        folder: &'a Path,
        file: &'static str,
        language: &'static str,
    ) -> Self {
        Self {
            name,
            start: Box::new(start),
            folder,
            file,
            language,
            initialized: Samples::default(),
            diagnosed: Samples::default(),
        }
    }

    /// Starts the server, opens the file, ends the server.
    fn round(&mut self) -> anyhow::Result<()> {
        let file = self.folder.join(self.file);
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let (root, uri) = (uri_of(self.folder), uri_of(&file));
        let start = Instant::now();
        let mut server = (self.start)()?;
        let params = json!({
            "processId": null, "rootUri": root, "capabilities": {},
            "workspaceFolders": [{"uri": root, "name": "demo"}],
        });
        let request = server.start_request("initialize", params);
        let (answer, at) = server.wait_response_timed(request);
        anyhow::ensure!(
            answer.is_ok(),
            "{} refuses to initialize: {answer:?}",
            self.name
        );
        self.initialized.add(at - start);
        server.notify("initialized", json!({}));
        let document = json!({"uri": uri, "languageId": self.language, "version": 1, "text": text});
        server.notify("textDocument/didOpen", json!({"textDocument": document}));
        let published = server.wait_notification("textDocument/publishDiagnostics", |params| {
            params["uri"]
                .as_str()
                .is_some_and(|it| it.ends_with(self.file))
        });
        self.diagnosed.add(published.at - start);
        Ok(())
    }
}
