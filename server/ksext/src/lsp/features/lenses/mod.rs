//! THE list of lenses: what stands above a manifest's name and version, one file for each subject.
//!
//! A provider looks at a [`Subject`] and names offers and places; it knows neither protocol nor
//! client. To add one: a file here, its `mod` line and its place in [`PROVIDERS`].

mod publish;
pub(super) mod size;

use std::sync::Arc;

use ksext_core::manifest::Manifest;
use ksext_core::package::Size;
use ksext_core::text::Span;

use crate::lsp::features::offers::Offer;
use crate::lsp::proto::{CodeLens, Uri};
use crate::lsp::reviews::Review;
use crate::lsp::state::Shared;

/// Every provider, in the order in which their lenses stand.
static PROVIDERS: [fn(&Subject<'_>) -> Vec<Lens>; 2] = [size::lenses, publish::lenses];

/// What providers see.
struct Subject<'a> {
    manifest: &'a Manifest,
    /// The package's, if it is known.
    size: Option<Size>,
    /// Whether there is a key to push with.
    logged_in: bool,
    /// What is known of the review of the version in the manifest.
    review: Option<&'a Review>,
}

impl Subject<'_> {
    /// Where lenses about the package as a whole stand: at its name, or at the first key.
    fn place(&self) -> Span {
        let name = self.manifest.name().map(|name| name.span);
        name.unwrap_or_else(|| self.manifest.first_key())
    }

    /// Where those about its version stand.
    fn version(&self) -> Span {
        let version = self.manifest.version().map(|version| version.span);
        version.unwrap_or_else(|| self.place())
    }
}

/// An offer at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lens {
    span: Span,
    offer: Offer,
}

impl Shared {
    /// The lenses of a manifest; none if it is not ours.
    pub(in crate::lsp) async fn lenses(self: Arc<Self>, uri: Uri) -> Option<Vec<CodeLens>> {
        let asked = self.asked(&uri).await?;
        let manifest = asked.view()?.as_manifest()?;
        let logged_in = self.session.credentials().await.is_ok();
        let review = self.review_of(manifest).await;
        if let Some(review) = &review {
            self.age_out(review.words().lasts);
        }
        let subject = Subject {
            manifest,
            size: asked.analysis.size(),
            logged_in,
            review: review.as_ref(),
        };
        let abilities = self.abilities();
        let lenses = PROVIDERS
            .iter()
            .flat_map(|lenses| lenses(&subject))
            .map(|lens| CodeLens {
                range: asked.range(lens.span),
                command: Some(lens.offer.command(&uri, asked.lang, abilities)),
                data: None,
            });
        Some(lenses.collect())
    }
}

/// The titles of the lenses of one provider, for its tests.
#[cfg(test)]
fn titles(lenses: fn(&Subject<'_>) -> Vec<Lens>, subject: &Subject<'_>) -> Vec<(String, String)> {
    let lenses = lenses(subject).into_iter();
    lenses
        .map(|lens| {
            (
                lens.offer.title.en.into_owned(),
                lens.offer.title.zh.into_owned(),
            )
        })
        .collect()
}
