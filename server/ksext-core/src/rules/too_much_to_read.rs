//! `too-much-to-read`: a package of more than ksext looks at.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "too-much-to-read",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "The package holds more than any that could be published.",
            "扩展组件包的内容远超可发布的规模。",
        ),
        why: Bilingual::fixed(
            "ksext reads 100 000 entries, 100 charts in each other and 256 MiB of packed charts, and stops there. Nothing of that size stays below the limit of 1 MB.",
            "ksext 最多读取 100 000 个条目、100 层嵌套的 chart 以及 256 MiB 的打包 chart，到此为止。如此规模的扩展组件包不可能低于 1 MB 的限制。",
        ),
        severity: Bilingual::fixed(
            "Error: the package would be refused for its size.",
            "错误：扩展组件包会因大小而被拒绝。",
        ),
        fix: Bilingual::fixed(
            "Leave folders such as `node_modules` out of the package.",
            "把 `node_modules` 之类的文件夹排除在扩展组件包之外。",
        ),
        bad: Example::with_files("", &[("data", Entry::Files(100_000))]),
        good: Example::manifest(""),
        sources: &["KubeSphere extension development guide, packaging and release"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(problem: &Problem) -> Bilingual {
    let path = &problem.path;
    match problem.kind {
        ProblemKind::TooDeep => bilingual!(
            "`{path}` is a chart in more than 100 others; ksext looks no further",
            "`{path}` 嵌套在 100 多层 chart 之中；ksext 不再深入检查",
        ),
        ProblemKind::UnpackedTooLarge => bilingual!(
            "`{path}` and the packed charts before it hold more than 256 MiB; ksext looks no further",
            "`{path}` 及其之前的打包 chart 超过 256 MiB；ksext 不再继续检查",
        ),
        _ => bilingual!(
            "`{path}` and what stands before it are more than 100 000 entries; ksext looks no further",
            "`{path}` 及其之前的条目超过 100 000 个；ksext 不再继续检查",
        ),
    }
}
