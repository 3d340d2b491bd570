//! The next version, offered where the one that is written is taken.

use std::sync::Arc;

use ksext_core::ide::{self, Change};

use crate::commands::review::{ACTIVE, SUBMITTED};
use crate::lsp::diagnostics::Files;
use crate::lsp::edits;
use crate::lsp::proto::{CodeAction, CodeActionKind, Range, Uri};
use crate::lsp::state::Shared;

impl Shared {
    /// To raise `version`, on its line, while the reviewers have that version or have approved it.
    pub(super) async fn bump(self: &Arc<Self>, uri: &Uri, range: Range) -> Option<CodeAction> {
        let asked = self.asked(uri).await?;
        let manifest = asked.view()?.as_manifest()?;
        let written = asked.range(manifest.version()?.span);
        if range.end.line < written.start.line || range.start.line > written.end.line {
            return None;
        }
        let review = self.review_of(manifest).await?;
        if !matches!(review.status()?, SUBMITTED | ACTIVE) {
            return None;
        }
        let fix = ide::bump(manifest)?.fix;
        let title = fix.title.get(asked.lang).to_owned();
        let change = Change::from(&fix);
        let abilities = self.abilities();
        let mut files = Files::new(&asked.analysis, abilities);
        Some(CodeAction {
            title,
            kind: Some(CodeActionKind::QUICKFIX),
            edit: Some(edits::of_change(
                &change, asked.lang, abilities, &mut files,
            )?),
            ..Default::default()
        })
    }
}
