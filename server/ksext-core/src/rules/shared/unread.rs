//! What follows the first document of a manifest: ksbuilder never sees it.

use crate::manifest::Manifest;
use crate::text::Span;

/// The text behind the first document, if there is more in it than comments and document marks. In
/// text with a syntax error nobody knows where the document ends.
pub(in crate::rules) fn unread(manifest: &Manifest) -> Option<Span> {
    let (tree, text) = (manifest.tree(), manifest.text());
    if !tree.errors().is_empty() {
        return None;
    }
    let rest = Span::new(tree.end(), text.len());
    let mut lines = rest.of(text).lines().map(str::trim);
    lines.any(says_something).then_some(rest)
}

/// Whether a field of this name stands in the unread text.
pub(in crate::rules) fn holds(manifest: &Manifest, field: &str) -> bool {
    let Some(span) = unread(manifest) else {
        return false;
    };
    span.of(manifest.text()).lines().any(|line| {
        let line = line.trim_start().trim_start_matches(['"', '\'']);
        let rest = line.strip_prefix(field);
        rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
    })
}

fn says_something(line: &str) -> bool {
    let content = ["---", "..."]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .map_or(line, str::trim_start);
    !(content.is_empty() || content.starts_with(['#', '%']))
}
