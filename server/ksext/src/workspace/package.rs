//! One package, opened from wherever it is.

use std::path::{Path, PathBuf};

use anyhow::Context;
use ksext_core::check::{self, Settings};
use ksext_core::finding::Finding;
use ksext_core::manifest::{self, FILE_NAME, Folder, Manifest, Recognition, recognize};
use ksext_core::package::fs::{Kind, LookupError, lookup};
use ksext_core::package::{self, Contents, FileSystem, MemoryFs, Overlay, PkgPath};
use ksext_core::yaml::Source;

use super::frozen::Frozen;
use crate::host::disk::Disk;
use crate::host::files;
use crate::host::threads::Threads;

/// The most that a manifest may hold, in bytes; more is not read. Real ones have a few thousand.
pub(crate) const MAX_MANIFEST: u64 = 16 << 20;
/// The most that an archive may hold, in bytes.
const MAX_ARCHIVE: u64 = 256 << 20;

/// A package: its files and its manifest.
pub(crate) struct Package {
    /// The folder or archive, as the user named it.
    root: PathBuf,
    files: Box<dyn FileSystem>,
    manifest: Manifest,
    /// Whether its files are known at all.
    has_files: bool,
}

impl std::fmt::Debug for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

impl Package {
    /// Opens the package in a folder.
    ///
    /// # Errors
    /// If its manifest cannot be read.
    pub(crate) fn open_folder(root: &Path) -> anyhow::Result<Self> {
        Self::open(root, Box::new(Disk::new(root)))
    }

    /// Opens a packed package.
    ///
    /// `None` if no manifest is in it.
    ///
    /// # Errors
    /// If it cannot be read or is no archive that ksbuilder takes.
    pub(crate) fn open_archive(path: &Path) -> anyhow::Result<Option<Self>> {
        let shown = path.display();
        let bytes =
            files::read(path, MAX_ARCHIVE).with_context(|| format!("cannot read {shown}"))?;
        let files =
            package::unpack::package(&bytes).with_context(|| format!("cannot unpack {shown}"))?;
        match files.kind(&PkgPath::from(FILE_NAME)) {
            Ok(_) => Self::open(path, Box::new(files)).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// The package of a manifest whose text comes from elsewhere, with the files beside it.
    pub(crate) fn from_text(root: &Path, source: Source) -> Self {
        let files = Box::new(Disk::new(root));
        Self {
            root: root.to_owned(),
            files,
            manifest: Manifest::read(source),
            has_files: true,
        }
    }

    /// Opens the package in a folder as an editor shows it: its open files hide those on the disk.
    ///
    /// # Errors
    /// If its manifest is neither open nor readable.
    pub(crate) fn open_buffered(
        root: &Path,
        buffers: impl IntoIterator<Item = (PkgPath, String)>,
    ) -> anyhow::Result<Self> {
        let disk = Disk::new(root);
        let mut files = Overlay::owning(disk.clone());
        for (path, text) in buffers {
            // A link out of the package stays one while its text is open, and push looks at the link.
            if !matches!(lookup(&disk, &path), Err(LookupError::Escapes { .. })) {
                files.insert(path, text.into_bytes());
            }
        }
        Self::open(root, Box::new(files))
    }

    /// A manifest of which nobody knows where it belongs.
    pub(crate) fn without_files(source: Source) -> Self {
        Self {
            root: PathBuf::from("-"),
            files: Box::new(MemoryFs::default()),
            manifest: Manifest::read(source),
            has_files: false,
        }
    }

    /// The same package, from now on as it is seen when each of its files is first looked at: whatever
    /// is written meanwhile, two looks see the same.
    ///
    /// # Errors
    /// If its manifest cannot be read any more.
    pub(crate) fn frozen(self) -> anyhow::Result<Self> {
        if files::is_file(&self.root) {
            // An archive is in memory already.
            return Ok(self);
        }
        Self::open(&self.root, Box::new(Frozen::new(self.files)))
    }

    fn open(root: &Path, files: Box<dyn FileSystem>) -> anyhow::Result<Self> {
        let path = PkgPath::from(FILE_NAME);
        let read = || -> anyhow::Result<Source> {
            let found = match lookup(files.as_ref(), &path) {
                // Nothing outside of the package is read; the check tells the link.
                Err(LookupError::Escapes { .. }) => return Ok(Source::from_text(String::new())),
                found => found?,
            };
            Ok(Source::from_bytes(&files.read(&found.path, MAX_MANIFEST)?))
        };
        let source = read().with_context(|| {
            format!(
                "cannot read the manifest {}",
                root.join(FILE_NAME).display()
            )
        })?;
        Ok(Self {
            root: root.to_owned(),
            files,
            manifest: Manifest::read(source),
            has_files: true,
        })
    }

    /// The folder or archive, as the user named it.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The manifest's path, for messages.
    pub(crate) fn manifest_path(&self) -> PathBuf {
        self.root.join(FILE_NAME)
    }

    /// Whether its files are known at all.
    pub(crate) fn has_files(&self) -> bool {
        self.has_files
    }

    /// Its files.
    pub(crate) fn files(&self) -> &dyn FileSystem {
        self.files.as_ref()
    }

    /// Its manifest.
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whose package it is.
    pub(crate) fn recognition(&self) -> Recognition {
        recognize(&self.manifest, folder_of(self.files(), &self.root))
    }

    /// The text of a file in the package, for excerpts and positions.
    pub(crate) fn text_of(&self, file: &PkgPath) -> String {
        if *file == PkgPath::from(manifest::FILE_NAME) {
            return self.manifest.text().to_owned();
        }
        let content = lookup(self.files(), file)
            .ok()
            .and_then(|found| self.files().read(&found.path, MAX_MANIFEST).ok());
        content.map_or(String::new(), |content| {
            Source::from_bytes(&content).text().to_owned()
        })
    }

    /// The package as the core looks at it.
    pub(crate) fn as_package(&self) -> package::Package<'_> {
        if self.has_files {
            package::Package::new(self.files(), &self.manifest).with_workers(&Threads)
        } else {
            package::Package::without_files(&self.manifest)
        }
    }

    /// What lies in it beside the manifest, its size too; `None` if its files are not known or it was
    /// cancelled.
    pub(crate) fn contents(&self, cancelled: &dyn Fn() -> bool) -> Option<Contents> {
        let package = self.as_package();
        package
            .has_files()
            .then(|| package.measured_contents(cancelled))?
    }

    /// The same without its size, which takes packing it.
    pub(crate) fn unmeasured_contents(&self) -> Option<Contents> {
        let package = self.as_package();
        package.has_files().then(|| package.contents())
    }

    /// What lies in it beside the manifest; its size too where that could come near `limit` bytes, so
    /// that small packages need not be packed. `None` if its files are not known.
    pub(crate) fn contents_below(&self, limit: u64) -> Option<Contents> {
        /// What an entry may add to an archive, whatever it holds.
        const ENTRY: u64 = 1024;
        let (files, bytes) = Disk::new(&self.root).weight();
        // Packing makes little larger; the icon is in the archive once more, as text.
        if 2 * bytes + ENTRY * files > limit {
            self.contents(&|| false)
        } else {
            self.unmeasured_contents()
        }
    }

    /// Its findings.
    pub(crate) fn check(&self, settings: &Settings, contents: Option<&Contents>) -> Vec<Finding> {
        check::check(&self.as_package(), settings, contents)
    }
}

/// What stands beside a manifest, and above it.
fn folder_of(files: &dyn FileSystem, root: &Path) -> Folder {
    let is = |name: &str, wanted: fn(&Kind) -> bool| {
        lookup(files, &PkgPath::from(name)).is_ok_and(|found| wanted(&found.kind))
    };
    let file = |kind: &Kind| matches!(kind, Kind::File { .. });
    Folder {
        charts: is("charts", |kind| matches!(kind, Kind::Directory)),
        values: is("values.yaml", file),
        permissions: is("permissions.yaml", file),
        in_templates: in_templates(root),
    }
}

/// Whether a folder lies below the `templates` of a Helm chart.
fn in_templates(folder: &Path) -> bool {
    files::real_path(folder).ancestors().any(|ancestor| {
        ancestor.file_name().is_some_and(|name| name == "templates")
            && ancestor
                .parent()
                .is_some_and(|chart| files::is_file(&chart.join("Chart.yaml")))
    })
}
