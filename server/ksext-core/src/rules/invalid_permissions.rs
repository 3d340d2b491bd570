//! `invalid-permissions`: a permissions.yaml that KubeSphere cannot read to its end.

use super::shared::{permissions, yaml_words};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::manifest::misfit::Wanted;
use crate::package::permissions::Fault;

pub(super) static RULE: Rule = Rule {
    id: "invalid-permissions",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "permissions.yaml cannot be read to its end.",
            "permissions.yaml 无法完整读取。",
        ),
        why: Bilingual::fixed(
            "KubeSphere reads permissions.yaml when the extension is installed, document by document, and stops without a word at the first one that is no YAML or has values of a wrong type. Whatever that one and the following ones grant is not granted, and the installation fails on what is forbidden then.",
            "KubeSphere 在安装扩展组件时逐个文档读取 permissions.yaml，遇到第一个不是 YAML 或值类型错误的文档就悄悄停止。该文档及其后的授权都不会生效，安装会因权限不足而失败。",
        ),
        severity: Bilingual::fixed(
            "Warning: push does not look into the file; the installation lacks permissions.",
            "警告：推送不检查这个文件；安装时会缺少权限。",
        ),
        fix: Bilingual::fixed("Correct the marked place.", "修正标出的位置。"),
        bad: Example::with_files(
            "",
            &[(
                "permissions.yaml",
                Entry::Text(
                    "kind: ClusterRole\nrules:\n  - verbs: get\n    apiGroups: [apps]\n    resources: [deployments]\n",
                ),
            )],
        ),
        good: Example::with_files(
            "",
            &[(
                "permissions.yaml",
                Entry::Text(
                    "kind: ClusterRole\nrules:\n  - verbs: [get]\n    apiGroups: [apps]\n    resources: [deployments]\n",
                ),
            )],
        ),
        sources: &["KubeSphere pkg/controller/core/util.go `usesPermissions`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let permissions = cx
        .contents
        .and_then(|contents| contents.permissions.as_ref());
    let Some((fault, span)) = permissions.and_then(|permissions| permissions.fault.as_ref()) else {
        return Vec::new();
    };
    let words = match fault {
        Fault::Syntax(kind) => yaml_words::words(kind),
        Fault::WrongType(Wanted::List) => Bilingual::fixed("this must be a list", "此处必须是列表"),
        Fault::WrongType(Wanted::Map) => Bilingual::fixed("this must be a map", "此处必须是映射"),
        Fault::WrongType(_) => Bilingual::fixed(
            "this must be a text; put it in quotes",
            "此处必须是文本；请加上引号",
        ),
    };
    let (en, zh) = (&words.en, &words.zh);
    let message = bilingual!(
        "{en}; KubeSphere grants nothing from this document on",
        "{zh}；从此文档起的授权都不会生效",
    );
    vec![RULE.finding_at(permissions::location(*span), message)]
}
