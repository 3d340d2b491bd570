//! `stray-chart-file`: a file directly under charts/.

use super::shared::ignoring;
use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "stray-chart-file",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A file stands directly under `charts/`, where only charts may stand.",
            "`charts/` 下直接放置了文件，而那里只能放 chart。",
        ),
        why: Bilingual::fixed(
            "Helm takes each entry of `charts/` for a chart: a folder with Chart.yaml, or a `.tgz`. Only names that begin with `_` or `.`, and `.prov` files, are left alone.",
            "Helm 把 `charts/` 下的每个条目都当作 chart：带 Chart.yaml 的文件夹或 `.tgz`。只有以 `_` 或 `.` 开头的名称以及 `.prov` 文件例外。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails with `Chart.yaml file is missing`.",
            "错误：推送会失败，提示 `Chart.yaml file is missing`。",
        ),
        fix: Bilingual::fixed(
            "Move the file, or leave it out by `.helmignore`.",
            "移走该文件，或用 `.helmignore` 排除它。",
        ),
        bad: Example::with_files("", &[("charts/README.md", Entry::Text("# Charts\n"))]),
        good: Example::with_files(
            "",
            &[
                ("charts/README.md", Entry::Text("# Charts\n")),
                (".helmignore", Entry::Text("charts/README.md\n")),
            ],
        ),
        sources: &["Helm v3.18.1 pkg/chart/loader/load.go `LoadFiles`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::of(&RULE, cx)
        .map(|problem| {
            let path = &problem.path;
            let message = bilingual!(
                "`{path}` is a file where Helm expects charts only; push fails (`Chart.yaml file is missing`)",
                "`{path}` 是文件，而 Helm 期望这里只有 chart；推送会失败（`Chart.yaml file is missing`）",
            );
            let finding = RULE.finding_at(problems::location(problem), message);
            ignoring::with_ignore_line(cx, finding, path)
        })
        .collect()
}
