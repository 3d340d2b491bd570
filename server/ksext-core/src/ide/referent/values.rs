//! The keys of values.yaml: the package's own, and those of its charts, seen from it.

use super::charts::{charts, parts};
use super::{ChartFolder, Dependency, Mention, Referent, Role, VALUES, Yaml};
use crate::package::{Package, PkgPath};
use crate::text::Span;
use crate::yaml::{Kind, MapEntry, Tree, Value};

/// An entry of a values.yaml.
pub(in crate::ide) struct Entry<'a> {
    /// The entry.
    pub(in crate::ide) entry: &'a MapEntry,
    /// Its key or a map around it stands for another one too.
    shared: bool,
}

/// The entry at a path of keys; `None` if there is none.
pub(in crate::ide) fn entry_of<'a>(tree: &'a Tree, path: &[String]) -> Option<Entry<'a>> {
    let mut value = tree.value()?;
    let mut found = None;
    let mut shared = false;
    for key in path {
        let entry = value.get(key)?;
        shared |= is_shared(tree, value, entry);
        found = Some(entry);
        value = &entry.value;
    }
    let entry = found?;
    Some(Entry { entry, shared })
}

/// Whether an entry of `map` is written elsewhere, or read elsewhere too.
fn is_shared(tree: &Tree, map: &Value, entry: &MapEntry) -> bool {
    let node = tree.node(map.node);
    let key = tree.span(entry.key_node);
    let is_inside = node.span.start <= key.start && key.end <= node.span.end;
    !is_inside || node.anchor.is_some() || matches!(node.kind, Kind::Alias { .. })
}

/// What the path of the entry refers to: a value, and a dependency if the key is what that goes by.
fn mentions(yaml: &Yaml, known: &[Dependency], path: &[String], found: &Entry<'_>) -> Vec<Mention> {
    let source = yaml.text();
    let entry = found.entry;
    let mention = |referent, role| {
        let mut mention = source.mention(entry.key_node, &entry.key, referent, role);
        mention.whole = mention.whole.cover(yaml.tree.span(entry.value.node));
        if found.shared {
            return mention.shared();
        }
        mention
    };
    let value = Referent::Value(path.to_vec());
    let dependency = match path {
        [key] => known.iter().find(|one| one.key() == key),
        _ => None,
    };
    let part = dependency.map(|one| mention(one.referent(), Role::Part));
    part.into_iter()
        .chain([mention(value, Role::Definition)])
        .collect()
}

/// The keys at a path, seen from the package's values.yaml: its own, and those of the chart that goes by
/// the first key.
pub(super) fn named(package: &Package<'_>, path: &[String]) -> Vec<Mention> {
    let known = parts(package);
    let mut found = Vec::new();
    let mut look = |file: PkgPath, below: &[String]| {
        let Some(yaml) = Yaml::of(package, file) else {
            return;
        };
        if let Some(entry) = entry_of(&yaml.tree, below) {
            found.extend(mentions(&yaml, &known, path, &entry));
        }
    };
    look(PkgPath::from(VALUES), path);
    if let [key, below @ ..] = path
        && !below.is_empty()
    {
        for chart in charts_called(package, &known, key) {
            look(chart.folder.child(VALUES.as_bytes()), below);
        }
    }
    found
}

/// Whether `referent` is what goes by `key` in values.yaml.
pub(super) fn is_part(package: &Package<'_>, key: &str, referent: &Referent) -> bool {
    let known = parts(package);
    let part = known.iter().find(|one| one.key() == key);
    part.is_some_and(|part| part.referent() == *referent)
}

/// The charts that go by `key` in values.yaml.
pub(super) fn charts_called(
    package: &Package<'_>,
    known: &[Dependency],
    key: &str,
) -> Vec<ChartFolder> {
    let dependency = known.iter().find(|one| one.key() == key);
    let name = dependency.map_or(key, |one| &one.name);
    let mut found = charts(package);
    found.retain(|chart| chart.text("name") == Some(name));
    found
}

/// What the chart in `folder` goes by in the package's values.yaml.
pub(super) fn prefixes(package: &Package<'_>, folder: &PkgPath) -> Vec<Vec<String>> {
    let chart = charts(package)
        .into_iter()
        .find(|chart| chart.folder == *folder);
    let Some(name) = chart.as_ref().and_then(|chart| chart.text("name")) else {
        return Vec::new();
    };
    let known = parts(package);
    let named = known.iter().filter(|one| one.name == name);
    let mut keys: Vec<_> = named.map(|one| vec![one.key().to_owned()]).collect();
    if keys.is_empty() {
        keys.push(vec![name.to_owned()]);
    }
    keys.dedup();
    keys
}

/// What the key at `offset` refers to; nothing on values. `prefixes` are the keys above the file's
/// first ones.
pub(super) fn at(
    package: &Package<'_>,
    yaml: &Yaml,
    prefixes: &[Vec<String>],
    offset: usize,
) -> Vec<Mention> {
    let Some(path) = path_at(&yaml.tree, offset) else {
        return Vec::new();
    };
    let Some(entry) = entry_of(&yaml.tree, &path) else {
        return Vec::new();
    };
    let known = parts(package);
    let paths = prefixes
        .iter()
        .map(|prefix| [&prefix[..], &path[..]].concat());
    paths
        .flat_map(|path| mentions(yaml, &known, &path, &entry))
        .collect()
}

/// The path of the key that the cursor touches; `None` on a value and in a list.
fn path_at(tree: &Tree, offset: usize) -> Option<Vec<String>> {
    let touches = |span: Span| span.touches(offset);
    let mut path = Vec::new();
    let mut value = tree.value()?;
    loop {
        let entries = value.entries();
        let on_key = entries
            .iter()
            .find(|entry| touches(tree.span(entry.key_node)));
        if let Some(entry) = on_key {
            path.push(entry.key.clone());
            return Some(path);
        }
        let around = entries
            .iter()
            .find(|entry| touches(tree.span(entry.value.node)))?;
        path.push(around.key.clone());
        value = &around.value;
    }
}
