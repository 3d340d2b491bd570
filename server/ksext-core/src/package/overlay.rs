//! A tree with changes that are not on the disk: open editor buffers, and what push rewrites.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::fs::{FileSystem, FsError, FsErrorKind, Kind};
use super::memory::first_bytes;
use super::path::PkgPath;

/// Files laid over a tree, and a place taken out of it.
#[derive(Clone)]
pub struct Overlay<'a> {
    base: Base<'a>,
    files: BTreeMap<PkgPath, Arc<[u8]>>,
    removed: Option<PkgPath>,
}

/// What lies below.
#[derive(Clone)]
enum Base<'a> {
    Borrowed(&'a dyn FileSystem),
    Owned(Arc<dyn FileSystem>),
}

impl Base<'_> {
    fn get(&self) -> &dyn FileSystem {
        match self {
            Self::Borrowed(base) => *base,
            Self::Owned(base) => base.as_ref(),
        }
    }
}

impl Overlay<'static> {
    /// `base` as it is, for an overlay that outlives whoever opened the files.
    pub fn owning(base: impl FileSystem + 'static) -> Self {
        Self::of(Base::Owned(Arc::new(base)))
    }
}

impl<'a> Overlay<'a> {
    /// `base` as it is.
    pub fn new(base: &'a dyn FileSystem) -> Self {
        Self::of(Base::Borrowed(base))
    }

    fn of(base: Base<'a>) -> Self {
        Self {
            base,
            files: BTreeMap::new(),
            removed: None,
        }
    }

    /// Lays a file over the tree: an open buffer hides the file on the disk, and a link there.
    pub fn insert(&mut self, path: PkgPath, content: impl Into<Arc<[u8]>>) {
        self.files.insert(path, content.into());
    }

    /// Takes the file or directory at `path` out of the tree, with all that lies in it. Files laid
    /// over the tree stay.
    pub(super) fn remove(&mut self, path: PkgPath) {
        self.removed = Some(path);
    }

    /// Whether files laid over the tree stand in `directory`, at any depth.
    fn has_files_below(&self, directory: &PkgPath) -> bool {
        self.files
            .range(directory.clone()..)
            .take_while(|(path, _)| path.as_bytes().starts_with(directory.as_bytes()))
            .any(|(path, _)| path != directory && path.below(directory).is_some())
    }

    fn is_removed(&self, path: &PkgPath) -> bool {
        let removed = self.removed.as_ref();
        removed.is_some_and(|removed| path.below(removed).is_some())
    }
}

impl FileSystem for Overlay<'_> {
    fn kind(&self, path: &PkgPath) -> Result<Kind, FsError> {
        if let Some(content) = self.files.get(path) {
            let len = content.len() as u64;
            return Ok(Kind::File { len });
        }
        let below = if self.is_removed(path) {
            Err(FsErrorKind::NotFound.at(path))
        } else {
            self.base.get().kind(path)
        };
        match below {
            Err(error) if error.kind == FsErrorKind::NotFound && self.has_files_below(path) => {
                Ok(Kind::Directory)
            }
            answer => answer,
        }
    }

    fn list(&self, directory: &PkgPath) -> Result<Vec<Vec<u8>>, FsError> {
        let first = |path: PkgPath| path.components().next().map(<[u8]>::to_vec);
        let laid = self.files.keys().filter_map(|path| path.below(directory));
        let laid: Vec<_> = laid.filter_map(first).collect();
        let mut names = match self.base.get().list(directory) {
            _ if self.is_removed(directory) => Vec::new(),
            Err(error) if error.kind == FsErrorKind::NotFound && !laid.is_empty() => Vec::new(),
            answer => answer?,
        };
        names.retain(|name| !self.is_removed(&directory.child(name)));
        names.extend(laid);
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    fn read(&self, file: &PkgPath, max: u64) -> Result<Cow<'_, [u8]>, FsError> {
        match self.files.get(file) {
            Some(content) if content.len() as u64 > max => {
                Err(FsErrorKind::TooLarge { max }.at(file))
            }
            Some(content) => Ok(Cow::Borrowed(content)),
            None if self.is_removed(file) => Err(FsErrorKind::NotFound.at(file)),
            None => self.base.get().read(file, max),
        }
    }

    fn start(&self, file: &PkgPath, len: u64) -> Result<Cow<'_, [u8]>, FsError> {
        match self.files.get(file) {
            Some(content) => Ok(first_bytes(Cow::Borrowed(content), len)),
            None if self.is_removed(file) => Err(FsErrorKind::NotFound.at(file)),
            None => self.base.get().start(file, len),
        }
    }

    fn is_writable(&self, path: &PkgPath) -> bool {
        self.base.get().is_writable(path)
    }

    fn inside(&self, absolute: &[u8]) -> Option<PkgPath> {
        self.base.get().inside(absolute)
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFs;
    use super::*;

    #[test]
    fn a_buffer_hides_the_file_below_it_and_shows_in_its_directory() {
        let disk = MemoryFs::from([("extension.yaml", "name: disk\n"), ("static/a.png", "a")]);
        let mut tree = Overlay::new(&disk);
        tree.insert("extension.yaml".into(), *b"name: buffer\n");
        tree.insert("values.yaml".into(), *b"");
        let read = tree.read(&"extension.yaml".into(), 99).unwrap();
        assert_eq!(read, &b"name: buffer\n"[..]);
        assert_eq!(
            tree.list(&PkgPath::root()).unwrap(),
            [&b"extension.yaml"[..], b"static", b"values.yaml"]
        );
        assert_eq!(tree.kind(&"static".into()), Ok(Kind::Directory));

        tree.insert("charts/a/Chart.yaml".into(), *b"name: a\n");
        for (directory, name) in [("", "charts"), ("charts", "a"), ("charts/a", "Chart.yaml")] {
            let names = tree.list(&directory.into()).unwrap();
            assert!(names.contains(&name.as_bytes().to_vec()), "{directory}");
        }
    }

    #[test]
    fn what_is_removed_is_gone_but_what_is_laid_over_it_stays() {
        let disk = MemoryFs::from([("static/a.png", "a"), ("static-b/x", "x")]);
        let mut tree = Overlay::new(&disk);
        tree.remove("static".into());
        assert_eq!(tree.list(&PkgPath::root()).unwrap(), [b"static-b"]);
        let missing = FsErrorKind::NotFound.at(&"static/a.png".into());
        assert_eq!(tree.kind(&"static/a.png".into()), Err(missing));

        tree.insert("static/extension.yaml".into(), *b"name: a\n");
        assert_eq!(tree.kind(&"static".into()), Ok(Kind::Directory));
        assert_eq!(tree.list(&"static".into()).unwrap(), [b"extension.yaml"]);
    }
}
