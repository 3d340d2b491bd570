//! `ksext check --fix` and `--diff`: fixes made in files, or shown.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ksext_core::check::Settings;
use ksext_core::finding::{Finding, Safety};
use ksext_core::fix::{Fixed, fix};
use ksext_core::manifest::FILE_NAME;
use ksext_core::package::PkgPath;
use ksext_core::text::unified;
use ksext_core::yaml::Source;

use super::check::path_in;
use super::plain;
use crate::host::{disk, files};
use crate::workspace::Package;

/// Lines of a diff that are shown around a change.
const AROUND: u32 = 3;

/// What is done with fixes.
pub(super) struct Fixing {
    safety: Safety,
    only_show: bool,
    would_change: bool,
}

/// Where the manifest of a package comes from, if that is stdin: the name it was given, if any.
pub(super) type Stdin<'a> = Option<Option<&'a Path>>;

impl Fixing {
    pub(super) fn new(unsafe_too: bool, only_show: bool) -> Self {
        let safety = if unsafe_too {
            Safety::Unsafe
        } else {
            Safety::Safe
        };
        Self {
            safety,
            only_show,
            would_change: false,
        }
    }

    /// Whether a fix was shown.
    pub(super) fn would_change(&self) -> bool {
        self.would_change
    }

    /// Makes the fixes of a package and answers it as it is then, with their number; or shows them.
    /// `wanted` picks the findings to fix.
    ///
    /// # Errors
    /// If the package is packed, or a file cannot be written.
    pub(super) fn fix(
        &mut self,
        package: Package,
        stdin: Stdin<'_>,
        settings: &Settings,
        wanted: &dyn Fn(Vec<Finding>) -> Vec<Finding>,
    ) -> anyhow::Result<(Package, usize)> {
        let shown = package.root().display();
        anyhow::ensure!(
            stdin.is_some() || files::is_folder(package.root()).unwrap_or(false),
            "cannot fix {shown}: it is packed; fix the folder that it was packed from"
        );
        // Of a package whose manifest comes from stdin, only the manifest has a way out.
        let safety = self.safety;
        let may_edit = |file: &PkgPath| stdin.is_none() || *file == PkgPath::from(FILE_NAME);
        let fixed = fix(&package.as_package(), self.safety, &may_edit, &|package| {
            // What the size asks for is never a safe fix, so packing can wait.
            let contents = package.has_files().then(|| match safety {
                Safety::Safe => Some(package.contents()),
                Safety::Unsafe => package.measured_contents(&|| false),
            });
            let contents = contents.flatten();
            wanted(ksext_core::check::check(
                package,
                settings,
                contents.as_ref(),
            ))
        });
        if self.only_show {
            self.would_change |= !fixed.texts.is_empty();
            show(&package, stdin, &fixed)?;
            return Ok((package, 0));
        }
        let package = match stdin {
            Some(name) => to_stdout(package, name, &fixed)?,
            None => write(package, &fixed)?,
        };
        Ok((package, fixed.made))
    }
}

/// Prints a manifest from stdin that is not ours as it came, if a fixed one is waited for.
pub(super) fn pass_on(package: &Package, is_waited_for: bool) -> anyhow::Result<()> {
    if is_waited_for {
        print(package.manifest().text())?;
    }
    Ok(())
}

fn print(text: &str) -> anyhow::Result<()> {
    // As it is, for whoever reads it: nothing in it is for a terminal.
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

fn to_stdout(package: Package, name: Option<&Path>, fixed: &Fixed) -> anyhow::Result<Package> {
    let text = fixed.texts.values().next();
    let text = text.map_or(package.manifest().text(), String::as_str);
    print(text)?;
    let source = Source::from_text(text.to_owned());
    Ok(match name {
        None => Package::without_files(source),
        Some(_) => Package::from_text(package.root(), source),
    })
}

fn write(package: Package, fixed: &Fixed) -> anyhow::Result<Package> {
    if fixed.texts.is_empty() {
        return Ok(package);
    }
    let root = package.root().to_owned();
    let folder = disk::Disk::new(&root);
    for (path, text) in &fixed.texts {
        let path = folder.real(path);
        files::rewrite(&path, text.as_bytes())
            .with_context(|| format!("cannot write the fixed {}", path.display()))?;
    }
    Package::open_folder(&root)
}

/// Prints a diff of each file that differs.
fn show(package: &Package, stdin: Stdin<'_>, fixed: &Fixed) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    let is_terminal = std::io::stdout().is_terminal();
    for (path, text) in &fixed.texts {
        let before = if stdin.is_some() {
            package.manifest().text().to_owned()
        } else {
            package.text_of(path)
        };
        let name = match stdin {
            Some(Some(name)) => name.to_owned(),
            Some(None) => PathBuf::from("-"),
            None => path_in(package, path),
        };
        let name = name.display().to_string();
        let is_new = before.is_empty() && stdin.is_none();
        let from = if is_new { "/dev/null" } else { &name };
        let changes = unified(before.as_str(), text.as_str(), AROUND);
        let diff = format!("--- {from}\n+++ {name}\n{changes}");
        let diff = if is_terminal { plain(&diff) } else { diff };
        out.write_all(diff.as_bytes())?;
    }
    out.flush()?;
    Ok(())
}
