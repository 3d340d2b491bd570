//! What lies beside the program in each archive.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use super::archive::Entry;
use super::crates::Crate;
use super::licences;
use crate::shell::{self, cargo};

/// The file with the licence notices of others.
pub(crate) const NOTICES: &str = "THIRD-PARTY-NOTICES.txt";

/// Shells, each with the file name that its scripts have.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "ksext.bash"),
    ("elvish", "ksext.elv"),
    ("fish", "ksext.fish"),
    ("powershell", "ksext.ps1"),
    ("zsh", "_ksext"),
];

/// Our licence, and the notices of others.
pub(crate) fn legal(crates: &[Crate]) -> anyhow::Result<Vec<Entry>> {
    let licence = fs::read(shell::root().join("LICENSE")).context("cannot read LICENSE")?;
    Ok(vec![
        Entry::file("LICENSE", licence),
        Entry::file(NOTICES, licences::notices(crates)?),
    ])
}

/// Both READMEs, the man page, and what completes words in shells. The last two come from a program of these
/// sources that runs here.
pub(crate) fn helps(runs_here: Option<&Path>) -> anyhow::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for name in ["README.md", "README_zh.md"] {
        let text =
            fs::read(shell::root().join(name)).with_context(|| format!("cannot read {name}"))?;
        entries.push(Entry::file(name, text));
    }
    for (shell, name) in SHELLS {
        let script = said(runs_here, &["completions", shell])?;
        entries.push(Entry::file(format!("completions/{name}"), script));
    }
    entries.push(Entry::file("man/ksext.1", said(runs_here, &["man"])?));
    Ok(entries)
}

/// What the program prints in English; if none was built that runs here, that of the debug profile.
fn said(program: Option<&Path>, words: &[&str]) -> anyhow::Result<Vec<u8>> {
    let mut command = match program {
        Some(program) => Command::new(program),
        None => cargo("run --quiet --package ksext --"),
    };
    command.args(words).env("LC_ALL", "C.UTF-8");
    let said = shell::output(&mut command)?;
    ensure!(
        !said.is_empty(),
        "`{}` says nothing",
        shell::shown(&command)
    );
    Ok(said)
}
