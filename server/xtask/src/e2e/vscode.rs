//! The extension for Visual Studio Code: checked, tested by itself, and packed for the tests in the editor.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};

use super::install::{npm, npm_ci};
use super::process::run_for;
use crate::shell;

/// The most that the packed extension may weigh without a server, in bytes.
const EXTENSION_LIMIT: u64 = 400 << 10;

/// The most that one of these steps may take.
const BUILDING: Duration = Duration::from_secs(300);

/// How many files of tests run at once: they wait for windows most of the time.
pub(super) const AT_ONCE: &str = "--test-concurrency=2";

fn folder() -> PathBuf {
    shell::root().join("editors").join("vscode")
}

/// Installs what it is built with.
pub(super) fn prepare() -> anyhow::Result<()> {
    npm_ci(&folder())
}

/// Checks and packs it as `target/ksext.vsix`.
pub(super) fn build() -> anyhow::Result<()> {
    run_for(&mut npm(&folder(), &["run", "--silent", "check"]), BUILDING)?;
    run_for(&mut npm(&folder(), &["test", "--silent"]), BUILDING)?;
    pack()?;
    let packed = shell::root().join("target").join("ksext.vsix");
    let size = packed
        .metadata()
        .with_context(|| format!("cannot read {}", packed.display()))?
        .len();
    println!(
        "extension for VS Code: {} KB of {} KB",
        size >> 10,
        EXTENSION_LIMIT >> 10
    );
    ensure!(
        size <= EXTENSION_LIMIT,
        "the extension for VS Code is larger than {} KB (without a server: editors/vscode/server must not be there)",
        EXTENSION_LIMIT >> 10
    );
    Ok(())
}

/// Packs it; what the packer warns of, the gallery would show to everybody.
fn pack() -> anyhow::Result<()> {
    let mut package = npm(&folder(), &["run", "--silent", "package"]);
    println!("$ {}", shell::shown(&package));
    let output = package.output().context("cannot start npm")?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    ensure!(
        output.status.success() && !said.contains("WARNING"),
        "the extension for VS Code cannot be packed, or not without warnings:\n{said}"
    );
    Ok(())
}
