//! How a command speaks to the person who asked for it.

use std::path::Path;

use async_trait::async_trait;
use ksext_cloud::Server;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::text::TextEdit;

use crate::commands::Refusal;
use crate::commands::login::Verified;

/// The person at the terminal or in front of the editor.
#[async_trait]
pub(crate) trait Ui: Send + Sync {
    /// The language to speak.
    fn lang(&self) -> Lang;

    /// Tells how far the work is. Returns at once.
    fn stage(&self, stage: &Stage);

    /// Tells what the user should know although the command is done as asked. Returns at once.
    fn note(&self, note: &Bilingual) {
        tracing::warn!("{}", note.get(self.lang()));
    }

    /// Tells what is good to know and no trouble. Returns at once.
    fn tell(&self, what: &Bilingual) {
        self.note(what);
    }

    /// Asks whether to go on; `false` also if nobody can be asked.
    async fn confirm(&self, confirmation: &Confirmation) -> bool;

    /// Asks which way to go on.
    async fn choose(&self, _: &Choice) -> Chosen {
        Chosen::Nobody
    }

    /// Makes `edit` in the file at `file`, which holds `text`, where its author sees it.
    async fn edit(&self, _file: &Path, _text: &str, _edit: &TextEdit) -> Edited {
        Edited::NoEditor
    }

    /// Asks for an API key for `server`, unseen by others, and has it verified; after a wrong one it
    /// may ask again. `None` if nobody can be asked.
    ///
    /// # Errors
    /// `cancelled` if the question was not answered; else as
    /// [`verify`](crate::commands::login::verify) for the last key.
    async fn ask_key(&self, server: &Server) -> Result<Option<Verified>, Refusal>;

    /// Ends when the user stops the command, which then refuses with `cancelled` and says what
    /// already stands on the server. Never ends where the user has no way to say so.
    async fn cancelled(&self) {
        std::future::pending().await
    }
}

/// A step of a command's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    /// What is being done.
    pub(crate) message: Bilingual,
    /// How much of the whole is done, in percent.
    pub(crate) percent: u32,
}

/// A question before something that others will see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Confirmation {
    /// What will happen to what, where and as whom.
    pub(crate) question: Bilingual,
    /// What else is good to know before answering: sizes, what is uploaded.
    pub(crate) detail: Bilingual,
    /// What the button says that lets it happen.
    pub(crate) accept: Bilingual,
}

/// A question with several ways to go on, beside giving up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What stands in the way of what, and where.
    pub(crate) question: Bilingual,
    /// What else is good to know before answering.
    pub(crate) detail: Bilingual,
    /// The ways, each as a command, the best first.
    pub(crate) options: Vec<Bilingual>,
}

/// What a [`Choice`] was answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// The option of this index.
    Option(usize),
    /// None of them.
    None,
    /// Nobody can be asked.
    Nobody,
}

/// What became of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edited {
    /// It stands in the author's editor, to be looked at and saved.
    Shown,
    /// The author's editor did not take it.
    NotTaken,
    /// There is no editor: the file is to be written.
    NoEditor,
}
