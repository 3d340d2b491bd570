//! The person in front of the editor, for the commands.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ksext_cloud::Server;
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::text::{Document, Span, TextEdit};
use serde_json::Value;

use super::progress::Progress;
use super::stop::Stop;
use crate::commands::login::Verified;
use crate::commands::{Choice, Chosen, Confirmation, Edited, Refusal, Stage, Ui};
use crate::lsp::proto::request::{ApplyWorkspaceEdit, Request};
use crate::lsp::proto::{
    self, ApplyWorkspaceEditParams, DocumentChanges, MessageActionItem, MessageType, OneOf,
    OptionalVersionedTextDocumentIdentifier, ShowMessageRequestParams, TextDocumentEdit, Uri,
    WorkspaceEdit, range_to,
};
use crate::lsp::state::Shared;
use crate::lsp::transport::RequestError;
use crate::lsp::{sign_in, uri};

/// How long a question stays open.
const PATIENCE: Duration = Duration::from_secs(600);

/// `window/showMessageRequest`, with an answer that may hold whatever else the client adds.
enum Question {}

impl Request for Question {
    type Params = ShowMessageRequestParams;
    type Result = Value;
    const METHOD: &'static str = "window/showMessageRequest";
}

/// Asks and tells through the client.
pub(super) struct EditorUi {
    shared: Arc<Shared>,
    lang: Lang,
    progress: Progress,
    stop: Stop,
}

impl EditorUi {
    pub(super) fn new(shared: Arc<Shared>, lang: Lang, progress: Progress, stop: Stop) -> Self {
        Self {
            shared,
            lang,
            progress,
            stop,
        }
    }

    /// The language to speak.
    pub(super) fn language(&self) -> Lang {
        self.lang
    }

    /// Whether the request was cancelled and so answered already.
    pub(super) fn is_unheard(&self) -> bool {
        self.stop.is_unheard()
    }

    /// Asks with a button for each option and one to cancel; answers the option's index.
    async fn ask(
        &self,
        question: &Bilingual,
        detail: &Bilingual,
        options: &[Bilingual],
    ) -> Result<Option<usize>, RequestError> {
        let cancel = Bilingual::fixed("Cancel", "取消");
        let buttons = options.iter().chain([&cancel]);
        let buttons = buttons.map(|option| MessageActionItem {
            title: option.get(self.lang).to_owned(),
            properties: std::collections::HashMap::new(),
        });
        let params = ShowMessageRequestParams {
            typ: MessageType::INFO,
            message: format!("{}\n{}", question.get(self.lang), detail.get(self.lang)),
            actions: Some(buttons.collect()),
        };
        let answer = self.shared.client.request::<Question>(params, PATIENCE);
        let answer = answer.await.inspect_err(|error| {
            tracing::warn!(%error, "the question before a push was not answered");
        })?;
        let title = &answer["title"];
        Ok(options
            .iter()
            .position(|option| title == option.get(self.lang)))
    }

    /// Tells that a server is waited for: in the progress, or where none is shown, by a message.
    pub(super) fn waits(&self) -> impl Fn(&Bilingual) + Send + Sync + 'static {
        let (shared, lang) = (Arc::clone(&self.shared), self.lang);
        let waits = self.progress.waits();
        move |wait| {
            let wait = wait.get(lang);
            if !waits(wait) {
                shared.show(MessageType::WARNING, wait.to_owned());
            }
        }
    }

    /// Ends the progress with a last word.
    pub(super) fn end(&self, last: &str) {
        self.progress.end(Some(last));
    }
}

/// Why nothing was pushed, if the question before it has no answer.
fn unanswered(error: &RequestError) -> Bilingual {
    match error {
        RequestError::TimedOut(within) => {
            let minutes = within.as_secs() / 60;
            bilingual!(
                "nothing was pushed: the question before it was not answered within {minutes} minutes",
                "未推送：推送前的询问在 {minutes} 分钟内没有得到回答",
            )
        }
        RequestError::Refused(_) | RequestError::Unreadable(_) => Bilingual::fixed(
            "nothing was pushed, because the editor cannot ask before it; set `ksext.push.confirm` to `false` to push without a question",
            "未推送：编辑器无法在推送前询问；将 `ksext.push.confirm` 设为 `false` 即可直接推送",
        ),
    }
}

/// The edit of a file that holds `text` on the disk. An editor keeps a byte order mark apart.
fn workspace_edit(
    shared: &Shared,
    file: &Path,
    text: &str,
    edit: &TextEdit,
) -> Option<WorkspaceEdit> {
    let without_mark = text.trim_start_matches('\u{feff}');
    let mark = text.len() - without_mark.len();
    let span = Span::new(
        edit.span.start.checked_sub(mark)?,
        edit.span.end.checked_sub(mark)?,
    );
    let document = Document::new(without_mark);
    let edit = proto::TextEdit {
        range: range_to(document.range(span, shared.encoding())),
        new_text: edit.text.clone(),
    };
    let (uri, version) = as_client_has_it(shared, file)?;
    if !shared.abilities().versioned_edits {
        return Some(WorkspaceEdit {
            changes: Some([(uri, vec![edit])].into()),
            ..Default::default()
        });
    }
    let edit = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: vec![OneOf::Left(edit)],
    };
    Some(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(vec![edit])),
        ..Default::default()
    })
}

/// The client's own name for a file, and the version that it has open.
fn as_client_has_it(shared: &Shared, file: &Path) -> Option<(Uri, Option<i32>)> {
    let folder = file.parent()?;
    let path = uri::below(folder, file)?;
    let open = shared.state().documents.below(folder, None);
    // The last of several names is that of the text that counts.
    match open.into_iter().rfind(|buffer| buffer.path == path) {
        Some(buffer) => Some((buffer.uri, Some(buffer.version))),
        None => {
            let root: Uri = "file:///".parse().ok()?;
            Some((
                uri::file_in(&root, &uri::below(Path::new("/"), file)?)?,
                None,
            ))
        }
    }
}

#[async_trait]
impl Ui for EditorUi {
    fn lang(&self) -> Lang {
        self.lang
    }

    fn stage(&self, stage: &Stage) {
        self.progress
            .report(stage.message.get(self.lang), stage.percent);
    }

    fn note(&self, note: &Bilingual) {
        self.shared
            .show(MessageType::WARNING, note.get(self.lang).to_owned());
    }

    fn tell(&self, what: &Bilingual) {
        self.shared
            .show(MessageType::INFO, what.get(self.lang).to_owned());
    }

    async fn confirm(&self, confirmation: &Confirmation) -> bool {
        let Confirmation {
            question,
            detail,
            accept,
        } = confirmation;
        match self
            .ask(question, detail, std::slice::from_ref(accept))
            .await
        {
            Ok(answer) => answer.is_some(),
            Err(error) => {
                self.note(&unanswered(&error));
                false
            }
        }
    }

    async fn choose(&self, choice: &Choice) -> Chosen {
        match self
            .ask(&choice.question, &choice.detail, &choice.options)
            .await
        {
            Ok(answer) => answer.map_or(Chosen::None, Chosen::Option),
            Err(RequestError::TimedOut(within)) => {
                self.note(&unanswered(&RequestError::TimedOut(within)));
                Chosen::None
            }
            Err(_) => Chosen::Nobody,
        }
    }

    async fn edit(&self, file: &Path, text: &str, edit: &TextEdit) -> Edited {
        if !self.shared.abilities().apply_edits {
            return Edited::NoEditor;
        }
        let label = Bilingual::fixed("Raise `version`", "提高 `version`");
        let Some(edit) = workspace_edit(&self.shared, file, text, edit) else {
            return Edited::NotTaken;
        };
        let params = ApplyWorkspaceEditParams {
            label: Some(label.get(self.lang).to_owned()),
            edit,
        };
        let answer = self
            .shared
            .client
            .request::<ApplyWorkspaceEdit>(params, PATIENCE);
        match answer.await {
            Ok(answer) if answer.applied => Edited::Shown,
            Ok(answer) => {
                tracing::warn!(?answer, "the client made no edit");
                Edited::NotTaken
            }
            Err(error) => {
                tracing::warn!(%error, "the client made no edit");
                Edited::NotTaken
            }
        }
    }

    async fn ask_key(&self, server: &Server) -> Result<Option<Verified>, Refusal> {
        sign_in::ask(&self.shared, server, self.lang).await
    }

    async fn cancelled(&self) {
        self.stop.wished().await;
    }
}
