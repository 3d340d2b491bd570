//! What commands share while the program runs: who is signed in, where, and what the user has set.

/// The state behind all commands of one program run.
#[derive(Debug, Default)]
pub(crate) struct Session {}
