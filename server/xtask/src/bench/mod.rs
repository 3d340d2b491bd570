//! `cargo xtask bench`: speed, memory and size, each beside the bar that it is held to.
//!
//! Prints and never judges: numbers depend on the machine, so no test runs this. What is compared is
//! run in turns (A B A B …), so that a busy moment meets both.

mod asking;
mod beside;
mod check;
mod keystroke;
mod memory;
mod pack;
mod package;
mod samples;
mod startup;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use ksext_test_support::Ksext;

use crate::shell::{self, cargo};
use crate::test::PROGRAM_LIMIT;

const USAGE: &str = "\
usage: cargo xtask bench [PART…] [OPTION…]

parts (all of them unless named):
  startup    process start to the answer to `initialize`, and to the first diagnostics
  keystroke  one key in a manifest of 2 000 lines beside 30 charts, to its diagnostics
  completion what could be written in that manifest, at four places
  hover      a hover in that manifest
  cancel     from the cancelling of a request to its answer, while the server is busy
  beside     the same manifest in yaml-language-server with our schema, if that is named (Linux)
  memory     resident memory with the example package open (Linux)
  check      a cold `ksext check` of a package, without its archive and with it
  package    `ksext package` beside `ksbuilder package`, if that is named
  size       `ksext size` on a package of 5 MB, beside `gzip -6` on the same tar (Unix)
  workspace  a workspace of 1 000 packages, one file of it open (Linux)
  program    the size of the release program

options:
  --program PATH               ksext to measure [default: the release build]
  --package PATH               the package of `check` and `package` [default: the demo fixture]
  --ksbuilder PATH             ksbuilder to compare with
  --ruff PATH                  ruff to compare with [default: `ruff` on PATH]
  --yaml-language-server PATH  shown beside, if given or on PATH
  --rounds N                   how often each thing is done [default: 40]
";

/// What the parts are run with.
struct Bench {
    program: PathBuf,
    package: Option<PathBuf>,
    ksbuilder: Option<PathBuf>,
    ruff: PathBuf,
    yaml_language_server: PathBuf,
    rounds: usize,
}

pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    let mut bench = Bench {
        program: PathBuf::new(),
        package: None,
        ksbuilder: None,
        ruff: "ruff".into(),
        yaml_language_server: "yaml-language-server".into(),
        rounds: 40,
    };
    let mut parts = Vec::new();
    let mut options = options.iter().copied();
    while let Some(option) = options.next() {
        let mut value = || {
            options
                .next()
                .with_context(|| format!("{option} takes a value"))
        };
        match option {
            "--program" => bench.program = value()?.into(),
            "--package" => bench.package = Some(value()?.into()),
            "--ksbuilder" => bench.ksbuilder = Some(value()?.into()),
            "--ruff" => bench.ruff = value()?.into(),
            "--yaml-language-server" => bench.yaml_language_server = value()?.into(),
            "--rounds" => bench.rounds = value()?.parse().context("--rounds takes a number")?,
            "--help" | "-h" => {
                print!("{USAGE}");
                return Ok(());
            }
            part if PARTS.iter().any(|(name, _)| *name == part) => parts.push(part),
            _ => bail!("bench does not know `{option}`\n\n{USAGE}"),
        }
    }
    if bench.program.as_os_str().is_empty() {
        shell::run(&mut cargo("build --release --package ksext"))?;
        bench.program = shell::program("release");
    }
    for (name, part) in PARTS {
        if parts.is_empty() || parts.contains(&name) {
            println!("\n{name}");
            part(&bench)?;
        }
    }
    Ok(())
}

type Part = fn(&Bench) -> anyhow::Result<()>;
const PARTS: [(&str, Part); 12] = [
    ("startup", startup::run),
    ("keystroke", keystroke::run),
    ("completion", asking::completion),
    ("hover", asking::hover),
    ("cancel", asking::cancel),
    ("beside", beside::run),
    ("memory", memory::run),
    ("check", check::run),
    ("package", package::run),
    ("size", pack::run),
    ("workspace", workspace::run),
    ("program", program),
];

impl Bench {
    /// The package that is measured.
    fn package(&self) -> PathBuf {
        let example = || shell::root().join("tests/fixtures/demo");
        self.package.clone().unwrap_or_else(example)
    }

    /// A call of the program in an empty environment.
    fn ksext(&self) -> Ksext {
        Ksext::new(&self.program)
    }
}

/// Whether `program` can be started.
fn exists(program: &Path) -> bool {
    let version = Command::new(program).arg("--version").output();
    version.is_ok()
}

fn program(bench: &Bench) -> anyhow::Result<()> {
    let size = bench
        .program
        .metadata()
        .context("cannot look at the program")?
        .len();
    println!(
        "  {}; bar {}",
        shell::mebibytes(size),
        shell::mebibytes(PROGRAM_LIMIT)
    );
    Ok(())
}
