//! From a path that a user names to the packages that it means.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use ksext_core::manifest::{FILE_NAME, Recognition};

use super::Package;
use crate::host::files;

/// What a path means.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The packages, in the order of their paths.
    pub(crate) packages: Vec<Package>,
    /// Manifests that are somebody else's, with the reason.
    pub(crate) foreign: Vec<(PathBuf, Recognition)>,
    /// Why packages in a tree could not be opened.
    pub(crate) failed: Vec<anyhow::Error>,
}

/// Folders in which no package is looked for.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// The packages that `path` means: a package's folder, its manifest, an archive, or a tree that
/// holds many packages. Any other file means none.
///
/// # Errors
/// If there is nothing at `path`, or the one package that it names cannot be opened.
pub(crate) fn find(path: &Path, as_extension: bool) -> anyhow::Result<Found> {
    let is_folder =
        files::is_folder(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut found = Found::default();
    if is_folder {
        find_below(path, as_extension, &mut found);
    } else if path.file_name().is_some_and(|name| name == FILE_NAME) {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let package = Package::open_folder(parent.unwrap_or(Path::new(".")))?;
        take(package, as_extension, &mut found);
    } else if is_archive(path) {
        match Package::open_archive(path)? {
            Some(package) => {
                take(package, as_extension, &mut found);
            }
            // A packed chart, say.
            None => found.foreign.push((path.to_owned(), Recognition::Unknown)),
        }
    }
    Ok(found)
}

/// The file in a folder that is called nearly like a manifest: in another case, or `.yml`.
pub(crate) fn misnamed_manifest(folder: &Path) -> Option<String> {
    let near = [FILE_NAME, "extension.yml"];
    let names = files::names_in(folder).ok()?;
    let mut names = names.into_iter().filter(|name| name != FILE_NAME);
    names.find(|name| near.contains(&name.to_ascii_lowercase().as_str()))
}

/// Whether a path is called like a packed package.
pub(super) fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".tgz") || name.ends_with(".tar.gz")
}

fn find_below(folder: &Path, as_extension: bool, found: &mut Found) {
    walk(folder, &mut |at| {
        match at {
            At::Manifest(folder) => match Package::open_folder(folder) {
                Ok(package) => {
                    // What lies inside a package belongs to it.
                    if take(package, as_extension, found) {
                        return Next::Beside;
                    }
                }
                Err(error) => found.failed.push(error),
            },
            At::Unreadable(folder, error) => {
                let shown = folder.display();
                let error = anyhow::anyhow!("cannot look into the folder {shown}: {error}");
                found.failed.push(error);
            }
        }
        Next::Below
    });
}

/// A package that was seen in a tree, of which nothing else is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// The same without links.
    pub(crate) real: PathBuf,
    /// Its name.
    pub(crate) name: Option<String>,
}

/// The packages of ours in a tree, in the order of their paths; no more than `most`, and none any more
/// once it is `cancelled`.
pub(crate) fn packages_below(
    folder: &Path,
    most: usize,
    cancelled: &dyn Fn() -> bool,
) -> Vec<Seen> {
    let mut seen = Vec::new();
    walk(folder, &mut |at| {
        if seen.len() >= most || cancelled() {
            return Next::Nothing;
        }
        if let At::Manifest(folder) = at
            && let Ok(package) = Package::open_folder(folder)
            && package.recognition().is_ours()
        {
            seen.push(Seen {
                folder: folder.to_owned(),
                real: files::real_path(folder),
                name: package.manifest().name().map(|name| name.value),
            });
            return Next::Beside;
        }
        Next::Below
    });
    seen
}

/// What a walk comes by.
enum At<'a> {
    /// A folder in which something is called like a manifest.
    Manifest(&'a Path),
    /// A folder that cannot be looked into.
    Unreadable(&'a Path, io::Error),
}

/// Where a walk goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Into the folder.
    Below,
    /// Past it.
    Beside,
    /// Nowhere.
    Nothing,
}

/// Walks through a tree, folder by folder in the order of their paths; links to folders are not
/// followed.
fn walk(folder: &Path, visit: &mut dyn FnMut(At<'_>) -> Next) -> Next {
    if files::is_no_folder(&folder.join(FILE_NAME)) {
        match visit(At::Manifest(folder)) {
            Next::Below => {}
            next => return next,
        }
    }
    let folders = match files::folders_in(folder) {
        Ok(folders) => folders,
        Err(error) => return visit(At::Unreadable(folder, error)),
    };
    let worth_a_look = |folder: &&PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.') && !SKIPPED.contains(&name.as_ref())
    };
    for folder in folders.iter().filter(worth_a_look) {
        if walk(folder, visit) == Next::Nothing {
            return Next::Nothing;
        }
    }
    Next::Below
}

/// Keeps a package if it is ours; answers whether it is.
fn take(package: Package, as_extension: bool, found: &mut Found) -> bool {
    let recognition = package.recognition();
    let ours = as_extension || recognition.is_ours();
    if ours {
        found.packages.push(package);
    } else {
        found.foreign.push((package.manifest_path(), recognition));
    }
    ours
}
