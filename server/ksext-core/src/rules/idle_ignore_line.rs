//! `idle-ignore-line`: a line of `.helmignore` that matches nothing.

use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::package::ignore::{self, Idle, IdleLine};
use crate::text::{TextEdit, line_break};

pub(super) static RULE: Rule = Rule {
    id: "idle-ignore-line",
    severity: Severity::Hint,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A line of `.helmignore` can match nothing.",
            "`.helmignore` 的某一行不会匹配任何内容。",
        ),
        why: Bilingual::fixed(
            "Helm compares a pattern with the path as it is, without `./` before it and without `..` or `//` in it, so `./docs` leaves nothing out. A `#` begins a comment only at the start of a line; elsewhere it belongs to the pattern.",
            "Helm 直接拿模式与路径比较，而路径前没有 `./`，其中也没有 `..` 或 `//`，因此 `./docs` 不会排除任何内容。`#` 只有在行首才表示注释，在别处属于模式的一部分。",
        ),
        severity: Bilingual::fixed(
            "Hint: the line does nothing; what it was meant to leave out is published.",
            "提示：该行不起作用；它想排除的内容会被发布。",
        ),
        fix: Bilingual::fixed(
            "Write the path from the package's root, such as `/docs`, and comments on lines of their own.",
            "从扩展组件包根目录写起，例如 `/docs`；注释单独占一行。",
        ),
        bad: Example::with_files("", &[(".helmignore", Entry::Text("./docs\n"))]),
        good: Example::with_files("", &[(".helmignore", Entry::Text("/docs\n"))]),
        sources: &["Helm v3.18.1 pkg/ignore/rules.go `parseRule`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let file = PkgPath::from(ignore::FILE_NAME);
    let Some(source) = cx.contents.and_then(|contents| contents.text(&file)) else {
        return Vec::new();
    };
    let text = source.text();
    let lines = ignore::idle_lines(text).into_iter();
    lines.map(|line| finding(&file, text, line)).collect()
}

fn finding(file: &PkgPath, text: &str, line: IdleLine) -> Finding {
    let span = line.span;
    let location = Location {
        file: file.clone(),
        span,
    };
    let written = span.of(text);
    let (message, text) = match line.why {
        Idle::Path(None) => {
            let message = bilingual!(
                "`{written}` matches no path, so this line leaves nothing out",
                "`{written}` 不匹配任何路径，因此这一行不会排除任何内容",
            );
            return RULE.finding_at(location, message);
        }
        Idle::Path(Some(meant)) => {
            let message = bilingual!(
                "Helm compares `{written}` as it is and finds no such path; write `{meant}`",
                "Helm 直接比较 `{written}`，找不到这样的路径；请写成 `{meant}`",
            );
            (message, meant)
        }
        Idle::Comment(pattern, comment) => {
            let message = bilingual!(
                "`{comment}` is no comment here but part of the pattern, which matches nothing; write it on a line of its own",
                "此处的 `{comment}` 不是注释，而是模式的一部分，因此不会匹配任何内容；请单独写一行",
            );
            let line_break = line_break(text);
            (message, format!("{comment}{line_break}{pattern}"))
        }
    };
    let title = Bilingual::fixed("Write what was meant", "改写为想表达的内容");
    RULE.finding_at(location, message)
        .fixed_by(Safety::Unsafe, title, [TextEdit { span, text }])
}
