//! A tree of files in memory: what an unpacked archive is, and what tests are written with.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fs::{FileSystem, FsError, FsErrorKind, Irregular, Kind};
use super::path::PkgPath;

/// Files, directories, links and irregular files in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryFs {
    nodes: BTreeMap<PkgPath, Node>,
    /// What its owner may not write.
    read_only: BTreeSet<PkgPath>,
    /// Where on the machine it seems to lie.
    root: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
enum Node {
    File(Arc<[u8]>),
    Directory,
    Symlink(Vec<u8>),
    Irregular(Irregular),
    Locked,
    LockedDirectory,
}

impl MemoryFs {
    /// A tree without anything in it.
    pub const fn empty() -> Self {
        Self {
            nodes: BTreeMap::new(),
            read_only: BTreeSet::new(),
            root: None,
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
    pub fn with_irregular(mut self, path: impl Into<PkgPath>, what: Irregular) -> Self {
        self.set(path.into(), Node::Irregular(what));
        self
    }

    /// The tree with a file or directory made read-only.
    #[must_use]
    pub fn with_read_only(mut self, path: impl Into<PkgPath>) -> Self {
        self.read_only.insert(path.into());
        self
    }

    /// The tree as if it lay at this absolute path of the machine.
    #[must_use]
    pub fn with_root(mut self, root: &str) -> Self {
        self.root = Some(root.into());
        self
    }

    /// The tree with a file more whose rights do not let it be read.
    #[must_use]
    pub fn with_locked_file(mut self, path: impl Into<PkgPath>) -> Self {
        self.set(path.into(), Node::Locked);
        self
    }

    /// The tree with a directory more whose rights do not let it be listed.
    #[must_use]
    pub fn with_locked_directory(mut self, path: impl Into<PkgPath>) -> Self {
        self.set(path.into(), Node::LockedDirectory);
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
            Some(Node::Directory | Node::LockedDirectory) => Ok(Kind::Directory),
            Some(Node::Symlink(target)) => Ok(Kind::Symlink {
                target: target.clone(),
            }),
            Some(Node::Irregular(what)) => Ok(Kind::Irregular(*what)),
            None if path.is_root() => Ok(Kind::Directory),
            None => Err(FsErrorKind::NotFound.at(path)),
        }
    }

    fn list(&self, directory: &PkgPath) -> Result<Vec<Vec<u8>>, FsError> {
        if self.kind(directory)? != Kind::Directory {
            return Err(FsErrorKind::WrongKind.at(directory));
        }
        if let Some(Node::LockedDirectory) = self.nodes.get(directory) {
            return Err(FsErrorKind::Denied.at(directory));
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

    fn start(&self, file: &PkgPath, len: u64) -> Result<Cow<'_, [u8]>, FsError> {
        let content = self.read(file, u64::MAX)?;
        Ok(first_bytes(content, len))
    }

    fn is_writable(&self, path: &PkgPath) -> bool {
        !self.read_only.contains(path)
    }

    fn inside(&self, absolute: &[u8]) -> Option<PkgPath> {
        let rest = absolute.strip_prefix(self.root.as_deref()?)?;
        matches!(rest, [] | [b'/', ..]).then(|| PkgPath::resolve_local(rest).ok())?
    }
}

/// The first `len` bytes of `content`, or all if there are fewer.
pub(super) fn first_bytes(mut content: Cow<'_, [u8]>, len: u64) -> Cow<'_, [u8]> {
    let len = usize::try_from(len)
        .unwrap_or(usize::MAX)
        .min(content.len());
    match &mut content {
        Cow::Borrowed(bytes) => *bytes = &bytes[..len],
        Cow::Owned(bytes) => bytes.truncate(len),
    }
    content
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
