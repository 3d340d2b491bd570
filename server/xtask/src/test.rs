//! `cargo xtask test`: everything that must hold before a change is taken.
//!
//! What the tests themselves can see (generated pages, arrows between modules, the corpus) is in
//! `tests/it`, so that `cargo test` alone finds it too.

use anyhow::{bail, ensure};

use crate::deps;
use crate::e2e;
use crate::shell::{self, cargo};

/// The most that the release program may weigh, in bytes.
pub(crate) const PROGRAM_LIMIT: u64 = 12 << 20;

/// Crates, each with the packages that must not be found below it. What must not be below any stands in `deny.toml`.
const FORBIDDEN: [(&str, &[&str]); 3] = [
    (
        "ksext-core",
        &[
            "tokio",
            "reqwest",
            "clap",
            "tower-lsp-server",
            "ls-types",
            "axum",
            "ksext-cloud",
            "ksext-sandbox",
        ],
    ),
    (
        "ksext-cloud",
        &[
            "clap",
            "tower-lsp-server",
            "ls-types",
            "axum",
            "ksext-core",
            "ksext-sandbox",
        ],
    ),
    (
        "ksext-sandbox",
        &[
            "reqwest",
            "clap",
            "tower-lsp-server",
            "ls-types",
            "ksext-core",
            "ksext-cloud",
        ],
    ),
];

pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    let mut wanted = e2e::Wanted::All;
    let mut release = false;
    for option in options {
        match *option {
            "--release" => release = true,
            "--no-editors" => wanted = wanted.min(e2e::Wanted::WithoutEditors),
            "--no-e2e" => wanted = e2e::Wanted::Nothing,
            _ => bail!(
                "no such option of `test`: `{option}`; there are --release, --no-editors and --no-e2e"
            ),
        }
    }
    let suites = wanted.suites();
    // What is missing is told before minutes of tests, not after them.
    e2e::prepare(&suites)?;
    shell::run(&mut cargo("fmt --all --check"))?;
    dependencies()?;
    shell::run(&mut cargo(
        "clippy --workspace --all-targets --quiet -- -D warnings",
    ))?;
    // People are given the release program, so that is what their editors are tested with.
    let release = release || !suites.is_empty();
    program_size(release)?;
    shell::run(&mut cargo("test --workspace"))?;
    e2e::run(&suites, &shell::program("release"))
}

/// Looks for what may not be below each crate.
fn dependencies() -> anyhow::Result<()> {
    let banned = deps::banned()?;
    let everywhere: Vec<&str> = banned.iter().map(String::as_str).collect();
    for (package, forbidden) in FORBIDDEN.into_iter().chain([("ksext", &everywhere[..])]) {
        let tree = format!("tree --package {package} --edges normal --prefix none --format {{p}}");
        let tree = shell::output(&mut cargo(&tree))?;
        let tree = String::from_utf8_lossy(&tree);
        let names = tree.lines().filter_map(|line| line.split(' ').next());
        let found: Vec<&str> = names.filter(|name| forbidden.contains(name)).collect();
        ensure!(
            found.is_empty(),
            "{package} must not depend on {found:?}; `cargo tree -p {package} -i {}` shows the way",
            found[0]
        );
    }
    println!("dependencies: as they should be");
    Ok(())
}

/// Prints the size of the release program, if there is one or it is asked for.
fn program_size(asked: bool) -> anyhow::Result<()> {
    // Where a change is judged, the size of what would be shipped is part of it.
    let release = asked || std::env::var_os("CI").is_some();
    if release {
        shell::run(&mut cargo("build --release --package ksext"))?;
    }
    let Ok(program) = shell::program("release").metadata() else {
        return Ok(());
    };
    let (size, limit) = (
        shell::mebibytes(program.len()),
        shell::mebibytes(PROGRAM_LIMIT),
    );
    println!("release program: {size} of {limit}");
    ensure!(
        !release || program.len() <= PROGRAM_LIMIT,
        "the release program is larger than {limit}"
    );
    Ok(())
}
