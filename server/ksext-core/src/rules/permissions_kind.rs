//! `permissions-kind`: a document in permissions.yaml that KubeSphere passes over.

use super::shared::{permissions, spelling};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::permissions::Document;
use crate::text::TextEdit;

/// The kinds that count.
const KINDS: [&str; 2] = ["ClusterRole", "Role"];

pub(super) static RULE: Rule = Rule {
    id: "permissions-kind",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A document in permissions.yaml is neither a ClusterRole nor a Role.",
            "permissions.yaml 中的某个文档既不是 ClusterRole 也不是 Role。",
        ),
        why: Bilingual::fixed(
            "KubeSphere gathers the rules of all ClusterRoles and of all Roles in the file and makes one of each, with the bindings. It passes over documents of any other kind, written in exactly this case.",
            "KubeSphere 会把文件中所有 ClusterRole 和所有 Role 的规则分别合并为一个，并自行创建绑定。其他类型的文档会被忽略；类型名区分大小写。",
        ),
        severity: Bilingual::fixed(
            "Warning where the kind is nearly one of the two: what the author wants to grant is not granted. Otherwise information: the document does nothing.",
            "如果类型与两者之一只差一点，则为警告：作者想授予的权限不会授予。否则为信息：该文档不起作用。",
        ),
        fix: Bilingual::fixed(
            "Correct the kind; leave bindings and other resources to the charts.",
            "更正类型；绑定和其他资源请放到 chart 中。",
        ),
        bad: Example::with_files(
            "",
            &[(
                "permissions.yaml",
                Entry::Text(
                    "kind: clusterRole\nrules:\n  - verbs: [get]\n    apiGroups: [apps]\n    resources: [deployments]\n",
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
        sources: &[
            "KubeSphere pkg/controller/core/util.go `usesPermissions`",
            "KubeSphere extension developer guide, Package Extensions",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    permissions::documents(cx)
        .filter(|document| !KINDS.contains(&&*document.kind))
        .map(finding)
        .collect()
}

fn finding(document: &Document) -> Finding {
    let kind = &document.kind;
    let location = permissions::location(document.span);
    if kind.is_empty() {
        let message = Bilingual::fixed(
            "this document has no `kind`, so KubeSphere passes over it; write `kind: ClusterRole` or `kind: Role`",
            "此文档没有 `kind`，KubeSphere 会忽略它；请写 `kind: ClusterRole` 或 `kind: Role`",
        );
        return slight(location, message);
    }
    let Some(meant) = spelling::did_you_mean(kind, KINDS) else {
        let message = bilingual!(
            "KubeSphere reads only `ClusterRole` and `Role` here and passes over `{kind}`",
            "KubeSphere 在这里只读取 `ClusterRole` 和 `Role`，会忽略 `{kind}`",
        );
        return slight(location, message);
    };
    let message = bilingual!(
        "KubeSphere passes over the kind `{kind}`; did you mean `{meant}`?",
        "KubeSphere 会忽略类型 `{kind}`；您是否想写 `{meant}`？",
    );
    let title = bilingual!("Write `{meant}`", "改写为 `{meant}`");
    let edit = TextEdit {
        span: document.span,
        text: meant.to_owned(),
    };
    RULE.finding_at(location, message)
        .fixed_by(Safety::Unsafe, title, [edit])
}

/// What is to say of a document that may be out of place rather than misspelt.
fn slight(location: Location, message: Bilingual) -> Finding {
    let mut finding = RULE.finding_at(location, message);
    finding.severity = Severity::Information;
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::findings_with_files;

    #[test]
    fn a_misspelt_kind_is_graver_than_a_foreign_one() {
        for (kind, severity) in [
            ("clusterRole", Severity::Warning),
            ("ClusterRoles", Severity::Warning),
            ("ConfigMap", Severity::Information),
            ("''", Severity::Information),
        ] {
            let text = format!("kind: {kind}\n");
            let files = [("permissions.yaml", Entry::Text(text.leak()))];
            let findings = findings_with_files("", &files);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            assert_eq!(own.expect("a finding").severity, severity, "{kind}");
        }
    }
}
