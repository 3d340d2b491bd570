//! `chart-ignored`: a `.helmignore` that hides Chart.yaml.

use super::shared::ignoring;
use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "chart-ignored",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A line of `.helmignore` hides Chart.yaml.",
            "`.helmignore` 的某一行隐藏了 Chart.yaml。",
        ),
        why: Bilingual::fixed(
            "Push makes Chart.yaml from extension.yaml and then has Helm load the package, ignore rules and all. Without Chart.yaml Helm loads nothing. It need not exist in your folder for that.",
            "推送根据 extension.yaml 生成 Chart.yaml，然后让 Helm 加载扩展组件包，忽略规则同样生效。没有 Chart.yaml，Helm 什么也加载不了；您的文件夹中不必存在该文件，也会如此。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails with `Chart.yaml file is missing`.",
            "错误：推送会失败，提示 `Chart.yaml file is missing`。",
        ),
        fix: Bilingual::fixed(
            "Delete the line, or narrow its pattern.",
            "删除该行，或缩小其匹配范围。",
        ),
        bad: Example::with_files("", &[(".helmignore", Entry::Text("Chart.yaml\n"))]),
        good: Example::with_files("", &[(".helmignore", Entry::Text("*.tgz\n"))]),
        sources: &["Helm v3.18.1 pkg/ignore/rules.go, pkg/chart/loader/load.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let findings = problems::findings(&RULE, cx, words).into_iter();
    findings
        .map(|finding| ignoring::with_line_deleted(cx, finding))
        .collect()
}

fn words(problem: &Problem) -> Bilingual {
    match problem.kind {
        ProblemKind::ChartIgnored(true) => Bilingual::fixed(
            "a line with `!` throws away all that it does not match, also the Chart.yaml that push writes; push fails",
            "带 `!` 的行会排除所有不匹配的条目，包括推送写出的 Chart.yaml；推送会失败",
        ),
        _ => Bilingual::fixed(
            "this line hides the Chart.yaml that push writes; push fails",
            "这一行隐藏了推送写出的 Chart.yaml；推送会失败",
        ),
    }
}
