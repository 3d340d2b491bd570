//! Tools from PyPI, in fixed versions, in `target/tools`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use crate::process::run_for;
use crate::shell;

/// The most that one installation may take.
const INSTALLING: Duration = Duration::from_secs(900);

/// A set of packages of PyPI.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tools {
    name: &'static str,
    packages: &'static [&'static str],
}

/// What links for systems other than this one.
pub(crate) const ZIG: Tools = Tools {
    name: "zig",
    packages: &["cargo-zigbuild==0.24.0", "ziglang==0.17.1"],
};

/// What looks at the files of a release: at workflows, wheels and the list of components.
pub(crate) const CHECKS: Tools = Tools {
    name: "checks",
    packages: &[
        "auditwheel==6.8.2",
        "cyclonedx-python-lib[json-validation]==11.12.0",
        "zizmor==1.32.0",
    ],
};

impl Tools {
    /// Where its programs are.
    pub(crate) fn programs(self) -> PathBuf {
        let part = match cfg!(windows) {
            true => "Scripts",
            false => "bin",
        };
        self.folder().join(part)
    }

    fn folder(self) -> PathBuf {
        shell::root().join("target").join("tools").join(self.name)
    }

    /// Installs it, unless these versions are there.
    pub(crate) fn install(self) -> anyhow::Result<()> {
        let note = self.folder().join("installed.txt");
        let wanted = self.packages.join("\n");
        if fs::read_to_string(&note).is_ok_and(|there| there == wanted) {
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
        fs::write(&note, wanted).with_context(|| format!("cannot write {}", note.display()))
    }
}
