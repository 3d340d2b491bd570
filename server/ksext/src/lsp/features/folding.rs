//! Folding ranges of a manifest.

use std::sync::Arc;

use ksext_core::ide;

use crate::lsp::proto::{FoldingRange, FoldingRangeKind, Uri};
use crate::lsp::state::Shared;

impl Shared {
    /// What can be folded away, as whole lines, which is all that every client understands.
    pub(in crate::lsp) async fn folds(self: Arc<Self>, uri: Uri) -> Option<Vec<FoldingRange>> {
        let asked = self.asked(&uri).await?;
        let manifest = asked.view()?.as_manifest()?;
        let folds = ide::folds(manifest.text(), manifest.tree()).into_iter();
        let ranges = folds.map(|fold| {
            let range = asked.range(fold.span);
            FoldingRange {
                start_line: range.start.line,
                end_line: range.end.line,
                kind: fold.is_comment.then_some(FoldingRangeKind::Comment),
                ..Default::default()
            }
        });
        Some(ranges.collect())
    }
}
