//! The files that are uploaded beside the package: each once, under a name of its own.

use std::collections::BTreeSet;

use ksext_core::package::fs::FsError;
use ksext_core::package::local::{self, Field};
use ksext_core::package::{FileSystem, PkgPath};

/// The most that an icon or a screenshot may hold, in bytes. A bound of ours.
const MAX_FILE: u64 = 64 << 20;

/// A file to upload.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    /// The first value that names it.
    pub(crate) field: Field,
    /// The file as the manifest names it.
    pub(crate) path: PkgPath,
    /// What it is called at the cloud, which keeps one file of each name for a version.
    pub(crate) remote_name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

impl Upload {
    pub(super) fn is_icon(&self) -> bool {
        self.field == Field::Icon
    }
}

/// Reads the files, each once however many values name it.
///
/// # Errors
/// If one cannot be read or is larger than any picture.
pub(super) fn read(
    files: &dyn FileSystem,
    named: &[local::Upload],
) -> Result<Vec<Upload>, FsError> {
    let mut uploads: Vec<Upload> = Vec::new();
    let mut taken = BTreeSet::new();
    for file in named {
        if uploads.iter().any(|upload| upload.path == file.path) {
            continue;
        }
        uploads.push(Upload {
            field: file.field,
            path: file.path.clone(),
            remote_name: free_name(&file.file_name(), &mut taken),
            bytes: files.read(&file.source, MAX_FILE)?.into_owned(),
        });
    }
    Ok(uploads)
}

/// The name itself, or the first of `name-2.ext`, `name-3.ext`, … that is not taken, not even in other
/// letter case: whether the cloud's storage tells `Logo.svg` from `logo.svg` is not known.
fn free_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let (stem, extension) = match name.rfind('.') {
        None | Some(0) => (name, ""),
        Some(dot) => name.split_at(dot),
    };
    let numbered = (2..).map(|number| format!("{stem}-{number}{extension}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let free = names.find(|name| taken.insert(name.to_lowercase()));
    free.expect("numbers do not run out")
}

#[cfg(test)]
mod tests {
    use ksext_core::manifest::Manifest;
    use ksext_core::package::{MemoryFs, Package, Urls};

    use super::*;

    #[test]
    fn each_file_is_uploaded_once_under_a_name_of_its_own() {
        let files = MemoryFs::from([
            ("图.png", "icon"),
            ("a/图.png", "a"),
            ("b/图.png", "b"),
            ("图-2.png", "c"),
            ("noext", "d"),
            ("e/noext", "e"),
            ("f/NoExt", "f"),
        ]);
        let manifest = Manifest::from_text(
            "name: demo\nicon: 图.png\nscreenshots: [a/图.png, ./图.png, b/图.png, 图-2.png, noext, e/noext, a/图.png, f/NoExt]\n",
        );
        let rewritten = Package::new(&files, &manifest).rewritten(&Urls::new());
        let uploads = read(&files, &rewritten.uploads).expect("read");
        let seen: Vec<_> = uploads
            .iter()
            .map(|upload| {
                let content = str::from_utf8(&upload.bytes).expect("text");
                (
                    upload.field.to_string(),
                    upload.remote_name.as_str(),
                    content,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("icon".into(), "图.png", "icon"),
                ("screenshots[0]".into(), "图-2.png", "a"),
                ("screenshots[2]".into(), "图-3.png", "b"),
                ("screenshots[3]".into(), "图-2-2.png", "c"),
                ("screenshots[4]".into(), "noext", "d"),
                ("screenshots[5]".into(), "noext-2", "e"),
                ("screenshots[7]".into(), "NoExt-3", "f"),
            ]
        );
    }

    #[test]
    fn a_hidden_file_keeps_its_dot() {
        let mut taken = BTreeSet::from([".svg".to_owned()]);
        assert_eq!(free_name(".svg", &mut taken), ".svg-2");
    }
}
