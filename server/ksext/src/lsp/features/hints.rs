//! Inlay hints: where the version stands in the review, behind `version`.

use std::sync::Arc;

use crate::lsp::proto::{InlayHint, InlayHintLabel, Range, Uri};
use crate::lsp::state::Shared;

impl Shared {
    /// The hints in a range of a manifest; none in any other file, or if the user wants none.
    pub(in crate::lsp) async fn hints(
        self: Arc<Self>,
        uri: Uri,
        range: Range,
    ) -> Option<Vec<InlayHint>> {
        let asked = self.asked(&uri);
        if !self.shows_hint() {
            return None;
        }
        let asked = asked.await?;
        let manifest = asked.view()?.as_manifest()?;
        let version = asked.range(manifest.version()?.span);
        if version.end < range.start || version.end > range.end {
            return None;
        }
        let words = self.review_of(manifest).await?.words();
        self.age_out(words.lasts);
        let hint = InlayHint {
            position: version.end,
            label: InlayHintLabel::String(words.text.get(asked.lang).to_owned()),
            kind: None,
            text_edits: None,
            tooltip: None,
            padding_left: Some(true),
            padding_right: None,
            data: None,
        };
        Some(vec![hint])
    }
}
