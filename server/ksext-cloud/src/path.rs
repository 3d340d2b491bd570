//! How names get into the cloud's URLs and file paths without becoming more than names.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters RFC 3986 calls unreserved, and `+`: the build part of a version goes out as ksbuilder sends it.
const LITERAL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'+');

/// A name, version or id as exactly one segment of a URL path; `None` for what cannot be one: the
/// empty text and the two that mean a step in the path.
pub(crate) fn segment(text: &str) -> Option<String> {
    (!matches!(text, "" | "." | "..")).then(|| utf8_percent_encode(text, LITERAL).to_string())
}

/// Where an uploaded file goes: `dir`, name, version and base name joined as Go's `path.Join` does
/// (ksbuilder, `pkg/cloud/cloud.go`), which keeps a leading slash and adds none.
pub(crate) fn remote(dir: &str, name: &str, version: &str, base_name: &str) -> String {
    let joined = [dir, name, version, base_name]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("/");
    let rooted = joined.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for step in joined.split('/') {
        match step {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            _ => kept.push(step),
        }
    }
    format!("{}{}", if rooted { "/" } else { "" }, kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_segment() {
        for (name, expected) in [
            ("demo", Some("demo")),
            ("1.0.0+b.1", Some("1.0.0+b.1")),
            ("a/b", Some("a%2Fb")),
            ("../x", Some("..%2Fx")),
            ("a?b#c", Some("a%3Fb%23c")),
            ("a%2Fb", Some("a%252Fb")),
            ("a b;c&d", Some("a%20b%3Bc%26d")),
            ("中文", Some("%E4%B8%AD%E6%96%87")),
            ("a\r\nb", Some("a%0D%0Ab")),
            ("", None),
            (".", None),
            ("..", None),
        ] {
            assert_eq!(segment(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn joins_as_go_does() {
        for (dir, expected) in [
            ("/u-100", "/u-100/demo/1.0.0/标志.svg"),
            ("d", "d/demo/1.0.0/标志.svg"),
            ("/d/", "/d/demo/1.0.0/标志.svg"),
            ("", "demo/1.0.0/标志.svg"),
            ("../x", "../x/demo/1.0.0/标志.svg"),
            ("/../x//y/.", "/x/y/demo/1.0.0/标志.svg"),
        ] {
            assert_eq!(remote(dir, "demo", "1.0.0", "标志.svg"), expected, "{dir}");
        }
        assert_eq!(remote("/u/v", "..", "1.0.0", "a"), "/u/1.0.0/a");
    }
}
