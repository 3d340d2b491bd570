//! The tree of a YAML text: every key, value and comment with its place.
//!
//! Nodes live in one list and name each other by index: no recursion is needed to build, walk or
//! drop them, however deep a text nests, and an alias costs nothing.

use crate::text::Span;

use super::error::SyntaxError;
use super::value::{self, Value};

/// Names a node of one [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

/// The first document of a YAML text; what follows it is never read (go-yaml `Unmarshal`).
#[derive(Clone, Debug)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) comments: Vec<Span>,
    pub(super) end: usize,
    pub(super) repaired: Vec<Span>,
    pub(super) value: Option<Value>,
}

/// A key or a value.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands. A quoted scalar with its quotes, a flow collection with its brackets; a
    /// block scalar from its indicator to the end of its last line that is not blank; a block
    /// collection from its first to its last item; an empty value is zero wide. Anchor and tag stand
    /// in front and are not inside.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// The tag in front, if any.
    pub tag: Option<Tag>,
    /// The anchor in front, if any.
    pub anchor: Option<Anchor>,
}

/// What a [`Node`] is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A single value; what it means is for [`Value`](super::Value) to say.
    Scalar {
        /// The text behind quoting, folding and escapes.
        text: String,
        /// How it is written.
        style: Style,
    },
    /// A list.
    Sequence {
        /// Its items in order.
        items: Vec<NodeId>,
        /// Written with brackets.
        flow: bool,
    },
    /// A map, keys as written: duplicates and merges stand side by side.
    Mapping {
        /// Its entries in order.
        pairs: Vec<Pair>,
        /// Written with braces.
        flow: bool,
    },
    /// `*name`.
    Alias {
        /// The anchor's name.
        name: String,
        /// The node that bore this anchor last; `None` if none did, which is a [`SyntaxError`].
        target: Option<NodeId>,
    },
}

/// One entry of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The key's node.
    pub key: NodeId,
    /// The value's node; an empty value has one too.
    pub value: NodeId,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A tag with its place.
#[derive(Clone, Debug)]
pub struct Tag {
    /// From the first `!` to its end.
    pub span: Span,
    /// With the handle resolved: `!!str` is `tag:yaml.org,2002:str`; a lone `!` stays `!`.
    pub name: String,
}

/// An anchor with its place.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// From the `&` to the end of the name.
    pub span: Span,
    /// The name without `&`.
    pub name: String,
}

impl Tree {
    /// The top-level node; `None` for a text without content.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The node that `id` names.
    ///
    /// # Panics
    /// If `id` comes from another tree.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The node that `id` names, or the one that it is an alias of.
    pub fn follow(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            Kind::Alias {
                target: Some(target),
                ..
            } => target,
            _ => id,
        }
    }

    /// Where the node stands.
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The entries of a mapping, as written; none for other nodes. Aliases are followed.
    pub fn pairs(&self, id: NodeId) -> &[Pair] {
        match &self.node(self.follow(id)).kind {
            Kind::Mapping { pairs, .. } => pairs,
            _ => &[],
        }
    }

    /// The items of a list; none for other nodes. Aliases are followed.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(self.follow(id)).kind {
            Kind::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    /// The text of a scalar; `None` for other nodes. Aliases are followed.
    pub fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(self.follow(id)).kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether a key is the merge key `<<`.
    pub fn is_merge(&self, key: NodeId) -> bool {
        value::is_merge(self.node(key))
    }

    /// What go-yaml refuses this text for, the first one being what it says itself. Empty exactly
    /// when it accepts the text.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Every comment in order, from its `#` to the end of its line.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Offset behind the first document: text from here on is never read.
    pub fn end(&self) -> usize {
        self.end
    }

    /// What was left out to read on behind an error; empty for a text without errors. Whatever seems
    /// to be missing may stand in there.
    pub fn repaired(&self) -> &[Span] {
        &self.repaired
    }

    /// What the text means; `None` for a text without content.
    pub fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }

    /// All nodes, in the order in which they begin.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId).zip(&self.nodes)
    }
}
