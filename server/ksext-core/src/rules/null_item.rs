//! `null-item`: an empty item in a list where Helm needs one.

use super::shared::problems;
use super::{Context, Example, Page, Rule};
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::Problem;

pub(super) static RULE: Rule = Rule {
    id: "null-item",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "An item of `dependencies` or `maintainers` is empty.",
            "`dependencies` 或 `maintainers` 中有空项。",
        ),
        why: Bilingual::fixed(
            "A dash with nothing behind it is null. ksbuilder takes that; Helm, which loads what ksbuilder has made of it, does not.",
            "后面什么都没有的短横线是 null。ksbuilder 接受它，但随后加载的 Helm 不接受。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails after it has uploaded the images.",
            "错误：推送在上传图片之后失败。",
        ),
        fix: Bilingual::fixed("Fill the item in, or delete it.", "填写该项，或将其删除。"),
        bad: Example::manifest("maintainers:\n  -\n"),
        good: Example::manifest("maintainers:\n  - name: Example\n"),
        sources: &["Helm v3.18.1 pkg/chart/metadata.go `Validate`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(_: &Problem) -> Bilingual {
    Bilingual::fixed(
        "this item is empty, and Helm refuses that; push fails",
        "此项为空，Helm 不接受；推送会失败",
    )
}
