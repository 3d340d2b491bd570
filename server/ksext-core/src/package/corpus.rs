//! Comparison with what the real ksbuilder did. Runs where `KSEXT_CORPUS` names the folder of the
//! corpus; says so and passes elsewhere.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stderr
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;

use super::equality::{Act, Ours, differences, ours, tree};
use super::{MemoryFs, unpack};
use crate::yaml;

/// How ksbuilder's refusals begin that concern the manifest itself, not the package around it.
const ABOUT_THE_MANIFEST: [&str; 5] = [
    "Key: 'Metadata.",
    "error converting YAML to JSON: ",
    "error unmarshaling JSON: ",
    "invalid language code ",
    // Without an icon the package's folder is read as one.
    "read <pkg>: is a directory",
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
    check_real_packages(Act::Push);
}

#[test]
fn real_packages_are_packaged_as_ksbuilder_packages_them() {
    check_real_packages(Act::Package);
}

fn check_real_packages(act: Act) {
    let Some(folder) = corpus() else { return };
    let packages = packages(&folder);
    let mut compared = 0;
    let mut failed = Vec::new();
    let mut accepted = Vec::new();
    let mut sizes = Vec::new();
    for line in lines(&folder, "ksbuilder.jsonl.gz") {
        let path = line["path"].as_str().expect("a path");
        let outcome = &line[act.as_str()];
        // `package` takes folders alone.
        if outcome.is_null() {
            continue;
        }
        let Some(tree) = packages.get(path) else {
            failed.push(format!("{path}: not in the corpus"));
            continue;
        };
        let ours = ours(tree, act);
        if outcome["ok"] != true {
            if let Some(error) = accepted_here(outcome, ours.as_ref()) {
                accepted.push(format!("{path}: {error}"));
            }
            continue;
        }
        let Some(ours) = ours else {
            failed.push(format!("{path}: not read"));
            continue;
        };
        compared += 1;
        let sent = &outcome["sent"];
        let mut differences = differences(&ours, sent);
        differences.extend(ours.refusals.iter().cloned());
        if !differences.is_empty() {
            failed.push(format!("{path}:\n{}", differences.join("\n")));
        }
        let theirs = sent["bytes"].as_u64().expect("bytes");
        sizes.push((theirs, ours.bytes, path.to_owned()));
    }
    show_sizes(sizes);
    eprintln!("{compared} compared, {} differ", failed.len());
    for failure in failed.iter().take(10) {
        eprintln!("{failure}");
    }
    assert!(failed.is_empty() && accepted.is_empty(), "{accepted:#?}");
}

fn show_sizes(mut sizes: Vec<(u64, u64, String)>) {
    let percent = |ours: u64, theirs: u64| (ours as f64 - theirs as f64) / theirs as f64 * 100.0;
    sizes.sort();
    for (theirs, ours, path) in sizes.iter().rev().take(15) {
        let percent = percent(*ours, *theirs);
        eprintln!("{theirs:>8} {ours:>8} {percent:+.2} % {path}");
    }
    let worst = |sign: f64| {
        let all = sizes
            .iter()
            .map(|(theirs, ours, _)| percent(*ours, *theirs) * sign);
        all.fold(0.0, f64::max)
    };
    eprintln!("largest +{:.2} %, -{:.2} %", worst(1.0), worst(-1.0));
}

/// What ksbuilder said of a package that it refused and that would be taken here; what it said of the
/// manifest is for the rules.
fn accepted_here<'v>(outcome: &'v Value, ours: Option<&Ours>) -> Option<&'v str> {
    let error = outcome["error"].as_str().unwrap_or_default();
    let of_the_manifest = ABOUT_THE_MANIFEST
        .iter()
        .any(|start| error.starts_with(start));
    let taken = ours.is_some_and(|ours| ours.refusals.is_empty());
    (taken && !of_the_manifest).then_some(error)
}

#[test]
fn mutated_packages_are_sent_as_ksbuilder_sends_them() {
    let Some(folder) = corpus() else { return };
    let mut compared = 0;
    let mut failed = Vec::new();
    let mut accepted = Vec::new();
    for line in lines(&folder, "mutations.jsonl.gz") {
        let case = line["case"].as_u64().expect("a number");
        let tree = tree(&line["files"]);
        let ours = ours(&tree, Act::Push);
        if line["push"]["ok"] != true {
            if let Some(error) = accepted_here(&line["push"], ours.as_ref()) {
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
