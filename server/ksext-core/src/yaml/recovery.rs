//! Reading on behind an error: the line to blame is blanked and the text read once more.
//!
//! go-yaml stops at the first error. An editor's text is broken most of the time, one line at a
//! time; all other lines should keep their tree. So the value on the offending line (or the whole
//! line, if its key is at fault) gives way to blanks, which moves nothing, and the parser runs
//! again, a bounded number of times. Only the first error is told: what comes up later may be an
//! artefact of the repair.

use super::error::{ErrorKind, SyntaxError};
use super::parser::{Attempt, attempt};
use super::tree::Tree;
use crate::text::Span;

/// How often a text is read again.
const MAX_ATTEMPTS: usize = 24;
/// How many bytes are read again in total, so that a huge text stays quick.
const MAX_BYTES: usize = 4 << 20;

/// The tree of `text`, whose first reading stopped at an error.
pub(super) fn repair(text: &str, first: Attempt) -> Tree {
    // An alias without an anchor stops go-yaml before what comes behind it.
    let alias = first.tree.errors.first().cloned();
    let fatal = first.fatal.clone();
    let first_error = alias.or_else(|| Some(at_its_cause(text, fatal?, first.multiline_scalar)));
    let mut masked = text.to_owned();
    let mut repaired = Vec::new();
    let mut last = first;
    for round in 1..=MAX_ATTEMPTS {
        let Some(error) = &last.fatal else { break };
        if round > 1 && round * text.len() > MAX_BYTES {
            break;
        }
        let Some(span) = region_to_blame(&masked, error, last.multiline_scalar) else {
            break;
        };
        blank(&mut masked, span);
        repaired.push(span);
        last = attempt(&masked);
    }
    repaired.sort_unstable();
    let mut tree = last.tree;
    tree.errors = first_error.into_iter().collect();
    tree.repaired = repaired;
    tree
}

/// The error where its author would look for it. go-yaml notices a word that lacks its colon only at
/// the colon of the key below, and a quote that is not closed only behind the next quote.
fn at_its_cause(text: &str, error: SyntaxError, scalar: Option<Span>) -> SyntaxError {
    let Some(scalar) = suspect(text, &error, scalar) else {
        return error;
    };
    let kind = if is_quoted(text, scalar) {
        ends_at_an_opening_quote(scalar.of(text)).then_some(ErrorKind::UnclosedQuote)
    } else {
        (error.kind == ErrorKind::ValueNotAllowed).then_some(ErrorKind::MissingColon)
    };
    let Some(kind) = kind else { return error };
    let first_line = line_of(text, scalar.start);
    let end = first_line.start + first_line.of(text).trim_end().len();
    SyntaxError {
        kind,
        span: Span::new(scalar.start, end),
        context: Some(error.span),
        noticed_as: Some(error.kind),
        go_line: error.go_line,
    }
}

/// Whether the last line of a quoted scalar is `key: "` or `- "`: what ends it begins another one.
fn ends_at_an_opening_quote(scalar: &str) -> bool {
    let last = scalar.rsplit(['\n', '\r']).next().unwrap_or_default();
    let inside = &last[..last.len().saturating_sub(1)];
    inside.trim() == "-" || behind_key(inside).is_some_and(|at| inside[at..].trim().is_empty())
}

/// What to blank so that the error goes away; `None` if nothing is left to blank.
fn region_to_blame(text: &str, error: &SyntaxError, scalar: Option<Span>) -> Option<Span> {
    let opened_at = match error.kind {
        ErrorKind::UnclosedQuote
        | ErrorKind::DocumentMarkInQuotes
        | ErrorKind::ExpectedCommaOrBracket
        | ErrorKind::ExpectedCommaOrBrace => error.context.map(|context| context.start),
        _ => None,
    };
    let suspect = suspect(text, error, scalar).map(|scalar| scalar.start);
    let candidates = [suspect, opened_at, Some(error.span.start)];
    candidates
        .into_iter()
        .flatten()
        .find_map(|offset| region_at(text, offset))
}

/// The scalar over several lines that is to blame for an error on the line on which it ends: a quote
/// that was not closed on its own line and took the next one for its end, or a word that took the
/// key below for its continuation.
fn suspect(text: &str, error: &SyntaxError, scalar: Option<Span>) -> Option<Span> {
    scalar.filter(|scalar| {
        let between = Span::new(scalar.end, error.span.start.max(scalar.end));
        let same_line = !between.of(text).contains(['\n', '\r']);
        let before = Span::new(line_of(text, scalar.start).start, scalar.start);
        let alone = before.of(text).trim().is_empty();
        scalar.start < error.span.start && same_line && (is_quoted(text, *scalar) || alone)
    })
}

fn is_quoted(text: &str, scalar: Span) -> bool {
    scalar.of(text).starts_with(['"', '\''])
}

/// The value on the line of `offset` if `offset` lies in it, else the whole line; `None` if it is
/// blank.
fn region_at(text: &str, offset: usize) -> Option<Span> {
    let line = line_of(text, offset);
    let value = behind_key(line.of(text)).map(|at| Span::new(line.start + at, line.end));
    let candidates = [value.filter(|value| offset >= value.start), Some(line)];
    candidates
        .into_iter()
        .flatten()
        .find(|span| !span.of(text).trim().is_empty())
}

fn line_of(text: &str, offset: usize) -> Span {
    let offset = text.floor_char_boundary(offset);
    let start = text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let end = text[offset..]
        .find(['\n', '\r'])
        .map_or(text.len(), |at| offset + at);
    Span::new(start, end)
}

/// Offset behind `key:` or `- key:` at the start of a line.
fn behind_key(line: &str) -> Option<usize> {
    let key = line.trim_start_matches([' ', '-', '\u{feff}']);
    let start = line.len() - key.len();
    let colon = key.find(':')?;
    let plain = !key[..colon].contains(['"', '\'', '{', '[', '#', ' ']) && colon > 0;
    let ends = key[colon + 1..]
        .chars()
        .next()
        .is_none_or(char::is_whitespace);
    (plain && ends).then_some(start + colon + 1)
}

/// Replaces the bytes of `span` by spaces, line breaks apart.
fn blank(text: &mut String, span: Span) {
    let blanks: String = span
        .of(text)
        .chars()
        .flat_map(|char| {
            let stays = matches!(char, '\n' | '\r');
            let (char, count) = if stays {
                (char, 1)
            } else {
                (' ', char.len_utf8())
            };
            std::iter::repeat_n(char, count)
        })
        .collect();
    text.replace_range(span.start..span.end, &blanks);
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    /// The top-level keys that survive, and the texts left out.
    fn check(text: &str, keys: &[&str], left_out: &[&str]) {
        let tree = parse(text);
        let root = tree.root().expect("a root");
        let seen: Vec<_> = tree
            .pairs(root)
            .iter()
            .filter_map(|pair| tree.scalar(pair.key))
            .collect();
        assert_eq!(seen, keys, "{text}");
        let blanked: Vec<_> = tree.repaired().iter().map(|span| span.of(text)).collect();
        assert_eq!(blanked, left_out, "{text}");
        assert_eq!(tree.errors().len(), 1, "{text}");
    }

    #[test]
    fn a_broken_line_costs_no_other_line() {
        check(
            "name: demo\nversi\nicon: a.svg\n",
            &["name", "icon"],
            &["versi"],
        );
        check("name: [a, b\nicon: a.svg\n", &["name", "icon"], &[" [a, b"]);
        check(
            "name: \"观测\nicon: a.svg\n",
            &["name", "icon"],
            &[" \"观测"],
        );
        check(
            "name: \"a\nicon: \"b\"\nhome: c\n",
            &["name", "icon", "home"],
            &[" \"a"],
        );
        check("name: a: b\nicon: a.svg\n", &["name", "icon"], &[" a: b"]);
        check("name: @x\nicon: a.svg\n", &["name", "icon"], &[" @x"]);
        check(
            "name: a\n\ticon: b\nhome: c\n",
            &["name", "home"],
            &["\ticon: b"],
        );
        check(
            "name: a\n  icon: b\nhome: c\n",
            &["name", "home"],
            &["  icon: b"],
        );
        check(
            "d:\n    en: a\n  zh: b\nhome: c\n",
            &["d", "home"],
            &["  zh: b"],
        );
        check("icon\nname: demo\nhome: c\n", &["name", "home"], &["icon"]);
        check(
            "icon: \"a\\/b\"\r\nhome: c\r\n",
            &["icon", "home"],
            &[" \"a\\/b\""],
        );
    }
}
