//! The files that a manifest names: which of its values mean a file in the package, and what push
//! uploads.

use super::fs::{FileSystem, FsErrorKind, Kind, LookupError, lookup};
use super::path::{Escapes, PkgPath};
use crate::manifest::Manifest;
use crate::text::Span;

/// The value of a manifest that names a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// `icon`.
    Icon,
    /// The item of `screenshots` with this index, counted from 0.
    Screenshot(usize),
}

impl std::fmt::Display for Field {
    /// `icon`, `screenshots[0]`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Icon => f.write_str("icon"),
            Self::Screenshot(index) => write!(f, "screenshots[{index}]"),
        }
    }
}

/// A value that ksbuilder takes for a file in the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// Where it stands in the manifest.
    pub field: Field,
    /// The value.
    pub value: String,
    /// Its place in the manifest's text.
    pub span: Span,
    /// The file that it means.
    pub path: Result<PkgPath, Escapes>,
}

/// Why a [`LocalFile`] cannot be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// The path leads out of the package.
    #[error(transparent)]
    Escapes(#[from] Escapes),
    /// There is nothing, or a link that leads nowhere or out of the package, or a file that cannot be
    /// read.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// It is a directory or no regular file.
    #[error("it is not a regular file")]
    NotAFile(Kind),
}

/// A file that push uploads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The value that names it.
    pub field: Field,
    /// The file as the manifest names it. What is uploaded goes by this: a file that two values
    /// name needs to be uploaded once.
    pub path: PkgPath,
    /// The file behind all links.
    pub source: PkgPath,
    /// Its length in bytes.
    pub size: u64,
}

impl Upload {
    /// What the file is called at the cloud: its last name only.
    pub fn file_name(&self) -> String {
        String::from_utf8_lossy(self.path.name()).into_owned()
    }
}

/// Whether ksbuilder takes a value of `icon` or `screenshots` for a file (pkg/api/metadata.go
/// `IsLocalFile`).
pub fn is_local(value: &str) -> bool {
    !["http://", "https://", "data:image"]
        .iter()
        .any(|remote| value.starts_with(remote))
}

/// The values of `manifest` that name files: the icon, if there is one, and the screenshots.
pub fn local_files(manifest: &Manifest) -> Vec<LocalFile> {
    let icon = manifest.icon().map(|text| (Field::Icon, text));
    let screenshots = manifest.screenshots().into_iter();
    let screenshots = screenshots.map(|(index, text)| (Field::Screenshot(index), text));
    icon.into_iter()
        .chain(screenshots)
        .filter(|(_, text)| is_local(&text.value))
        .map(|(field, text)| LocalFile {
            field,
            path: PkgPath::resolve_local(&text.value),
            value: text.value,
            span: text.span,
        })
        .collect()
}

impl LocalFile {
    /// Looks whether the file is there and can be opened, without reading it.
    pub fn find(&self, files: &dyn FileSystem) -> Result<Upload, Missing> {
        let path = self.path.clone()?;
        let found = lookup(files, &path)?;
        let Kind::File { len } = found.kind else {
            return Err(Missing::NotAFile(found.kind));
        };
        match files.read(&found.path, 0) {
            Err(error) if !matches!(error.kind, FsErrorKind::TooLarge { .. }) => {
                Err(LookupError::Fs(error).into())
            }
            _ => Ok(Upload {
                field: self.field,
                path,
                source: found.path,
                size: len,
            }),
        }
    }
}

/// Pairs of uploads that are different files and yet called the same at the cloud, where the later
/// one takes the place of the earlier.
pub fn clashes(uploads: &[Upload]) -> Vec<(&Upload, &Upload)> {
    let mut pairs = Vec::new();
    for (index, later) in uploads.iter().enumerate() {
        let earlier = uploads[..index]
            .iter()
            .find(|earlier| earlier.path.name() == later.path.name() && earlier.path != later.path);
        pairs.extend(earlier.map(|earlier| (earlier, later)));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFs;
    use super::*;

    #[test]
    fn only_three_beginnings_are_remote() {
        for value in [
            "http://x",
            "https://",
            "data:image/png;base64,",
            "data:imagefoo",
        ] {
            assert!(!is_local(value), "{value}");
        }
        for value in [
            "",
            "a.png",
            "HTTPS://x",
            " https://x",
            "//cdn/x",
            "ftp://x",
            "data:text",
        ] {
            assert!(is_local(value), "{value}");
        }
    }

    #[test]
    fn a_manifest_names_files_that_are_there_or_not() {
        let manifest = Manifest::from_text(
            "icon: ./static/图.svg\nscreenshots: [https://x/1.png, /static/a.png, ~, ../b.png, none.png, locked.png]\n",
        );
        let files = MemoryFs::from([("static/图.svg", "<svg/>"), ("real.png", "12")])
            .with_symlink("static/a.png", "../real.png")
            .with_locked_file("locked.png");
        let found: Vec<_> = local_files(&manifest)
            .iter()
            .map(|local| (local.field.to_string(), local.find(&files)))
            .collect();
        let upload = |field, path: &str, source: &str, size| {
            Ok(Upload {
                field,
                path: path.into(),
                source: source.into(),
                size,
            })
        };
        assert_eq!(
            found,
            [
                (
                    "icon".into(),
                    upload(Field::Icon, "static/图.svg", "static/图.svg", 6)
                ),
                (
                    "screenshots[1]".into(),
                    upload(Field::Screenshot(1), "static/a.png", "real.png", 2)
                ),
                (
                    "screenshots[2]".into(),
                    Err(Missing::NotAFile(Kind::Directory))
                ),
                ("screenshots[3]".into(), Err(Missing::Escapes(Escapes))),
                (
                    "screenshots[4]".into(),
                    Err(Missing::Lookup(LookupError::NotFound("none.png".into())))
                ),
                (
                    "screenshots[5]".into(),
                    Err(LookupError::Fs(FsErrorKind::Denied.at(&"locked.png".into())).into())
                ),
            ]
        );
    }

    #[test]
    fn an_item_that_is_no_text_shifts_no_index() {
        let manifest = Manifest::from_text("screenshots: [[x], ./a.png, {b: c}, ~]\n");
        let fields = local_files(&manifest).into_iter().map(|local| local.field);
        assert_eq!(
            fields.collect::<Vec<_>>(),
            [Field::Screenshot(1), Field::Screenshot(3)]
        );
    }

    #[test]
    fn equal_names_of_different_files_clash_at_the_cloud() {
        let upload = |field, path: &str| Upload {
            field,
            path: path.into(),
            source: path.into(),
            size: 1,
        };
        let uploads = [
            upload(Field::Icon, "a/图.png"),
            upload(Field::Screenshot(0), "a/图.png"),
            upload(Field::Screenshot(1), "b/图.png"),
        ];
        assert_eq!(clashes(&uploads), [(&uploads[0], &uploads[2])]);
    }
}
