//! Resident memory of the server with the example package open and its size computed.

use anyhow::Context;
use ksext_test_support::uri_of;
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
    let id = server.process_id().context("the server runs")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    for (field, what) in [("VmRSS:", "resident"), ("VmHWM:", "at its highest")] {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(field))
            .context("a field of status")?;
        let kibibytes: u64 = line
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .context("a number of kB")?;
        println!("  {:<16} {}", what, shell::mebibytes(kibibytes << 10));
    }
    println!("  bar: 16 MiB resident");
    server.shut_down();
    Ok(())
}
