//! What push makes of a package before it loads it (ksbuilder cmd/push.go): URLs in place of files,
//! the static directory gone, extension.yaml and Chart.yaml written anew.
//!
//! Unlike ksbuilder's, our push keeps the screenshots in the author's order.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::clean::clean_metadata;
use super::copied::{copied, refused};
use super::fs::{FileSystem, FsErrorKind, Irregular, Kind, LookupError, lookup};
use super::gzip::Workers;
use super::load::{Dropped, Why};
use super::local::{Field, LocalFile, Missing, Upload, local_files};
use super::marshal::marshal;
use super::overlay::Overlay;
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};
use super::validate::{self, MetadataFault};
use super::walk::MAX_ENTRIES;
use super::yaml_file::to_json;
use crate::manifest::fields::{CHART, MANIFEST};
use crate::manifest::{self, Manifest};
use crate::yaml;

/// The file that Helm reads a chart's metadata from.
pub(super) const CHART_FILE: &str = "Chart.yaml";

/// The longest name of a file in bytes (`NAME_MAX` of Linux).
const MAX_NAME: usize = 255;

/// The URLs that uploads got, by the path that the manifest names. One that is missing is stood in
/// for by a URL of the shape that the cloud gives.
pub type Urls = BTreeMap<PkgPath, String>;

/// A package as a command of ksbuilder changes it before Helm loads it.
pub struct Rewritten<'a> {
    /// The tree that the archive is made from.
    pub files: Overlay<'a>,
    /// extension.yaml; where the command leaves it alone, the author's text.
    pub manifest: String,
    /// Chart.yaml, before Helm cleans it.
    pub chart: String,
    /// What is uploaded, in the manifest's order; nothing but by push.
    pub uploads: Vec<Upload>,
    /// The files that the manifest names and the command needs, but cannot read.
    pub missing: Vec<(LocalFile, Missing)>,
    /// The files that go with the static directory.
    pub dropped: Vec<Dropped>,
    /// What the command would fail over or destroy.
    pub problems: Vec<Problem>,
    /// What push cannot copy or remove of the static directory.
    pub copy_problems: Vec<Problem>,
    pub(super) workers: &'a dyn Workers,
}

/// Does to the package in `files` what push does.
pub(super) fn rewrite<'a>(
    files: &'a dyn FileSystem,
    manifest: &Manifest,
    urls: &Urls,
    workers: &'a dyn Workers,
) -> Rewritten<'a> {
    let mut fields = fields(manifest);
    let mut uploads = Vec::new();
    let mut missing = Vec::new();
    for local in local_files(manifest) {
        match local.find(files) {
            Ok(upload) => uploads.push(upload),
            Err(error) => missing.push((local, error)),
        }
    }
    for upload in &uploads {
        let url = match urls.get(&upload.path) {
            Some(url) => url.clone(),
            None => placeholder(&fields, &upload.file_name()),
        };
        put_url(&mut fields, upload.field, url);
    }
    let chart = chart_yaml(&fields);
    let mut rewritten = Rewritten {
        files: Overlay::new(files),
        manifest: yaml::write(&marshal(&MANIFEST, &fields.into())),
        chart,
        uploads,
        missing,
        dropped: Vec::new(),
        problems: Vec::new(),
        copy_problems: Vec::new(),
        workers,
    };
    rewritten.remove_static_directory(files, manifest);
    rewritten.problems = written_problems(files, manifest);
    for (name, text) in [
        (manifest::FILE_NAME, rewritten.manifest.clone()),
        (CHART_FILE, rewritten.chart.clone()),
    ] {
        rewritten.write(&name.into(), text);
    }
    rewritten
}

/// What a Go program holds of `manifest` once it has read it (pkg/api/metadata.go `ParseMetadata`).
pub(super) fn fields(manifest: &Manifest) -> Map<String, Value> {
    let mut fields = match manifest.value().map(|value| to_json(&MANIFEST, value)) {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    complete(&mut fields);
    fields
}

/// The URL that stands for one that is not known yet: 18 digits as in the real ones, so that the
/// archive has the length that it will have.
fn placeholder(fields: &Map<String, Value>, file_name: &str) -> String {
    let text = |key| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    let (name, version) = (text("name"), text("version"));
    format!(
        "https://ks-extension.pek3b.qingstor.com/users/471902836150284736/{name}/{version}/{file_name}"
    )
}

fn put_url(fields: &mut Map<String, Value>, field: Field, url: String) {
    let value = match field {
        Field::Icon => fields.get_mut("icon"),
        Field::Screenshot(index) => {
            let list = fields.get_mut("screenshots").and_then(Value::as_array_mut);
            list.and_then(|items| items.get_mut(index))
        }
    };
    if let Some(value) = value {
        *value = url.into();
    }
}

/// Fills in what a Go program holds where the manifest says nothing (pkg/api/metadata.go).
fn complete(fields: &mut Map<String, Value>) {
    let mode = fields.get("installationMode").and_then(Value::as_str);
    if mode.is_none_or(str::is_empty) {
        fields.insert("installationMode".into(), "HostOnly".into());
    }
    // The items of this list are structs, not pointers to structs: null leaves an empty one.
    let external = fields
        .get_mut("externalDependencies")
        .and_then(Value::as_array_mut);
    for item in external.into_iter().flatten().filter(|item| item.is_null()) {
        *item = json!({});
    }
}

/// What push would write into Chart.yaml if it had nothing to upload.
pub(super) fn chart_of(manifest: &Manifest) -> Value {
    match manifest.value().map(|value| to_json(&MANIFEST, value)) {
        Some(Value::Object(fields)) => chart_fields(&fields),
        _ => chart_fields(&Map::new()),
    }
}

/// The text of Chart.yaml from a manifest.
pub(super) fn chart_yaml(manifest: &Map<String, Value>) -> String {
    yaml::write(&marshal(&CHART, &chart_fields(manifest)))
}

/// Chart.yaml from a manifest (pkg/api/metadata.go `ToChartYaml`).
fn chart_fields(manifest: &Map<String, Value>) -> Value {
    let same = [
        "name",
        "version",
        "keywords",
        "sources",
        "kubeVersion",
        "home",
        "dependencies",
        "icon",
        "maintainers",
        "annotations",
    ];
    let copy = |key: &str| Some((key.to_owned(), manifest.get(key)?.clone()));
    let mut chart: Map<_, _> = same.into_iter().filter_map(copy).collect();
    chart.insert("apiVersion".into(), "v2".into());
    if let Some(english) = manifest
        .get("description")
        .and_then(|texts| texts.get("en"))
    {
        chart.insert("description".into(), english.clone());
    }
    chart.into()
}

/// What push would fail over or destroy by what the manifest says of the static directory, and by
/// what then stands where it writes extension.yaml, Chart.yaml and the archive.
fn written_problems(files: &dyn FileSystem, manifest: &Manifest) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut tree = Overlay::new(files);
    if let Some(value) = manifest.static_directory() {
        match static_directory(files, &value.value) {
            Ok(removed) => removed.into_iter().for_each(|path| tree.remove(path)),
            Err(kind) => {
                let problem = Problem::new(&manifest::FILE_NAME.into(), kind);
                problems.push(problem.at(value.span));
            }
        }
    }
    for name in [manifest::FILE_NAME, CHART_FILE] {
        let path = PkgPath::from(name);
        let (_, kind) = written_to(&tree, &path);
        problems.extend(kind.map(|kind| Problem::new(&path, kind)));
    }
    problems.extend(archive_problem(&tree, manifest));
    problems
}

/// What stands in the way of the archive, which Helm writes beside the files that it packs.
fn archive_problem(files: &dyn FileSystem, manifest: &Manifest) -> Option<Problem> {
    let name = manifest.name()?;
    let mut metadata = json!({ "name": name.value });
    clean_metadata(&mut metadata);
    let cleaned = metadata.get("name").and_then(Value::as_str)?;
    let archive = format!("{cleaned}-{}.tgz", manifest.version()?.value);
    if archive.contains('/') {
        return None;
    }
    if archive.len() > MAX_NAME {
        let file = manifest::FILE_NAME.into();
        return Some(Problem::new(&file, ProblemKind::ArchiveNameTooLong).at(name.span));
    }
    let path = PkgPath::root().child(archive.as_bytes());
    let (_, kind) = written_to(files, &path);
    // One that points at nothing fails when it is loaded, one that cannot be read when it is copied.
    let told = matches!(
        kind,
        Some(
            ProblemKind::WrittenThroughLink(LookupError::Dangling { .. })
                | ProblemKind::Unreadable(FsErrorKind::Denied)
        )
    );
    kind.filter(|_| !told).map(|kind| Problem::new(&path, kind))
}

/// The problems that need no look at other files than those that the manifest names or push writes:
/// those of [`written_problems`] and what Helm refuses in the Chart.yaml that push makes of the
/// manifest, each at its place in it.
pub(super) fn manifest_problems(files: &dyn FileSystem, manifest: &Manifest) -> Vec<Problem> {
    let mut problems = written_problems(files, manifest);
    let mut metadata: Value = ["name", "version", "maintainers", "dependencies"]
        .into_iter()
        .filter_map(|key| {
            let value = &manifest.entry(key)?.value;
            Some((key.to_owned(), to_json(&MANIFEST.field(key)?.shape, value)))
        })
        .collect::<Map<_, _>>()
        .into();
    clean_metadata(&mut metadata);
    for (fault, path) in validate::faults(&metadata) {
        // What is absent is told as that, unless cleaning has made it so.
        let told = match fault {
            MetadataFault::NameMissing => manifest.name().is_none(),
            MetadataFault::VersionMissing => true,
            _ => false,
        };
        if told {
            continue;
        }
        let problem = Problem::new(&manifest::FILE_NAME.into(), ProblemKind::Metadata(fault));
        problems.push(problem.at(manifest.place(&path).value));
    }
    problems
}

/// The file that push really writes for `path`, through a link as ksbuilder does, and what stands in
/// its way.
pub(super) fn written_to(files: &dyn FileSystem, path: &PkgPath) -> (PkgPath, Option<ProblemKind>) {
    let problem = match lookup(files, path) {
        Ok(found) => match (found.absolute, found.kind) {
            (Some(link), _) => ProblemKind::WrittenThroughLink(LookupError::Escapes { link }),
            (None, Kind::Directory) => ProblemKind::Unreadable(FsErrorKind::WrongKind),
            // A device is not there any more where push writes.
            (None, Kind::Irregular(Irregular::Device)) if found.links == 0 => {
                return (path.clone(), None);
            }
            (None, Kind::Irregular(what)) => ProblemKind::Irregular(what),
            (None, Kind::File { .. } | Kind::Symlink { .. }) => {
                let read_only = (!files.is_writable(&found.path)).then_some(ProblemKind::ReadOnly);
                let problem = refused(files, &found.path).or(read_only);
                return (found.path, problem);
            }
        },
        Err(LookupError::NotFound(_)) => return (path.clone(), None),
        Err(LookupError::Dangling { link, target }) => {
            let folder = target.parent().unwrap_or_default();
            let is_there = files.kind(&folder) == Ok(Kind::Directory);
            if is_there && files.kind(&target).is_err() {
                return (target, None);
            }
            ProblemKind::WrittenThroughLink(LookupError::Dangling { link, target })
        }
        Err(LookupError::Fs(error)) => ProblemKind::Unreadable(error.kind),
        Err(error) => ProblemKind::WrittenThroughLink(error),
    };
    (path.clone(), Some(problem))
}

impl Rewritten<'_> {
    fn remove_static_directory(&mut self, files: &dyn FileSystem, manifest: &Manifest) {
        let value = manifest.static_directory();
        if let Some(Ok(Some(path))) = value.map(|value| static_directory(files, &value.value)) {
            let found = copied(files, &path, &mut { MAX_ENTRIES });
            let dropped = |(path, size)| Dropped {
                path,
                size,
                why: Why::StaticDirectory,
            };
            self.dropped = found.files.into_iter().map(dropped).collect();
            self.copy_problems = found.problems;
            let read_only = found
                .directories
                .iter()
                .filter(|path| !files.is_writable(path));
            let problems = read_only.map(|path| Problem::new(path, ProblemKind::ReadOnly));
            self.copy_problems.extend(problems);
            self.files.remove(path);
        }
    }

    /// Writes a file into the tree.
    pub(super) fn write(&mut self, path: &PkgPath, content: impl Into<Vec<u8>>) {
        let (target, _) = written_to(&self.files, path);
        self.files.insert(target, content.into() as Vec<u8>);
    }
}

/// The place that push removes for a value of `staticFileDirectory`; `None` if nothing is there.
pub fn static_directory(
    files: &dyn FileSystem,
    value: &str,
) -> Result<Option<PkgPath>, ProblemKind> {
    let path = PkgPath::resolve_local(value).map_err(|_| ProblemKind::StaticDirectoryEscapes)?;
    if path.as_bytes().contains(&0) {
        return Err(ProblemKind::StaticDirectoryMisnamed);
    }
    let Some(parent) = path.parent() else {
        return Err(ProblemKind::StaticDirectoryIsPackage);
    };
    // Links on the way are followed; the last name is removed itself.
    let real = match lookup(files, &parent) {
        // What push deletes through an absolute link is no copy.
        Ok(found) if found.absolute.is_some() => return Err(ProblemKind::StaticDirectoryEscapes),
        Ok(found) if found.kind != Kind::Directory => {
            return Err(ProblemKind::StaticDirectoryBelowFile);
        }
        Ok(_) if path.name().len() > MAX_NAME => {
            return Err(ProblemKind::StaticDirectoryMisnamed);
        }
        Ok(found) => found.path.child(path.name()),
        Err(LookupError::NotFound(_) | LookupError::Dangling { .. }) => return Ok(None),
        Err(LookupError::Escapes { .. }) => return Err(ProblemKind::StaticDirectoryEscapes),
        Err(error @ LookupError::Loop { .. }) => return Err(ProblemKind::Link(error)),
        Err(LookupError::Fs(error)) => return Err(ProblemKind::Unreadable(error.kind)),
    };
    Ok(files.kind(&real).is_ok().then_some(real))
}

#[cfg(test)]
mod tests {
    use super::super::gzip::Inline;
    use super::super::memory::MemoryFs;
    use super::*;

    const MANIFEST_TEXT: &str = "\
# 示例
apiVersion: kubesphere.io/v1alpha1
name: demo
version: 1.10
displayName: {zh: 示例, en: Demo}
description: {zh: 描述, en: \"two\\nlines\"}
category: other
provider: {zh: ~, en: {name: Demo, email: \"\"}}
keywords: []
unknown: x
icon: ./static/图标.svg
screenshots: [a.png, https://x/1.png, static/b.png]
staticFileDirectory: static
externalDependencies: [~]
dependencies: [{name: frontend, tags: [extension]}]
";

    fn tree() -> MemoryFs {
        MemoryFs::from([
            ("extension.yaml", MANIFEST_TEXT),
            ("static/图标.svg", "<svg/>"),
            ("static/b.png", "b"),
            ("static/other.png", "other"),
            ("a.png", "a"),
        ])
    }

    fn rewritten<'a>(files: &'a MemoryFs, text: &str) -> Rewritten<'a> {
        rewrite(files, &Manifest::from_text(text), &Urls::new(), &Inline)
    }

    /// The manifest with this value of `staticFileDirectory`: what goes, and what is wrong.
    #[track_caller]
    fn check_static(value: &str, files: &MemoryFs, dropped: &[&str], problem: Option<ProblemKind>) {
        let manifest = format!("name: demo\nstaticFileDirectory: {value}\n");
        let rewritten = rewritten(files, &manifest);
        let gone: Vec<_> = rewritten
            .dropped
            .iter()
            .map(|file| file.path.to_string())
            .collect();
        assert_eq!(gone, dropped, "{value}");
        let kinds: Vec<_> = rewritten
            .problems
            .iter()
            .map(|problem| problem.kind.clone())
            .collect();
        assert_eq!(kinds, problem.into_iter().collect::<Vec<_>>(), "{value}");
    }

    #[test]
    fn the_manifest_is_written_sorted_with_urls_in_the_authors_order() {
        let files = tree();
        let urls = Urls::from([
            ("static/图标.svg".into(), "https://cloud/icon".into()),
            ("a.png".into(), "https://cloud/a".into()),
            ("static/b.png".into(), "https://cloud/b".into()),
        ]);
        let rewritten = rewrite(&files, &Manifest::from_text(MANIFEST_TEXT), &urls, &Inline);
        assert_eq!(
            rewritten.manifest,
            "\
apiVersion: kubesphere.io/v1alpha1
category: other
dependencies:
- name: frontend
  repository: \"\"
  tags:
  - extension
description:
  en: |-
    two
    lines
  zh: 描述
displayName:
  en: Demo
  zh: 示例
externalDependencies:
- name: \"\"
  required: false
  version: \"\"
icon: https://cloud/icon
installationMode: HostOnly
name: demo
provider:
  en:
    name: Demo
  zh: null
screenshots:
- https://cloud/a
- https://x/1.png
- https://cloud/b
staticFileDirectory: static
version: \"1.1\"
"
        );
        assert_eq!(
            rewritten.chart,
            "\
apiVersion: v2
dependencies:
- name: frontend
  repository: \"\"
  tags:
  - extension
description: |-
  two
  lines
icon: https://cloud/icon
name: demo
version: \"1.1\"
"
        );
    }

    #[test]
    fn a_url_that_is_not_known_yet_has_the_shape_of_a_real_one() {
        let files = tree();
        let manifest = rewritten(&files, MANIFEST_TEXT).manifest;
        let icon = manifest
            .lines()
            .find_map(|line| line.strip_prefix("icon: "))
            .unwrap();
        let rest = icon
            .strip_prefix("https://ks-extension.pek3b.qingstor.com/users/")
            .unwrap();
        let (user, rest) = rest.split_once('/').unwrap();
        assert!(user.len() == 18 && user.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(rest, "demo/1.1/图标.svg");
    }

    #[test]
    fn uploads_are_found_before_the_static_directory_goes() {
        let files = tree();
        let rewritten = rewritten(&files, MANIFEST_TEXT);
        let uploads: Vec<_> = rewritten
            .uploads
            .iter()
            .map(|upload| (upload.field.to_string(), upload.file_name(), upload.size))
            .collect();
        assert_eq!(
            uploads,
            [
                ("icon".into(), "图标.svg".into(), 6),
                ("screenshots[0]".into(), "a.png".into(), 1),
                ("screenshots[2]".into(), "b.png".into(), 1),
            ]
        );
        assert!(rewritten.files.kind(&"static".into()).is_err());
        assert_eq!(rewritten.missing, []);
    }

    #[test]
    fn a_file_that_is_missing_keeps_its_value() {
        let files = MemoryFs::default();
        let rewritten = rewritten(&files, "name: demo\nicon: none.svg\n");
        assert!(rewritten.manifest.contains("icon: none.svg\n"));
        assert_eq!(rewritten.missing.len(), 1);
        assert_eq!(rewritten.uploads, []);
    }

    #[test]
    fn what_stands_in_the_way_of_writing_is_a_problem() {
        let manifest = "name: demo\nversion: 1.0.0\nstaticFileDirectory: static\n";
        let dangling = |link: &str, target: &str| {
            ProblemKind::WrittenThroughLink(LookupError::Dangling {
                link: link.into(),
                target: target.into(),
            })
        };
        let folder = || ProblemKind::Unreadable(FsErrorKind::WrongKind);
        for (tree, path, kind) in [
            (
                tree().with_directory("demo-1.0.0.tgz"),
                "demo-1.0.0.tgz",
                folder(),
            ),
            (
                tree()
                    .with_directory("docs")
                    .with_symlink("Chart.yaml", "docs"),
                "Chart.yaml",
                folder(),
            ),
            (
                tree().with_symlink("Chart.yaml", "static/Chart.yaml"),
                "Chart.yaml",
                dangling("Chart.yaml", "static/Chart.yaml"),
            ),
            (
                tree().with_symlink("extension.yaml", "static/图标.svg"),
                "extension.yaml",
                dangling("extension.yaml", "static/图标.svg"),
            ),
        ] {
            let problems = rewritten(&tree, manifest).problems;
            assert_eq!(problems, [Problem::new(&path.into(), kind)], "{path}");
        }
    }

    #[test]
    fn the_static_directory_goes_as_ksbuilder_removes_it() {
        let files = tree()
            .with_symlink("link", "static")
            .with_symlink("away", "/srv")
            .with_file("docs/deep/x.md", *b"x");
        let all = ["static/b.png", "static/other.png", "static/图标.svg"];
        for value in ["static", "./static", "/static", "static/", "docs/../static"] {
            check_static(value, &files, &all, None);
        }
        check_static("docs/deep", &files, &["docs/deep/x.md"], None);
        check_static("link/b.png", &files, &["static/b.png"], None);
        check_static("a.png", &files, &["a.png"], None);
        for value in ["none", "Static", "none/deep", "link", "\"*\"", "\"\""] {
            check_static(value, &files, &[], None);
        }
        for value in [".", "./", "/", "static/.."] {
            check_static(
                value,
                &files,
                &[],
                Some(ProblemKind::StaticDirectoryIsPackage),
            );
        }
        for value in ["..", "../x", "static/../../x", "away/x"] {
            check_static(
                value,
                &files,
                &[],
                Some(ProblemKind::StaticDirectoryEscapes),
            );
        }
        let long = "x".repeat(256);
        for value in ["\"\\0\"", &long] {
            check_static(
                value,
                &files,
                &[],
                Some(ProblemKind::StaticDirectoryMisnamed),
            );
        }
        check_static(&format!("none/{long}"), &files, &[], None);
        check_static(
            "a.png/x",
            &files,
            &[],
            Some(ProblemKind::StaticDirectoryBelowFile),
        );
    }

    #[test]
    fn what_push_writes_goes_through_a_link() {
        let files = MemoryFs::from([("real.yaml", "name: old\n")])
            .with_symlink("extension.yaml", "real.yaml")
            .with_symlink("Chart.yaml", "new.yaml");
        let result = rewritten(&files, "name: demo\n");
        assert_eq!(result.problems, []);
        for (path, text) in [("real.yaml", &result.manifest), ("new.yaml", &result.chart)] {
            let written = result.files.read(&path.into(), 9999).unwrap();
            assert_eq!(written, text.as_bytes(), "{path}");
        }

        let outside = MemoryFs::default().with_symlink("Chart.yaml", "/srv/Chart.yaml");
        let error = LookupError::Escapes {
            link: "Chart.yaml".into(),
        };
        assert_eq!(
            rewritten(&outside, "name: demo\n").problems,
            [Problem::new(
                &"Chart.yaml".into(),
                ProblemKind::WrittenThroughLink(error)
            )]
        );
    }

    /// What is wrong with `path`, where push writes.
    #[track_caller]
    fn check_written(files: &MemoryFs, path: &str, kind: Option<ProblemKind>) {
        let manifest = "name: demo\nversion: 1.0.0\nstaticFileDirectory: static\n";
        let expected = kind.map(|kind| Problem::new(&path.into(), kind));
        let problems = rewritten(files, manifest).problems;
        assert_eq!(problems, expected.into_iter().collect::<Vec<_>>(), "{path}");
    }

    #[test]
    fn what_stands_where_push_writes_can_stop_it() {
        let tree = || MemoryFs::from([("static/c.yaml", "a: b\n"), ("docs/x", "")]).with_root("/p");
        let folder = Some(ProblemKind::Unreadable(FsErrorKind::WrongKind));
        let pipe = Some(ProblemKind::Irregular(Irregular::Pipe));
        for path in ["Chart.yaml", "demo-1.0.0.tgz"] {
            check_written(&tree().with_directory(path), path, folder.clone());
            check_written(&tree().with_symlink(path, "docs"), path, folder.clone());
            let files = tree().with_irregular(path, Irregular::Pipe);
            check_written(&files, path, pipe.clone());
            check_written(&tree().with_irregular(path, Irregular::Device), path, None);
            check_written(&tree().with_symlink(path, "docs/x"), path, None);
            let absolute = LookupError::Escapes { link: path.into() };
            check_written(
                &tree().with_symlink(path, "/p/docs/x"),
                path,
                Some(ProblemKind::WrittenThroughLink(absolute)),
            );
        }
        check_written(
            &tree().with_symlink("Chart.yaml", "docs/new"),
            "Chart.yaml",
            None,
        );
        for (target, missing) in [("static/c.yaml", "static/c.yaml"), ("none/x", "none/x")] {
            let dangling = LookupError::Dangling {
                link: "Chart.yaml".into(),
                target: missing.into(),
            };
            check_written(
                &tree().with_symlink("Chart.yaml", target),
                "Chart.yaml",
                Some(ProblemKind::WrittenThroughLink(dangling)),
            );
        }
        let locked = Some(ProblemKind::Unreadable(FsErrorKind::Denied));
        check_written(&tree().with_locked_file("Chart.yaml"), "Chart.yaml", locked);
        let files = tree()
            .with_file("Chart.yaml", *b"")
            .with_read_only("Chart.yaml");
        check_written(&files, "Chart.yaml", Some(ProblemKind::ReadOnly));
    }

    #[test]
    fn what_cannot_be_copied_or_removed_of_the_static_directory_stops_push() {
        let files = tree()
            .with_file("static/sub/x", *b"")
            .with_locked_file("static/sub/locked")
            .with_read_only("static/sub");
        let problems = rewritten(&files, MANIFEST_TEXT).copy_problems;
        let denied = ProblemKind::Unreadable(FsErrorKind::Denied);
        assert_eq!(
            problems,
            [
                Problem::new(&"static/sub/locked".into(), denied),
                Problem::new(&"static/sub".into(), ProblemKind::ReadOnly),
            ]
        );
    }

    #[test]
    fn an_archive_whose_name_is_too_long_is_not_written() {
        for (name, fits) in [("a".repeat(245), true), ("观".repeat(82), false)] {
            let manifest = format!("name: {name}\nversion: 1.0.0\n");
            let problems = rewritten(&MemoryFs::default(), &manifest).problems;
            let kinds: Vec<_> = problems.iter().map(|problem| &problem.kind).collect();
            let expected = [&ProblemKind::ArchiveNameTooLong];
            assert_eq!(kinds, if fits { &[][..] } else { &expected[..] }, "{name}");
        }
    }
}
