//! `invalid-chart-lock`: a Chart.lock that Helm cannot read.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "invalid-chart-lock",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "Chart.lock or requirements.lock is not what Helm writes.",
            "Chart.lock 或 requirements.lock 不是 Helm 写出的格式。",
        ),
        why: Bilingual::fixed(
            "Helm reads the lock file with the chart: `generated` must be a time, `dependencies` a list.",
            "Helm 会随 chart 一起读取锁文件：`generated` 必须是时间，`dependencies` 必须是列表。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it loads the package.",
            "错误：推送在加载扩展组件包时失败。",
        ),
        fix: Bilingual::fixed(
            "Have `helm dependency update` write it anew, or delete it.",
            "用 `helm dependency update` 重新生成，或将其删除。",
        ),
        bad: Example::with_files("", &[("Chart.lock", Entry::Text("generated: today\n"))]),
        good: Example::with_files(
            "",
            &[(
                "Chart.lock",
                Entry::Text("generated: \"2024-01-02T03:04:05Z\"\n"),
            )],
        ),
        sources: &["Helm v3.18.1 pkg/chart/dependency.go `Lock`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, problems::words_of_undecoded)
}
