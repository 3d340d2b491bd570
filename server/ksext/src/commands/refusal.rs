//! Why a command was not done, for whoever asked.

use ksext_core::lang::Bilingual;

/// A command's error. `kind` is one of the words of the contract: those of
/// [`ksext_cloud::ErrorKind`], and `invalid-package`.
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
