//! What permissions.yaml grants in the whole cluster.

use crate::bilingual;
use crate::finding::Location;
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::package::permissions::{self, PolicyRule};
use crate::rules::Context;
use crate::text::Span;

/// The rules of every document of kind ClusterRole. What a Role grants ends at the extension's own
/// namespace, where KubeSphere grants nearly everything anyway (pkg/controller/core
/// installplan_controller.go `createOrUpdateRole`).
pub(in crate::rules) fn cluster_rules<'c>(
    cx: &Context<'c>,
) -> impl Iterator<Item = &'c PolicyRule> {
    let permissions = cx
        .contents
        .and_then(|contents| contents.permissions.as_ref());
    let documents = permissions
        .into_iter()
        .flat_map(|permissions| &permissions.documents);
    documents
        .filter(|document| document.kind == "ClusterRole")
        .flat_map(|document| &document.rules)
}

/// A place in permissions.yaml.
pub(in crate::rules) fn location(span: Span) -> Location {
    let file = PkgPath::from(permissions::FILE_NAME);
    Location { file, span }
}

/// What a wildcard opens, in words.
pub(in crate::rules) fn wildcard_words(field: &str) -> Bilingual {
    match field {
        "apiGroups" => Bilingual::fixed("resources of every API group", "所有 API 组的资源"),
        "resources" => Bilingual::fixed(
            "every resource of these API groups",
            "这些 API 组的所有资源",
        ),
        _ => bilingual!("everything to these resources", "对这些资源的所有操作"),
    }
}
