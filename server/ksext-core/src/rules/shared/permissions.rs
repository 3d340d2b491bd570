//! What permissions.yaml grants in the whole cluster.

use crate::finding::Location;
use crate::package::PkgPath;
use crate::package::permissions::{self, Document};
use crate::rules::Context;
use crate::text::Span;

/// The documents of permissions.yaml; none while it is not known.
pub(in crate::rules) fn documents<'c>(cx: &Context<'c>) -> impl Iterator<Item = &'c Document> {
    let permissions = cx
        .contents
        .and_then(|contents| contents.permissions.as_ref());
    permissions
        .into_iter()
        .flat_map(|permissions| &permissions.documents)
}

/// The documents of kind ClusterRole. What a Role grants ends at the extension's own namespace,
/// where KubeSphere grants nearly everything anyway (pkg/controller/core installplan_controller.go
/// `createOrUpdateRole`).
pub(in crate::rules) fn cluster_roles<'c>(cx: &Context<'c>) -> impl Iterator<Item = &'c Document> {
    documents(cx).filter(|document| document.kind == "ClusterRole")
}

/// A place in permissions.yaml.
pub(in crate::rules) fn location(span: Span) -> Location {
    let file = PkgPath::from(permissions::FILE_NAME);
    Location { file, span }
}
