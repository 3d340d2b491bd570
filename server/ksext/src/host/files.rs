//! Files and folders outside of any package: what leads to one, and what lies around it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::disk;

/// Whether there is a folder at `path`, links followed.
///
/// # Errors
/// If there is nothing.
pub(crate) fn is_folder(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.is_dir())
}

/// Whether there is a regular file at `path`, links followed.
pub(crate) fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file())
}

/// Whether something else than a folder is at `path`, a link counting as such.
pub(crate) fn is_no_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir())
}

/// The names in a folder that are text, sorted.
pub(crate) fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// The folders in a folder, sorted; links to folders are none.
pub(crate) fn folders_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

/// The content of a regular file of at most `max` bytes.
pub(crate) fn read(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    disk::read_regular(path, max).map_err(io::Error::other)
}

/// The path without links and dots; as it is where that cannot be told.
pub(crate) fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A new folder that goes away with its guard.
pub(crate) fn temporary_folder() -> io::Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix("ksext-").tempdir()
}

/// Writes a file in one step as [`write()`] does, and keeps the rights of the one that was there.
///
/// # Errors
/// Also if that one may not be written.
pub(crate) fn rewrite(path: &Path, content: &[u8]) -> io::Result<()> {
    let rights = match fs::metadata(path) {
        Ok(found) if found.permissions().readonly() => {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(found) => found.permissions(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return write(path, content),
        Err(error) => return Err(error),
    };
    let mut file = create(path)?;
    file.write_all(content)?;
    file.file.as_file().set_permissions(rights)?;
    file.keep()
}

/// Writes a file in one step, and the folders above it where they are missing.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(content)?;
    file.keep()
}

/// Makes a folder with `files` in it, all at once: it is made beside its place and moved there when it
/// is whole. Folders above it are made where they are missing.
///
/// # Errors
/// If it is there and holds something, or cannot be written; then nothing is left behind.
pub(crate) fn write_folder(folder: &Path, files: &[(PathBuf, &[u8])]) -> io::Result<()> {
    let above = folder.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(above)?;
    let whole = tempfile::Builder::new()
        .prefix(".ksext-")
        .tempdir_in(above)?;
    for (path, content) in files {
        write(&whole.path().join(path), content)?;
    }
    // The library makes folders for their owner alone.
    #[cfg(unix)]
    fs::set_permissions(
        whole.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )?;
    #[cfg(windows)]
    if fs::exists(folder)? {
        // An empty folder, which renaming replaces elsewhere.
        fs::remove_dir(folder)?;
    }
    fs::rename(whole.path(), folder)
}

/// Begins a file that is written bit by bit and then put in its place, and makes the folders above it
/// where they are missing.
pub(crate) fn create(path: &Path) -> io::Result<NewFile> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| match error.kind() {
            // What exists is a file.
            io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
            _ => error,
        })?;
    }
    NewFile::create(path)
}

/// A file that comes to stand at its path when it is whole; before that, and if it is dropped, what
/// is there stays. A link there is replaced, not followed.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: tempfile::NamedTempFile,
    path: PathBuf,
}

impl NewFile {
    /// Begins a file for `path`, in the same folder, which must exist.
    fn create(path: &Path) -> io::Result<Self> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut file = tempfile::Builder::new();
        // What is written for all to read gets the mode that the user gives new files.
        #[cfg(unix)]
        file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Ok(Self {
            file: file.tempfile_in(folder.unwrap_or(Path::new(".")))?,
            path: path.to_owned(),
        })
    }

    /// Puts it in its place.
    pub(crate) fn keep(self) -> io::Result<()> {
        self.file
            .persist(self.path)
            .map_err(|failed| failed.error)?;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
