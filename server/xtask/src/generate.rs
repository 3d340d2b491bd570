//! `cargo xtask gen`: writes the pages that come out of declarations in the program.
//!
//! The program itself lists and writes them (`ksext docs`); here they meet the disk. The test
//! `tests/it/docs.rs` compares the same list. The help of the plugin for Neovim comes out of lists in
//! Lua too, so a Neovim writes it; the tables about the Action come out of its YAML, which a Node reads.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, ensure};
use ksext_test_support::Page;

use crate::pypi::{BUILD_SERVERS, NEOVIM};
use crate::shell::{self, cargo};

pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let pages = shell::output(&mut cargo("run --quiet --package ksext -- docs"))?;
    let pages: BTreeMap<String, String> =
        serde_json::from_slice(&pages).context("cannot read what `ksext docs` prints")?;
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let page = Page::of(shell::root(), name, text)?;
        if page.present == page.wanted {
            continue;
        }
        stale.push(name.as_str());
        if !check {
            let parent = page.file.parent().context("a page stands in a folder")?;
            fs::create_dir_all(parent)
                .and_then(|()| fs::write(&page.file, &page.wanted))
                .with_context(|| format!("cannot write {name}"))?;
        }
    }
    ensure!(
        !check || stale.is_empty(),
        "stale: {}; run `cargo xtask gen`",
        stale.join(", ")
    );
    println!("{} pages, {} written", pages.len(), stale.len());
    neovim_help(check)?;
    action_tables(check)
}

/// Has a Node write the tables about the Action, or compare them. Where the programs that read YAML for it are
/// not installed, that is told.
fn action_tables(check: bool) -> anyhow::Result<()> {
    if !BUILD_SERVERS.is_there() && env::var_os("KSEXT_CI_TOOLS").is_none() {
        println!(
            "left out, for want of what reads YAML: the tables about the Action in server/docs/ci.md; \
             `cargo xtask e2e ci` installs it"
        );
        return Ok(());
    }
    let mut command = Command::new("node");
    command
        .arg("tests/e2e/ci/page.mjs")
        .args(check.then_some("--check"))
        .current_dir(shell::root());
    shell::run(&mut command)
}

/// Has a Neovim write the help of the plugin and the types of its options, or compare them. Where there
/// is no Neovim, that is told.
fn neovim_help(check: bool) -> anyhow::Result<()> {
    let installed = Some(NEOVIM.programs().join("nvim")).filter(|nvim| nvim.is_file());
    let program = env::var_os("KSEXT_NVIM").or_else(|| installed.map(Into::into));
    let mut command = Command::new(program.unwrap_or_else(|| "nvim".into()));
    command
        .args(["--clean", "--headless", "-l", "scripts/vimdoc.lua"])
        .args(check.then_some("--check"))
        .current_dir(shell::root().join("editors").join("neovim"));
    match command.status() {
        Ok(status) => {
            ensure!(
                status.success(),
                "`{}` failed: {status}",
                shell::shown(&command)
            );
            println!("the help for Neovim is as its lists are");
        }
        Err(error) if error.kind() == ErrorKind::NotFound => println!(
            "left out, for want of Neovim: editors/neovim/doc and lua/ksext/options.lua; \
             `cargo xtask e2e neovim` installs one, KSEXT_NVIM names one"
        ),
        Err(error) => return Err(error).context("cannot start Neovim"),
    }
    Ok(())
}
