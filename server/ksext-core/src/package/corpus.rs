//! Comparison with what the real ksbuilder did. Runs where `KSEXT_CORPUS` names the folder of the
//! corpus; says so and passes elsewhere.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stderr
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::archive::entries;
use super::{FileSystem, MemoryFs, Package, PkgPath, ProblemKind, Rewritten, Urls, unpack};
use crate::manifest::Manifest;
use crate::yaml::{self, Source};

/// How ksbuilder's refusals begin that concern the manifest itself, not the package around it.
const ABOUT_THE_MANIFEST: [&str; 4] = [
    "Key: 'Metadata.",
    "error converting YAML to JSON: ",
    "error unmarshaling JSON: ",
    "invalid language code ",
];

/// The corpus, where it is.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("KSEXT_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: KSEXT_CORPUS is not set");
    }
    folder
}

/// The lines of a gzipped file of the corpus, each a JSON value.
fn lines(folder: &std::path::Path, name: &str) -> impl Iterator<Item = Value> {
    let file = std::fs::File::open(folder.join(name)).expect("a file of the corpus");
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.expect("text")).expect("JSON"))
}

/// The packages of `corpus.tar.gz`, by their path as in the recorded outcomes.
fn packages(folder: &std::path::Path) -> BTreeMap<String, MemoryFs> {
    let file = std::fs::File::open(folder.join("corpus.tar.gz")).expect("the corpus");
    let mut packages: BTreeMap<String, MemoryFs> = BTreeMap::new();
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    for entry in archive.entries().expect("a tar file") {
        let mut entry = entry.expect("an entry");
        let name = String::from_utf8(entry.path_bytes().into_owned()).expect("UTF-8");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("content");
        let Some((kind, rest)) = name.split_once('/') else {
            continue;
        };
        if kind == "museum" && rest.ends_with(".tgz") {
            packages.insert(name, unpack::package(&content).expect("a package"));
        } else if let Some((package, path)) = rest.split_once('/')
            && kind == "real"
            && !entry.header().entry_type().is_dir()
        {
            let tree = packages.entry(format!("real/{package}")).or_default();
            tree.insert(path.into(), content.into());
        }
    }
    packages
}

/// A mutated package from its recorded files.
fn mutated(files: &Value) -> MemoryFs {
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

/// What ksext would send of a package: the entries as recorded, and the archive's length.
struct Ours {
    entries: BTreeMap<String, (u64, String)>,
    texts: BTreeMap<String, String>,
    bytes: u64,
    /// Why push would not send it, or should not.
    refusals: Vec<String>,
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

fn ours(tree: &MemoryFs) -> Option<Ours> {
    let source = tree.get(&"extension.yaml".into())?;
    let manifest = Manifest::read(Source::from_bytes(source));
    if !manifest.tree().errors().is_empty()
        || manifest.name().is_none()
        || manifest.version().is_none()
    {
        return None;
    }
    let package = Package::new(tree, &manifest);
    let urls = urls(&package.rewritten(&Urls::new()), &manifest);
    let rewritten = package.rewritten(&urls);
    let loaded = rewritten.load();
    let mut result = Ours {
        entries: BTreeMap::new(),
        texts: BTreeMap::new(),
        bytes: rewritten
            .projected(&loaded, &|| false)
            .ok()?
            .unwrap_or_default(),
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
        result
            .entries
            .insert(entry.path, (content.len() as u64, hash));
    }
    Some(result)
}

fn recorded_entries(sent: &Value) -> BTreeMap<String, (u64, String)> {
    let entries = sent["entries"].as_object().expect("entries");
    let entry = |(path, value): (&String, &Value)| {
        let hash = value[1].as_str().expect("a hash").to_owned();
        (path.clone(), (value[0].as_u64().expect("a size"), hash))
    };
    entries.iter().map(entry).collect()
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
fn differences(ours: &Ours, sent: &Value) -> Vec<String> {
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

#[test]
fn every_recorded_text_is_written_to_the_byte() {
    let Some(folder) = corpus() else { return };
    let mut count = 0;
    let mut differing = Vec::new();
    for file in ["ksbuilder.jsonl.gz", "mutations.jsonl.gz"] {
        for line in lines(&folder, file) {
            for sent in [&line["push"]["sent"], &line["package"]["sent"]] {
                for (name, text) in sent["texts"].as_object().into_iter().flatten() {
                    let text = text.as_str().expect("a text");
                    let package = sent == &line["package"]["sent"];
                    if package && name == "extension.yaml" {
                        continue;
                    }
                    count += 1;
                    let tree = yaml::parse(text);
                    let written = tree.value().map(|value| yaml::write(&value.to_json()));
                    if written.as_deref() != Some(text) {
                        differing.push(format!("--- theirs\n{text}\n--- ours\n{written:?}"));
                    }
                }
            }
        }
    }
    eprintln!("{count} texts, {} differ", differing.len());
    for difference in differing.iter().take(5) {
        eprintln!("{difference}");
    }
    assert!(differing.is_empty());
}

#[test]
fn real_packages_are_sent_as_ksbuilder_sends_them() {
    let Some(folder) = corpus() else { return };
    let packages = packages(&folder);
    let mut compared = 0;
    let mut failed = Vec::new();
    let mut sizes = Vec::new();
    for line in lines(&folder, "ksbuilder.jsonl.gz") {
        let path = line["path"].as_str().expect("a path");
        let Some(tree) = packages.get(path) else {
            failed.push(format!("{path}: not in the corpus"));
            continue;
        };
        let ours = ours(tree);
        let accepted = line["push"]["ok"] == true;
        if !accepted {
            continue;
        }
        let Some(ours) = ours else {
            failed.push(format!("{path}: not read"));
            continue;
        };
        compared += 1;
        let sent = &line["push"]["sent"];
        let mut differences = differences(&ours, sent);
        differences.extend(ours.refusals.iter().cloned());
        if !differences.is_empty() {
            failed.push(format!("{path}:\n{}", differences.join("\n")));
        }
        let theirs = sent["bytes"].as_u64().expect("bytes");
        sizes.push((theirs, ours.bytes, path.to_owned()));
    }
    sizes.sort();
    for (theirs, ours, path) in sizes.iter().rev().take(15) {
        let percent = (*ours as f64 - *theirs as f64) / *theirs as f64 * 100.0;
        eprintln!("{theirs:>8} {ours:>8} {percent:+.2} % {path}");
    }
    let worst = |sign: f64| {
        sizes
            .iter()
            .map(|(theirs, ours, _)| {
                (*ours as f64 - *theirs as f64) / *theirs as f64 * 100.0 * sign
            })
            .fold(0.0, f64::max)
    };
    eprintln!("largest +{:.2} %, -{:.2} %", worst(1.0), worst(-1.0));
    eprintln!("{compared} compared, {} differ", failed.len());
    for failure in failed.iter().take(10) {
        eprintln!("{failure}");
    }
    assert!(failed.is_empty());
}

#[test]
fn mutated_packages_are_sent_as_ksbuilder_sends_them() {
    let Some(folder) = corpus() else { return };
    let mut compared = 0;
    let mut failed = Vec::new();
    let mut accepted = Vec::new();
    for line in lines(&folder, "mutations.jsonl.gz") {
        let case = line["case"].as_u64().expect("a number");
        let tree = mutated(&line["files"]);
        let ours = ours(&tree);
        if line["push"]["ok"] != true {
            let error = line["push"]["error"].as_str().unwrap_or_default();
            let of_the_manifest = ABOUT_THE_MANIFEST
                .iter()
                .any(|start| error.starts_with(start));
            if !of_the_manifest && ours.is_some_and(|ours| ours.refusals.is_empty()) {
                accepted.push(format!("{case}: {error}"));
            }
            continue;
        }
        let Some(ours) = ours else {
            failed.push(format!("{case}: not read"));
            continue;
        };
        compared += 1;
        let mut differences = differences(&ours, &line["push"]["sent"]);
        differences.extend(ours.refusals.iter().cloned());
        if !differences.is_empty() {
            failed.push(format!("{case}:\n{}", differences.join("\n")));
        }
    }
    eprintln!(
        "{} refused by ksbuilder, not here: {accepted:#?}",
        accepted.len()
    );
    eprintln!("{compared} compared, {} differ", failed.len());
    for failure in failed.iter().take(20) {
        eprintln!("{failure}");
    }
    assert!(failed.is_empty() && accepted.is_empty());
}
