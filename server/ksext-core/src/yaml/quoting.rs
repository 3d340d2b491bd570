//! Writing a text in the place of another, in the same quotes.

use super::resolve::{Resolved, resolve_plain};
use super::tree::Style;

/// `text`, which has no control characters, written as a value or key of this style; in double quotes
/// where a plain one would mean something else. `None` for blocks of text.
pub fn written(text: &str, style: Style) -> Option<String> {
    Some(match style {
        Style::Plain if is_plain(text) => text.to_owned(),
        Style::SingleQuoted => format!("'{}'", text.replace('\'', "''")),
        Style::Plain | Style::DoubleQuoted => double_quoted(text),
        Style::Literal | Style::Folded => return None,
    })
}

/// Whether a text means itself without quotes, wherever it stands.
fn is_plain(text: &str) -> bool {
    let first_fits = text
        .chars()
        .next()
        .is_some_and(|first| first.is_alphanumeric() || matches!(first, '.' | '/' | '_'));
    let is_safe = |char: char| !char.is_control() && !",[]{}?".contains(char);
    first_fits
        && text.chars().all(is_safe)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && matches!(resolve_plain(text), Resolved::Text)
}

/// `text`, which has no control characters, in double quotes.
fn double_quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_it_would_mean_something_else() {
        for (text, plain) in [
            ("dev-tools", true),
            ("https://example.com/a", true),
            ("开发", true),
            ("", false),
            (">=1.19.0-0", false),
            ("https://example.com/?a=1", false),
            ("yes", false),
            ("1.10", false),
            ("a: b", false),
            ("a #b", false),
            ("- a", false),
        ] {
            assert_eq!(is_plain(text), plain, "{text}");
        }
        assert_eq!(double_quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
    }

    #[test]
    fn quotes_stay_and_blocks_are_left_alone() {
        for (style, expected) in [
            (Style::Plain, Some("it's")),
            (Style::SingleQuoted, Some("'it''s'")),
            (Style::DoubleQuoted, Some("\"it's\"")),
            (Style::Literal, None),
            (Style::Folded, None),
        ] {
            assert_eq!(written("it's", style).as_deref(), expected, "{style:?}");
        }
    }
}
