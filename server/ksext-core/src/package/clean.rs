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
fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|char| match char {
            char if char.is_whitespace() => Some(' '),
            char if is_print(char) => Some(char),
            _ => None,
        })
        .collect()
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation and symbols.
fn is_print(char: char) -> bool {
    use GeneralCategory::{
        Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, SpaceSeparator, Surrogate,
        Unassigned,
    };
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
            ("\u{378}\u{1fae8}", "\u{1fae8}"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
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
