//! Selection ranges of a manifest.

use std::sync::Arc;

use ksext_core::ide;

use crate::lsp::proto::{Position, SelectionRange, Uri};
use crate::lsp::state::Shared;

impl Shared {
    /// What a selection at each of `positions` grows to.
    pub(in crate::lsp) async fn selections(
        self: Arc<Self>,
        uri: Uri,
        positions: Vec<Position>,
    ) -> Option<Vec<SelectionRange>> {
        let asked = self.asked(&uri).await?;
        let manifest = asked.view()?.as_manifest()?;
        let ranges = positions.into_iter().filter_map(|position| {
            let spans = ide::selections(manifest.text(), manifest.tree(), asked.offset(position));
            let outermost_first = spans.into_iter().rev();
            outermost_first.fold(None, |parent, span| {
                Some(SelectionRange {
                    range: asked.range(span),
                    parent: parent.map(Box::new),
                })
            })
        });
        Some(ranges.collect())
    }
}
