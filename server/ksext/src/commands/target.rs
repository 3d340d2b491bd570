//! What a command is about: from a URI or a path to the package that it means.

use std::path::PathBuf;

use ksext_core::bilingual;
use ksext_core::manifest::FILE_NAME;
use serde::{Deserialize, Deserializer};

use super::Refusal;
use crate::workspace::{self, LocateError, Package};

/// A place in or at a package: its manifest, any file in it, its folder, or an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target(PathBuf);

impl Target {
    /// The package as it is on the disk.
    ///
    /// # Errors
    /// `invalid-package` if there is none, or more than one.
    pub(super) fn package(&self) -> Result<Package, Refusal> {
        let shown = self.0.display();
        workspace::locate(&self.0).map_err(|why| {
            Refusal::invalid_package(match why {
                LocateError::Open(why) => bilingual!(
                    "cannot open the package: {why:#}",
                    "无法打开扩展组件包：{why:#}",
                ),
                LocateError::NotThere => bilingual!(
                    "cannot find a package at {shown}: no `{FILE_NAME}` is there or above",
                    "在 {shown} 找不到扩展组件包：此处及上级文件夹中都没有 `{FILE_NAME}`",
                ),
                LocateError::Many(count) => bilingual!(
                    "cannot choose a package: {shown} holds {count} of them; name one",
                    "无法确定扩展组件包：{shown} 中有 {count} 个；请指定其中一个",
                ),
            })
        })
    }
}

impl From<PathBuf> for Target {
    fn from(path: PathBuf) -> Self {
        Self(path)
    }
}

impl<'de> Deserialize<'de> for Target {
    /// From a `file:` URI.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let uri = String::deserialize(deserializer)?;
        path_of(&uri).map(Self).ok_or_else(|| {
            serde::de::Error::custom(format_args!("`{uri}` is no `file:` URI of this machine"))
        })
    }
}

/// The path that a `file:` URI names (RFC 8089), percent-encoded by whatever rules its client has.
pub(crate) fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri
        .get(..5)
        .filter(|scheme| scheme.eq_ignore_ascii_case("file:"))
        .map(|_| &uri[5..])?;
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.strip_prefix("localhost").unwrap_or(rest),
        None => rest,
    };
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.split(['?', '#']).next()?.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    if !bytes.starts_with(b"/") || bytes.contains(&0) {
        return None;
    }
    path_from_bytes(bytes)
}

#[cfg(not(windows))]
fn path_from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

/// `/C:/demo` is `C:/demo`.
#[cfg(windows)]
fn path_from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    let text = String::from_utf8(bytes).ok()?;
    let after_slash = text
        .get(1..)
        .filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    Some(PathBuf::from(after_slash.unwrap_or(&text)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn file_uris_are_paths() {
        for (uri, path) in [
            ("file:///a/extension.yaml", Some("/a/extension.yaml")),
            ("file:///a%20b/%E5%9B%BE.svg", Some("/a b/图.svg")),
            ("file:///a b/图.svg", Some("/a b/图.svg")),
            ("FILE:///a", Some("/a")),
            ("file:/a", Some("/a")),
            ("file://localhost/a", Some("/a")),
            ("file:///a#L1", Some("/a")),
            ("file:///a%2", None),
            ("file:///a%00", None),
            ("file://server/a", None),
            ("untitled:Untitled-1", None),
            ("/a", None),
            ("", None),
            ("文", None),
        ] {
            assert_eq!(path_of(uri).as_deref(), path.map(Path::new), "{uri}");
        }
    }
}
