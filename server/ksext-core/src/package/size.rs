//! How large the archive that push sends will be, and what makes it so.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::archive::{ArchiveError, Entry, entries};
use super::chart::Chart;
use super::fs::FileSystem;
use super::load::Dropped;
use super::local::Upload;
use super::path::PkgPath;
use super::tarball::{Tarball, write_entry};

/// The most bytes that KubeSphere Cloud takes: "1 MB" in its guide, which is at most this.
pub const LIMIT: u64 = 1_048_576;

/// Above this many bytes a package may be too large: 1 MB, should the guide count in tens.
pub const WARNING: u64 = 1_000_000;

/// The level at which shares are estimated: what counts is how entries compare.
const ESTIMATE_LEVEL: u32 = 1;

/// The archive that push sends, in numbers. All sizes are bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Length of the archive. With nothing to upload that of the very archive that is sent;
    /// otherwise URLs that are not known yet are stood in for.
    pub projected: u64,
    /// The most that it may be.
    pub limit: u64,
    /// The content of all entries.
    pub unpacked: u64,
    /// The entries in the archive's order.
    pub entries: Vec<EntrySize>,
    /// What is uploaded beside the archive.
    pub uploads: Vec<Upload>,
    /// What lies in the package and does not come into the archive.
    pub dropped: Vec<Dropped>,
}

/// An entry of the archive, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySize {
    /// Its path below the chart's folder.
    pub path: String,
    /// Where the author finds it in the package.
    pub source: PkgPath,
    /// Its content in bytes.
    pub size: u64,
    /// Its share of the archive. What an entry repeats of an earlier one costs the earlier one. The
    /// shares of all entries add up to the archive's length.
    pub packed: u64,
}

/// Why there are no numbers.
#[derive(Debug, thiserror::Error)]
pub enum SizeError {
    /// The caller does not want them any more.
    #[error("cancelled")]
    Cancelled,
    /// A file cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Length of the archive of `chart` in bytes. `cancelled` is asked before each entry.
pub fn projected(
    chart: &Chart,
    files: &dyn FileSystem,
    cancelled: &dyn Fn() -> bool,
) -> Result<u64, SizeError> {
    pack(chart, files, cancelled, |_, _| Ok(()))
}

/// The length of the archive with the share of each entry in it.
pub(super) fn shares(
    chart: &Chart,
    files: &dyn FileSystem,
    cancelled: &dyn Fn() -> bool,
) -> Result<(u64, Vec<EntrySize>), SizeError> {
    let mut estimate = DeflateEncoder::new(Count(0), Compression::new(ESTIMATE_LEVEL));
    let mut sizes = Vec::new();
    let mut before = 0;
    let total = pack(chart, files, cancelled, |entry, content| {
        write_entry(&mut estimate, &entry.name, content)?;
        estimate.flush()?;
        let after = estimate.get_ref().0;
        sizes.push(EntrySize {
            path: entry.path,
            source: entry.source,
            size: content.len() as u64,
            packed: after - before,
        });
        before = after;
        Ok(())
    })?;
    apportion(total, &mut sizes);
    Ok((total, sizes))
}

/// Packs the archive into nowhere and hands each entry with its content to `each`.
fn pack(
    chart: &Chart,
    files: &dyn FileSystem,
    cancelled: &dyn Fn() -> bool,
    mut each: impl FnMut(Entry, &[u8]) -> io::Result<()>,
) -> Result<u64, SizeError> {
    let mut tarball = Tarball::new(Count(0));
    for entry in entries(chart) {
        if cancelled() {
            return Err(SizeError::Cancelled);
        }
        let content = entry.content.clone();
        let content = content.read(files).map_err(ArchiveError::Read)?;
        let packed = tarball
            .append(&entry.name, &content)
            .and_then(|()| each(entry, &content));
        packed.map_err(ArchiveError::Write)?;
    }
    Ok(tarball.finish().map_err(ArchiveError::Write)?.0)
}

/// Scales the estimates so that they add up to `total`: each rounded down, and what is left given to
/// those that lost most by it.
fn apportion(total: u64, entries: &mut [EntrySize]) {
    let sum: u128 = entries.iter().map(|entry| u128::from(entry.packed)).sum();
    let Some(left) = entries.len().checked_sub(1).filter(|_| sum > 0) else {
        return;
    };
    let mut lost = Vec::with_capacity(left + 1);
    let mut given = 0;
    for (index, entry) in entries.iter_mut().enumerate() {
        let exact = u128::from(entry.packed) * u128::from(total);
        entry.packed = u64::try_from(exact / sum).unwrap_or(u64::MAX);
        given += entry.packed;
        lost.push((exact % sum, index));
    }
    lost.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let rest = usize::try_from(total - given).unwrap_or_default();
    for (_, index) in lost.into_iter().take(rest) {
        entries[index].packed += 1;
    }
}

/// Counts what is written and keeps none of it.
struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::archive;
    use super::super::memory::MemoryFs;
    use super::super::{Package, Urls};
    use super::*;
    use crate::manifest::Manifest;

    /// The manifest, two images, of which one is uploaded, and two charts that are much alike.
    fn tree() -> MemoryFs {
        let template = "image: {{ .Values.image }} 观测\n".repeat(40);
        MemoryFs::from([
            ("static/a.svg", "<svg/>"),
            ("README.md", "# 示例\n"),
            ("docs/b.md", "b"),
            (".helmignore", "docs/\n"),
            ("charts/a/Chart.yaml", "name: a\nversion: 1.0.0\n"),
            ("charts/a/templates/a.yaml", &template),
            ("charts/b/Chart.yaml", "name: b\nversion: 1.0.0\n"),
            ("charts/b/templates/b.yaml", &template),
        ])
    }

    fn manifest() -> Manifest {
        Manifest::from_text(
            "name: demo\nversion: 1.0.0\nicon: static/a.svg\nstaticFileDirectory: static\n",
        )
    }

    #[test]
    fn the_projection_is_the_length_of_the_archive() {
        let (files, manifest) = (tree(), manifest());
        let rewritten = Package::new(&files, &manifest).rewritten(&Urls::new());
        let loaded = rewritten.load();
        assert_eq!(loaded.problems, []);
        let archive = archive::write(loaded.chart.as_ref().unwrap(), &rewritten.files, Vec::new());
        let archive = archive.unwrap();
        let again = archive::write(
            &rewritten.load().chart.unwrap(),
            &rewritten.files,
            Vec::new(),
        );
        assert_eq!(archive, again.unwrap(), "not reproducible");

        let projected = rewritten.projected(&loaded, &|| false).unwrap();
        assert_eq!(projected, Some(archive.len() as u64));
        let projection = rewritten
            .projection(&loaded, LIMIT, &|| false)
            .unwrap()
            .unwrap();
        assert_eq!(projection.projected, archive.len() as u64);
        let shares: u64 = projection.entries.iter().map(|entry| entry.packed).sum();
        assert_eq!(shares, projection.projected);
        let paths: Vec<_> = projection
            .entries
            .iter()
            .map(|entry| &entry.path[..])
            .collect();
        assert_eq!(
            paths,
            [
                "Chart.yaml",
                ".helmignore",
                "README.md",
                "extension.yaml",
                "charts/a/Chart.yaml",
                "charts/a/templates/a.yaml",
                "charts/b/Chart.yaml",
                "charts/b/templates/b.yaml",
            ]
        );
        // The second of two equal files costs next to nothing.
        assert!(projection.entries[7].packed < projection.entries[5].packed);
        let dropped: Vec<_> = projection
            .dropped
            .iter()
            .map(|dropped| (dropped.path.to_string(), dropped.size, dropped.why.as_str()))
            .collect();
        assert_eq!(
            dropped,
            [
                ("static/a.svg".into(), 6, "static-directory"),
                ("docs".into(), 1, "ignored"),
            ]
        );
    }

    #[test]
    fn nothing_is_packed_once_the_caller_has_lost_interest() {
        let (files, manifest) = (tree(), manifest());
        let rewritten = Package::new(&files, &manifest).rewritten(&Urls::new());
        let result = rewritten.projected(&rewritten.load(), &|| true);
        assert!(matches!(result, Err(SizeError::Cancelled)));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let (files, manifest) = (tree().with_locked_file("locked.md"), manifest());
        let rewritten = Package::new(&files, &manifest).rewritten(&Urls::new());
        let error = rewritten
            .projected(&rewritten.load(), &|| false)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot read `locked.md`: permission denied"
        );
    }

    proptest! {
        #[test]
        fn shares_add_up(total in 0u64..2_000_000, estimates in proptest::collection::vec(1u64..90_000, 1..40)) {
            let mut entries: Vec<_> = estimates
                .iter()
                .map(|&packed| EntrySize {
                    path: String::new(),
                    source: PkgPath::root(),
                    size: 0,
                    packed,
                })
                .collect();
            apportion(total, &mut entries);
            prop_assert_eq!(entries.iter().map(|entry| entry.packed).sum::<u64>(), total);
        }
    }
}
