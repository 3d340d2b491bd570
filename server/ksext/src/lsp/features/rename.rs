//! Rename: another name for a chart, an alias, a condition's key, a language or a file.

use std::sync::Arc;

use ksext_core::ide;
use ksext_core::lang::Bilingual;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::lsp::asked::Asked;
use crate::lsp::diagnostics::Files;
use crate::lsp::edits;
use crate::lsp::execute::REQUEST_FAILED;
use crate::lsp::proto::{Position, PrepareRenameResponse, Uri, WorkspaceEdit};
use crate::lsp::state::Shared;

impl Shared {
    /// The name at `position`, if it can be changed.
    ///
    /// # Errors
    /// Why it cannot.
    pub(in crate::lsp) async fn prepare_rename(
        self: Arc<Self>,
        uri: Uri,
        position: Position,
    ) -> Result<Option<PrepareRenameResponse>> {
        let Some(asked) = self.asked(&uri).await else {
            return Ok(None);
        };
        let work = tokio::task::spawn_blocking(move || {
            let Some(view) = asked.view() else {
                return Ok(None);
            };
            let found = ide::renaming(&view, asked.offset(position));
            let found = found.map_err(|why| refused(&asked, &why))?;
            Ok(
                found.map(|renaming| PrepareRenameResponse::RangeWithPlaceholder {
                    range: asked.range(renaming.span),
                    placeholder: renaming.name,
                }),
            )
        });
        work.await.unwrap_or(Ok(None))
    }

    /// What gives the name at `position` another one.
    ///
    /// # Errors
    /// Why it cannot be that one.
    pub(in crate::lsp) async fn rename(
        self: Arc<Self>,
        uri: Uri,
        position: Position,
        new_name: String,
    ) -> Result<Option<WorkspaceEdit>> {
        let Some(asked) = self.asked(&uri).await else {
            return Ok(None);
        };
        let work = tokio::task::spawn_blocking(move || self.rename_in(&asked, position, &new_name));
        work.await.unwrap_or(Ok(None))
    }

    fn rename_in(
        &self,
        asked: &Asked,
        position: Position,
        new_name: &str,
    ) -> Result<Option<WorkspaceEdit>> {
        let Some(view) = asked.view() else {
            return Ok(None);
        };
        let change = ide::rename(&view, asked.offset(position), new_name);
        let Some(change) = change.map_err(|why| refused(asked, &why))? else {
            return Ok(None);
        };
        let abilities = self.abilities();
        let mut files = Files::fresh(&asked.analysis, abilities);
        match edits::of_change(&change, asked.lang, abilities, &mut files) {
            Some(edit) => Ok(Some(edit)),
            // Half of it would leave the package broken.
            None => Err(refused(
                asked,
                &Bilingual::fixed(
                    "This renames files or folders too, which the editor does not do as part of an edit.",
                    "此操作还需要重命名文件或文件夹，而当前编辑器不支持在编辑中重命名文件。",
                ),
            )),
        }
    }
}

fn refused(asked: &Asked, why: &Bilingual) -> Error {
    Error {
        code: ErrorCode::ServerError(REQUEST_FAILED),
        message: why.get(asked.lang).to_owned().into(),
        data: None,
    }
}
