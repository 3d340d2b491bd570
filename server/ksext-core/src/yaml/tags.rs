//! Tags and the lines that begin with `%` (scannerc.go `yaml_parser_scan_tag`,
//! `yaml_parser_scan_directive`).

use super::cursor::Mark;
use super::error::ErrorKind;
use super::scanner::{Scanned, Scanner, TokenKind, is_name_byte};

pub(super) fn scan_tag(scanner: &mut Scanner<'_>, start: Mark) -> Scanned<TokenKind> {
    let (handle, suffix) = if scanner.cursor.byte(1) == b'<' {
        scanner.cursor.advance();
        scanner.cursor.advance();
        let suffix = scan_uri(scanner, start, None)?;
        if scanner.cursor.byte(0) != b'>' {
            let kind = ErrorKind::BadTag("did not find the expected '>'");
            return Err(scanner.error_here(kind, Some(start)));
        }
        scanner.cursor.advance();
        (String::new(), suffix)
    } else {
        let handle = scan_handle(scanner, start)?;
        if handle.len() > 1 && handle.ends_with('!') {
            let suffix = scan_uri(scanner, start, None)?;
            (handle, suffix)
        } else {
            match scan_uri(scanner, start, Some(&handle))? {
                // A lone `!` has its handle as suffix, so that no `%TAG` line changes it.
                suffix if suffix.is_empty() => (String::new(), "!".to_owned()),
                suffix => ("!".to_owned(), suffix),
            }
        }
    };
    if !scanner.cursor.is_blank_or_end(0) {
        let kind = ErrorKind::BadTag("did not find expected whitespace or line break");
        return Err(scanner.error_here(kind, Some(start)));
    }
    Ok(TokenKind::Tag { handle, suffix })
}

/// `!`, `!!` or `!name!`; what has no second `!` is the start of the suffix.
fn scan_handle(scanner: &mut Scanner<'_>, start: Mark) -> Scanned<String> {
    if scanner.cursor.byte(0) != b'!' {
        let kind = ErrorKind::BadTag("did not find expected '!'");
        return Err(scanner.error_here(kind, Some(start)));
    }
    scanner.cursor.advance();
    let mut handle = format!("!{}", scanner.cursor.take_while(is_name_byte));
    if scanner.cursor.byte(0) == b'!' {
        scanner.cursor.advance();
        handle.push('!');
    }
    Ok(handle)
}

/// A tag's suffix or a `%TAG` line's prefix. `head` is what [`scan_handle`] has read of it already.
fn scan_uri(scanner: &mut Scanner<'_>, start: Mark, head: Option<&str>) -> Scanned<String> {
    let mut uri: Vec<u8> = head.map_or(Vec::new(), |head| head.as_bytes()[1..].to_vec());
    let mut any = head.is_some();
    loop {
        match scanner.cursor.byte(0) {
            b'%' => scan_escaped_char(scanner, start, &mut uri)?,
            byte if is_uri_byte(byte) => {
                uri.push(byte);
                scanner.cursor.advance();
            }
            _ => break,
        }
        any = true;
    }
    if !any {
        let kind = ErrorKind::BadTag("did not find expected tag URI");
        return Err(scanner.error_here(kind, Some(start)));
    }
    Ok(String::from_utf8_lossy(&uri).into_owned())
}

fn is_uri_byte(byte: u8) -> bool {
    is_name_byte(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte)
}

/// One character as `%XX` octets.
fn scan_escaped_char(scanner: &mut Scanner<'_>, start: Mark, uri: &mut Vec<u8>) -> Scanned<()> {
    let mut left = None;
    while left != Some(0) {
        let digit = |ahead| char::from(scanner.cursor.byte(ahead)).to_digit(16);
        let (b'%', Some(high), Some(low)) = (scanner.cursor.byte(0), digit(1), digit(2)) else {
            let kind = ErrorKind::BadTag("did not find URI escaped octet");
            return Err(scanner.error_here(kind, Some(start)));
        };
        let octet = (high * 16 + low) as u8;
        left = match left {
            None => match octet {
                0..0x80 => Some(0),
                0xc0..0xe0 => Some(1),
                0xe0..0xf0 => Some(2),
                0xf0..0xf8 => Some(3),
                _ => {
                    let kind = ErrorKind::BadTag("found an incorrect leading UTF-8 octet");
                    return Err(scanner.error_here(kind, Some(start)));
                }
            },
            Some(_) if octet & 0xc0 != 0x80 => {
                let kind = ErrorKind::BadTag("found an incorrect trailing UTF-8 octet");
                return Err(scanner.error_here(kind, Some(start)));
            }
            Some(left) => Some(left - 1),
        };
        uri.push(octet);
        for _ in 0..3 {
            scanner.cursor.advance();
        }
    }
    Ok(())
}

/// A line that begins with `%`, up to its value.
pub(super) fn scan_directive(scanner: &mut Scanner<'_>, start: Mark) -> Scanned<TokenKind> {
    scanner.cursor.advance();
    let name = scanner.cursor.take_while(is_name_byte);
    if name.is_empty() {
        return Err(bad_directive(
            scanner,
            start,
            "could not find expected directive name",
        ));
    }
    if !scanner.cursor.is_blank_or_end(0) {
        return Err(bad_directive(
            scanner,
            start,
            "found unexpected non-alphabetical character",
        ));
    }
    match name {
        "YAML" => scan_version(scanner, start),
        "TAG" => scan_tag_directive(scanner, start),
        _ => Err(bad_directive(
            scanner,
            start,
            "found unknown directive name",
        )),
    }
}

fn bad_directive(scanner: &Scanner<'_>, start: Mark, text: &'static str) -> super::SyntaxError {
    let mut error = scanner.error_here(ErrorKind::BadDirective(text), Some(start));
    error.span.start = start.offset;
    error.span.end = scanner.cursor.end_of_line_from(start.offset);
    error
}

fn skip_blanks(scanner: &mut Scanner<'_>) {
    while matches!(scanner.cursor.byte(0), b' ' | b'\t') {
        scanner.cursor.advance();
    }
}

fn scan_version(scanner: &mut Scanner<'_>, start: Mark) -> Scanned<TokenKind> {
    skip_blanks(scanner);
    let major = scan_version_number(scanner, start)?;
    if scanner.cursor.byte(0) != b'.' {
        return Err(bad_directive(
            scanner,
            start,
            "did not find expected digit or '.' character",
        ));
    }
    scanner.cursor.advance();
    let minor = scan_version_number(scanner, start)?;
    Ok(TokenKind::VersionDirective { major, minor })
}

fn scan_version_number(scanner: &mut Scanner<'_>, start: Mark) -> Scanned<u32> {
    let digits = scanner.cursor.take_while(|byte| byte.is_ascii_digit());
    match digits.len() {
        0 => Err(bad_directive(
            scanner,
            start,
            "did not find expected version number",
        )),
        1 | 2 => Ok(digits
            .bytes()
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))),
        _ => Err(bad_directive(
            scanner,
            start,
            "found extremely long version number",
        )),
    }
}

fn scan_tag_directive(scanner: &mut Scanner<'_>, start: Mark) -> Scanned<TokenKind> {
    skip_blanks(scanner);
    let handle = scan_handle(scanner, start)?;
    if handle != "!" && !(handle.len() > 1 && handle.ends_with('!')) {
        return Err(bad_directive(scanner, start, "did not find expected '!'"));
    }
    if !matches!(scanner.cursor.byte(0), b' ' | b'\t') {
        return Err(bad_directive(
            scanner,
            start,
            "did not find expected whitespace",
        ));
    }
    skip_blanks(scanner);
    let prefix = scan_uri(scanner, start, None)?;
    if !scanner.cursor.is_blank_or_end(0) {
        let text = "did not find expected whitespace or line break";
        return Err(bad_directive(scanner, start, text));
    }
    Ok(TokenKind::TagDirective { handle, prefix })
}
