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
            "The package holds more than ksext reads.",
            "扩展组件包的内容超出 ksext 的读取范围。",
        ),
        why: Bilingual::fixed(
            "ksext reads 100 000 entries, 100 charts in each other and 256 MiB of packed charts, and stops there: it cannot judge the rest. What is so large comes from a mistake, such as a folder of downloaded sources.",
            "ksext 最多读取 100 000 个条目、100 层嵌套的 chart 以及 256 MiB 的打包 chart，到此为止，无法判断其余内容。如此规模通常是误放所致，例如下载的源码文件夹。",
        ),
        severity: Bilingual::fixed(
            "Error: ksext cannot say whether push would go through, and there is no prospect of it.",
            "错误：ksext 无法判断推送能否成功，而这样的扩展组件包没有成功推送的希望。",
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
            "charts lie more than 100 deep in each other; ksext stopped at `{path}`",
            "chart 嵌套超过 100 层；ksext 检查到 `{path}` 为止",
        ),
        ProblemKind::UnpackedTooLarge => bilingual!(
            "the packed charts hold more than 256 MiB; ksext stopped at `{path}`",
            "打包的 chart 共超过 256 MiB；ksext 检查到 `{path}` 为止",
        ),
        _ => bilingual!(
            "the package has more than 100 000 files and folders; ksext stopped at `{path}`",
            "扩展组件包中的文件和文件夹超过 100 000 个；ksext 检查到 `{path}` 为止",
        ),
    }
}
