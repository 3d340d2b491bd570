//! What a client asks about: a text of a package, in the newest state that is checked.

use std::sync::Arc;

use ksext_core::ide::View;
use ksext_core::lang::Lang;
use ksext_core::package::PkgPath;
use ksext_core::text::{Document, Encoding, Span};

use super::analysis::Analysis;
use super::proto::{Position, Range, Uri, position_from, range_to};
use super::state::Shared;
use crate::workspace::Package;

/// An open text of a package, with all that is known of the package.
#[derive(Debug)]
pub(super) struct Asked {
    /// The package in the state in which the question found it, checked or not; it is ours.
    pub(super) analysis: Arc<Analysis>,
    /// Where it is in the package.
    pub(super) file: PkgPath,
    /// Its content.
    pub(super) document: Document,
    /// The number that the editor gave this state of it.
    pub(super) version: i32,
    /// The language of the answer.
    pub(super) lang: Lang,
    /// In which unit the client counts columns.
    pub(super) encoding: Encoding,
    text: String,
}

impl Shared {
    /// The text that the client calls `uri`; `None` if it is not open or belongs to no package of ours.
    ///
    /// Copies the state before it waits for anything.
    pub(super) fn asked(
        self: &Arc<Self>,
        uri: &Uri,
    ) -> impl Future<Output = Option<Asked>> + use<> {
        let analysis = self.known_of(uri);
        let shared = Arc::clone(self);
        let uri = uri.clone();
        async move {
            let analysis = analysis.await?;
            analysis.package.as_ref()?;
            let lang = shared.state().lang_of(&analysis);
            let buffer = analysis.buffer(&uri)?.clone();
            Some(Asked {
                text: buffer.text.text(),
                file: buffer.path,
                version: buffer.version,
                document: buffer.text,
                encoding: shared.encoding(),
                analysis,
                lang,
            })
        }
    }

    /// What is known of the package of an open text; a package whose manifest nobody has opened is
    /// looked for first.
    fn known_of(
        self: &Arc<Self>,
        uri: &Uri,
    ) -> impl Future<Output = Option<Arc<Analysis>>> + use<> {
        let (known, around) = {
            let state = self.state();
            match state.newest_of(uri) {
                Some(known) => (Some(known), None),
                None => (None, Some(self.known_around(&state, uri))),
            }
        };
        let shared = Arc::clone(self);
        async move {
            match (known, around) {
                (Some((newest, input)), _) => shared.look(newest, input, Analysis::unchecked).await,
                (None, Some(around)) => around.await,
                (None, None) => None,
            }
        }
    }
}

impl Asked {
    /// The package. An [`Asked`] has one.
    pub(super) fn package(&self) -> Option<&Package> {
        self.analysis.package.as_ref()
    }

    /// The text as the core looks at it.
    pub(super) fn view(&self) -> Option<View<'_>> {
        Some(View {
            package: self.package()?.as_package(),
            contents: self.analysis.input.contents.as_deref(),
            file: &self.file,
            text: &self.text,
        })
    }

    /// The byte that a position of the client's means.
    pub(super) fn offset(&self, position: Position) -> usize {
        self.document.offset(position_from(position), self.encoding)
    }

    /// The bytes that a range of the client's means.
    pub(super) fn span(&self, range: Range) -> Span {
        let start = self.offset(range.start);
        Span::new(start, self.offset(range.end).max(start))
    }

    /// Bytes as the client counts them.
    pub(super) fn range(&self, span: Span) -> Range {
        range_to(self.document.range(span, self.encoding))
    }
}
