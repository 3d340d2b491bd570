//! What the package weighs, of how much it may.

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use ksext_core::package::Size;

use super::{Lens, Subject};
use crate::lsp::features::offers::{Offer, SIZE};

/// `34.6 KB of 1.0 MB`
pub(in crate::lsp::features) fn words(size: Size) -> Bilingual {
    let (projected, limit) = (show_size(size.projected), show_size(size.limit));
    bilingual!("{projected} of {limit}", "{projected}，上限 {limit}")
}

pub(super) fn lenses(subject: &Subject<'_>) -> Vec<Lens> {
    let lens = subject.size.map(|size| Lens {
        span: subject.place(),
        offer: Offer {
            id: SIZE,
            title: words(size),
        },
    });
    lens.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use ksext_core::manifest::Manifest;

    use super::*;
    use crate::lsp::features::lenses::titles;

    #[test]
    fn the_size_shows_once_it_is_known() {
        let manifest = Manifest::from_text("name: demo\n");
        let check = |size: Option<Size>, expected: &[(&str, &str)]| {
            let subject = Subject {
                manifest: &manifest,
                size,
                logged_in: true,
                review: None,
            };
            let titles = titles(lenses, &subject);
            let titles: Vec<_> = titles.iter().map(|(en, zh)| (&en[..], &zh[..])).collect();
            assert_eq!(titles, expected);
        };
        check(None, &[]);
        let size = Size {
            projected: 35_430,
            limit: 1_048_576,
        };
        check(Some(size), &[("34.6 KB of 1.0 MB", "34.6 KB，上限 1.0 MB")]);
    }
}
