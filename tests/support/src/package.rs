//! Package folders for tests, written from literals.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder in a temporary directory, gone with this value.
#[derive(Debug)]
pub struct PackageDir {
    directory: TempDir,
}

impl PackageDir {
    /// A folder with these files; paths are relative, with `/`.
    ///
    /// ```ignore
    /// let package = PackageDir::new(&[("extension.yaml", "name: demo\n"), ("static/图.svg", "<svg/>")]);
    /// ```
    ///
    /// # Panics
    ///
    /// Like every method here, if the disk refuses.
    #[track_caller]
    pub fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("package-")
            .tempdir()
            .expect("a temporary directory can be made");
        let package = Self { directory };
        for (path, contents) in files {
            package.write(path, contents);
        }
        package
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The path of a file in it.
    pub fn join(&self, path: &str) -> PathBuf {
        path.split('/')
            .fold(self.path().to_owned(), |joined, part| joined.join(part))
    }

    /// The `file:` URI of a file in it, as VS Code writes it; `""` is the folder itself.
    pub fn uri(&self, path: &str) -> String {
        uri_of(&self.join(path))
    }

    /// Writes a file, and the folders above it.
    #[track_caller]
    pub fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let target = self.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)
                .unwrap_or_else(|error| panic!("cannot create {}: {error}", parent.display()));
        }
        fs::write(&target, contents)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", target.display()));
    }

    /// Reads a file as text.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        let target = self.join(path);
        fs::read_to_string(&target)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", target.display()))
    }

    /// Removes a file.
    #[track_caller]
    pub fn remove(&self, path: &str) {
        let target = self.join(path);
        fs::remove_file(&target)
            .unwrap_or_else(|error| panic!("cannot remove {}: {error}", target.display()));
    }
}

/// The `file:` URI of an absolute path, with everything but RFC 3986's unreserved characters and
/// `/` percent-encoded, as VS Code does.
pub fn uri_of(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if path.starts_with('/') {
        "file://"
    } else {
        "file:///"
    });
    for byte in path.trim_end_matches('/').bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_files_and_the_folders_above_them() {
        let package = PackageDir::new(&[
            ("extension.yaml", "name: 观测\n"),
            ("charts/a/Chart.yaml", ""),
        ]);
        assert_eq!(package.read("extension.yaml"), "name: 观测\n");
        assert!(package.join("charts/a/Chart.yaml").is_file());
        package.remove("extension.yaml");
        assert!(!package.join("extension.yaml").exists());
    }

    #[test]
    fn uris_are_percent_encoded() {
        for (path, uri) in [
            ("/a/extension.yaml", "file:///a/extension.yaml"),
            ("/a b/图.svg", "file:///a%20b/%E5%9B%BE.svg"),
            ("/a/", "file:///a"),
            ("C:\\a", "file:///C%3A/a"),
        ] {
            assert_eq!(uri_of(Path::new(path)), uri);
        }
    }
}
