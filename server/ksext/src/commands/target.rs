//! What a command is about: from a URI or a path to the package that it means.

use std::path::{Path, PathBuf};

use ksext_core::bilingual;
use ksext_core::manifest::FILE_NAME;
use serde::{Deserialize, Deserializer};

use super::Refusal;
use crate::workspace::{self, Package};

/// A place in or at a package: its manifest, any file in it, its folder, or an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target(PathBuf);

impl Target {
    /// The path, as the user named it.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The package as it is on the disk.
    ///
    /// # Errors
    /// `invalid-package` if there is none, or more than one.
    pub(super) fn package(&self) -> Result<Package, Refusal> {
        let shown = self.0.display();
        let refuse = |why: anyhow::Error| {
            Refusal::invalid_package(bilingual!(
                "cannot open the package: {why:#}",
                "无法打开扩展包：{why:#}",
            ))
        };
        if let Some(folder) = self.folder() {
            return Package::open_folder(&folder).map_err(refuse);
        }
        let mut found = workspace::find(&self.0, true).map_err(refuse)?;
        match found.packages.len() {
            1 => Ok(found.packages.remove(0)),
            0 => Err(Refusal::invalid_package(bilingual!(
                "cannot find a package at {shown}: no `{FILE_NAME}` is there or above",
                "在 {shown} 找不到扩展包：此处及上级文件夹中都没有 `{FILE_NAME}`",
            ))),
            many => Err(Refusal::invalid_package(bilingual!(
                "cannot choose a package: {shown} holds {many} of them; name one",
                "无法确定扩展包：{shown} 中有 {many} 个；请指定其中一个",
            ))),
        }
    }

    /// The folder of the package that the path is or lies in: the nearest with a manifest, those
    /// that are another product's only if the path names them.
    fn folder(&self) -> Option<PathBuf> {
        let holds_manifest = |folder: &Path| folder.join(FILE_NAME).is_file();
        let is_folder = self.0.is_dir();
        let named = if is_folder { Some(self.0.as_path()) } else { self.0.parent() };
        let named = named.map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
        let names_manifest = is_folder || self.0.file_name().is_some_and(|name| name == FILE_NAME);
        if let Some(named) = named.filter(|named| names_manifest && holds_manifest(named)) {
            let ours = Package::open_folder(named).is_ok_and(|package| package.recognition().is_ours());
            // A chart's template may be called like a manifest; then a package lies above it.
            return if ours { Some(named.to_owned()) } else { above(named).or(Some(named.to_owned())) };
        }
        if self.0.is_file() && !names_manifest && is_archive(&self.0) {
            return None;
        }
        above(named?)
    }
}

/// The nearest of the folder and those above it that holds a package of ours.
fn above(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    let is_ours = |folder: &&Path| {
        folder.join(FILE_NAME).is_file()
            && Package::open_folder(folder).is_ok_and(|package| package.recognition().is_ours())
    };
    folder.ancestors().find(is_ours).map(Path::to_owned)
}

fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".tgz") || name.ends_with(".tar.gz")
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
fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("file:")).map(|_| &uri[5..])?;
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
    let after_slash = text.get(1..).filter(|rest| rest.as_bytes().get(1) == Some(&b':'));
    Some(PathBuf::from(after_slash.unwrap_or(&text)))
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_package_is_found_from_anywhere_in_it() {
        let disk = tempfile::tempdir().expect("a folder");
        for (file, text) in [
            ("demo/extension.yaml", "name: demo\nksVersion: \">=4.1.0\"\n"),
            ("demo/charts/web/Chart.yaml", "name: web\n"),
            ("demo/charts/web/templates/extension.yaml", "kind: ConfigMap\n"),
            ("demo/static/图.svg", "<svg/>"),
            ("empty/notes.txt", ""),
        ] {
            let path = disk.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        for place in [
            "demo",
            "demo/extension.yaml",
            "demo/charts/web/templates/extension.yaml",
            "demo/static",
            "demo/static/图.svg",
            "demo/not-yet-saved.yaml",
            ".",
        ] {
            let package = Target(disk.path().join(place)).package().expect(place);
            assert_eq!(package.manifest().name().map(|name| name.value).as_deref(), Some("demo"), "{place}");
        }
        for place in ["empty", "nowhere/at/all"] {
            let refusal = Target(disk.path().join(place)).package().expect_err(place);
            assert_eq!(refusal.kind, "invalid-package", "{place}");
        }
    }
}
