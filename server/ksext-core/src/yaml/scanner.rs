//! Text to tokens, as go-yaml's scanner cuts them (scannerc.go).
//!
//! A token carries its bytes and its line. What a sequence of tokens means is for
//! [`parser`](super::parser) to say.

use std::collections::VecDeque;

use super::cursor::{Cursor, Mark};
use super::error::{ErrorKind, SyntaxError};
use super::scalars;
use super::tree::Style;
use crate::text::Span;

/// More levels than this are refused (scannerc.go `max_flow_level`, `max_indents`).
const MAX_DEPTH: usize = 10_000;
/// A key without `? ` may be this many characters long (scannerc.go `yaml_simple_key_is_valid`).
const MAX_KEY: usize = 1024;

/// A token with its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
    /// 0-based line of its start.
    pub(super) line: usize,
    /// The flow level whose possible key begins here.
    key_level: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    StreamEnd,
    VersionDirective { major: u32, minor: u32 },
    TagDirective { handle: String, prefix: String },
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(String),
    Anchor(String),
    Tag { handle: String, suffix: String },
    Scalar { text: String, style: Style },
}

/// A place that becomes a key if a colon follows.
#[derive(Clone, Copy, Debug)]
struct PossibleKey {
    /// In block context at the indentation of a mapping: without a colon it is an error.
    required: bool,
    /// Number of its token, counted from the start of the text.
    token: usize,
    mark: Mark,
}

/// Where the key of one flow level may begin.
#[derive(Clone, Copy, Debug)]
struct KeySlot {
    key: Option<PossibleKey>,
    /// Number of the token at which a key was last possible; at first that of the opening bracket.
    token: usize,
}

pub(super) type Scanned<T> = Result<T, SyntaxError>;

/// Cuts one text into tokens, on demand.
pub(super) struct Scanner<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) comments: Vec<Span>,
    queue: VecDeque<Token>,
    taken: usize,
    /// One slot for each flow level, the outermost for block context.
    possible_keys: Vec<KeySlot>,
    key_allowed: bool,
    /// Column of the innermost block collection; −1 outside of any.
    pub(super) indent: isize,
    indents: Vec<isize>,
    /// The last plain or quoted scalar that runs over several lines.
    pub(super) multiline_scalar: Option<Span>,
    /// Up to where the reader behind go-yaml's scanner has looked.
    pub(super) looked_at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            comments: Vec::new(),
            queue: VecDeque::new(),
            taken: 0,
            possible_keys: vec![KeySlot {
                key: None,
                token: 0,
            }],
            key_allowed: true,
            indent: -1,
            indents: Vec::new(),
            multiline_scalar: None,
            looked_at: 0,
        }
    }

    /// The next token, left in place.
    pub(super) fn peek(&mut self) -> Scanned<&Token> {
        self.fill()?;
        Ok(self
            .queue
            .front()
            .expect("`fill` leaves at least one token"))
    }

    /// Drops the token that [`Self::peek`] shows.
    pub(super) fn skip(&mut self) {
        if self.queue.pop_front().is_some() {
            self.taken += 1;
        }
    }

    /// The next token, taken out.
    pub(super) fn next(&mut self) -> Scanned<Token> {
        self.fill()?;
        self.taken += 1;
        Ok(self
            .queue
            .pop_front()
            .expect("`fill` leaves at least one token"))
    }

    /// Scans until the first token in the queue is final, that is, no key may still begin at it.
    fn fill(&mut self) -> Scanned<()> {
        loop {
            if let Some(front) = self.queue.front() {
                let Some(level) = front.key_level else {
                    return Ok(());
                };
                match self.possible_keys.get(level).and_then(|slot| slot.key) {
                    Some(key) if key.token == self.taken => {
                        if !self.key_is_valid(level)? {
                            return Ok(());
                        }
                    }
                    _ => return Ok(()),
                }
            }
            self.fetch()?;
        }
    }

    fn fetch(&mut self) -> Scanned<()> {
        self.skip_to_next_token();
        self.looked_at = self.looked_at.max(self.cursor.offset_of_nth(4));
        self.unroll_indent(self.cursor.column() as isize);
        if self.cursor.at_end() {
            return self.fetch_stream_end();
        }
        if self.cursor.column() == 0 {
            match self.cursor.byte(0) {
                b'%' => return self.fetch_directive(),
                b'-' if self.cursor.document_mark() => {
                    return self.fetch_document_mark(TokenKind::DocumentStart);
                }
                b'.' if self.cursor.document_mark() => {
                    return self.fetch_document_mark(TokenKind::DocumentEnd);
                }
                _ => {}
            }
        }
        let flow = self.in_flow();
        let blank_follows = self.cursor.is_blank_or_end(1);
        match self.cursor.byte(0) {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if blank_follows => self.fetch_block_entry(),
            b'?' if flow || blank_follows => self.fetch_key(),
            b':' if flow || blank_follows => self.fetch_value(),
            b'*' => self.fetch_anchor(true),
            b'&' => self.fetch_anchor(false),
            b'!' => self.fetch_tag(),
            b'|' if !flow => self.fetch_block_scalar(Style::Literal),
            b'>' if !flow => self.fetch_block_scalar(Style::Folded),
            b'\'' => self.fetch_scalar(Style::SingleQuoted),
            b'"' => self.fetch_scalar(Style::DoubleQuoted),
            b'|' | b'>' | b'%' | b'@' | b'`' | b'#' | b'\t' => Err(self.cannot_start_token()),
            _ => self.fetch_scalar(Style::Plain),
        }
    }

    fn cannot_start_token(&self) -> SyntaxError {
        let found = self.cursor.peek_char();
        self.error_here(ErrorKind::CannotStartToken(found), None)
    }

    fn in_flow(&self) -> bool {
        self.possible_keys.len() > 1
    }

    /// An error at the cursor, as the scanner words its line: counted from 1, none for the first.
    pub(super) fn error_here(&self, kind: ErrorKind, context: Option<Mark>) -> SyntaxError {
        let mark = self.cursor.mark();
        let span = Span::new(mark.offset, mark.offset + self.cursor.char_len());
        self.error_at(kind, mark, span, context)
    }

    fn error_at(
        &self,
        kind: ErrorKind,
        mark: Mark,
        span: Span,
        context: Option<Mark>,
    ) -> SyntaxError {
        let go_line = (mark.line > 0).then_some(mark.line + 1);
        let context = context.map(|start| Span::empty(start.offset));
        SyntaxError {
            kind,
            span,
            context,
            noticed_as: None,
            go_line,
        }
    }

    // Possible keys.

    fn key_is_valid(&mut self, level: usize) -> Scanned<bool> {
        let Some(key) = self.possible_keys[level].key else {
            return Ok(false);
        };
        let now = self.cursor.mark();
        if key.mark.line == now.line && key.mark.index + MAX_KEY >= now.index {
            return Ok(true);
        }
        if key.required {
            return Err(self.missing_colon(key));
        }
        self.possible_keys[level].key = None;
        Ok(false)
    }

    fn missing_colon(&self, key: PossibleKey) -> SyntaxError {
        let start = key.mark.offset;
        let span = Span::new(start, self.cursor.end_of_line_from(start));
        self.error_at(
            ErrorKind::MissingColon,
            self.cursor.mark(),
            span,
            Some(key.mark),
        )
    }

    /// Notes that a key may begin here; answers for which level.
    fn save_key(&mut self) -> Scanned<Option<usize>> {
        if !self.key_allowed {
            return Ok(None);
        }
        self.remove_key()?;
        let level = self.possible_keys.len() - 1;
        let required = !self.in_flow() && self.indent == self.cursor.column() as isize;
        let token = self.taken + self.queue.len();
        let key = PossibleKey {
            required,
            token,
            mark: self.cursor.mark(),
        };
        self.possible_keys[level] = KeySlot {
            key: Some(key),
            token,
        };
        Ok(Some(level))
    }

    fn remove_key(&mut self) -> Scanned<()> {
        let slot = self
            .possible_keys
            .last_mut()
            .expect("the block level stays");
        match slot.key.take() {
            Some(key) if key.required => Err(self.missing_colon(key)),
            _ => Ok(()),
        }
    }

    // Indentation.

    /// Opens a block collection at `column` if it is deeper than the current one. `token` is where
    /// its start token goes; `None` for the end of the queue.
    fn roll_indent(
        &mut self,
        column: usize,
        token: Option<usize>,
        kind: TokenKind,
        mark: Mark,
    ) -> Scanned<()> {
        if self.in_flow() || self.indent >= column as isize {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column as isize;
        if self.indents.len() > MAX_DEPTH {
            return Err(self.error_here(ErrorKind::TooDeep, Some(mark)));
        }
        self.insert(token, kind, mark);
        Ok(())
    }

    fn unroll_indent(&mut self, column: isize) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            let mark = self.cursor.mark();
            self.insert(None, TokenKind::BlockEnd, mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    // Tokens.

    /// Puts a zero-wide token into the queue: in front of token number `token` if it is still there,
    /// else at the end.
    fn insert(&mut self, token: Option<usize>, kind: TokenKind, mark: Mark) {
        let at = token.and_then(|token| token.checked_sub(self.taken));
        let at = at.unwrap_or(self.queue.len());
        let span = Span::empty(mark.offset);
        self.queue.insert(
            at,
            Token {
                kind,
                span,
                line: mark.line,
                key_level: None,
            },
        );
    }

    fn push(&mut self, kind: TokenKind, start: Mark, key_level: Option<usize>) {
        let span = Span::new(start.offset, self.cursor.offset());
        self.queue.push_back(Token {
            kind,
            span,
            line: start.line,
            key_level,
        });
    }

    fn push_chars(&mut self, count: usize, kind: TokenKind, key_level: Option<usize>) {
        let start = self.cursor.mark();
        for _ in 0..count {
            self.cursor.advance();
        }
        self.push(kind, start, key_level);
    }

    fn fetch_stream_end(&mut self) -> Scanned<()> {
        self.cursor.force_new_line();
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        self.push_chars(0, TokenKind::StreamEnd, None);
        Ok(())
    }

    fn fetch_document_mark(&mut self, kind: TokenKind) -> Scanned<()> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        self.push_chars(3, kind, None);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Scanned<()> {
        let level = self.save_key()?;
        let token = self.taken + self.queue.len();
        self.possible_keys.push(KeySlot { key: None, token });
        if self.possible_keys.len() - 1 > MAX_DEPTH {
            return Err(self.error_here(ErrorKind::TooDeep, Some(self.cursor.mark())));
        }
        self.key_allowed = true;
        self.push_chars(1, kind, level);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Scanned<()> {
        self.remove_key()?;
        if self.in_flow()
            && let Some(slot) = self.possible_keys.pop()
            && let Some(at) = slot.token.checked_sub(self.taken)
            && let Some(token) = self.queue.get_mut(at)
        {
            // In brackets without a key this is the opening bracket: go-yaml forgets that it may be
            // a key itself (scannerc.go `yaml_parser_decrease_flow_level`), so `{}: x` is `{}`.
            token.key_level = None;
        }
        self.key_allowed = false;
        self.push_chars(1, kind, None);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Scanned<()> {
        self.remove_key()?;
        self.key_allowed = true;
        self.push_chars(1, TokenKind::FlowEntry, None);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Scanned<()> {
        if !self.in_flow() {
            self.open_block(ErrorKind::EntryNotAllowed, TokenKind::BlockSequenceStart)?;
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.push_chars(1, TokenKind::BlockEntry, None);
        Ok(())
    }

    fn fetch_key(&mut self) -> Scanned<()> {
        if !self.in_flow() {
            self.open_block(ErrorKind::KeyNotAllowed, TokenKind::BlockMappingStart)?;
        }
        self.remove_key()?;
        self.key_allowed = !self.in_flow();
        self.push_chars(1, TokenKind::Key, None);
        Ok(())
    }

    fn fetch_value(&mut self) -> Scanned<()> {
        let level = self.possible_keys.len() - 1;
        if self.key_is_valid(level)?
            && let Some(key) = self.possible_keys[level].key.take()
        {
            self.insert(Some(key.token), TokenKind::Key, key.mark);
            let kind = TokenKind::BlockMappingStart;
            self.roll_indent(key.mark.column, Some(key.token), kind, key.mark)?;
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                self.open_block(ErrorKind::ValueNotAllowed, TokenKind::BlockMappingStart)?;
            }
            self.key_allowed = !self.in_flow();
        }
        self.push_chars(1, TokenKind::Value, None);
        Ok(())
    }

    /// A block collection's indicator at the cursor: allowed only where a key would be.
    fn open_block(&mut self, refusal: ErrorKind, start: TokenKind) -> Scanned<()> {
        if !self.key_allowed {
            return Err(self.error_here(refusal, None));
        }
        let mark = self.cursor.mark();
        self.roll_indent(mark.column, None, start, mark)
    }

    fn fetch_anchor(&mut self, alias: bool) -> Scanned<()> {
        let level = self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        self.cursor.advance();
        let name = self.cursor.take_while(is_name_byte).to_owned();
        let ends = self.cursor.is_blank_or_end(0)
            || matches!(
                self.cursor.byte(0),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if name.is_empty() || !ends {
            let mark = self.cursor.mark();
            let span = Span::new(start.offset, mark.offset + self.cursor.char_len());
            return Err(self.error_at(ErrorKind::ExpectedAnchorName, mark, span, Some(start)));
        }
        let kind = if alias {
            TokenKind::Alias(name)
        } else {
            TokenKind::Anchor(name)
        };
        self.push(kind, start, level);
        Ok(())
    }

    fn fetch_tag(&mut self) -> Scanned<()> {
        let level = self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        let kind = super::tags::scan_tag(self, start)?;
        self.push(kind, start, level);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Scanned<()> {
        self.unroll_indent(-1);
        self.remove_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        let kind = super::tags::scan_directive(self, start)?;
        self.push(kind, start, None);
        self.skip_blanks_and_comment();
        if !self.cursor.is_break_or_end(0) {
            let kind = ErrorKind::BadDirective("did not find expected comment or line break");
            return Err(self.error_here(kind, Some(start)));
        }
        self.cursor.skip_line();
        Ok(())
    }

    fn fetch_block_scalar(&mut self, style: Style) -> Scanned<()> {
        self.remove_key()?;
        self.key_allowed = true;
        let start = self.cursor.mark();
        let (text, end) = scalars::scan_block(self, style == Style::Folded, start)?;
        let span = Span::new(start.offset, end);
        let kind = TokenKind::Scalar { text, style };
        self.queue.push_back(Token {
            kind,
            span,
            line: start.line,
            key_level: None,
        });
        Ok(())
    }

    /// A plain or quoted scalar.
    fn fetch_scalar(&mut self, style: Style) -> Scanned<()> {
        let level = self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark();
        let (text, end) = if style == Style::Plain {
            let plain = scalars::scan_plain(self, self.in_flow(), start)?;
            self.key_allowed = plain.line_break_behind;
            (plain.text, plain.end)
        } else {
            let text = scalars::scan_quoted(self, style == Style::SingleQuoted, start)?;
            (text, self.cursor.offset())
        };
        let span = Span::new(start.offset, end);
        if span.of(self.cursor.text()).contains(['\n', '\r']) {
            self.multiline_scalar = Some(span);
        }
        let kind = TokenKind::Scalar { text, style };
        self.queue.push_back(Token {
            kind,
            span,
            line: start.line,
            key_level: level,
        });
        Ok(())
    }

    // What stands between tokens.

    fn skip_to_next_token(&mut self) {
        loop {
            self.cursor.swallow_after_double_bom();
            while self.cursor.byte(0) == b' '
                || (self.cursor.byte(0) == b'\t' && (self.in_flow() || !self.key_allowed))
            {
                self.cursor.advance();
            }
            self.take_comment();
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.skip_line();
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }

    pub(super) fn skip_blanks_and_comment(&mut self) {
        while matches!(self.cursor.byte(0), b' ' | b'\t') {
            self.cursor.advance();
        }
        self.take_comment();
    }

    fn take_comment(&mut self) {
        if self.cursor.byte(0) != b'#' {
            return;
        }
        let start = self.cursor.offset();
        while !self.cursor.is_break_or_end(0) {
            self.cursor.advance();
        }
        self.comments.push(Span::new(start, self.cursor.offset()));
    }
}

/// What names of anchors and tag handles consist of (yamlprivateh.go `is_alpha`).
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}
