//! What the suites need: looked for, and where it is missing, installed.
//!
//! Programs of the system come from Debian's packages, if whoever runs this may install them. What the
//! system does not have comes from npm, PyPI or crates.io, in fixed versions: editors into `target/editors`, other
//! programs into `target/tools`.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::dist::this_system;
use crate::npm::npm;
use crate::process::run_for;
use crate::pypi::{BUILD_SERVERS, NEOVIM, RELEASE, VALIDATORS};
use crate::shell;
use crate::site;

/// The most that one installation may take.
const INSTALLING: Duration = Duration::from_secs(900);

const CODE_SERVER: &str = "code-server@4.139.1";
/// The Node that [`CODE_SERVER`] is built for and run by.
const CODE_SERVER_NODE: &str = "24.21.0";
/// What the editor says in Chinese; the last release that names its texts by their keys.
const CHINESE: (&str, &str) = ("@codingame/monaco-vscode-language-pack-zh-hans", "4.2.1");

/// The language client of Kakoune.
const KAK_LSP: &str = "kak-lsp@22.0.0";

/// Something that a suite needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// A Chromium.
    Browser,
    /// What the site is made with, in `server/docs/site`.
    Site,
    /// What pages of the documentation run beside ksext.
    Validators,
    /// A terminal that a program can type into.
    Tmux,
    /// In `target/editors/neovim`.
    Neovim,
    /// With both clients, eglot and lsp-mode.
    Emacs,
    /// With ALE.
    Vim,
    /// With kakoune-lsp, in `target/editors/kakoune`.
    Kakoune,
    /// Visual Studio Code as a server for browsers, in `target/editors/vscode`; and its extension.
    VsCode,
    /// What build servers have, and readers of the reports that they are given.
    BuildServers,
    /// What a release has, and programs that look at it.
    Packed,
}

impl Need {
    /// Whether Node and a browser are all that it takes.
    pub(super) fn comes_with_node(self) -> bool {
        matches!(self, Self::Browser | Self::Site)
    }

    /// What is missing of the system, as Debian calls it.
    fn missing(self) -> Vec<&'static str> {
        match self {
            Self::Browser if !finds("browser.mjs") => vec!["chromium"],
            Self::Tmux if !runs("tmux", &["-V"]) => vec!["tmux"],
            Self::VsCode if !code_server().is_dir() => {
                vec!["libkrb5-dev", "g++", "make", "python3", "pkg-config"]
            }
            Self::Validators if !VALIDATORS.is_there() => vec!["python3-venv"],
            Self::Neovim if !NEOVIM.is_there() => vec!["python3-venv"],
            Self::Emacs if !runs("emacs", EMACS_CLIENTS) => {
                vec!["emacs-nox", "elpa-eglot", "elpa-lsp-mode"]
            }
            Self::Vim if !ale().is_dir() || !runs("vim", &["--version"]) => {
                vec!["vim", "vim-ale"]
            }
            Self::Kakoune if !runs("kak", &["-version"]) => vec!["kakoune"],
            Self::BuildServers => {
                let mut missing = vec!["curl", "git", "jq", "shellcheck"];
                missing.retain(|program| !runs(program, &["--version"]));
                if !BUILD_SERVERS.is_there() {
                    missing.push("python3-venv");
                }
                missing
            }
            Self::Packed if !RELEASE_TOOLS.iter().all(|it| runs(it, &["--version"])) => {
                vec!["curl", "python3-venv", "ruby", "shellcheck", "wget"]
            }
            _ => Vec::new(),
        }
    }

    /// Installs what does not come with the system.
    fn install(self) -> anyhow::Result<()> {
        match self {
            Self::Validators => VALIDATORS.install(),
            Self::Neovim => NEOVIM.install(),
            Self::BuildServers => BUILD_SERVERS.install(),
            Self::Packed => RELEASE.install(),
            Self::Kakoune if !kak_lsp().is_file() => install_kak_lsp(),
            Self::Site => site::prepare(),
            Self::VsCode => {
                if !code_server().is_dir() {
                    install_code_server()?;
                }
                if !chinese().is_dir() {
                    install_chinese()?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// Makes sure of all of them; fails with what whoever runs this has to install.
pub(super) fn all(needs: &[Need]) -> anyhow::Result<()> {
    let missing: BTreeSet<&str> = needs.iter().flat_map(|need| need.missing()).collect();
    if !missing.is_empty() {
        install_packages(&missing)?;
    }
    needs.iter().try_for_each(|need| need.install())
}

/// Where editors are installed that the system does not have.
fn editors() -> PathBuf {
    shell::root().join("target").join("editors")
}

/// Fails without one of the clients; Emacs 29 has eglot itself.
const EMACS_CLIENTS: &[&str] = &[
    "--batch",
    "--eval",
    "(progn (require 'eglot) (require 'lsp-mode))",
];

/// What looks at a release, or installs it.
const RELEASE_TOOLS: &[&str] = &["curl", "python3", "ruby", "shellcheck", "wget"];

/// Where Debian has it.
fn ale() -> PathBuf {
    PathBuf::from("/usr/share/vim-ale")
}

fn kak_lsp() -> PathBuf {
    editors().join("kakoune").join("bin").join("kak-lsp")
}

fn install_kak_lsp() -> anyhow::Result<()> {
    let mut cargo = shell::cargo("install --locked --root");
    cargo.arg(editors().join("kakoune")).arg(KAK_LSP);
    run_for(&mut cargo, INSTALLING)
}

/// There when its installation has been finished.
fn code_server() -> PathBuf {
    editors().join("vscode").join("server")
}

/// What npm calls the Node of this system.
fn node_package() -> String {
    let (system, processor) = this_system();
    format!("node-{system}-{processor}")
}

fn install_code_server() -> anyhow::Result<()> {
    let folder = editors().join("vscode");
    let (node, unfinished) = (folder.join("node"), folder.join("unfinished"));
    for folder in [&node, &unfinished] {
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(folder.join("package.json"), "{}"))
            .with_context(|| format!("cannot write {}", folder.display()))?;
    }
    let platform = node_package();
    let package = format!("{platform}@{CODE_SERVER_NODE}");
    let install = ["install", "--no-audit", "--no-fund", "--no-save"];
    run_for(npm(&node, &install).arg(package), INSTALLING)?;

    let node = node.join("node_modules").join(&platform);
    let path = env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(node.join("bin")).chain(env::split_paths(&path));
    let mut server = npm(&unfinished, &install);
    server
        .arg(CODE_SERVER)
        .env("PATH", env::join_paths(path)?)
        // Native parts are built with the headers of that Node, which come with it.
        .env("npm_config_nodedir", &node);
    run_for(&mut server, INSTALLING)?;
    fs::rename(&unfinished, code_server()).context("cannot move what was installed")
}

fn chinese() -> PathBuf {
    editors().join("vscode").join("zh-cn")
}

/// Its files alone, without the packages that it is meant to be used with.
fn install_chinese() -> anyhow::Result<()> {
    let unfinished = editors().join("vscode").join("unfinished");
    fs::create_dir_all(&unfinished)
        .with_context(|| format!("cannot write {}", unfinished.display()))?;
    let (name, version) = CHINESE;
    let package = format!("{name}@{version}");
    run_for(
        npm(&unfinished, &["pack", "--silent"]).arg(package),
        INSTALLING,
    )?;
    let archive = format!("{}-{version}.tgz", name.replace('@', "").replace('/', "-"));
    let mut tar = Command::new("tar");
    tar.args(["-xzf", &archive]).current_dir(&unfinished);
    run_for(&mut tar, INSTALLING)?;
    fs::remove_file(unfinished.join(archive)).context("cannot remove the archive")?;
    fs::rename(&unfinished, chinese()).context("cannot move what was installed")
}

/// Whether a script of the tests finds its program.
fn finds(script: &str) -> bool {
    let mut node = Command::new("node");
    node.arg(script)
        .current_dir(super::folder().join("support"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    node.status().is_ok_and(|status| status.success())
}

fn runs(program: &str, words: &[&str]) -> bool {
    let output = Command::new(program).args(words).output();
    output.is_ok_and(|output| output.status.success())
}

/// Where whoever runs this may do so, installs packages of the system.
fn install_packages(packages: &BTreeSet<&str>) -> anyhow::Result<()> {
    let packages: Vec<&str> = packages.iter().copied().collect();
    if !is_root() || !runs("apt-get", &["--version"]) {
        bail!(
            "not installed, or not found: {} (the names of Debian's packages); `cargo xtask test --no-e2e` leaves out the tests that need them",
            packages.join(", ")
        );
    }
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        run_for(&mut apt, INSTALLING)
    };
    // One source of many that does not answer fails this; the package may come from another.
    if let Err(error) = apt(&["update"]) {
        println!("{error:#}");
    }
    apt(&[&["install", "-y", "--no-install-recommends"], &packages[..]].concat())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
