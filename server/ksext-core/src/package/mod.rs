//! A package's files: which are there, which push sends, as what, and how large that is.
//!
//! The way of the data:
//!
//! ```text
//! FileSystem + Manifest → Package ─ local_files ─────────── the files that the manifest names
//!                            │
//!                            ├ rewritten (rewrite.rs) ───── URLs, static directory gone, new YAML
//!                            └ as_packaged, as_published (packaged.rs) ─ icon in Chart.yaml, all files kept
//!                                 └ load (walk.rs, load.rs) ─ Chart + Problems, as Helm loads it
//!                                      ├ archive (archive.rs, tarball.rs, gzip.rs) ─ the bytes that are sent
//!                                      └ projection (size.rs) ────────────── their number, by entry
//!                            Contents ──────────────────────── what the rules look at of all this
//! ```
//!
//! Each step is asked for by itself: whether the icon is there costs a look at one file, and nothing
//! is compressed before a size is wanted. Files are read through [`fs::FileSystem`] alone.

mod application_class;
pub mod archive;
pub mod changelog;
pub mod chart;
mod clean;
pub mod cluster;
pub mod contents;
mod copied;
pub mod fs;
mod glob;
pub mod gzip;
pub mod ignore;
pub mod image_name;
pub mod load;
pub mod local;
mod marshal;
mod media_type;
pub mod memory;
pub mod overlay;
mod packaged;
pub mod path;
pub mod permissions;
pub mod picture;
pub mod problem;
pub mod prose;
pub mod requirements;
pub mod rewrite;
pub mod savings;
pub mod size;
mod tarball;
pub mod unpack;
pub mod unwanted;
pub mod usage;
pub mod validate;
pub mod walk;
mod yaml_file;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod equality;
#[cfg(test)]
mod recorded;

pub use contents::Contents;
pub use fs::FileSystem;
pub use gzip::{Inline, Job, Workers};
pub use load::Loaded;
pub use local::LocalFile;
pub use memory::MemoryFs;
pub use overlay::Overlay;
pub use path::PkgPath;
pub use problem::{Problem, ProblemKind};
pub use rewrite::{Rewritten, Urls};
pub use size::{LIMIT, Projection, Size, SizeError, WARNING};

use std::collections::BTreeSet;
use std::io::Write;

use archive::ArchiveError;
use chart::Chart;
use cluster::Object;
use size::Packing;

use crate::manifest::Manifest;

/// A package: its files and what its manifest says.
#[derive(Clone, Copy)]
pub struct Package<'a> {
    files: &'a dyn FileSystem,
    manifest: &'a Manifest,
    workers: &'a dyn Workers,
    has_files: bool,
}

/// The files of a package of which nobody knows where it is.
static NOTHING: MemoryFs = MemoryFs::empty();

impl<'a> Package<'a> {
    /// The package in `files`, whose extension.yaml was read as `manifest`.
    pub fn new(files: &'a dyn FileSystem, manifest: &'a Manifest) -> Self {
        Self {
            files,
            manifest,
            workers: &Inline,
            has_files: true,
        }
    }

    /// The package of a manifest of which nobody knows where it belongs.
    pub fn without_files(manifest: &'a Manifest) -> Self {
        Self {
            has_files: false,
            ..Self::new(&NOTHING, manifest)
        }
    }

    /// Whether its files are known. If not, there seem to be none.
    pub fn has_files(&self) -> bool {
        self.has_files
    }

    /// The package, for whose archive `workers` do the compressing. The bytes are the same.
    #[must_use]
    pub fn with_workers(self, workers: &'a dyn Workers) -> Self {
        Self { workers, ..self }
    }

    /// Its files, before push changes them.
    pub fn files(&self) -> &'a dyn FileSystem {
        self.files
    }

    /// Its manifest.
    pub fn manifest(&self) -> &'a Manifest {
        self.manifest
    }

    /// The values of the manifest that name files; see [`LocalFile::find`] for whether they are
    /// there.
    pub fn local_files(&self) -> Vec<LocalFile> {
        local::local_files(self.manifest)
    }

    /// What push would fail over or destroy by what the manifest says, each at its place. Costs a look
    /// at four files at most.
    pub fn manifest_problems(&self) -> Vec<Problem> {
        rewrite::manifest_problems(self.files, self.manifest)
    }

    /// What lies in the package beside the manifest, the archive's length apart.
    pub fn contents(&self) -> Contents {
        Contents::read(self)
    }

    /// The files that README or CHANGELOG show as images. Reads those texts and nothing else.
    pub fn shown_images(&self) -> BTreeSet<PkgPath> {
        contents::shown_images(self)
    }

    /// What lies in the package beside the manifest. Packs it, so `cancelled` is asked before each
    /// entry; `None` if it says so.
    pub fn measured_contents(&self, cancelled: &dyn Fn() -> bool) -> Option<Contents> {
        Contents::measure(self, cancelled)
    }

    /// The package as push changes it, with the URLs of what has been uploaded so far.
    pub fn rewritten(&self, urls: &Urls) -> Rewritten<'a> {
        rewrite::rewrite(self.files, self.manifest, urls, self.workers)
    }

    /// What lies in the package as another command than push packs it: as `packed`, of which this was
    /// `loaded`.
    pub fn contents_of(&self, packed: &Rewritten<'_>, loaded: Loaded) -> Contents {
        Contents::of(self, packed, loaded)
    }

    /// The package as `ksbuilder package` changes it: the icon in Chart.yaml, all else as it is.
    pub fn as_packaged(&self) -> Rewritten<'a> {
        packaged::package(self.files, self.manifest, self.workers)
    }

    /// The package as `ksbuilder publish` changes it: likewise, with a chart made of
    /// applicationclass.yaml if there is one.
    pub fn as_published(&self) -> Rewritten<'a> {
        packaged::publish(self.files, self.manifest, self.workers)
    }

    /// The objects that `ksbuilder publish` makes of the package. `archive` is that of
    /// [`Self::as_published`]; `created`, the time in RFC 3339 that the objects are to bear.
    pub fn objects(&self, archive: &[u8], created: &str) -> [Object; 3] {
        cluster::objects(self.files, self.manifest, archive, created)
    }
}

impl Rewritten<'_> {
    /// What push would refuse or fail over in the package's files: before Helm loads them, and then.
    pub fn problems<'a>(&'a self, loaded: &'a Loaded) -> impl Iterator<Item = &'a Problem> {
        let before = self.problems.iter().chain(&self.copy_problems);
        before.chain(&loaded.problems)
    }

    /// The chart that Helm loads from the tree, and what it refuses in it.
    pub fn load(&self) -> Loaded {
        load::load(&self.files)
    }

    /// Writes the archive of `chart`, which was loaded from this tree, to `out`.
    pub fn write_archive<W: Write>(&self, chart: &Chart, out: W) -> Result<W, ArchiveError> {
        archive::write(chart, &self.files, self.workers, out)
    }

    /// Length in bytes of the archive of `chart`, which was loaded from this tree. `cancelled` is asked
    /// before each entry. See [`Projection::projected`].
    pub fn projected(&self, chart: &Chart, cancelled: &dyn Fn() -> bool) -> Result<u64, SizeError> {
        size::length(chart, &self.files, self.packing(cancelled))
    }

    /// The archive in numbers; `None` if there is no chart. `limit` is the most bytes it may have,
    /// [`LIMIT`] unless a setting lowers it; `cancelled` is asked before each entry.
    pub fn projection(
        &self,
        loaded: &Loaded,
        limit: u64,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Option<Projection>, SizeError> {
        let Some(chart) = &loaded.chart else {
            return Ok(None);
        };
        let (projected, entries) = size::shares(chart, &self.files, self.packing(cancelled))?;
        Ok(Some(Projection {
            projected,
            limit,
            unpacked: entries.iter().map(|entry| entry.size).sum(),
            entries,
            uploads: self.uploads.clone(),
            dropped: [&self.dropped[..], &loaded.dropped].concat(),
            problems: self.problems(loaded).cloned().collect(),
        }))
    }

    fn packing<'p>(&'p self, cancelled: &'p dyn Fn() -> bool) -> Packing<'p> {
        Packing {
            workers: self.workers,
            cancelled,
        }
    }
}
