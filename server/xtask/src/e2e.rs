//! The tests in a real browser, `tests/e2e`: what they need, and the run.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail, ensure};

use crate::shell::{self, cargo};

/// The oldest Node that is meant to run them.
const NODE: u32 = 20;

/// The most that fetching one small package may take.
const FETCHING: Duration = Duration::from_secs(180);
/// The most that installing a browser may take.
const INSTALLING: Duration = Duration::from_secs(600);
/// The most that all the tests may take, several times what they do.
const TESTING: Duration = Duration::from_secs(300);

/// Makes sure that there are Node, the packages of the tests, and a browser.
pub(crate) fn prepare() -> anyhow::Result<()> {
    node()?;
    if !is_installed()? {
        let mut npm = npm(&["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        run_for(&mut npm, FETCHING)?;
    }
    if browser().is_err() {
        install_browser()?;
        browser().map_err(anyhow::Error::msg)?;
    }
    Ok(())
}

/// Runs them on the program that cargo builds.
pub(crate) fn run() -> anyhow::Result<()> {
    shell::run(&mut cargo("build --package ksext"))?;
    let mut tests = npm(&["test", "--silent"]);
    if env::var_os("KSEXT").is_none() {
        tests.env("KSEXT", shell::program("debug"));
    }
    run_for(&mut tests, TESTING)
}

fn folder() -> PathBuf {
    shell::root().join("tests").join("e2e")
}

fn npm(words: &[&str]) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(words).current_dir(folder());
    npm
}

fn node() -> anyhow::Result<()> {
    let missing = || {
        format!(
            "the tests in a browser need Node {NODE} or newer with npm: install it, or leave them out with `cargo xtask test --no-browser`"
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

/// Whether npm has installed what the lock file says: it notes that in a file of its own.
fn is_installed() -> anyhow::Result<bool> {
    let modified = |path: &Path| path.metadata().and_then(|file| file.modified());
    let lock =
        modified(&folder().join("package-lock.json")).context("cannot read the lock file")?;
    let noted = folder().join("node_modules").join(".package-lock.json");
    Ok(modified(&noted).unwrap_or(SystemTime::UNIX_EPOCH) >= lock)
}

/// Asks the tests for their browser; the error says what to install.
fn browser() -> Result<(), String> {
    let output = Command::new("node")
        .arg("browser.mjs")
        .current_dir(folder())
        .output()
        .map_err(|error| format!("cannot start node: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

/// Where whoever runs this may do so, installs the system's Chromium.
fn install_browser() -> anyhow::Result<()> {
    if !is_root() || Command::new("apt-get").arg("--version").output().is_err() {
        bail!(
            "{}; `cargo xtask test --no-browser` leaves these tests out",
            browser().err().unwrap_or_default()
        );
    }
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        run_for(&mut apt, INSTALLING)
    };
    // One source of many that does not answer fails this; the browser may come from another.
    if let Err(error) = apt(&["update"]) {
        println!("{error:#}");
    }
    apt(&["install", "-y", "chromium"])
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Runs a command to its end, or ends it.
fn run_for(command: &mut Command, limit: Duration) -> anyhow::Result<()> {
    let shown = shell::shown(command);
    println!("$ {shown}");
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let latest = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() > latest {
            end(&mut child)?;
            bail!("`{shown}` was ended after {} seconds", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    ensure!(status.success(), "`{shown}` failed: {status}");
    Ok(())
}

/// Asks a process to end, so that it ends what it has started too; after a while it is not asked.
fn end(child: &mut Child) -> anyhow::Result<()> {
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    for _ in 0..100 {
        if asked.is_err() || child.try_wait()?.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}
