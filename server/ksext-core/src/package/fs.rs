//! What is asked of whoever brings a package's files, and following links on top of it.
//!
//! Disk, archive and open editor buffers all answer the three questions of [`FileSystem`].
//! [`lookup`] follows symbolic links itself, so that no answer ever comes from outside the package.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::path::PkgPath;

/// A tree of files. Paths handed in have real directories as parents: links are followed before.
pub trait FileSystem: Send + Sync {
    /// What stands at `path`, without following a link.
    ///
    /// # Errors
    /// [`FsErrorKind::NotFound`] when nothing stands there.
    fn kind(&self, path: &PkgPath) -> Result<Kind, FsError>;

    /// The names in `directory`, without `.` and `..`, sorted by their bytes.
    fn list(&self, directory: &PkgPath) -> Result<Vec<Vec<u8>>, FsError>;

    /// The content of a regular file. With a `max` of 0 this asks whether it can be opened.
    ///
    /// # Errors
    /// [`FsErrorKind::TooLarge`] when there are more than `max` bytes, however many were announced.
    fn read(&self, file: &PkgPath, max: u64) -> Result<Cow<'_, [u8]>, FsError>;
}

/// What an entry of a directory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File {
        /// Its length in bytes.
        len: u64,
    },
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink {
        /// Where it points, as written in it.
        target: Vec<u8>,
    },
    /// A device, socket or named pipe. Opening one can hang for ever.
    Irregular,
}

/// A file system's answer when it has none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {kind}")]
pub struct FsError {
    /// What was asked for.
    pub path: PkgPath,
    /// Why there is no answer.
    pub kind: FsErrorKind,
}

/// What a [`FsError`] is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FsErrorKind {
    /// Nothing of that name.
    #[error("no such file or directory")]
    NotFound,
    /// The rights do not allow it.
    #[error("permission denied")]
    Denied,
    /// The file holds more bytes than were asked for.
    #[error("larger than {max} bytes")]
    TooLarge {
        /// The most that was asked for.
        max: u64,
    },
    /// A directory where a file is needed, or the other way round.
    #[error("not of the kind that is needed here")]
    WrongKind,
    /// What the system says of it.
    #[error("{0}")]
    Other(String),
}

impl FsErrorKind {
    /// The error with the path it is about.
    pub fn at(self, path: &PkgPath) -> FsError {
        FsError {
            path: path.clone(),
            kind: self,
        }
    }
}

/// What [`lookup`] found behind all links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it really is; not the path asked for if a link led here.
    pub path: PkgPath,
    /// What it is; never a link.
    pub kind: Kind,
    /// How many links were followed.
    pub links: usize,
}

/// Why a path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// Nothing stands there.
    #[error("`{0}` does not exist")]
    NotFound(PkgPath),
    /// The link points at nothing.
    #[error("the link `{link}` points at nothing")]
    Dangling {
        /// The link.
        link: PkgPath,
        /// The place it points at, where a file could be made.
        target: PkgPath,
    },
    /// Links lead in a circle, or through more than [`MAX_LINKS`].
    #[error("the link `{link}` leads in a circle")]
    Loop {
        /// The last link that was followed.
        link: PkgPath,
    },
    /// The link leads out of the package, or is absolute.
    #[error("the link `{link}` leads out of the package")]
    Escapes {
        /// The link.
        link: PkgPath,
    },
    /// The file system has no answer.
    #[error(transparent)]
    Fs(#[from] FsError),
}

/// How many links Linux follows in one path (`MAXSYMLINKS`, include/linux/namei.h).
pub const MAX_LINKS: usize = 40;

/// What stands at `path` behind all links, inside the package only.
pub fn lookup(files: &dyn FileSystem, path: &PkgPath) -> Result<Found, LookupError> {
    lookup_below(files, PkgPath::root(), path, 0)
}

/// The same for `path` seen from `directory`, a real directory that `links` links led to.
pub(super) fn lookup_below(
    files: &dyn FileSystem,
    directory: PkgPath,
    path: &PkgPath,
    mut links: usize,
) -> Result<Found, LookupError> {
    let mut at = directory;
    let mut kind = Kind::Directory;
    let mut names: VecDeque<Vec<u8>> = path.components().map(<[u8]>::to_vec).collect();
    let mut last_link = None;
    while let Some(name) = names.pop_front() {
        match &name[..] {
            b"" | b"." if kind == Kind::Directory => continue,
            // A slash behind a file, in a link: `not a directory`.
            b"" | b"." => return Err(not_found(at, last_link)),
            b".." => {
                at = at.parent().ok_or_else(|| LookupError::Escapes {
                    link: last_link.clone().unwrap_or_default(),
                })?;
                kind = Kind::Directory;
                continue;
            }
            _ => {}
        }
        if kind != Kind::Directory {
            return Err(not_found(at.child(&name), last_link));
        }
        let entry = at.child(&name);
        match files.kind(&entry) {
            Ok(Kind::Symlink { target }) => {
                links += 1;
                if links > MAX_LINKS {
                    return Err(LookupError::Loop { link: entry });
                }
                if target.first() == Some(&b'/') {
                    return Err(LookupError::Escapes { link: entry });
                }
                for part in target.split(|&byte| byte == b'/').rev() {
                    names.push_front(part.to_vec());
                }
                last_link = Some(entry);
            }
            Ok(found) => {
                at = entry;
                kind = found;
            }
            Err(error) if error.kind == FsErrorKind::NotFound => {
                let missing = names.iter().fold(entry, |path, name| path.child(name));
                return Err(not_found(missing, last_link));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Found {
        path: at,
        kind,
        links,
    })
}

fn not_found(target: PkgPath, link: Option<PkgPath>) -> LookupError {
    match link {
        Some(link) => LookupError::Dangling { link, target },
        None => LookupError::NotFound(target),
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFs;
    use super::*;

    fn tree() -> MemoryFs {
        MemoryFs::from([("static/logo.svg", "<svg/>"), ("README.md", "# 观测")])
            .with_symlink("icon.svg", "static/logo.svg")
            .with_symlink("again", "icon.svg")
            .with_symlink("assets", "./static/")
            .with_symlink("static/up", "../README.md")
            .with_symlink("gone", "static/none.svg")
            .with_symlink("circle", "circle")
            .with_symlink("out", "../secret")
            .with_symlink("passwd", "/etc/passwd")
            .with_symlink("through", "README.md/x")
            .with_symlink("slash", "README.md/")
    }

    #[test]
    fn links_are_followed_inside_the_package_only() {
        let file = |path: &str, len, links| {
            Ok(Found {
                path: path.into(),
                kind: Kind::File { len },
                links,
            })
        };
        for (path, expected) in [
            ("static/logo.svg", file("static/logo.svg", 6, 0)),
            ("icon.svg", file("static/logo.svg", 6, 1)),
            ("again", file("static/logo.svg", 6, 2)),
            ("assets/logo.svg", file("static/logo.svg", 6, 1)),
            ("assets/up", file("README.md", 8, 2)),
            ("none", Err(LookupError::NotFound("none".into()))),
            (
                "README.md/x",
                Err(LookupError::NotFound("README.md/x".into())),
            ),
            (
                "gone",
                Err(LookupError::Dangling {
                    link: "gone".into(),
                    target: "static/none.svg".into(),
                }),
            ),
            (
                "through",
                Err(LookupError::Dangling {
                    link: "through".into(),
                    target: "README.md/x".into(),
                }),
            ),
            (
                "slash",
                Err(LookupError::Dangling {
                    link: "slash".into(),
                    target: "README.md".into(),
                }),
            ),
            (
                "circle",
                Err(LookupError::Loop {
                    link: "circle".into(),
                }),
            ),
            ("out", Err(LookupError::Escapes { link: "out".into() })),
            (
                "passwd",
                Err(LookupError::Escapes {
                    link: "passwd".into(),
                }),
            ),
        ] {
            assert_eq!(lookup(&tree(), &path.into()), expected, "{path}");
        }
    }
}
