//! `invalid-helmignore`: a line of `.helmignore` that Helm refuses.

use super::shared::ignoring;
use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::ignore::IgnoreErrorKind;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "invalid-helmignore",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A line of `.helmignore` is nothing that Helm can read.",
            "`.helmignore` 的某一行是 Helm 无法读取的。",
        ),
        why: Bilingual::fixed(
            "It looks like `.gitignore` and is not: Helm knows no `**`, and stops at the first pattern that is malformed. A pattern without a slash matches at any depth anyway; one with a slash counts from the package's root.",
            "它看起来像 `.gitignore`，其实不同：Helm 不支持 `**`，遇到第一个格式错误的模式就会停止。不带斜杠的模式本来就匹配任意层级；带斜杠的模式从扩展组件包根目录算起。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it loads the package.",
            "错误：推送在加载扩展组件包时失败。",
        ),
        fix: Bilingual::fixed(
            "Write the pattern without `**`, or delete the line.",
            "去掉模式中的 `**`，或删除该行。",
        ),
        bad: Example::with_files("", &[(".helmignore", Entry::Text("**/*.bak\n"))]),
        good: Example::with_files("", &[(".helmignore", Entry::Text("*.bak\n"))]),
        sources: &["Helm v3.18.1 pkg/ignore/rules.go `parseRule`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::of(&RULE, cx)
        .map(|problem| {
            let finding = RULE.finding_at(problems::location(problem), words(problem));
            match problem.kind {
                ProblemKind::Ignore(IgnoreErrorKind::DoubleStar) => {
                    ignoring::with_double_stars_gone(cx, finding)
                }
                _ => ignoring::with_line_deleted(cx, finding),
            }
        })
        .collect()
}

fn words(problem: &Problem) -> Bilingual {
    match problem.kind {
        ProblemKind::Ignore(IgnoreErrorKind::DoubleStar) => Bilingual::fixed(
            "Helm does not support `**`; push fails (`double-star (**) syntax is not supported`)",
            "Helm 不支持 `**`；推送会失败（`double-star (**) syntax is not supported`）",
        ),
        ProblemKind::Ignore(IgnoreErrorKind::LineTooLong) => Bilingual::fixed(
            "this line is longer than 65 535 bytes; push fails",
            "这一行超过 65 535 字节；推送会失败",
        ),
        _ => Bilingual::fixed(
            "this pattern is malformed; push fails (`syntax error in pattern`)",
            "此模式格式错误；推送会失败（`syntax error in pattern`）",
        ),
    }
}
