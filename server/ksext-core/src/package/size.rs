//! How large the archive that push sends will be, and what makes it so.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::archive::{ArchiveError, entries};
use super::chart::Chart;
use super::fs::FileSystem;
use super::gzip::Workers;
use super::load::Dropped;
use super::local::Upload;
use super::path::PkgPath;
use super::problem::Problem;
use super::tarball::Tarball;
use crate::manifest;

/// The most bytes that KubeSphere Cloud takes: "1 MB" in its guide, which is at most this.
pub const LIMIT: u64 = 1_048_576;

/// Above this many bytes a package may be too large: 1 MB, should the guide count in tens.
pub const WARNING: u64 = 1_000_000;

/// The size of a package, and what it is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// The package as push would send it, in bytes.
    pub projected: u64,
    /// The most that is accepted, in bytes.
    pub limit: u64,
}

/// The archive that push sends, in numbers. All sizes are bytes.
#[derive(Clone, Debug, PartialEq)]
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
    /// What push fails over before it sends anything. The numbers are then those of what could be
    /// loaded.
    pub problems: Vec<Problem>,
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
    /// Its share of the archive, headers included. What an entry repeats of one before it costs that
    /// one. The shares of all entries add up to the archive's length.
    pub packed: u64,
}

impl EntrySize {
    /// The file in which the author changes this entry: the manifest for the Chart.yaml that push
    /// makes of it; `None` for what lies in a packed chart.
    pub fn author_file(&self) -> Option<PkgPath> {
        if self.path == "Chart.yaml" {
            return Some(manifest::FILE_NAME.into());
        }
        let packed = self.source.name().ends_with(b".tgz") && !self.path.ends_with(".tgz");
        (!packed).then(|| self.source.clone())
    }
}

/// The `count` entries with the largest shares, the largest first, and what all others have
/// together.
pub fn biggest(entries: &[EntrySize], count: usize) -> (Vec<&EntrySize>, Rest) {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_by_key(|entry| Reverse(entry.packed));
    let rest = sorted.split_off(count.min(sorted.len()));
    let packed = rest.iter().map(|entry| entry.packed).sum();
    let count = rest.len();
    (sorted, Rest { count, packed })
}

/// Entries that are not told one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// How many they are.
    pub count: usize,
    /// Their shares of the archive, in bytes.
    pub packed: u64,
}

/// The size in bytes that ksbuilder's archive may have, if that is on the other side of `limit` than
/// our `projected` bytes: the most where ours fits, the least where ours does not.
///
/// ksbuilder compresses with Go's `compress/gzip`. Over 126 archives our length differs from Go's by
/// -1.6 to +0.6 % (server/docs/decisions/0005-zlib-rs-level-7.md).
pub fn ksbuilder_across(projected: u64, limit: u64) -> Option<u64> {
    let per_mille = |of: u64| projected.saturating_mul(1000) / of;
    let (least, most) = (per_mille(1006), per_mille(984));
    if projected <= limit {
        (most > limit).then_some(most)
    } else {
        (least <= limit).then_some(least)
    }
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

/// How to pack.
#[derive(Clone, Copy)]
pub(super) struct Packing<'a> {
    /// Who compresses.
    pub(super) workers: &'a dyn Workers,
    /// Asked before each entry whether the result is still wanted.
    pub(super) cancelled: &'a dyn Fn() -> bool,
}

/// Length of the archive of `chart` in bytes.
pub(super) fn length(
    chart: &Chart,
    files: &dyn FileSystem,
    packing: Packing<'_>,
) -> Result<u64, SizeError> {
    let (length, _) = pack(chart, files, packing, None)?;
    Ok(length)
}

/// The length of the archive with the share of each entry in it.
pub(super) fn shares(
    chart: &Chart,
    files: &dyn FileSystem,
    packing: Packing<'_>,
) -> Result<(u64, Vec<EntrySize>), SizeError> {
    let mut sizes = Vec::new();
    let (total, weights) = pack(chart, files, packing, Some(&mut sizes))?;
    for (entry, share) in sizes.iter_mut().zip(apportion(total, &weights)) {
        entry.packed = share;
    }
    Ok((total, sizes))
}

/// Packs the archive into nowhere: its length and, if `sizes` are asked for, the weight of each
/// entry.
fn pack(
    chart: &Chart,
    files: &dyn FileSystem,
    packing: Packing<'_>,
    mut sizes: Option<&mut Vec<EntrySize>>,
) -> Result<(u64, Vec<u64>), SizeError> {
    let mut tarball =
        Tarball::new(Count(0), packing.workers, sizes.is_some()).map_err(ArchiveError::Write)?;
    for entry in entries(chart) {
        if (packing.cancelled)() {
            return Err(SizeError::Cancelled);
        }
        let content = entry.content.read(files).map_err(ArchiveError::Read)?;
        tarball
            .append(&entry.name, &content)
            .map_err(ArchiveError::Write)?;
        if let Some(sizes) = &mut sizes {
            sizes.push(EntrySize {
                size: content.len() as u64,
                packed: 0,
                path: entry.path,
                source: entry.source,
            });
        }
    }
    let (count, weights) = tarball.finish().map_err(ArchiveError::Write)?;
    Ok((count.0, weights))
}

/// Shares of `total` in proportion to `weights`: each rounded down, and what is left given to those
/// that lost most by it.
fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum = weights
        .iter()
        .map(|&weight| u128::from(weight))
        .sum::<u128>()
        .max(1);
    let exact = |weight: u64| u128::from(weight) * u128::from(total);
    let mut shares: Vec<u64> = weights
        .iter()
        .map(|&weight| u64::try_from(exact(weight) / sum).unwrap_or(u64::MAX))
        .collect();
    let mut by_loss: Vec<usize> = (0..weights.len()).collect();
    by_loss.sort_by_key(|&index| std::cmp::Reverse(exact(weights[index]) % sum));
    let left = total.saturating_sub(shares.iter().sum());
    for &index in by_loss
        .iter()
        .take(usize::try_from(left).unwrap_or(usize::MAX))
    {
        shares[index] += 1;
    }
    shares
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
        let write = |chart: &Option<Chart>| {
            rewritten
                .write_archive(chart.as_ref().unwrap(), Vec::new())
                .unwrap()
        };
        let archive = write(&loaded.chart);
        assert_eq!(archive, write(&rewritten.load().chart), "not reproducible");

        let chart = loaded.chart.as_ref().unwrap();
        let projected = rewritten.projected(chart, &|| false).unwrap();
        assert_eq!(projected, archive.len() as u64);
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
        let result = rewritten.projected(&rewritten.load().chart.unwrap(), &|| true);
        assert!(matches!(result, Err(SizeError::Cancelled)));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let (files, manifest) = (tree().with_locked_file("locked.md"), manifest());
        let rewritten = Package::new(&files, &manifest).rewritten(&Urls::new());
        let error = rewritten
            .projected(&rewritten.load().chart.unwrap(), &|| false)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot read `locked.md`: permission denied"
        );
    }

    #[test]
    fn an_entry_leads_to_the_file_that_its_author_changes() {
        for (path, source, file) in [
            ("README.md", "README.md", Some("README.md")),
            ("Chart.yaml", "Chart.yaml", Some("extension.yaml")),
            (
                "charts/a/Chart.yaml",
                "charts/a-folder/Chart.yaml",
                Some("charts/a-folder/Chart.yaml"),
            ),
            ("charts/b/图.svg", "charts/b-1.0.0.tgz", None),
            ("old.tgz", "old.tgz", Some("old.tgz")),
        ] {
            let entry = EntrySize {
                path: path.to_owned(),
                source: source.into(),
                size: 1,
                packed: 1,
            };
            assert_eq!(entry.author_file(), file.map(PkgPath::from), "{path}");
        }
    }

    #[test]
    fn the_biggest_entries_come_first_and_the_rest_is_summed_up() {
        let entry = |path: &str, packed| EntrySize {
            path: path.to_owned(),
            source: path.into(),
            size: 0,
            packed,
        };
        let entries = [entry("a", 1), entry("b", 30), entry("c", 30), entry("d", 7)];
        let told = |count| {
            let (biggest, rest) = biggest(&entries, count);
            let paths: String = biggest.iter().map(|entry| &entry.path[..]).collect();
            (paths, rest.count, rest.packed)
        };
        assert_eq!(told(2), ("bc".to_owned(), 2, 8));
        assert_eq!(told(9), ("bcda".to_owned(), 0, 0));
    }

    #[test]
    fn ksbuilders_size_is_told_where_it_may_be_on_the_other_side() {
        for (projected, limit, expected) in [
            (900_000, LIMIT, None),
            (1_031_000, LIMIT, None),
            (1_040_000, LIMIT, Some(1_056_910)),
            (LIMIT, LIMIT, Some(1_065_626)),
            (LIMIT + 1, LIMIT, Some(1_042_323)),
            (1_060_000, LIMIT, None),
            (u64::MAX, LIMIT, None),
        ] {
            assert_eq!(ksbuilder_across(projected, limit), expected, "{projected}");
        }
    }

    proptest! {
        #[test]
        fn shares_add_up(
            total in 0u64..2_000_000,
            weights in proptest::collection::vec(1u64..90_000, 1..40),
        ) {
            prop_assert_eq!(apportion(total, &weights).iter().sum::<u64>(), total);
        }
    }
}
