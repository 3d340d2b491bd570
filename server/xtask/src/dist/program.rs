//! The program, built for a target.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use super::targets::{Linker, Target};
use super::template::VERSION;
use crate::pypi::ZIG;
use crate::shell::{self, cargo};
use crate::test::PROGRAM_LIMIT;

/// Builds it, and answers where it is.
pub(crate) fn build(target: &Target) -> anyhow::Result<PathBuf> {
    has_standard_library(target)?;
    let words = format!(
        "--release --locked --package ksext --target {}",
        target.triple
    );
    let mut command = match target.linker {
        Linker::Apple => cargo(&format!("build {words}")),
        Linker::Zig => zig_build(&words)?,
    };
    command.env("CARGO_ENCODED_RUSTFLAGS", without_folders()?);
    shell::run(&mut command)?;
    let program = shell::target_folder()
        .join(target.triple)
        .join("release")
        .join(target.program());
    ensure_small(&program)?;
    ensure!(
        target.node.0 != "linux" || is_static(&program)?,
        "{} is not static: its wheels would promise too much",
        program.display()
    );
    Ok(program)
}

fn zig_build(words: &str) -> anyhow::Result<Command> {
    ZIG.install()?;
    let mut command = cargo(&format!("zigbuild {words}"));
    let path = env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(ZIG.programs()).chain(env::split_paths(&path));
    command.env("PATH", env::join_paths(path)?);
    Ok(command)
}

/// Installs what Rust has for the target, where rustup can.
fn has_standard_library(target: &Target) -> anyhow::Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", target.triple]);
    let folder = shell::output(&mut rustc)?;
    let folder = String::from_utf8_lossy(&folder);
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", target.triple]);
    shell::run(&mut rustup)
}

/// Options of rustc that keep the folders of whoever builds it out of the program: the same sources are the
/// same bytes wherever they lie.
fn without_folders() -> anyhow::Result<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let home = home.context("nobody knows where cargo keeps its files")?;
    let root = fs::canonicalize(shell::root()).context("cannot find the repository")?;
    let folders = [(home, "cargo"), (root, "ksext")];
    let options = folders.map(|(folder, name)| {
        let folder = folder.to_string_lossy().replace(r"\\?\", "");
        format!("--remap-path-prefix={folder}={name}")
    });
    Ok(options.join("\u{1f}"))
}

fn ensure_small(program: &Path) -> anyhow::Result<()> {
    let size = program
        .metadata()
        .with_context(|| format!("cannot read {}", program.display()))?
        .len();
    ensure!(
        size <= PROGRAM_LIMIT,
        "{} is {}, larger than {}",
        program.display(),
        shell::mebibytes(size),
        shell::mebibytes(PROGRAM_LIMIT)
    );
    Ok(())
}

/// Whether a program for Linux names no loader of shared libraries.
fn is_static(program: &Path) -> anyhow::Result<bool> {
    let bytes = fs::read(program)?;
    let loaders: [&[u8]; 2] = [b"/lib/ld-", b"/lib64/ld-"];
    Ok(!loaders
        .iter()
        .any(|loader| bytes.windows(loader.len()).any(|found| found == *loader)))
}

/// What a built program says of itself is what it must be; for one that does not run here, that is not known.
pub(crate) fn smoke_test(program: &Path, target: &Target) -> anyhow::Result<Tried> {
    if Target::host() != Some(target) {
        return Ok(Tried::NotHere);
    }
    let said = shell::output(Command::new(program).arg("--version"))?;
    let said = String::from_utf8_lossy(&said);
    ensure!(
        said.trim() == format!("ksext {VERSION}"),
        "{} says that it is `{}`",
        program.display(),
        said.trim()
    );
    Ok(Tried::Runs)
}

/// Whether a program was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    Runs,
    NotHere,
}
