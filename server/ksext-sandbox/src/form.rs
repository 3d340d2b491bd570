//! Reads a multipart body exactly as ksbuilder and Go's `mime/multipart` frame it, and nothing laxer: the sandbox is there to notice
//! what a lenient reader would let pass.

use axum::body::Bytes;

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// Present in file parts.
    pub(crate) file_name: Option<String>,
    pub(crate) bytes: Bytes,
}

/// The parts in their order.
///
/// # Errors
/// What is not as it should be.
pub(crate) fn parse(content_type: &str, body: &Bytes) -> Result<Vec<Part>, String> {
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .filter(|boundary| (1..=70).contains(&boundary.len()))
        .ok_or("Content-Type is not `multipart/form-data; boundary=…`")?;
    let delimiter = format!("\r\n--{boundary}");
    let opening = &delimiter.as_bytes()[2..];
    let mut parts = Vec::new();
    let mut rest = body
        .strip_prefix(opening)
        .ok_or("the body does not start with its boundary")?;
    loop {
        if rest == b"--\r\n" {
            return Ok(parts);
        }
        rest = rest
            .strip_prefix(b"\r\n")
            .ok_or("a boundary is followed neither by a line end nor by the end of the form")?;
        let head_end = find(rest, b"\r\n\r\n").ok_or("a part has no end of its headers")?;
        let head =
            std::str::from_utf8(&rest[..head_end]).map_err(|_| "a part's header is not UTF-8")?;
        let content = &rest[head_end + 4..];
        let length =
            find(content, delimiter.as_bytes()).ok_or("the closing boundary is missing")?;
        let (name, file_name) = headers(head)?;
        parts.push(Part {
            name,
            file_name,
            bytes: body.slice_ref(&content[..length]),
        });
        rest = &content[length + delimiter.len()..];
    }
}

/// The name and file name in a part's header lines.
fn headers(head: &str) -> Result<(String, Option<String>), String> {
    let unexpected = || format!("unexpected part header `{}`", head.escape_debug());
    let rest = head
        .strip_prefix("Content-Disposition: form-data; name=\"")
        .ok_or_else(unexpected)?;
    let (name, rest) = quoted(rest).ok_or_else(unexpected)?;
    if rest.is_empty() {
        return Ok((name, None));
    }
    let rest = rest.strip_prefix("; filename=\"").ok_or_else(unexpected)?;
    let (file_name, rest) = quoted(rest).ok_or_else(unexpected)?;
    match rest {
        "\r\nContent-Type: application/octet-stream" => Ok((name, Some(file_name))),
        _ => Err(unexpected()),
    }
}

/// The text up to the closing quote, and what follows. A backslash makes the next character literal.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            '\r' | '\n' => return None,
            _ => value.push(c),
        }
    }
    None
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, file name and content of a part.
    type Expected<'a> = (&'a str, Option<&'a str>, &'a str);

    /// `\n` stands for a CRLF, so that the bodies stay readable.
    fn check(body: &str, expected: Result<&[Expected], &str>) {
        let body = Bytes::from(body.replace('\n', "\r\n"));
        let found = parse("multipart/form-data; boundary=B", &body);
        match expected {
            Ok(parts) => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|(name, file_name, text)| Part {
                        name: (*name).to_owned(),
                        file_name: file_name.map(str::to_owned),
                        bytes: Bytes::copy_from_slice(text.as_bytes()),
                    })
                    .collect();
                assert_eq!(found, Ok(parts));
            }
            Err(part_of_message) => {
                let message = found.unwrap_err();
                assert!(message.contains(part_of_message), "{message}");
            }
        }
    }

    const FILE: &str = "--B\nContent-Disposition: form-data; name=\"file1\"; filename=\"标\\\"志\\\\.svg\"\nContent-Type: application/octet-stream\n\n";

    #[test]
    fn reads_what_go_writes() {
        check(
            &format!(
                "{FILE}a--B\n--A\n--B\nContent-Disposition: form-data; name=\"file1_path\"\n\n/u/标志.svg\n--B--\n"
            ),
            Ok(&[
                ("file1", Some("标\"志\\.svg"), "a--B\r\n--A"),
                ("file1_path", None, "/u/标志.svg"),
            ]),
        );
        check("--B--\n", Ok(&[]));
    }

    #[test]
    fn refuses_what_go_does_not_write() {
        check("", Err("does not start with its boundary"));
        check("preamble\n--B--\n", Err("does not start with its boundary"));
        check("--B--\nepilogue", Err("neither by a line end"));
        check(&format!("{FILE}cut"), Err("closing boundary is missing"));
        check(
            "--B\nContent-Disposition: form-data; name=\"a\"",
            Err("no end of its headers"),
        );
        check(
            "--B\ncontent-disposition: form-data; name=\"a\"\n\nx\n--B--\n",
            Err("unexpected part header"),
        );
        check(
            "--B\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\n\nx\n--B--\n",
            Err("unexpected part header"),
        );
        check(
            "--B\nContent-Disposition: form-data; name=\"a\"\nX: y\n\nx\n--B--\n",
            Err("unexpected part header"),
        );
        check(
            &format!("{}x\n--B--\n", FILE.replace("octet-stream", "gzip")),
            Err("unexpected part header"),
        );
        assert!(parse("multipart/form-data", &Bytes::new()).is_err());
        assert!(parse("application/json", &Bytes::new()).is_err());
    }
}
