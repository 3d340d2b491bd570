//! Refactorings, whose edits are made when one is chosen, if the client asks for them then.

use std::sync::Arc;

use ksext_core::ide::{self, Refactoring};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::asked::Asked;
use crate::lsp::diagnostics::Files;
use crate::lsp::edits;
use crate::lsp::proto::{CodeAction, CodeActionKind, Range, Uri, WorkspaceEdit};
use crate::lsp::state::Shared;

/// What an action without edits remembers of the place it was offered for.
#[derive(Debug, Deserialize, Serialize)]
struct Offered {
    uri: Uri,
    version: i32,
    range: Range,
    id: String,
}

impl Shared {
    /// The refactorings of the text in a range.
    pub(super) async fn refactors(self: &Arc<Self>, uri: &Uri, range: Range) -> Vec<CodeAction> {
        let Some(asked) = self.asked(uri).await else {
            return Vec::new();
        };
        let actions = offers(&asked, range).into_iter().filter_map(|offer| {
            let title = offer.title.get(asked.lang).to_owned();
            let mut action = CodeAction {
                title,
                kind: Some(CodeActionKind::REFACTOR_REWRITE),
                ..Default::default()
            };
            if self.abilities().resolve_actions {
                let offered = Offered {
                    uri: uri.clone(),
                    version: asked.version,
                    range,
                    id: offer.id,
                };
                action.data = Some(json!(offered));
            } else {
                action.edit = Some(self.edit(&asked, &offer)?);
            }
            Some(action)
        });
        actions.collect()
    }

    /// An action with the edits that it was offered without (`codeAction/resolve`).
    ///
    /// # Errors
    /// `ContentModified` if the text is another one by now.
    pub(in crate::lsp) async fn resolve(
        self: Arc<Self>,
        mut action: CodeAction,
    ) -> Result<CodeAction> {
        let data = action.data.clone().unwrap_or_default();
        // An action with its edits has nothing to be resolved.
        let Ok(offered) = serde_json::from_value::<Offered>(data) else {
            return Ok(action);
        };
        let asked = self.asked(&offered.uri).await;
        let asked = asked.filter(|asked| asked.version == offered.version);
        let edit = asked.and_then(|asked| {
            let mut offers = offers(&asked, offered.range).into_iter();
            let offer = offers.find(|offer| offer.id == offered.id)?;
            self.edit(&asked, &offer)
        });
        action.edit = Some(edit.ok_or_else(Error::content_modified)?);
        Ok(action)
    }

    fn edit(&self, asked: &Asked, offer: &Refactoring) -> Option<WorkspaceEdit> {
        let abilities = self.abilities();
        let mut files = Files::new(&asked.analysis, abilities);
        edits::of_change(&offer.change, asked.lang, abilities, &mut files)
    }
}

fn offers(asked: &Asked, range: Range) -> Vec<Refactoring> {
    let view = asked.view();
    view.map_or(Vec::new(), |view| {
        ide::refactorings(&view, asked.span(range))
    })
}
