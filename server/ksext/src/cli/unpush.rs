//! `ksext unpush`.

use clap::Args;

use super::submit::subject;
use super::{Outcome, Terminal};
use crate::commands::unpush;

#[derive(Debug, Args)]
pub(crate) struct UnpushArgs {
    /// Id of the snapshot, or the package whose version is meant
    #[arg(value_name = "SNAPSHOT|PATH")]
    subject: String,
}

pub(super) fn run(terminal: &Terminal, args: &UnpushArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let subject = subject(terminal, &args.subject)?;
    let answer = terminal.wait_for(unpush::run(&session, terminal.lang(), subject))?;
    terminal.print_said(&answer)?;
    Ok(Outcome::Done)
}
