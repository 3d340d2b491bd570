//! `ksext whoami`.

use clap::Args;

use super::{Format, Outcome, Terminal, print_json};
use crate::commands::{UserSettings, whoami};

#[derive(Debug, Args)]
pub(crate) struct WhoamiArgs {
    /// The server whose key is meant [default: the one of the login]
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: &WhoamiArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    session.set(UserSettings {
        server: args.server.clone(),
        ..UserSettings::default()
    });
    let answer = terminal.wait_for(whoami::run(&session, whoami::Args {}))?;
    match args.format {
        Format::Human => terminal.print_said(&answer)?,
        Format::Json => print_json(&mut anstream::stdout(), &answer)?,
    }
    Ok(Outcome::Done)
}
