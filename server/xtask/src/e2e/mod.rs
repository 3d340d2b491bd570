//! The tests in real programs, `tests/e2e`: pages in a browser, and editors.
//!
//! ```text
//! SUITES ── prepare: what each needs is there, or is installed (install.rs)
//!        └─ run: its files, by Node, on the program that is given (vscode.rs: on the packed extension too,
//!           packed.rs: on what a release has)
//! ```

mod install;
mod packed;
mod vscode;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use self::install::Need;
use crate::npm;
use crate::process::run_for;
use crate::shell::{self, cargo};
use crate::site;

/// The oldest Node that is meant to run them.
const NODE: u32 = 20;

/// The most that the tests of one suite may take, several times what they do.
const TESTING: Duration = Duration::from_secs(1800);

/// What Node is told where pages build the program: the most that a file of tests may take, in milliseconds.
const PATIENT: &str = "--test-timeout=1700000";

/// THE list of suites: a folder of `tests/e2e` each.
static SUITES: &[Suite] = &[
    Suite {
        name: "docs",
        needs: &[Need::Validators],
    },
    Suite {
        name: "pages",
        needs: &[Need::Browser],
    },
    Suite {
        name: "schema",
        needs: &[],
    },
    Suite {
        name: "site",
        needs: &[Need::Browser, Need::Site],
    },
    Suite {
        name: "vscode",
        needs: &[Need::Browser, Need::VsCode],
    },
    Suite {
        name: "neovim",
        needs: &[Need::Tmux, Need::Neovim],
    },
    Suite {
        name: "emacs",
        needs: &[Need::Tmux, Need::Emacs],
    },
    Suite {
        name: "vim",
        needs: &[Need::Tmux, Need::Vim],
    },
    Suite {
        name: "kakoune",
        needs: &[Need::Tmux, Need::Kakoune],
    },
    Suite {
        name: "ci",
        needs: &[Need::BuildServers],
    },
    Suite {
        name: "install",
        needs: &[Need::Neovim, Need::Packed],
    },
];

/// Tests that need the same programs.
#[derive(Debug)]
pub(crate) struct Suite {
    /// The name of their folder.
    name: &'static str,
    needs: &'static [Need],
}

/// Which suites are run, from the fewest to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wanted {
    /// None: Rust is enough.
    Nothing,
    /// Those that Node and a browser are enough for.
    WithoutEditors,
    /// Every one.
    All,
}

impl Wanted {
    /// The suites, in the order of the list.
    pub(crate) fn suites(self) -> Vec<&'static Suite> {
        let is_wanted = |suite: &&Suite| match self {
            Self::All => true,
            Self::WithoutEditors => suite.needs.iter().all(|need| need.comes_with_node()),
            Self::Nothing => false,
        };
        SUITES.iter().filter(is_wanted).collect()
    }
}

/// `cargo xtask e2e [SUITE…]`: these suites, or all, on the program as cargo builds it while one works.
pub(crate) fn task(names: &[&str]) -> anyhow::Result<()> {
    let unknown = names
        .iter()
        .find(|name| SUITES.iter().all(|suite| suite.name != **name));
    if let Some(name) = unknown {
        let all: Vec<&str> = SUITES.iter().map(|suite| suite.name).collect();
        bail!("there is no suite `{name}`; there are {}", all.join(", "));
    }
    let is_named = |suite: &&Suite| names.is_empty() || names.contains(&suite.name);
    let suites: Vec<&Suite> = SUITES.iter().filter(is_named).collect();
    prepare(&suites)?;
    shell::run(&mut cargo("build --package ksext"))?;
    run(&suites, &shell::program("debug"))
}

/// Makes sure that there is all that the suites need.
pub(crate) fn prepare(suites: &[&Suite]) -> anyhow::Result<()> {
    if suites.is_empty() {
        return Ok(());
    }
    node()?;
    npm::ci(&folder())?;
    let mut needs: Vec<Need> = suites
        .iter()
        .flat_map(|suite| suite.needs)
        .copied()
        .collect();
    needs.sort_unstable();
    needs.dedup();
    if needs.contains(&Need::VsCode) {
        vscode::prepare()?;
    }
    // Some test that cargo works without a network.
    shell::run(&mut cargo("fetch --locked --quiet"))?;
    install::all(&needs)
}

/// Runs them on a program; `KSEXT` names another.
pub(crate) fn run(suites: &[&Suite], program: &Path) -> anyhow::Result<()> {
    let program = env::var_os("KSEXT").map_or_else(|| program.to_owned(), PathBuf::from);
    for suite in suites {
        let mut tests = npm::npm(&folder(), &["test", "--silent", "--"]);
        if suite.needs.contains(&Need::VsCode) {
            vscode::build()?;
            tests.arg(vscode::AT_ONCE);
        }
        if suite.needs.contains(&Need::Validators) {
            tests.arg(PATIENT);
        }
        if suite.needs.contains(&Need::Packed) {
            packed::build(&program)?;
        }
        if suite.needs.contains(&Need::Site) {
            site::build()?;
        }
        tests.args(files(suite)?).env("KSEXT", &program);
        run_for(&mut tests, TESTING)?;
    }
    Ok(())
}

/// The tests of a suite, as paths below [`folder()`].
fn files(suite: &Suite) -> anyhow::Result<Vec<String>> {
    let folder = folder().join(suite.name);
    let entries = folder
        .read_dir()
        .with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            files.push(format!("{}/{name}", suite.name));
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "no tests in {}", folder.display());
    Ok(files)
}

fn folder() -> PathBuf {
    shell::root().join("tests").join("e2e")
}

fn node() -> anyhow::Result<()> {
    let missing = || {
        format!(
            "the tests in `tests/e2e` need Node {NODE} or newer with npm: install it, or leave them out with `cargo xtask test --no-e2e`"
        )
    };
    let output = Command::new("node")
        .arg("--version")
        .output()
        .with_context(missing)?;
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= NODE),
        "Node is {}; {}",
        version.trim(),
        missing()
    );
    Ok(())
}
