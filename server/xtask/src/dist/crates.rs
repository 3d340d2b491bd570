//! The crates that end up in the program, as cargo knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::targets::TARGETS;
use crate::shell::{self, cargo};

/// A crate, in one version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression, some with `/` in place of `OR`.
    pub(crate) licence: String,
    pub(crate) repository: String,
    /// Where its sources are.
    pub(crate) folder: PathBuf,
    /// Of the registry's archive, in hexadecimal; none for our own.
    pub(crate) sha256: Option<String>,
    /// The names and versions of the crates that it calls.
    pub(crate) needs: BTreeSet<(String, String)>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Part>,
}

/// What cargo calls a target of a package: a library, a program, a macro.
#[derive(Deserialize)]
struct Part {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `null` for what is called at run time.
    kind: Option<String>,
}

/// Every crate of the program on any target, our own among them, by name and version. What only takes part in
/// building it (macros, build scripts) and in tests is not in it.
pub(crate) fn of_the_program() -> anyhow::Result<Vec<Crate>> {
    let sums = checksums()?;
    let mut crates: BTreeMap<(String, String), Crate> = BTreeMap::new();
    for target in &TARGETS {
        let command = format!(
            "metadata --format-version 1 --locked --filter-platform {}",
            target.triple
        );
        let metadata = shell::output(&mut cargo(&command))?;
        let metadata: Metadata =
            serde_json::from_slice(&metadata).context("cannot read what cargo says of crates")?;
        for found in called(&metadata)? {
            let key = (found.name.clone(), found.version.clone());
            let sha256 = sums.get(&key).cloned();
            // Systems differ in what a crate calls.
            let known = crates.entry(key).or_insert_with(|| Crate {
                sha256,
                ..found.clone()
            });
            known.needs.extend(found.needs);
        }
    }
    Ok(crates.into_values().collect())
}

/// What `ksext` reaches by calls.
fn called(metadata: &Metadata) -> anyhow::Result<Vec<Crate>> {
    let packages: BTreeMap<&str, &Package> = metadata
        .packages
        .iter()
        .map(|it| (it.id.as_str(), it))
        .collect();
    let nodes = metadata.resolve.nodes.iter();
    let nodes: BTreeMap<&str, &Node> = nodes.map(|it| (it.id.as_str(), it)).collect();
    let program = metadata.packages.iter().find(|it| it.name == "ksext");
    let mut waiting = vec![program.context("cargo knows no `ksext`")?.id.as_str()];
    let mut seen: BTreeSet<&str> = waiting.iter().copied().collect();
    let mut found = Vec::new();
    while let Some(id) = waiting.pop() {
        let package = packages.get(id).context("a crate without a description")?;
        let needs: Vec<&str> = nodes
            .get(id)
            .map(|node| run_time_needs(node, &packages))
            .unwrap_or_default();
        waiting.extend(needs.iter().filter(|id| seen.insert(id)));
        let names = needs.iter().filter_map(|id| packages.get(id));
        found.push(Crate {
            name: package.name.clone(),
            version: package.version.clone(),
            licence: package.license.clone().unwrap_or_default(),
            repository: package.repository.clone().unwrap_or_default(),
            folder: package
                .manifest_path
                .parent()
                .map(PathBuf::from)
                .unwrap_or_default(),
            sha256: None,
            needs: names
                .map(|it| (it.name.clone(), it.version.clone()))
                .collect(),
        });
    }
    ensure!(found.len() > 50, "cargo names {} crates alone", found.len());
    Ok(found)
}

fn run_time_needs<'a>(node: &'a Node, packages: &BTreeMap<&str, &Package>) -> Vec<&'a str> {
    let is_macro = |id: &str| {
        packages.get(id).is_some_and(|package| {
            let kinds = package.targets.iter().flat_map(|it| &it.kind);
            kinds.into_iter().any(|kind| kind == "proc-macro")
        })
    };
    node.deps
        .iter()
        .filter(|it| it.dep_kinds.iter().any(|kind| kind.kind.is_none()))
        .map(|it| it.pkg.as_str())
        .filter(|id| !is_macro(id))
        .collect()
}

/// The checksums of the lock file, by name and version.
fn checksums() -> anyhow::Result<BTreeMap<(String, String), String>> {
    let lock = fs::read_to_string(shell::root().join("Cargo.lock"))?;
    let lock: toml_edit::DocumentMut = lock.parse().context("cannot read Cargo.lock")?;
    let packages = lock["package"].as_array_of_tables();
    let packages = packages.context("Cargo.lock names no packages")?.iter();
    let text = |table: &toml_edit::Table, key| Some(table.get(key)?.as_str()?.to_owned());
    Ok(packages
        .filter_map(|it| {
            let key = (text(it, "name")?, text(it, "version")?);
            Some((key, text(it, "checksum")?))
        })
        .collect())
}
