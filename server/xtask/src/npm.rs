//! npm, for the parts that are written for Node.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use anyhow::Context;

use crate::process::run_for;

/// The most that one installation may take.
const INSTALLING: Duration = Duration::from_secs(900);

/// npm in a folder.
pub(crate) fn npm(folder: &Path, words: &[&str]) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(words).current_dir(folder);
    npm
}

/// Installs what the lock file of a folder says, unless npm has noted that it has.
pub(crate) fn ci(folder: &Path) -> anyhow::Result<()> {
    let modified = |path: &Path| path.metadata().and_then(|file| file.modified());
    let lock = modified(&folder.join("package-lock.json")).context("cannot read the lock file")?;
    let noted = folder.join("node_modules").join(".package-lock.json");
    if modified(&noted).unwrap_or(SystemTime::UNIX_EPOCH) >= lock {
        return Ok(());
    }
    let words = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
    run_for(&mut npm(folder, &words), INSTALLING)
}
