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
    let entries = cx.manifest.entry(field).into_iter();
    entries
        .flat_map(|entry| entry.value.entries())
        .filter(|entry| schema::is_language(&entry.key))
        .map(|entry| Language {
            code: &entry.key,
            span: cx.manifest.span(entry.key_node),
        })
        .collect()
}

/// Whether a field has a key that is no language code and seems to mean this language, as `zh-CN`
/// means `zh`: what is wrong there is its spelling.
pub(in crate::rules) fn is_misspelt(cx: &Context<'_>, field: &str, code: &str) -> bool {
    let entries = cx.manifest.entry(field).into_iter();
    entries
        .flat_map(|entry| entry.value.entries())
        .any(|entry| {
            let primary = entry.key.split(['-', '_']).next().unwrap_or_default();
            // Without quotes, `no` is `false`.
            let is_norwegian = code == "no" && entry.key == "false";
            entry.key != code && (primary.eq_ignore_ascii_case(code) || is_norwegian)
        })
}
