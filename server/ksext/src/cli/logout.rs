//! `ksext logout`.

use ksext_core::lang::Bilingual;

use super::ui::TerminalUi;
use super::{Outcome, Terminal};
use crate::commands::logout;

pub(super) fn run(terminal: &Terminal) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let ui = TerminalUi::new(terminal);
    let answer = terminal.wait_for(logout::run(&session, &ui, logout::Args {}))?;
    let text = if answer.was_logged_in {
        Bilingual::fixed("logged out", "已退出登录")
    } else {
        Bilingual::fixed("there was no login to forget", "没有需要清除的登录信息")
    };
    terminal.print(text.get(terminal.lang()))?;
    Ok(Outcome::Done)
}
