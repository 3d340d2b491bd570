//! What a tree means: YAML 1.1 resolution, merges applied, the last of equal keys.
//!
//! This is the generic tree of ksbuilder's reader (sigs.k8s.io/yaml `yamlToJSON`), between YAML and
//! the fields of a Go struct.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::error::{ErrorKind, SyntaxError};
use super::resolve::{Resolved, float_text, resolve_plain};
use super::tree::{Kind, Node, NodeId, Style, Tree};
use super::unfold;

/// Deeper than this a value is left out. Nothing that ksbuilder looks at is nearly as deep.
const MAX_DEPTH: usize = 200;

/// A value with the node it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it is written; for an alias, the alias.
    pub node: NodeId,
    /// What it is.
    pub data: Data,
}

/// What a [`Value`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `~`, `null` or nothing.
    Null,
    /// `true`, `yes`, `on` and the like.
    Bool(bool),
    /// A whole number in the range of 64 bits with sign.
    Int(i64),
    /// A whole number above that, in the range of 64 bits without sign.
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// A text, dates among them.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map: each key once, in the order of first appearance.
    Map(Vec<MapEntry>),
}

/// An entry of a [`Data::Map`].
#[derive(Clone, Debug, PartialEq)]
pub struct MapEntry {
    /// The key as text, as JSON has it: `1.0:` is `1`, `no:` is `false`.
    pub key: String,
    /// Where the key is written; in a merge, the key of the merged map.
    pub key_node: NodeId,
    /// Its value.
    pub value: Value,
    /// Whether JSON has no such key: null, or a number beyond 63 bits.
    bad_key: bool,
}

impl MapEntry {
    /// The entry with another value.
    pub(crate) fn with_value(&self, value: Value) -> Self {
        Self {
            key: self.key.clone(),
            key_node: self.key_node,
            value,
            bad_key: self.bad_key,
        }
    }
}

/// A key of a map, before and after it becomes text. go-yaml tells the number `1` from the text `1`,
/// JSON does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// What it is for go-yaml.
    pub data: Data,
    /// What it becomes, as in [`MapEntry::key`].
    pub text: String,
}

impl Key {
    /// The key at `node`; `None` for `<<` and for lists and maps.
    pub fn of(tree: &Tree, node: NodeId) -> Option<Self> {
        if tree.is_merge(node) {
            return None;
        }
        let value = Value::of_scalar(tree, node)?;
        let text = key_text(&value);
        let data = value.data;
        Some(Self { data, text })
    }
}

impl Value {
    /// What the scalar at `node` means, whatever is wanted there; `None` for lists and maps. Aliases
    /// are followed.
    pub fn of_scalar(tree: &Tree, node: NodeId) -> Option<Self> {
        let target = tree.node(tree.follow(node));
        match &target.kind {
            Kind::Scalar { text, style } => Some(Self {
                node,
                data: scalar(target, text, *style),
            }),
            _ => None,
        }
    }

    /// What `tree` means; `None` for a text without content.
    pub fn of(tree: &Tree) -> Option<Self> {
        tree.value().cloned()
    }

    /// The entry with this key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&MapEntry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The entries of a map; none for other values.
    pub fn entries(&self) -> &[MapEntry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for other values.
    pub fn items(&self) -> &[Value] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a value where a text is wanted: numbers and booleans as ksbuilder writes them
    /// (sigs.k8s.io/yaml yaml.go), `None` for null, lists and maps.
    pub fn to_text(&self) -> Option<String> {
        Some(match &self.data {
            Data::Text(text) => text.clone(),
            Data::Bool(value) => value.to_string(),
            Data::Int(value) => value.to_string(),
            Data::UInt(value) => value.to_string(),
            Data::Float(value) => float_text(*value),
            Data::Null | Data::List(_) | Data::Map(_) => return None,
        })
    }

    /// The value as JSON. Numbers without a JSON form (`.inf`, `.nan`) become null; they are an
    /// error of whoever reads the value (see [`Self::not_finite`]).
    pub fn to_json(&self) -> serde_json::Value {
        match &self.data {
            Data::Null => serde_json::Value::Null,
            Data::Bool(value) => (*value).into(),
            Data::Int(value) => (*value).into(),
            Data::UInt(value) => (*value).into(),
            Data::Float(value) => (*value).into(),
            Data::Text(text) => text.as_str().into(),
            Data::List(items) => items.iter().map(Self::to_json).collect(),
            Data::Map(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    /// The first number in here that JSON cannot hold, if any.
    pub fn not_finite(&self) -> Option<NodeId> {
        match &self.data {
            Data::Float(value) if !value.is_finite() => Some(self.node),
            Data::List(items) => items.iter().find_map(Self::not_finite),
            Data::Map(entries) => entries.iter().find_map(|entry| entry.value.not_finite()),
            _ => None,
        }
    }
}

/// Finds what go-yaml's decoder and the way into JSON refuse, and stores what the tree means.
pub(super) fn decode(tree: &mut Tree) {
    let unfolding = unfold::check(tree);
    let expand_aliases = unfolding.is_ok();
    if let Err(error) = unfolding {
        report(tree, error);
    }
    let Some(root) = tree.root else { return };
    let value = Decoder {
        tree,
        expand_aliases,
    }
    .value(root, 0);
    if let Some(node) = unsupported_key(&value) {
        let span = tree.span(node);
        let kind = ErrorKind::UnsupportedKey;
        report(tree, SyntaxError::without_line(kind, span));
    }
    tree.value = Some(value);
}

/// Notes an error unless the reader has stopped before: go-yaml says one thing only.
fn report(tree: &mut Tree, error: SyntaxError) {
    if tree.errors.is_empty() {
        tree.errors.push(error);
    }
}

fn unsupported_key(value: &Value) -> Option<NodeId> {
    match &value.data {
        Data::List(items) => items.iter().find_map(unsupported_key),
        Data::Map(entries) => entries.iter().find_map(|entry| {
            if entry.bad_key {
                Some(entry.key_node)
            } else {
                unsupported_key(&entry.value)
            }
        }),
        _ => None,
    }
}

struct Decoder<'a> {
    tree: &'a Tree,
    /// Off when the aliases unfold without end or to far too much.
    expand_aliases: bool,
}

impl Decoder<'_> {
    fn value(&self, node: NodeId, depth: usize) -> Value {
        Value {
            node,
            data: self.data(node, depth),
        }
    }

    fn data(&self, node: NodeId, depth: usize) -> Data {
        if depth > MAX_DEPTH {
            return Data::Null;
        }
        match &self.tree.node(node).kind {
            Kind::Alias {
                target: Some(target),
                ..
            } if self.expand_aliases => self.data(*target, depth + 1),
            Kind::Alias { .. } => Data::Null,
            Kind::Scalar { text, style } => scalar(self.tree.node(node), text, *style),
            Kind::Sequence { items, .. } => Data::List(
                items
                    .iter()
                    .map(|item| self.value(*item, depth + 1))
                    .collect(),
            ),
            Kind::Mapping { .. } => {
                let mut entries = Entries::default();
                self.fill(node, &mut entries, depth);
                Data::Map(entries.list)
            }
        }
    }

    /// Lays the entries of a mapping over `entries`, in order: a later key overrides an earlier one,
    /// a merge too (go-yaml decode.go `mapping`).
    fn fill(&self, mapping: NodeId, entries: &mut Entries, depth: usize) {
        let Kind::Mapping { pairs, .. } = &self.tree.node(mapping).kind else {
            return;
        };
        for pair in pairs {
            if self.tree.is_merge(pair.key) {
                self.merge(pair.value, entries, depth + 1);
                continue;
            }
            let (key, bad_key) = self.key(pair.key);
            let value = self.value(pair.value, depth + 1);
            entries.set(MapEntry {
                key,
                key_node: pair.key,
                value,
                bad_key,
            });
        }
    }

    /// A map, an alias of one, or a list of those, of which the first wins (decode.go `merge`).
    fn merge(&self, node: NodeId, entries: &mut Entries, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match &self.tree.node(node).kind {
            Kind::Mapping { .. } => self.fill(node, entries, depth),
            Kind::Alias {
                target: Some(target),
                ..
            } if self.expand_aliases => {
                self.fill(*target, entries, depth);
            }
            Kind::Sequence { items, .. } => {
                for item in items.iter().rev() {
                    self.merge(*item, entries, depth + 1);
                }
            }
            Kind::Alias { .. } | Kind::Scalar { .. } => {}
        }
    }

    /// The key as text, and whether JSON has no such key.
    fn key(&self, node: NodeId) -> (String, bool) {
        // Lists and maps as keys are refused; there is no need to look into them.
        if !matches!(
            self.tree.node(self.tree.follow(node)).kind,
            Kind::Scalar { .. }
        ) {
            return (String::new(), false);
        }
        let value = self.value(node, 0);
        let bad = matches!(value.data, Data::UInt(_) | Data::Null);
        (key_text(&value), bad)
    }
}

/// The text of a key; special floats are spelled differently as keys (sigs.k8s.io/yaml yaml.go).
fn key_text(value: &Value) -> String {
    let text = value.to_text().unwrap_or_default();
    match (&value.data, text.as_str()) {
        (Data::Float(_), "+Inf") => ".inf".to_owned(),
        (Data::Float(_), "-Inf") => "-.inf".to_owned(),
        (Data::Float(_), "NaN") => ".nan".to_owned(),
        _ => text,
    }
}

/// The entries of one map under construction.
#[derive(Default)]
struct Entries {
    list: Vec<MapEntry>,
    /// Where each key stands in the list.
    places: HashMap<String, usize>,
}

impl Entries {
    fn set(&mut self, entry: MapEntry) {
        match self.places.entry(entry.key.clone()) {
            Entry::Occupied(place) => self.list[*place.get()] = entry,
            Entry::Vacant(place) => {
                place.insert(self.list.len());
                self.list.push(entry);
            }
        }
    }
}

/// What a scalar means, by its tag, its quotes or its text.
fn scalar(node: &Node, text: &str, style: Style) -> Data {
    let resolved = match node.tag.as_ref().map(|tag| unfold::tag(&tag.name)) {
        None if style == Style::Plain => resolve_plain(text),
        None => Resolved::Text,
        Some(unfold::Wanted::Binary) => {
            return Data::Text(unfold::decode_base64(text).unwrap_or_default());
        }
        Some(wanted) => wanted.resolve(text).unwrap_or(Resolved::Text),
    };
    match resolved {
        Resolved::Null => Data::Null,
        Resolved::Bool(value) => Data::Bool(value),
        Resolved::Int(value) => Data::Int(value),
        Resolved::UInt(value) => Data::UInt(value),
        Resolved::Float(value) => Data::Float(value),
        Resolved::Timestamp | Resolved::Text => Data::Text(text.to_owned()),
    }
}

/// Whether a key is the merge key: plain `<<`, or tagged as one (decode.go `isMerge`).
pub(super) fn is_merge(node: &Node) -> bool {
    let Kind::Scalar { text, style } = &node.kind else {
        return false;
    };
    text == "<<"
        && match &node.tag {
            None => *style == Style::Plain,
            Some(tag) => tag.name == "!" || tag.name == "tag:yaml.org,2002:merge",
        }
}
