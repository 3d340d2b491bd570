//! Places inside a package.
//!
//! A [`PkgPath`] is what an archive entry is called and what a file system is asked for. Turning it
//! into a path of the machine is left to whoever brings the files.

use std::fmt;

/// A path below the package's root: names joined by `/`, none of them empty, `.` or `..`; the root
/// itself is empty. Bytes, because names on a disk and in an archive need not be UTF-8.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PkgPath(Vec<u8>);

/// A path that leads out of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the path leads out of the package")]
pub struct Escapes;

impl PkgPath {
    /// The package's root.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// Where ksbuilder looks for a file that a manifest names (`icon`, `screenshots`,
    /// `staticFileDirectory`): `filepath.Join` of the package and `value`, so that `/static/a`
    /// means `static/a`, and `static/..` the package itself.
    pub fn resolve_local(value: impl AsRef<[u8]>) -> Result<Self, Escapes> {
        let mut path = Self::root();
        for name in value.as_ref().split(|&byte| byte == b'/') {
            match name {
                b"" | b"." => {}
                b".." => path = path.parent().ok_or(Escapes)?,
                name => path.push(name),
            }
        }
        Ok(path)
    }

    /// The bytes, names joined by `/`.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether this is the package's root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The names from the root down.
    pub fn components(&self) -> impl Iterator<Item = &[u8]> {
        self.0
            .split(|&byte| byte == b'/')
            .filter(|name| !name.is_empty())
    }

    /// The last name; empty for the root.
    pub fn name(&self) -> &[u8] {
        match self.slash() {
            Some(slash) => &self.0[slash + 1..],
            None => &self.0,
        }
    }

    /// The directory that this stands in; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        match self.slash() {
            _ if self.is_root() => None,
            Some(slash) => Some(Self(self.0[..slash].to_vec())),
            None => Some(Self::root()),
        }
    }

    /// The path `below`, seen from here.
    pub fn join(&self, below: &Self) -> Self {
        let mut path = self.clone();
        if !below.is_root() {
            path.push(&below.0);
        }
        path
    }

    /// The entry `name` of this directory.
    ///
    /// `name` comes from a listing and is one name; should it hold a `/` or be `..` all the same, it
    /// is read like a value in [`resolve_local`](Self::resolve_local) that cannot leave the package.
    pub fn child(&self, name: &[u8]) -> Self {
        self.join(&Self::clamped(name))
    }

    /// What remains behind `directory`, if this is `directory` itself or lies below it.
    pub fn below(&self, directory: &Self) -> Option<Self> {
        if directory.is_root() {
            return Some(self.clone());
        }
        match self.0.strip_prefix(directory.as_bytes())? {
            [] => Some(Self::root()),
            [b'/', rest @ ..] => Some(Self(rest.to_vec())),
            _ => None,
        }
    }

    /// `value` read as below a root that has nothing above it: `..` at the top stays there.
    fn clamped(value: &[u8]) -> Self {
        let mut path = Self::root();
        for name in value.split(|&byte| byte == b'/') {
            match name {
                b"" | b"." => {}
                b".." => path = path.parent().unwrap_or_default(),
                name => path.push(name),
            }
        }
        path
    }

    fn push(&mut self, name: &[u8]) {
        if !self.0.is_empty() {
            self.0.push(b'/');
        }
        self.0.extend_from_slice(name);
    }

    fn slash(&self) -> Option<usize> {
        self.0.iter().rposition(|&byte| byte == b'/')
    }
}

/// For names that are known: `.` and empty names fall away, `..` stops at the root.
impl From<&str> for PkgPath {
    fn from(value: &str) -> Self {
        Self::clamped(value.as_bytes())
    }
}

/// For people; bytes that are not UTF-8 show as U+FFFD.
impl fmt::Display for PkgPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for PkgPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_a_manifest_means_a_place_below_the_package() {
        for (value, expected) in [
            ("./static/favicon.svg", Ok("static/favicon.svg")),
            ("/static//图标.svg", Ok("static/图标.svg")),
            ("static/../a.png", Ok("a.png")),
            ("static/..", Ok("")),
            (".", Ok("")),
            ("", Ok("")),
            ("a.png\n", Ok("a.png\n")),
            ("..", Err(Escapes)),
            ("/../etc/passwd", Err(Escapes)),
            ("static/../../a.png", Err(Escapes)),
            // Back in by the folder's own name: push works on a copy that is called otherwise.
            ("../demo/a.png", Err(Escapes)),
        ] {
            let resolved = PkgPath::resolve_local(value);
            assert_eq!(resolved, expected.map(PkgPath::from), "{value:?}");
        }
    }

    #[test]
    fn a_path_falls_into_names() {
        let path = PkgPath::from("charts/backend/Chart.yaml");
        assert_eq!(path.name(), b"Chart.yaml");
        assert_eq!(path.parent(), Some("charts/backend".into()));
        assert_eq!(
            path.below(&"charts".into()),
            Some("backend/Chart.yaml".into())
        );
        assert_eq!(path.below(&"chart".into()), None);
        assert_eq!(path.below(&path), Some(PkgPath::root()));
        assert_eq!(path.components().count(), 3);
        assert_eq!(PkgPath::from("a").parent(), Some(PkgPath::root()));
        assert_eq!(PkgPath::root().parent(), None);
        assert_eq!(PkgPath::root().child(b"a"), "a".into());
    }

    #[test]
    fn names_need_not_be_utf8() {
        let path = PkgPath::root().child(b"\xb9\xdb.md");
        assert_eq!(path.name(), b"\xb9\xdb.md");
        assert_eq!(path.to_string(), "\u{fffd}\u{fffd}.md");
    }
}
