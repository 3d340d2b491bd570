//! `ksext get`: the review state of an extension.

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ksext_core::lang::Lang;

use super::table::table;
use super::{Format, Outcome, Terminal, print_json};
use crate::commands::status;

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// The extension's name
    name: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: GetArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let wanted = status::Args {
        name: Some(args.name),
        uri: None,
    };
    let answer = terminal.wait_for(status::run(&session, wanted))?;
    match args.format {
        Format::Human => terminal.print(human(answer, terminal.lang()).trim_end())?,
        Format::Json => print_json(&mut anstream::stdout(), &answer)?,
    }
    Ok(Outcome::Done)
}

fn human(answer: status::Answer, lang: Lang) -> String {
    let labels = match lang {
        Lang::En => ["Name:", "ID:", "Status:", "Latest version:"],
        Lang::Zh => ["名称：", "ID：", "状态：", "最新版本："],
    };
    let latest = answer.latest_version.unwrap_or_else(|| "-".to_owned());
    let values = [answer.name, answer.id, answer.status, latest];
    let rows: Vec<_> = labels
        .into_iter()
        .zip(values)
        .map(|(label, value)| [label.to_owned(), value])
        .collect();
    let summary = table(&rows);

    let head = match lang {
        Lang::En => ["SNAPSHOT", "VERSION", "STATUS", "UPDATED"],
        Lang::Zh => ["快照", "版本", "状态", "更新时间"],
    };
    let snapshots = answer.snapshots.into_iter().map(|snapshot| {
        let updated = snapshot
            .updated_at
            .as_deref()
            .map(local)
            .unwrap_or_default();
        [snapshot.id, snapshot.version, snapshot.status, updated]
    });
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned))
        .chain(snapshots)
        .collect();
    format!("{summary}\n{}", table(&rows))
}

/// A time of the cloud's in the user's zone; as the cloud wrote it, if it is none.
fn local(time: &str) -> String {
    time.parse::<Timestamp>().map_or(time.to_owned(), |time| {
        time.to_zoned(TimeZone::system())
            .strftime("%Y-%m-%d %H:%M:%S %Z")
            .to_string()
    })
}
