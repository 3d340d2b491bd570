//! `ignored-chart-files`: a `.helmignore` that hides what charts are made of.

use std::collections::BTreeMap;

use super::shared::{ignoring, listing};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::package::ignore::{self, IgnoredBy};
use crate::package::load::{Dropped, Why};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "ignored-chart-files",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A line of `.helmignore` leaves out charts, templates or values.",
            "`.helmignore` 的某一行排除了 chart、模板或默认值。",
        ),
        why: Bilingual::fixed(
            "Push goes on without them: the extension is published and installs less than it should, or nothing. A pattern without a slash matches at any depth, so `templates/` takes the templates of every chart in the package.",
            "推送会在缺少它们的情况下继续：扩展组件照常发布，但安装的内容不完整，甚至什么也没有。不带斜杠的模式匹配任意层级，因此 `templates/` 会去掉扩展组件包中每个 chart 的模板。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and what is published lacks a part.",
            "警告：推送会成功，但发布的内容会有缺失。",
        ),
        fix: Bilingual::fixed(
            "Delete the line, or write a pattern that begins with a slash and matches only what is meant.",
            "删除该行，或改用以斜杠开头、只匹配目标的模式。",
        ),
        bad: Example::with_files(
            "",
            &[
                (".helmignore", Entry::Text("templates/\n")),
                ("templates/a.yaml", Entry::Text("a: 1\n")),
            ],
        ),
        good: Example::with_files(
            "",
            &[
                (".helmignore", Entry::Text("*.tgz\n")),
                ("templates/a.yaml", Entry::Text("a: 1\n")),
            ],
        ),
        sources: &["Helm v3.18.1 pkg/ignore/rules.go `Ignore`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(contents) = cx.contents else {
        return Vec::new();
    };
    let mut by_line: BTreeMap<Span, Vec<&PkgPath>> = BTreeMap::new();
    for dropped in &contents.dropped {
        if let Some(span) = line_that_hides(dropped) {
            by_line.entry(span).or_default().push(&dropped.path);
        }
    }
    // A line that hides Chart.yaml or extension.yaml too is told as that.
    let file = PkgPath::from(ignore::FILE_NAME);
    let is_told = |span: &Span| {
        let mut problems = cx.problems.iter();
        problems.any(|problem| problem.path == file && problem.span == Some(*span))
    };
    let lines = by_line.into_iter().filter(|(span, _)| !is_told(span));
    lines
        .map(|(span, paths)| {
            let hidden = listing::some_of(paths);
            let (en, zh) = (&hidden.en, &hidden.zh);
            let message = bilingual!(
                "this line leaves out {en}; push publishes the package without that",
                "这一行排除了 {zh}；推送发布的扩展组件包中将没有这些内容",
            );
            let location = Location {
                file: file.clone(),
                span,
            };
            ignoring::with_line_deleted(cx, RULE.finding_at(location, message))
        })
        .collect()
}

/// The line of `.helmignore` that hides what a chart is made of. Lines with `!` have a rule of their
/// own.
fn line_that_hides(dropped: &Dropped) -> Option<Span> {
    let Why::Ignored(IgnoredBy::Line {
        span,
        negated: false,
    }) = dropped.why
    else {
        return None;
    };
    let mut names: Vec<_> = dropped.path.components().collect();
    // Charts stand in charts/, those in them likewise.
    while let [b"charts", _, _, ..] = names[..] {
        names.drain(..2);
    }
    let is_part = matches!(
        names[..],
        [b"charts" | b"templates" | b"crds" | b"values.yaml"] | [b"charts", _]
    );
    // A file directly under charts/ is no chart, unless it is a packed one.
    let is_stray =
        matches!(names[..], [b"charts", name] if name.contains(&b'.') && !name.ends_with(b".tgz"));
    (is_part && !is_stray).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::findings_with_files;

    #[test]
    fn each_line_is_told_with_what_it_hides() {
        for (line, told) in [
            ("charts", true),
            ("charts/web", true),
            ("values.yaml", true),
            ("/templates", true),
            ("docs", false),
            ("charts/README.md", false),
            ("templates/NOTES.txt", false),
        ] {
            let rules: &'static str = Box::leak(format!("{line}\r\n").into_boxed_str());
            let files = [
                (".helmignore", Entry::Text(rules)),
                ("values.yaml", Entry::Text("a: 1\n")),
                ("docs/观测.txt", Entry::Text("x")),
                ("templates/NOTES.txt", Entry::Text("x")),
                ("charts/README.md", Entry::Text("x")),
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("name: web\nversion: 1.0.0\n"),
                ),
            ];
            let found = findings_with_files("name: demo\n", &files);
            let mut lines = found.iter().filter(|finding| finding.rule == RULE.id);
            let span = lines.next().map(|finding| finding.location.span);
            assert_eq!(span, told.then(|| Span::new(0, line.len())), "{line}");
        }
    }
}
