//! How a command speaks to the person who asked for it.

use async_trait::async_trait;
use ksext_cloud::{Server, Token};
use ksext_core::lang::{Bilingual, Lang};

/// The person at the terminal or in front of the editor.
#[async_trait]
pub(crate) trait Ui: Send + Sync {
    /// The language to speak.
    fn lang(&self) -> Lang;

    /// Tells how far the work is. Returns at once.
    fn stage(&self, stage: &Stage);

    /// Asks whether to go on; `false` also if nobody can be asked.
    async fn confirm(&self, confirmation: &Confirmation) -> bool;

    /// Asks for an API key for `server`, unseen by others; `None` if there is none to be had.
    async fn ask_key(&self, server: &Server) -> Option<Token>;
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
    /// What will happen: name, version, size, server, account.
    pub(crate) question: Bilingual,
    /// What the button says that lets it happen.
    pub(crate) accept: Bilingual,
}
