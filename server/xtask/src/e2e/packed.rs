//! What a release has, around the program that is tested, in `target/e2e/dist`.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use crate::{dist, shell};

/// Packs it twice: the same sources are the same bytes.
pub(super) fn build(program: &Path) -> anyhow::Result<()> {
    let folder = shell::root().join("target").join("e2e");
    let folders = [folder.join("dist"), folder.join("dist-again")];
    for folder in &folders {
        if folder.is_dir() {
            fs::remove_dir_all(folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let (program, folder) = (program.to_string_lossy(), folder.to_string_lossy());
        dist::run(&["--program", &program, "--out", &folder])?;
    }
    let sums = folders
        .each_ref()
        .map(|folder| fs::read(folder.join("SHA256SUMS")).unwrap_or_default());
    ensure!(
        sums[0] == sums[1] && !sums[0].is_empty(),
        "the same files, packed twice, are not the same bytes"
    );
    fs::remove_dir_all(&folders[1]).context("cannot remove what was packed again")
}
