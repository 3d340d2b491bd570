//! The texts that the editor has open.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ksext_core::manifest::FILE_NAME;
use ksext_core::package::PkgPath;
use ksext_core::text::{Document, Encoding};

use super::proto::{TextDocumentContentChangeEvent, TextDocumentItem, Uri, range_from};
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
    /// Whether the editor takes it for YAML.
    pub(super) is_yaml: bool,
    /// Whether its package was looked for on the disk.
    pub(super) located: bool,
    /// Orders open texts by their last change.
    age: u64,
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
    age: u64,
}

/// All open texts. Copying them is cheap.
#[derive(Clone, Debug, Default)]
pub(super) struct Documents {
    open: HashMap<Uri, OpenDocument>,
    last_age: u64,
}

impl Documents {
    /// Takes a text in, or replaces it if the editor opens it again.
    pub(super) fn open(&mut self, document: TextDocumentItem) {
        self.last_age += 1;
        let open = OpenDocument {
            text: Document::new(&document.text),
            version: document.version,
            path: uri::path_of(document.uri.as_str()),
            is_yaml: document.language_id.eq_ignore_ascii_case("yaml"),
            located: false,
            age: self.last_age,
        };
        self.open.insert(document.uri, open);
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
        self.last_age += 1;
        document.age = self.last_age;
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

    /// An open text, to note something about it.
    pub(super) fn get_mut(&mut self, uri: &Uri) -> Option<&mut OpenDocument> {
        self.open.get_mut(uri)
    }

    /// All open texts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Uri, &OpenDocument)> {
        self.open.iter()
    }

    /// The open text of the file at `path`; of several, which then have several names, the one that
    /// was changed last.
    pub(super) fn at(&self, path: &Path) -> Option<(&Uri, &OpenDocument)> {
        let key = uri::key_of(path);
        self.open
            .iter()
            .filter(|(_, open)| is_at(open, &key))
            .max_by_key(|(_, open)| open.age)
    }

    /// Whether the file of an open text is open under another name too.
    pub(super) fn has_rival(&self, uri: &Uri) -> bool {
        let path = self.open.get(uri).and_then(|open| open.path.as_deref());
        let Some(key) = path.map(uri::key_of) else {
            return false;
        };
        let mut others = self.open.iter().filter(|(other, _)| *other != uri);
        others.any(|(_, open)| is_at(open, &key))
    }

    /// Whether a file in `folder` is open, at any depth.
    pub(super) fn is_open_below(&self, folder: &Path) -> bool {
        let paths = self.open.values().filter_map(|open| open.path.as_deref());
        paths
            .into_iter()
            .any(|path| uri::below(folder, path).is_some())
    }

    /// The open texts that are files in `folder`, at any depth, in the order of their paths; of one
    /// that is open under several names, the text that counts comes last: that of the name
    /// `preferred`, or else the one that was changed last.
    pub(super) fn below(&self, folder: &Path, preferred: Option<&Uri>) -> Vec<Buffer> {
        let open = self.open.iter().filter_map(|(uri, document)| {
            Some(Buffer {
                path: uri::below(folder, document.path.as_deref()?)?,
                uri: uri.clone(),
                version: document.version,
                text: document.text.clone(),
                age: document.age,
            })
        });
        let mut buffers: Vec<_> = open.collect();
        let key = |buffer: &Buffer| (preferred == Some(&buffer.uri), buffer.age);
        buffers.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| key(a).cmp(&key(b))));
        buffers
    }
}

impl Buffer {
    /// An open text as a package of its own.
    pub(super) fn alone(uri: &Uri, document: &OpenDocument) -> Self {
        Self {
            path: PkgPath::from(FILE_NAME),
            uri: uri.clone(),
            version: document.version,
            text: document.text.clone(),
            age: document.age,
        }
    }
}

fn is_at(open: &OpenDocument, key: &Path) -> bool {
    open.path
        .as_deref()
        .is_some_and(|path| uri::key_of(path) == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::proto::{self, Range};

    fn item(uri: &str, text: &str) -> TextDocumentItem {
        let uri = uri.parse().expect("a URI");
        TextDocumentItem::new(uri, "yaml".to_owned(), 1, text.to_owned())
    }

    /// The text after `changes`: start line and column, end line and column, new text.
    fn check(encoding: Encoding, changes: &[([u32; 4], &str)], expected: &str) {
        let uri: Uri = "file:///demo/extension.yaml".parse().expect("a URI");
        let mut documents = Documents::default();
        documents.open(item(uri.as_str(), "zh: 😀观测\r\nb: 1\r\n"));
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

    #[cfg(unix)]
    #[test]
    fn of_two_names_of_a_file_the_one_changed_last_counts_or_the_one_that_is_asked_about() {
        let (plain, other) = (
            "file:///demo/extension.yaml",
            "file:///demo/%65xtension.yaml",
        );
        let mut documents = Documents::default();
        documents.open(item(plain, "a"));
        documents.open(item(other, "b"));
        let last = |documents: &Documents, preferred: Option<&str>| {
            let preferred: Option<Uri> = preferred.map(|uri| uri.parse().expect("a URI"));
            let below = documents.below(Path::new("/demo"), preferred.as_ref());
            assert_eq!(below.len(), 2);
            below.last().map(|buffer| buffer.text.text())
        };
        assert_eq!(last(&documents, None).as_deref(), Some("b"));
        assert_eq!(last(&documents, Some(plain)).as_deref(), Some("a"));
        let plain: Uri = plain.parse().expect("a URI");
        documents.change(&plain, 2, &[], Encoding::Utf16);
        assert_eq!(last(&documents, None).as_deref(), Some("a"));
        assert!(documents.has_rival(&plain));
        documents.close(&plain);
        let path = Path::new("/demo/extension.yaml");
        assert_eq!(documents.at(path).map(|(uri, _)| uri.as_str()), Some(other));
    }
}
