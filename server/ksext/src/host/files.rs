//! Files and folders outside of any package: what leads to one, and what lies around it.

use std::fs;
use std::io;
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
    disk::replace_keeping(path, content, Some(rights))
}

/// Writes a file in one step, and the folders above it where they are missing.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    disk::replace(path, content)
}
