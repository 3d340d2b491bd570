//! `permissions-sensitive`: permissions that reviewers ask about.

use super::shared::permissions;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::permissions::{Document, Item, PolicyRule};

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
    permissions::cluster_roles(cx).flat_map(findings).collect()
}

/// One finding for each word in a document, where it stands first.
fn findings(document: &Document) -> Vec<Finding> {
    let mut by_word: Vec<(&str, Finding)> = Vec::new();
    let rules = document.rules.iter();
    for item in rules
        .filter(|rule| rule.resource_names.is_empty())
        .flat_map(sensitive)
    {
        let location = permissions::location(item.span);
        match by_word.iter_mut().find(|(word, _)| *word == item.value) {
            Some((_, finding)) => {
                let words = Bilingual::fixed("here too", "此处也有");
                *finding = finding.clone().related_to(location, words);
            }
            None => {
                let value = &item.value;
                let message = bilingual!(
                    "`{value}` in the whole cluster is a sensitive permission; reviewers want a clear reason, or `resourceNames`",
                    "整个集群的 `{value}` 属于敏感权限；审核需要充分的理由，或使用 `resourceNames`",
                );
                by_word.push((value, RULE.finding_at(location, message)));
            }
        }
    }
    by_word.into_iter().map(|(_, finding)| finding).collect()
}

fn sensitive(rule: &PolicyRule) -> impl Iterator<Item = &Item> {
    let resources = rule.resources.iter();
    let verbs = rule.verbs.iter();
    resources
        .filter(|item| RESOURCES.contains(&&*item.value))
        .chain(verbs.filter(|item| VERBS.contains(&&*item.value)))
}
