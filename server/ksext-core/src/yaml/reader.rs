//! Bytes to characters, as go-yaml's reader takes them (readerc.go).

use super::cursor::READ_BLOCK;
use super::error::{ErrorKind, SyntaxError};
use crate::text::Span;

/// A text with what the reader refuses in it.
///
/// Offsets count bytes of [`Source::text`]. That is the file itself unless it is UTF-16, which is
/// decoded first; bytes that are no UTF-8 are replaced one by one, so that all others keep their
/// places.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    refused: Option<SyntaxError>,
    /// Whether the file holds exactly these bytes.
    verbatim: bool,
}

impl Source {
    /// A text that is known to be Unicode.
    pub fn from_text(text: String) -> Self {
        let refused = first_control_character(&text);
        Self {
            text,
            refused,
            verbatim: true,
        }
    }

    /// A file's content.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xfe, rest @ ..] => Self::from_utf16(rest, u16::from_le_bytes),
            [0xfe, 0xff, rest @ ..] => Self::from_utf16(rest, u16::from_be_bytes),
            _ => match String::from_utf8(bytes.to_vec()) {
                Ok(text) => Self::from_text(text),
                Err(_) => Self::from_broken_utf8(bytes),
            },
        }
    }

    fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let (pairs, odd) = bytes.as_chunks::<2>();
        let mut text = String::new();
        let mut broken = None;
        for char in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
            text.push(char.unwrap_or_else(|_| {
                broken.get_or_insert(text.len());
                '?'
            }));
        }
        if !odd.is_empty() {
            broken.get_or_insert(text.len());
        }
        let mut source = Self::from_text(text);
        source.verbatim = false;
        if let Some(offset) = broken {
            source.refuse(
                offset,
                ErrorKind::InvalidUtf8("unexpected low surrogate area"),
            );
        }
        source
    }

    fn from_broken_utf8(bytes: &[u8]) -> Self {
        let mut text = String::with_capacity(bytes.len());
        let mut first = None;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                first.get_or_insert(text.len());
                text.extend(chunk.invalid().iter().map(|_| '?'));
            }
        }
        let mut source = Self::from_text(text);
        source.verbatim = false;
        if let Some(offset) = first {
            source.refuse(offset, ErrorKind::InvalidUtf8(utf8_fault(&bytes[offset..])));
        }
        source
    }

    /// Notes a refusal if it comes before the one that is known.
    fn refuse(&mut self, offset: usize, kind: ErrorKind) {
        if self
            .refused
            .as_ref()
            .is_none_or(|known| offset < known.span.start)
        {
            let end = self.text[offset..].chars().next().map_or(0, char::len_utf8) + offset;
            let span = Span::new(offset, end);
            self.refused = Some(SyntaxError::without_line(kind, span));
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the file holds the text as it is here. One in UTF-16, or with bytes that are no UTF-8,
    /// does not: written back, the text would change more than was edited.
    pub fn is_verbatim(&self) -> bool {
        self.verbatim
    }

    /// What the reader refuses, if it gets there: it reads in blocks and stops where the scanner
    /// behind it has seen enough, at `looked_at`.
    pub(super) fn refused_before(&self, looked_at: usize) -> Option<SyntaxError> {
        let error = self.refused.as_ref()?;
        let reached =
            looked_at > self.block_start(error.span.start) || looked_at >= self.text.len();
        reached.then(|| error.clone())
    }

    /// Start of the block that holds the byte at `offset`. A character that a block would cut goes
    /// into the next one.
    fn block_start(&self, offset: usize) -> usize {
        let mut start = 0;
        loop {
            let end = self.text.floor_char_boundary(start + READ_BLOCK);
            if end > offset || end == start || end >= self.text.len() {
                return start;
            }
            start = end;
        }
    }
}

/// What is wrong with bytes that do not begin with a character in UTF-8, in the reader's words.
fn utf8_fault(bytes: &[u8]) -> &'static str {
    let first = bytes.first().copied().unwrap_or(0);
    let (width, least) = match first {
        0..0x80 => (1, 0),
        0xc0..0xe0 => (2, 0x80),
        0xe0..0xf0 => (3, 0x800),
        0xf0..0xf8 => (4, 0x10000),
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(rest) = bytes.get(1..width) else {
        return "incomplete UTF-8 octet sequence";
    };
    if rest.iter().any(|byte| byte & 0xc0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    let bits = u32::from(first) & (0x7f >> width);
    let value = rest
        .iter()
        .fold(bits, |value, byte| (value << 6) | u32::from(byte & 0x3f));
    if value < least {
        "invalid length of a UTF-8 sequence"
    } else {
        "invalid Unicode character"
    }
}

fn first_control_character(text: &str) -> Option<SyntaxError> {
    // Control characters are below the space, or in UTF-8 begin with one of these bytes.
    let may_begin_one = |byte: u8| {
        byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || matches!(byte, 0x7f | 0xc2 | 0xef)
    };
    if !text.bytes().any(may_begin_one) {
        return None;
    }
    let (offset, char) = text.char_indices().find(|&(_, char)| !is_allowed(char))?;
    let span = Span::new(offset, offset + char.len_utf8());
    let kind = ErrorKind::ControlCharacter(char);
    Some(SyntaxError::without_line(kind, span))
}

/// What may stand in a YAML text (readerc.go, "Check the range of the value").
fn is_allowed(char: char) -> bool {
    matches!(
        char,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..
    )
}
