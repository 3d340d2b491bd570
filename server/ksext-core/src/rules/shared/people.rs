//! Who is named in a manifest: its providers and maintainers.

use crate::rules::Context;
use crate::schema;
use crate::text::Span;
use crate::yaml::{Data, Value};

/// A provider in one language, or a maintainer.
pub(in crate::rules) struct Person<'c> {
    /// How to call the entry: `provider.en`, `maintainers[0]`.
    pub place: String,
    /// Where to say that something is missing in it.
    pub span: Span,
    /// What stands there.
    pub value: &'c Value,
    /// Whether it is a provider, which the Marketplace shows.
    pub is_provider: bool,
}

/// Everybody, in the order of the fields; what is null or no map is left out, and so are providers of
/// a language that does not exist.
pub(in crate::rules) fn people<'c>(cx: &Context<'c>) -> Vec<Person<'c>> {
    let tree = cx.manifest.tree();
    let providers = cx
        .manifest
        .entries("provider")
        .iter()
        .filter(|entry| schema::is_language(&entry.key))
        .map(|entry| Person {
            place: format!("provider.{}", entry.key),
            span: tree.span(entry.key_node),
            value: &entry.value,
            is_provider: true,
        });
    let maintainers = cx.manifest.items("maintainers").iter();
    let maintainers = maintainers.enumerate().map(|(index, value)| Person {
        place: format!("maintainers[{index}]"),
        span: match value.entries().first() {
            Some(entry) => tree.span(entry.key_node),
            None => tree.span(value.node),
        },
        value,
        is_provider: false,
    });
    providers
        .chain(maintainers)
        .filter(|person| matches!(person.value.data, Data::Map(_)))
        .collect()
}
