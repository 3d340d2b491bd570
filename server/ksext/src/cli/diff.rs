//! `ksext diff`: what has changed since the version that is to be had.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use ksext_core::lang::{Lang, show_size};

use super::preview::style_of;
use super::table::table;
use super::ui::TerminalUi;
use super::{Format, Outcome, Terminal, plain, print_json};
use crate::commands::diff::{self, Change};
use crate::commands::{Said as _, Target};

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Package folder, manifest or `.tgz` package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Compare with this archive in place of the one in the Helm repository of what was submitted
    #[arg(long, value_name = "FILE", conflicts_with = "version")]
    against: Option<PathBuf>,
    /// Which version in that repository: else the highest
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: DiffArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let ui = TerminalUi::new(terminal);
    let wanted = diff::Args {
        uri: Target::from(args.path),
        against: args.against.map(Target::from),
        version: args.version,
    };
    let answer = terminal.wait_for(diff::run(&session, &ui, wanted))?;
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Human => write_human(&mut out, &answer, terminal.lang())?,
        Format::Json => print_json(&mut out, &answer)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn write_human(out: &mut impl Write, answer: &diff::Answer, lang: Lang) -> io::Result<()> {
    let diffs = answer.files.iter();
    for line in diffs.flat_map(|file| file.diff.split_inclusive('\n')) {
        let (style, line) = (style_of(line), plain(line.trim_end_matches(['\n', '\r'])));
        writeln!(out, "{style}{line}{style:#}")?;
    }
    let size = |size: Option<u64>| size.map(show_size).unwrap_or_default();
    let rows: Vec<_> = answer
        .entries
        .iter()
        .map(|entry| {
            let sign = match entry.change {
                Change::Added => "+",
                Change::Removed => "-",
                Change::Changed => "~",
            };
            let sizes = match (entry.before, entry.after) {
                (Some(before), Some(after)) => {
                    format!("{} -> {}", show_size(before), show_size(after))
                }
                (before, after) => size(before.or(after)),
            };
            [format!("{sign} {}", entry.path), sizes]
        })
        .collect();
    write!(out, "{}", table(&rows))?;
    writeln!(out, "{}", plain(answer.said().get(lang)))
}
