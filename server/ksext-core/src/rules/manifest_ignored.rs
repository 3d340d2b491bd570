//! `manifest-ignored`: a `.helmignore` that keeps extension.yaml out of the archive.

use super::shared::ignoring;
use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "manifest-ignored",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A line of `.helmignore` hides extension.yaml.",
            "`.helmignore` 的某一行隐藏了 extension.yaml。",
        ),
        why: Bilingual::fixed(
            "Push reads extension.yaml before the ignore rules apply, and then packs the package without it. The cloud gets an extension without a manifest. A line with `!` does not bring anything back in Helm: it throws away all that it does not match.",
            "推送在忽略规则生效之前读取 extension.yaml，随后打包时却把它排除在外，云端收到的扩展组件没有清单。在 Helm 中，带 `!` 的行不会重新包含任何内容，而是排除所有不匹配它的条目。",
        ),
        severity: Bilingual::fixed(
            "Error, although ksbuilder sends such a package: the manifest is lost.",
            "错误，尽管 ksbuilder 会发送这样的扩展组件包：清单会丢失。",
        ),
        fix: Bilingual::fixed(
            "Delete the line, or narrow its pattern.",
            "删除该行，或缩小其匹配范围。",
        ),
        bad: Example::with_files("", &[(".helmignore", Entry::Text("extension.*\n"))]),
        good: Example::with_files("", &[(".helmignore", Entry::Text("*.tgz\n"))]),
        sources: &[
            "Helm v3.18.1 pkg/ignore/rules.go `Ignore`",
            "ksbuilder cmd/push.go",
        ],
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
        ProblemKind::ManifestIgnored(true) => Bilingual::fixed(
            "a line with `!` throws away all that it does not match, extension.yaml too: the package would leave without its manifest",
            "带 `!` 的行会排除所有不匹配的条目，包括 extension.yaml：发送的扩展组件包中将没有清单",
        ),
        _ => Bilingual::fixed(
            "this line hides extension.yaml: the package would leave without its manifest",
            "这一行隐藏了 extension.yaml：发送的扩展组件包中将没有清单",
        ),
    }
}
