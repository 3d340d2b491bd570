//! A sandbox's state over restarts: `state.json` and one file per uploaded content, in a folder of its own.

use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::StartError;
use crate::app;
use crate::cloud::Cloud;

/// The folder, which is this sandbox's alone until [`Disk::release`].
pub(crate) struct Disk {
    folder: PathBuf,
    /// Locked as long as it is open; the system closes it even if the process is killed.
    lock: Mutex<Option<File>>,
}

impl Disk {
    /// Makes sure the folder is there and nobody else's.
    pub(crate) fn open(folder: PathBuf) -> Result<Self, StartError> {
        let prepare = || {
            fs::create_dir_all(contents(&folder))?;
            File::create(folder.join("lock"))
        };
        let lock = match prepare() {
            Ok(lock) => lock,
            Err(source) => return Err(StartError::Folder { folder, source }),
        };
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                folder,
                lock: Mutex::new(Some(lock)),
            }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse { folder }),
            Err(TryLockError::Error(source)) => Err(StartError::Folder { folder, source }),
        }
    }

    /// What was kept; the empty cloud in a new folder.
    pub(crate) fn load(&self) -> Result<Cloud, StartError> {
        let unreadable = |source| StartError::Folder {
            folder: self.folder.clone(),
            source,
        };
        let text = match fs::read(self.state()) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Cloud::default()),
            Err(error) => return Err(unreadable(error)),
        };
        let mut cloud: Cloud =
            serde_json::from_slice(&text).map_err(|source| StartError::Broken {
                file: self.state(),
                source,
            })?;
        for blob in cloud.blobs() {
            let bytes = fs::read(self.content(blob.number)).map_err(unreadable)?;
            blob.bytes = bytes.into();
            blob.kept = true;
        }
        Ok(cloud)
    }

    /// Content first, then the state that speaks of it, then away with what nothing speaks of: whatever
    /// happens in between, the folder is a whole state.
    pub(crate) fn save(&self, cloud: &mut Cloud) -> io::Result<()> {
        if app::lock(&self.lock).is_none() {
            return Err(io::Error::other("the sandbox has ended"));
        }
        let mut spoken_of = HashSet::new();
        for blob in cloud.blobs() {
            let path = self.content(blob.number);
            // A file of this number may be left from a change that did not come to its end.
            if !blob.kept {
                replace(&path, &blob.bytes)?;
                blob.kept = true;
            }
            spoken_of.insert(path);
        }
        replace(&self.state(), &serde_json::to_vec_pretty(cloud)?)?;
        for entry in fs::read_dir(contents(&self.folder))? {
            let path = entry?.path();
            if !spoken_of.contains(&path) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Leaves the folder to the next sandbox; nothing is written any more.
    pub(crate) fn release(&self) {
        app::lock(&self.lock).take();
    }

    fn state(&self) -> PathBuf {
        self.folder.join("state.json")
    }

    fn content(&self, number: u64) -> PathBuf {
        contents(&self.folder).join(number.to_string())
    }
}

fn contents(folder: &Path) -> PathBuf {
    folder.join("contents")
}

/// Writes beside the target and renames, so that nobody ever reads half a file.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("new");
    fs::write(&draft, bytes)?;
    fs::rename(draft, path)
}
