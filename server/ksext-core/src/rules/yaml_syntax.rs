//! `yaml-syntax`: text that ksbuilder cannot read.

use super::shared::yaml_words::words;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::text::{Span, TextEdit};
use crate::yaml::{ErrorKind, SyntaxError};

pub(super) static RULE: Rule = Rule {
    id: "yaml-syntax",
    severity: Severity::Error,
    fix: Some(Safety::Safe),
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

fn finding(cx: &Context<'_>, error: &SyntaxError) -> Finding {
    let words = words(&error.kind);
    let push = error.go_message();
    let (en, zh) = (&words.en, &words.zh);
    let message = bilingual!(
        "{en} (push fails with `{push}`)",
        "{zh}（推送会失败：`{push}`）"
    );
    let finding = RULE.finding(error.span, message);
    match fix(cx.manifest.text(), error) {
        Some((title, edits)) => finding.fixed_by(Safety::Safe, title, edits),
        None => finding,
    }
}

/// A fix where there is only one thing that can be meant.
fn fix(text: &str, error: &SyntaxError) -> Option<(Bilingual, Vec<TextEdit>)> {
    match error.kind {
        ErrorKind::UnknownEscape('/') => {
            let title = Bilingual::fixed("Write `/` without the backslash", "去掉 `/` 前的反斜杠");
            Some((title, escaped_slashes(text, error.context?.start)))
        }
        ErrorKind::CannotStartToken(Some('\t')) => {
            let rest = &text[error.span.start..];
            let tabs = rest.len() - rest.trim_start_matches('\t').len();
            let span = Span::new(error.span.start, error.span.start + tabs);
            let title =
                Bilingual::fixed("Indent with spaces instead of tabs", "用空格代替制表符缩进");
            Some((
                title,
                vec![TextEdit {
                    span,
                    text: "  ".repeat(tabs),
                }],
            ))
        }
        _ => None,
    }
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
