//! extension.yaml as ksbuilder reads it, with a place for every field.
//!
//! Says what stands there and where. What is wrong with it is for [`schema`](crate::schema) and
//! [`rules`](crate::rules).

pub mod fields;
pub mod misfit;
mod recognition;
pub mod shape;

pub use recognition::{Folder, OUR_KEYS, OUR_MAPS, Recognition, recognize};

use crate::text::Span;
use crate::yaml::{self, Data, Kind, MapEntry, NodeId, Source, Style, Tree, Value};

/// The name of the manifest in a package's folder, in exactly this case (ksbuilder
/// pkg/api/metadata.go `MetadataFilename`).
pub const FILE_NAME: &str = "extension.yaml";

/// A manifest in which no required field is missing, for tests to begin with.
#[cfg(test)]
pub(crate) const COMPLETE: &str = "\
apiVersion: kubesphere.io/v1alpha1
name: demo
version: 1.0.0
displayName: {en: Demo, zh: 示例}
description: {en: An example., zh: 一个示例。}
category: dev-tools
provider: {en: {name: Example}}
icon: https://example.com/icon.svg
";

/// A manifest that was read, whole or broken.
#[derive(Clone, Debug)]
pub struct Manifest {
    source: Source,
    tree: Tree,
    /// As decoded into [`fields::MANIFEST`].
    value: Option<Value>,
}

/// A text in the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// As ksbuilder reads it: `1.10` is `1.1`.
    pub value: String,
    /// Where it is written.
    pub span: Span,
    /// Its node, or that of the alias that stands for it.
    pub node: NodeId,
}

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To the value of this key.
    Key(String),
    /// To this item of a list, counted from 0.
    Index(usize),
}

impl Step {
    /// The step as a segment of a path in the schema: the key, or `*` for any item.
    pub fn segment(&self) -> &str {
        match self {
            Self::Key(key) => key,
            Self::Index(_) => "*",
        }
    }
}

/// Where the value at a path is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its key; `None` for an item of a list and for the whole manifest.
    pub key: Option<Span>,
    /// The value. Zero wide if there is nothing.
    pub value: Span,
    /// Whether the value is a block: a list or map by indentation, or a text behind `|` or `>`.
    pub block: bool,
    /// Whether the value has an anchor or is an alias: what is changed here changes elsewhere too.
    pub shared: bool,
}

impl Manifest {
    /// Reads a manifest. Never fails; see [`Tree::errors`].
    pub fn read(source: Source) -> Self {
        let tree = yaml::parse_source(&source);
        let value = tree
            .value()
            .map(|value| shape::decode(&fields::MANIFEST, value));
        Self {
            source,
            tree,
            value,
        }
    }

    /// Reads a manifest from text.
    pub fn from_text(text: &str) -> Self {
        Self::read(Source::from_text(text.to_owned()))
    }

    /// What it was read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The text that all places refer to.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// Its YAML tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// What it says, decoded as ksbuilder decodes it; `None` without content. Maps hold unknown keys
    /// too.
    pub fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }

    /// What ksbuilder holds after reading it.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Some(value) => shape::to_json(&fields::MANIFEST, value),
            None => serde_json::json!({}),
        }
    }

    /// What the schema is held against: like [`Self::to_json`], with unknown keys.
    pub fn to_instance(&self) -> serde_json::Value {
        match &self.value {
            Some(value) => shape::to_instance(&fields::MANIFEST, value),
            None => serde_json::json!({}),
        }
    }

    /// The top-level entry of a key in its canonical spelling.
    pub fn entry(&self, key: &str) -> Option<&MapEntry> {
        self.value.as_ref()?.get(key)
    }

    /// The entries of a top-level map; none if it is absent, or no map.
    pub fn entries(&self, key: &str) -> &[MapEntry] {
        self.entry(key).map_or(&[], |entry| entry.value.entries())
    }

    /// The items of a top-level list; none if it is absent, or no list.
    pub fn items(&self, key: &str) -> &[Value] {
        self.entry(key).map_or(&[], |entry| entry.value.items())
    }

    /// The text of a top-level field; `None` if it is absent, null, empty or no text.
    pub fn text_of(&self, key: &str) -> Option<Text> {
        self.as_text(&self.entry(key)?.value)
            .filter(|text| !text.value.is_empty())
    }

    /// The extension's name.
    pub fn name(&self) -> Option<Text> {
        self.text_of("name")
    }

    /// The extension's version.
    pub fn version(&self) -> Option<Text> {
        self.text_of("version")
    }

    /// The icon: a URL, a data URI or a path in the package.
    pub fn icon(&self) -> Option<Text> {
        self.text_of("icon")
    }

    /// The screenshots in the author's order, each with its index in the list, counted from 0. Null
    /// items are empty texts, as ksbuilder has them; what is no text is left out.
    pub fn screenshots(&self) -> Vec<(usize, Text)> {
        self.items("screenshots")
            .iter()
            .enumerate()
            .filter_map(|(index, item)| Some((index, self.as_text(item)?)))
            .collect()
    }

    /// The folder that push removes.
    pub fn static_directory(&self) -> Option<Text> {
        self.text_of("staticFileDirectory")
    }

    /// The text that a decoded value of this manifest is: null is the empty text, as in ksbuilder;
    /// `None` for lists and maps.
    pub fn as_text(&self, value: &Value) -> Option<Text> {
        let text = match &value.data {
            Data::Text(text) => text.clone(),
            Data::Null => String::new(),
            _ => return None,
        };
        Some(Text {
            value: text,
            span: self.span(value.node),
            node: value.node,
        })
    }

    /// Where a node is written.
    pub fn span(&self, node: NodeId) -> Span {
        self.tree.span(node)
    }

    /// Where the value at `path` is written; the nearest one that exists, if it does not.
    pub fn place(&self, path: &[Step]) -> Place {
        match &self.value {
            Some(root) => place_in(&self.tree, root, path),
            None => Place {
                key: None,
                value: Span::empty(0),
                block: false,
                shared: false,
            },
        }
    }

    /// Where to say that something is missing at the top level: the first key, or the start of the
    /// text if there is none.
    pub fn first_key(&self) -> Span {
        first_key(&self.tree)
    }
}

/// Where the value at `path` below `root`, decoded from `tree`, is written; the nearest one that
/// exists, if it does not.
pub fn place_in(tree: &Tree, root: &Value, path: &[Step]) -> Place {
    let mut key = None;
    let mut value = root;
    for step in path {
        match step {
            Step::Key(name) => {
                let Some(entry) = value.get(name) else { break };
                value = &entry.value;
                key = Some(tree.span(entry.key_node));
            }
            Step::Index(index) => {
                let Some(item) = value.items().get(*index) else {
                    break;
                };
                value = item;
                key = None;
            }
        }
    }
    let node = tree.node(value.node);
    let block = match node.kind {
        Kind::Sequence { flow, .. } | Kind::Mapping { flow, .. } => !flow,
        Kind::Scalar { style, .. } => matches!(style, Style::Literal | Style::Folded),
        Kind::Alias { .. } => false,
    };
    Place {
        key,
        value: node.span,
        block,
        shared: node.anchor.is_some() || matches!(node.kind, Kind::Alias { .. }),
    }
}

/// The first top-level key of a YAML text; zero wide at its start if there is none.
pub fn first_key(tree: &Tree) -> Span {
    let root = tree.root();
    let first = root.and_then(|root| tree.pairs(root).first());
    first.map_or(Span::empty(0), |pair| tree.span(pair.key))
}
