//! `yaml-syntax`: text that ksbuilder cannot read.

use super::shared::yaml_words::words;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::text::{Span, TextEdit, apply_edits, line_start};
use crate::yaml::{ErrorKind, SyntaxError, parse};

pub(super) static RULE: Rule = Rule {
    id: "yaml-syntax",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "The manifest is not YAML that ksbuilder can read.",
            "清单不是 ksbuilder 能够读取的 YAML。",
        ),
        why: Bilingual::fixed(
            "ksbuilder reads with go-yaml v2, which stops at the first error and names a line that is often one too low, or none. It also refuses a few things that other YAML readers accept: `?` in a plain value inside `[…]` or `{…}`, `\\/` in double quotes, maps as keys (which is what an unquoted `{{ … }}` is).",
            "ksbuilder 使用 go-yaml v2 读取清单：遇到第一个错误就停止，报告的行号常常偏小一行，或者根本没有行号。它还会拒绝其他 YAML 解析器接受的少数写法：`[…]` 或 `{…}` 中未加引号且带 `?` 的值、双引号中的 `\\/`、以映射作为键（未加引号的 `{{ … }}` 正是如此）。",
        ),
        severity: Bilingual::fixed(
            "Error: nothing of the manifest is read, and push fails.",
            "错误：清单完全无法读取，推送会失败。",
        ),
        fix: Bilingual::fixed(
            "Correct the marked place. The message says what the reader expected; quoting a value helps where it holds characters that YAML uses itself.",
            "修正标出的位置。消息会说明读取器期望什么；如果值中含有 YAML 自身使用的字符，请给值加上引号。",
        ),
        bad: Example::manifest("home: \"https:\\/\\/example.com\"\n"),
        good: Example::manifest("home: \"https://example.com\"\n"),
        sources: &[
            "sigs.k8s.io/yaml v1.4.0, goyaml.v2: scannerc.go, parserc.go, readerc.go, decode.go",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    cx.manifest
        .tree()
        .errors()
        .iter()
        .map(|error| finding(cx, error))
        .collect()
}

/// The place of the first syntax error in a text, and what is wrong there.
pub(crate) fn first_syntax_error(text: &str) -> Option<(Span, Bilingual)> {
    let tree = parse(text);
    let error = tree.errors().first()?;
    Some(at_its_cause(text, error).unwrap_or((error.span, words(&error.kind))))
}

fn finding(cx: &Context<'_>, error: &SyntaxError) -> Finding {
    let text = cx.manifest.text();
    let (span, words) = at_its_cause(text, error).unwrap_or((error.span, words(&error.kind)));
    let push = error.go_message();
    let (en, zh) = (&words.en, &words.zh);
    let message = bilingual!(
        "{en} (push fails with `{push}`)",
        "{zh}（推送会失败：`{push}`）"
    );
    let finding = RULE.finding(span, message);
    match fix(text, error) {
        Some((safety, title, edits)) => finding.fixed_by(safety, title, edits),
        None => finding,
    }
}

/// The place and the words for what go-yaml notices only further on, or takes for something else.
fn at_its_cause(text: &str, error: &SyntaxError) -> Option<(Span, Bilingual)> {
    if error.kind == ErrorKind::MissingColon {
        return without_colon(text, error.span);
    }
    if !matches!(
        error.kind,
        ErrorKind::ExpectedCommaOrBracket | ErrorKind::ExpectedCommaOrBrace
    ) {
        return None;
    }
    let at = error.span.start;
    if text.get(at..)?.starts_with('?') {
        let words = Bilingual::fixed(
            "inside `[…]` and `{…}` go-yaml takes `?` for the beginning of a key; put this value in quotes",
            "在 `[…]` 和 `{…}` 中，go-yaml 会把 `?` 当作键的开头；请给这个值加上引号",
        );
        return Some((item_around(text, at)?, words));
    }
    let opened = error.context?.start;
    let bracket = text.get(opened..)?.chars().next()?;
    // A key that is not indented further than the line of the bracket is none of what is inside.
    let (above, here) = (line_start(text, opened), line_start(text, at));
    if above == here || indentation(text, here)? > indentation(text, above)? {
        return None;
    }
    let words = bilingual!(
        "this `{bracket}` is not closed before the next key",
        "这个 `{bracket}` 在下一个键之前没有闭合",
    );
    Some((line_from(text, opened)?, words))
}

/// What stands on a line without a colon where there is more to say of it.
fn without_colon(text: &str, line: Span) -> Option<(Span, Bilingual)> {
    let marks = ["<<<<<<<", "=======", ">>>>>>>"];
    if marks.iter().any(|mark| line.of(text).starts_with(mark)) {
        let words = Bilingual::fixed(
            "this is the mark of a merge conflict; keep one of the two sides and delete the marks",
            "这是合并冲突的标记；请保留其中一侧并删除标记",
        );
        return Some((line, words));
    }
    let words = Bilingual::fixed(
        "this is the full-width colon `：`, and YAML needs `:` with a space behind it",
        "这是全角冒号“：”，而 YAML 需要半角的 `:`，后面跟一个空格",
    );
    Some((full_width_colon(text, line)?, words))
}

/// The first full-width colon in a line.
fn full_width_colon(text: &str, line: Span) -> Option<Span> {
    let at = line.start + line.of(text).find('：')?;
    Some(Span::new(at, at + '：'.len_utf8()))
}

/// A colon with a space for a full-width one.
fn half_width(text: &str, error: &SyntaxError) -> Option<Mending> {
    let colon = full_width_colon(text, error.span)?;
    let behind = text.get(colon.end..)?;
    let is_alone = behind.starts_with([' ', '\r', '\n']) || behind.is_empty();
    let edit = TextEdit {
        span: colon,
        text: if is_alone { ":" } else { ": " }.to_owned(),
    };
    let title = Bilingual::fixed("Write `:`", "改为半角 `:`");
    mending(text, error, Safety::Safe, title, edit)
}

/// Number of spaces at the start of the line at `start`, if a key stands in it.
fn indentation(text: &str, start: usize) -> Option<usize> {
    let line = text.get(start..)?.lines().next()?;
    let rest = line.trim_start_matches(' ');
    rest.contains(':').then_some(line.len() - rest.len())
}

/// What mends an error, and how surely it is what is meant.
type Mending = (Safety, Bilingual, Vec<TextEdit>);

/// A fix where it is clear what can be meant; a safe one where nothing else can be.
fn fix(text: &str, error: &SyntaxError) -> Option<Mending> {
    let at = error.span.start;
    let value = || [line_from(text, at), item_around(text, at)];
    match error.kind {
        ErrorKind::UnknownEscape('/') => {
            let title = Bilingual::fixed("Write `/` without the backslash", "去掉 `/` 前的反斜杠");
            let edits = escaped_slashes(text, error.context?.start);
            Some((Safety::Safe, title, edits))
        }
        ErrorKind::InvalidEscapeCode => surrogates(text, at),
        ErrorKind::MissingColon => half_width(text, error),
        ErrorKind::CannotStartToken(Some('\t')) => tabs(text, error),
        // None of these characters begins anything in YAML that could be meant instead.
        ErrorKind::CannotStartToken(Some('@' | '`' | '%')) => {
            quote(text, error, Safety::Safe, value())
        }
        ErrorKind::ExpectedAnchorName => {
            let named = text[at..].chars().nth(1);
            let named =
                named.is_some_and(|char| char.is_ascii_alphanumeric() || "_-".contains(char));
            let safety = if named { Safety::Unsafe } else { Safety::Safe };
            quote(text, error, safety, value())
        }
        ErrorKind::ExpectedCommaOrBracket | ErrorKind::ExpectedCommaOrBrace
            if text[at..].starts_with('?') =>
        {
            quote(text, error, Safety::Safe, [item_around(text, at)])
        }
        ErrorKind::UnknownAlias(_) => quote(text, error, Safety::Unsafe, value()),
        // Where nothing fills in the template, its text is published as it is.
        ErrorKind::CollectionAsKey => {
            quote(text, error, Safety::Unsafe, [template_around(text, at)])
        }
        ErrorKind::ValueNotAllowed => quote(text, error, Safety::Unsafe, [value_around(text, at)]),
        ErrorKind::UnsupportedKey => quote(text, error, Safety::Unsafe, [Some(error.span)]),
        ErrorKind::ControlCharacter(char) => {
            let code = u32::from(char);
            let title = bilingual!("Delete U+{code:04X}", "删除 U+{code:04X}");
            let edit = TextEdit {
                span: Span::new(at, at + char.len_utf8()),
                text: String::new(),
            };
            mending(text, error, Safety::Unsafe, title, edit)
        }
        _ => None,
    }
}

/// Spaces for the tabs at the error.
fn tabs(text: &str, error: &SyntaxError) -> Option<Mending> {
    let at = error.span.start;
    let rest = text.get(at..)?;
    let tabs = rest.len() - rest.trim_start_matches('\t').len();
    let title = Bilingual::fixed("Indent with spaces instead of tabs", "用空格代替制表符缩进");
    let edit = TextEdit {
        span: Span::new(at, at + tabs),
        text: "  ".repeat(tabs),
    };
    mending(text, error, Safety::Safe, title, edit)
}

/// One character for two halves of it, as JSON writes those beyond 16 bits: `\ud83d\ude00`.
fn surrogates(text: &str, at: usize) -> Option<Mending> {
    let half = |at: usize| u16::from_str_radix(text.get(at..at + 4)?, 16).ok();
    let is_pair = text.get(at.checked_sub(2)?..at)? == "\\u" && text.get(at + 4..at + 6)? == "\\u";
    let halves = [half(at)?, half(at + 6)?];
    let char = char::decode_utf16(halves).next()?.ok()?;
    let title = bilingual!("Write `{char}`", "改写为 `{char}`");
    let edit = TextEdit {
        span: Span::new(at - 2, at + 10),
        text: char.into(),
    };
    is_pair.then(|| (Safety::Safe, title, vec![edit]))
}

/// Quotes around the first of these texts that makes the error go away.
fn quote(
    text: &str,
    error: &SyntaxError,
    safety: Safety,
    places: impl IntoIterator<Item = Option<Span>>,
) -> Option<Mending> {
    places.into_iter().flatten().find_map(|span| {
        let value = span.of(text);
        let edit = TextEdit {
            span,
            text: quoted(value)?,
        };
        let title = bilingual!("Quote `{value}`", "给 `{value}` 加上引号");
        mending(text, error, safety, title, edit)
    })
}

/// The edit as a fix, if the text is good then up to the line below, or up to the next error of the
/// same kind.
fn mending(
    text: &str,
    error: &SyntaxError,
    safety: Safety,
    title: Bilingual,
    edit: TextEdit,
) -> Option<Mending> {
    let behind = edit.span.start + edit.text.len();
    let edits = vec![edit];
    let after = apply_edits(text, &edits)?;
    let is_good = |text: &str| {
        let tree = parse(text);
        match tree.errors().first() {
            None => text
                .get(tree.end()..)
                .is_some_and(|rest| rest.trim().is_empty()),
            Some(next) => next.kind == error.kind && next.span.start > behind,
        }
    };
    let mut lines = after.get(behind..)?.split_inclusive('\n');
    let two_lines = lines.by_ref().take(2).map(str::len).sum::<usize>();
    let mends = is_good(&after) || is_good(&after[..behind + two_lines]);
    mends.then_some((safety, title, edits))
}

/// The text in quotes; `None` for one over several lines or with quotes of both kinds.
fn quoted(value: &str) -> Option<String> {
    if value.is_empty() || value.contains(['\n', '\r']) {
        None
    } else if !value.contains(['"', '\\']) {
        Some(format!("\"{value}\""))
    } else {
        (!value.contains('\'')).then(|| format!("'{value}'"))
    }
}

/// From `start`, where a value begins, to the end of its line or the comment there. A line has a key or
/// a dash in front of its value.
fn line_from(text: &str, start: usize) -> Option<Span> {
    let before = text.get(line_start(text, start)..start)?;
    if before.trim().is_empty() {
        return None;
    }
    let line = text.get(start..)?.lines().next()?;
    let line = line.find(" #").map_or(line, |at| &line[..at]);
    Some(Span::new(start, start + line.trim_end().len()))
}

/// The item of `[…]` or the value in `{…}` around `at`, within its line.
fn item_around(text: &str, at: usize) -> Option<Span> {
    let line = line_start(text, at);
    let before = text.get(line..at)?;
    let item = before.rfind(['[', '{', ',']).map_or(0, |at| at + 1);
    let item = before.rfind(": ").map_or(item, |at| item.max(at + 2));
    let blanks = before[item..].len() - before[item..].trim_start().len();
    let start = line + item + blanks;
    let rest = text.get(at..)?.lines().next()?;
    let rest = &rest[..rest.find([',', ']', '}']).unwrap_or(rest.len())];
    Some(Span::new(start, at + rest.trim_end().len()))
}

/// The value of the key at the start of the line of `at`.
fn value_around(text: &str, at: usize) -> Option<Span> {
    let line = line_start(text, at);
    let key = text.get(line..at)?.find(": ")?;
    let value = text.get(line + key + 1..)?;
    let blanks = value.len() - value.trim_start_matches(' ').len();
    line_from(text, line + key + 1 + blanks)
}

/// `{{ … }}` whose inner braces begin at `at`, if there is nothing else on its line.
fn template_around(text: &str, at: usize) -> Option<Span> {
    let start = at.checked_sub(1)?;
    let span = line_from(text, start)?;
    let template = span.of(text);
    let whole = template.starts_with("{{") && template.ends_with("}}");
    (whole && template.matches("{{").count() == 1).then_some(span)
}

/// The edits that take the backslash from every `\/` in the double-quoted text at `quote`.
fn escaped_slashes(text: &str, quote: usize) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    let mut chars = text[quote..].char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => break,
            '\\' => {
                if let Some((_, '/')) = chars.next() {
                    let start = quote + at;
                    let span = Span::new(start, start + 2);
                    edits.push(TextEdit {
                        span,
                        text: "/".to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_fixes, check_text, first_of};

    #[test]
    fn the_place_is_the_authors_and_not_the_readers() {
        for (manifest, told) in [
            ("sources: [https://x/y?z=1, b] # 一\n", "https://x/y?z=1"),
            ("annotations: {a: http://x?y, b: c}\n", "http://x?y"),
            ("keywords: [甲, 乙\n", "[甲, 乙"),
            ("annotations: {a: b # 一\n", "{a: b"),
            ("annotations: {\n  a: b\n  c: d}\n", ":"),
            ("home: \"a\n", "\"a"),
            ("home: 'it's'\n", "s'"),
            ("keywords:\n- a\n-b\n", "-b"),
            ("annotations:\n\ta: b\n", "\t"),
            ("annotations:\n  a: b\n\tc: d\n", "\t"),
            ("home: a\u{8}b\n", "\u{8}"),
            ("home: *a\n", "*a"),
            ("annotations: &a {b: *a}\n", "*a"),
            ("<<: x\n", "x"),
            ("annotations: {~: a}\n", "~"),
            ("%FOO\n---\n", "%FOO"),
            ("home: !!int 😀\n", "😀"),
            ("annotations:\n  a：甲\n  b: c\n", "："),
            ("<<<<<<< HEAD\n", "<<<<<<< HEAD"),
        ] {
            check_text(manifest, &[&format!("yaml-syntax: {told}")]);
        }
    }

    #[test]
    fn a_full_width_colon_becomes_one_of_yaml() {
        for (manifest, fixed) in [
            (
                "annotations:\r\n  a：甲😀\r\n  b: c\r\n",
                "annotations:\r\n  a: 甲😀\r\n  b: c\r\n",
            ),
            (
                "annotations:\n  a： 甲\n  b: c\n",
                "annotations:\n  a: 甲\n  b: c\n",
            ),
        ] {
            check_fixes(&RULE, manifest, &[fixed]);
        }
    }

    #[test]
    fn quotes_are_safe_where_nothing_else_can_be_meant() {
        for (manifest, fixed) in [
            ("home: @a # 一\r\n", "home: \"@a\" # 一\r\n"),
            ("keywords:\n- `a`\n- b\n", "keywords:\n- \"`a`\"\n- b\n"),
            ("keywords: [@a, b]\n", "keywords: [\"@a\", b]\n"),
            ("keywords: [\n  b, %a\n]\n", "keywords: [\n  b, \"%a\"\n]\n"),
            ("docs: @\"甲\"\n", "docs: '@\"甲\"'\n"),
            (
                "keywords:\n- *.example.com\n",
                "keywords:\n- \"*.example.com\"\n",
            ),
            (
                "sources: [a, http://x?y ]\n",
                "sources: [a, \"http://x?y\" ]\n",
            ),
            ("home: \"a\\/b\\/c\"\n", "home: \"a/b/c\"\n"),
            ("home: \"\\ud83d\\ude00\"\n", "home: \"😀\"\n"),
            ("annotations:\n\ta: b\n", "annotations:\n  a: b\n"),
        ] {
            check_fixes(&RULE, manifest, &[fixed]);
            assert_eq!(first_of(&RULE, manifest).fixes[0].safety, Safety::Safe);
        }
    }

    #[test]
    fn a_guess_is_unsafe() {
        for (manifest, fixed) in [
            (
                "home: {{ .Values.a }} # 一\n",
                "home: \"{{ .Values.a }}\" # 一\n",
            ),
            ("docs: 甲: 乙\n", "docs: \"甲: 乙\"\n"),
            ("home: *a\n", "home: \"*a\"\n"),
            ("home: &a.b c\n", "home: \"&a.b c\"\n"),
            ("annotations: {~: a}\n", "annotations: {\"~\": a}\n"),
            ("home: a\u{8}b\n", "home: ab\n"),
        ] {
            check_fixes(&RULE, manifest, &[fixed]);
            assert_eq!(first_of(&RULE, manifest).fixes[0].safety, Safety::Unsafe);
        }
    }

    #[test]
    fn no_fix_is_offered_that_leaves_the_text_broken() {
        for manifest in [
            "@a: b\n",
            "home: @a\n  b\n",
            "\thome: a\n",
            "annotations:\n  a: b\n   c: d\n",
            "home: {{ .a }}-{{ .b }}\n",
            "home: \"\\ud83d\"\n",
        ] {
            check_fixes(&RULE, manifest, &[]);
        }
    }

    #[test]
    fn several_of_the_same_are_mended_one_after_the_other() {
        check_fixes(
            &RULE,
            "sources: [http://x?y, http://x?z]\n",
            &["sources: [\"http://x?y\", http://x?z]\n"],
        );
    }
}
