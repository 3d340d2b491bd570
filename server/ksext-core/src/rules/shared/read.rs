//! What push reads of a manifest, where it is written: maps with all their keys, and scalars that
//! become text. Unlike [`Manifest::value`] it has the keys that another one replaces.

use std::collections::{HashMap, HashSet};

use crate::manifest::Manifest;
use crate::manifest::fields::MANIFEST;
use crate::manifest::shape::Shape;
use crate::yaml::{Key, Kind, NodeId, Pair, Tree};

/// What push reads, each node once, whatever number of aliases and merges lead to it.
pub(in crate::rules) struct Read {
    /// The maps.
    pub maps: Vec<Map>,
    /// The scalars that stand where a text is wanted.
    pub texts: Vec<NodeId>,
}

/// A map that push reads.
pub(in crate::rules) struct Map {
    /// Where it stands.
    pub node: NodeId,
    /// What it is read into.
    pub shape: &'static Shape,
    /// Its entries in order, merges apart.
    pub entries: Vec<Entry>,
}

/// An entry of a [`Map`].
pub(in crate::rules) struct Entry {
    /// Where it stands.
    pub pair: Pair,
    /// Its key.
    pub key: Key,
}

static ANYTHING: Shape = Shape::Any;

/// What push reads of `manifest`. Values of unknown keys, values that a later equal key replaces and
/// values of a wrong type are not looked into.
pub(in crate::rules) fn read(manifest: &Manifest) -> Read {
    let tree = manifest.tree();
    let mut read = Read {
        maps: Vec::new(),
        texts: Vec::new(),
    };
    let mut seen = HashSet::new();
    let mut open: Vec<(NodeId, &'static Shape)> = Vec::new();
    open.extend(tree.root().map(|root| (root, &MANIFEST)));
    while let Some((node, shape)) = open.pop() {
        let node = tree.follow(node);
        let is_wanted = matches!(
            (&tree.node(node).kind, shape),
            (Kind::Sequence { .. }, Shape::List(_) | Shape::Any)
                | (
                    Kind::Mapping { .. },
                    Shape::Struct(_) | Shape::Map(_) | Shape::Any
                )
        );
        if is_wanted && !seen.insert(node) {
            continue;
        }
        match (&tree.node(node).kind, shape) {
            (Kind::Scalar { .. }, Shape::Text) => read.texts.push(node),
            (Kind::Sequence { items, .. }, Shape::List(item)) => {
                open.extend(items.iter().map(|node| (*node, *item)));
            }
            (Kind::Sequence { items, .. }, Shape::Any) => {
                open.extend(items.iter().map(|node| (*node, &ANYTHING)));
            }
            (Kind::Mapping { pairs, .. }, _) if is_wanted => {
                open.extend(merged(tree, pairs).map(|node| (node, shape)));
                let map = map(tree, node, shape, pairs);
                open.extend(map.values());
                read.maps.push(map);
            }
            _ => {}
        }
    }
    let start = |node: NodeId| tree.span(node).start;
    read.maps.sort_by_key(|map| start(map.node));
    read.texts.sort_by_key(|node| start(*node));
    read.texts.dedup();
    read
}

fn map(tree: &Tree, node: NodeId, shape: &'static Shape, pairs: &[Pair]) -> Map {
    let entry = |pair: &Pair| {
        let (pair, key) = (*pair, Key::of(tree, pair.key)?);
        Some(Entry { pair, key })
    };
    Map {
        node,
        shape,
        entries: pairs.iter().filter_map(entry).collect(),
    }
}

/// The maps that `<<` merges into one with these `pairs`.
pub(in crate::rules) fn merged<'t>(
    tree: &'t Tree,
    pairs: &'t [Pair],
) -> impl Iterator<Item = NodeId> + 't {
    pairs
        .iter()
        .filter(|pair| tree.is_merge(pair.key))
        .flat_map(|pair| merged_by(tree, pair.value))
}

/// The maps that `<<` with the value at `node` merges: that, or the items of a list.
pub(in crate::rules) fn merged_by(tree: &Tree, node: NodeId) -> impl Iterator<Item = NodeId> {
    let single = tree.items(node).is_empty().then(|| tree.follow(node));
    let several = tree.items(node).iter().map(|item| tree.follow(*item));
    single.into_iter().chain(several)
}

impl Map {
    /// The values that count, with what they are read into.
    fn values(&self) -> impl Iterator<Item = (NodeId, &'static Shape)> {
        let last: HashMap<&str, NodeId> = self
            .entries
            .iter()
            .map(|entry| (entry.key.text.as_str(), entry.pair.value))
            .collect();
        let values = last.into_iter().filter_map(|(key, value)| {
            let shape = match self.shape {
                Shape::Struct(_) => &self.shape.field(key)?.shape,
                Shape::Map(item) => *item,
                _ => &ANYTHING,
            };
            Some((value, shape))
        });
        values.collect::<Vec<_>>().into_iter()
    }

    /// Its entries by what makes them one key to push: the field, or the text. Unknown keys of a map
    /// with fixed fields are left out.
    pub(in crate::rules) fn by_name(&self) -> Vec<(&str, Vec<&Entry>)> {
        let mut groups: Vec<(&str, Vec<&Entry>)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for entry in &self.entries {
            let text = entry.key.text.as_str();
            let name = match self.shape {
                Shape::Struct(_) => match self.shape.field(text) {
                    Some(field) => field.key,
                    None => continue,
                },
                _ => text,
            };
            let place = *places.entry(name).or_insert_with(|| {
                groups.push((name, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(entry);
        }
        groups
    }
}
