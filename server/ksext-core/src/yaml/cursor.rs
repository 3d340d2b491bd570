//! A place that moves through a text, with the line and column that YAML's rules ask for.

/// A place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes from the start of the text.
    pub(super) offset: usize,
    /// Characters from the start of the text.
    pub(super) index: usize,
    /// 0-based line; YAML has more line breaks than LSP: NEL, LS and PS end a line too.
    pub(super) line: usize,
    /// 0-based column in characters.
    pub(super) column: usize,
}

/// The size of the blocks in which go-yaml reads (yamlh.go `input_raw_buffer_size`), in bytes.
pub(super) const READ_BLOCK: usize = 512;

pub(super) struct Cursor<'a> {
    text: &'a str,
    mark: Mark,
    /// Up to here the first character of a line is swallowed; see
    /// [`Self::swallow_after_double_bom`].
    swallow_until: usize,
}

const BOM: &str = "\u{feff}";

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        // The first byte order mark is no character of the text (readerc.go
        // `yaml_parser_determine_encoding`).
        let offset = if text.starts_with(BOM) { BOM.len() } else { 0 };
        let double = offset > 0 && text[offset..].starts_with(BOM);
        Self {
            text,
            mark: Mark {
                offset,
                index: 0,
                line: 0,
                column: 0,
            },
            swallow_until: if double { READ_BLOCK } else { 0 },
        }
    }

    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) fn offset(&self) -> usize {
        self.mark.offset
    }

    pub(super) fn column(&self) -> usize {
        self.mark.column
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    pub(super) fn at_end(&self) -> bool {
        self.mark.offset >= self.text.len()
    }

    /// The byte `ahead` bytes further on; 0 behind the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.mark.offset + ahead)
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn peek_char(&self) -> Option<char> {
        self.text[self.mark.offset..].chars().next()
    }

    /// Bytes of the character here; 0 at the end.
    pub(super) fn char_len(&self) -> usize {
        match self.byte(0) {
            _ if self.at_end() => 0,
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        }
    }

    /// Offset behind the next `count` characters.
    pub(super) fn offset_of_nth(&self, count: usize) -> usize {
        let rest = &self.text[self.mark.offset..];
        self.mark.offset
            + rest
                .char_indices()
                .nth(count)
                .map_or(rest.len(), |(at, _)| at)
    }

    /// Steps over one character that is no line break.
    pub(super) fn advance(&mut self) {
        let len = self.char_len();
        if len > 0 {
            self.mark.offset += len;
            self.mark.index += 1;
            self.mark.column += 1;
        }
    }

    /// Steps over the bytes that `accept` accepts, all of them ASCII and no line breaks.
    pub(super) fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'a str {
        let start = self.mark.offset;
        let rest = &self.text.as_bytes()[start..];
        let count = rest
            .iter()
            .position(|&byte| !accept(byte))
            .unwrap_or(rest.len());
        self.mark.offset += count;
        self.mark.index += count;
        self.mark.column += count;
        &self.text[start..self.mark.offset]
    }

    /// Bytes of the line break `ahead` bytes further on; 0 if there is none.
    fn break_len(&self, ahead: usize) -> usize {
        match self.byte(ahead) {
            b'\n' => 1,
            b'\r' if self.byte(ahead + 1) == b'\n' => 2,
            b'\r' => 1,
            0xc2 if self.byte(ahead + 1) == 0x85 => 2,
            0xe2 if self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xa8 | 0xa9) => {
                3
            }
            _ => 0,
        }
    }

    pub(super) fn is_break(&self, ahead: usize) -> bool {
        self.break_len(ahead) > 0
    }

    pub(super) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.mark.offset + ahead >= self.text.len() || self.is_break(ahead)
    }

    pub(super) fn is_blank_or_end(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t') || self.is_break_or_end(ahead)
    }

    /// Whether `---` or `...` stands here, alone.
    pub(super) fn document_mark(&self) -> bool {
        let first = self.byte(0);
        matches!(first, b'-' | b'.')
            && self.byte(1) == first
            && self.byte(2) == first
            && self.is_blank_or_end(3)
    }

    /// Steps over a line break if there is one.
    pub(super) fn skip_line(&mut self) {
        let len = self.break_len(0);
        if len > 0 {
            self.mark.offset += len;
            self.mark.index += 1;
            self.mark.line += 1;
            self.mark.column = 0;
        }
    }

    /// Steps over a line break and answers what it is read as.
    pub(super) fn read_line(&mut self) -> &'static str {
        // LS and PS stay what they are, every other break becomes a line feed.
        let read = match (self.byte(0), self.byte(2)) {
            (0xe2, 0xa8) => "\u{2028}",
            (0xe2, _) => "\u{2029}",
            _ if self.at_end() => "",
            _ => "\n",
        };
        self.skip_line();
        read
    }

    /// At the end, a last line without a break ends nevertheless.
    pub(super) fn force_new_line(&mut self) {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
    }

    /// End of the text on the line of `start`, without trailing blanks.
    pub(super) fn end_of_line_from(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        let line = rest
            .split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
            .next();
        start + line.unwrap_or_default().trim_end().len()
    }

    /// Two byte order marks in front make go-yaml swallow the first character of every line, as long
    /// as the second one is still the first thing in its buffer (scannerc.go
    /// `yaml_parser_scan_to_next_token` looks at the buffer's start).
    pub(super) fn swallow_after_double_bom(&mut self) {
        if self.mark.column == 0 && self.mark.offset < self.swallow_until {
            self.advance();
        }
    }
}
