//! Resident memory of the server with the example package open and its size computed.

use anyhow::Context;
use ksext_test_support::{LspClient, uri_of};
use serde_json::json;

use super::Bench;
use crate::shell;

pub(super) fn run(bench: &Bench) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        println!("  only measured on Linux");
        return Ok(());
    }
    let manifest = shell::root().join("tests/fixtures/demo/extension.yaml");
    let text = std::fs::read_to_string(&manifest)?;
    let uri = uri_of(&manifest);
    let mut server = bench.ksext().lsp();
    server.initialize(json!({}));
    server.open(&uri, &text);
    server.wait_notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == uri.as_str()
    });
    let command = json!({"command": "ksext.size", "arguments": [{"uri": uri}]});
    let size = server.request("workspace/executeCommand", command);
    anyhow::ensure!(size.is_ok(), "`ksext.size` was refused: {size:?}");
    let (now, most) = resident(&server)?;
    for (bytes, what) in [(now, "resident"), (most, "at its highest")] {
        println!("  {what:<16} {}", shell::mebibytes(bytes));
    }
    println!("  bar: 16 MiB resident");
    server.shut_down();
    Ok(())
}

/// The memory in bytes that a server holds, and the most that it has held.
pub(super) fn resident(server: &LspClient) -> anyhow::Result<(u64, u64)> {
    let id = server.process_id().context("the server runs")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let bytes = |field: &str| -> anyhow::Result<u64> {
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix(field));
        let line = line.context("a field of status")?.trim();
        let kibibytes: u64 = line.trim_end_matches(" kB").parse()?;
        Ok(kibibytes << 10)
    };
    Ok((bytes("VmRSS:")?, bytes("VmHWM:")?))
}
