//! `cargo xtask deps`: what stands in `deny.toml`, and dependencies that nothing uses.
//!
//! Not a part of `cargo xtask test`: the tools take minutes to build. What must never be passed on, the
//! licences of what is in the program, is held there by `dist/licences.rs`.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

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

/// The crates that `deny.toml` bans: the same list counts for `cargo xtask test`.
pub(crate) fn banned() -> anyhow::Result<Vec<String>> {
    let deny =
        fs::read_to_string(shell::root().join("deny.toml")).context("cannot read deny.toml")?;
    let deny: toml_edit::DocumentMut = deny.parse().context("cannot read deny.toml")?;
    let list = deny["bans"]["deny"].as_array();
    let list = list.context("deny.toml has no list `bans.deny`")?.iter();
    list.map(|it| {
        let name = it
            .as_inline_table()
            .and_then(|it| it.get("crate")?.as_str());
        let name = name.context("something in `bans.deny` of deny.toml names no `crate`")?;
        Ok(name.to_owned())
    })
    .collect()
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

/// Builds a tool, unless it is there in this version.
fn install(tool: &str, version: &str) -> anyhow::Result<()> {
    let mut ask = cargo(tool);
    let there = with_tools(&mut ask).arg("--version").output();
    if there.is_ok_and(|output| output.status.success() && says(&output.stdout, version)) {
        return Ok(());
    }
    let mut install = cargo("install --locked --root");
    install.arg(folder()).arg(format!("cargo-{tool}@{version}"));
    run_for(&mut install, INSTALLING)
}

/// Whether a program that was asked for its version says this one, with or without its name.
fn says(answer: &[u8], version: &str) -> bool {
    let answer = String::from_utf8_lossy(answer);
    answer.split_whitespace().next_back() == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_library_for_tls() {
        let banned = banned().expect("a list");
        for name in ["aws-lc-rs", "native-tls", "openssl-sys"] {
            assert!(banned.iter().any(|it| it == name), "{name}: {banned:?}");
        }
    }

    #[test]
    fn another_version_is_not_the_one_that_is_wanted() {
        for (answer, wanted) in [
            ("cargo-deny 0.20.2\n", true),
            ("0.20.2\n", true),
            ("cargo-deny 0.20.20\n", false),
            ("cargo-deny 0.19.0\n", false),
            ("", false),
        ] {
            assert_eq!(says(answer.as_bytes(), "0.20.2"), wanted, "{answer}");
        }
    }
}
