//! Splits a byte stream into message bodies (LSP 3.17, "Base Protocol") and survives whatever else
//! is in it.
//!
//! Accepts header names in any case, any number of header lines, and lines that end in LF alone.
//! What the bodies hold is left to [`super::message`].

use std::io::{self, BufRead, BufReader, Read};

/// How much of an over-long line is remembered: enough for a header that follows garbage.
const LINE_TAIL: usize = 1024;

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// The bytes of a message.
    Body(Vec<u8>),
    /// A body of `length` bytes, more than allowed; it is skipped.
    TooLong { length: u64 },
}

/// Reads frames; see the module.
pub(super) struct FrameReader<R> {
    input: BufReader<R>,
    limit: usize,
}

impl<R: Read> FrameReader<R> {
    /// Reads from `input`; bodies longer than `limit` bytes are skipped.
    pub(super) fn new(input: R, limit: usize) -> Self {
        Self {
            input: BufReader::with_capacity(16 << 10, input),
            limit,
        }
    }

    /// The next frame, or `None` when the input has ended, be it within a frame.
    ///
    /// Whatever is not a header with a usable length is passed over, up to the next one that is.
    /// A too long body is passed over in the same way instead of by counting, since its length may
    /// be a lie; no JSON text contains a line that looks like a header, as line breaks are escaped
    /// in its strings.
    pub(super) fn next(&mut self) -> io::Result<Option<Frame>> {
        let mut length = None;
        let mut passed_over = false;
        while let Some(line) = self.line()? {
            if let Some(found) = content_length(&line) {
                length = Some(found);
            } else if !line.is_empty() {
                passed_over |= !is_header(&line);
            } else if let Some(length) = length.take() {
                if passed_over {
                    tracing::warn!("passed over bytes from the client that belong to no message");
                }
                match usize::try_from(length) {
                    Ok(0) => {}
                    Ok(length) if length <= self.limit => return self.body(length),
                    _ => return Ok(Some(Frame::TooLong { length })),
                }
            }
        }
        Ok(None)
    }

    /// A line without its end; of a very long one the last bytes. `None` at the end of the input.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        loop {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                return Ok(None);
            }
            let end = available.iter().position(|&byte| byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            line.extend_from_slice(&part[part.len().saturating_sub(LINE_TAIL)..]);
            if line.len() > 2 * LINE_TAIL {
                line.drain(..line.len() - LINE_TAIL);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Some(line));
            }
        }
    }

    /// `length` bytes, stored as they come: a length that lies reserves nothing.
    fn body(&mut self, length: usize) -> io::Result<Option<Frame>> {
        let mut body = Vec::new();
        self.input
            .by_ref()
            .take(length as u64)
            .read_to_end(&mut body)?;
        Ok((body.len() == length).then_some(Frame::Body(body)))
    }
}

/// Whether `line` has the shape of a header, whichever.
fn is_header(line: &[u8]) -> bool {
    line.split(|&byte| byte == b':').next().is_some_and(|name| {
        name.len() < line.len()
            && name
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    })
}

/// The length that a header line states, if it is the `Content-Length` header.
///
/// Looks at the end of the line only, because the rest of a body whose own length was too small
/// stands right in front of the next header.
fn content_length(line: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"content-length";
    let colon = line.iter().rposition(|&byte| byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let start = name.len().checked_sub(NAME.len())?;
    if !name[start..].eq_ignore_ascii_case(NAME) {
        return None;
    }
    let digits = line[colon + 1..].trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const LIMIT: usize = 40;

    /// The frames in `input`: a body as its text, one that is too long as its length. The input
    /// arrives in pieces of every size, which must not matter.
    #[track_caller]
    fn check(input: impl AsRef<[u8]>, expected: &[&str]) {
        for piece in [1, 2, 7, usize::MAX] {
            let mut reader = FrameReader::new(Pieces(Cursor::new(input.as_ref()), piece), LIMIT);
            let mut seen = Vec::new();
            while let Some(frame) = reader.next().expect("no error in memory") {
                seen.push(match frame {
                    Frame::Body(body) => String::from_utf8_lossy(&body).into_owned(),
                    Frame::TooLong { length } => format!("too long: {length}"),
                });
            }
            assert_eq!(seen, expected, "in pieces of {piece}");
        }
    }

    struct Pieces<'a>(Cursor<&'a [u8]>, usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let size = buffer.len().min(self.1);
            self.0.read(&mut buffer[..size])
        }
    }

    #[test]
    fn reads_one_frame_after_the_other() {
        check(
            "Content-Length: 2\r\n\r\n{}Content-Length: 8\r\n\r\n\"观测\"",
            &["{}", "\"观测\""],
        );
    }

    #[test]
    fn accepts_headers_as_clients_write_them() {
        check("content-length:2\r\n\r\n{}", &["{}"]);
        check("CONTENT-LENGTH : 2\n\n{}", &["{}"]);
        check(
            "X-A: 1\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\nX-B: 观\r\n\r\n{}",
            &["{}"],
        );
    }

    #[test]
    fn finds_the_next_header_after_garbage() {
        for garbage in [
            "\r\n\r\n",
            "hello\r\n",
            "hello\r\n\r\n",
            "Content-Length: x\r\n\r\n",
            "Content-Length: -1\r\n\r\n",
            "Content-Length: 99999999999999999999999\r\n\r\n",
            "Content-Length: 0\r\n\r\n",
            "Content-Type: a\r\n\r\n{\"a\":1}",
            &"{".repeat(10_000),
        ] {
            check(format!("{garbage}Content-Length: 2\r\n\r\n{{}}"), &["{}"]);
        }
    }

    #[test]
    fn a_body_longer_than_it_says_costs_only_itself() {
        check(
            "Content-Length: 2\r\n\r\n{\"a\": 1}\nContent-Length: 2\r\n\r\n{}",
            &["{\"", "{}"],
        );
        check(
            "Content-Length: 2\r\n\r\n{\"a\": 1}Content-Length: 2\r\n\r\n{}",
            &["{\"", "{}"],
        );
    }

    #[test]
    fn skips_a_body_beyond_the_limit() {
        let long = "x".repeat(LIMIT + 1);
        check(
            format!("Content-Length: 41\r\n\r\n{long}Content-Length: 2\r\n\r\n{{}}"),
            &["too long: 41", "{}"],
        );
        check(
            "Content-Length: 8000000000\r\n\r\n{\"a\":\nContent-Length: 2\r\n\r\n{}",
            &["too long: 8000000000", "{}"],
        );
        check(
            format!("Content-Length: 40\r\n\r\n{}", "x".repeat(LIMIT)),
            &["x".repeat(LIMIT).as_str()],
        );
    }

    #[test]
    fn a_header_quoted_inside_a_skipped_body_is_not_one() {
        let body = format!(
            "{{\"text\":\n\"Content-Length: 3\"\n, \"pad\":\"{}\"}}",
            "x".repeat(LIMIT)
        );
        check(
            format!(
                "Content-Length: {}\r\n\r\n{body}Content-Length: 2\r\n\r\n{{}}",
                body.len()
            ),
            &[&format!("too long: {}", body.len()), "{}"],
        );
    }

    #[test]
    fn an_input_that_ends_within_a_frame_has_ended() {
        check("Content-Length: 5\r\n\r\n{}", &[]);
        check("Content-Len", &[]);
        check("", &[]);
    }
}
