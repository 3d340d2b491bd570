//! References and highlights: all places that name the same.

use std::sync::Arc;

use ksext_core::ide::{self, Role};

use crate::lsp::asked::Asked;
use crate::lsp::diagnostics::Files;
use crate::lsp::proto::{DocumentHighlight, DocumentHighlightKind, Location, Position, Uri};
use crate::lsp::state::Shared;

impl Shared {
    /// All places in the package that name what stands at `position`; what says its name only with
    /// `declaration`.
    pub(in crate::lsp) async fn references(
        self: Arc<Self>,
        uri: Uri,
        position: Position,
        declaration: bool,
    ) -> Option<Vec<Location>> {
        let asked = self.asked(&uri).await?;
        let work = tokio::task::spawn_blocking(move || {
            let mut files = Files::fresh(&asked.analysis, self.abilities());
            let found = ide::references(&asked.view()?, asked.offset(position));
            let wanted = found
                .into_iter()
                .filter(|mention| declaration || mention.role != Role::Definition);
            let places = wanted.filter_map(|mention| {
                let uri = files.uri(&mention.file)?;
                Some(Location::new(
                    uri,
                    files.range(&mention.file, mention.span)?,
                ))
            });
            let places: Vec<_> = places.collect();
            (!places.is_empty()).then_some(places)
        });
        work.await.ok()?
    }

    /// The places in the same text that name what stands at `position`.
    pub(in crate::lsp) async fn highlights(
        self: Arc<Self>,
        uri: Uri,
        position: Position,
    ) -> Option<Vec<DocumentHighlight>> {
        let asked = self.asked(&uri).await?;
        let work = tokio::task::spawn_blocking(move || highlights_in(&asked, position));
        work.await.ok()?
    }
}

fn highlights_in(asked: &Asked, position: Position) -> Option<Vec<DocumentHighlight>> {
    let found = ide::highlights(&asked.view()?, asked.offset(position));
    let places = found.into_iter().map(|mention| DocumentHighlight {
        range: asked.range(mention.span),
        kind: Some(match mention.role {
            Role::Definition => DocumentHighlightKind::WRITE,
            Role::Request | Role::Part => DocumentHighlightKind::READ,
        }),
    });
    let places: Vec<_> = places.collect();
    (!places.is_empty()).then_some(places)
}
