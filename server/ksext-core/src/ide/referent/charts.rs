//! The charts of a package and the dependencies that ask for them.

use super::manifest::urls;
use super::{CHART, CHARTS, Mention, Referent, Role, Text, Yaml};
use crate::manifest::{Manifest, fields, shape};
use crate::package::{Package, PkgPath};
use crate::yaml::{Data, NodeId, Value};

/// A dependency of the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ide) struct Dependency {
    /// The name of the chart.
    pub(in crate::ide) name: String,
    /// What it is called here instead.
    pub(in crate::ide) alias: Option<String>,
    /// Which versions will do.
    pub(in crate::ide) version: Option<String>,
    /// The paths that switch it.
    pub(in crate::ide) condition: Option<String>,
}

impl Dependency {
    fn of(value: &Value) -> Option<Self> {
        let text = |key: &str| Some(text(&value.get(key)?.value)?.1.to_owned());
        Some(Self {
            name: text("name")?,
            alias: text("alias"),
            version: text("version"),
            condition: text("condition"),
        })
    }

    /// What it is called in values.yaml.
    pub(in crate::ide) fn key(&self) -> &str {
        self.alias.as_ref().unwrap_or(&self.name)
    }

    /// What its [`key`](Self::key) refers to.
    pub(super) fn referent(&self) -> Referent {
        match &self.alias {
            Some(alias) => Referent::Alias(alias.clone()),
            None => Referent::Chart(self.name.clone()),
        }
    }

    /// The paths that switch it, as keys.
    pub(in crate::ide) fn switches(&self) -> impl Iterator<Item = Vec<String>> {
        let condition = self.condition.as_deref().unwrap_or_default();
        pieces(condition).map(|(_, piece)| keys_of(piece))
    }
}

/// The dependencies that the manifest names.
pub(in crate::ide) fn dependencies(manifest: &Manifest) -> Vec<Dependency> {
    let items = manifest.items("dependencies").iter();
    items.filter_map(Dependency::of).collect()
}

/// The dependencies, and the charts that lie in the package without one: Helm takes them all the same.
pub(super) fn parts(package: &Package<'_>) -> Vec<Dependency> {
    let mut found = dependencies(package.manifest());
    for chart in charts(package) {
        let name = chart.text("name").unwrap_or_default();
        if !name.is_empty() && found.iter().all(|one| one.name != name) {
            found.push(Dependency {
                name: name.to_owned(),
                alias: None,
                version: None,
                condition: None,
            });
        }
    }
    found
}

/// The text of a value that is one and not empty.
fn text(value: &Value) -> Option<(NodeId, &str)> {
    match &value.data {
        Data::Text(text) if !text.is_empty() => Some((value.node, text)),
        _ => None,
    }
}

/// The paths of a condition, each with its place in it. White space around the whole is cut off, as Helm
/// does (pkg/chartutil/dependencies.go `processDependencyConditions`).
fn pieces(condition: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = condition.len() - condition.trim_start().len();
    let mut at = start;
    condition
        .trim()
        .split(',')
        .map(move |piece| {
            let found = (at, piece);
            at += piece.len() + ",".len();
            found
        })
        .filter(|(_, piece)| !piece.is_empty())
}

fn keys_of(path: &str) -> Vec<String> {
    path.split('.').map(ToOwned::to_owned).collect()
}

/// What a list of dependencies names.
pub(super) fn in_dependencies(source: &Text<'_>, list: &Value) -> Vec<Mention> {
    let known: Vec<_> = list.items().iter().filter_map(Dependency::of).collect();
    let mut found = Vec::new();
    for item in list.items() {
        let value = |key: &str| item.get(key).and_then(|entry| text(&entry.value));
        let Some((node, name)) = value("name") else {
            continue;
        };
        let chart = Referent::Chart(name.to_owned());
        found.push(source.mention(node, name, chart, Role::Request));
        found.extend(value("version").map(|(node, version)| {
            let referent = Referent::ChartVersion(name.to_owned());
            source.mention(node, version, referent, Role::Request)
        }));
        found.extend(value("alias").map(|(node, alias)| {
            let referent = Referent::Alias(alias.to_owned());
            source.mention(node, alias, referent, Role::Definition)
        }));
        found.extend(value("repository").and_then(|(node, repository)| {
            let path = repository.strip_prefix("file://")?;
            let folder = PkgPath::resolve_local(path).ok()?;
            // One from the machine's root on is none of the package's.
            let is_inside = !path.starts_with('/') && !folder.is_root();
            let part = repository.len() - path.len()..repository.len();
            is_inside.then(|| {
                source.part(
                    node,
                    repository,
                    part,
                    Referent::Path(folder),
                    Role::Request,
                )
            })
        }));
        if let Some((node, condition)) = value("condition") {
            found.extend(in_condition(source, node, condition, &known));
        }
    }
    found
}

/// What a condition names: the values, and by their first keys the dependencies.
fn in_condition(
    source: &Text<'_>,
    node: NodeId,
    condition: &str,
    known: &[Dependency],
) -> Vec<Mention> {
    let mut found = Vec::new();
    for (at, piece) in pieces(condition) {
        let value = Referent::Value(keys_of(piece));
        let whole = at..at + piece.len();
        found.push(source.part(node, condition, whole, value, Role::Request));
        if let Some((key, _)) = piece.split_once('.')
            && let Some(dependency) = known.iter().find(|one| one.key() == key)
        {
            let part = at..at + key.len();
            found.push(source.part(node, condition, part, dependency.referent(), Role::Part));
        }
    }
    found
}

/// What requirements.yaml names, which Helm lays over the dependencies of the manifest.
pub(super) fn in_requirements(yaml: &Yaml) -> Vec<Mention> {
    let root = yaml
        .tree
        .value()
        .map(|value| shape::decode(&fields::CHART, value));
    let list = root.as_ref().and_then(|root| root.get("dependencies"));
    list.map_or_else(Vec::new, |entry| {
        in_dependencies(&yaml.text(), &entry.value)
    })
}

/// A chart that lies in the package as a folder.
pub(in crate::ide) struct ChartFolder {
    /// The folder.
    pub(in crate::ide) folder: PkgPath,
    /// Its Chart.yaml.
    pub(in crate::ide) yaml: Yaml,
    /// What that says.
    pub(in crate::ide) metadata: Option<Value>,
}

impl ChartFolder {
    fn of(package: &Package<'_>, folder: PkgPath) -> Option<Self> {
        let yaml = Yaml::of(package, folder.child(CHART.as_bytes()))?;
        let metadata = metadata(&yaml);
        Some(Self {
            folder,
            yaml,
            metadata,
        })
    }

    /// A text of its Chart.yaml.
    pub(in crate::ide) fn text(&self, key: &str) -> Option<&str> {
        Some(text(&self.metadata.as_ref()?.get(key)?.value)?.1)
    }

    /// What its Chart.yaml names.
    pub(super) fn mentions(&self) -> Vec<Mention> {
        in_chart(&self.yaml)
    }
}

fn metadata(yaml: &Yaml) -> Option<Value> {
    let value = yaml.tree.value()?;
    Some(shape::decode(&fields::CHART, value))
}

/// What a Chart.yaml names.
pub(super) fn in_chart(yaml: &Yaml) -> Vec<Mention> {
    let source = yaml.text();
    let mut found = urls(&source);
    let Some(metadata) = metadata(yaml) else {
        return found;
    };
    let name = metadata.get("name");
    let Some((name_entry, (node, name))) =
        name.and_then(|entry| Some((entry, text(&entry.value)?)))
    else {
        return found;
    };
    let key = |node: NodeId| yaml.tree.span(node);
    let referent = Referent::Chart(name.to_owned());
    let mut mention = source.mention(node, name, referent, Role::Definition);
    mention.whole = mention.whole.cover(key(name_entry.key_node));
    found.push(mention);
    found.extend(metadata.get("version").and_then(|entry| {
        let (node, version) = text(&entry.value)?;
        let referent = Referent::ChartVersion(name.to_owned());
        let mut mention = source.mention(node, version, referent, Role::Definition);
        mention.whole = mention.whole.cover(key(entry.key_node));
        Some(mention)
    }));
    found
}

/// The charts that lie in the package as folders, by the folders' names.
pub(in crate::ide) fn charts(package: &Package<'_>) -> Vec<ChartFolder> {
    let folder = PkgPath::from(CHARTS);
    let names = package.files().list(&folder).unwrap_or_default();
    names
        .iter()
        .filter_map(|name| ChartFolder::of(package, folder.child(name)))
        .collect()
}

/// The first chart of this name that lies in the package as a folder.
pub(in crate::ide) fn chart_named(package: &Package<'_>, name: &str) -> Option<ChartFolder> {
    // Most folders are called like their chart, and the others need not be read.
    let usual = PkgPath::from(CHARTS).child(name.as_bytes());
    let usual = ChartFolder::of(package, usual).filter(|chart| chart.text("name") == Some(name));
    usual.or_else(|| {
        let mut all = charts(package).into_iter();
        all.find(|chart| chart.text("name") == Some(name))
    })
}
