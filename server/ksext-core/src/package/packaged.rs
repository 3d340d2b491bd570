//! What `ksbuilder package` and `publish` make of a package before Helm loads it (ksbuilder
//! cmd/package.go, pkg/extension/publish.go `Load`): the icon goes into Chart.yaml, and everything
//! else stays.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::application_class;
use super::chart::MAX_FILE;
use super::fs::{FileSystem, LookupError};
use super::gzip::Workers;
use super::local::{Field, LocalFile, Missing, local_files};
use super::media_type;
use super::overlay::Overlay;
use super::path::PkgPath;
use super::problem::Problem;
use super::rewrite::{CHART_FILE, Rewritten, chart_yaml, fields, written_to};
use crate::manifest::Manifest;

/// Does to the package in `files` what `ksbuilder package` does.
pub(super) fn package<'a>(
    files: &'a dyn FileSystem,
    manifest: &Manifest,
    workers: &'a dyn Workers,
) -> Rewritten<'a> {
    let (fields, missing) = metadata(files, manifest);
    let mut packaged = Rewritten {
        files: Overlay::new(files),
        manifest: manifest.text().to_owned(),
        chart: chart_yaml(&fields),
        uploads: Vec::new(),
        missing,
        dropped: Vec::new(),
        problems: Vec::new(),
        copy_problems: Vec::new(),
        workers,
    };
    packaged.put(&CHART_FILE.into(), packaged.chart.clone());
    packaged
}

/// Does to the package in `files` what `ksbuilder publish` does.
pub(super) fn publish<'a>(
    files: &'a dyn FileSystem,
    manifest: &Manifest,
    workers: &'a dyn Workers,
) -> Rewritten<'a> {
    let mut published = package(files, manifest, workers);
    let name = manifest.name().map(|name| name.value).unwrap_or_default();
    application_class::add(&mut published, &name);
    published
}

impl Rewritten<'_> {
    /// Writes a file into the tree, and says what stands in its way.
    pub(super) fn put(&mut self, path: &PkgPath, content: impl Into<Vec<u8>>) {
        let (_, kind) = written_to(&self.files, path);
        self.problems
            .extend(kind.map(|kind| Problem::new(path, kind)));
        self.write(path, content);
    }
}

/// What a Go program holds of `manifest` once it has read the icon too (pkg/api/metadata.go
/// `LoadMetadata`), and the icon if it cannot be read.
pub(super) fn metadata(
    files: &dyn FileSystem,
    manifest: &Manifest,
) -> (Map<String, Value>, Vec<(LocalFile, Missing)>) {
    let mut fields = fields(manifest);
    let mut locals = local_files(manifest).into_iter();
    let missing = locals
        .find(|local| local.field == Field::Icon)
        .and_then(|icon| match data_uri(files, &icon) {
            Ok(uri) => {
                fields.insert("icon".into(), uri.into());
                None
            }
            Err(missing) => Some((icon, missing)),
        });
    (fields, missing.into_iter().collect())
}

/// The file as a `data:` URI. One over [`MAX_FILE`] would make a Chart.yaml that Helm refuses.
fn data_uri(files: &dyn FileSystem, icon: &LocalFile) -> Result<String, Missing> {
    let found = icon.find(files)?;
    let content = files
        .read(&found.source, MAX_FILE)
        .map_err(LookupError::from)?;
    let media_type = media_type::of(found.path.name(), &content);
    let content = STANDARD.encode(&content);
    Ok(format!("data:{media_type};base64,{content}"))
}

#[cfg(test)]
mod tests {
    use super::super::gzip::Inline;
    use super::super::memory::MemoryFs;
    use super::super::problem::ProblemKind;
    use super::*;

    const MANIFEST: &str = "\
# 示例
name: demo
version: 1.10
icon: ./static/图标.svg
screenshots: [none.png]
staticFileDirectory: static
";

    fn tree() -> MemoryFs {
        MemoryFs::from([
            ("extension.yaml", "\u{feff}name: demo\n"),
            ("static/图标.svg", "<svg/>"),
        ])
    }

    #[test]
    fn the_icon_goes_into_the_chart_and_the_files_stay() {
        let files = tree();
        let packaged = package(&files, &Manifest::from_text(MANIFEST), &Inline);
        assert_eq!(
            packaged.chart,
            "apiVersion: v2\nicon: data:image/svg+xml;base64,PHN2Zy8+\nname: demo\nversion: \"1.1\"\n"
        );
        assert_eq!(packaged.manifest, MANIFEST);
        assert_eq!((packaged.missing, packaged.uploads.len()), (vec![], 0));
        for path in ["static/图标.svg", "extension.yaml"] {
            let path = path.into();
            assert_eq!(packaged.files.read(&path, 99), files.read(&path, 99));
        }
    }

    #[test]
    fn an_icon_that_cannot_be_read_is_told() {
        let files = tree()
            .with_directory("folder")
            .with_file("large.png", vec![0; 6 << 20]);
        for (icon, missing) in [
            ("none.svg", true),
            ("folder", true),
            ("../a.svg", true),
            ("large.png", true),
            ("https://example.com/a.svg", false),
            ("data:image/png;base64,", false),
            ("/static/图标.svg", false),
        ] {
            let manifest = Manifest::from_text(&format!("name: demo\nicon: {icon}\n"));
            let packaged = package(&files, &manifest, &Inline);
            assert_eq!(!packaged.missing.is_empty(), missing, "{icon}");
        }
    }

    #[test]
    fn nothing_is_written_through_a_link_that_leads_out() {
        let files = tree().with_symlink("Chart.yaml", "/srv/Chart.yaml");
        let packaged = package(&files, &Manifest::from_text(MANIFEST), &Inline);
        let kinds: Vec<_> = packaged
            .problems
            .iter()
            .map(|problem| &problem.kind)
            .collect();
        assert!(
            matches!(kinds[..], [ProblemKind::WrittenThroughLink(_)]),
            "{kinds:?}"
        );
    }
}
