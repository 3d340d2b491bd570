//! The person in front of the editor, for the commands.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ksext_cloud::Server;
use ksext_core::lang::{Bilingual, Lang};
use serde_json::Value;

use super::progress::Progress;
use super::stop::Stop;
use crate::commands::login::Verified;
use crate::commands::{Confirmation, Refusal, Stage, Ui};
use crate::lsp::proto::request::Request;
use crate::lsp::proto::{MessageActionItem, MessageType, ShowMessageRequestParams};
use crate::lsp::sign_in;
use crate::lsp::state::Shared;

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

    /// Ends the progress with a last word.
    pub(super) fn end(&self, last: &str) {
        self.progress.end(Some(last));
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

    async fn confirm(&self, confirmation: &Confirmation) -> bool {
        let accept = confirmation.accept.get(self.lang);
        let cancel = Bilingual::fixed("Cancel", "取消");
        let (question, detail) = (&confirmation.question, &confirmation.detail);
        let button = |title: &str| MessageActionItem {
            title: title.to_owned(),
            properties: std::collections::HashMap::new(),
        };
        let params = ShowMessageRequestParams {
            typ: MessageType::INFO,
            message: format!("{}\n{}", question.get(self.lang), detail.get(self.lang)),
            actions: Some(vec![button(accept), button(cancel.get(self.lang))]),
        };
        match self
            .shared
            .client
            .request::<Question>(params, PATIENCE)
            .await
        {
            Ok(answer) => answer["title"] == accept,
            Err(error) => {
                tracing::warn!(%error, "the question before a push was not answered");
                self.note(&Bilingual::fixed(
                    "nothing was pushed, because the editor cannot ask before it; set `ksext.push.confirm` to `false` to push without a question",
                    "未推送：编辑器无法在推送前询问；将 `ksext.push.confirm` 设为 `false` 即可直接推送",
                ));
                false
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
