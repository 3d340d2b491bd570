//! The texts that the editor has open.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ksext_core::package::PkgPath;
use ksext_core::text::{Document, Encoding};

use super::proto::{TextDocumentContentChangeEvent, Uri, range_from};
use super::uri;

/// An open text.
#[derive(Clone, Debug)]
pub(super) struct OpenDocument {
    /// Its content.
    pub(super) text: Document,
    /// The number that the editor gave this state of it.
    pub(super) version: i32,
    /// The file on the disk that it is the text of; `None` for one that lives in the editor alone.
    pub(super) path: Option<PathBuf>,
}

/// An open text as a file of a package; copying it is cheap.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    /// Where it is in the package.
    pub(super) path: PkgPath,
    /// The client's name of it.
    pub(super) uri: Uri,
    /// The number that the editor gave this state of it.
    pub(super) version: i32,
    /// Its content.
    pub(super) text: Document,
}

/// All open texts.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: HashMap<Uri, OpenDocument>,
}

impl Documents {
    /// Takes a text in, or replaces it if the editor opens it again.
    pub(super) fn open(&mut self, uri: Uri, version: i32, text: &str) {
        let path = uri::path_of(uri.as_str());
        let text = Document::new(text);
        self.open.insert(
            uri,
            OpenDocument {
                text,
                version,
                path,
            },
        );
    }

    /// Applies changes one after the other; `None` if the text is not open.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        encoding: Encoding,
    ) -> Option<&OpenDocument> {
        let document = self.open.get_mut(uri)?;
        for change in changes {
            document
                .text
                .apply(change.range.map(range_from), &change.text, encoding);
        }
        document.version = version;
        Some(document)
    }

    /// Forgets a text, and answers what it was; `None` if it was not open.
    pub(super) fn close(&mut self, uri: &Uri) -> Option<OpenDocument> {
        self.open.remove(uri)
    }

    /// An open text.
    pub(super) fn get(&self, uri: &Uri) -> Option<&OpenDocument> {
        self.open.get(uri)
    }

    /// The open texts that are files in `folder`, at any depth, in the order of their paths.
    pub(super) fn below(&self, folder: &Path) -> Vec<Buffer> {
        let open = self.open.iter().filter_map(|(uri, document)| {
            Some(Buffer {
                path: uri::below(folder, document.path.as_deref()?)?,
                uri: uri.clone(),
                version: document.version,
                text: document.text.clone(),
            })
        });
        let mut buffers: Vec<_> = open.collect();
        buffers.sort_by(|a, b| (&a.path, &a.uri).cmp(&(&b.path, &b.uri)));
        buffers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::proto::{self, Range};

    /// The text after `changes`: start line and column, end line and column, new text.
    fn check(encoding: Encoding, changes: &[([u32; 4], &str)], expected: &str) {
        let uri: Uri = "file:///demo/extension.yaml".parse().expect("a URI");
        let mut documents = Documents::default();
        documents.open(uri.clone(), 1, "zh: 😀观测\r\nb: 1\r\n");
        let changes: Vec<_> = changes
            .iter()
            .map(
                |&([line, column, end_line, end_column], text)| TextDocumentContentChangeEvent {
                    range: Some(Range {
                        start: proto::Position::new(line, column),
                        end: proto::Position::new(end_line, end_column),
                    }),
                    range_length: None,
                    text: text.to_owned(),
                },
            )
            .collect();
        let document = documents
            .change(&uri, 7, &changes, encoding)
            .expect("it is open");
        assert_eq!(
            (document.text.text().as_str(), document.version),
            (expected, 7),
            "{encoding:?}"
        );
    }

    #[test]
    fn the_same_edits_give_the_same_text_in_every_encoding() {
        let expected = "zh: 😀云测\r\nbb: 1\r\n";
        check(
            Encoding::Utf8,
            &[([0, 8, 0, 11], "云"), ([1, 0, 1, 0], "b")],
            expected,
        );
        check(
            Encoding::Utf16,
            &[([0, 6, 0, 7], "云"), ([1, 0, 1, 0], "b")],
            expected,
        );
        check(
            Encoding::Utf32,
            &[([0, 5, 0, 6], "云"), ([1, 0, 1, 0], "b")],
            expected,
        );
    }

    #[test]
    fn places_that_do_not_exist_mean_the_nearest_before_them() {
        // Between the halves of 😀, and far behind the end.
        check(
            Encoding::Utf16,
            &[([0, 5, 0, 6], ""), ([9, 9, 9, 9], "c: 3")],
            "zh: 观测\r\nb: 1\r\nc: 3",
        );
    }

    #[test]
    fn a_change_to_an_unknown_document_changes_nothing() {
        let uri: Uri = "file:///unknown.yaml".parse().expect("a URI");
        let mut documents = Documents::default();
        assert!(documents.change(&uri, 1, &[], Encoding::Utf16).is_none());
        assert!(documents.close(&uri).is_none());
    }
}
