//! `ksext list`.

use clap::Args;
use ksext_core::lang::Lang;

use super::table::table;
use super::{Format, Outcome, Terminal, print_json};
use crate::commands::{Said as _, list};

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: &ListArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let answer = terminal.wait_for(list::run(&session, list::Args {}))?;
    match args.format {
        Format::Json => print_json(&mut anstream::stdout(), &answer)?,
        Format::Human if answer.extensions.is_empty() => {
            terminal.note(answer.said().get(terminal.lang()));
        }
        Format::Human => {
            let head = match terminal.lang() {
                Lang::En => ["ID", "NAME", "STATUS", "LATEST VERSION"],
                Lang::Zh => ["ID", "名称", "状态", "最新版本"],
            };
            let rows = answer.extensions.into_iter().map(|extension| {
                let latest = extension.latest_version.unwrap_or_default();
                [extension.id, extension.name, extension.status, latest]
            });
            let rows: Vec<_> = std::iter::once(head.map(str::to_owned))
                .chain(rows)
                .collect();
            terminal.print(table(&rows).trim_end())?;
        }
    }
    Ok(Outcome::Done)
}
