//! A YAML text line by line, as far as its outline goes: indentation, dashes, keys. No tree is
//! needed, so that it says the same of a text that is half typed.

use std::ops::Range;

use crate::text::Span;

/// A line without its break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// Where it begins in the text, a byte order mark apart.
    pub(super) start: usize,
    /// Its content.
    pub(super) text: &'t str,
}

/// What a line begins with; all places are bytes of the line.
#[derive(Debug)]
pub(super) struct Outline {
    /// The number of spaces in front.
    pub(super) indent: usize,
    /// The columns of the dashes of list items.
    pub(super) dashes: Vec<usize>,
    /// Where what is no dash begins; the end of the line if there is nothing.
    pub(super) content: usize,
    /// The key of an entry, if there is one.
    pub(super) key: Option<Key>,
}

/// A key with its colon.
#[derive(Debug)]
pub(super) struct Key {
    /// The key, with its quotes.
    pub(super) span: Range<usize>,
    /// The quote that it stands in.
    pub(super) quote: Option<char>,
    /// Where the colon stands.
    pub(super) colon: usize,
}

/// How a value begins; all places are bytes of the line.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    /// Nothing, or a comment.
    Nothing,
    /// `[` or `{` at this place.
    Flow(usize),
    /// A quote at this place.
    Quoted(usize, char),
    /// `|` or `>`: what follows is text, line by line.
    Block,
    /// An alias.
    Alias,
    /// Words, without the comment behind them.
    Plain(Range<usize>),
}

impl<'t> Line<'t> {
    /// The line that begins at `start`.
    pub(super) fn at(text: &'t str, start: usize) -> Self {
        let start = if start == 0 && text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            start
        };
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        Self {
            start,
            text: &rest[..end],
        }
    }

    /// The line that `offset` is in.
    pub(super) fn around(text: &'t str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        Self::at(text, before.rfind(['\n', '\r']).map_or(0, |at| at + 1))
    }

    /// The next line; CR and LF count as two breaks with an empty line between.
    pub(super) fn next(self, text: &'t str) -> Option<Self> {
        (self.end() < text.len()).then(|| Self::at(text, self.end() + 1))
    }

    /// The line before.
    pub(super) fn previous(self, text: &'t str) -> Option<Self> {
        let end = self.start.checked_sub(1)?;
        text.get(..=end)?
            .ends_with(['\n', '\r'])
            .then(|| Self::around(text, end))
    }

    /// Offset behind its last character.
    pub(super) fn end(self) -> usize {
        self.start + self.text.len()
    }

    /// Whether the place `offset` of the text is in the line or at its end.
    pub(super) fn has(self, offset: usize) -> bool {
        Span::new(self.start, self.end()).touches(offset)
    }

    /// A part of the line as a place of the text.
    pub(super) fn span(self, part: &Range<usize>) -> Span {
        Span::new(self.start + part.start, self.start + part.end)
    }

    /// Whether there is nothing but white space.
    pub(super) fn is_blank(self) -> bool {
        self.text.trim_matches([' ', '\t']).is_empty()
    }

    /// The number of spaces in front.
    pub(super) fn indent(self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// Whether it says something of the outline: neither blank nor a comment, nor the end of a flow
    /// collection, nor a mark between documents.
    pub(super) fn counts(self) -> bool {
        let content = self.text.trim_start_matches(' ');
        let is_mark = content.len() == self.text.len()
            && ["---", "...", "%"]
                .iter()
                .any(|mark| content.starts_with(mark));
        !self.is_blank() && !content.starts_with(['#', '}', ']', '\t', ',']) && !is_mark
    }

    /// What it begins with.
    pub(super) fn outline(self) -> Outline {
        let indent = self.indent();
        let mut content = indent;
        let mut dashes = Vec::new();
        while let Some(behind) = self.text[content..].strip_prefix('-')
            && (behind.is_empty() || behind.starts_with([' ', '\t']))
        {
            dashes.push(content);
            let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            content += 1 + blanks;
        }
        let key = key_in(&self.text[content..]).map(|key| Key {
            span: content + key.span.start..content + key.span.end,
            colon: content + key.colon,
            ..key
        });
        Outline {
            indent,
            dashes,
            content,
            key,
        }
    }

    /// How the value begins that stands in the line from the byte `from` on.
    pub(super) fn value(self, from: usize) -> Value {
        let mut at = from;
        loop {
            let rest = &self.text[at..];
            let trimmed = rest.trim_start_matches([' ', '\t']);
            let is_apart = trimmed.len() < rest.len() || at == from;
            at = self.text.len() - trimmed.len();
            if !trimmed.starts_with(['&', '!']) || !is_apart {
                return value_at(trimmed, at);
            }
            at += trimmed.find([' ', '\t']).unwrap_or(trimmed.len());
        }
    }

    /// The text of a key or value, without quotes around it.
    pub(super) fn unquoted(self, part: &Range<usize>) -> &'t str {
        unquoted(&self.text[part.clone()])
    }
}

impl Outline {
    /// The column at which the entry or text of the line stands.
    pub(super) fn column(&self) -> usize {
        self.content
    }

    /// Whether the line begins a list item.
    pub(super) fn is_item(&self) -> bool {
        !self.dashes.is_empty()
    }
}

/// `text` without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

/// Offset behind the end of a quoted text that begins `text`; `None` if it does not end.
pub(super) fn quoted_end(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    let (_, quote) = chars.next()?;
    let mut chars = chars.peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' if quote == '"' => {
                chars.next();
            }
            char if char == quote => {
                if quote == '\'' && chars.next_if(|(_, next)| *next == '\'').is_some() {
                    continue;
                }
                return Some(at + 1);
            }
            _ => {}
        }
    }
    None
}

fn key_in(content: &str) -> Option<Key> {
    if let Some(quote) = content
        .chars()
        .next()
        .filter(|char| matches!(char, '"' | '\''))
    {
        let end = quoted_end(content)?;
        let behind = content[end..].trim_start_matches([' ', '\t']);
        let colon = content.len() - behind.len();
        return (behind.starts_with(':') && ends_key(&behind[1..])).then_some(Key {
            span: 0..end,
            quote: Some(quote),
            colon,
        });
    }
    if content.starts_with([
        '{', '[', '#', '&', '*', '!', '|', '>', '%', '@', '`', '?', ':',
    ]) {
        return None;
    }
    let end = comment_in(content);
    let mut colons = content[..end].match_indices(':').map(|(at, _)| at);
    let colon = colons.find(|at| ends_key(&content[at + 1..]))?;
    Some(Key {
        span: 0..content[..colon].trim_end_matches([' ', '\t']).len(),
        quote: None,
        colon,
    })
}

fn ends_key(behind: &str) -> bool {
    behind.is_empty() || behind.starts_with([' ', '\t'])
}

/// Where the comment of words without quotes begins, or their end.
fn comment_in(words: &str) -> usize {
    let mut marks = words.match_indices('#').map(|(at, _)| at);
    marks
        .find(|&at| at == 0 || words[..at].ends_with([' ', '\t']))
        .unwrap_or(words.len())
}

fn value_at(rest: &str, at: usize) -> Value {
    match rest.chars().next() {
        None | Some('#') => Value::Nothing,
        Some('[' | '{') => Value::Flow(at),
        Some(quote @ ('"' | '\'')) => Value::Quoted(at, quote),
        Some('*') => Value::Alias,
        Some('|' | '>') if is_header(&rest[1..]) => Value::Block,
        Some(_) => {
            let words = rest[..comment_in(rest)].trim_end_matches([' ', '\t']);
            Value::Plain(at..at + words.len())
        }
    }
}

/// Whether nothing but its indicators stands behind the `|` or `>` of a text.
fn is_header(behind: &str) -> bool {
    let rest = behind.trim_start_matches(|char: char| char.is_ascii_digit() || "+-".contains(char));
    rest.is_empty() || rest.starts_with([' ', '\t'])
}
