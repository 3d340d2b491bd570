//! The packages that are known, open or not.
//!
//! A package is known because it lies in a folder of the workspace, or because a file of it is open.
//! Of one that is not open only little is kept: what is said of its files, its name and its version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ksext_core::lang::Lang;
use ksext_core::package::Size;
use serde::Serialize;

use super::analysis::Analysis;
use super::measuring::Measurement;
use super::proto::Uri;
use super::uri;

/// Where a package is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Home {
    /// In the folder of this name ([`uri::key_of`]).
    Folder(PathBuf),
    /// Nowhere yet: it is one unsaved text.
    Text(Uri),
}

impl Home {
    /// That of the package in a folder.
    pub(super) fn of_folder(folder: &Path) -> Self {
        Self::Folder(uri::key_of(folder))
    }
}

/// A package, or a text that is called like a manifest and turns out to be somebody else's.
#[derive(Debug)]
pub(super) struct KnownPackage {
    /// The folder that it lies in.
    pub(super) root: PathBuf,
    /// The same without links, if that was looked at.
    pub(super) real: Option<PathBuf>,
    /// The client's name of its manifest.
    pub(super) manifest: Uri,
    /// Tells this package from one that was known at the same place before.
    pub(super) number: u64,
    /// It lies in a folder of the workspace.
    pub(super) in_workspace: bool,
    /// Changes with everything that a check looks at.
    pub(super) inputs: u64,
    /// The inputs of the newest check that is finished.
    pub(super) checked: u64,
    /// A task is at work that ends with the check of the newest inputs.
    pub(super) checking: bool,
    /// Something else than its open texts has changed since the newest check.
    pub(super) changed_outside: bool,
    /// What is known of it however little is kept; `None` before the first check.
    pub(super) summary: Option<Summary>,
    /// The newest finished check, if a file of it is open; its inputs may be old.
    pub(super) analysis: Option<Arc<Analysis>>,
    /// The settings file in force, if there is one.
    pub(super) settings_file: Option<PathBuf>,
    /// What lies in the package.
    pub(super) measurement: Measurement,
    /// The client was asked to watch the package's folder.
    pub(super) watched: bool,
}

/// What is known of a package that is not open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    /// Whether it is ours.
    pub(super) is_ours: bool,
    /// Its name.
    pub(super) name: Option<String>,
    /// Its version, once it was checked.
    pub(super) version: Option<String>,
    /// What the newest check has found.
    pub(super) findings: Tally,
    /// Its size, as far as that check knew it.
    pub(super) size: Option<Size>,
    /// The language that its project sets.
    pub(super) lang: Option<Lang>,
}

/// How many findings there are that people must or should do something about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    pub(super) errors: usize,
    pub(super) warnings: usize,
}

impl KnownPackage {
    pub(super) fn new(root: PathBuf, manifest: Uri, number: u64) -> Self {
        Self {
            root,
            real: None,
            manifest,
            number,
            in_workspace: false,
            inputs: number,
            checked: 0,
            checking: false,
            changed_outside: false,
            summary: None,
            analysis: None,
            settings_file: None,
            measurement: Measurement::default(),
            watched: false,
        }
    }

    /// Whether it is ours as far as is known.
    pub(super) fn may_be_ours(&self) -> bool {
        self.summary.as_ref().is_none_or(|summary| summary.is_ours)
    }

    /// Whether the newest inputs are checked.
    pub(super) fn is_checked(&self) -> bool {
        self.checked == self.inputs
    }
}

/// All packages that are known.
#[derive(Debug, Default)]
pub(super) struct Packages {
    known: BTreeMap<Home, KnownPackage>,
}

impl Packages {
    pub(super) fn get(&self, home: &Home) -> Option<&KnownPackage> {
        self.known.get(home)
    }

    pub(super) fn get_mut(&mut self, home: &Home) -> Option<&mut KnownPackage> {
        self.known.get_mut(home)
    }

    /// Takes a package in, unless it is known.
    pub(super) fn enter(
        &mut self,
        home: Home,
        new: impl FnOnce() -> KnownPackage,
    ) -> &mut KnownPackage {
        self.known.entry(home).or_insert_with(new)
    }

    pub(super) fn remove(&mut self, home: &Home) -> Option<KnownPackage> {
        self.known.remove(home)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Home, &KnownPackage)> {
        self.known.iter()
    }

    pub(super) fn homes(&self) -> Vec<Home> {
        self.known.keys().cloned().collect()
    }

    /// The packages that the file at `path` lies in, the innermost first.
    pub(super) fn around(&self, path: &Path) -> impl Iterator<Item = (&Home, &KnownPackage)> {
        let key = uri::key_of(path);
        let folders: Vec<_> = key
            .ancestors()
            .map(|it| Home::Folder(it.to_owned()))
            .collect();
        folders
            .into_iter()
            .filter_map(|folder| self.known.get_key_value(&folder))
    }

    /// The packages that lie in a folder or are it.
    pub(super) fn below(&self, folder: &Path) -> impl Iterator<Item = (&Home, &KnownPackage)> {
        let first = uri::key_of(folder);
        let is_below = {
            let first = first.clone();
            move |home: &Home| matches!(home, Home::Folder(key) if key.starts_with(&first))
        };
        // Paths are ordered name by name, so what lies in a folder follows it.
        self.known
            .range(Home::Folder(first)..)
            .take_while(move |(home, _)| is_below(home))
    }

    /// The package that a file belongs to: of one inside of another the inner, unless that one is
    /// somebody else's.
    pub(super) fn of_file(&self, path: &Path) -> Option<(&Home, &KnownPackage)> {
        self.around(path).find(|(_, package)| package.may_be_ours())
    }

    /// Name and version of all packages but `except`, sorted.
    pub(super) fn extensions(&self, except: Option<&Home>) -> Vec<(String, String)> {
        let packages = self.known.iter().filter(|(home, _)| Some(*home) != except);
        let summaries = packages.filter_map(|(_, package)| package.summary.as_ref());
        let ours = summaries.filter(|summary| summary.is_ours);
        let named = ours.filter_map(|it| it.name.clone().zip(it.version.clone()));
        let mut extensions: Vec<_> = named.collect();
        extensions.sort();
        extensions.dedup();
        extensions
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn packages(roots: &[&str]) -> Packages {
        let mut packages = Packages::default();
        for root in roots {
            let manifest = format!("file://{root}/extension.yaml");
            let manifest: Uri = manifest.parse().expect("a URI");
            let root = Path::new(root);
            packages.enter(Home::of_folder(root), || {
                KnownPackage::new(root.to_owned(), manifest, 1)
            });
        }
        packages
    }

    #[test]
    fn a_file_belongs_to_the_innermost_package_of_ours() {
        let mut packages = packages(&["/w/a", "/w/a/charts/b", "/w/a-b", "/w/c"]);
        let of = |packages: &Packages, path: &str| {
            let found = packages.of_file(Path::new(path));
            found.map(|(_, package)| package.root.display().to_string())
        };
        for (path, expected) in [
            ("/w/a/extension.yaml", Some("/w/a")),
            ("/w/a/charts/b/Chart.yaml", Some("/w/a/charts/b")),
            ("/w/a/charts/c/Chart.yaml", Some("/w/a")),
            ("/w/extension.yaml", None),
        ] {
            assert_eq!(of(&packages, path).as_deref(), expected, "{path}");
        }
        let inner = Home::of_folder(Path::new("/w/a/charts/b"));
        let inner = packages.get_mut(&inner).expect("it is known");
        inner.summary = Some(Summary::default());
        let path = "/w/a/charts/b/Chart.yaml";
        assert_eq!(of(&packages, path).as_deref(), Some("/w/a"));
    }

    #[test]
    fn what_lies_in_a_folder_is_told_from_what_only_begins_like_it() {
        let packages = packages(&["/w/a", "/w/a/charts/b", "/w/a-b", "/w/c"]);
        let below: Vec<_> = packages
            .below(Path::new("/w/a"))
            .map(|(_, package)| package.root.display().to_string())
            .collect();
        assert_eq!(below, ["/w/a", "/w/a/charts/b"]);
        assert_eq!(packages.below(Path::new("/w")).count(), 4);
    }
}
