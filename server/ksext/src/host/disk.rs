//! A folder on the disk as a [`FileSystem`].

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ksext_core::package::fs::{FsError, FsErrorKind, Irregular, Kind};
use ksext_core::package::{FileSystem, PkgPath};

/// The files below one folder.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    root: PathBuf,
}

impl Disk {
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where `path` is on the disk.
    pub(crate) fn real(&self, path: &PkgPath) -> PathBuf {
        let mut real = self.root.clone();
        real.extend(path.components().map(name_from_bytes));
        real
    }

    /// Whether the file at `path` says the same as `text`, which an editor holds. A byte order mark
    /// and the kind of line ends are the editor's business: it keeps them apart from the text.
    pub(crate) fn holds(&self, path: &PkgPath, text: &str) -> bool {
        // CR LF in place of LF makes a text twice as long at most.
        let max = 2 * text.len() as u64 + 3;
        let Ok(content) = read_regular(&self.real(path), max) else {
            return false;
        };
        let content = content
            .strip_prefix("\u{feff}".as_bytes())
            .unwrap_or(&content);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let without_cr = |bytes: &[u8]| {
            bytes
                .iter()
                .filter(|&&byte| byte != b'\r')
                .copied()
                .collect::<Vec<_>>()
        };
        content == text.as_bytes() || without_cr(content) == without_cr(text.as_bytes())
    }

    /// A number that changes when a file below the root comes, goes or is written: of all paths,
    /// lengths and times of change. `None` if it was `cancelled`, or there are too many files to look
    /// at.
    pub(crate) fn fingerprint(&self, cancelled: &dyn Fn() -> bool) -> Option<u64> {
        const MOST: usize = 100_000;
        let mut hasher = DefaultHasher::new();
        let mut folders = vec![self.root.clone()];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            // A folder that cannot be read is as good as empty, as it is for the archive.
            let entries = fs::read_dir(&folder)
                .into_iter()
                .flatten()
                .filter_map(Result::ok);
            let mut entries: Vec<_> = entries.map(|entry| entry.path()).collect();
            entries.sort();
            seen += entries.len();
            if seen > MOST || cancelled() {
                return None;
            }
            for path in entries {
                path.hash(&mut hasher);
                let Ok(found) = fs::symlink_metadata(&path) else {
                    continue;
                };
                (found.len(), found.modified().ok()).hash(&mut hasher);
                if found.is_dir() {
                    folders.push(path);
                }
            }
        }
        Some(hasher.finish())
    }
}

impl Disk {
    /// How many files and folders lie below the root, and how many bytes they hold. Counts no further
    /// than anybody would pack.
    pub(crate) fn weight(&self) -> (u64, u64) {
        const MOST: u64 = 100_000;
        let (mut count, mut bytes) = (0, 0);
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            // A folder that cannot be read is as good as empty, as it is for the archive.
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                count += 1;
                let Ok(found) = entry.metadata() else {
                    continue;
                };
                if found.is_dir() {
                    folders.push(entry.path());
                } else {
                    bytes += found.len();
                }
            }
            if count > MOST {
                break;
            }
        }
        (count, bytes)
    }
}

impl FileSystem for Disk {
    fn kind(&self, path: &PkgPath) -> Result<Kind, FsError> {
        let real = self.real(path);
        let answer = fs::symlink_metadata(&real).and_then(|found| {
            let kind = found.file_type();
            Ok(if kind.is_symlink() {
                Kind::Symlink {
                    target: bytes_of(fs::read_link(&real)?.as_os_str()),
                }
            } else if kind.is_dir() {
                Kind::Directory
            } else if kind.is_file() {
                Kind::File { len: found.len() }
            } else {
                Kind::Irregular(irregular(kind))
            })
        });
        answer.map_err(|error| fs_error(&error).at(path))
    }

    fn list(&self, directory: &PkgPath) -> Result<Vec<Vec<u8>>, FsError> {
        let names = || -> io::Result<Vec<Vec<u8>>> {
            fs::read_dir(self.real(directory))?
                .map(|entry| Ok(bytes_of(&entry?.file_name())))
                .collect()
        };
        let mut names = names().map_err(|error| fs_error(&error).at(directory))?;
        names.sort();
        Ok(names)
    }

    fn read(&self, file: &PkgPath, max: u64) -> Result<Cow<'_, [u8]>, FsError> {
        let content = read_regular(&self.real(file), max);
        content.map(Cow::Owned).map_err(|kind| kind.at(file))
    }

    fn start(&self, file: &PkgPath, len: u64) -> Result<Cow<'_, [u8]>, FsError> {
        let start = || {
            let file = open_regular(&self.real(file))?;
            let mut content = Vec::new();
            let read = file.take(len).read_to_end(&mut content);
            read.map_err(|error| fs_error(&error))?;
            Ok(content)
        };
        start()
            .map(Cow::Owned)
            .map_err(|kind: FsErrorKind| kind.at(file))
    }

    fn is_writable(&self, path: &PkgPath) -> bool {
        fs::metadata(self.real(path)).map_or(true, |found| owner_may_write(&found))
    }

    fn inside(&self, absolute: &[u8]) -> Option<PkgPath> {
        let absolute = PathBuf::from(name_from_bytes(absolute));
        let named = std::path::absolute(&self.root).ok();
        let roots = [named, self.root.canonicalize().ok()];
        let below = roots
            .iter()
            .flatten()
            .find_map(|root| absolute.strip_prefix(root).ok());
        PkgPath::resolve_local(bytes_of(below?.as_os_str())).ok()
    }
}

/// Whether the owner may write; root always may.
#[cfg(unix)]
fn owner_may_write(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o200 != 0 || rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn owner_may_write(found: &fs::Metadata) -> bool {
    !found.permissions().readonly()
}

#[cfg(unix)]
fn irregular(kind: fs::FileType) -> Irregular {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        Irregular::Pipe
    } else if kind.is_socket() {
        Irregular::Socket
    } else {
        Irregular::Device
    }
}

#[cfg(not(unix))]
fn irregular(_: fs::FileType) -> Irregular {
    Irregular::Device
}

/// The content of a regular file of at most `max` bytes.
pub(super) fn read_regular(path: &Path, max: u64) -> Result<Vec<u8>, FsErrorKind> {
    let file = open_regular(path)?;
    let len = file.metadata().map_err(|error| fs_error(&error))?.len();
    let mut content = Vec::with_capacity(usize::try_from(len.min(max)).unwrap_or(0));
    // One byte more than allowed tells a file that grew, or that never ends.
    let read = file.take(max.saturating_add(1)).read_to_end(&mut content);
    read.map_err(|error| fs_error(&error))?;
    if content.len() as u64 > max {
        return Err(FsErrorKind::TooLarge { max });
    }
    Ok(content)
}

/// Opens a regular file, and nothing else.
fn open_regular(path: &Path) -> Result<File, FsErrorKind> {
    let file = open(path).map_err(|error| fs_error(&error))?;
    let found = file.metadata().map_err(|error| fs_error(&error))?;
    match found.is_file() {
        true => Ok(file),
        false => Err(FsErrorKind::WrongKind),
    }
}

/// Opens without waiting: opening a named pipe would last until somebody writes to it.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        const O_NONBLOCK: i32 = if cfg!(target_os = "linux") {
            0o4000
        } else {
            0x4
        };
        options.custom_flags(O_NONBLOCK);
    }
    options.open(path)
}

fn fs_error(error: &io::Error) -> FsErrorKind {
    match error.kind() {
        io::ErrorKind::NotFound => FsErrorKind::NotFound,
        io::ErrorKind::PermissionDenied => FsErrorKind::Denied,
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => FsErrorKind::WrongKind,
        _ => FsErrorKind::Other(error.to_string()),
    }
}

/// A file's name in bytes: what the system holds on Unix, UTF-8 elsewhere.
#[cfg(unix)]
fn bytes_of(name: &std::ffi::OsStr) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    name.as_bytes().to_vec()
}

#[cfg(not(unix))]
fn bytes_of(name: &std::ffi::OsStr) -> Vec<u8> {
    name.to_string_lossy().replace('\\', "/").into_bytes()
}

#[cfg(unix)]
fn name_from_bytes(name: &[u8]) -> std::ffi::OsString {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(name).to_owned()
}

#[cfg(not(unix))]
fn name_from_bytes(name: &[u8]) -> std::ffi::OsString {
    String::from_utf8_lossy(name).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, text).expect("written");
        }
        folder
    }

    #[test]
    fn byte_order_mark_and_line_ends_do_not_tell_a_buffer_from_its_file() {
        let folder = folder(&[("a.yaml", "\u{feff}zh: 观测\r\nb: 1\r\n")]);
        let disk = Disk::new(folder.path());
        for (text, same) in [
            ("\u{feff}zh: 观测\r\nb: 1\r\n", true),
            ("zh: 观测\nb: 1\n", true),
            ("zh: 观测\nb: 2\n", false),
            ("zh: 观测\n", false),
            ("", false),
        ] {
            assert_eq!(disk.holds(&"a.yaml".into(), text), same, "{text:?}");
        }
        assert!(!disk.holds(&"none.yaml".into(), ""));
    }

    #[test]
    fn the_fingerprint_changes_with_the_files() {
        let folder = folder(&[
            ("extension.yaml", "name: a\n"),
            ("charts/a/图.svg", "<svg/>"),
        ]);
        let disk = Disk::new(folder.path());
        let look = || disk.fingerprint(&|| false);
        let first = look();
        assert!(first.is_some());
        assert_eq!(look(), first);
        fs::write(folder.path().join("charts/a/b"), "").expect("written");
        let second = look();
        assert_ne!(second, first);
        fs::write(folder.path().join("extension.yaml"), "name: ab\n").expect("written");
        assert_ne!(look(), second);
        assert_eq!(disk.fingerprint(&|| true), None);
    }
}
