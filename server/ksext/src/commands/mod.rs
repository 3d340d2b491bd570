//! THE list of commands: what a user can ask ksext to do, one file each, shared by the command line
//! and the language server.
//!
//! A command takes its arguments as data, asks and reports through a [`Ui`], and answers data or a
//! [`Refusal`]. It neither prints nor knows a protocol.

mod refusal;
mod session;
mod ui;

use std::future::Future;
use std::pin::Pin;

use ksext_core::lang::Bilingual;
use serde_json::Value;

pub(crate) use refusal::Refusal;
pub(crate) use session::Session;
pub(crate) use ui::{Confirmation, Stage, Ui};

/// Every command, in the order in which references list them.
pub(crate) static COMMANDS: [&Command; 0] = [];

/// What a command answers: an object, or why not.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Value, Refusal>> + Send + 'a>>;

/// A command as others list and run it.
pub(crate) struct Command {
    /// Its name for `workspace/executeCommand`.
    pub(crate) id: &'static str,
    /// What a menu calls it.
    pub(crate) title: Bilingual,
    /// What it does, in a sentence.
    pub(crate) summary: Bilingual,
    /// Runs it with its one argument, an object. Dropping the future stops the work.
    pub(crate) run: for<'a> fn(&'a Session, &'a dyn Ui, Value) -> Answer<'a>,
}
