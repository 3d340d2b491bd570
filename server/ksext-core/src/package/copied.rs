//! What push copies without ever loading it (ksbuilder pkg/utils `CopyDir`): it copies the whole
//! folder first, so that what an ignore rule leaves out and what goes with the static directory can
//! stop it too. Links are copied as they are, devices are left out.

use super::fs::{FileSystem, FsErrorKind, Irregular, Kind};
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};

/// What lies at and below a path.
#[derive(Debug, Default)]
pub(super) struct Copied {
    /// The files with their lengths in bytes, in the order of their names.
    pub(super) files: Vec<(PkgPath, u64)>,
    /// The directories that hold something.
    pub(super) directories: Vec<PkgPath>,
    /// What cannot be copied.
    pub(super) problems: Vec<Problem>,
}

/// Looks at the entry at `path` and everything below it, at as many entries as `bound` still allows.
pub(super) fn copied(files: &dyn FileSystem, path: &PkgPath, bound: &mut usize) -> Copied {
    let mut found = Copied::default();
    let mut open = vec![path.clone()];
    while let Some(path) = open.pop() {
        if *bound == 0 {
            break;
        }
        *bound -= 1;
        let kind = match files.kind(&path) {
            Ok(Kind::Directory) => match files.list(&path) {
                Ok(names) => {
                    if !names.is_empty() {
                        found.directories.push(path.clone());
                    }
                    open.extend(names.iter().rev().map(|name| path.child(name)));
                    continue;
                }
                Err(error) => ProblemKind::Unreadable(error.kind),
            },
            Ok(Kind::File { len }) => {
                let refused = refused(files, &path);
                found.files.push((path.clone(), len));
                match refused {
                    Some(kind) => kind,
                    None => continue,
                }
            }
            Ok(Kind::Irregular(Irregular::Socket)) => ProblemKind::Irregular(Irregular::Socket),
            Ok(Kind::Irregular(_) | Kind::Symlink { .. }) => continue,
            Err(error) => ProblemKind::Unreadable(error.kind),
        };
        found.problems.push(Problem::new(&path, kind));
    }
    found
}

/// Why the regular file at `path` cannot be opened; `None` if it can.
pub(super) fn refused(files: &dyn FileSystem, path: &PkgPath) -> Option<ProblemKind> {
    match files.read(path, 0) {
        Ok(_) => None,
        Err(error) => match error.kind {
            FsErrorKind::TooLarge { .. } => None,
            kind => Some(ProblemKind::Unreadable(kind)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFs;
    use super::*;

    #[test]
    fn everything_is_copied_and_what_cannot_be_is_told() {
        let files = MemoryFs::from([("a/图.png", "12"), ("a/b/c", ""), ("other", "x")])
            .with_locked_file("a/locked")
            .with_locked_directory("a/closed")
            .with_symlink("a/link", "/nowhere")
            .with_irregular("a/pipe", Irregular::Pipe)
            .with_irregular("a/null", Irregular::Device)
            .with_irregular("a/socket", Irregular::Socket);
        let found = copied(&files, &"a".into(), &mut 99);
        let paths = ["a/b/c", "a/locked", "a/图.png"].map(PkgPath::from);
        let seen: Vec<_> = found.files.iter().map(|(path, _)| path.clone()).collect();
        assert_eq!(seen, paths);
        let denied = || ProblemKind::Unreadable(FsErrorKind::Denied);
        assert_eq!(
            found.problems,
            [
                Problem::new(&"a/closed".into(), denied()),
                Problem::new(&"a/locked".into(), denied()),
                Problem::new(
                    &"a/socket".into(),
                    ProblemKind::Irregular(Irregular::Socket)
                ),
            ]
        );
    }

    #[test]
    fn the_number_of_entries_is_bounded() {
        let files = MemoryFs::from([("a/1", ""), ("a/2", ""), ("a/3", "")]);
        assert_eq!(copied(&files, &"a".into(), &mut 3).files.len(), 2);
    }
}
