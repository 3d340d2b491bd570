//! All safe fixes of one text at once.

use std::sync::Arc;

use ksext_core::finding::Safety;
use ksext_core::fix::fix;
use ksext_core::ide::Change;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::manifest::FILE_NAME;
use ksext_core::package::PkgPath;
use ksext_core::text::edits_between;

use super::FIX_ALL;
use crate::lsp::analysis::Analysis;
use crate::lsp::diagnostics::Files;
use crate::lsp::edits;
use crate::lsp::proto::{CodeAction, Uri};
use crate::lsp::state::Shared;

impl Shared {
    /// The action that makes all safe fixes of one text.
    pub(super) async fn fix_all(
        &self,
        analysis: &Arc<Analysis>,
        uri: &Uri,
        lang: Lang,
    ) -> Option<CodeAction> {
        let analysis = Arc::clone(analysis);
        let abilities = self.abilities().clone();
        let path = analysis.path_of(uri)?;
        let work = tokio::task::spawn_blocking(move || {
            let change = all_safe_fixes(&analysis, path)?;
            let mut files = Files::new(&analysis, &abilities);
            edits::of_change(&change, lang, &abilities, &mut files)
        });
        let edit = work.await.ok()??;
        let title = Bilingual::fixed("Make all safe fixes", "应用所有安全的修复");
        Some(CodeAction {
            title: title.get(lang).to_owned(),
            kind: Some(FIX_ALL),
            edit: Some(edit),
            ..Default::default()
        })
    }
}

/// All safe fixes of one text as one; `None` if there are none.
fn all_safe_fixes(analysis: &Analysis, path: PkgPath) -> Option<Change> {
    let package = analysis.package.as_ref()?;
    let settings = &analysis.settings.check;
    let is_manifest = path == PkgPath::from(FILE_NAME);
    let fixed = fix(
        &package.as_package(),
        Safety::Safe,
        &|file| *file == path,
        &|package| {
            // What lies beside the manifest has not changed with it.
            let known = analysis.input.contents.as_deref().filter(|_| is_manifest);
            let read = known.is_none().then(|| package.contents());
            ksext_core::check::check(package, settings, known.or(read.as_ref()))
        },
    );
    let text = fixed.texts.into_values().next()?;
    let edits = edits_between(&package.text_of(&path), &text);
    Some(Change {
        edits: edits.into_iter().map(|edit| (path.clone(), edit)).collect(),
        ..Change::default()
    })
}
