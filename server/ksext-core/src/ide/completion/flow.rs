//! A list or map in brackets, closed or not, with the place of everything in it.

use super::lines::{quoted_end, unquoted};
use crate::text::Span;

/// A collection in brackets with those in it.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// It and those in it, each behind the one that holds it.
    pub(super) collections: Vec<Collection>,
    /// Offset behind its closing bracket; where reading has ended if there is none.
    pub(super) end: usize,
    /// Whether it has one.
    pub(super) is_closed: bool,
    comments: Vec<Span>,
}

/// One list or map in brackets.
#[derive(Debug)]
pub(super) struct Collection {
    open: usize,
    close: Option<usize>,
    /// Whether its brackets are braces.
    pub(super) is_map: bool,
    /// The collection that holds it, and as which entry.
    pub(super) parent: Option<(usize, usize)>,
    /// What stands between its commas; the last may be empty.
    pub(super) entries: Vec<Entry>,
}

/// What stands between two commas.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    start: usize,
    end: Option<usize>,
    /// What stands before the colon, or the item of a list.
    pub(super) key: Option<Token>,
    /// Where the colon is.
    pub(super) colon: Option<usize>,
    /// What stands behind the colon.
    pub(super) value: Option<Token>,
    /// Whether key or value is a collection.
    pub(super) is_nested: bool,
}

/// A text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Where it stands, with its quotes.
    pub(super) span: Span,
    /// The quote around it.
    pub(super) quote: Option<char>,
}

impl Token {
    /// The text without quotes.
    pub(super) fn of<'t>(&self, text: &'t str) -> &'t str {
        match self.quote {
            Some(_) => unquoted(self.span.of(text)),
            None => self.span.of(text),
        }
    }
}

impl Flow {
    /// Reads the collection whose bracket stands at `start`, up to `limit` if it is not closed.
    pub(super) fn read(text: &str, start: usize, limit: usize) -> Self {
        let mut reader = Reader {
            text: &text[..limit],
            at: start,
            open: Vec::new(),
            flow: Self::default(),
        };
        while reader.step() {}
        reader.flow.end = reader.at;
        reader.flow
    }

    /// The innermost collection around `offset` and its entry there, by their indices; `None` in
    /// comments and outside.
    pub(super) fn at(&self, offset: usize) -> Option<(usize, usize)> {
        let in_comment = |comment: &Span| comment.start < offset && offset <= comment.end;
        if self.comments.iter().any(in_comment) {
            return None;
        }
        let around = |collection: &Collection| {
            collection.open < offset && collection.close.is_none_or(|close| offset <= close)
        };
        let index = self.collections.iter().rposition(around)?;
        let entries = &self.collections[index].entries;
        let here =
            |entry: &Entry| entry.start <= offset && entry.end.is_none_or(|end| offset <= end);
        Some((index, entries.iter().rposition(here)?))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    open: Vec<usize>,
    flow: Flow,
}

impl Reader<'_> {
    /// Reads one thing; whether there is more.
    fn step(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let Some(char) = rest.chars().next() else {
            return false;
        };
        match char {
            ' ' | '\t' | '\n' | '\r' => self.at += 1,
            '#' => self.comment(),
            '[' | '{' => self.begin(char == '{'),
            ']' | '}' => return self.finish(),
            ',' => self.comma(),
            ':' if self.is_colon() => self.colon(),
            '"' | '\'' => self.quoted(char),
            _ => self.plain(),
        }
        true
    }

    fn entry(&mut self) -> Option<&mut Entry> {
        let index = *self.open.last()?;
        self.flow.collections[index].entries.last_mut()
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        let len = rest.find(['\n', '\r']).unwrap_or(rest.len());
        self.flow.comments.push(Span::new(self.at, self.at + len));
        self.at += len;
    }

    fn begin(&mut self, is_map: bool) {
        if let Some(entry) = self.entry() {
            entry.is_nested = true;
        }
        let parent = self.open.last().map(|&index| {
            let entries = self.flow.collections[index].entries.len();
            (index, entries.saturating_sub(1))
        });
        self.open.push(self.flow.collections.len());
        let first = Entry {
            start: self.at + 1,
            ..Entry::default()
        };
        self.flow.collections.push(Collection {
            open: self.at,
            close: None,
            is_map,
            parent,
            entries: vec![first],
        });
        self.at += 1;
    }

    fn finish(&mut self) -> bool {
        let at = self.at;
        if let Some(entry) = self.entry() {
            entry.end = Some(at);
        }
        if let Some(index) = self.open.pop() {
            self.flow.collections[index].close = Some(at);
        }
        self.at += 1;
        self.flow.is_closed = self.open.is_empty();
        !self.flow.is_closed
    }

    fn comma(&mut self) {
        let at = self.at;
        if let Some(entry) = self.entry() {
            entry.end = Some(at);
        }
        if let Some(&index) = self.open.last() {
            self.flow.collections[index].entries.push(Entry {
                start: at + 1,
                ..Entry::default()
            });
        }
        self.at += 1;
    }

    /// Whether the colon here ends a key.
    fn is_colon(&self) -> bool {
        let entry = self
            .open
            .last()
            .and_then(|&index| self.flow.collections[index].entries.last());
        let is_first = entry.is_some_and(|entry| entry.colon.is_none());
        let is_quoted = entry
            .and_then(|entry| entry.key.as_ref())
            .is_some_and(|key| key.quote.is_some());
        is_first && (is_quoted || ends_word(&self.text[self.at + 1..]))
    }

    fn colon(&mut self) {
        let at = self.at;
        if let Some(entry) = self.entry() {
            entry.colon = Some(at);
        }
        self.at += 1;
    }

    fn quoted(&mut self, quote: char) {
        let rest = &self.text[self.at..];
        let len = quoted_end(rest).unwrap_or(rest.len());
        self.token(len, Some(quote));
    }

    fn plain(&mut self) {
        let rest = &self.text[self.at..];
        let ends = rest.char_indices().skip(1).find(|&(at, char)| match char {
            ',' | '[' | ']' | '{' | '}' | '\n' | '\r' => true,
            ':' => ends_word(&rest[at + 1..]),
            '#' => rest[..at].ends_with([' ', '\t']),
            _ => false,
        });
        let end = ends.map_or(rest.len(), |(at, _)| at);
        let len = rest[..end].trim_end_matches([' ', '\t']).len();
        self.token(len.max(1), None);
    }

    fn token(&mut self, len: usize, quote: Option<char>) {
        let span = Span::new(self.at, self.at + len);
        self.at = span.end;
        let Some(entry) = self.entry() else { return };
        let place = if entry.colon.is_some() {
            &mut entry.value
        } else {
            &mut entry.key
        };
        // Words over several lines are one text.
        let span = place
            .as_ref()
            .map_or(span, |before| before.span.cover(span));
        let quote = quote.filter(|_| place.is_none());
        *place = Some(Token { span, quote });
    }
}

/// Whether a key may end in front of `behind`, which follows its colon.
fn ends_word(behind: &str) -> bool {
    behind.is_empty() || behind.starts_with([' ', '\t', '\n', '\r', ',', ']', '}'])
}
