//! `inverted-ignore`: a line of `.helmignore` with `!`.

use std::collections::BTreeMap;

use super::shared::ignoring::with_line_deleted;
use super::shared::listing::some_of;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::ignore::{FILE_NAME, IgnoredBy};
use crate::package::load::Why;
use crate::package::{PkgPath, ProblemKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "inverted-ignore",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A line of `.helmignore` with `!` throws away what it does not match.",
            "`.helmignore` 中带 `!` 的行会排除所有不匹配的内容。",
        ),
        why: Bilingual::fixed(
            "In `.gitignore` a line with `!` brings back what an earlier line left out. Helm reads it another way: every file and folder that its pattern does not match is left out, and what another line has left out stays out.",
            "在 `.gitignore` 中，带 `!` 的行会恢复前面的行排除的内容。Helm 并非如此：凡是不匹配该模式的文件和文件夹都会被排除，而其他行已排除的内容也不会恢复。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and most of the package is missing.",
            "警告：推送会成功，但扩展组件包会缺少大部分内容。",
        ),
        fix: Bilingual::fixed(
            "Delete the line, and narrow the pattern that it was meant to correct.",
            "删除该行，并缩小它原本想修正的模式。",
        ),
        bad: Example::with_files("", &[(".helmignore", Entry::Text("*.tgz\n!*.yaml\n"))]),
        good: Example::with_files("", &[(".helmignore", Entry::Text("*.tgz\n"))]),
        sources: &["Helm v3.18.1 pkg/ignore/rules.go `Ignore`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let dropped = cx.contents.map(|contents| &contents.dropped[..]);
    let mut by_line: BTreeMap<Span, Vec<&PkgPath>> = BTreeMap::new();
    for entry in dropped.unwrap_or_default() {
        if let Why::Ignored(IgnoredBy::Line {
            span,
            negated: true,
        }) = entry.why
        {
            by_line.entry(span).or_default().push(&entry.path);
        }
    }
    let lines = by_line.into_iter().filter(|(span, _)| !is_told(cx, *span));
    lines
        .map(|(span, paths)| {
            let words = some_of(paths);
            let (en, zh) = (words.en, words.zh);
            let message = bilingual!(
                "a line with `!` brings nothing back: it throws away all that it does not match, here {en}",
                "带 `!` 的行不会恢复任何内容，而是排除所有不匹配的条目，此处为 {zh}",
            );
            let file = FILE_NAME.into();
            with_line_deleted(cx, RULE.finding_at(Location { file, span }, message))
        })
        .collect()
}

/// Whether it is said already that this line hides the manifest or Chart.yaml.
fn is_told(cx: &Context<'_>, span: Span) -> bool {
    cx.problems.iter().any(|problem| {
        let hides = matches!(
            problem.kind,
            ProblemKind::ManifestIgnored(_) | ProblemKind::ChartIgnored(_)
        );
        hides && problem.span == Some(span)
    })
}
