//! Files that are renamed or moved in the editor: what names them goes along.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ksext_core::ide::{self, Move};

use crate::lsp::analysis::Analysis;
use crate::lsp::diagnostics::Files;
use crate::lsp::edits;
use crate::lsp::packages::Home;
use crate::lsp::proto::{
    DocumentChangeOperation, DocumentChanges, FileOperationFilter, FileOperationPattern,
    FileOperationPatternKind, FileOperationPatternOptions, FileOperationRegistrationOptions,
    FileRename, WorkspaceEdit,
};
use crate::lsp::state::Shared;
use crate::lsp::uri;

/// The files that texts of a package name, by their names.
const FILES: &str = "**/*.{png,jpg,jpeg,gif,svg,webp,avif,bmp,ico,md,pdf,txt,yaml,yml}";

/// What the client is asked to tell of: those files, and folders, which may hold some.
pub(in crate::lsp) fn concerning() -> FileOperationRegistrationOptions {
    let filter = |glob: &str, matches| FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern {
            glob: glob.to_owned(),
            matches: Some(matches),
            options: Some(FileOperationPatternOptions {
                ignore_case: Some(true),
            }),
        },
    };
    FileOperationRegistrationOptions {
        filters: vec![
            filter(FILES, FileOperationPatternKind::File),
            filter("**", FileOperationPatternKind::Folder),
        ],
    }
}

impl Shared {
    /// The edits that go with these moves; `None` if nothing names what is moved.
    pub(in crate::lsp) async fn will_rename(
        self: Arc<Self>,
        renames: Vec<FileRename>,
    ) -> Option<WorkspaceEdit> {
        let moves: Vec<(PathBuf, PathBuf)> = renames
            .iter()
            .filter_map(|one| Some((uri::path_of(&one.old_uri)?, uri::path_of(&one.new_uri)?)))
            .collect();
        let packages = {
            let state = self.state();
            let concerned = moves.iter().flat_map(|(from, _)| state.concerned_by(from));
            let concerned: BTreeSet<Home> = concerned.collect();
            let known = concerned.iter().map(|home| self.known(&state, home));
            known.collect::<Vec<_>>()
        };
        let mut found = Vec::new();
        for package in packages {
            found.extend(package.await);
        }
        let work = tokio::task::spawn_blocking(move || {
            let edits = found
                .iter()
                .filter_map(|analysis| self.moved_in(analysis, &moves));
            edits.reduce(joined)
        });
        work.await.ok()?
    }

    /// The edits in one package.
    fn moved_in(&self, analysis: &Analysis, moves: &[(PathBuf, PathBuf)]) -> Option<WorkspaceEdit> {
        let package = analysis.package.as_ref()?;
        let root = &analysis.input.root;
        let inside = |path: &Path| {
            let is_direct = !path.components().any(|name| name == Component::ParentDir);
            let below = is_direct.then(|| uri::below(root, path))?;
            below.filter(|path| !path.is_root())
        };
        let moves: Vec<_> = moves
            .iter()
            .filter_map(|(from, to)| {
                let (from, to) = (inside(from)?, inside(to)?);
                Some(Move { from, to })
            })
            .collect();
        let change = ide::moved(&package.as_package(), &moves)?;
        let abilities = self.abilities();
        let lang = self.state().lang_of(analysis);
        let mut files = Files::fresh(analysis, abilities);
        edits::of_change(&change, lang, abilities, &mut files)
    }

    /// Takes note of files that have other names now.
    pub(in crate::lsp) fn did_rename(self: &Arc<Self>, renames: &[FileRename]) {
        let mut state = self.state();
        let paths = renames
            .iter()
            .flat_map(|one| [uri::path_of(&one.old_uri), uri::path_of(&one.new_uri)]);
        for path in paths.flatten() {
            self.check_concerned(&mut state, &path, Duration::ZERO);
        }
    }
}

/// Two edits as one. They are of different packages; of two questions to the user the first is asked.
fn joined(mut one: WorkspaceEdit, other: WorkspaceEdit) -> WorkspaceEdit {
    if let Some(changes) = other.changes {
        one.changes.get_or_insert_default().extend(changes);
    }
    if let Some(changes) = other.document_changes {
        let all = [one.document_changes.take(), Some(changes)];
        let all = all.into_iter().flatten().flat_map(operations);
        one.document_changes = Some(DocumentChanges::Operations(all.collect()));
    }
    if let Some(annotations) = other.change_annotations {
        let known = one.change_annotations.get_or_insert_default();
        for (id, annotation) in annotations {
            known.entry(id).or_insert(annotation);
        }
    }
    one
}

fn operations(changes: DocumentChanges) -> Vec<DocumentChangeOperation> {
    match changes {
        DocumentChanges::Edits(edits) => edits
            .into_iter()
            .map(DocumentChangeOperation::Edit)
            .collect(),
        DocumentChanges::Operations(operations) => operations,
    }
}
