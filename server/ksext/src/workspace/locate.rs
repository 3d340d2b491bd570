//! From a place in a package to the package: what an editor or a shell inside of it means.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ksext_core::manifest::FILE_NAME;

use super::Package;
use super::discovery::{find, is_archive};
use crate::host::files;

/// Why a place leads to no package.
#[derive(Debug)]
pub(crate) enum LocateError {
    /// It cannot be opened.
    Open(anyhow::Error),
    /// There is none at the place, above or below.
    NotThere,
    /// There are so many below it.
    Many(usize),
}

/// The package that `path` is or lies in, an archive too; else the only one below it.
pub(crate) fn locate(path: &Path) -> Result<Package, LocateError> {
    files::is_folder(path)
        .with_context(|| path.display().to_string())
        .map_err(LocateError::Open)?;
    if let Some(folder) = enclosing(path) {
        return Package::open_folder(&folder).map_err(LocateError::Open);
    }
    if !is_a_folder(path) && !is_archive(path) {
        return Err(LocateError::NotThere);
    }
    let mut found = find(path, true).map_err(LocateError::Open)?;
    match found.packages.len() {
        0 => Err(LocateError::NotThere),
        1 => Ok(found.packages.remove(0)),
        many => Err(LocateError::Many(many)),
    }
}

/// The folder of the package of ours that the file at `path` lies in, the nearest one.
pub(crate) fn folder_of(path: &Path) -> Option<PathBuf> {
    let mut folders = path.ancestors().skip(1);
    folders.find(|folder| is_ours(folder)).map(Path::to_owned)
}

/// The folder of the package that `path` is or lies in: the nearest that holds a package of ours, or
/// somebody else's if `path` names that one.
fn enclosing(path: &Path) -> Option<PathBuf> {
    let is_folder = is_a_folder(path);
    if !is_folder && is_archive(path) {
        return None;
    }
    let folder = if is_folder { Some(path) } else { path.parent() };
    let folder = folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if is_ours(folder) {
        return Some(folder.to_owned());
    }
    let above = std::path::absolute(folder).ok()?;
    let above = above
        .ancestors()
        .skip(1)
        .find(|folder| is_ours(folder))
        .map(Path::to_owned);
    let named = is_folder || path.file_name().is_some_and(|name| name == FILE_NAME);
    above.or_else(|| (named && holds_manifest(folder)).then(|| folder.to_owned()))
}

fn is_a_folder(path: &Path) -> bool {
    files::is_folder(path).unwrap_or(false)
}

fn holds_manifest(folder: &Path) -> bool {
    files::is_file(&folder.join(FILE_NAME))
}

/// A chart's template may be called like a manifest, and is none.
fn is_ours(folder: &Path) -> bool {
    holds_manifest(folder)
        && Package::open_folder(folder).is_ok_and(|package| package.recognition().is_ours())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_found_from_anywhere_in_it() {
        let disk = tempfile::tempdir().expect("a folder");
        for (file, text) in [
            (
                "demo/extension.yaml",
                "name: demo\nksVersion: \">=4.1.0\"\n",
            ),
            ("demo/charts/web/Chart.yaml", "name: web\n"),
            (
                "demo/charts/web/templates/extension.yaml",
                "kind: ConfigMap\n",
            ),
            ("demo/static/图.svg", "<svg/>"),
            ("empty/notes.txt", ""),
        ] {
            let path = disk.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        for place in [
            "demo",
            "demo/extension.yaml",
            "demo/charts/web/templates/extension.yaml",
            "demo/static",
            "demo/static/图.svg",
            ".",
        ] {
            let package = locate(&disk.path().join(place)).expect(place);
            assert_eq!(
                package.manifest().name().map(|name| name.value).as_deref(),
                Some("demo"),
                "{place}"
            );
        }
        let none = locate(&disk.path().join("empty"));
        assert!(matches!(none, Err(LocateError::NotThere)), "{none:?}");
        for place in ["demo/none.yaml", "nowhere/at/all"] {
            let none = locate(&disk.path().join(place));
            assert!(
                matches!(none, Err(LocateError::Open(_))),
                "{place}: {none:?}"
            );
        }
    }

    #[test]
    fn of_two_packages_none_is_chosen() {
        let disk = tempfile::tempdir().expect("a folder");
        for name in ["a", "b"] {
            std::fs::create_dir(disk.path().join(name)).expect("made");
            let manifest = disk.path().join(name).join(FILE_NAME);
            std::fs::write(manifest, "ksVersion: \">=4.1.0\"\n").expect("written");
        }
        let two = locate(disk.path());
        assert!(matches!(two, Err(LocateError::Many(2))), "{two:?}");
    }
}
