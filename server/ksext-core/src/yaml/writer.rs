//! YAML as go-yaml v2.4 writes it (sigs.k8s.io/yaml `Marshal`), to the byte: what push puts into
//! extension.yaml, Chart.yaml and Chart.lock.
//!
//! Takes the values as they are: what is left out when empty is for the caller to decide. Sources:
//! go-yaml's encode.go (which style) and emitterc.go (how a style is written).

use serde_json::{Number, Value};

use super::key_order::sorted;
use super::{Resolved, resolve_plain};

/// Columns that may stand on a line before a space is folded (`best_width`).
const WIDTH: usize = 80;

/// The longest key in bytes that is written as `key: value`; longer ones as `? key`.
const SIMPLE_KEY: usize = 128;

/// `value` as a YAML document, keys sorted, with a line break at the end.
///
/// One departure from go-yaml: a key `<<` is quoted. Plain, as go-yaml has it, it reads back as a
/// merge.
pub fn write(value: &Value) -> String {
    let mut writer = Writer::default();
    writer.document(value);
    writer.out
}

/// go-yaml's emitter, as far as its state changes what is written.
#[derive(Default)]
struct Writer {
    out: String,
    /// Characters on the line so far.
    column: usize,
    /// Whether the line holds nothing but indentation and indicators.
    indention: bool,
    /// Whether what was written last separates from what follows.
    whitespace: bool,
}

/// A collection that is being written.
enum Frame<'v> {
    Sequence {
        items: std::slice::Iter<'v, Value>,
        indent: usize,
    },
    Mapping {
        pairs: std::vec::IntoIter<(&'v str, &'v Value)>,
        indent: usize,
    },
}

/// Where a node stands.
#[derive(Clone, Copy)]
struct Place {
    /// Column of the lines of the collection around it; `None` at the root.
    indent: Option<usize>,
    /// It is the value of a key.
    value_of_key: bool,
    /// It is a key of the short form, which must stay on its line.
    simple_key: bool,
}

impl Writer {
    /// Writes with a list of open collections instead of recursion: values nest as deep as the
    /// reader lets them.
    fn document(&mut self, value: &Value) {
        self.indention = true;
        self.whitespace = true;
        let root = Place {
            indent: None,
            value_of_key: false,
            simple_key: false,
        };
        let mut open = Vec::new();
        open.extend(self.node(value, root));
        while let Some(frame) = open.last_mut() {
            let inner = match frame {
                Frame::Sequence { items, indent } => {
                    let indent = *indent;
                    items.next().map(|item| {
                        self.new_line(indent);
                        self.indicator("-", true);
                        self.node(item, Place::inside(indent, false))
                    })
                }
                Frame::Mapping { pairs, indent } => {
                    let indent = *indent;
                    pairs.next().map(|(key, value)| {
                        self.key(key, indent);
                        self.node(value, Place::inside(indent, true))
                    })
                }
            };
            match inner {
                Some(frame) => open.extend(frame),
                None => {
                    open.pop();
                }
            }
        }
        self.new_line(0);
    }

    /// Writes a scalar or an empty collection, or opens a collection.
    fn node<'v>(&mut self, value: &'v Value, place: Place) -> Option<Frame<'v>> {
        match value {
            Value::Array(items) if items.is_empty() => self.indicator("[]", false),
            Value::Object(pairs) if pairs.is_empty() => self.indicator("{}", false),
            Value::Array(items) => {
                // A list stands in the column of its key, unless the key's line is still open to
                // further indicators.
                let below_key = place.value_of_key && !self.indention;
                let indent = match place.indent {
                    Some(indent) if below_key => indent,
                    outer => outer.map_or(0, |indent| indent + 2),
                };
                let items = items.iter();
                return Some(Frame::Sequence { items, indent });
            }
            Value::Object(pairs) => {
                return Some(Frame::Mapping {
                    pairs: sorted(pairs).into_iter(),
                    indent: place.indent.map_or(0, |indent| indent + 2),
                });
            }
            Value::Null => self.plain("null", place),
            Value::Bool(true) => self.plain("true", place),
            Value::Bool(false) => self.plain("false", place),
            Value::Number(number) => self.plain(&number_text(number), place),
            Value::String(text) => self.text(text, place),
        }
        None
    }

    fn key(&mut self, key: &str, indent: usize) {
        self.new_line(indent);
        if key.len() <= SIMPLE_KEY && !key.contains(is_break) {
            let place = Place {
                simple_key: true,
                ..Place::inside(indent, true)
            };
            if key == "<<" {
                self.double_quoted(key, place);
            } else {
                self.text(key, place);
            }
            self.put(":");
            self.after_indicator(false, false);
        } else {
            self.indicator("?", true);
            self.text(key, Place::inside(indent, true));
            self.new_line(indent);
            self.indicator(":", true);
        }
    }

    fn text(&mut self, text: &str, place: Place) {
        let shape = Shape::of(text);
        let wanted = if text.contains('\n') {
            Style::Literal
        } else if resolve_plain(text) == Resolved::Text && !is_base_60(text) {
            Style::Plain
        } else {
            Style::DoubleQuoted
        };
        match wanted {
            Style::Literal if shape.literal && !place.simple_key => self.literal(text, place),
            Style::Plain if shape.plain => self.plain(text, place),
            Style::Plain if shape.single_quoted => self.single_quoted(text, place),
            _ => self.double_quoted(text, place),
        }
    }

    fn plain(&mut self, text: &str, place: Place) {
        if !self.whitespace {
            self.put(" ");
        }
        self.folded(text, place, false);
        self.after_indicator(false, false);
    }

    fn single_quoted(&mut self, text: &str, place: Place) {
        self.indicator("'", false);
        self.folded(text, place, true);
        self.put("'");
        self.after_indicator(false, false);
    }

    /// The text of a plain or single-quoted scalar. Of the line breaks only U+2028 and U+2029 come
    /// here.
    fn folded(&mut self, text: &str, place: Place, quoted: bool) {
        let mut after_space = false;
        let mut after_break = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, char)) = chars.next() {
            let next = chars.peek().map(|&(_, next)| next);
            if char == ' ' {
                let inner = !quoted || at > 0 && next.is_some();
                if self.may_fold(place, after_space) && inner && next != Some(' ') {
                    self.new_line(place.continuation());
                } else {
                    self.put_char(char);
                }
                after_space = true;
            } else if is_break(char) {
                self.put_char(char);
                self.column = 0;
                self.indention = true;
                after_break = true;
            } else {
                if after_break {
                    self.new_line(place.continuation());
                }
                if char == '\'' && quoted {
                    self.put_char(char);
                }
                self.put_char(char);
                self.indention = false;
                after_space = false;
                after_break = false;
            }
        }
    }

    fn double_quoted(&mut self, text: &str, place: Place) {
        // go-yaml asks for a byte order mark at the start of the text, whichever character it is
        // about to write: if there is one, all are escaped.
        let escape_all = text.starts_with('\u{feff}');
        self.indicator("\"", false);
        let mut after_space = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, char)) = chars.next() {
            let next = chars.peek().map(|&(_, next)| next);
            if escape_all || !is_printable(char) || is_break(char) || char == '"' || char == '\\' {
                self.put(&escape(char));
                after_space = false;
            } else if char == ' ' {
                if self.may_fold(place, after_space) && at > 0 && next.is_some() {
                    self.new_line(place.continuation());
                    if next == Some(' ') {
                        self.put("\\");
                    }
                } else {
                    self.put_char(char);
                }
                after_space = true;
            } else {
                self.put_char(char);
                after_space = false;
            }
        }
        self.put("\"");
        self.after_indicator(false, false);
    }

    fn literal(&mut self, text: &str, place: Place) {
        let mut ends = text.chars().rev().map(is_break);
        let chomp = match (ends.next(), ends.next()) {
            (Some(true), Some(false)) => "",
            (Some(true), _) => "+",
            _ => "-",
        };
        let hint = if text.starts_with(|char| char == ' ' || is_break(char)) {
            "2"
        } else {
            ""
        };
        self.indicator("|", false);
        self.put(hint);
        self.put(chomp);
        self.line_break();
        self.after_indicator(true, true);
        let mut after_break = true;
        for char in text.chars() {
            if char == '\n' {
                self.line_break();
            } else if is_break(char) {
                self.put_char(char);
                self.column = 0;
            } else {
                if after_break {
                    self.new_line(place.continuation());
                }
                self.put_char(char);
            }
            after_break = is_break(char);
            self.indention = after_break;
        }
    }

    /// Whether a space here may become a line break.
    fn may_fold(&self, place: Place, after_space: bool) -> bool {
        !place.simple_key && !after_space && self.column > WIDTH
    }

    /// Goes to column `indent` of a fresh line, or of this one if nothing stands there yet.
    fn new_line(&mut self, indent: usize) {
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.line_break();
        }
        while self.column < indent {
            self.put(" ");
        }
        self.after_indicator(true, true);
    }

    /// Writes `text` with a space in front where one is needed. `opens` says that what follows may
    /// stand on the same line as if it were indented.
    fn indicator(&mut self, text: &str, opens: bool) {
        if !self.whitespace {
            self.put(" ");
        }
        self.put(text);
        self.after_indicator(false, self.indention && opens);
    }

    fn after_indicator(&mut self, whitespace: bool, indention: bool) {
        self.whitespace = whitespace;
        self.indention = indention;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn put_char(&mut self, char: char) {
        self.out.push(char);
        self.column += 1;
    }
}

impl Place {
    fn inside(indent: usize, value_of_key: bool) -> Self {
        Self {
            indent: Some(indent),
            value_of_key,
            simple_key: false,
        }
    }

    /// Column of the further lines of a scalar.
    fn continuation(self) -> usize {
        self.indent.map_or(2, |indent| indent + 2)
    }
}

#[derive(Clone, Copy)]
enum Style {
    Plain,
    DoubleQuoted,
    Literal,
}

/// In which styles a text may be written (`yaml_emitter_analyze_scalar`).
struct Shape {
    plain: bool,
    single_quoted: bool,
    literal: bool,
}

impl Shape {
    fn of(text: &str) -> Self {
        let space = |char: Option<char>| char == Some(' ');
        let blank = |char: Option<char>| {
            char.is_none_or(|char| char == ' ' || char == '\t' || char == '\0' || is_break(char))
        };
        let mut special = text.starts_with("---") || text.starts_with("...");
        let mut unprintable = false;
        let mut breaks = false;
        let mut space_then_break = false;
        let mut break_then_space = false;
        let mut before = None;
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            let next = chars.peek().copied();
            let next_blank = next.is_none_or(|next| next == ' ' || next == '\t');
            special |= match char {
                '#' => blank(before),
                ':' => next_blank,
                '?' | '-' => before.is_none() && next_blank,
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`' => before.is_none(),
                _ => false,
            };
            unprintable |= !is_printable(char);
            breaks |= is_break(char);
            space_then_break |= space(before) && is_break(char);
            break_then_space |= before.is_some_and(is_break) && char == ' ';
            before = Some(char);
        }
        let edges = space(text.chars().next()) || space(before) || breaks;
        let never = space_then_break || unprintable;
        Self {
            plain: !special && !edges && !never,
            single_quoted: !break_then_space && !never,
            literal: !text.is_empty() && !space(before) && !never,
        }
    }
}

/// Whether a character is written as it is (`is_printable`). Nothing above U+FFFF is.
fn is_printable(char: char) -> bool {
    matches!(char, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && char != '\u{feff}'
}

fn is_break(char: char) -> bool {
    matches!(char, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn escape(char: char) -> String {
    let short = match char {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            return match char as u32 {
                code @ 0..=0xff => format!("\\x{code:02X}"),
                code @ 0..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}

/// Base 60 numbers of YAML 1.1, which go-yaml reads as text and yet quotes (`isBase60Float`).
fn is_base_60(text: &str) -> bool {
    let digits = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    let mut parts = text.strip_prefix(['+', '-']).unwrap_or(text).split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest: Vec<_> = parts.collect();
    // Only the last part has a fraction.
    let Some(last) = rest.last_mut() else {
        return false;
    };
    if let Some((whole, fraction)) = last.split_once('.') {
        if !digits(fraction) {
            return false;
        }
        *last = whole;
    }
    let sixty = |part: &&str| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => matches!(ten, b'0'..=b'5') && one.is_ascii_digit(),
        _ => false,
    };
    first.starts_with(|char: char| char.is_ascii_digit()) && digits(first) && rest.iter().all(sixty)
}

/// A number as it stands behind the way from JSON text into go-yaml: whole numbers as integers,
/// others like `strconv.FormatFloat(x, 'g', -1, 64)`.
fn number_text(number: &Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else {
        return number.to_string();
    };
    // Whole numbers that one of go-yaml's integer types holds, which are all below 2^64.
    if float.fract() == 0.0 && (-TWO_TO_63..2.0 * TWO_TO_63).contains(&float) {
        return if float == 0.0 {
            "0".to_owned()
        } else {
            float.to_string()
        };
    }
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return float.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: &Value, expected: &str) {
        assert_eq!(write(value), expected);
    }

    /// How a text is written as the value of a key, from the colon on.
    #[track_caller]
    fn check_text(text: &str, expected: &str) {
        check(&json!({ "a": text }), &format!("a: {expected}\n"));
    }

    #[test]
    fn maps_and_lists_nest_without_indenting_lists() {
        check(
            &json!({"b": [{"q": 1, "p": [true, null]}, [1, [2]], {}, []], "a": {"c": {}}}),
            "\
a:
  c: {}
b:
- p:
  - true
  - null
  q: 1
- - 1
  - - 2
- {}
- []
",
        );
        check(&json!([]), "[]\n");
        check(&json!(null), "null\n");
        check(&json!("a\nb\n"), "|\n  a\n  b\n");
    }

    #[test]
    fn a_text_that_would_be_read_as_something_else_is_quoted() {
        for text in [
            "",
            "1.0",
            "true",
            "y",
            "No",
            "~",
            "null",
            "1_",
            "0x_1",
            "12:30",
            "-1:59.5",
            ".5",
            "2024-01-01",
        ] {
            check_text(text, &format!("\"{text}\""));
        }
        for text in [
            "<<",
            "=",
            "+Inf",
            "NaN",
            "1e400",
            "2024-02-30",
            "12:60",
            "a,b",
            "a[b",
            "-a",
            "?a",
            ":a",
            "a:b",
            "a#b",
            "观测",
            "\u{a0}",
            "1:2:3.4.5",
            "1.2.3",
        ] {
            check_text(text, text);
        }
    }

    #[test]
    fn a_text_that_looks_like_syntax_is_quoted_singly() {
        for text in [
            "#a",
            ",a",
            "[a",
            "]",
            "{a",
            "}",
            "&a",
            "*a",
            "!a",
            "|",
            ">=1.19.0-0",
            "\"a",
            "%a",
            "@a",
            "`a",
            "- a",
            "-",
            "? a",
            ": a",
            "---",
            "...a",
            "a: b",
            "a:",
            "a #b",
            " a",
            "a ",
        ] {
            check_text(text, &format!("'{text}'"));
        }
        check_text("'a' b", "'''a'' b'");
        check_text("a'b", "a'b");
    }

    #[test]
    fn texts_with_line_breaks_are_block_scalars_where_they_can_be() {
        check_text("a\nb", "|-\n  a\n  b");
        check(&json!({"a": "x\n\n y\n"}), "a: |\n  x\n\n   y\n");
        check(
            &json!({"a": "x\n\n", "b": "\n"}),
            "a: |+\n  x\n\nb: |2+\n\n",
        );
        check_text("  a\nb", "|2-\n    a\n  b");
        check_text("a \nb", r#""a \nb""#);
        check_text("a\nb ", r#""a\nb ""#);
        check_text("a\n😀", r#""a\n\U0001F600""#);
        check_text("a\r\nb", r#""a\r\nb""#);
        check(&json!([["a\n"]]), "- - |\n    a\n");
    }

    #[test]
    fn what_cannot_be_printed_is_escaped() {
        check_text(
            "\0\u{7}\u{8}\t\u{b}\u{c}\r\u{1b}\"\\\u{85}\u{7f}",
            r#""\0\a\b\t\v\f\r\e\"\\\N\x7F""#,
        );
        check_text("观😀", r#""观\U0001F600""#);
        check_text("x\u{feff}", r#""x\uFEFF""#);
        check_text("\u{feff}x 观", r#""\uFEFF\x78\x20\u89C2""#);
        check_text("a\u{2028}b", "'a\u{2028}  b'");
        check_text("a \u{2029}b", r#""a \Pb""#);
    }

    #[test]
    fn a_long_line_breaks_at_a_space_behind_column_80() {
        let words = "KubeSphere Observability is an extension that provides metrics, logs and events for all";
        check(
            &json!({"description": {"en": words}}),
            "\
description:
  en: KubeSphere Observability is an extension that provides metrics, logs and events
    for all
",
        );
        check(
            &json!({ "description": words }),
            "\
description: KubeSphere Observability is an extension that provides metrics, logs
  and events for all
",
        );
        let chinese = "可观测性".repeat(25);
        check_text(
            &format!("{chinese}: x  y"),
            &format!("'{chinese}:\n  x  y'"),
        );
        check_text(
            &format!("{chinese} x  y\t"),
            &format!("\"{chinese}\n  x  y\\t\""),
        );
        check_text(
            &format!("{chinese}  y\t"),
            &format!("\"{chinese}\n  \\ y\\t\""),
        );
    }

    #[test]
    fn long_keys_and_keys_with_line_breaks_stand_alone() {
        let key = "k".repeat(129);
        check(&json!({ &key: [1] }), &format!("? {key}\n: - 1\n"));
        check(&json!({"a\nb": {"x": 1}}), "? |-\n  a\n  b\n: x: 1\n");
        check(&json!({ &key[1..]: 1 }), &format!("{}: 1\n", &key[1..]));
        check(&json!({"<<": 1, "no": 2}), "\"<<\": 1\n\"no\": 2\n");
    }

    #[test]
    fn numbers_are_written_as_go_does() {
        for (number, expected) in [
            (json!(1.5), "1.5"),
            (json!(1e6), "1000000"),
            (json!(1_234_567.5), "1.2345675e+06"),
            (json!(-0.0), "0"),
            (json!(1e-5), "1e-05"),
            (json!(0.0001), "0.0001"),
            (json!(1e19), "10000000000000000000"),
            (json!(-1e19), "-1e+19"),
            (json!(1e20), "1e+20"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!(i64::MIN), "-9223372036854775808"),
        ] {
            check(&number, &format!("{expected}\n"));
        }
    }

    /// Texts in which everything that matters to the writer is likely.
    fn text() -> impl Strategy<Value = String> {
        let plain: Vec<char> = " \na观1:-".chars().collect();
        let special: Vec<char> = "#,[]{}&*!|>'\"%@`?.=~_+<yn0ex".chars().collect();
        let char = prop_oneof![
            4 => proptest::sample::select(plain),
            2 => proptest::sample::select(special),
            1 => prop_oneof![Just('\t'), Just('\u{2028}'), Just('\u{a0}'), Just('😀')],
        ];
        prop_oneof![
            3 => proptest::collection::vec(char, 0..12)
                .prop_map(|chars| chars.into_iter().collect()),
            1 => "[a-c观]{1,9}( {1,2}[a-c观':]{1,12}){8,20}",
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            6 => text().prop_map(Value::from),
            1 => any::<bool>().prop_map(Value::from),
            1 => any::<i32>().prop_map(Value::from),
            1 => Just(Value::Null),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((text(), inner), 0..4)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_the_same(value in value()) {
            let written = write(&value);
            let tree = crate::yaml::parse(&written);
            prop_assert_eq!(tree.errors(), &[], "{}", written);
            let read = crate::yaml::Value::of(&tree).map(|read| read.to_json());
            prop_assert_eq!(read, Some(value), "{}", written);
        }

        #[test]
        fn other_readers_agree_on_texts(text in "[a-z观测.,:#' -]{0,200}") {
            let read: std::collections::BTreeMap<String, String> =
                serde_yaml::from_str(&write(&json!({ "a": text }))).unwrap();
            prop_assert_eq!(&read["a"], &text);
        }
    }
}
