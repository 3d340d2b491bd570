//! `invalid-dependency`: a dependency that Helm refuses.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::validate::MetadataFault;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "invalid-dependency",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "An alias has characters that Helm refuses, or two dependencies have one name.",
            "别名含有 Helm 不接受的字符，或两个依赖重名。",
        ),
        why: Bilingual::fixed(
            "Helm knows a dependency by its alias, or else by its name. An alias consists of letters, digits, `_` and `-`.",
            "Helm 通过别名识别依赖，没有别名时使用名称。别名只能由字母、数字、`_` 和 `-` 组成。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails after it has uploaded the images.",
            "错误：推送在上传图片之后失败。",
        ),
        fix: Bilingual::fixed(
            "Give each dependency a name or alias of its own.",
            "为每个依赖指定各自的名称或别名。",
        ),
        bad: Example::with_files(
            "dependencies:\n  - name: web\n  - name: web\n",
            &[(
                "charts/web/Chart.yaml",
                Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
            )],
        ),
        good: Example::with_files(
            "dependencies:\n  - name: web\n  - name: web\n    version: \"*\"\n    alias: web-2\n",
            &[(
                "charts/web/Chart.yaml",
                Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
            )],
        ),
        sources: &["Helm v3.18.1 pkg/chart/dependency.go, metadata.go `Validate`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(problem: &Problem) -> Bilingual {
    match &problem.kind {
        ProblemKind::Metadata(MetadataFault::AliasInvalid(alias)) => bilingual!(
            "an alias consists of letters, digits, `_` and `-`, and `{alias}` does not; push fails",
            "别名只能包含字母、数字、`_` 和 `-`，`{alias}` 不符合；推送会失败",
        ),
        ProblemKind::Metadata(MetadataFault::DuplicateDependency(key)) => bilingual!(
            "another dependency is called `{key}` too; push fails",
            "另一个依赖也名为 `{key}`；推送会失败",
        ),
        _ => Bilingual::fixed("Helm refuses this dependency", "Helm 拒绝此依赖"),
    }
}
