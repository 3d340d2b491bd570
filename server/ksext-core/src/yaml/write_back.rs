//! Texts that can be read and not written: go-yaml escapes on reading what it refuses where it stands
//! as it is, and JSON, which lies between, keeps it as it is.

/// The most characters that a key may have in JSON: go-yaml looks 1024 ahead for its colon, the quotes
/// among them (scannerc.go `yaml_simple_key_is_valid`).
const MAX_KEY: usize = 1022;

/// Why a text cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// A control character: `control characters are not allowed`.
    Control(char),
    /// U+0085 in a key.
    LineBreakInKey,
    /// `---` or `...` behind U+0085.
    MarkBehindLineBreak,
    /// A key of more than 1022 characters in JSON.
    LongKey,
}

impl Unwritable {
    /// What is wrong with a value.
    pub fn in_text(text: &str) -> Option<Self> {
        if text.is_ascii() && !text.contains('\u{7f}') {
            return None;
        }
        if let Some(char) = text.chars().find(|char| is_refused(*char)) {
            return Some(Self::Control(char));
        }
        let mut lines = text.split('\u{85}').skip(1).peekable();
        while let Some(line) = lines.next() {
            let behind = ["---", "..."]
                .iter()
                .find_map(|mark| line.strip_prefix(mark));
            let is_mark = match behind {
                Some("") => lines.peek().is_some(),
                Some(behind) => behind.starts_with(' '),
                None => false,
            };
            if is_mark {
                return Some(Self::MarkBehindLineBreak);
            }
        }
        None
    }

    /// What is wrong with a key.
    pub fn in_key(key: &str) -> Option<Self> {
        if let Some(char) = key.chars().find(|char| is_refused(*char)) {
            Some(Self::Control(char))
        } else if key.contains('\u{85}') {
            Some(Self::LineBreakInKey)
        } else if key.len() > MAX_KEY / 6 && json_len(key) > MAX_KEY {
            Some(Self::LongKey)
        } else {
            None
        }
    }

    /// The first thing that cannot be written in a value, keys and all.
    pub fn in_value(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::String(text) => Self::in_text(text),
            serde_json::Value::Array(items) => items.iter().find_map(Self::in_value),
            serde_json::Value::Object(fields) => fields
                .iter()
                .find_map(|(key, value)| Self::in_key(key).or_else(|| Self::in_value(value))),
            _ => None,
        }
    }
}

/// What go-yaml's reader does not take as it stands (readerc.go).
fn is_refused(char: char) -> bool {
    matches!(char, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Number of characters of `text` as Go writes it into JSON (encoding/json `appendString`).
fn json_len(text: &str) -> usize {
    let chars = text.chars().map(|char| match char {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => 6,
        _ => 1,
    });
    chars.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_in_json_is_gos() {
        for (text, len) in [
            ("a中😀", 3),
            ("\"\\\n\u{8}", 8),
            ("<\u{1}\u{2028}", 18),
            ("\u{7f}", 1),
        ] {
            assert_eq!(json_len(text), len, "{text:?}");
        }
    }
}
