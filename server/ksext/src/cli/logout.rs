//! `ksext logout`.

use super::ui::TerminalUi;
use super::{Outcome, Terminal};
use crate::commands::logout;

pub(super) fn run(terminal: &Terminal) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let ui = TerminalUi::new(terminal);
    let answer = terminal.wait_for(logout::run(&session, &ui, logout::Args::default()))?;
    terminal.print_said(&answer)?;
    Ok(Outcome::Done)
}
