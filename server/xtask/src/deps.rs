//! `cargo xtask deps`: what stands in `deny.toml`, and dependencies that nothing uses.
//!
//! Not a part of `cargo xtask test`: the tools take minutes to build. What must never be passed on, the
//! licences of what is in the program, is held there by `dist/licences.rs`.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::process::run_for;
use crate::shell::{self, cargo};

/// The most that building one of the tools may take.
const INSTALLING: Duration = Duration::from_secs(1800);

/// The tools: cargo's word for each, and its version.
const TOOLS: [(&str, &str); 2] = [("deny", "0.20.2"), ("machete", "0.9.2")];

/// What is looked at. `--advisories` adds known weaknesses, whose list is fetched from GitHub.
pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    for (tool, version) in TOOLS {
        install(tool, version)?;
    }
    let mut checks = vec!["licenses", "bans", "sources"];
    match options {
        [] => {}
        ["--advisories"] => checks.push("advisories"),
        _ => anyhow::bail!("`deps` has one option, --advisories"),
    }
    shell::run(with_tools(&mut cargo("deny --locked check")).args(checks))?;
    shell::run(with_tools(&mut cargo("machete")))
}

fn folder() -> PathBuf {
    shell::root().join("target").join("tools").join("cargo")
}

/// A command that finds the tools.
fn with_tools(command: &mut Command) -> &mut Command {
    let path = env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(folder().join("bin")).chain(env::split_paths(&path));
    command.env("PATH", env::join_paths(path).unwrap_or_default())
}

/// Builds a tool, unless there is one.
fn install(tool: &str, version: &str) -> anyhow::Result<()> {
    let mut ask = cargo(tool);
    let there = with_tools(&mut ask).arg("--version").output();
    if there.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    let mut install = cargo("install --locked --root");
    install.arg(folder()).arg(format!("cargo-{tool}@{version}"));
    run_for(&mut install, INSTALLING)
}
