//! How Helm cleans the texts of a Chart.yaml (pkg/chart/metadata.go `sanitizeString`).

use serde_json::Value;
use unicode_general_category::{GeneralCategory, get_general_category};

/// The fields of a chart's metadata that are cleaned; for those that hold lists, each text in them.
/// Version, apiVersion, type and annotations are not.
const FIELDS: [&str; 10] = [
    "name",
    "description",
    "home",
    "icon",
    "condition",
    "tags",
    "appVersion",
    "kubeVersion",
    "sources",
    "keywords",
];

/// The fields of a maintainer that are cleaned.
const MAINTAINER: [&str; 3] = ["name", "email", "url"];

/// The fields of a dependency that are cleaned; alias and import-values are not.
const DEPENDENCY: [&str; 5] = ["name", "version", "repository", "condition", "tags"];

/// Cleans a chart's metadata, keys in canonical spelling.
pub(super) fn clean_metadata(metadata: &mut Value) {
    clean_fields(metadata, &FIELDS);
    for (list, fields) in [
        ("maintainers", &MAINTAINER[..]),
        ("dependencies", &DEPENDENCY),
    ] {
        let items = metadata.get_mut(list).and_then(Value::as_array_mut);
        for item in items.into_iter().flatten() {
            clean_fields(item, fields);
        }
    }
}

fn clean_fields(value: &mut Value, fields: &[&str]) {
    for field in fields {
        match value.get_mut(field) {
            Some(Value::String(text)) => *text = clean(text),
            Some(Value::Array(items)) => {
                for item in items {
                    if let Value::String(text) = item {
                        *text = clean(text);
                    }
                }
            }
            _ => {}
        }
    }
}

/// `text` with each white space character as one space, and what cannot be printed gone.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|char| match char {
            char if char.is_whitespace() => Some(' '),
            char if is_print(char) => Some(char),
            _ => None,
        })
        .collect()
}

/// What Unicode 15.1 and 16.0 have added: first and last of each range. Go 1.26 knows Unicode 15.0, to
/// which these are unassigned; the category table here knows 16.0.
#[rustfmt::skip]
const ADDED_LATER: [(char, char); 50] = [
    ('\u{897}', '\u{897}'), ('\u{1b4e}', '\u{1b4f}'), ('\u{1b7f}', '\u{1b7f}'), ('\u{1c89}', '\u{1c8a}'),
    ('\u{2427}', '\u{2429}'), ('\u{2ffc}', '\u{2fff}'), ('\u{31e4}', '\u{31e5}'), ('\u{31ef}', '\u{31ef}'),
    ('\u{a7cb}', '\u{a7cd}'), ('\u{a7da}', '\u{a7dc}'), ('\u{105c0}', '\u{105f3}'), ('\u{10d40}', '\u{10d65}'),
    ('\u{10d69}', '\u{10d85}'), ('\u{10d8e}', '\u{10d8f}'), ('\u{10ec2}', '\u{10ec4}'), ('\u{10efc}', '\u{10efc}'),
    ('\u{11380}', '\u{11389}'), ('\u{1138b}', '\u{1138b}'), ('\u{1138e}', '\u{1138e}'), ('\u{11390}', '\u{113b5}'),
    ('\u{113b7}', '\u{113c0}'), ('\u{113c2}', '\u{113c2}'), ('\u{113c5}', '\u{113c5}'), ('\u{113c7}', '\u{113ca}'),
    ('\u{113cc}', '\u{113d5}'), ('\u{113d7}', '\u{113d8}'), ('\u{113e1}', '\u{113e2}'), ('\u{116d0}', '\u{116e3}'),
    ('\u{11bc0}', '\u{11be1}'), ('\u{11bf0}', '\u{11bf9}'), ('\u{11f5a}', '\u{11f5a}'), ('\u{13460}', '\u{143fa}'),
    ('\u{16100}', '\u{16139}'), ('\u{16d40}', '\u{16d79}'), ('\u{18cff}', '\u{18cff}'), ('\u{1cc00}', '\u{1ccf9}'),
    ('\u{1cd00}', '\u{1ceb3}'), ('\u{1e5d0}', '\u{1e5fa}'), ('\u{1e5ff}', '\u{1e5ff}'), ('\u{1f8b2}', '\u{1f8bb}'),
    ('\u{1f8c0}', '\u{1f8c1}'), ('\u{1fa89}', '\u{1fa89}'), ('\u{1fa8f}', '\u{1fa8f}'), ('\u{1fabe}', '\u{1fabe}'),
    ('\u{1fac6}', '\u{1fac6}'), ('\u{1fadc}', '\u{1fadc}'), ('\u{1fadf}', '\u{1fadf}'), ('\u{1fae9}', '\u{1fae9}'),
    ('\u{1fbcb}', '\u{1fbef}'), ('\u{2ebf0}', '\u{2ee5d}'),
];

/// `unicode.IsPrint` of Go 1.26: letters, marks, numbers, punctuation and symbols.
pub(super) fn is_print(char: char) -> bool {
    use GeneralCategory::{
        Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, SpaceSeparator, Surrogate,
        Unassigned,
    };
    let later = ADDED_LATER.partition_point(|&(_, last)| last < char);
    if ADDED_LATER
        .get(later)
        .is_some_and(|&(first, _)| first <= char)
    {
        return false;
    }
    !matches!(
        get_general_category(char),
        Control
            | Format
            | LineSeparator
            | ParagraphSeparator
            | PrivateUse
            | SpaceSeparator
            | Surrogate
            | Unassigned
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn white_space_becomes_spaces_and_the_invisible_goes() {
        for (text, expected) in [
            ("line1\nline2\n", "line1 line2 "),
            ("a\tb\u{3000}c\u{a0}d\r\n", "a b c d  "),
            ("观\u{200b}测\u{feff}", "观测"),
            ("👩\u{200d}💻", "👩💻"),
            ("a\0\u{7f}\u{ad}\u{180e}\u{e000}\u{202e}b", "ab"),
            ("e\u{301} ½ Ⅷ €", "e\u{301} ½ Ⅷ €"),
            // Unassigned; of Unicode 15.0; of 16.0; of 15.1.
            ("\u{378}\u{1fae8}\u{1fae9}\u{2ffc}", "\u{1fae8}"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_ranges_that_came_later_belong_to_this_category_table() {
        assert_eq!(unicode_general_category::UNICODE_VERSION, (16, 0, 0));
        assert!(ADDED_LATER.is_sorted_by(|a, b| a.0 <= a.1 && a.1 < b.0));
    }

    #[test]
    fn some_fields_are_cleaned_and_some_are_not() {
        let mut metadata = json!({
            "name": "a\n", "version": "1\n", "keywords": ["k\n"], "annotations": {"a": "b\n"},
            "maintainers": [{"name": "m\n"}, null],
            "dependencies": [{"name": "d\n", "alias": "x\n", "tags": ["t\n"]}],
        });
        clean_metadata(&mut metadata);
        assert_eq!(
            metadata,
            json!({
                "name": "a ", "version": "1\n", "keywords": ["k "], "annotations": {"a": "b\n"},
                "maintainers": [{"name": "m "}, null],
                "dependencies": [{"name": "d ", "alias": "x\n", "tags": ["t "]}],
            })
        );
    }
}
