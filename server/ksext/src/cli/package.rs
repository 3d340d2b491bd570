//! `ksext package`.

use std::path::PathBuf;

use clap::Args;

use super::ui::TerminalUi;
use super::{Format, Outcome, Terminal, print_json};
use crate::commands::Target;
use crate::commands::package::{self, Directory};

#[derive(Debug, Args)]
pub(crate) struct PackageArgs {
    /// Package folder or manifest
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Write the archive into this folder
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: PackageArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let ui = TerminalUi::new(terminal);
    let wanted = package::Args {
        uri: Target::from(args.path),
        directory: Some(Directory(args.output)),
    };
    let answer = terminal.wait_for(package::run(&session, &ui, wanted))?;
    match args.format {
        Format::Human => {
            terminal.print_said(&answer)?;
            terminal.print(&format!("sha256 {}", answer.sha256))?;
        }
        Format::Json => print_json(&mut anstream::stdout(), &answer)?,
    }
    Ok(Outcome::Done)
}
