//! Files that stay as they were first seen, whatever happens to them meanwhile.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ksext_core::package::fs::{FsError, FsErrorKind, Kind};
use ksext_core::package::{FileSystem, PkgPath};
use sha2::{Digest, Sha256};

/// How much is held in memory, in bytes. Of what is beyond it, it is known whether it has changed.
const MOST_HELD: usize = 64 << 20;
/// A file of at most this many bytes is held although only its beginning is asked for.
const MOST_FOR_START: u64 = 1 << 20;

/// A tree of files of which each answer is given twice alike. A file that changes between being looked
/// at and being read, or that is too large to be held and changes, cannot be read.
pub(super) struct Frozen {
    files: Box<dyn FileSystem>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    kinds: BTreeMap<PkgPath, Result<Kind, FsError>>,
    lists: BTreeMap<PkgPath, Result<Vec<Vec<u8>>, FsError>>,
    contents: BTreeMap<PkgPath, Content>,
    held: usize,
}

#[derive(Clone)]
enum Content {
    Held(Arc<[u8]>),
    /// Its SHA-256.
    Told([u8; 32]),
}

impl Frozen {
    pub(super) fn new(files: Box<dyn FileSystem>) -> Self {
        Self {
            files,
            seen: Mutex::default(),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The content as it is now, if it is the one that was seen first.
    fn read_now(&self, file: &PkgPath, max: u64) -> Result<Vec<u8>, FsError> {
        let bytes = self.files.read(file, max)?.into_owned();
        let mut seen = self.seen();
        let looked_at = seen.kinds.get(file);
        let len = bytes.len() as u64;
        let is_as_announced = match looked_at {
            Some(Ok(Kind::File { len: announced })) => *announced == len,
            _ => true,
        };
        if !is_as_announced {
            return Err(changed(file));
        }
        match seen.contents.get(file).cloned() {
            None => {
                let content = if seen.held + bytes.len() <= MOST_HELD {
                    seen.held += bytes.len();
                    Content::Held(bytes.as_slice().into())
                } else {
                    Content::Told(Sha256::digest(&bytes).into())
                };
                seen.contents.insert(file.clone(), content);
                Ok(bytes)
            }
            // Another thread was first.
            Some(Content::Held(first)) => Ok(first.to_vec()),
            Some(Content::Told(sum)) if sum == <[u8; 32]>::from(Sha256::digest(&bytes)) => {
                Ok(bytes)
            }
            Some(Content::Told(_)) => Err(changed(file)),
        }
    }
}

fn changed(file: &PkgPath) -> FsError {
    FsErrorKind::Other("it has been changed meanwhile".to_owned()).at(file)
}

impl FileSystem for Frozen {
    fn kind(&self, path: &PkgPath) -> Result<Kind, FsError> {
        let seen = self.seen().kinds.get(path).cloned();
        seen.unwrap_or_else(|| {
            let kind = self.files.kind(path);
            self.seen()
                .kinds
                .entry(path.clone())
                .or_insert(kind)
                .clone()
        })
    }

    fn list(&self, directory: &PkgPath) -> Result<Vec<Vec<u8>>, FsError> {
        let seen = self.seen().lists.get(directory).cloned();
        seen.unwrap_or_else(|| {
            let list = self.files.list(directory);
            let mut seen = self.seen();
            seen.lists.entry(directory.clone()).or_insert(list).clone()
        })
    }

    fn read(&self, file: &PkgPath, max: u64) -> Result<Cow<'_, [u8]>, FsError> {
        let seen = self.seen().contents.get(file).cloned();
        let bytes = match seen {
            Some(Content::Held(bytes)) if bytes.len() as u64 > max => {
                return Err(FsErrorKind::TooLarge { max }.at(file));
            }
            Some(Content::Held(bytes)) => bytes.to_vec(),
            Some(Content::Told(_)) | None => self.read_now(file, max)?,
        };
        Ok(Cow::Owned(bytes))
    }

    fn start(&self, file: &PkgPath, len: u64) -> Result<Cow<'_, [u8]>, FsError> {
        match self.read(file, MOST_FOR_START) {
            Ok(bytes) => {
                let len = usize::try_from(len).unwrap_or(usize::MAX);
                let mut bytes = bytes.into_owned();
                bytes.truncate(len);
                Ok(Cow::Owned(bytes))
            }
            Err(FsError {
                kind: FsErrorKind::TooLarge { .. },
                ..
            }) => self.files.start(file, len),
            Err(error) => Err(error),
        }
    }

    fn is_writable(&self, path: &PkgPath) -> bool {
        self.files.is_writable(path)
    }

    fn inside(&self, absolute: &[u8]) -> Option<PkgPath> {
        self.files.inside(absolute)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::host::disk::Disk;

    #[test]
    fn what_was_seen_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("written");
        };
        write("a.yaml", "a: 1\n");
        write("图.svg", "<svg/>");
        let files = Frozen::new(Box::new(Disk::new(folder.path())));
        let read = |name: &str| files.read(&name.into(), 100).map(Cow::into_owned);
        let look = || (files.list(&PkgPath::root()), files.kind(&"a.yaml".into()));
        let seen = look();
        assert_eq!(read("a.yaml"), Ok(b"a: 1\n".to_vec()));
        files.kind(&"图.svg".into()).expect("there");

        write("a.yaml", "a: 22\n");
        write("b.yaml", "");
        write("图.svg", "<svg>b</svg>");
        assert_eq!(look(), seen);
        assert_eq!(read("a.yaml"), Ok(b"a: 1\n".to_vec()));
        assert_eq!(files.start(&"a.yaml".into(), 2).as_deref(), Ok(&b"a:"[..]));
        let error = read("图.svg").expect_err("changed since it was looked at");
        assert_eq!(error.to_string(), "`图.svg`: it has been changed meanwhile");
        let error = files.read(&"a.yaml".into(), 2).expect_err("too large");
        assert_eq!(error.kind, FsErrorKind::TooLarge { max: 2 });
    }

    #[test]
    fn what_is_too_large_to_hold_is_known_to_have_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a"), "one").expect("written");
        let files = Frozen::new(Box::new(Disk::new(folder.path())));
        files.seen().held = MOST_HELD;
        let read = || files.read(&"a".into(), 100).map(Cow::into_owned);
        assert_eq!(read(), Ok(b"one".to_vec()));
        assert_eq!(read(), Ok(b"one".to_vec()));
        fs::write(folder.path().join("a"), "two").expect("written");
        assert!(read().is_err());
    }
}
