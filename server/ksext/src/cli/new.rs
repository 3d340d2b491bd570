//! `ksext new`.

use std::path::PathBuf;

use clap::Args;

use super::{Format, Outcome, Terminal, print_json};
use crate::commands::new;
use crate::commands::package::Directory;

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Name of the extension and of its folder, like `kube-events`
    name: String,
    /// Make its folder in this one
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// English display name [default: made of the name]
    #[arg(long)]
    title: Option<String>,
    /// Chinese display name [default: the English one]
    #[arg(long, value_name = "TITLE")]
    title_zh: Option<String>,
    /// Category in the Marketplace [default: dev-tools]
    #[arg(long)]
    category: Option<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: NewArgs) -> anyhow::Result<Outcome> {
    let wanted = new::Args {
        name: args.name,
        directory: Directory(args.output),
        title: args.title,
        title_zh: args.title_zh,
        category: args.category,
    };
    let answer = terminal.wait_for(new::run(wanted))?;
    match args.format {
        Format::Human => terminal.print_said(&answer)?,
        Format::Json => print_json(&mut anstream::stdout(), &answer)?,
    }
    Ok(Outcome::Done)
}
