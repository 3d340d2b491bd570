//! Any bytes as a manifest: read, checked and written again, without a panic.

#![no_main]

use ksext_core::check::{Settings, check};
use ksext_core::manifest::Manifest;
use ksext_core::package::{MemoryFs, Package};
use ksext_core::yaml::{self, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let manifest = Manifest::read(Source::from_bytes(bytes));
    let files = MemoryFs::default().with_file("extension.yaml", bytes.to_vec());
    for finding in check(&Package::new(&files, &manifest), &Settings::default(), None) {
        assert!(finding.location.span.end <= manifest.text().len());
    }
    let tree = manifest.tree();
    if let (true, Some(value)) = (tree.errors().is_empty(), tree.value()) {
        // Not the value itself: `0.0` is written as `0`, as Go does.
        let written = yaml::write(&value.to_json());
        let again = yaml::parse(&written);
        let again = again.value().map(|value| yaml::write(&value.to_json()));
        assert_eq!(again, Some(written));
    }
});
