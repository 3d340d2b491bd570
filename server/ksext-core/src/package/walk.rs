//! Helm's way through a package (internal/sympath/walk.go, pkg/chart/loader/directory.go): every
//! file that is loaded, in order.

use std::ops::ControlFlow;

use super::chart::{ChartFile, Content, MAX_FILE};
use super::copied::copied;
use super::fs::{FileSystem, Irregular, Kind, LookupError, lookup, lookup_below};
use super::ignore::{self, IgnoreRules, IgnoredBy};
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};

/// The most entries that one walk looks at. Helm has no bound; a package of this many files is far
/// above every limit that follows.
pub const MAX_ENTRIES: usize = 100_000;

/// The longest path in bytes. Helm has the system's bound (`PATH_MAX` of Linux), which counts the
/// package's own folder too.
pub const MAX_PATH: usize = 4096;

/// A file or directory that an ignore rule keeps out of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Its path.
    pub path: PkgPath,
    /// Its length in bytes; of a directory, that of all files in it.
    pub size: u64,
    /// The rule.
    pub by: IgnoredBy,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The files, names and order as in the archive.
    pub(super) files: Vec<ChartFile>,
    pub(super) ignored: Vec<Ignored>,
    /// The entries that an absolute link leads to from inside the package, and where they are.
    pub(super) absolute_links: Vec<(PkgPath, PkgPath)>,
    pub(super) problems: Vec<Problem>,
}

/// Walks the tree, `.helmignore` applied. Goes on behind a problem where that is possible.
pub(super) fn walk(files: &dyn FileSystem) -> Walked {
    let mut walk = Walk {
        files,
        rules: IgnoreRules::default(),
        looked_at: 0,
        copies: MAX_ENTRIES,
        found: Walked::default(),
    };
    walk.read_rules();
    walk.run();
    walk.found
}

struct Walk<'f> {
    files: &'f dyn FileSystem,
    rules: IgnoreRules,
    looked_at: usize,
    /// How many entries of ignored directories may still be looked at: they have a bound of their own.
    copies: usize,
    found: Walked,
}

/// A directory that is being walked.
struct Open {
    name: PkgPath,
    /// Where it really is, behind all links.
    real: PkgPath,
    /// How many links led here.
    links: usize,
    entries: std::vec::IntoIter<Vec<u8>>,
}

impl Walk<'_> {
    fn read_rules(&mut self) {
        let path = PkgPath::from(ignore::FILE_NAME);
        // Like Helm, which asks `os.Stat`: without an answer there is no file.
        let Ok(found) = lookup(self.files, &path) else {
            return;
        };
        match self.files.read(&found.path, MAX_FILE) {
            Ok(content) => {
                let (rules, errors) = IgnoreRules::parse(&content);
                self.rules = rules;
                for error in errors {
                    let problem = Problem::new(&path, ProblemKind::Ignore(error.kind));
                    self.found.problems.push(problem.at(error.span));
                }
            }
            Err(error) => self.problem(&path, ProblemKind::Unreadable(error.kind)),
        }
    }

    /// Walks the whole tree: with a list of open directories, since they may stand in each other as
    /// deep as names are long.
    fn run(&mut self) {
        let root = PkgPath::root();
        let mut open = Vec::new();
        open.extend(self.open(&root, root.clone(), 0));
        while let Some(directory) = open.last_mut() {
            let Some(entry) = directory.entries.next() else {
                open.pop();
                continue;
            };
            self.looked_at += 1;
            if self.looked_at > MAX_ENTRIES {
                self.problem(&directory.name, ProblemKind::TooManyEntries);
                return;
            }
            match self.entry(directory, &entry) {
                ControlFlow::Continue(inner) => open.extend(inner),
                ControlFlow::Break(()) => return,
            }
        }
    }

    /// Opens the directory that is called `name` and really is `real`, reached through `links` links.
    fn open(&mut self, name: &PkgPath, real: PkgPath, links: usize) -> Option<Open> {
        match self.files.list(&real) {
            Ok(entries) => Some(Open {
                name: name.clone(),
                real,
                links,
                entries: entries.into_iter(),
            }),
            Err(error) => {
                self.problem(name, ProblemKind::Unreadable(error.kind));
                None
            }
        }
    }

    /// Takes in the entry called `entry`, or opens it. A break ends the walk.
    fn entry(&mut self, directory: &Open, entry: &[u8]) -> ControlFlow<(), Option<Open>> {
        let name = directory.name.child(entry);
        let path = PkgPath::root().child(entry);
        if name.as_bytes().len() > MAX_PATH {
            self.problem(&directory.name, ProblemKind::PathTooLong);
            return ControlFlow::Break(());
        }
        let real = directory.real.clone();
        let found = match lookup_below(self.files, real, &path, directory.links) {
            Ok(found) => found,
            Err(LookupError::Fs(error)) => {
                self.problem(&name, ProblemKind::Unreadable(error.kind));
                return ControlFlow::Continue(None);
            }
            Err(error) => {
                // Below a link to a directory around it the walk would meet itself again and again.
                let endless = directory.links > 0 && matches!(error, LookupError::Loop { .. });
                self.problem(&name, ProblemKind::Link(error));
                return if endless {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(None)
                };
            }
        };
        if found.kind == Kind::Irregular(Irregular::Device) {
            if found.path != name {
                self.problem(&name, ProblemKind::Irregular(Irregular::Device));
            }
            return ControlFlow::Continue(None);
        }
        if found.absolute.is_some() {
            let link = (name.clone(), found.path.clone());
            self.found.absolute_links.push(link);
        }
        let is_directory = found.kind == Kind::Directory;
        if let Some(by) = self.rules.ignored_by(&name, is_directory) {
            let size = self.left_out(&name, &found.path);
            self.found.ignored.push(Ignored {
                path: name,
                size,
                by,
            });
            return ControlFlow::Continue(None);
        }
        match found.kind {
            Kind::Directory => {
                return ControlFlow::Continue(self.open(&name, found.path, found.links));
            }
            Kind::File { len } if len > MAX_FILE => {
                self.problem(&name, ProblemKind::FileTooLarge { len });
            }
            Kind::File { len } => self.found.files.push(ChartFile {
                source: name.clone(),
                name,
                content: Content::File {
                    path: found.path,
                    len,
                },
            }),
            Kind::Irregular(what) => self.problem(&name, ProblemKind::Irregular(what)),
            // A lookup follows all links.
            Kind::Symlink { .. } => {}
        }
        ControlFlow::Continue(None)
    }

    /// The bytes in an ignored file, or in all files of an ignored directory as far as the bound
    /// allows; links are not followed. Says what push cannot copy of them.
    fn left_out(&mut self, name: &PkgPath, real: &PkgPath) -> u64 {
        let found = copied(self.files, real, &mut self.copies);
        // What a link leads to is copied where it stands.
        if real == name {
            self.found.problems.extend(found.problems);
        }
        found.files.iter().map(|(_, len)| len).sum()
    }

    fn problem(&mut self, path: &PkgPath, kind: ProblemKind) {
        self.found.problems.push(Problem::new(path, kind));
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFs;
    use super::*;

    #[test]
    fn a_tree_as_deep_as_names_allow_is_walked() {
        let deep = "d/".repeat(MAX_PATH / 2 - 2) + "x";
        let tree = MemoryFs::from([(&deep[..], "")]);
        let walked = walk(&tree);
        assert_eq!(walked.problems, []);
        assert_eq!(walked.files[0].name, PkgPath::from(&deep[..]));

        // Forty times as deep through a link back up.
        let walked = walk(&tree.with_symlink(
            PkgPath::from(&deep[..deep.len() - 1]).child(b"up"),
            &"../".repeat(2000),
        ));
        let kinds: Vec<_> = walked
            .problems
            .iter()
            .map(|problem| &problem.kind)
            .collect();
        assert_eq!(kinds, [&ProblemKind::PathTooLong]);
    }

    #[test]
    fn the_number_of_entries_is_bounded_but_not_for_what_is_ignored() {
        let mut tree = MemoryFs::from([(".helmignore", "many/\n")]);
        for index in 0..=MAX_ENTRIES {
            tree.insert(format!("many/{index}").as_str().into(), (*b"ab").into());
        }
        let walked = walk(&tree);
        assert_eq!(walked.problems, []);
        assert_eq!(walked.ignored.len(), 1);
        assert!(walked.ignored[0].size > 0);

        let walked = walk(&tree.with_file(".helmignore", *b""));
        assert_eq!(walked.problems[0].kind, ProblemKind::TooManyEntries);
    }
}
