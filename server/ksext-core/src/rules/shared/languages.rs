//! The languages that a manifest speaks.

use crate::rules::Context;
use crate::schema;
use crate::text::Span;

/// A language that a field has an entry for.
pub(in crate::rules) struct Language<'c> {
    /// Its code.
    pub code: &'c str,
    /// Where the entry's key stands.
    pub span: Span,
}

/// The languages of a field, in the author's order; what is no language code is left out.
pub(in crate::rules) fn languages_of<'c>(cx: &Context<'c>, field: &str) -> Vec<Language<'c>> {
    cx.manifest
        .entries(field)
        .iter()
        .filter(|entry| schema::is_language(&entry.key))
        .map(|entry| Language {
            code: &entry.key,
            span: cx.manifest.span(entry.key_node),
        })
        .collect()
}

/// Whether a field has a key that is no language code: what seems to be missing may be meant by it.
pub(in crate::rules) fn has_misspelt(cx: &Context<'_>, field: &str) -> bool {
    let mut entries = cx.manifest.entries(field).iter();
    entries.any(|entry| !schema::is_language(&entry.key))
}
