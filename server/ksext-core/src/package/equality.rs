//! What ksext makes of a package, held against what the real ksbuilder made of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::archive::entries;
use super::fs::lookup;
use super::{FileSystem, MemoryFs, Package, PkgPath, ProblemKind, Rewritten, Urls};
use crate::manifest::Manifest;
use crate::yaml::{self, Source};

/// A package from its recorded files.
pub(super) fn tree(files: &Value) -> MemoryFs {
    let mut tree = MemoryFs::default();
    for (path, file) in files.as_object().expect("files") {
        let path = PkgPath::from(&path[..]);
        tree = match file {
            Value::String(text) => tree.with_file(path, text.as_bytes()),
            file if file["symlink"].is_string() => {
                tree.with_symlink(path, file["symlink"].as_str().expect("a target"))
            }
            file if file["directory"] == true => tree.with_directory(path),
            file if file["zeros"].is_u64() => {
                let length = file["zeros"].as_u64().expect("a length");
                tree.with_file(path, vec![0; usize::try_from(length).expect("a length")])
            }
            file => {
                let text = file["base64"].as_str().expect("content");
                tree.with_file(path, base64(text))
            }
        };
    }
    tree
}

fn base64(text: &str) -> Vec<u8> {
    use ::base64::Engine;
    let engine = ::base64::engine::general_purpose::STANDARD;
    engine.decode(text).expect("base64")
}

/// A command of ksbuilder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Push,
    Package,
    Publish,
}

impl Act {
    /// Its name, as outcomes are recorded.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Package => "package",
            Self::Publish => "publish",
        }
    }
}

/// What ksext would make of a package: the entries as recorded, and the archive's length.
pub(super) struct Ours {
    /// The entries' paths below the chart's folder, as they stand in the archive.
    pub(super) order: Vec<String>,
    /// Length of each entry, and the beginning of its hash.
    pub(super) entries: BTreeMap<String, (u64, String)>,
    pub(super) texts: BTreeMap<String, String>,
    pub(super) bytes: u64,
    /// Why the command would not do it, or should not.
    pub(super) refusals: Vec<String>,
}

/// Uploads answered as the recording cloud did.
fn urls(rewritten: &Rewritten<'_>, manifest: &Manifest) -> Urls {
    let text =
        |text: Option<crate::manifest::Text>| text.unwrap_or_else(|| panic!("no text")).value;
    let (name, version) = (text(manifest.name()), text(manifest.version()));
    // The recording cloud cleaned the path: an extension called `..` lost its user.
    let folder = format!("100000000000000001/{name}/{version}");
    let folder = PkgPath::from(&folder[..]);
    let url = |upload: &super::local::Upload| {
        let file = upload.file_name();
        let url = format!("https://ks-extension.pek3b.qingstor.com/users/{folder}/{file}");
        (upload.path.clone(), url)
    };
    rewritten.uploads.iter().map(url).collect()
}

/// The manifest's bytes, links followed.
pub(super) fn manifest_of(tree: &MemoryFs) -> Option<Vec<u8>> {
    let found = lookup(tree, &"extension.yaml".into()).ok()?;
    Some(tree.get(&found.path)?.to_vec())
}

/// What ksext makes of a package; `None` if its manifest says too little.
pub(super) fn ours(tree: &MemoryFs, act: Act) -> Option<Ours> {
    let manifest = Manifest::read(Source::from_bytes(&manifest_of(tree)?));
    if !manifest.tree().errors().is_empty()
        || manifest.name().is_none()
        || manifest.version().is_none()
    {
        return None;
    }
    let package = Package::new(tree, &manifest);
    let rewritten = match act {
        Act::Push => package.rewritten(&urls(&package.rewritten(&Urls::new()), &manifest)),
        Act::Package => package.as_packaged(),
        Act::Publish => package.as_published(),
    };
    let loaded = rewritten.load();
    let mut result = Ours {
        order: Vec::new(),
        entries: BTreeMap::new(),
        texts: BTreeMap::new(),
        bytes: match &loaded.chart {
            Some(chart) => rewritten.projected(chart, &|| false).ok()?,
            None => 0,
        },
        refusals: rewritten
            .missing
            .iter()
            .map(|(_, missing)| format!("{missing:?}"))
            .collect(),
    };
    let problems = rewritten.problems.iter().chain(&loaded.problems);
    // The only refusal here that ksbuilder does not know.
    let shared =
        problems.filter(|problem| !matches!(problem.kind, ProblemKind::ManifestIgnored(_)));
    result
        .refusals
        .extend(shared.map(|problem| format!("{problem:?}")));
    for entry in loaded.chart.iter().flat_map(entries) {
        let content = entry
            .content
            .read(&rewritten.files as &dyn FileSystem)
            .expect("content");
        let digest = Sha256::digest(&content);
        let hash: String = digest
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if let Ok(text) = std::str::from_utf8(&content) {
            result.texts.insert(entry.path.clone(), text.to_owned());
        }
        result.order.push(entry.path.clone());
        result
            .entries
            .insert(entry.path, (content.len() as u64, hash));
    }
    Some(result)
}

fn recorded_entries(sent: &Value) -> BTreeMap<String, (u64, String)> {
    let entry = |path: &str, value: [&Value; 2]| {
        let size = value[0].as_u64().expect("a size");
        let hash = value[1].as_str().expect("a hash").to_owned();
        (path.to_owned(), (size, hash))
    };
    match &sent["entries"] {
        Value::Object(entries) => entries
            .iter()
            .map(|(path, value)| entry(path, [&value[0], &value[1]]))
            .collect(),
        entries => listed(entries)
            .map(|(path, size, hash)| entry(path, [size, hash]))
            .collect(),
    }
}

/// Entries that are recorded in their order: path, size and hash of each.
fn listed(entries: &Value) -> impl Iterator<Item = (&str, &Value, &Value)> {
    let entries = entries.as_array().expect("entries");
    entries
        .iter()
        .map(|entry| (entry[0].as_str().expect("a path"), &entry[1], &entry[2]))
}

/// The recorded paths in the order of the archive.
pub(super) fn recorded_order(sent: &Value) -> Vec<String> {
    let paths = listed(&sent["entries"]).map(|(path, _, _)| path.to_owned());
    paths.collect()
}

/// A generated YAML text as a value, screenshots as a set.
fn as_value(text: &str) -> Value {
    let tree = yaml::parse(text);
    let mut value = tree.value().map_or(Value::Null, yaml::Value::to_json);
    if let Some(screenshots) = value.get_mut("screenshots").and_then(Value::as_array_mut) {
        screenshots.sort_by_key(ToString::to_string);
    }
    value
}

/// How what we would send differs from what ksbuilder sent.
pub(super) fn differences(ours: &Ours, sent: &Value) -> Vec<String> {
    let theirs = recorded_entries(sent);
    let texts = sent["texts"].as_object().expect("texts");
    let names: BTreeSet<_> = theirs.keys().chain(ours.entries.keys()).collect();
    let mut differences = Vec::new();
    for name in names {
        let (ours_entry, theirs_entry) = (ours.entries.get(name), theirs.get(name));
        if ours_entry == theirs_entry {
            continue;
        }
        match (
            texts.get(name).and_then(Value::as_str),
            ours.texts.get(name),
        ) {
            (Some(theirs), Some(ours)) if as_value(theirs) == as_value(ours) => {
                let sorted = |text: &str| {
                    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                    lines.sort();
                    lines
                };
                if sorted(theirs) != sorted(ours) {
                    differences.push(format!("{name}: same value, other text\n{theirs}\n{ours}"));
                }
            }
            (Some(theirs), Some(ours)) => {
                differences.push(format!("{name}:\n--- theirs\n{theirs}\n--- ours\n{ours}"));
            }
            _ => differences.push(format!("{name}: {theirs_entry:?} became {ours_entry:?}")),
        }
    }
    differences
}
