//! `permissions-wildcard`: `*` in the permissions that the installation asks for.

use super::shared::permissions;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::permissions::{Document, Item, PolicyRule};

/// What an extension is made of; `ksbuilder create` and the guide grant all of it.
const OWN_GROUP: &str = "extensions.kubesphere.io";

pub(super) static RULE: Rule = Rule {
    id: "permissions-wildcard",
    severity: Severity::Information,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "permissions.yaml asks for `*` in the whole cluster.",
            "permissions.yaml 以 `*` 申请整个集群范围的权限。",
        ),
        why: Bilingual::fixed(
            "KubeSphere installs the extension with these permissions, and the cloud's reviewers look at them: as few as will do, and no wildcard where verbs, resources or names can be listed. Nothing is said of the group `extensions.kubesphere.io`, nor of a Role, which ends at the extension's own namespace.",
            "KubeSphere 使用这些权限安装扩展组件，审核人员也会查看：应尽量少申请权限，能列出操作、资源或名称时不使用通配符。`extensions.kubesphere.io` 组以及仅限于扩展组件自身命名空间的 Role 不在此列。",
        ),
        severity: Bilingual::fixed(
            "Information: guidance for the review.",
            "信息：供审核参考。",
        ),
        fix: Bilingual::fixed(
            "List what the charts create, or limit the rule by `resourceNames`.",
            "列出 chart 所创建的内容，或用 `resourceNames` 限制规则。",
        ),
        bad: Example::with_files(
            "",
            &[(
                "permissions.yaml",
                Entry::Text(
                    "kind: ClusterRole\nrules:\n  - verbs: [create]\n    apiGroups: [apps]\n    resources: ['*']\n",
                ),
            )],
        ),
        good: Example::with_files(
            "",
            &[(
                "permissions.yaml",
                Entry::Text(
                    "kind: ClusterRole\nrules:\n  - verbs: [create]\n    apiGroups: [apps]\n    resources: [deployments]\n",
                ),
            )],
        ),
        sources: &["KubeSphere extension developer guide, Package Extensions"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    permissions::cluster_roles(cx).filter_map(finding).collect()
}

/// What opens more stands first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    ApiGroups,
    Resources,
    Verbs,
}

/// One finding for all rules of a document, at the widest wildcard.
fn finding(document: &Document) -> Option<Finding> {
    let mut found: Vec<_> = document.rules.iter().filter_map(widest).collect();
    found.sort_by_key(|(field, item)| (*field, item.span));
    let ((field, item), others) = found.split_first()?;
    let opened = match field {
        Field::ApiGroups => {
            Bilingual::fixed("the resources of every API group", "所有 API 组的资源")
        }
        Field::Resources => Bilingual::fixed(
            "every resource of these API groups",
            "这些 API 组的所有资源",
        ),
        Field::Verbs => Bilingual::fixed("these resources to every verb", "这些资源的所有操作"),
    };
    let (en, zh) = (&opened.en, &opened.zh);
    let message = match others.len() {
        0 => bilingual!(
            "`*` opens {en} in the whole cluster; list what the installation needs",
            "`*` 会在整个集群开放{zh}；请列出安装所需的内容",
        ),
        more => bilingual!(
            "`*` opens {en} in the whole cluster, and {more} more of these rules have a `*`; list what the installation needs",
            "`*` 会在整个集群开放{zh}，另有 {more} 条规则含有 `*`；请列出安装所需的内容",
        ),
    };
    let mut finding = RULE.finding_at(permissions::location(item.span), message);
    for (_, other) in others {
        let words = Bilingual::fixed("here too", "此处也有");
        finding = finding.related_to(permissions::location(other.span), words);
    }
    Some(finding)
}

/// The widest wildcard of a rule.
fn widest(rule: &PolicyRule) -> Option<(Field, &Item)> {
    let is_own = rule.api_groups.iter().all(|group| group.value == OWN_GROUP);
    if is_own || !rule.resource_names.is_empty() {
        return None;
    }
    let wild = |items: &'_ [Item]| items.iter().position(|item| item.value == "*");
    let fields = [
        (Field::ApiGroups, &rule.api_groups),
        (Field::Resources, &rule.resources),
        (Field::Verbs, &rule.verbs),
    ];
    fields
        .into_iter()
        .find_map(|(field, items)| Some((field, &items[wild(items)?])))
}
