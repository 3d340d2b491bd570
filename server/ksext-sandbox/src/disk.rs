//! A sandbox's state over restarts: `state.json` and one file per uploaded content, in a folder of its own.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cloud::Cloud;

/// The folder.
pub(crate) struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Makes sure the folder is there.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        let disk = Self { folder };
        fs::create_dir_all(disk.contents()).map_err(|error| disk.explain("create", &error))?;
        Ok(disk)
    }

    /// What was kept; the empty cloud in a new folder.
    pub(crate) fn load(&self) -> io::Result<Cloud> {
        let text = match fs::read(self.state()) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Cloud::default()),
            Err(error) => return Err(self.explain("read", &error)),
        };
        let mut cloud: Cloud =
            serde_json::from_slice(&text).map_err(|error| self.explain("read", &error.into()))?;
        for blob in cloud.blobs() {
            let bytes = fs::read(self.content(blob.number))
                .map_err(|error| self.explain("read", &error))?;
            blob.bytes = bytes.into();
        }
        Ok(cloud)
    }

    /// Content first, then the state that speaks of it, then away with what nothing speaks of: whatever
    /// happens in between, the folder is a whole state.
    pub(crate) fn save(&self, cloud: &mut Cloud) -> io::Result<()> {
        let mut spoken_of = HashSet::new();
        for blob in cloud.blobs() {
            let path = self.content(blob.number);
            if !path.exists() {
                replace(&path, &blob.bytes)?;
            }
            spoken_of.insert(path);
        }
        replace(&self.state(), &serde_json::to_vec_pretty(cloud)?)?;
        for entry in fs::read_dir(self.contents())? {
            let path = entry?.path();
            if !spoken_of.contains(&path) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn state(&self) -> PathBuf {
        self.folder.join("state.json")
    }

    fn contents(&self) -> PathBuf {
        self.folder.join("contents")
    }

    fn content(&self, number: u64) -> PathBuf {
        self.contents().join(number.to_string())
    }

    fn explain(&self, act: &str, error: &io::Error) -> io::Error {
        let folder = self.folder.display();
        io::Error::new(
            error.kind(),
            format!(
                "cannot {act} the sandbox's state in `{folder}`: {error}; remove the folder to start afresh"
            ),
        )
    }
}

/// Writes beside the target and renames, so that nobody ever reads half a file.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("new");
    fs::write(&draft, bytes)?;
    fs::rename(draft, path)
}
