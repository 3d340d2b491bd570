//! Hover: the core's explanation, as the client shows it.

use std::sync::Arc;

use ksext_core::ide::{self, Markup, Weight};
use ksext_core::package::PkgPath;

use crate::lsp::analysis::Analysis;
use crate::lsp::proto::{Hover, HoverContents, MarkupContent, MarkupKind, Position, Uri};
use crate::lsp::state::Shared;
use crate::lsp::uri;

impl Shared {
    /// Explains what stands at `position`; nothing in a file that is not ours.
    pub(in crate::lsp) async fn hover(
        self: Arc<Self>,
        uri: Uri,
        position: Position,
    ) -> Option<Hover> {
        let asked = self.asked(&uri).await?;
        let markup = self.abilities().hover_markup;
        let review = match asked.view()?.as_manifest() {
            Some(manifest) => self.review_of(manifest).await,
            None => None,
        };
        let review = review.map(|review| review.table(asked.lang, markup));
        let manifest = &asked.analysis.input.uri;
        let link = |file: &PkgPath| Some(uri::file_in(manifest, file)?.as_str().to_owned());
        let weight = weight(&asked.analysis, &link);
        let offset = asked.offset(position);
        let view = asked.view()?;
        let review = review.as_deref();
        let found = ide::hover(&view, offset, weight, review, &link, asked.lang, markup)?;
        let kind = match markup {
            Markup::Markdown => MarkupKind::Markdown,
            Markup::Plain => MarkupKind::PlainText,
        };
        Some(Hover {
            contents: HoverContents::Markup(MarkupContent {
                kind,
                value: found.text,
            }),
            // A value that is missing takes no place.
            range: (!found.span.is_empty()).then(|| asked.range(found.span)),
        })
    }
}

/// What is known of the package's size.
fn weight<'a>(
    analysis: &'a Analysis,
    link: &'a dyn Fn(&PkgPath) -> Option<String>,
) -> Option<Weight<'a>> {
    let contents = analysis.input.contents.as_ref()?;
    Some(Weight {
        size: analysis.size()?,
        entries: &contents.projection.as_ref()?.entries,
        link,
    })
}
