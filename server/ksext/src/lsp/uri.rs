//! From the client's names of files to paths, and back in the client's own spelling.
//!
//! Clients spell one file in several ways (`file:///c%3A/a`, `file:///C:/a`) and know it only under
//! their own, so an answer never spells anew what the client has named: the URI of a file that is not
//! open begins with that of its package's manifest, and that one, if it is not open either, with that
//! of the workspace's folder. How paths and URIs are written at all is said in
//! [`crate::host::file_uri`].

use std::path::{Path, PathBuf};

use ksext_core::manifest::FILE_NAME;
use ksext_core::package::PkgPath;

use super::proto::Uri;
use crate::host::file_uri;

/// The path that a `file:` URI names (RFC 8089); `None` for other URIs.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    file_uri::path_of(uri)
}

/// The URI of a path that the client has never named.
pub(super) fn of_path(path: &Path) -> Option<Uri> {
    file_uri::uri_of(path).parse().ok()
}

/// A path as the name of a place, the same for every spelling of it.
pub(super) fn key_of(path: &Path) -> PathBuf {
    file_uri::key_of(path)
}

/// Whether it is an unsaved text that has no place on the disk yet.
pub(super) fn is_untitled(uri: &Uri) -> bool {
    uri.scheme().as_str() == "untitled"
}

/// Whether a path is called like a manifest.
pub(super) fn is_manifest(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| file_uri::is_same_name(name, FILE_NAME.as_ref()))
}

/// Whether a path is called like a project's settings.
pub(super) fn is_settings(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| file_uri::is_same_name(name, crate::workspace::SETTINGS_FILE.as_ref()))
}

/// `path` as a place in the package in `root`; `None` if it lies outside.
pub(super) fn below(root: &Path, path: &Path) -> Option<PkgPath> {
    let mut names = path.components();
    for expected in root.components() {
        let name = names.next()?;
        if !file_uri::is_same_name(name.as_os_str(), expected.as_os_str()) {
            return None;
        }
    }
    let below = PkgPath::root();
    let mut below = names.fold(below, |path, name| {
        path.child(name.as_os_str().as_encoded_bytes())
    });
    // The manifest is found under its own name, however the editor spells it.
    if is_manifest(path) && below.components().count() == 1 {
        below = PkgPath::from(FILE_NAME);
    }
    Some(below)
}

/// The URI of the package's folder, seen from that of its manifest: without a slash at its end.
pub(super) fn package_of(manifest: &Uri) -> Option<Uri> {
    above(manifest, 1)
}

/// The URI of a file in the package, seen from that of its manifest.
pub(super) fn file_in(manifest: &Uri, file: &PkgPath) -> Option<Uri> {
    let (folder, _) = manifest.as_str().rsplit_once('/')?;
    let mut uri = folder.to_owned();
    for name in file.components() {
        push_name(&mut uri, name);
    }
    uri.parse().ok()
}

/// The URI of what lies `levels` above.
pub(super) fn above(uri: &Uri, levels: usize) -> Option<Uri> {
    let mut uri = uri.as_str();
    for _ in 0..levels {
        uri = uri.rsplit_once('/')?.0;
    }
    uri.parse().ok()
}

/// The URI of `path`, seen from a folder around it: `folder` at `folder_path`.
pub(super) fn inside(folder: &Uri, folder_path: &Path, path: &Path) -> Option<Uri> {
    let uri = folder.as_str();
    let mut uri = uri.strip_suffix('/').unwrap_or(uri).to_owned();
    for name in path.strip_prefix(folder_path).ok()?.components() {
        push_name(&mut uri, name.as_os_str().as_encoded_bytes());
    }
    uri.parse().ok()
}

fn push_name(uri: &mut String, name: &[u8]) {
    uri.push('/');
    for &byte in name {
        file_uri::push_encoded(uri, byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Uri {
        text.parse().expect("a URI")
    }

    #[test]
    fn files_of_a_package_keep_the_clients_spelling_of_its_folder() {
        for (manifest, file, expected) in [
            (
                "file:///a%20b/extension.yaml",
                "charts/a/Chart.yaml",
                "file:///a%20b/charts/a/Chart.yaml",
            ),
            (
                "file:///c%3A/d/extension.yaml",
                "静 态/图.svg",
                "file:///c%3A/d/%E9%9D%99%20%E6%80%81/%E5%9B%BE.svg",
            ),
        ] {
            let found = file_in(&uri(manifest), &file.into()).expect("a URI");
            assert_eq!(found.as_str(), expected);
        }
    }

    #[test]
    fn packages_of_a_workspace_keep_the_clients_spelling_of_its_folder() {
        for (folder, folder_path, path, expected) in [
            (
                "file:///a%20b",
                "/a b",
                "/a b/观测/extension.yaml",
                "file:///a%20b/%E8%A7%82%E6%B5%8B/extension.yaml",
            ),
            ("file:///a/", "/a", "/a/b", "file:///a/b"),
            ("file:///", "/", "/b", "file:///b"),
        ] {
            let found = inside(&uri(folder), Path::new(folder_path), Path::new(path));
            assert_eq!(found.expect("a URI").as_str(), expected);
        }
    }

    #[test]
    fn what_lies_above_is_spelled_the_same() {
        let manifest = uri("file:///c%3A/d/extension.yaml");
        assert_eq!(package_of(&manifest), Some(uri("file:///c%3A/d")));
        assert_eq!(above(&manifest, 2), Some(uri("file:///c%3A")));
        assert_eq!(above(&uri("untitled:Untitled-1"), 1), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_is_in_a_package_or_not() {
        let check = |path: &str, expected: Option<&str>| {
            let found = below(Path::new("/a/demo"), Path::new(path));
            assert_eq!(found, expected.map(PkgPath::from), "{path}");
        };
        check("/a/demo/静态/图.svg", Some("静态/图.svg"));
        check("/a/demo", Some(""));
        check("/a/demo2/x", None);
    }
}
