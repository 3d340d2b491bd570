//! The next version.

use super::{Refactoring, touches};
use crate::ide::bump::bump;
use crate::ide::change::Change;
use crate::ide::view::View;
use crate::text::Span;

pub(super) fn refactorings(view: &View<'_>, selection: Span) -> Vec<Refactoring> {
    let manifest = view
        .as_manifest()
        .filter(|manifest| touches(manifest, "version", selection));
    let bump = manifest.and_then(bump);
    let offer = bump.map(|bump| Refactoring {
        id: "bump-version".to_owned(),
        change: Change::from(&bump.fix),
        title: bump.fix.title,
    });
    offer.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::done;

    #[test]
    fn the_version_is_raised_where_it_stands() {
        let raised = |text: &str| done(text, "bump-version").map(|(text, _)| text);
        assert_eq!(
            raised("name: a\nver|sion: \"1.0.9\" # 版本\n").as_deref(),
            Some("name: a\nversion: \"1.0.10\" # 版本\n")
        );
        assert_eq!(raised("na|me: a\nversion: 1.0.9\n"), None);
        assert_eq!(raised("vers|ion: 1.10\n"), None);
    }
}
