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

    /// The first `len` bytes of a regular file; all of them if it has fewer.
    fn start(&self, file: &PkgPath, len: u64) -> Result<Cow<'_, [u8]>, FsError>;

    /// Whether its owner may write what stands at `path`, or make entries in a directory: a copy has the
    /// same rights. Also if nothing stands there.
    fn is_writable(&self, path: &PkgPath) -> bool;

    /// Where in the package an absolute path of the machine leads; `None` if it leads elsewhere, or
    /// the package lies nowhere on the machine.
    fn inside(&self, absolute: &[u8]) -> Option<PkgPath>;
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
    /// None of these.
    Irregular(Irregular),
}

/// What is neither a file nor a directory nor a link. Each spoils a push in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Irregular {
    /// A named pipe. Opening one lasts until somebody writes to it, so mostly for ever.
    Pipe,
    /// A socket. ksbuilder cannot copy it.
    Socket,
    /// A device. ksbuilder leaves it out when it copies the package.
    Device,
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
    /// The last of them that says where it leads from the machine's root on.
    pub absolute: Option<PkgPath>,
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
    /// The link leads out of the package, or is absolute and what it leads to goes with the static
    /// directory, which ksbuilder reads all the same.
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
    let mut absolute = None;
    while let Some(name) = names.pop_front() {
        // A slash behind a file wants a directory too.
        if kind != Kind::Directory {
            return Err(nothing(at.child(&name), last_link, absolute));
        }
        match &name[..] {
            b"" | b"." => continue,
            b".." => {
                at = at.parent().ok_or_else(|| LookupError::Escapes {
                    link: last_link.clone().unwrap_or_default(),
                })?;
                continue;
            }
            _ => {}
        }
        let entry = at.child(&name);
        match files.kind(&entry) {
            Ok(Kind::Symlink { target }) => {
                links += 1;
                if links > MAX_LINKS {
                    return Err(LookupError::Loop { link: entry });
                }
                if target.first() == Some(&b'/') {
                    let Some(inside) = files.inside(&target) else {
                        return Err(LookupError::Escapes { link: entry });
                    };
                    at = PkgPath::root();
                    push_front(&mut names, inside.as_bytes());
                    absolute = Some(entry.clone());
                } else {
                    push_front(&mut names, &target);
                }
                last_link = Some(entry);
            }
            Ok(found) => {
                at = entry;
                kind = found;
            }
            Err(error) if error.kind == FsErrorKind::NotFound => {
                let missing = names.iter().fold(entry, |path, name| path.child(name));
                return Err(nothing(missing, last_link, absolute));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Found {
        path: at,
        kind,
        links,
        absolute,
    })
}

/// Puts the names in `path` before the others, empty ones too.
fn push_front(names: &mut VecDeque<Vec<u8>>, path: &[u8]) {
    for name in path.split(|&byte| byte == b'/').rev() {
        names.push_front(name.to_vec());
    }
}

/// The answer when nothing stands at `target`, where the last `link` led.
fn nothing(target: PkgPath, link: Option<PkgPath>, absolute: Option<PkgPath>) -> LookupError {
    match (absolute, link) {
        (Some(link), _) => LookupError::Escapes { link },
        (None, Some(link)) => LookupError::Dangling { link, target },
        (None, None) => LookupError::NotFound(target),
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
            .with_symlink("home", "/home/u/demo/./static/logo.svg")
            .with_symlink("nohome", "/home/u/demo/none")
            .with_root("/home/u/demo")
    }

    #[test]
    fn links_are_followed_inside_the_package_only() {
        let file = |path: &str, len, links| {
            Ok(Found {
                path: path.into(),
                kind: Kind::File { len },
                links,
                absolute: None,
            })
        };
        let absolute = Ok(Found {
            path: "static/logo.svg".into(),
            kind: Kind::File { len: 6 },
            links: 1,
            absolute: Some("home".into()),
        });
        for (path, expected) in [
            ("home", absolute),
            (
                "nohome",
                Err(LookupError::Escapes {
                    link: "nohome".into(),
                }),
            ),
            (
                "slash",
                Err(LookupError::Dangling {
                    link: "slash".into(),
                    target: "README.md".into(),
                }),
            ),
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
