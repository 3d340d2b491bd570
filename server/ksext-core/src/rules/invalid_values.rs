//! `invalid-values`: a values.yaml that Helm cannot read.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "invalid-values",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "values.yaml is not a YAML map.",
            "values.yaml 不是 YAML 映射。",
        ),
        why: Bilingual::fixed(
            "Helm reads values.yaml of the package and of every chart in it as a map. An empty file is fine.",
            "Helm 把扩展组件包及其中每个 chart 的 values.yaml 读作映射。空文件没有问题。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it loads the package.",
            "错误：推送在加载扩展组件包时失败。",
        ),
        fix: Bilingual::fixed("Correct the marked place.", "修正标出的位置。"),
        bad: Example::with_files("", &[("values.yaml", Entry::Text("- replicas: 1\n"))]),
        good: Example::with_files("", &[("values.yaml", Entry::Text("replicas: 1\n"))]),
        sources: &["Helm v3.18.1 pkg/chart/loader/load.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, problems::words_of_undecoded)
}
