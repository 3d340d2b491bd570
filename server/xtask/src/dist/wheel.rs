//! A wheel: the package of PyPI that puts the program into a Python environment.
//!
//! The format is that of the Python Packaging User Guide, "Binary distribution format". What is packed is the
//! program of the archives, to the byte; a packer that builds it itself would make another.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::archive::{self, Entry};
use super::targets::Target;
use super::template::{VERSION, filled};

/// The file name of a target's wheel.
pub(crate) fn name(target: &Target) -> String {
    format!("ksext-{VERSION}-py3-none-{}.whl", target.wheel)
}

/// The bytes of the wheel with a program; `legal` are the licence and notices.
pub(crate) fn pack(target: &Target, program: &[u8], legal: &[Entry]) -> anyhow::Result<Vec<u8>> {
    let info = format!("ksext-{VERSION}.dist-info");
    let scripts = format!("ksext-{VERSION}.data/scripts");
    let tags: String = target
        .wheel
        .split('.')
        .map(|platform| format!("Tag: py3-none-{platform}\n"))
        .collect();
    let wheel = format!("Wheel-Version: 1.0\nGenerator: ksext\nRoot-Is-Purelib: false\n{tags}");
    let mut entries = vec![
        Entry::program(target.program(), program).below(&scripts),
        Entry::file("METADATA", filled("python/METADATA", &[])?).below(&info),
        Entry::file("WHEEL", wheel).below(&info),
    ];
    let licences = format!("{info}/licenses");
    entries.extend(legal.iter().cloned().map(|entry| entry.below(&licences)));
    let mut record: String = entries.iter().map(recorded).collect();
    record.push_str(&format!("{info}/RECORD,,\n"));
    entries.push(Entry::file("RECORD", record).below(&info));
    archive::zip(&entries)
}

/// An entry's line in the record.
fn recorded(entry: &Entry) -> String {
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&entry.bytes));
    format!("{},sha256={hash},{}\n", entry.path, entry.bytes.len())
}
