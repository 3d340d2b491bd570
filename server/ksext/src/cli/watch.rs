//! `ksext watch`: each change in the review of a version.

use std::time::Duration;

use clap::Args;
use ksext_core::bilingual;
use serde_json::json;

use super::get::subject;
use super::push::duration;
use super::ui::TerminalUi;
use super::{Format, Outcome, Terminal};
use crate::commands::age::local;
use crate::commands::review::{ACTIVE, Verdict};
use crate::commands::state_word;
use crate::commands::status::Snapshot;
use crate::commands::watch;

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// The extension's name; or its package, by a path with a `/`, `.` or a `.tgz`
    #[arg(value_name = "NAME|PATH", default_value = ".")]
    subject: String,
    /// Which version: else that of the package, or the one that changed last
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Until it has this status
    #[arg(long, value_name = "STATUS", default_value = ACTIVE)]
    until: String,
    /// How long at most
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = duration)]
    timeout: Duration,
    /// How to print each change: a line for people, or a line of JSON
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: WatchArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let ui = TerminalUi::new(terminal);
    let wanted = watch::Args {
        subject: subject(&args.subject),
        version: args.version,
        until: args.until,
        patience: args.timeout,
    };
    let mut printed = Ok(());
    let mut tell = |name: &str, snapshot: &Snapshot| {
        let line = match args.format {
            Format::Human => human(terminal, name, snapshot),
            Format::Json => json_line(name, snapshot),
        };
        // The first failure is the one to tell; the next question ends the watch for others.
        if printed.is_ok() {
            printed = terminal.print(&line);
        }
    };
    let verdict = terminal.wait_for(watch::run(&session, &ui, wanted, &mut tell))?;
    printed?;
    Ok(match verdict {
        Verdict::Refused(_) => Outcome::Refused,
        Verdict::Active(_) => Outcome::Done,
    })
}

fn human(terminal: &Terminal, name: &str, snapshot: &Snapshot) -> String {
    let word = state_word(&snapshot.status);
    let (version, en, zh) = (&snapshot.version, &word.en, &word.zh);
    let time = snapshot.updated_at.as_deref().map(local);
    let time = time.map_or(String::new(), |time| format!("{time}  "));
    let line = match &snapshot.reason {
        None => bilingual!(
            "{time}{name} {version}: {en}",
            "{time}{name} {version}：{zh}"
        ),
        Some(reason) => bilingual!(
            "{time}{name} {version}: {en} ({reason})",
            "{time}{name} {version}：{zh}（{reason}）",
        ),
    };
    super::table::one_line(line.get(terminal.lang()))
}

fn json_line(name: &str, snapshot: &Snapshot) -> String {
    let mut line = json!(snapshot);
    line["name"] = json!(name);
    line.to_string()
}
