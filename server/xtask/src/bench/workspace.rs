//! A workspace of many packages with one file of it open: when the open file's diagnostics come, when
//! those of all others, and what it takes in memory.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use ksext_test_support::{PackageDir, uri_of};
use serde_json::json;

use super::Bench;
use super::memory::resident;
use super::samples::Samples;
use crate::shell;

const PACKAGES: usize = 1_000;

pub(super) fn run(bench: &Bench) -> anyhow::Result<()> {
    let workspace = workspace(&bench.package())?;
    let root = uri_of(workspace.path());
    let open = workspace.path().join("group-3/package-503/extension.yaml");
    let text = std::fs::read_to_string(&open)?;
    let (open, last) = (uri_of(&open), PACKAGES);
    let (mut first, mut all) = (Samples::default(), Samples::default());
    let mut memory = Vec::new();
    for _ in 0..bench.rounds.clamp(1, 5) {
        let mut server = bench.ksext().lsp();
        server.initialize_with(json!({
            "processId": null, "rootUri": root, "capabilities": {},
            "workspaceFolders": [{"uri": root, "name": "all"}],
        }));
        let start = Instant::now();
        server.open(&open, &text);
        let published = "textDocument/publishDiagnostics";
        let seen = server.wait_notification(published, |params| params["uri"] == open.as_str());
        first.add(seen.at - start);
        let mut at = seen.at;
        for _ in 1..last {
            let manifest = |params: &serde_json::Value| {
                let uri = params["uri"].as_str().unwrap_or_default();
                uri.ends_with("/extension.yaml") && params.get("version").is_none()
            };
            at = server.wait_notification(published, manifest).at;
        }
        all.add(at - start);
        memory.push(resident(&server).context("only measured on Linux")?);
        server.shut_down();
    }
    println!("  {PACKAGES} packages, each with a finding; from `initialized` on");
    first.print("first diagnostics of the open file", None);
    all.print("all of the workspace reported", None);
    for (now, most) in memory {
        let (now, most) = (shell::mebibytes(now), shell::mebibytes(most));
        println!("  resident {now}, at its highest {most}");
    }
    println!("  bar: 50 ms, 10 s, 150 MiB");
    Ok(())
}

/// Copies of a package, in folders of a hundred, each with a key that nobody knows.
fn workspace(package: &Path) -> anyhow::Result<PackageDir> {
    let workspace = PackageDir::new(&[]);
    let mut files = Vec::new();
    read(package, package, &mut files)?;
    for number in 0..PACKAGES {
        let folder = format!("group-{}/package-{number}", number % 10);
        for (path, content) in &files {
            let mut content = content.clone();
            if path == "extension.yaml" {
                content.extend_from_slice(format!("\nnobodyKnows: {number}\n").as_bytes());
            }
            workspace.write(&format!("{folder}/{path}"), content);
        }
    }
    Ok(workspace)
}

fn read(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            read(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.display().to_string();
            files.push((name, std::fs::read(&path)?));
        }
    }
    Ok(())
}
