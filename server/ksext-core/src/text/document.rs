//! A text that an editor changes piece by piece, and its lines and columns in every encoding.

use ropey::Rope;

use super::Span;

/// In what unit a column is counted (LSP 3.17, `PositionEncodingKind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, what LSP assumes when nothing was agreed.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

/// A place as an editor names it: line and column count from 0, the column in the unit of an
/// [`Encoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 0-based line. LF, CR LF and CR end a line (LSP 3.17, "Text Documents").
    pub line: u32,
    /// 0-based column.
    pub column: u32,
}

/// Two [`Position`]s, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionRange {
    /// First place inside.
    pub start: Position,
    /// Place behind the last one inside.
    pub end: Position,
}

/// A text with its lines.
///
/// Every conversion is total: an offset or position outside the text, or inside a character, means
/// the nearest place before it that exists. Editors do send such positions, and a wrong guess costs
/// less than a server that stops.
#[derive(Clone, Debug)]
pub struct Document {
    rope: Rope,
}

impl Document {
    /// The document that holds `text`.
    pub fn new(text: &str) -> Self {
        Self {
            rope: Rope::from_str(text),
        }
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.rope.to_string()
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.rope.len_bytes()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Replaces `range` by `text`, or the whole document if there is no range (LSP 3.17,
    /// `TextDocumentContentChangeEvent`). A range that ends before it starts is taken the other way
    /// round.
    pub fn apply(&mut self, range: Option<PositionRange>, text: &str, encoding: Encoding) {
        let Some(range) = range else {
            self.rope = Rope::from_str(text);
            return;
        };
        let (a, b) = (
            self.char_at(range.start, encoding),
            self.char_at(range.end, encoding),
        );
        let (start, end) = (a.min(b), a.max(b));
        self.rope.remove(start..end);
        self.rope.insert(start, text);
    }

    /// The byte offset of `position`.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        self.rope.char_to_byte(self.char_at(position, encoding))
    }

    /// The position of the byte `offset`.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let index = self.rope.byte_to_char(offset.min(self.len()));
        let line = self.rope.char_to_line(index);
        let start = self.rope.line_to_char(line);
        let column = match encoding {
            Encoding::Utf8 => self.rope.char_to_byte(index) - self.rope.char_to_byte(start),
            Encoding::Utf16 => {
                self.rope.char_to_utf16_cu(index) - self.rope.char_to_utf16_cu(start)
            }
            Encoding::Utf32 => index - start,
        };
        Position {
            line: saturate(line),
            column: saturate(column),
        }
    }

    /// Both ends of `span` as positions.
    pub fn range(&self, span: Span, encoding: Encoding) -> PositionRange {
        PositionRange {
            start: self.position(span.start, encoding),
            end: self.position(span.end, encoding),
        }
    }

    /// The bytes of line `line` (0-based) without its line break; empty behind the last line.
    pub fn line(&self, line: u32) -> Span {
        let line = line as usize;
        if line >= self.rope.len_lines() {
            return Span::empty(self.len());
        }
        Span::new(
            self.rope.line_to_byte(line),
            self.rope.char_to_byte(self.line_end(line)),
        )
    }

    /// Char index of `position`, clamped to its line and to a whole character.
    fn char_at(&self, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        if line >= self.rope.len_lines() {
            return self.rope.len_chars();
        }
        let start = self.rope.line_to_char(line);
        let column = position.column as usize;
        let index = match encoding {
            Encoding::Utf8 => {
                let byte = self.rope.char_to_byte(start).saturating_add(column);
                self.rope.byte_to_char(byte.min(self.rope.len_bytes()))
            }
            Encoding::Utf16 => {
                let unit = self.rope.char_to_utf16_cu(start).saturating_add(column);
                self.rope
                    .utf16_cu_to_char(unit.min(self.rope.len_utf16_cu()))
            }
            Encoding::Utf32 => start.saturating_add(column),
        };
        index.min(self.line_end(line))
    }

    /// Char index of the end of `line`, in front of its line break.
    fn line_end(&self, line: usize) -> usize {
        let start = self.rope.line_to_char(line);
        let content = self.rope.line(line);
        let mut len = content.len_chars();
        while len > 0 && matches!(content.char(len - 1), '\n' | '\r') {
            len -= 1;
        }
        start + len
    }
}

/// LSP counts in 32 bits; a text of 4 GiB lines or columns does not reach this far.
fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn columns_count_in_the_unit_of_the_encoding() {
        for (text, offset, [utf8, utf16, utf32]) in [
            ("name: demo\n", 6, [(0, 6), (0, 6), (0, 6)]),
            ("zh: 观测 # 😀!\n", 13, [(0, 13), (0, 9), (0, 9)]),
            ("zh: 观测 # 😀!\n", 17, [(0, 17), (0, 11), (0, 10)]),
            ("a: 1\r\nzh: 观测\r\n", 13, [(1, 7), (1, 5), (1, 5)]),
            ("a\rb", 2, [(1, 0), (1, 0), (1, 0)]),
            ("\u{feff}a: 1\n", 4, [(0, 4), (0, 2), (0, 2)]),
            ("", 7, [(0, 0), (0, 0), (0, 0)]),
        ] {
            let document = Document::new(text);
            let seen = ALL.map(|encoding| {
                let position = document.position(offset, encoding);
                (position.line, position.column)
            });
            assert_eq!(seen, [utf8, utf16, utf32], "{text:?} at {offset}");
        }
    }

    #[test]
    fn a_place_outside_the_text_means_the_nearest_one_before() {
        let document = Document::new("zh: 😀\r\nb");
        for (line, column, encoding, offset) in [
            (0, 99, Encoding::Utf16, 8),
            (0, 5, Encoding::Utf16, 4),
            (0, 6, Encoding::Utf8, 4),
            (1, 9, Encoding::Utf32, 11),
            (7, 0, Encoding::Utf8, 11),
        ] {
            assert_eq!(
                document.offset(Position { line, column }, encoding),
                offset,
                "{line}:{column}"
            );
        }
    }

    #[test]
    fn an_edit_past_the_end_or_upside_down_still_edits() {
        let at = |line, column| Position { line, column };
        let mut document = Document::new("a: 1\nb: 2\n");
        document.apply(
            Some(PositionRange {
                start: at(9, 0),
                end: at(9, 9),
            }),
            "c: 3\n",
            Encoding::Utf16,
        );
        document.apply(
            Some(PositionRange {
                start: at(1, 4),
                end: at(1, 3),
            }),
            "5",
            Encoding::Utf16,
        );
        assert_eq!(document.text(), "a: 1\nb: 5\nc: 3\n");
        document.apply(None, "观", Encoding::Utf16);
        assert_eq!(document.text(), "观");
    }

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                Just('a'),
                Just(' '),
                Just('\n'),
                Just('\r'),
                Just('观'),
                Just('😀'),
                Just('\u{301}'),
                Just('\u{feff}')
            ],
            0..40,
        )
        .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn every_character_boundary_survives_the_round_trip(text in text()) {
            let document = Document::new(&text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                // Between CR and LF there is no position: LSP has it at the end of the line.
                if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') {
                    continue;
                }
                for encoding in ALL {
                    prop_assert_eq!(document.offset(document.position(offset, encoding), encoding), offset);
                }
            }
        }

        #[test]
        fn an_edit_means_the_same_in_every_encoding(
            text in text(), inserted in text(), a in 0usize..40, b in 0usize..40,
        ) {
            let results = ALL.map(|encoding| {
                let mut document = Document::new(&text);
                let range = document.range(Span::new(a.min(b).min(text.len()), a.max(b).min(text.len())), encoding);
                document.apply(Some(range), &inserted, encoding);
                document.text()
            });
            prop_assert_eq!(&results[0], &results[1]);
            prop_assert_eq!(&results[1], &results[2]);
        }

        #[test]
        fn no_edit_panics(text in text(), l in 0u32..9, c in 0u32..50, m in 0u32..9, d in 0u32..50) {
            for encoding in ALL {
                let mut document = Document::new(&text);
                let range = PositionRange { start: Position { line: l, column: c }, end: Position { line: m, column: d } };
                document.apply(Some(range), "x", encoding);
                prop_assert!(document.text().contains('x'));
            }
        }
    }
}
