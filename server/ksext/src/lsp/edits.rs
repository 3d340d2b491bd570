//! Changes of texts as the client makes them: for the versions that were looked at, and with the
//! files that are to be made.

use std::collections::HashMap;

use ksext_core::finding::Fix;
use ksext_core::package::PkgPath;
use ksext_core::package::fs::{Kind, LookupError, lookup};
use ksext_core::text::{Span, TextEdit};
use similar::{ChangeTag, TextDiff};

use super::abilities::Abilities;
use super::analysis::Analysis;
use super::diagnostics::Files;
use super::proto::{
    self, CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, ResourceOp, TextDocumentEdit, Uri, WorkspaceEdit,
};

/// What is done to one file.
struct Change {
    uri: Uri,
    version: Option<i32>,
    is_new: bool,
    edits: Vec<proto::TextEdit>,
}

/// The edits of a fix; `None` if the client cannot make them.
pub(super) fn of_fix(
    fix: &Fix,
    analysis: &Analysis,
    abilities: &Abilities,
    files: &mut Files<'_>,
) -> Option<WorkspaceEdit> {
    let mut changes: Vec<Change> = Vec::new();
    for (file, edit) in &fix.edits {
        let is_new = is_new(analysis, file)?;
        let uri = files.uri(file)?;
        let edit = proto::TextEdit {
            range: files.range(file, edit.span)?,
            new_text: edit.text.clone(),
        };
        match changes.iter_mut().find(|change| change.uri == uri) {
            Some(change) => change.edits.push(edit),
            None => changes.push(Change {
                uri,
                version: files.buffer(file).map(|buffer| buffer.version),
                is_new,
                edits: vec![edit],
            }),
        }
    }
    as_workspace_edit(changes, abilities)
}

/// Whether an edit of `file` makes it. `None` if it is not to be edited: it is no file, lies behind a
/// link out of the package, or has changed since it was looked at.
fn is_new(analysis: &Analysis, file: &PkgPath) -> Option<bool> {
    let package = analysis.package.as_ref()?;
    if let Some(seen) = analysis.seen_text(file)
        && seen != package.text_of(file)
    {
        return None;
    }
    match lookup(package.files(), file) {
        Ok(found) => matches!(found.kind, Kind::File { .. }).then_some(false),
        Err(LookupError::NotFound(path)) => (path == *file).then_some(true),
        Err(_) => None,
    }
}

fn as_workspace_edit(changes: Vec<Change>, abilities: &Abilities) -> Option<WorkspaceEdit> {
    let creates = changes.iter().any(|change| change.is_new);
    if creates && !abilities.create_files {
        return None;
    }
    if !abilities.versioned_edits {
        let changes: HashMap<_, _> = changes
            .into_iter()
            .map(|change| (change.uri, change.edits))
            .collect();
        return Some(WorkspaceEdit {
            changes: Some(changes),
            ..Default::default()
        });
    }
    let document_changes = if creates {
        DocumentChanges::Operations(changes.into_iter().flat_map(Change::operations).collect())
    } else {
        DocumentChanges::Edits(changes.into_iter().map(Change::edit).collect())
    };
    Some(WorkspaceEdit {
        document_changes: Some(document_changes),
        ..Default::default()
    })
}

impl Change {
    fn edit(self) -> TextDocumentEdit {
        TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: self.uri,
                version: self.version,
            },
            edits: self.edits.into_iter().map(OneOf::Left).collect(),
        }
    }

    fn operations(self) -> Vec<DocumentChangeOperation> {
        let mut operations = Vec::new();
        if self.is_new {
            // What somebody else has made meanwhile stays.
            let options = CreateFileOptions {
                overwrite: None,
                ignore_if_exists: Some(true),
            };
            let create = CreateFile {
                uri: self.uri.clone(),
                options: Some(options),
                annotation_id: None,
            };
            operations.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
        }
        operations.push(DocumentChangeOperation::Edit(self.edit()));
        operations
    }
}

/// The edits that make `new` of `old`, line by line, so that cursors and marks elsewhere stay.
pub(super) fn between(old: &str, new: &str) -> Vec<TextEdit> {
    let diff = TextDiff::from_lines(old, new);
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut at = 0;
    let mut in_change = false;
    for change in diff.iter_all_changes() {
        let line: &str = change.value();
        if change.tag() == ChangeTag::Equal {
            in_change = false;
            at += line.len();
            continue;
        }
        if !in_change {
            edits.push(TextEdit {
                span: Span::empty(at),
                text: String::new(),
            });
            in_change = true;
        }
        if let Some(edit) = edits.last_mut() {
            if change.tag() == ChangeTag::Insert {
                edit.text.push_str(line);
            } else {
                at += line.len();
                edit.span.end = at;
            }
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use ksext_core::text::apply_edits;

    use super::*;

    #[test]
    fn edits_touch_only_the_lines_that_differ() {
        for (old, new, count) in [
            ("a\r\nb\r\nc", "a\r\n观\r\nc", 1),
            ("a\nb\nc\nd\n", "x\nb\nc\n", 2),
            ("", "a\n", 1),
            ("a\n", "", 1),
            ("a\n", "a\n", 0),
        ] {
            let edits = between(old, new);
            assert_eq!(apply_edits(old, &edits).as_deref(), Some(new));
            assert_eq!(edits.len(), count, "{edits:?}");
        }
    }
}
