//! Definition: where the thing is that a place names.

use std::sync::Arc;

use ksext_core::ide;

use crate::lsp::asked::Asked;
use crate::lsp::diagnostics::Files;
use crate::lsp::proto::{GotoDefinitionResponse, Location, LocationLink, Position, Uri};
use crate::lsp::state::Shared;

impl Shared {
    /// Where the thing is that stands at `position`.
    pub(in crate::lsp) async fn definition(
        self: Arc<Self>,
        uri: Uri,
        position: Position,
    ) -> Option<GotoDefinitionResponse> {
        let asked = self.asked(&uri).await?;
        let work = tokio::task::spawn_blocking(move || self.definition_in(&asked, position));
        work.await.ok()?
    }

    fn definition_in(&self, asked: &Asked, position: Position) -> Option<GotoDefinitionResponse> {
        let abilities = self.abilities();
        let mut files = Files::fresh(&asked.analysis, abilities);
        let found = ide::definitions(&asked.view()?, asked.offset(position));
        let links = found.into_iter().filter_map(|found| {
            Some(LocationLink {
                origin_selection_range: Some(asked.range(found.origin)),
                target_uri: files.uri(&found.file)?,
                target_range: files.range(&found.file, found.whole)?,
                target_selection_range: files.range(&found.file, found.name)?,
            })
        });
        let links: Vec<_> = links.collect();
        if links.is_empty() {
            return None;
        }
        if abilities.definition_links {
            return Some(GotoDefinitionResponse::Link(links));
        }
        let locations = links
            .into_iter()
            .map(|link| Location::new(link.target_uri, link.target_selection_range));
        Some(GotoDefinitionResponse::Array(locations.collect()))
    }
}
