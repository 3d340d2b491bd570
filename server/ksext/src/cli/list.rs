//! `ksext list`.

use std::io;

use clap::Args;
use ksext_core::lang::Lang;

use super::table::Columns;
use super::{Format, Outcome, Terminal, print_json};
use crate::commands::{Refusal, Said as _, Session, list};

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: &ListArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    match args.format {
        Format::Json => {
            let answer = list::run(&session, terminal.lang(), list::Args {});
            let answer = terminal.wait_for(answer)?;
            print_json(&mut anstream::stdout(), &answer)?;
        }
        Format::Human => terminal.wait_for(print(terminal, &session))??,
    }
    Ok(Outcome::Done)
}

/// Prints the rows as they come. The first of them decide how wide the columns are.
async fn print(terminal: &Terminal, session: &Session) -> Result<io::Result<()>, Refusal> {
    let mut listing = list::begin(session, terminal.lang()).await?;
    let mut columns = None;
    while let Some(page) = listing.next().await? {
        let mut rows: Vec<_> = page.into_iter().map(row).collect();
        if columns.is_none() {
            rows.insert(0, head(terminal.lang()).map(str::to_owned));
        }
        let columns = columns.get_or_insert_with(|| Columns::of(&rows));
        if let Err(error) = terminal.print(columns.lines(&rows).trim_end()) {
            return Ok(Err(error));
        }
    }
    if columns.is_none() {
        let nothing = list::Answer {
            extensions: Vec::new(),
        };
        terminal.note(nothing.said().get(terminal.lang()));
    }
    Ok(Ok(()))
}

fn head(lang: Lang) -> [&'static str; 4] {
    match lang {
        Lang::En => ["ID", "NAME", "STATUS", "LATEST VERSION"],
        Lang::Zh => ["ID", "名称", "状态", "最新版本"],
    }
}

fn row(extension: list::Extension) -> [String; 4] {
    let latest = extension.latest_version.unwrap_or_default();
    [extension.id, extension.name, extension.status_text, latest]
}
