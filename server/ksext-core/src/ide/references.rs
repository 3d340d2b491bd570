//! All places that name the same as one place does.

use super::referent::{Mention, at, mentions};
use super::view::View;

/// All places in the package that name what the cursor at the byte `offset` touches, that one among
/// them: the manifest's first. Of several things the one counts that is named elsewhere too.
pub fn references(view: &View<'_>, offset: usize) -> Vec<Mention> {
    let touched = at(view, offset);
    let all = touched
        .iter()
        .map(|mention| mentions(&view.package, &mention.referent));
    let mut first = Vec::new();
    for found in all {
        if found.len() > 1 {
            return found;
        }
        if first.is_empty() {
            first = found;
        }
    }
    first
}

/// Those of the [`references`] that stand in the same text.
pub fn highlights(view: &View<'_>, offset: usize) -> Vec<Mention> {
    let mut found = references(view, offset);
    found.retain(|mention| mention.file == *view.file);
    found
}
