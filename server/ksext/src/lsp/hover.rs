//! Hover: the core's explanation, as the client shows it.

use std::sync::Arc;

use ksext_core::ide::{self, Markup};

use super::proto::{
    Hover, HoverContents, MarkupContent, MarkupKind, Position, Uri, position_from, range_to,
};
use super::state::Shared;

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
        let found = ide::hover(manifest, offset, analysis.size(), lang, markup)?;
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
