//! Helm's way through a package (internal/sympath/walk.go, pkg/chart/loader/directory.go): every
//! file that is loaded, in order.

use super::chart::{ChartFile, Content, MAX_FILE};
use super::fs::{FileSystem, Kind, LookupError, lookup, lookup_below};
use super::ignore::{self, IgnoreRules, IgnoredBy};
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};

/// The most entries that one walk looks at. Helm has no bound; a package of this many files is far
/// above every limit that follows.
pub const MAX_ENTRIES: usize = 100_000;

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
    pub(super) problems: Vec<Problem>,
}

/// Walks the tree, `.helmignore` applied. Goes on behind a problem where that is possible.
pub(super) fn walk(files: &dyn FileSystem) -> Walked {
    let mut walk = Walk {
        files,
        rules: IgnoreRules::default(),
        looked_at: 0,
        sized: 0,
        found: Walked::default(),
    };
    walk.read_rules();
    walk.directory(&PkgPath::root(), &PkgPath::root(), 0);
    walk.found
}

struct Walk<'f> {
    files: &'f dyn FileSystem,
    rules: IgnoreRules,
    looked_at: usize,
    /// Entries counted for the sizes of ignored directories, which have a bound of their own.
    sized: usize,
    found: Walked,
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

    /// Walks the directory that is called `name` and really is `real`, reached through `links`
    /// links. `false` ends the walk.
    fn directory(&mut self, name: &PkgPath, real: &PkgPath, links: usize) -> bool {
        let entries = match self.files.list(real) {
            Ok(entries) => entries,
            Err(error) => {
                self.problem(name, ProblemKind::Unreadable(error.kind));
                return true;
            }
        };
        for entry in entries {
            self.looked_at += 1;
            if self.looked_at > MAX_ENTRIES {
                self.problem(name, ProblemKind::TooManyEntries);
                return false;
            }
            if !self.entry(&name.child(&entry), real, &entry, links) {
                return false;
            }
        }
        true
    }

    fn entry(&mut self, name: &PkgPath, real: &PkgPath, entry: &[u8], links: usize) -> bool {
        let entry = PkgPath::root().child(entry);
        let found = match lookup_below(self.files, real.clone(), &entry, links) {
            Ok(found) => found,
            Err(LookupError::Fs(error)) => {
                self.problem(name, ProblemKind::Unreadable(error.kind));
                return true;
            }
            Err(error @ LookupError::Loop { .. }) if links > 0 => {
                // Below a link to a directory around it the walk would meet itself again and again.
                self.problem(name, ProblemKind::Link(error));
                return false;
            }
            Err(error) => {
                self.problem(name, ProblemKind::Link(error));
                return true;
            }
        };
        let is_directory = found.kind == Kind::Directory;
        if let Some(by) = self.rules.ignored_by(name, is_directory) {
            let size = self.size(&found.path, &found.kind);
            self.found.ignored.push(Ignored {
                path: name.clone(),
                size,
                by,
            });
            return true;
        }
        match found.kind {
            Kind::Directory => return self.directory(name, &found.path, found.links),
            Kind::File { len } if len > MAX_FILE => {
                self.problem(name, ProblemKind::FileTooLarge { len });
            }
            Kind::File { len } => self.found.files.push(ChartFile {
                name: name.clone(),
                source: name.clone(),
                content: Content::File {
                    path: found.path,
                    len,
                },
            }),
            Kind::Irregular | Kind::Symlink { .. } => self.problem(name, ProblemKind::Irregular),
        }
        true
    }

    /// The bytes in a file, or in all files of a directory as far as the bound allows; links
    /// are not followed.
    fn size(&mut self, path: &PkgPath, kind: &Kind) -> u64 {
        let mut size = 0;
        let mut open = vec![(path.clone(), kind.clone())];
        while let Some((path, kind)) = open.pop() {
            self.sized += 1;
            match kind {
                Kind::File { len } => size += len,
                Kind::Directory if self.sized < MAX_ENTRIES => {
                    for name in self.files.list(&path).unwrap_or_default() {
                        let path = path.child(&name);
                        if let Ok(kind) = self.files.kind(&path) {
                            open.push((path, kind));
                        }
                    }
                }
                _ => {}
            }
        }
        size
    }

    fn problem(&mut self, path: &PkgPath, kind: ProblemKind) {
        self.found.problems.push(Problem::new(path, kind));
    }
}
