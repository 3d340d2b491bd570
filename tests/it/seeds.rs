//! The seeds for fuzzing, and every beginning of each: what an editor sees while they are typed.

use std::fs;
use std::path::Path;

use ksext_core::check::{Settings, check};
use ksext_core::manifest::Manifest;
use ksext_core::package::{MemoryFs, Package};
use ksext_core::yaml::{self, Source};

/// Reads, checks and writes again, as the fuzz target does.
fn check_bytes(name: &str, bytes: &[u8]) {
    let manifest = Manifest::read(Source::from_bytes(bytes));
    let files = MemoryFs::default().with_file("extension.yaml", bytes.to_vec());
    for finding in check(&Package::new(&files, &manifest), &Settings::default(), None) {
        let span = finding.location.span;
        assert!(
            manifest.text().get(span.start..span.end).is_some(),
            "{name}: {finding:?}"
        );
    }
    let tree = manifest.tree();
    if let (true, Some(value)) = (tree.errors().is_empty(), tree.value()) {
        // Not the value itself: `0.0` is written as `0`, as Go does.
        let written = yaml::write(&value.to_json());
        let again = yaml::parse(&written);
        let again = again.value().map(|value| yaml::write(&value.to_json()));
        assert_eq!(again, Some(written), "{name}");
    }
}

#[test]
fn every_beginning_of_every_seed_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/seeds");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the seeds") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a seed");
        // The deep one is long, and the same everywhere.
        let step = bytes.len() / 2_000 + 1;
        for end in (0..=bytes.len()).rev().step_by(step) {
            check_bytes(&path.display().to_string(), &bytes[..end]);
        }
        count += 1;
    }
    assert!(count >= 30, "{count}");
}
