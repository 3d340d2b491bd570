//! The packages of npm: one for each target that holds its program, and one that picks among them.
//!
//! npm installs of the optional dependencies those that are for the system (`os` and `cpu`), so nothing is
//! downloaded by a script of ours.

use serde_json::{Map, Value, json};

use super::archive::{self, Entry};
use super::targets::{TARGETS, Target};
use super::template::{REPOSITORY, VERSION, filled};

/// The scope of the packages with programs.
const SCOPE: &str = "@ksext";

/// The file name of the package that people install.
pub(crate) fn wrapper_name() -> String {
    format!("ksext-{VERSION}.tgz")
}

/// The file name of a target's package, as `npm pack` calls it.
pub(crate) fn name(target: &Target) -> String {
    format!("ksext-{}-{VERSION}.tgz", target.npm())
}

/// The package that picks the program of the system.
pub(crate) fn pack_wrapper(legal: &[Entry]) -> anyhow::Result<Vec<u8>> {
    let optional: Map<String, Value> = TARGETS
        .iter()
        .map(|target| (format!("{SCOPE}/{}", target.npm()), json!(VERSION)))
        .collect();
    let mut manifest = manifest("ksext");
    manifest["description"] =
        json!("Language server and command line for authors of KubeSphere extensions");
    manifest["keywords"] = json!([
        "kubesphere",
        "extension",
        "language-server",
        "linter",
        "helm"
    ]);
    manifest["bin"] = json!({"ksext": "bin/ksext.js"});
    manifest["engines"] = json!({"node": ">=18"});
    manifest["optionalDependencies"] = json!(optional);
    let mut entries = vec![
        Entry::file("package.json", format!("{manifest:#}\n")),
        Entry::program("bin/ksext.js", filled("npm/ksext.js", &[])?),
        Entry::file("README.md", filled("npm/README.md", &[])?),
    ];
    // Nothing of others is in this one.
    entries.extend(
        legal
            .iter()
            .filter(|entry| entry.path == "LICENSE")
            .cloned(),
    );
    packed(entries)
}

/// The package with a target's program.
pub(crate) fn pack(target: &Target, program: &[u8], legal: &[Entry]) -> anyhow::Result<Vec<u8>> {
    let mut manifest = manifest(&format!("{SCOPE}/{}", target.npm()));
    manifest["description"] = json!(format!("The program of ksext for {}", target.triple));
    manifest["os"] = json!([target.node.0]);
    manifest["cpu"] = json!([target.node.1]);
    manifest["preferUnplugged"] = json!(true);
    let mut entries = vec![
        Entry::file("package.json", format!("{manifest:#}\n")),
        Entry::program(target.program(), program),
    ];
    entries.extend(legal.iter().cloned());
    packed(entries)
}

/// What all of them say.
fn manifest(name: &str) -> Value {
    json!({
        "name": name,
        "version": VERSION,
        "license": env!("CARGO_PKG_LICENSE"),
        "homepage": REPOSITORY,
        "repository": {"type": "git", "url": format!("git+{REPOSITORY}.git")},
        "publishConfig": {"access": "public"},
    })
}

fn packed(entries: Vec<Entry>) -> anyhow::Result<Vec<u8>> {
    archive::tar_gz(
        entries
            .into_iter()
            .map(|entry| entry.below("package"))
            .collect(),
    )
}
