//! Hover: the core's explanation, as the client shows it.

use std::sync::Arc;

use ksext_core::ide::{self, Markup, Weight};
use ksext_core::package::PkgPath;

use super::analysis::Analysis;
use super::proto::{
    Hover, HoverContents, MarkupContent, MarkupKind, Position, Uri, position_from, range_to,
};
use super::state::Shared;
use super::uri;

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
        let link = |file: &PkgPath| Some(uri::file_in(&uri, file)?.as_str().to_owned());
        let weight = weight(&analysis, &link);
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
