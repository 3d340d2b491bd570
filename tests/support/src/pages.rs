//! Generated pages: what a file of the repository holds with one of them in it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Deserializer, Value};

/// A generated page and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The file that it stands in.
    pub file: PathBuf,
    /// What is in that file, with LF alone at the ends of lines; empty if there is none.
    pub present: String,
    /// What should be in it.
    pub wanted: String,
}

impl Page {
    /// The page that `ksext docs` calls `name`: `text` is the whole file below `root`, or with a name
    /// of the form `PATH#/json/pointer` (RFC 6901) the JSON value at that place in it.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or has no such place.
    pub fn of(root: &Path, name: &str, text: &str) -> anyhow::Result<Self> {
        let (path, pointer) = match name.split_once('#') {
            Some((path, pointer)) => (path, Some(pointer)),
            None => (name, None),
        };
        let file = root.join(path);
        let present = match std::fs::read_to_string(&file) {
            Ok(present) => present.replace("\r\n", "\n"),
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {path}")),
        };
        let wanted = match pointer {
            Some(pointer) => with_value(&present, pointer, text)
                .with_context(|| format!("cannot put a value at {name}"))?,
            None => text.to_owned(),
        };
        Ok(Self {
            file,
            present,
            wanted,
        })
    }
}

/// `text`, a JSON document, with `value` at `pointer`; everything else stays as it is written. A key
/// that is not there is added behind the others of its object.
fn with_value(text: &str, pointer: &str, value: &str) -> anyhow::Result<String> {
    let mut at = blanks(text, 0);
    let mut depth = 0;
    let mut segments = pointer.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let key = segment.replace("~1", "/").replace("~0", "~");
        depth += 1;
        at = match find(text, at, &key)? {
            Found::Value(start) => start,
            Found::Nothing { end } if segments.peek().is_none() => {
                let comma = if text[..end].ends_with('{') { "" } else { "," };
                let key = Value::from(key);
                let (inner, outer) = ("  ".repeat(depth), "  ".repeat(depth - 1));
                let value = indented(value, depth);
                let (before, behind) = (&text[..end], text[end..].trim_start());
                return Ok(format!(
                    "{before}{comma}\n{inner}{key}: {value}\n{outer}{behind}"
                ));
            }
            Found::Nothing { .. } => bail!("there is no `{key}`"),
        };
    }
    let (before, behind) = (&text[..at], &text[end_of(text, at)?..]);
    Ok(format!("{before}{}{behind}", indented(value, depth)))
}

/// Lines behind the first, `depth` levels deeper.
fn indented(value: &str, depth: usize) -> String {
    value.replace('\n', &format!("\n{}", "  ".repeat(depth)))
}

enum Found {
    /// Where the value of the key begins.
    Value(usize),
    /// The object lacks the key; its last entry, or its brace, ends here.
    Nothing { end: usize },
}

/// Looks for a key in the object that begins at `at`.
fn find(text: &str, at: usize, key: &str) -> anyhow::Result<Found> {
    ensure!(
        text[at..].starts_with('{'),
        "there is no object around `{key}`"
    );
    let mut end = at + 1;
    let mut at = blanks(text, end);
    while text[at..].starts_with('"') {
        let name_end = end_of(text, at)?;
        let name: String = serde_json::from_str(&text[at..name_end])?;
        let colon = blanks(text, name_end);
        ensure!(text[colon..].starts_with(':'), "a key without a value");
        let value = blanks(text, colon + 1);
        if name == key {
            return Ok(Found::Value(value));
        }
        end = end_of(text, value)?;
        at = blanks(text, end);
        if text[at..].starts_with(',') {
            at = blanks(text, at + 1);
        }
    }
    Ok(Found::Nothing { end })
}

/// Where the JSON value that begins at `at` ends.
fn end_of(text: &str, at: usize) -> anyhow::Result<usize> {
    let mut values = Deserializer::from_str(&text[at..]).into_iter::<Value>();
    values.next().context("a value is missing")??;
    Ok(at + values.byte_offset())
}

/// Where something else than blanks stands from `at` on.
fn blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_put_where_it_belongs_and_all_else_stays() {
        let text = "{ \"z\": [1, \"}\"],\n  \"a.b\": {\"c\": {}, \"a/b\": \"说\" }\n}\n";
        for (pointer, value, expected) in [
            (
                "/z",
                "2",
                "{ \"z\": 2,\n  \"a.b\": {\"c\": {}, \"a/b\": \"说\" }\n}\n",
            ),
            (
                "/a.b/a~1b",
                "{\n  \"x\": 1\n}",
                "{ \"z\": [1, \"}\"],\n  \"a.b\": {\"c\": {}, \"a/b\": {\n      \"x\": 1\n    } }\n}\n",
            ),
            (
                "/a.b/c/new",
                "\"新\"",
                "{ \"z\": [1, \"}\"],\n  \"a.b\": {\"c\": {\n      \"new\": \"新\"\n    }, \"a/b\": \"说\" }\n}\n",
            ),
            (
                "/new",
                "true",
                "{ \"z\": [1, \"}\"],\n  \"a.b\": {\"c\": {}, \"a/b\": \"说\" },\n  \"new\": true\n}\n",
            ),
        ] {
            let found = with_value(text, pointer, value).expect(pointer);
            assert_eq!(found, expected, "{pointer}");
            assert_eq!(with_value(&found, pointer, value).expect(pointer), expected);
        }
        let lock = "{\"packages\": {\"\": {\"version\": \"1\"}, \"x\": {\"version\": \"2\"}}}";
        assert_eq!(
            with_value(lock, "/packages//version", "\"3\"").expect("an empty key"),
            lock.replace("\"1\"", "\"3\"")
        );
        for pointer in ["/none/x", "/z/0/x"] {
            assert!(with_value(text, pointer, "1").is_err(), "{pointer}");
        }
    }
}
