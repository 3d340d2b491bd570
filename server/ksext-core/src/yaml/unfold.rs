//! What go-yaml's decoder refuses in a tree that its parser accepts (decode.go): aliases that
//! unfold too far, merges of something else than maps, lists as keys, tags that do not fit.
//!
//! It walks the tree in the decoder's order with a stack of its own, and as far as the decoder
//! would: aliases that unfold without end stop it after a bounded number of steps.

use std::collections::HashSet;

use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};

use super::error::{ErrorKind, SyntaxError};
use super::resolve::{Resolved, resolve_plain};
use super::tree::{Kind, Node, NodeId, Tree};

/// More levels than this no JSON may have (encoding/json `maxNestingDepth`).
const MAX_JSON_DEPTH: usize = 10_000;

enum Step {
    Node(NodeId),
    Key(NodeId),
    Merge(NodeId),
    LeaveAlias(NodeId),
    LeaveCollection,
}

/// The first thing that the decoder refuses.
pub(super) fn check(tree: &Tree) -> Result<(), SyntaxError> {
    let mut walk = Walk {
        tree,
        steps: tree.root().into_iter().map(Step::Node).collect(),
        active: HashSet::new(),
        decoded: 0,
        decoded_by_alias: 0,
        depth: 0,
    };
    while let Some(step) = walk.steps.pop() {
        walk.take(step)?;
    }
    Ok(())
}

struct Walk<'a> {
    tree: &'a Tree,
    steps: Vec<Step>,
    /// The aliases around the current place.
    active: HashSet<NodeId>,
    decoded: usize,
    decoded_by_alias: usize,
    depth: usize,
}

impl Walk<'_> {
    fn take(&mut self, step: Step) -> Result<(), SyntaxError> {
        match step {
            Step::Node(id) => self.enter(id),
            Step::Key(id) => {
                let target = self.tree.node(self.tree.follow(id));
                if !matches!(target.kind, Kind::Scalar { .. } | Kind::Alias { .. }) {
                    return Err(self.error(id, ErrorKind::CollectionAsKey));
                }
                self.enter(id)
            }
            Step::Merge(id) => self.merge(id),
            Step::LeaveAlias(id) => {
                self.active.remove(&id);
                Ok(())
            }
            Step::LeaveCollection => {
                self.depth -= 1;
                Ok(())
            }
        }
    }

    fn enter(&mut self, id: NodeId) -> Result<(), SyntaxError> {
        self.count(id)?;
        let node = self.tree.node(id);
        match &node.kind {
            Kind::Scalar { text, .. } => check_scalar(node, text),
            Kind::Alias { name, target } => {
                if !self.active.insert(id) {
                    return Err(self.error(id, ErrorKind::AliasInItself(name.clone())));
                }
                self.steps.push(Step::LeaveAlias(id));
                self.steps.extend(target.map(Step::Node));
                Ok(())
            }
            Kind::Sequence { items, .. } => {
                self.enter_collection(id)?;
                self.steps
                    .extend(items.iter().rev().map(|item| Step::Node(*item)));
                Ok(())
            }
            Kind::Mapping { pairs, .. } => {
                self.enter_collection(id)?;
                for pair in pairs.iter().rev() {
                    if self.tree.is_merge(pair.key) {
                        self.steps.push(Step::Merge(pair.value));
                    } else {
                        self.steps.push(Step::Node(pair.value));
                        self.steps.push(Step::Key(pair.key));
                    }
                }
                Ok(())
            }
        }
    }

    fn enter_collection(&mut self, id: NodeId) -> Result<(), SyntaxError> {
        self.depth += 1;
        self.steps.push(Step::LeaveCollection);
        if self.depth > MAX_JSON_DEPTH {
            return Err(self.error(id, ErrorKind::TooDeep));
        }
        Ok(())
    }

    fn merge(&mut self, id: NodeId) -> Result<(), SyntaxError> {
        match &self.tree.node(id).kind {
            Kind::Sequence { items, .. } => {
                for item in items {
                    self.mergeable(*item)?;
                }
                self.steps
                    .extend(items.iter().map(|item| Step::Node(*item)));
            }
            _ => {
                self.mergeable(id)?;
                self.steps.push(Step::Node(id));
            }
        }
        Ok(())
    }

    /// Only a map or an alias of one can be merged.
    fn mergeable(&self, id: NodeId) -> Result<(), SyntaxError> {
        let node = self.tree.node(id);
        let merged = match &node.kind {
            Kind::Alias {
                target: Some(target),
                ..
            } => self.tree.node(*target),
            _ => node,
        };
        match merged.kind {
            Kind::Mapping { .. } => Ok(()),
            _ => Err(self.error(id, ErrorKind::BadMerge)),
        }
    }

    /// Counts a decoded node; aliases may make up only so much of all (decode.go
    /// `allowedAliasRatio`).
    fn count(&mut self, id: NodeId) -> Result<(), SyntaxError> {
        self.decoded += 1;
        if !self.active.is_empty() {
            self.decoded_by_alias += 1;
        }
        let (all, by_alias) = (self.decoded as f64, self.decoded_by_alias as f64);
        let (low, high) = (400_000.0, 4_000_000.0);
        let allowed = 0.99 - 0.89 * ((all - low) / (high - low)).clamp(0.0, 1.0);
        if self.decoded_by_alias > 100 && self.decoded > 1000 && by_alias / all > allowed {
            let alias = self.active.iter().min().copied().unwrap_or(id);
            return Err(self.error(alias, ErrorKind::ExcessiveAliasing));
        }
        Ok(())
    }

    fn error(&self, id: NodeId, kind: ErrorKind) -> SyntaxError {
        SyntaxError::without_line(kind, first_line(self.tree, id))
    }
}

/// The node's span, cut to a place that fits one line: a collection over several lines is named by
/// its first item.
fn first_line(tree: &Tree, mut id: NodeId) -> crate::text::Span {
    loop {
        id = match &tree.node(id).kind {
            Kind::Sequence { items, flow: false } if !items.is_empty() => items[0],
            Kind::Mapping { pairs, flow: false } if !pairs.is_empty() => pairs[0].key,
            _ => return tree.span(id),
        };
    }
}

/// What a tag asks for, as far as go-yaml knows it (resolve.go `resolvableTag`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wanted {
    Text,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
    /// Any other tag: ignored, and the text stays text.
    Unknown,
}

pub(super) fn tag(name: &str) -> Wanted {
    match name.strip_prefix("tag:yaml.org,2002:") {
        Some("str") => Wanted::Text,
        Some("bool") => Wanted::Bool,
        Some("int") => Wanted::Int,
        Some("float") => Wanted::Float,
        Some("null") => Wanted::Null,
        Some("timestamp") => Wanted::Timestamp,
        Some("binary") => Wanted::Binary,
        _ => Wanted::Unknown,
    }
}

impl Wanted {
    fn short_tag(self) -> &'static str {
        match self {
            Self::Text | Self::Unknown => "!!str",
            Self::Bool => "!!bool",
            Self::Int => "!!int",
            Self::Float => "!!float",
            Self::Null => "!!null",
            Self::Timestamp => "!!timestamp",
            Self::Binary => "!!binary",
        }
    }

    /// What `text` is under this tag; `Err` with what it looks like if the tag does not fit.
    pub(super) fn resolve(self, text: &str) -> Result<Resolved, Resolved> {
        // Quotes make no difference to a tagged scalar.
        let found = resolve_plain(text);
        match (self, found) {
            (Self::Text | Self::Binary | Self::Unknown, _) => Ok(Resolved::Text),
            (Self::Null, _) if text.is_empty() => Ok(Resolved::Null),
            (Self::Float, Resolved::Int(value)) => Ok(Resolved::Float(value as f64)),
            // Only an untagged scalar or a tagged time stamp is tried as a date.
            (Self::Bool | Self::Int | Self::Float | Self::Null, Resolved::Timestamp) => {
                Err(Resolved::Text)
            }
            (wanted, found) if wanted.short_tag() == found.short_tag() => Ok(found),
            (_, found) => Err(found),
        }
    }
}

fn check_scalar(node: &Node, text: &str) -> Result<(), SyntaxError> {
    let Some(tagged) = &node.tag else {
        return Ok(());
    };
    let wanted = tag(&tagged.name);
    let span = if node.span.is_empty() {
        tagged.span
    } else {
        node.span
    };
    let error = |kind| Err(SyntaxError::without_line(kind, span));
    if wanted == Wanted::Binary && decode_base64(text).is_none() {
        return error(ErrorKind::BadBase64);
    }
    match wanted.resolve(text) {
        Ok(_) => Ok(()),
        Err(found) => error(ErrorKind::CannotDecode {
            found: found.short_tag(),
            text: text.to_owned(),
            wanted: wanted.short_tag(),
        }),
    }
}

/// Base64 with padding, as Go's `StdEncoding` takes it: line breaks are skipped, stray bits at the
/// end are ignored. Bytes that are no UTF-8 become U+FFFD, as on their way through JSON.
pub(super) fn decode_base64(text: &str) -> Option<String> {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    let bytes = GeneralPurpose::new(&alphabet::STANDARD, config)
        .decode(digits)
        .ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
