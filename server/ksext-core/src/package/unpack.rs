//! Reading `.tgz` files: a packed chart inside a package by Helm's rules, and a packed package by
//! ksbuilder's, within bounds of our own.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;
use tar::{Archive, EntryType};

use super::chart::{MAX_FILE, without_bom};
use super::fs::{FileSystem, Kind};
use super::memory::MemoryFs;
use super::path::PkgPath;

/// The most that a packed chart may hold in bytes (pkg/chart/loader/archive.go
/// `MaxDecompressedChartSize`); exactly this much is refused.
pub const MAX_CHART: u64 = 100 * 1024 * 1024;

/// The most entries that are read from one archive. Neither Helm nor ksbuilder counts them.
pub const MAX_ENTRIES: usize = 100_000;

/// What tar headers and long names may take besides content, in bytes.
const MAX_OVERHEAD: u64 = MAX_ENTRIES as u64 * 1024;

/// A file of an archive: its path and its content.
pub type File = (PkgPath, Arc<[u8]>);

/// Why a `.tgz` is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// It does not begin as gzip does.
    #[error("it is not gzipped")]
    NotGzip,
    /// It ends too early or its tar headers are damaged.
    #[error("it is damaged: {0}")]
    Broken(String),
    /// It holds no file.
    #[error("it holds no files")]
    Empty,
    /// A name like `foo//x`: `chart illegally contains absolute paths`.
    #[error("`{0}` is an absolute path")]
    Absolute(String),
    /// A file that stands in no folder.
    #[error("`{0}` stands in no folder")]
    OutsideBase(String),
    /// A name with `..`: `chart illegally references parent directory`.
    #[error("`{0}` leads out of the archive")]
    Parent(String),
    /// A name like `c:/x`.
    #[error("`{0}` begins with a drive letter")]
    Drive(String),
    /// Chart.yaml as the name of the folder.
    #[error("`{0}`: Chart.yaml stands in no folder")]
    ChartYamlOutside(String),
    /// A file of more than [`MAX_FILE`] bytes.
    #[error("`{0}` holds more than {MAX_FILE} bytes")]
    FileTooLarge(String),
    /// [`MAX_CHART`] bytes or more in all.
    #[error("it holds {MAX_CHART} bytes or more")]
    TooLarge,
    /// More than [`MAX_ENTRIES`] entries.
    #[error("it holds more than {MAX_ENTRIES} entries")]
    TooManyEntries,
    /// A file and a directory of the same name.
    #[error("`{0}` is a file and a directory")]
    Clash(String),
}

/// The files of a packed chart in their order, each name without its first folder, byte order marks
/// cut off. A name may occur twice. Links and devices are empty files.
pub fn chart_files(archive: &[u8]) -> Result<Vec<File>, UnpackError> {
    let mut files = Vec::new();
    let mut remaining = MAX_CHART;
    read_entries(archive, |entry| {
        let path = helm_path(&entry.name)?;
        if entry.size > remaining {
            return Err(UnpackError::TooLarge);
        }
        if entry.size > MAX_FILE {
            return Err(UnpackError::FileTooLarge(lossy(&entry.name)));
        }
        let content = entry.read(remaining)?;
        remaining -= content.len() as u64;
        if remaining == 0 {
            return Err(UnpackError::TooLarge);
        }
        files.push((path, without_bom(&content).into()));
        Ok(())
    })?;
    if files.is_empty() {
        return Err(UnpackError::Empty);
    }
    Ok(files)
}

/// The tree that ksbuilder makes of a `.tgz` argument (pkg/cmd `Unzip`): the first folder of each
/// name dropped, everything but directories a regular file, the last of equal names winning.
///
/// What ksbuilder does not do: a name that leads out of the target, or that is file and directory
/// at once, is an error, and there are bounds.
pub fn package(archive: &[u8]) -> Result<MemoryFs, UnpackError> {
    let mut files = BTreeMap::new();
    let mut remaining = MAX_CHART;
    read_entries(archive, |entry| {
        let path = ksbuilder_path(&entry.name)?;
        let content = entry.read(remaining)?;
        remaining -= content.len() as u64;
        files.insert(path, Arc::from(content));
        Ok(())
    })?;
    let mut tree = MemoryFs::default();
    for (path, content) in files {
        let parent = path.parent().unwrap_or_default();
        let blocked =
            matches!(tree.kind(&parent), Ok(Kind::File { .. })) || tree.kind(&path).is_ok();
        if blocked {
            return Err(UnpackError::Clash(path.to_string()));
        }
        tree.insert(path, content);
    }
    Ok(tree)
}

/// An entry that is no directory.
struct RawEntry<'r> {
    name: Vec<u8>,
    /// Announced bytes of content; 0 for links and devices.
    size: u64,
    content: &'r mut dyn Read,
}

impl RawEntry<'_> {
    /// The content, if it has no more than `most` bytes.
    fn read(self, most: u64) -> Result<Vec<u8>, UnpackError> {
        let mut content = Vec::new();
        if self.size > 0 {
            let mut limited = self.content.take(most + 1);
            limited
                .read_to_end(&mut content)
                .map_err(|error| broken(&error))?;
        }
        if content.len() as u64 > most {
            return Err(UnpackError::TooLarge);
        }
        Ok(content)
    }
}

/// Hands every entry that is neither a directory nor a header to `take`. What follows the end of the
/// tar file is not looked at, a wrong checksum of the gzip file neither, as in Go.
fn read_entries(
    archive: &[u8],
    mut take: impl FnMut(RawEntry<'_>) -> Result<(), UnpackError>,
) -> Result<(), UnpackError> {
    match archive {
        [0x1f, 0x8b, 8, ..] if archive.len() >= 10 => {}
        [_, ..] if archive.len() < 10 => return Err(UnpackError::Broken("unexpected EOF".into())),
        [] => return Err(UnpackError::Broken("EOF".into())),
        _ => return Err(UnpackError::NotGzip),
    }
    let bytes = Counted {
        count: Cell::new(0),
        bytes: RefCell::new(MultiGzDecoder::new(archive).take(MAX_CHART + MAX_OVERHEAD)),
    };
    let mut archive = Archive::new(&bytes);
    let result = each_entry(&mut archive, &bytes.count, &mut take);
    if matches!(result, Err(UnpackError::Broken(_))) && bytes.bytes.borrow().limit() == 0 {
        return Err(UnpackError::TooLarge);
    }
    result
}

/// Bytes, and how many of them were read.
struct Counted<R> {
    count: Cell<u64>,
    bytes: RefCell<R>,
}

impl<R: Read> Read for &Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.borrow_mut().read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

fn each_entry(
    archive: &mut Archive<impl Read>,
    count: &Cell<u64>,
    take: &mut impl FnMut(RawEntry<'_>) -> Result<(), UnpackError>,
) -> Result<(), UnpackError> {
    let entries = archive.entries().map_err(|error| broken(&error))?;
    let mut content_end = 0;
    for (index, entry) in entries.enumerate() {
        if index >= MAX_ENTRIES {
            return Err(UnpackError::TooManyEntries);
        }
        let mut entry = match entry {
            Ok(entry) => entry,
            // Go takes an end in the zeros behind a file's content for the end of the archive.
            Err(error) if is_early_end(&error) && index > 0 && count.get() >= content_end => break,
            Err(error) => return Err(broken(&error)),
        };
        content_end = entry.raw_file_position() + entry.size();
        let name = entry.path_bytes().into_owned();
        let kind = entry.header().entry_type();
        if is_directory(&entry, &name) || is_header(kind) {
            continue;
        }
        let size = if has_content(kind) { entry.size() } else { 0 };
        let content = &mut entry;
        take(RawEntry {
            name,
            size,
            content,
        })?;
    }
    Ok(())
}

/// Whether the bytes ended while some were to be skipped; the error has no kind of its own.
fn is_early_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Other && error.to_string() == "unexpected EOF during skip"
}

/// `FileInfo().IsDir()` of Go: by type, by the mode's type bits, or an old entry whose name ends in
/// `/`.
fn is_directory(entry: &tar::Entry<'_, impl Read>, name: &[u8]) -> bool {
    let header = entry.header();
    let by_mode = header
        .mode()
        .is_ok_and(|mode| mode & 0o170_000 == 0o040_000);
    let by_name = header.as_bytes()[156] == 0 && name.ends_with(b"/");
    header.entry_type().is_dir() || by_mode || by_name
}

fn is_header(kind: EntryType) -> bool {
    kind.is_pax_global_extensions() || kind.is_pax_local_extensions()
}

fn has_content(kind: EntryType) -> bool {
    !(kind.is_symlink()
        || kind.is_hard_link()
        || kind.is_character_special()
        || kind.is_block_special()
        || kind.is_fifo())
}

/// A chart file's path by Helm's rules (pkg/chart/loader/archive.go `LoadArchiveFiles`).
fn helm_path(name: &[u8]) -> Result<PkgPath, UnpackError> {
    let delimiter = if name.contains(&b'\\') { b'\\' } else { b'/' };
    let (first, rest) = match name.iter().position(|&byte| byte == delimiter) {
        Some(at) => (&name[..at], &name[at + 1..]),
        None => (name, &b""[..]),
    };
    let rest: Vec<u8> = rest
        .iter()
        .map(|&byte| if byte == delimiter { b'/' } else { byte })
        .collect();
    if rest.starts_with(b"/") {
        return Err(UnpackError::Absolute(lossy(name)));
    }
    let Ok(path) = PkgPath::resolve_local(&rest) else {
        return Err(UnpackError::Parent(lossy(name)));
    };
    if path.is_root() {
        return Err(UnpackError::OutsideBase(lossy(name)));
    }
    match path.as_bytes() {
        [b'.', b'.', ..] => return Err(UnpackError::Parent(lossy(name))),
        [drive, b':', b'/', ..] if drive.is_ascii_alphabetic() => {
            return Err(UnpackError::Drive(lossy(name)));
        }
        _ => {}
    }
    if first == b"Chart.yaml" {
        return Err(UnpackError::ChartYamlOutside(lossy(name)));
    }
    Ok(path)
}

/// Where ksbuilder puts an entry of a `.tgz` argument.
fn ksbuilder_path(name: &[u8]) -> Result<PkgPath, UnpackError> {
    let rest = match name.iter().position(|&byte| byte == b'/') {
        Some(at) => &name[at + 1..],
        None => name,
    };
    match PkgPath::resolve_local(rest) {
        Ok(path) if path.is_root() => Err(UnpackError::OutsideBase(lossy(name))),
        Ok(path) => Ok(path),
        Err(_) => Err(UnpackError::Parent(lossy(name))),
    }
}

fn broken(error: &io::Error) -> UnpackError {
    UnpackError::Broken(error.to_string())
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::gzip::Inline;
    use super::super::tarball::Tarball;
    use super::*;

    fn tgz(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut tarball = Tarball::new(Vec::new(), &Inline, false).unwrap();
        for (name, content) in entries {
            tarball.append(name.as_bytes(), content.as_bytes()).unwrap();
        }
        tarball.finish().unwrap().0
    }

    #[test]
    fn an_archive_may_end_in_the_zeros_behind_a_file() {
        let tar = |len: usize| {
            let mut whole = Vec::new();
            let mut builder = tar::Builder::new(&mut whole);
            let mut header = tar::Header::new_gnu();
            header.set_size(4);
            header.set_cksum();
            builder
                .append_data(&mut header, "web/a", &b"text"[..])
                .unwrap();
            builder.finish().unwrap();
            drop(builder);
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            io::Write::write_all(&mut packed, &whole[..len]).unwrap();
            chart_files(&packed.finish().unwrap()).map(|files| files.len())
        };
        assert_eq!(tar(512 + 4), Ok(1));
        assert_eq!(tar(512 + 100), Ok(1));
        assert!(matches!(tar(512 + 3), Err(UnpackError::Broken(_))));
        assert!(matches!(tar(511), Err(UnpackError::Broken(_))));
    }

    #[test]
    fn helm_drops_the_first_folder_and_refuses_what_is_not_below_it() {
        use UnpackError::{Absolute, ChartYamlOutside, Drive, OutsideBase, Parent};
        for (name, expected) in [
            ("demo/Chart.yaml", Ok("Chart.yaml")),
            ("/etc/x", Ok("etc/x")),
            ("../x", Ok("x")),
            ("foo/a\\b", Ok("b")),
            ("demo\\观测\\x", Ok("观测/x")),
            ("foo//x", Err(Absolute as fn(String) -> _)),
            ("foo", Err(OutsideBase)),
            ("foo/.", Err(OutsideBase)),
            ("a/../../x", Err(Parent)),
            ("foo/..bar", Err(Parent)),
            ("foo/c:/x", Err(Drive)),
            ("Chart.yaml/x", Err(ChartYamlOutside)),
        ] {
            let expected = expected
                .map(PkgPath::from)
                .map_err(|error| error(name.into()));
            assert_eq!(helm_path(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn ksbuilder_drops_the_first_folder_and_never_looks_where_it_ends() {
        use UnpackError::{OutsideBase, Parent};
        for (name, expected) in [
            ("demo/extension.yaml", Ok("extension.yaml")),
            ("extension.yaml", Ok("extension.yaml")),
            ("./extension.yaml", Ok("extension.yaml")),
            ("./demo/extension.yaml", Ok("demo/extension.yaml")),
            ("charts/backend/Chart.yaml", Ok("backend/Chart.yaml")),
            ("/abs/x", Ok("abs/x")),
            ("../x", Ok("x")),
            ("demo//a/../b", Ok("b")),
            ("a/../x", Err(Parent as fn(String) -> _)),
            ("a/../../x", Err(Parent)),
            ("demo/.", Err(OutsideBase)),
        ] {
            let expected = expected
                .map(PkgPath::from)
                .map_err(|error| error(name.into()));
            assert_eq!(ksbuilder_path(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn a_packed_chart_keeps_its_files_in_order_even_twice() {
        let archive = tgz(&[("a/b.md", "1"), ("a/a.md", "\u{feff}2"), ("z/b.md", "3")]);
        let files = chart_files(&archive).unwrap();
        let seen: Vec<_> = files
            .iter()
            .map(|(path, content)| (path.to_string(), &content[..]))
            .collect();
        assert_eq!(
            seen,
            [
                ("b.md".into(), &b"1"[..]),
                ("a.md".into(), b"2"),
                ("b.md".into(), b"3"),
            ]
        );
    }

    #[test]
    fn a_packed_package_becomes_a_tree() {
        let archive = tgz(&[
            ("demo/static/图.png", "1"),
            ("demo/a", "2"),
            ("demo/a", "3"),
        ]);
        let tree = package(&archive).unwrap();
        assert_eq!(&tree.get(&"static/图.png".into()).unwrap()[..], b"1");
        assert_eq!(&tree.get(&"a".into()).unwrap()[..], b"3");

        let clash = package(&tgz(&[("demo/a/b", "1"), ("demo/a", "2")]));
        assert_eq!(clash.err(), Some(UnpackError::Clash("a/b".into())));
        let escape = package(&tgz(&[("demo/../../x", "1")]));
        assert_eq!(
            escape.err(),
            Some(UnpackError::Parent("demo/../../x".into()))
        );
    }

    #[test]
    fn what_is_no_archive_is_told_apart() {
        assert_eq!(
            chart_files(b"PK\x03\x04 not gzip"),
            Err(UnpackError::NotGzip)
        );
        assert_eq!(chart_files(b""), Err(UnpackError::Broken("EOF".into())));
        assert_eq!(chart_files(&tgz(&[])), Err(UnpackError::Empty));
        let whole = tgz(&[("a/b", &"x".repeat(9999))]);
        let cut = chart_files(&whole[..80]);
        assert!(matches!(cut, Err(UnpackError::Broken(_))), "{cut:?}");
        // Nobody looks at the checksum behind the end of the tar file.
        let mut wrong = whole.clone();
        let checksum = wrong.len() - 8;
        wrong[checksum] ^= 1;
        assert_eq!(chart_files(&wrong), chart_files(&whole));
    }

    #[test]
    fn an_archive_bomb_is_refused_in_bounded_memory() {
        let mib = "\0".repeat(5 * 1024 * 1024);
        let bomb: Vec<_> = (0..21).map(|_| ("a/b", &mib[..])).collect();
        assert_eq!(chart_files(&tgz(&bomb)), Err(UnpackError::TooLarge));
        assert_eq!(package(&tgz(&bomb)).err(), Some(UnpackError::TooLarge));
        let large = format!("{mib}x");
        assert_eq!(
            chart_files(&tgz(&[("a/b", &large)])),
            Err(UnpackError::FileTooLarge("a/b".into()))
        );
        let many = vec![("a/b", ""); MAX_ENTRIES + 1];
        assert_eq!(chart_files(&tgz(&many)), Err(UnpackError::TooManyEntries));
    }

    proptest! {
        #[test]
        fn damage_never_panics(at in 0usize..400, byte: u8, cut in 0usize..400) {
            let mut archive = tgz(&[("demo/a", "x"), ("demo/观测", "y")]);
            let at = at % archive.len();
            archive[at] = byte;
            archive.truncate(archive.len().saturating_sub(cut % 40));
            let _ = chart_files(&archive);
            let _ = package(&archive);
        }
    }
}
