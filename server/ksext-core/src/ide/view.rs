//! What an editor asks about.

use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{Contents, Package, PkgPath};

/// A text of a package, as the editor shows it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The package, with the open texts in place of the files on the disk.
    pub package: Package<'a>,
    /// What lies in it beside the manifest, if that is known; it may be older than the rest.
    pub contents: Option<&'a Contents>,
    /// Where the text is in the package.
    pub file: &'a PkgPath,
    /// Its content.
    pub text: &'a str,
}

impl<'a> View<'a> {
    /// The manifest, if that is the text.
    pub fn as_manifest(&self) -> Option<&'a Manifest> {
        (*self.file == PkgPath::from(FILE_NAME)).then(|| self.package.manifest())
    }
}

#[cfg(test)]
impl<'a> View<'a> {
    /// The manifest of a package of which nothing else is known.
    pub(crate) fn of(manifest: &'a Manifest, file: &'a PkgPath) -> Self {
        Self {
            package: Package::without_files(manifest),
            contents: None,
            file,
            text: manifest.text(),
        }
    }
}
