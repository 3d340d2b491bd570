//! Changes of texts as the client makes them: for the versions that were looked at, and with the
//! files that are to be made.

use std::collections::HashMap;

use ksext_core::ide::{Change, FileOperation};
use ksext_core::lang::Lang;
use ksext_core::package::PkgPath;
use ksext_core::package::fs::{Kind, LookupError, lookup};

use super::abilities::Abilities;
use super::diagnostics::Files;
use super::proto::{
    self, AnnotatedTextEdit, ChangeAnnotation, CreateFile, CreateFileOptions, DeleteFile,
    DeleteFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, RenameFile, ResourceOp, ResourceOperationKind,
    TextDocumentEdit, Uri, WorkspaceEdit,
};

/// The one annotation that an edit of ours has: what a person is to say yes to.
const CONFIRM: &str = "ksext.confirm";

/// The texts of one file that change.
struct FileEdits {
    uri: Uri,
    version: Option<i32>,
    is_new: bool,
    edits: Vec<proto::TextEdit>,
}

/// A change as the client makes it; `None` if it cannot make it.
pub(super) fn of_change(
    change: &Change,
    lang: Lang,
    abilities: &Abilities,
    files: &mut Files<'_>,
) -> Option<WorkspaceEdit> {
    let edits = by_file(change, files)?;
    let creations = edits.iter().filter(|edits| edits.is_new);
    let creations = creations.map(|_| ResourceOperationKind::Create);
    let operations = change.operations.iter().map(kind_of);
    let needed: Vec<_> = creations.chain(operations).collect();
    if !needed
        .iter()
        .all(|kind| abilities.operations.contains(kind))
    {
        return None;
    }
    if !abilities.versioned_edits {
        let changes: HashMap<_, _> = edits
            .into_iter()
            .map(|edits| (edits.uri, edits.edits))
            .collect();
        return Some(WorkspaceEdit {
            changes: Some(changes),
            ..Default::default()
        });
    }
    let confirm = change.confirm.as_ref().filter(|_| abilities.annotations);
    let annotation = confirm.map(|_| CONFIRM.to_owned());
    let document_changes = if needed.is_empty() {
        let edits = edits.into_iter();
        DocumentChanges::Edits(edits.map(|edits| edits.edit(annotation.as_ref())).collect())
    } else {
        let mut all: Vec<_> = edits
            .into_iter()
            .flat_map(|edits| edits.operations(annotation.as_ref()))
            .collect();
        for operation in &change.operations {
            all.push(DocumentChangeOperation::Op(as_resource(
                operation,
                annotation.as_ref(),
                files,
            )?));
        }
        DocumentChanges::Operations(all)
    };
    let annotations = confirm.map(|confirm| {
        let annotation = ChangeAnnotation {
            label: confirm.get(lang).to_owned(),
            needs_confirmation: Some(true),
            description: None,
        };
        HashMap::from([(CONFIRM.to_owned(), annotation)])
    });
    Some(WorkspaceEdit {
        document_changes: Some(document_changes),
        change_annotations: annotations,
        ..Default::default()
    })
}

/// The edits of texts, file by file.
fn by_file(change: &Change, files: &mut Files<'_>) -> Option<Vec<FileEdits>> {
    let mut all: Vec<FileEdits> = Vec::new();
    for (file, edit) in &change.edits {
        let is_new = is_new(files, file)?;
        let uri = files.uri(file)?;
        let edit = proto::TextEdit {
            range: files.range(file, edit.span)?,
            new_text: edit.text.clone(),
        };
        match all.iter_mut().find(|edits| edits.uri == uri) {
            Some(same) => same.edits.push(edit),
            None => all.push(FileEdits {
                uri,
                version: files.buffer(file).map(|buffer| buffer.version),
                is_new,
                edits: vec![edit],
            }),
        }
    }
    Some(all)
}

fn kind_of(operation: &FileOperation) -> ResourceOperationKind {
    match operation {
        FileOperation::Rename { .. } => ResourceOperationKind::Rename,
        FileOperation::Delete(_) => ResourceOperationKind::Delete,
    }
}

fn as_resource(
    operation: &FileOperation,
    annotation: Option<&String>,
    files: &Files<'_>,
) -> Option<ResourceOp> {
    Some(match operation {
        FileOperation::Rename { from, to } => ResourceOp::Rename(RenameFile {
            old_uri: files.uri(from)?,
            new_uri: files.uri(to)?,
            // What is there already stays.
            options: None,
            annotation_id: annotation.cloned(),
        }),
        FileOperation::Delete(path) => ResourceOp::Delete(DeleteFile {
            uri: files.uri(path)?,
            options: Some(DeleteFileOptions {
                recursive: Some(true),
                ignore_if_not_exists: Some(true),
            }),
            annotation_id: annotation.cloned(),
        }),
    })
}

/// Whether an edit of `file` makes it. `None` if it is not to be edited: it is no file, lies behind a
/// link out of the package, or has changed since it was looked at.
fn is_new(files: &Files<'_>, file: &PkgPath) -> Option<bool> {
    let package = files.analysis().package.as_ref()?;
    if let Some(seen) = files.seen_text(file)
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

impl FileEdits {
    fn edit(self, annotation: Option<&String>) -> TextDocumentEdit {
        let edits = self.edits.into_iter().map(|edit| match annotation {
            None => OneOf::Left(edit),
            Some(annotation) => OneOf::Right(AnnotatedTextEdit {
                text_edit: edit,
                annotation_id: annotation.clone(),
            }),
        });
        TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: self.uri,
                version: self.version,
            },
            edits: edits.collect(),
        }
    }

    fn operations(self, annotation: Option<&String>) -> Vec<DocumentChangeOperation> {
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
                annotation_id: annotation.cloned(),
            };
            operations.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
        }
        operations.push(DocumentChangeOperation::Edit(self.edit(annotation)));
        operations
    }
}
