//! LSP positions of places in a text, counted in UTF-16 as every client does by default.

use serde_json::{Value, json};

/// The position `{"line", "character"}` of the byte `offset`: both from 0, the character in UTF-16
/// code units. LF, CR LF and CR end a line.
///
/// # Panics
///
/// If `offset` lies behind the text or inside a character.
#[track_caller]
pub fn position_at(text: &str, offset: usize) -> Value {
    let before = text
        .get(..offset)
        .unwrap_or_else(|| panic!("{offset} is no place in {text:?}"));
    let mut line = 0;
    let mut start = 0;
    for (at, byte) in before.bytes().enumerate() {
        // The CR of a CR LF is not yet the end.
        if byte == b'\n' || byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n') {
            line += 1;
            start = at + 1;
        }
    }
    json!({"line": line, "character": before[start..].encode_utf16().count()})
}

/// The position where `needle` starts, which stands in `text` exactly once.
///
/// # Panics
///
/// If it does not.
#[track_caller]
pub fn position_of(text: &str, needle: &str) -> Value {
    position_at(text, offset_of(text, needle))
}

/// The range `{"start", "end"}` of `needle`, which stands in `text` exactly once.
///
/// # Panics
///
/// If it does not.
#[track_caller]
pub fn range_of(text: &str, needle: &str) -> Value {
    let start = offset_of(text, needle);
    json!({"start": position_at(text, start), "end": position_at(text, start + needle.len())})
}

#[track_caller]
fn offset_of(text: &str, needle: &str) -> usize {
    let mut found = text.match_indices(needle).map(|(offset, _)| offset);
    match (found.next(), found.next()) {
        (Some(offset), None) => offset,
        (None, _) => panic!("{needle:?} is not in {text:?}"),
        (Some(_), Some(_)) => panic!("{needle:?} is more than once in {text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_code_units() {
        let text = "a: 1\r\nzh: 观测 # 😀!\rb: 2\n";
        for (needle, line, character) in [
            ("a", 0, 0),
            ("zh", 1, 0),
            ("测", 1, 5),
            ("!", 1, 11),
            ("b", 2, 0),
        ] {
            assert_eq!(
                position_of(text, needle),
                json!({"line": line, "character": character}),
                "{needle}"
            );
        }
        assert_eq!(
            position_at(text, text.len()),
            json!({"line": 3, "character": 0})
        );
        assert_eq!(
            range_of(text, "观测"),
            json!({"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 6}})
        );
    }
}
