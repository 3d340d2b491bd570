//! The extension for Visual Studio Code: checked, tested by itself, and packed for the tests in the editor.

use std::time::Duration;

use anyhow::{Context, ensure};

use crate::npm::{self, npm};
use crate::process::run_for;
use crate::shell;
use crate::vsix::{folder, pack};

/// The most that the packed extension may weigh without a server, in bytes.
const EXTENSION_LIMIT: u64 = 400 << 10;

/// The most that one of these steps may take.
const BUILDING: Duration = Duration::from_secs(300);

/// How many files of tests run at once: they wait for windows most of the time.
pub(super) const AT_ONCE: &str = "--test-concurrency=2";

/// Installs what it is built with.
pub(super) fn prepare() -> anyhow::Result<()> {
    npm::ci(&folder())
}

/// Checks and packs it as `target/ksext.vsix`.
pub(super) fn build() -> anyhow::Result<()> {
    run_for(&mut npm(&folder(), &["run", "--silent", "check"]), BUILDING)?;
    run_for(&mut npm(&folder(), &["test", "--silent"]), BUILDING)?;
    pack(&[])?;
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
