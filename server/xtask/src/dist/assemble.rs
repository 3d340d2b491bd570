//! What is made of all archives together: everything that another ecosystem needs, and the checksums.

use std::fs;
use std::path::Path;

use anyhow::Context;
use sha2::{Digest as _, Sha256};

use super::archive::Entry;
use super::crates::Crate;
use super::targets::{TARGETS, Target};
use super::template::{REPOSITORY, VERSION, filled};
use super::{npm, sbom};
use crate::shell;

/// The file with a line for every other one, as `sha256sum` writes and reads it.
const SUMS: &str = "SHA256SUMS";

/// The schemas, for validators that take a file of a version.
const SCHEMAS: [&str; 3] = [
    "extension.schema.json",
    "extension-by-content.schema.json",
    "settings.schema.json",
];

/// Writes them into the folder of the archives. Answers which archives are not there, which those files would
/// have to name.
pub(crate) fn run(
    folder: &Path,
    crates: &[Crate],
    legal: &[Entry],
) -> anyhow::Result<Vec<&'static Target>> {
    let write = |name: &str, bytes: &[u8]| {
        let file = folder.join(name);
        let parent = file.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&file, bytes))
            .with_context(|| format!("cannot write {}", file.display()))
    };
    write("ksext-installer.sh", installer()?.as_bytes())?;
    write(&npm::wrapper_name(), &npm::pack_wrapper(legal)?)?;
    write("homebrew/ksext.rb", formula(folder)?.as_bytes())?;
    write("mason/package.yaml", mason()?.as_bytes())?;
    let lspconfig = filled("lspconfig/ksext.lua", &[])?;
    write("nvim-lspconfig/lsp/ksext.lua", lspconfig.as_bytes())?;
    let components = format!("{:#}\n", sbom::document(crates, VERSION));
    write("ksext.cdx.json", components.as_bytes())?;
    for name in SCHEMAS {
        let schema = fs::read(shell::root().join("schemas").join(name))
            .with_context(|| format!("cannot read schemas/{name}"))?;
        write(name, &schema)?;
    }
    write(SUMS, sums(folder)?.as_bytes())?;
    let is_missing = |target: &&Target| !folder.join(target.archive()).is_file();
    Ok(TARGETS.iter().filter(is_missing).collect())
}

/// The name and SHA-256 of each file in the folder, without those in folders, which are for other repositories.
pub(crate) fn files(folder: &Path) -> anyhow::Result<Vec<(String, u64, String)>> {
    let mut files = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let bytes = fs::read(entry.path())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push((name, bytes.len() as u64, sha256(&bytes)));
        }
    }
    files.sort();
    Ok(files)
}

fn sums(folder: &Path) -> anyhow::Result<String> {
    let files = files(folder)?;
    let others = files.iter().filter(|(name, ..)| name != SUMS);
    Ok(others
        .map(|(name, _, sha256)| format!("{sha256}  {name}\n"))
        .collect())
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The installer for systems with a shell.
fn installer() -> anyhow::Result<String> {
    let systems = TARGETS.iter().filter(|target| !target.is_windows());
    let systems: Vec<&str> = systems.map(|target| target.triple).collect();
    filled("installer.sh", &[("SYSTEMS", &systems.join(" "))])
}

/// Homebrew's formula, for those of its systems whose archive is there.
fn formula(folder: &Path) -> anyhow::Result<String> {
    let mut blocks = Vec::new();
    for (system, name) in [("darwin", "on_macos"), ("linux", "on_linux")] {
        let mut processors = String::new();
        for target in TARGETS.iter().filter(|target| target.node.0 == system) {
            let Ok(archive) = fs::read(folder.join(target.archive())) else {
                continue;
            };
            let processor = match target.node.1 {
                "arm64" => "on_arm",
                _ => "on_intel",
            };
            let (url, sha256) = (url(target), sha256(&archive));
            processors.push_str(&format!(
                "    {processor} do\n      url \"{url}\"\n      sha256 \"{sha256}\"\n    end\n"
            ));
        }
        if !processors.is_empty() {
            blocks.push(format!("  {name} do\n{processors}  end"));
        }
    }
    filled("homebrew/ksext.rb", &[("ARCHIVES", &blocks.join("\n\n"))])
}

fn url(target: &Target) -> String {
    format!(
        "{REPOSITORY}/releases/download/v{VERSION}/{}",
        target.archive()
    )
}

/// The entry of mason's registry.
fn mason() -> anyhow::Result<String> {
    let assets: Vec<String> = TARGETS
        .iter()
        .map(|target| {
            // As the archives are packed: a ZIP has no folder around its files.
            let program = match target.is_windows() {
                true => target.program().to_owned(),
                false => format!("{}/{}", target.stem(), target.program()),
            };
            format!(
                "    - target: {}\n      file: {}\n      bin: {program}",
                target.mason,
                target.archive()
            )
        })
        .collect();
    let slug = REPOSITORY.trim_start_matches("https://github.com/");
    filled(
        "mason/package.yaml",
        &[("SLUG", slug), ("ASSETS", &assets.join("\n"))],
    )
}
