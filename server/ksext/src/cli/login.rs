//! `ksext login`.

use std::io::{ErrorKind, Read as _};

use clap::Args;
use ksext_cloud::Token;
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;

use super::ui::TerminalUi;
use super::{Outcome, Terminal};
use crate::commands::{Refusal, login};

/// Where else a key may come from.
pub(super) const ENVIRONMENT: &str = "KSEXT_TOKEN holds a key that comes before every kept one, without any login; \
                                      KSEXT_SERVER names the one server that it goes to. Where nobody can be asked, \
                                      login verifies and keeps that key.";

/// More than any key has, in bytes.
const MAX_KEY: u64 = 64 * 1024;

#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// Read the key from stdin instead of asking for it
    #[arg(long)]
    token_stdin: bool,
    /// The server [default: KSEXT_SERVER, else https://apis.kubesphere.cloud]
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

pub(super) fn run(terminal: &Terminal, args: LoginArgs) -> anyhow::Result<Outcome> {
    let token = if args.token_stdin {
        Some(read_key(terminal)?)
    } else {
        None
    };
    let session = terminal.session();
    let ui = TerminalUi::new(terminal);
    let args = login::Args {
        token,
        server: args.server,
        ..login::Args::default()
    };
    let answer = terminal.wait_for(login::run(&session, &ui, args))?;
    terminal.print_said(&answer)?;
    Ok(Outcome::Done)
}

fn read_key(terminal: &Terminal) -> anyhow::Result<Token> {
    let mut text = String::new();
    let read = std::io::stdin()
        .lock()
        .take(MAX_KEY)
        .read_to_string(&mut text);
    read.map_err(|why| {
        let why = match why.kind() {
            ErrorKind::InvalidData => Bilingual::fixed("it is not UTF-8 text", "它不是 UTF-8 文本"),
            _ => bilingual!("{why}", "{why}"),
        };
        let (en, zh) = (why.en, why.zh);
        terminal.refused(&Refusal::auth(bilingual!(
            "cannot read the key from stdin: {en}",
            "无法从标准输入读取密钥：{zh}",
        )))
    })?;
    Token::pasted(&text).map_err(|bad| terminal.refused(&login::not_a_key(bad)))
}
