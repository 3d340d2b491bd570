//! THE list of refactorings: changes that mend nothing but that an author may want, one file each.
//!
//! To add one: a file here and its place in [`REFACTORINGS`].

mod add_language;
mod bump_version;
mod move_pictures;
mod order_keys;

use super::change::Change;
use super::view::View;
use crate::lang::Bilingual;
use crate::manifest::Manifest;
use crate::text::Span;

/// Every refactoring, in the order in which they are offered.
static REFACTORINGS: [fn(&View<'_>, Span) -> Vec<Refactoring>; 4] = [
    bump_version::refactorings,
    add_language::refactorings,
    move_pictures::refactorings,
    order_keys::refactorings,
];

/// Something that can be done at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refactoring {
    /// Tells it from the others at the same place; stays the same while the text does.
    pub id: String,
    /// What it does, as a command.
    pub title: Bilingual,
    /// How it is done.
    pub change: Change,
}

/// What can be done with the bytes in `selection`, which may be empty.
pub fn refactorings(view: &View<'_>, selection: Span) -> Vec<Refactoring> {
    let offers = REFACTORINGS.iter();
    offers
        .flat_map(|offered| offered(view, selection))
        .collect()
}

/// Whether a selection touches the key or the value of a top-level entry.
fn touches(manifest: &Manifest, key: &str, selection: Span) -> bool {
    manifest.entry(key).is_some_and(|entry| {
        let whole = manifest
            .span(entry.key_node)
            .cover(manifest.span(entry.value.node));
        whole.start <= selection.end && selection.start <= whole.end
    })
}

/// The texts after the first refactoring at `|` whose id begins with `id`: the manifest, then the files
/// that it makes.
#[cfg(test)]
fn done(marked: &str, id: &str) -> Option<(String, Vec<String>)> {
    use crate::manifest::FILE_NAME;
    use crate::package::{MemoryFs, Package, PkgPath};

    let offset = marked.find('|').expect("a cursor");
    let manifest = Manifest::from_text(&marked.replacen('|', "", 1));
    let files = MemoryFs::from([("README.md", "# Demo\n")]);
    let file = PkgPath::from(FILE_NAME);
    let view = View {
        package: Package::new(&files, &manifest),
        ..View::of(&manifest, &file)
    };
    let offers = refactorings(&view, Span::empty(offset));
    let change = offers
        .into_iter()
        .find(|offer| offer.id.starts_with(id))?
        .change;
    let (own, others): (Vec<_>, Vec<_>) = change.edits.into_iter().partition(|(at, _)| *at == file);
    let own: Vec<_> = own.into_iter().map(|(_, edit)| edit).collect();
    let text = crate::text::apply_edits(manifest.text(), &own).expect("edits that fit");
    let others = others
        .into_iter()
        .map(|(at, edit)| format!("{at}: {}", edit.text));
    Some((text, others.collect()))
}
