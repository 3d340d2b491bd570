//! What ksext keeps from one run to the next and may lose at any time: nothing that a user wrote, and
//! nothing secret. Whoever deletes the folder loses some comfort.
//!
//! It is `$XDG_STATE_HOME/ksext` where that is set, as the XDG base directory specification has it; else
//! `~/.local/state/ksext`, on macOS `~/Library/Application Support/ksext`, on Windows
//! `%LOCALAPPDATA%\ksext`.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::disk::read_regular;

/// The most that is read of a file, in bytes.
const MAX_FILE: u64 = 4 << 20;

/// The folder, which need not exist.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    folder: PathBuf,
}

/// A lock that is held, until it is dropped or the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Guard {
    _file: File,
}

impl Kept {
    /// That of the user who runs the program; `None` without a home.
    pub(crate) fn of_user() -> Option<Self> {
        let folder = folder_of(&STATE, |name| std::env::var_os(name), std::env::home_dir())?;
        Some(Self::new(folder))
    }

    /// What is kept in `folder`.
    pub(crate) fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What was written as `name`; `None` if nothing was, or it cannot be read, or is larger than
    /// anything that is kept. Others may have written it: look at what it says.
    pub(crate) fn read(&self, name: &str) -> Option<Vec<u8>> {
        read_regular(&self.path(name).ok()?, MAX_FILE).ok()
    }

    /// Writes `name`, a plain file name, in one step and for the user alone.
    ///
    /// # Errors
    /// If the folder cannot be made or written to; then what was there stays.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name)?;
        self.make_folder()?;
        // For its owner alone, as all of that library's are.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|failed| failed.error)?;
        Ok(())
    }

    /// Forgets `name`, which need not be there.
    ///
    /// # Errors
    /// If it is still there afterwards.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Takes the lock `name`, which has no other file's name, without waiting; `None` if this or
    /// another process of the machine holds it. An empty file stays behind: to delete it would let
    /// two processes lock two files.
    ///
    /// # Errors
    /// If there can be no lock: the folder cannot be written to, the disk knows no locks.
    pub(crate) fn lock(&self, name: &str) -> io::Result<Option<Guard>> {
        let path = self.path(name)?;
        self.make_folder()?;
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Guard { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let is_plain = Path::new(name).file_name() == Some(name.as_ref());
        match is_plain {
            true => Ok(self.folder.join(name)),
            false => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)
    }
}

/// The folder for what a user has asked to be installed, such as the schema: `$XDG_DATA_HOME/ksext`, else
/// `~/.local/share/ksext`, and on other systems where [`Kept`] is. `None` without a home.
pub(crate) fn data_folder() -> Option<PathBuf> {
    folder_of(&DATA, |name| std::env::var_os(name), std::env::home_dir())
}

/// One of the base directories of the XDG specification: its variable, and where it is below the home
/// without it.
struct Base {
    variable: &'static str,
    below_local: &'static str,
}

const STATE: Base = Base {
    variable: "XDG_STATE_HOME",
    below_local: "state",
};
const DATA: Base = Base {
    variable: "XDG_DATA_HOME",
    below_local: "share",
};

/// The folder by the environment and the user's home. A variable that holds no absolute path counts as
/// unset, as the specification demands.
fn folder_of(
    base: &Base,
    variable: impl Fn(&str) -> Option<OsString>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    let absolute = |path: &PathBuf| path.is_absolute();
    let named = |name| variable(name).map(PathBuf::from).filter(absolute);
    let home = || home.filter(absolute);
    let of_system = || {
        if cfg!(windows) {
            named("LOCALAPPDATA").or_else(|| Some(home()?.join("AppData").join("Local")))
        } else if cfg!(target_os = "macos") {
            Some(home()?.join("Library").join("Application Support"))
        } else {
            Some(home()?.join(".local").join(base.below_local))
        }
    };
    let base = named(base.variable).or_else(of_system)?;
    Some(base.join("ksext"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> (tempfile::TempDir, Kept) {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path().join("state").join("ksext"));
        (folder, kept)
    }

    #[test]
    fn what_is_kept_is_read_until_it_is_removed() {
        let (_folder, kept) = kept();
        assert_eq!(kept.read("a"), None);
        kept.remove("a").expect("nothing to remove");
        kept.write("a", "观测".as_bytes()).expect("written");
        kept.write("a", b"new").expect("written over");
        assert_eq!(kept.read("a").as_deref(), Some(&b"new"[..]));
        kept.remove("a").expect("removed");
        assert_eq!(kept.read("a"), None);
        let left = fs::read_dir(&kept.folder).expect("a folder").count();
        assert_eq!(left, 0, "no file is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_the_user_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, kept) = kept();
        kept.write("a", b"x").expect("written");
        let _guard = kept.lock("b").expect("a lock");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&kept.folder), 0o700);
        assert_eq!(mode(&kept.folder.join("a")), 0o600);
        assert_eq!(mode(&kept.folder.join("b")), 0o600);
    }

    #[test]
    fn one_holds_a_lock_at_a_time() {
        let (_folder, kept) = kept();
        let first = kept.lock("a").expect("a lock");
        assert!(first.is_some());
        assert!(kept.lock("a").expect("an answer").is_none());
        assert!(kept.lock("b").expect("an answer").is_some());
        drop(first);
        assert!(kept.lock("a").expect("an answer").is_some());
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let (_folder, kept) = kept();
        for name in ["", ".", "..", "a/b", "../a", "/a"] {
            assert!(kept.write(name, b"x").is_err(), "{name}");
            assert_eq!(kept.read(name), None, "{name}");
        }
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_environment_says_where_it_is() {
        for (state, home, expected) in [
            (Some("/state"), Some("/home/图"), Some("/state/ksext")),
            (
                Some("state"),
                Some("/home/图"),
                Some("/home/图/.local/state/ksext"),
            ),
            (None, Some("/home/图"), Some("/home/图/.local/state/ksext")),
            (Some("/state"), None, Some("/state/ksext")),
            (None, Some(""), None),
            (None, None, None),
        ] {
            let variable = |name: &str| {
                assert_eq!(name, "XDG_STATE_HOME");
                state.map(OsString::from)
            };
            let folder = folder_of(&STATE, variable, home.map(PathBuf::from));
            assert_eq!(
                folder.as_deref(),
                expected.map(Path::new),
                "{state:?} {home:?}"
            );
        }
    }
}
