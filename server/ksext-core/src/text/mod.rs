//! Places in a text, and texts that change: the only offset arithmetic.
//!
//! Inside ksext a place is a byte offset ([`Span`]). Lines and columns exist at the edges only, and
//! [`Document`] is the one converter between the two.

mod diff;
mod document;

pub use diff::{edits_between, unified};
pub use document::{Document, Encoding, Position, PositionRange};

/// A range of bytes in a text: `start` belongs to it, `end` does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte; never below `start`.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The place between two bytes, zero wide.
    pub const fn empty(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Number of bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether no byte is inside.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` is inside or at either edge: a cursor that touches the range.
    pub const fn touches(self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// The smallest range that covers both.
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The part of `text` in this range; empty when the range does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// Where the line of `offset` begins: behind the line break before it, or at the start of `text`. A
/// byte order mark is no part of the line.
pub fn line_start(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    let bom = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    before
        .rfind(['\n', '\r'])
        .map_or(bom.min(offset), |at| at + 1)
}

/// What ends the lines of `text`: `\r\n` if any line ends so, else `\n`.
pub fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A replacement in one text: the bytes of `span` give way to `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards; empty for a deletion.
    pub text: String,
}

/// `text` with `edits` made, which may stand in any order; `None` if two of them overlap or one
/// does not fit the text.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut ordered: Vec<_> = edits.iter().collect();
    ordered.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in ordered {
        result.push_str(text.get(done..edit.span.start)?);
        result.push_str(&edit.text);
        done = edit.span.end;
    }
    result.push_str(text.get(done..)?);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_apply_in_text_order_whatever_order_they_come_in() {
        let edit = |start, end, text: &str| TextEdit {
            span: Span::new(start, end),
            text: text.into(),
        };
        let edits = [edit(6, 9, "图标"), edit(0, 0, "# "), edit(4, 5, "")];
        assert_eq!(
            apply_edits("icon: abc\n", &edits).as_deref(),
            Some("# icon 图标\n")
        );
    }

    #[test]
    fn overlapping_edits_are_refused() {
        let edit = |start, end| TextEdit {
            span: Span::new(start, end),
            text: String::new(),
        };
        assert_eq!(apply_edits("abcdef", &[edit(0, 3), edit(2, 4)]), None);
    }
}
