//! Why a command was not done, for whoever asked.

use ksext_cloud::{Message, StoreError};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};

/// A command's error. `kind` is one of the words of the contract: those of
/// [`ksext_cloud::ErrorKind`], `invalid-package` and `invalid-argument`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// One word for programs.
    pub(crate) kind: &'static str,
    /// What was attempted, on what, and why it failed.
    pub(crate) message: Bilingual,
    /// What to do.
    pub(crate) hint: Option<Bilingual>,
    /// The HTTP status of the cloud's answer, if there was one.
    pub(crate) status: Option<u16>,
}

impl Refusal {
    /// A refusal without a hint.
    pub(crate) fn new(kind: &'static str, message: Bilingual) -> Self {
        Self {
            kind,
            message,
            hint: None,
            status: None,
        }
    }

    /// The package or what was named for one cannot be used.
    pub(crate) fn invalid_package(message: Bilingual) -> Self {
        Self::new("invalid-package", message)
    }

    /// There is no key for the server.
    pub(crate) fn auth(message: Bilingual) -> Self {
        Self::new("auth", message)
    }

    /// The user stopped it, or did not want it after all. `what` was to be done, as in "cannot …".
    pub(crate) fn cancelled(what: &Bilingual) -> Self {
        let (en, zh) = (&what.en, &what.zh);
        Self::new("cancelled", bilingual!("{en}: cancelled", "{zh}：已取消"))
    }

    /// With a hint in place of any other.
    #[must_use]
    pub(crate) fn hinting(mut self, hint: Bilingual) -> Self {
        self.hint = Some(hint);
        self
    }

    /// With something that is also true, behind the reason.
    #[must_use]
    pub(crate) fn noting(mut self, note: &Bilingual) -> Self {
        let (reason, note) = (self.message, note);
        self.message = Bilingual {
            en: format!("{}; {}", reason.en, note.en).into(),
            zh: format!("{}；{}", reason.zh, note.zh).into(),
        };
        self
    }

    /// Everything in one line: the reason, then what to do.
    pub(crate) fn text(&self, lang: Lang) -> String {
        let message = self.message.get(lang);
        match (&self.hint, lang) {
            (None, _) => message.to_owned(),
            (Some(hint), Lang::En) => format!("{message}; {}", hint.en),
            (Some(hint), Lang::Zh) => format!("{message}；{}", hint.zh),
        }
    }
}

/// The cloud's texts as this program's own.
pub(in crate::commands) fn bilingual_of(message: &Message) -> Bilingual {
    Bilingual {
        en: message.en.clone().into(),
        zh: message.zh.clone().into(),
    }
}

impl From<ksext_cloud::Error> for Refusal {
    fn from(error: ksext_cloud::Error) -> Self {
        Self {
            kind: error.kind().as_str(),
            message: bilingual_of(&error.summary()),
            hint: error.hint().map(bilingual_of),
            status: error.status(),
        }
    }
}

impl From<StoreError> for Refusal {
    /// A login that cannot be read or kept is a matter of being logged in.
    fn from(error: StoreError) -> Self {
        Self::auth(bilingual_of(&error.message))
    }
}
