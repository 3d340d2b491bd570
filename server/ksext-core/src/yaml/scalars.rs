//! The text of plain, quoted and block scalars (scannerc.go `yaml_parser_scan_*_scalar`).

use super::cursor::Mark;
use super::error::ErrorKind;
use super::scanner::{Scanned, Scanner};
use crate::text::Span;

/// Line breaks and blanks between two pieces of a scalar that goes over several lines.
#[derive(Default)]
struct Fold {
    blanks: String,
    first_break: String,
    more_breaks: String,
    broken: bool,
}

impl Fold {
    /// Takes the blank or line break at the cursor.
    fn take(&mut self, scanner: &mut Scanner<'_>) {
        let cursor = &mut scanner.cursor;
        if cursor.is_break(0) {
            let text = cursor.read_line();
            if self.broken {
                self.more_breaks.push_str(text);
            } else {
                self.blanks.clear();
                self.first_break.push_str(text);
                self.broken = true;
            }
            return;
        }
        if !self.broken {
            self.blanks.push(char::from(cursor.byte(0)));
        }
        cursor.advance();
    }

    /// Writes what the blanks and breaks are read as: a single line feed becomes a space, of more
    /// the first is dropped.
    fn write(&mut self, out: &mut String) {
        if !self.broken {
            out.push_str(&self.blanks);
        } else if self.first_break.starts_with('\n') {
            out.push_str(if self.more_breaks.is_empty() {
                " "
            } else {
                &self.more_breaks
            });
        } else {
            out.push_str(&self.first_break);
            out.push_str(&self.more_breaks);
        }
        self.clear();
    }

    fn clear(&mut self) {
        self.blanks.clear();
        self.first_break.clear();
        self.more_breaks.clear();
        self.broken = false;
    }
}

pub(super) struct Plain {
    pub(super) text: String,
    /// Offset behind its last character.
    pub(super) end: usize,
    /// Whether the scanner has passed a line break behind it.
    pub(super) line_break_behind: bool,
}

pub(super) fn scan_plain(scanner: &mut Scanner<'_>, flow: bool, start: Mark) -> Scanned<Plain> {
    let indent = scanner.indent + 1;
    let mut text = String::new();
    let mut end = start.offset;
    let mut fold = Fold::default();
    loop {
        let cursor = &scanner.cursor;
        if (cursor.column() == 0 && cursor.document_mark()) || cursor.byte(0) == b'#' {
            break;
        }
        let word_start = cursor.offset();
        while !scanner.cursor.is_blank_or_end(0) && !ends_plain(scanner, flow) {
            if scanner.cursor.offset() == word_start {
                fold.write(&mut text);
            }
            scanner.cursor.advance();
            // None of these ends a scalar, and most of them all are made of these.
            scanner.cursor.take_while(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b'_')
            });
        }
        let word_end = scanner.cursor.offset();
        if word_end > word_start {
            text.push_str(&scanner.cursor.text()[word_start..word_end]);
            end = word_end;
        }
        if scanner.cursor.at_end() || !scanner.cursor.is_blank_or_end(0) {
            break;
        }
        while !scanner.cursor.at_end() && scanner.cursor.is_blank_or_end(0) {
            let tab = scanner.cursor.byte(0) == b'\t';
            if tab && fold.broken && (scanner.cursor.column() as isize) < indent {
                return Err(scanner.error_here(ErrorKind::TabIndentation, Some(start)));
            }
            fold.take(scanner);
        }
        if !flow && (scanner.cursor.column() as isize) < indent {
            break;
        }
    }
    Ok(Plain {
        text,
        end,
        line_break_behind: fold.broken,
    })
}

/// Whether the character at the cursor ends a plain scalar. That `?` does so in flow context is
/// go-yaml's own.
fn ends_plain(scanner: &Scanner<'_>, flow: bool) -> bool {
    match scanner.cursor.byte(0) {
        b':' => scanner.cursor.is_blank_or_end(1),
        b',' | b'?' | b'[' | b']' | b'{' | b'}' => flow,
        _ => false,
    }
}

pub(super) fn scan_quoted(scanner: &mut Scanner<'_>, single: bool, start: Mark) -> Scanned<String> {
    let quote = if single { b'\'' } else { b'"' };
    scanner.cursor.advance();
    let mut text = String::new();
    let mut fold = Fold::default();
    loop {
        if scanner.cursor.column() == 0 && scanner.cursor.document_mark() {
            return Err(scanner.error_here(ErrorKind::DocumentMarkInQuotes, Some(start)));
        }
        if scanner.cursor.at_end() {
            let mut error = scanner.error_here(ErrorKind::UnclosedQuote, Some(start));
            let end = scanner.cursor.end_of_line_from(start.offset);
            error.span = Span::new(start.offset, end);
            return Err(error);
        }
        while !scanner.cursor.is_blank_or_end(0) {
            let byte = scanner.cursor.byte(0);
            if single && byte == quote && scanner.cursor.byte(1) == quote {
                text.push('\'');
                scanner.cursor.advance();
                scanner.cursor.advance();
            } else if byte == quote {
                break;
            } else if !single && byte == b'\\' {
                if scanner.cursor.is_break(1) {
                    scanner.cursor.advance();
                    scanner.cursor.skip_line();
                    fold.broken = true;
                    break;
                }
                scan_escape(scanner, start, &mut text)?;
            } else {
                text.extend(scanner.cursor.peek_char());
                scanner.cursor.advance();
            }
        }
        if scanner.cursor.byte(0) == quote {
            break;
        }
        let escaped_break = fold.broken;
        while !scanner.cursor.at_end() && scanner.cursor.is_blank_or_end(0) {
            fold.take(scanner);
        }
        if escaped_break {
            // Behind an escaped line break nothing stands for that break itself.
            text.push_str(&fold.more_breaks);
            fold.clear();
        } else {
            fold.write(&mut text);
        }
    }
    scanner.cursor.advance();
    Ok(text)
}

/// A backslash and what it stands for, in double quotes.
fn scan_escape(scanner: &mut Scanner<'_>, start: Mark, text: &mut String) -> Scanned<()> {
    let digits = match scanner.cursor.byte(1) {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        code => {
            let Some(read) = named_escape(code) else {
                let code = scanner.cursor.text()[scanner.cursor.offset() + 1..]
                    .chars()
                    .next();
                let kind = ErrorKind::UnknownEscape(code.unwrap_or('\\'));
                let mut error = scanner.error_here(kind, Some(start));
                error.span.end += code.map_or(0, char::len_utf8);
                return Err(error);
            };
            text.push(read);
            scanner.cursor.advance();
            scanner.cursor.advance();
            return Ok(());
        }
    };
    scanner.cursor.advance();
    scanner.cursor.advance();
    let mut value = 0u32;
    for ahead in 0..digits {
        let Some(digit) = char::from(scanner.cursor.byte(ahead)).to_digit(16) else {
            return Err(scanner.error_here(ErrorKind::ExpectedHex, Some(start)));
        };
        value = (value << 4) | digit;
    }
    let Some(read) = char::from_u32(value) else {
        let mut error = scanner.error_here(ErrorKind::InvalidEscapeCode, Some(start));
        error.span.end = error.span.start + digits;
        return Err(error);
    };
    text.push(read);
    for _ in 0..digits {
        scanner.cursor.advance();
    }
    Ok(())
}

/// What a backslash and this byte stand for; `\/`, which JSON has, is not among them.
fn named_escape(code: u8) -> Option<char> {
    Some(match code {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}

/// What a block scalar's header says.
#[derive(Default)]
struct BlockHeader {
    /// −1 strips all final breaks, 1 keeps all, 0 keeps one.
    chomping: i8,
    /// The given indentation; 0 if the first line decides.
    increment: usize,
}

/// The text of a block scalar and the offset behind its last line that is not blank.
pub(super) fn scan_block(
    scanner: &mut Scanner<'_>,
    folded: bool,
    start: Mark,
) -> Scanned<(String, usize)> {
    scanner.cursor.advance();
    let header = scan_block_header(scanner, start)?;
    let mut end = scanner.cursor.end_of_line_from(start.offset);
    scanner.cursor.skip_line();

    let mut indent = match header.increment {
        0 => 0,
        increment => scanner.indent.max(0) as usize + increment,
    };
    let mut text = String::new();
    let mut first_break = String::new();
    let mut more_breaks = String::new();
    let mut blank_before = false;
    scan_block_breaks(scanner, &mut indent, &mut more_breaks, start)?;
    while scanner.cursor.column() == indent && !scanner.cursor.at_end() {
        let blank = matches!(scanner.cursor.byte(0), b' ' | b'\t');
        if folded && !blank_before && !blank && first_break.starts_with('\n') {
            if more_breaks.is_empty() {
                text.push(' ');
            }
        } else {
            text.push_str(&first_break);
        }
        text.push_str(&more_breaks);
        first_break.clear();
        more_breaks.clear();
        blank_before = blank;

        let line_start = scanner.cursor.offset();
        while !scanner.cursor.is_break_or_end(0) {
            scanner.cursor.advance();
        }
        let line = &scanner.cursor.text()[line_start..scanner.cursor.offset()];
        text.push_str(line);
        if !line.trim().is_empty() {
            end = scanner.cursor.offset();
        }
        first_break.push_str(scanner.cursor.read_line());
        scan_block_breaks(scanner, &mut indent, &mut more_breaks, start)?;
    }
    if header.chomping != -1 {
        text.push_str(&first_break);
    }
    if header.chomping == 1 {
        text.push_str(&more_breaks);
    }
    Ok((text, end))
}

fn scan_block_header(scanner: &mut Scanner<'_>, start: Mark) -> Scanned<BlockHeader> {
    let mut header = BlockHeader::default();
    scan_chomping(scanner, &mut header);
    let digit = scanner.cursor.byte(0);
    if digit == b'0' {
        return Err(scanner.error_here(ErrorKind::ZeroIndentation, Some(start)));
    }
    if digit.is_ascii_digit() {
        header.increment = usize::from(digit - b'0');
        scanner.cursor.advance();
        if header.chomping == 0 {
            scan_chomping(scanner, &mut header);
        }
    }
    scanner.skip_blanks_and_comment();
    if !scanner.cursor.is_break_or_end(0) {
        return Err(scanner.error_here(ErrorKind::TextBehindBlockHeader, Some(start)));
    }
    Ok(header)
}

fn scan_chomping(scanner: &mut Scanner<'_>, header: &mut BlockHeader) {
    header.chomping = match scanner.cursor.byte(0) {
        b'+' => 1,
        b'-' => -1,
        _ => return,
    };
    scanner.cursor.advance();
}

/// Steps over indentation and blank lines; finds the indentation if none is given yet (0).
fn scan_block_breaks(
    scanner: &mut Scanner<'_>,
    indent: &mut usize,
    breaks: &mut String,
    start: Mark,
) -> Scanned<()> {
    let mut deepest = 0;
    loop {
        let inside = |scanner: &Scanner<'_>| *indent == 0 || scanner.cursor.column() < *indent;
        while inside(scanner) && scanner.cursor.byte(0) == b' ' {
            scanner.cursor.advance();
        }
        deepest = deepest.max(scanner.cursor.column());
        if inside(scanner) && scanner.cursor.byte(0) == b'\t' {
            return Err(scanner.error_here(ErrorKind::TabInBlockScalar, Some(start)));
        }
        if !scanner.cursor.is_break(0) {
            break;
        }
        breaks.push_str(scanner.cursor.read_line());
    }
    if *indent == 0 {
        *indent = deepest.max((scanner.indent + 1).max(1) as usize);
    }
    Ok(())
}
