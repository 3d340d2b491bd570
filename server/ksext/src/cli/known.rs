//! `ksext check --baseline` and `--write-baseline`: findings that a project has decided to live with.

use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;
use ksext_core::baseline::Baseline;
use ksext_core::bilingual;
use ksext_core::finding::Finding;

use super::Terminal;
use super::check::Report;
use crate::host::files;

/// The most that a baseline may hold, in bytes.
const MAX_BASELINE: u64 = 64 << 20;

/// A baseline, and the packages that were held against it.
#[derive(Clone)]
pub(super) struct Known {
    path: PathBuf,
    baseline: Baseline,
    seen: Vec<String>,
}

impl Known {
    /// # Errors
    /// If the file cannot be read or is no baseline.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let read = || -> anyhow::Result<Baseline> {
            let bytes = files::read(path, MAX_BASELINE)?;
            Ok(Baseline::from_json(&String::from_utf8_lossy(&bytes))?)
        };
        Ok(Self {
            path: path.to_owned(),
            baseline: read().with_context(|| format!("cannot read the baseline {shown}"))?,
            seen: Vec::new(),
        })
    }

    /// The findings of the package at `root` that are not known.
    pub(super) fn unknown(&mut self, root: &Path, findings: Vec<Finding>) -> Vec<Finding> {
        let package = name_of(root, &self.path);
        let unknown = findings
            .into_iter()
            .filter(|finding| !self.baseline.take(&file(&package, finding), finding))
            .collect();
        self.seen.push(package);
        unknown
    }

    /// Tells how much of the baseline is not found any more in the packages that were seen.
    pub(super) fn tell_stale(&self, terminal: &Terminal) {
        let was_seen = |file: &str| {
            let mut seen = self.seen.iter();
            seen.any(|package| {
                let below = file.strip_prefix(package.as_str());
                package.is_empty() || below.is_some_and(|rest| rest.starts_with('/'))
            })
        };
        let stale = self.baseline.left().filter(|kind| was_seen(&kind.file));
        let count = stale.count();
        if count > 0 {
            let path = self.path.display();
            let text = bilingual!(
                "{count} of the findings in {path} are gone; `--write-baseline` writes it anew",
                "{path} 中有 {count} 个问题已不存在；可用 `--write-baseline` 重新生成",
            );
            terminal.note(text.get(terminal.lang()));
        }
    }
}

/// Writes all findings of a report to a baseline.
pub(super) fn write(path: &Path, report: &Report, terminal: &Terminal) -> anyhow::Result<()> {
    let mut baseline = Baseline::default();
    for checked in &report.packages {
        let package = name_of(checked.package.root(), path);
        for finding in &checked.findings {
            baseline.add(&file(&package, finding), finding);
        }
    }
    let shown = path.display();
    files::write(path, baseline.to_json().as_bytes())
        .with_context(|| format!("cannot write the baseline {shown}"))?;
    let count = baseline.len();
    let text = bilingual!(
        "wrote {count} findings to {shown}",
        "已将 {count} 个问题写入 {shown}",
    );
    terminal.note(text.get(terminal.lang()));
    Ok(())
}

/// A finding's file as a baseline names it.
fn file(package: &str, finding: &Finding) -> String {
    let file = &finding.location.file;
    if package.is_empty() {
        file.to_string()
    } else {
        format!("{package}/{file}")
    }
}

/// The package at `root` as the baseline at `path` names it: the way from one to the other, so that
/// it does not matter where the program is started.
fn name_of(root: &Path, path: &Path) -> String {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = files::real_path(folder.unwrap_or(Path::new(".")));
    let root = files::real_path(root);
    let mut down = root.components().peekable();
    let mut up = folder.components().peekable();
    while down.peek().is_some() && down.peek() == up.peek() {
        down.next();
        up.next();
    }
    let up = up.map(|_| Component::ParentDir);
    let names = up
        .chain(down)
        .map(|name| name.as_os_str().to_string_lossy().into_owned());
    names.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_as_seen_from_the_baseline() {
        for (root, path, name) in [
            ("/none/a/观测", "/none/baseline.json", "a/观测"),
            ("/none/a", "/none/a/baseline.json", ""),
            ("/none/a", "/none/b/c/baseline.json", "../../a"),
        ] {
            assert_eq!(name_of(Path::new(root), Path::new(path)), name);
        }
    }
}
