//! What push makes of a package before it loads it (ksbuilder cmd/push.go): URLs in place of files,
//! the static directory gone, extension.yaml and Chart.yaml written anew.
//!
//! Unlike ksbuilder's, our push keeps the screenshots in the author's order.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fs::{FileSystem, FsErrorKind, Kind, LookupError, lookup};
use super::load::{Dropped, Why};
use super::local::{Field, LocalFile, Missing, Upload, local_files};
use super::marshal::marshal;
use super::overlay::Overlay;
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};
use super::walk::MAX_ENTRIES;
use super::yaml_file::to_json;
use crate::manifest::fields::{CHART, MANIFEST};
use crate::manifest::{self, Manifest};
use crate::yaml;

/// The file that Helm reads a chart's metadata from.
const CHART_FILE: &str = "Chart.yaml";

/// The URLs that uploads got, by the path that the manifest names. One that is missing is stood in
/// for by a URL of the shape that the cloud gives.
pub type Urls = BTreeMap<PkgPath, String>;

/// A package as push changes it.
pub struct Rewritten<'a> {
    /// The tree that the archive is made from.
    pub files: Overlay<'a>,
    /// extension.yaml.
    pub manifest: String,
    /// Chart.yaml, before Helm cleans it.
    pub chart: String,
    /// What is uploaded, in the manifest's order.
    pub uploads: Vec<Upload>,
    /// What should be uploaded and cannot be.
    pub missing: Vec<(LocalFile, Missing)>,
    /// The files that go with the static directory.
    pub dropped: Vec<Dropped>,
    /// What push would fail over or destroy.
    pub problems: Vec<Problem>,
}

/// Does to the package in `files` what push does.
pub fn rewrite<'a>(files: &'a dyn FileSystem, manifest: &Manifest, urls: &Urls) -> Rewritten<'a> {
    let mut fields = match manifest.value().map(|value| to_json(&MANIFEST, value)) {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
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
    complete(&mut fields);
    let chart = chart_fields(&fields);
    let mut rewritten = Rewritten {
        files: Overlay::new(files),
        manifest: yaml::write(&marshal(&MANIFEST, &fields.into())),
        chart: yaml::write(&marshal(&CHART, &chart)),
        uploads,
        missing,
        dropped: Vec::new(),
        problems: Vec::new(),
    };
    rewritten.remove_static_directory(files, manifest);
    for (name, text) in [
        (manifest::FILE_NAME, rewritten.manifest.clone()),
        (CHART_FILE, rewritten.chart.clone()),
    ] {
        rewritten.write(name.into(), text);
    }
    rewritten
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
    let external = fields.get_mut("externalDependencies").and_then(Value::as_array_mut);
    for item in external.into_iter().flatten().filter(|item| item.is_null()) {
        *item = json!({});
    }
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
    if let Some(english) = manifest.get("description").and_then(|texts| texts.get("en")) {
        chart.insert("description".into(), english.clone());
    }
    chart.into()
}

impl Rewritten<'_> {
    fn remove_static_directory(&mut self, files: &dyn FileSystem, manifest: &Manifest) {
        let Some(value) = manifest.static_directory() else {
            return;
        };
        match static_directory(files, &value.value) {
            Ok(Some(path)) => {
                self.dropped = files_in(files, &path);
                self.files.remove(path);
            }
            Ok(None) => {}
            Err(kind) => {
                let problem = Problem::new(&manifest::FILE_NAME.into(), kind);
                self.problems.push(problem.at(value.span));
            }
        }
    }

    /// Writes a file into the tree, through a link as ksbuilder does.
    fn write(&mut self, path: PkgPath, text: String) {
        let mut target = path.clone();
        let problem = match self.files.kind(&path) {
            Ok(Kind::Symlink { .. }) => match lookup(&self.files, &path) {
                Ok(found) => {
                    target = found.path;
                    None
                }
                Err(LookupError::Dangling {
                    target: missing, ..
                }) => {
                    target = missing;
                    None
                }
                Err(error) => Some(ProblemKind::WrittenThroughLink(error)),
            },
            Ok(Kind::Irregular) => Some(ProblemKind::Irregular),
            Ok(Kind::Directory) => Some(ProblemKind::Unreadable(FsErrorKind::WrongKind)),
            Ok(Kind::File { .. }) | Err(_) => None,
        };
        self.problems.extend(problem.map(|kind| Problem::new(&path, kind)));
        self.files.insert(target, text.into_bytes());
    }
}

/// The place that push removes for a value of `staticFileDirectory`; `None` if nothing is there.
fn static_directory(files: &dyn FileSystem, value: &str) -> Result<Option<PkgPath>, ProblemKind> {
    let path = PkgPath::resolve_local(value).map_err(|_| ProblemKind::StaticDirectoryEscapes)?;
    let Some(parent) = path.parent() else {
        return Err(ProblemKind::StaticDirectoryIsPackage);
    };
    // Links on the way are followed; the last name is removed itself.
    let real = match lookup(files, &parent) {
        Ok(found) if found.kind == Kind::Directory => found.path.child(path.name()),
        Ok(_) => return Err(ProblemKind::StaticDirectoryBelowFile),
        Err(LookupError::NotFound(_) | LookupError::Dangling { .. }) => return Ok(None),
        Err(LookupError::Escapes { .. }) => return Err(ProblemKind::StaticDirectoryEscapes),
        Err(error @ LookupError::Loop { .. }) => return Err(ProblemKind::Link(error)),
        Err(LookupError::Fs(error)) => return Err(ProblemKind::Unreadable(error.kind)),
    };
    Ok(files.kind(&real).is_ok().then_some(real))
}

/// The files at and below `path`, links not followed.
fn files_in(files: &dyn FileSystem, path: &PkgPath) -> Vec<Dropped> {
    let mut found = Vec::new();
    let mut open = vec![path.clone()];
    while let Some(path) = open.pop() {
        match files.kind(&path) {
            Ok(Kind::Directory) if found.len() < MAX_ENTRIES => {
                let names = files.list(&path).unwrap_or_default();
                open.extend(names.iter().rev().map(|name| path.child(name)));
            }
            Ok(Kind::File { len: size }) => found.push(Dropped {
                path,
                size,
                why: Why::StaticDirectory,
            }),
            _ => {}
        }
    }
    found
}
