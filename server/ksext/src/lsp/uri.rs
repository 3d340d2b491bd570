//! From the client's names of files to paths, and back in the client's own spelling.
//!
//! Clients spell one file in several ways (`file:///c%3A/a`, `file:///C:/a`) and know it only under
//! their own, so an answer never spells anew what the client has named.

use std::path::{Path, PathBuf};

use ksext_core::package::PkgPath;

use super::proto::Uri;

/// The path that a `file:` URI names (RFC 8089); `None` for other URIs.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    crate::commands::path_of(uri)
}

/// `path` as a place in the package in `root`; `None` if it lies outside.
pub(super) fn below(root: &Path, path: &Path) -> Option<PkgPath> {
    let below = path.strip_prefix(root).ok()?;
    let names = below
        .components()
        .map(|name| name.as_os_str().as_encoded_bytes());
    Some(names.fold(PkgPath::root(), |path, name| path.child(name)))
}

/// The URI of the package's folder, seen from that of its manifest: without a slash at its end.
pub(super) fn package_of(manifest: &Uri) -> Option<Uri> {
    let (folder, _) = manifest.as_str().rsplit_once('/')?;
    folder.parse().ok()
}

/// The URI of a file in the package, seen from that of its manifest.
pub(super) fn file_in(manifest: &Uri, file: &PkgPath) -> Option<Uri> {
    let (folder, _) = manifest.as_str().rsplit_once('/')?;
    let mut uri = folder.to_owned();
    for name in file.components() {
        uri.push('/');
        for &byte in name {
            // RFC 3986, "unreserved".
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                uri.push(char::from(byte));
            } else {
                uri.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    uri.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let manifest: Uri = manifest.parse().expect("a URI");
            let uri = file_in(&manifest, &file.into()).expect("a URI");
            assert_eq!(uri.as_str(), expected);
        }
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
