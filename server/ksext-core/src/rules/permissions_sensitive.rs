//! `permissions-sensitive`: permissions that reviewers ask about.

use super::shared::permissions;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::permissions::{Item, PolicyRule};

/// The resources that the guide names.
const RESOURCES: [&str; 5] = [
    "clusterrolebindings",
    "rolebindings",
    "secrets",
    "mutatingwebhookconfigurations",
    "validatingwebhookconfigurations",
];

/// The verbs by which one gains rights that one does not have.
const VERBS: [&str; 3] = ["escalate", "bind", "impersonate"];

pub(super) static RULE: Rule = Rule {
    id: "permissions-sensitive",
    severity: Severity::Information,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "permissions.yaml asks for sensitive rights in the whole cluster.",
            "permissions.yaml 申请整个集群范围的敏感权限。",
        ),
        why: Bilingual::fixed(
            "Secrets, role bindings and admission webhooks of the whole cluster, and the verbs `escalate`, `bind` and `impersonate`, lead to every other right. The guide wants a clear reason for them.",
            "整个集群的 Secret、角色绑定和准入 Webhook，以及 `escalate`、`bind` 和 `impersonate` 操作，都可以获得其他任何权限。指南要求对此说明充分的理由。",
        ),
        severity: Bilingual::fixed(
            "Information: guidance for the review.",
            "信息：供审核参考。",
        ),
        fix: Bilingual::fixed(
            "Limit the rule by `resourceNames`, move it to a Role, or give the reason in the README.",
            "用 `resourceNames` 限制规则，移到 Role 中，或在 README 中说明理由。",
        ),
        bad: Example::with_files(
            "",
            &[(
                "permissions.yaml",
                Entry::Text(
                    "kind: ClusterRole\nrules:\n  - verbs: [get]\n    apiGroups: [\"\"]\n    resources: [secrets]\n",
                ),
            )],
        ),
        good: Example::with_files(
            "",
            &[(
                "permissions.yaml",
                Entry::Text(
                    "kind: ClusterRole\nrules:\n  - verbs: [get]\n    apiGroups: [\"\"]\n    resources: [secrets]\n    resourceNames: [demo-tls]\n",
                ),
            )],
        ),
        sources: &[
            "KubeSphere extension developer guide, Package Extensions",
            "Kubernetes documentation, Role Based Access Control Good Practices",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    permissions::cluster_rules(cx).flat_map(findings).collect()
}

fn findings(rule: &PolicyRule) -> Vec<Finding> {
    if !rule.resource_names.is_empty() {
        return Vec::new();
    }
    let sensitive = |items: &'_ [Item], words: &[&str]| -> Vec<Item> {
        let named = items.iter().filter(|item| words.contains(&&*item.value));
        named.cloned().collect()
    };
    let mut items = sensitive(&rule.resources, &RESOURCES);
    items.extend(sensitive(&rule.verbs, &VERBS));
    let finding = |item: Item| {
        let value = &item.value;
        let message = bilingual!(
            "`{value}` in the whole cluster is a sensitive permission; reviewers want a clear reason, or `resourceNames`",
            "整个集群的 `{value}` 属于敏感权限；审核需要充分的理由，或使用 `resourceNames`",
        );
        RULE.finding_at(permissions::location(item.span), message)
    };
    items.into_iter().map(finding).collect()
}
