//! A tree of files in memory: what an unpacked archive is, and what tests are written with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::fs::{FileSystem, FsError, FsErrorKind, Kind};
use super::path::PkgPath;

/// Files, directories, links and irregular files in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryFs {
    nodes: BTreeMap<PkgPath, Node>,
}

#[derive(Clone, Debug)]
enum Node {
    File(Arc<[u8]>),
    Directory,
    Symlink(Vec<u8>),
    Irregular,
    Locked,
}

impl MemoryFs {
    /// A tree without anything in it.
    pub const fn empty() -> Self {
        Self {
            nodes: BTreeMap::new(),
        }
    }

    /// The tree with a file more. Directories above it come by themselves.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PkgPath>, content: impl Into<Arc<[u8]>>) -> Self {
        self.insert(path.into(), content.into());
        self
    }

    /// The tree with a directory more.
    #[must_use]
    pub fn with_directory(mut self, path: impl Into<PkgPath>) -> Self {
        self.set(path.into(), Node::Directory);
        self
    }

    /// The tree with a symbolic link more.
    #[must_use]
    pub fn with_symlink(mut self, path: impl Into<PkgPath>, target: &str) -> Self {
        self.set(path.into(), Node::Symlink(target.into()));
        self
    }

    /// The tree with a named pipe, socket or device more.
    #[must_use]
    pub fn with_irregular(mut self, path: impl Into<PkgPath>) -> Self {
        self.set(path.into(), Node::Irregular);
        self
    }

    /// The tree with a file more whose rights do not let it be read.
    #[must_use]
    pub fn with_locked_file(mut self, path: impl Into<PkgPath>) -> Self {
        self.set(path.into(), Node::Locked);
        self
    }

    /// Puts a file into the tree; directories above it come by themselves.
    pub fn insert(&mut self, path: PkgPath, content: Arc<[u8]>) {
        self.set(path, Node::File(content));
    }

    /// The content of the file at `path`, if one stands there.
    pub fn get(&self, path: &PkgPath) -> Option<&Arc<[u8]>> {
        match self.nodes.get(path) {
            Some(Node::File(content)) => Some(content),
            _ => None,
        }
    }

    fn set(&mut self, path: PkgPath, node: Node) {
        let mut parent = path.parent();
        while let Some(directory) = parent {
            parent = directory.parent();
            self.nodes.entry(directory).or_insert(Node::Directory);
        }
        self.nodes.insert(path, node);
    }
}

impl<P: AsRef<str>, C: AsRef<[u8]>, const N: usize> From<[(P, C); N]> for MemoryFs {
    fn from(files: [(P, C); N]) -> Self {
        files
            .into_iter()
            .fold(Self::default(), |tree, (path, content)| {
                tree.with_file(path.as_ref(), content.as_ref())
            })
    }
}

impl FileSystem for MemoryFs {
    fn kind(&self, path: &PkgPath) -> Result<Kind, FsError> {
        match self.nodes.get(path) {
            Some(Node::File(content)) => Ok(Kind::File {
                len: content.len() as u64,
            }),
            Some(Node::Locked) => Ok(Kind::File { len: 1 }),
            Some(Node::Directory) => Ok(Kind::Directory),
            Some(Node::Symlink(target)) => Ok(Kind::Symlink {
                target: target.clone(),
            }),
            Some(Node::Irregular) => Ok(Kind::Irregular),
            None if path.is_root() => Ok(Kind::Directory),
            None => Err(FsErrorKind::NotFound.at(path)),
        }
    }

    fn list(&self, directory: &PkgPath) -> Result<Vec<Vec<u8>>, FsError> {
        if self.kind(directory)? != Kind::Directory {
            return Err(FsErrorKind::WrongKind.at(directory));
        }
        Ok(children(&self.nodes, directory)
            .map(<[u8]>::to_vec)
            .collect())
    }

    fn read(&self, file: &PkgPath, max: u64) -> Result<Cow<'_, [u8]>, FsError> {
        match self.nodes.get(file) {
            Some(Node::File(content)) if content.len() as u64 > max => {
                Err(FsErrorKind::TooLarge { max }.at(file))
            }
            Some(Node::File(content)) => Ok(Cow::Borrowed(content)),
            Some(Node::Locked) => Err(FsErrorKind::Denied.at(file)),
            Some(_) => Err(FsErrorKind::WrongKind.at(file)),
            None => Err(FsErrorKind::NotFound.at(file)),
        }
    }
}

/// The names of the entries of `directory` among the keys of `nodes`, sorted by their bytes.
fn children<'a>(
    nodes: &'a BTreeMap<PkgPath, Node>,
    directory: &PkgPath,
) -> impl Iterator<Item = &'a [u8]> {
    // Keys are sorted by bytes, so all below `directory` stand together, and its own entries come
    // in the order of their names.
    let mut prefix = directory.as_bytes().to_vec();
    if !prefix.is_empty() {
        prefix.push(b'/');
    }
    let start = prefix.clone();
    nodes
        .range(directory.clone()..)
        .map(|(path, _)| path.as_bytes())
        .skip_while(move |path| *path < &start[..])
        .map_while(move |path| path.strip_prefix(&prefix[..]))
        .filter(|name| !name.is_empty() && !name.contains(&b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_lists_its_own_entries_in_byte_order() {
        let tree = MemoryFs::from([
            ("charts/b/Chart.yaml", ""),
            ("charts/a-b/Chart.yaml", ""),
            ("charts/a/Chart.yaml", ""),
            ("charts-old/x/y", ""),
            ("charts.md", ""),
            ("观测.md", ""),
        ])
        .with_directory("charts/empty");
        let list = |path: &str| {
            let names = tree.list(&path.into()).unwrap();
            names
                .iter()
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(list(""), ["charts", "charts-old", "charts.md", "观测.md"]);
        assert_eq!(list("charts"), ["a", "a-b", "b", "empty"]);
        assert_eq!(list("charts/empty"), Vec::<String>::new());
        assert_eq!(
            tree.list(&"charts.md".into()),
            Err(FsErrorKind::WrongKind.at(&"charts.md".into()))
        );
    }

    #[test]
    fn a_file_longer_than_asked_for_is_not_read() {
        let tree = MemoryFs::from([("a", "12345")]);
        let path = PkgPath::from("a");
        assert_eq!(tree.read(&path, 5).unwrap(), &b"12345"[..]);
        assert_eq!(
            tree.read(&path, 4).map(Cow::into_owned),
            Err(FsErrorKind::TooLarge { max: 4 }.at(&path))
        );
    }
}
