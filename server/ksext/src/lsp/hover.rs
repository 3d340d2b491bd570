//! Hover: the core's explanation, as the client shows it.

use std::sync::Arc;

use ksext_core::ide::{self, Markup, Weight};
use ksext_core::package::{PkgPath, Projection, Size};

use super::analysis::Analysis;
use super::proto::{
    Hover, HoverContents, MarkupContent, MarkupKind, Position, Uri, position_from, range_to,
};
use super::state::Shared;
use super::uri;
use crate::commands::{self, size};

impl Shared {
    /// Explains what stands at `position`; nothing in a file that is not ours.
    pub(super) async fn hover(self: Arc<Self>, uri: Uri, position: Position) -> Option<Hover> {
        let analysis = self.analysis(&uri);
        let analysis = analysis.await?;
        let manifest = analysis.package.as_ref()?.manifest();
        let lang = self.state().lang_of(&analysis);
        let (encoding, markup) = (self.encoding(), self.abilities().hover_markup);
        let document = &analysis.input.document;
        let offset = document.offset(position_from(position), encoding);
        let projection = match ide::shows_weight(manifest, offset) {
            true => self.projection(&analysis).await,
            false => None,
        };
        let link = |file: &PkgPath| Some(uri::file_in(&uri, file)?.as_str().to_owned());
        let weight = weight(&analysis, projection.as_ref(), &link);
        let found = ide::hover(manifest, offset, weight, lang, markup)?;
        let kind = match markup {
            Markup::Markdown => MarkupKind::Markdown,
            Markup::Plain => MarkupKind::PlainText,
        };
        Some(Hover {
            contents: HoverContents::Markup(MarkupContent {
                kind,
                value: found.text,
            }),
            range: Some(range_to(document.range(found.span, encoding))),
        })
    }

    /// Packs what was analysed, aside and only while somebody waits for it. Entries are not kept: few
    /// hovers ask for them.
    async fn projection(&self, analysis: &Arc<Analysis>) -> Option<Projection> {
        let (session, analysis) = (self.session.clone(), Arc::clone(analysis));
        let projection = commands::aside(move |cancelled| {
            let package = analysis.package.as_ref();
            package
                .map(|package| size::measure(&session, package, cancelled))
                .transpose()
        });
        // A package that cannot be packed has no size to show; why, its findings say.
        projection.await.ok().flatten()
    }
}

/// What is known of the size: all that was just measured, else what the analysis had.
fn weight<'a>(
    analysis: &Analysis,
    projection: Option<&'a Projection>,
    link: &'a dyn Fn(&PkgPath) -> Option<String>,
) -> Option<Weight<'a>> {
    let (size, entries) = match projection {
        Some(projection) => {
            let size = Size {
                projected: projection.projected,
                limit: projection.limit,
            };
            (size, &projection.entries[..])
        }
        None => (analysis.size()?, &[][..]),
    };
    Some(Weight {
        size,
        entries,
        link,
    })
}
