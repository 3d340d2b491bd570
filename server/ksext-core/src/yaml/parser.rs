//! Tokens to a tree, as go-yaml's parser reads them (parserc.go): one pass over the first document,
//! with the open collections on a stack of our own.
//!
//! It stops at the first token that fits nowhere. What to do then is for
//! [`recovery`](super::recovery) to say.

use std::collections::HashMap;

use super::error::{ErrorKind, SyntaxError};
use super::scanner::{Scanned, Scanner, Token, TokenKind};
use super::tree::{Anchor, Kind, Node, NodeId, Pair, Style, Tag, Tree};
use crate::text::Span;

/// One run over a text.
pub(super) struct Attempt {
    /// What was read, up to the error if there is one.
    pub(super) tree: Tree,
    /// What stopped the run.
    pub(super) fatal: Option<SyntaxError>,
    /// The last plain or quoted scalar over several lines.
    pub(super) multiline_scalar: Option<Span>,
    /// Up to where the reader has looked, in bytes.
    pub(super) looked_at: usize,
}

pub(super) fn attempt(text: &str) -> Attempt {
    let mut parser = Parser {
        scanner: Scanner::new(text),
        nodes: Vec::new(),
        root: None,
        open: Vec::new(),
        anchors: HashMap::new(),
        tag_handles: Vec::new(),
        aliases: Vec::new(),
        end: text.len(),
    };
    let fatal = parser.document().err();
    parser.close_all();
    let multiline_scalar = parser.scanner.multiline_scalar;
    let looked_at = parser.scanner.looked_at;
    let tree = Tree {
        nodes: parser.nodes,
        root: parser.root,
        errors: parser.aliases,
        comments: parser.scanner.comments,
        end: parser.end,
        repaired: Vec::new(),
        value: None,
    };
    Attempt {
        tree,
        fatal,
        multiline_scalar,
        looked_at,
    }
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    nodes: Vec<Node>,
    root: Option<NodeId>,
    /// The collections around the current place, outermost first.
    open: Vec<Open>,
    anchors: HashMap<String, NodeId>,
    /// `%TAG` handles and what they stand for.
    tag_handles: Vec<(String, String)>,
    /// Aliases without an anchor: go-yaml stops at the first.
    aliases: Vec<SyntaxError>,
    end: usize,
}

/// A collection that is being read.
struct Open {
    node: NodeId,
    kind: OpenKind,
    /// A map's key that still lacks its value.
    key: Option<NodeId>,
    /// No item read yet.
    first: bool,
    /// A key of `{…}` that had no `:` behind it when it was read, so that no value follows.
    bare_key: bool,
    start: Span,
}

#[derive(Clone, Copy, PartialEq)]
enum OpenKind {
    BlockSequence,
    /// A list at the column of the key above it, which has no end token.
    IndentlessSequence,
    BlockMapping,
    FlowSequence,
    FlowMapping,
    /// `a: b` as an item of `[…]`.
    FlowPair,
}

/// Anchor and tag in front of a node.
#[derive(Default)]
struct Properties {
    anchor: Option<Anchor>,
    tag: Option<Tag>,
    start: Option<(Span, usize)>,
}

impl Parser<'_> {
    fn document(&mut self) -> Scanned<()> {
        let explicit = self.document_start()?;
        match self.scanner.peek()?.kind {
            TokenKind::StreamEnd if !explicit => return Ok(()),
            TokenKind::StreamEnd
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::VersionDirective { .. }
            | TokenKind::TagDirective { .. }
                if explicit => {}
            _ => {
                self.node(true, false)?;
                while !self.open.is_empty() {
                    self.step()?;
                }
            }
        }
        self.end = self.scanner.peek()?.span.start;
        Ok(())
    }

    /// Directives and `---`; answers whether there was one of them.
    fn document_start(&mut self) -> Scanned<bool> {
        let mut version = false;
        let mut any = false;
        loop {
            let token = self.scanner.peek()?.clone();
            match token.kind {
                TokenKind::VersionDirective { .. } if version => {
                    let kind = ErrorKind::BadDirective("found duplicate %YAML directive");
                    return Err(self.unexpected(&token, kind, None));
                }
                TokenKind::VersionDirective { major: 1, minor: 1 } => version = true,
                TokenKind::VersionDirective { .. } => {
                    return Err(self.unexpected(&token, ErrorKind::IncompatibleVersion, None));
                }
                TokenKind::TagDirective {
                    ref handle,
                    ref prefix,
                } => {
                    if self.tag_handles.iter().any(|(known, _)| known == handle) {
                        let kind = ErrorKind::BadDirective("found duplicate %TAG directive");
                        return Err(self.unexpected(&token, kind, None));
                    }
                    self.tag_handles.push((handle.clone(), prefix.clone()));
                }
                TokenKind::DocumentStart => {
                    self.scanner.skip();
                    any = true;
                    break;
                }
                _ if any => {
                    return Err(self.unexpected(&token, ErrorKind::ExpectedDocumentStart, None));
                }
                _ => break,
            }
            any = true;
            self.scanner.skip();
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if !self.tag_handles.iter().any(|(known, _)| known == handle) {
                self.tag_handles
                    .push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(any)
    }

    /// Goes on inside the innermost open collection.
    fn step(&mut self) -> Scanned<()> {
        let top = self.open.last().expect("`step` runs inside a collection");
        match (top.kind, top.key.is_some()) {
            (OpenKind::BlockSequence, _) => self.block_sequence_entry(),
            (OpenKind::IndentlessSequence, _) => self.indentless_sequence_entry(),
            (OpenKind::BlockMapping, false) => self.block_mapping_key(),
            (OpenKind::BlockMapping, true) => self.block_mapping_value(),
            (OpenKind::FlowSequence, _) => self.flow_sequence_entry(),
            (OpenKind::FlowMapping, false) => self.flow_mapping_key(),
            (OpenKind::FlowMapping | OpenKind::FlowPair, true) => self.flow_value(),
            (OpenKind::FlowPair, false) => self.flow_pair_key_or_end(),
        }
    }

    // Block collections.

    fn block_sequence_entry(&mut self) -> Scanned<()> {
        let token = self.scanner.peek()?.clone();
        match token.kind {
            TokenKind::BlockEntry => {
                self.scanner.skip();
                match self.scanner.peek()?.kind {
                    TokenKind::BlockEntry | TokenKind::BlockEnd => {
                        self.empty(token.span.end);
                        Ok(())
                    }
                    _ => self.node(true, false),
                }
            }
            TokenKind::BlockEnd => self.close_with_token(),
            _ => Err(self.misplaced(&token, ErrorKind::ExpectedDash)),
        }
    }

    fn indentless_sequence_entry(&mut self) -> Scanned<()> {
        let token = self.scanner.peek()?.clone();
        if token.kind != TokenKind::BlockEntry {
            self.close(None);
            return Ok(());
        }
        self.scanner.skip();
        match self.scanner.peek()?.kind {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                self.empty(token.span.end);
                Ok(())
            }
            _ => self.node(true, false),
        }
    }

    fn block_mapping_key(&mut self) -> Scanned<()> {
        let token = self.scanner.peek()?.clone();
        match token.kind {
            TokenKind::Key => {
                self.scanner.skip();
                self.block_node_or_empty(token.span.end)
            }
            TokenKind::BlockEnd => self.close_with_token(),
            _ => Err(self.misplaced(&token, ErrorKind::ExpectedKey)),
        }
    }

    fn block_mapping_value(&mut self) -> Scanned<()> {
        let token = self.scanner.peek()?.clone();
        if token.kind == TokenKind::Value {
            self.scanner.skip();
            return self.block_node_or_empty(token.span.end);
        }
        self.empty(token.span.start);
        Ok(())
    }

    fn block_node_or_empty(&mut self, at: usize) -> Scanned<()> {
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                self.empty(at);
                Ok(())
            }
            _ => self.node(true, true),
        }
    }

    // Flow collections.

    /// Steps over the comma in front of every item but the first. Answers whether the collection
    /// ends here instead.
    fn flow_separator(&mut self, end: &TokenKind, refusal: ErrorKind) -> Scanned<bool> {
        let token = self.scanner.peek()?.clone();
        if token.kind == *end {
            return Ok(true);
        }
        let top = self
            .open
            .last_mut()
            .expect("`step` runs inside a collection");
        if std::mem::replace(&mut top.first, false) {
            return Ok(false);
        }
        if token.kind != TokenKind::FlowEntry {
            return Err(self.misplaced(&token, refusal));
        }
        self.scanner.skip();
        Ok(self.scanner.peek()?.kind == *end)
    }

    fn flow_sequence_entry(&mut self) -> Scanned<()> {
        let end = TokenKind::FlowSequenceEnd;
        if self.flow_separator(&end, ErrorKind::ExpectedCommaOrBracket)? {
            return self.close_with_token();
        }
        let token = self.scanner.peek()?.clone();
        if token.kind != TokenKind::Key {
            return self.node(false, false);
        }
        self.scanner.skip();
        let kind = Kind::Mapping {
            pairs: Vec::new(),
            flow: true,
        };
        self.open(kind, OpenKind::FlowPair, token.span, Properties::default());
        Ok(())
    }

    /// A pair in a list has exactly one entry; go-yaml gives an empty key to what has none, eating
    /// the token in front of it (parserc.go `…_flow_sequence_entry_mapping_key`).
    fn flow_pair_key_or_end(&mut self) -> Scanned<()> {
        let top = self
            .open
            .last_mut()
            .expect("`step` runs inside a collection");
        if !std::mem::replace(&mut top.first, false) {
            self.close(None);
            return Ok(());
        }
        let token = self.scanner.peek()?.clone();
        match token.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                self.scanner.skip();
                self.empty(token.span.end);
                Ok(())
            }
            _ => self.node(false, false),
        }
    }

    fn flow_mapping_key(&mut self) -> Scanned<()> {
        let end = TokenKind::FlowMappingEnd;
        if self.flow_separator(&end, ErrorKind::ExpectedCommaOrBrace)? {
            return self.close_with_token();
        }
        let bare = self.scanner.peek()?.kind != TokenKind::Key;
        self.open
            .last_mut()
            .expect("`step` runs inside a collection")
            .bare_key = bare;
        if bare {
            return self.node(false, false);
        }
        self.scanner.skip();
        let token = self.scanner.peek()?.clone();
        match token.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                self.empty(token.span.start);
                Ok(())
            }
            _ => self.node(false, false),
        }
    }

    fn flow_value(&mut self) -> Scanned<()> {
        let mut token = self.scanner.peek()?.clone();
        let bare = self.open.last().is_some_and(|top| top.bare_key);
        if token.kind == TokenKind::Value && !bare {
            let behind_colon = token.span.end;
            self.scanner.skip();
            token = self.scanner.peek()?.clone();
            let pair = self
                .open
                .last()
                .is_some_and(|top| top.kind == OpenKind::FlowPair);
            let ends = match token.kind {
                TokenKind::FlowEntry => true,
                TokenKind::FlowSequenceEnd => pair,
                TokenKind::FlowMappingEnd => !pair,
                _ => false,
            };
            if !ends {
                return self.node(false, false);
            }
            self.empty(behind_colon);
            return Ok(());
        }
        self.empty(token.span.start);
        Ok(())
    }

    // Nodes.

    /// A node at the cursor: a scalar or alias is read, a collection opened.
    fn node(&mut self, block: bool, indentless: bool) -> Scanned<()> {
        if let TokenKind::Alias(name) = &self.scanner.peek()?.kind {
            let name = name.clone();
            let span = self.scanner.next()?.span;
            self.alias(name, span);
            return Ok(());
        }
        let properties = self.properties()?;
        // Most tokens are scalars, whose text is moved rather than copied.
        if matches!(self.scanner.peek()?.kind, TokenKind::Scalar { .. }) {
            let token = self.scanner.next()?;
            if let TokenKind::Scalar { text, style } = token.kind {
                self.add(Kind::Scalar { text, style }, token.span, properties);
            }
            return Ok(());
        }
        let token = self.scanner.peek()?.clone();
        let (kind, open) = match token.kind {
            TokenKind::BlockEntry if indentless => (
                Kind::Sequence {
                    items: Vec::new(),
                    flow: false,
                },
                OpenKind::IndentlessSequence,
            ),
            TokenKind::FlowSequenceStart => (
                Kind::Sequence {
                    items: Vec::new(),
                    flow: true,
                },
                OpenKind::FlowSequence,
            ),
            TokenKind::FlowMappingStart => (
                Kind::Mapping {
                    pairs: Vec::new(),
                    flow: true,
                },
                OpenKind::FlowMapping,
            ),
            TokenKind::BlockSequenceStart if block => (
                Kind::Sequence {
                    items: Vec::new(),
                    flow: false,
                },
                OpenKind::BlockSequence,
            ),
            TokenKind::BlockMappingStart if block => (
                Kind::Mapping {
                    pairs: Vec::new(),
                    flow: false,
                },
                OpenKind::BlockMapping,
            ),
            _ if properties.start.is_some() => {
                let kind = Kind::Scalar {
                    text: String::new(),
                    style: Style::Plain,
                };
                let end = properties.end();
                self.add(kind, Span::empty(end), properties);
                return Ok(());
            }
            _ => {
                let context = properties.start.map(|(span, _)| span);
                return Err(self.unexpected(&token, ErrorKind::ExpectedNode, context));
            }
        };
        if open != OpenKind::IndentlessSequence {
            self.scanner.skip();
        }
        self.open(kind, open, token.span, properties);
        Ok(())
    }

    fn properties(&mut self) -> Scanned<Properties> {
        let mut properties = Properties::default();
        loop {
            let next = &self.scanner.peek()?.kind;
            if !matches!(next, TokenKind::Anchor(_) | TokenKind::Tag { .. }) {
                return Ok(properties);
            }
            let token = self.scanner.peek()?.clone();
            match token.kind {
                TokenKind::Anchor(name) if properties.anchor.is_none() => {
                    properties.anchor = Some(Anchor {
                        span: token.span,
                        name,
                    });
                }
                TokenKind::Tag {
                    ref handle,
                    ref suffix,
                } if properties.tag.is_none() => {
                    let name = self.tag_name(&token, handle, suffix)?;
                    properties.tag = Some(Tag {
                        span: token.span,
                        name,
                    });
                }
                _ => return Ok(properties),
            }
            properties.start.get_or_insert((token.span, token.line));
            self.scanner.skip();
        }
    }

    fn tag_name(&self, token: &Token, handle: &str, suffix: &str) -> Scanned<String> {
        if handle.is_empty() {
            return Ok(suffix.to_owned());
        }
        match self.tag_handles.iter().find(|(known, _)| known == handle) {
            Some((_, prefix)) => Ok(format!("{prefix}{suffix}")),
            None => Err(self.unexpected(token, ErrorKind::UndefinedTagHandle, None)),
        }
    }

    fn alias(&mut self, name: String, span: Span) {
        let target = self.anchors.get(&name).copied();
        if target.is_none() {
            let kind = ErrorKind::UnknownAlias(name.clone());
            self.aliases.push(SyntaxError::without_line(kind, span));
        }
        self.add(Kind::Alias { name, target }, span, Properties::default());
    }

    fn empty(&mut self, at: usize) {
        let kind = Kind::Scalar {
            text: String::new(),
            style: Style::Plain,
        };
        self.add(kind, Span::empty(at), Properties::default());
    }

    /// Makes a node and hands it to the collection around it.
    fn add(&mut self, kind: Kind, span: Span, properties: Properties) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        if let Some(anchor) = &properties.anchor {
            self.anchors.insert(anchor.name.clone(), id);
        }
        let Properties { anchor, tag, .. } = properties;
        self.nodes.push(Node {
            span,
            kind,
            tag,
            anchor,
        });
        let Some(top) = self.open.last_mut() else {
            self.root = Some(id);
            return id;
        };
        match &mut self.nodes[top.node.0 as usize].kind {
            Kind::Sequence { items, .. } => items.push(id),
            Kind::Mapping { pairs, .. } => match top.key.take() {
                None => top.key = Some(id),
                Some(key) => pairs.push(Pair { key, value: id }),
            },
            Kind::Scalar { .. } | Kind::Alias { .. } => {}
        }
        id
    }

    fn open(&mut self, kind: Kind, open: OpenKind, start: Span, properties: Properties) {
        let node = self.add(kind, start, properties);
        self.open.push(Open {
            node,
            kind: open,
            key: None,
            first: true,
            bare_key: false,
            start,
        });
    }

    fn close_with_token(&mut self) -> Scanned<()> {
        let end = self.scanner.next()?.span;
        self.close((!end.is_empty()).then_some(end.end));
        Ok(())
    }

    /// Ends the innermost collection, at `end` or behind its last item.
    fn close(&mut self, end: Option<usize>) {
        let Some(open) = self.open.pop() else { return };
        let end = end.unwrap_or_else(|| self.end_of_last(open.node));
        let span = &mut self.nodes[open.node.0 as usize].span;
        span.end = end.max(span.end);
    }

    fn end_of_last(&self, node: NodeId) -> usize {
        let node = &self.nodes[node.0 as usize];
        let last = match &node.kind {
            Kind::Sequence { items, .. } => items.last().copied(),
            Kind::Mapping { pairs, .. } => pairs.last().map(|pair| pair.value),
            Kind::Scalar { .. } | Kind::Alias { .. } => None,
        };
        last.map_or(node.span.end, |last| self.nodes[last.0 as usize].span.end)
    }

    /// Ends whatever an error has left open; a key without a value gets an empty one.
    fn close_all(&mut self) {
        while let Some(open) = self.open.last() {
            if let Some(key) = open.key {
                let at = self.nodes[key.0 as usize].span.end;
                self.empty(at);
            }
            self.close(None);
        }
    }

    // Errors.

    /// An error at `token`, as the parser words its line: counted from 0, none for the first.
    fn unexpected(&self, token: &Token, kind: ErrorKind, context: Option<Span>) -> SyntaxError {
        let mut span = token.span;
        if span.is_empty() {
            span.end = self.scanner.cursor.end_of_line_from(span.start);
        }
        let go_line = (token.line > 0).then_some(token.line);
        SyntaxError {
            kind,
            span,
            context,
            noticed_as: None,
            go_line,
        }
    }

    /// An error at `token` for which the innermost collection is to blame.
    fn misplaced(&self, token: &Token, kind: ErrorKind) -> SyntaxError {
        let context = self.open.last().map(|open| Span::empty(open.start.start));
        self.unexpected(token, kind, context)
    }
}

impl Properties {
    /// Offset behind the last of them.
    fn end(&self) -> usize {
        let anchor = self.anchor.as_ref().map(|anchor| anchor.span.end);
        let tag = self.tag.as_ref().map(|tag| tag.span.end);
        anchor.max(tag).unwrap_or(0)
    }
}
