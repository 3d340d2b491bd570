//! `ksext preview`: what would be published, to the letter.

use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::Args;
use ksext_core::bilingual;
use ksext_core::lang::{Lang, show_size};

use super::table::table;
use super::{Format, Outcome, Terminal, plain, print_json};
use crate::commands::{Target, preview};

#[derive(Debug, Args)]
pub(crate) struct PreviewArgs {
    /// Package folder, manifest or `.tgz` package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: PreviewArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let wanted = preview::Args {
        uri: Target::from(args.path),
    };
    let answer = terminal.wait_for(preview::run(&session, wanted))?;
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Human => write_human(&mut out, &answer, terminal.lang())?,
        Format::Json => print_json(&mut out, &answer)?,
    }
    out.flush()?;
    let count = answer.errors;
    if count > 0 {
        let errors = if count == 1 { "error" } else { "errors" };
        let note = bilingual!(
            "push would not publish this: {count} {errors}, see `ksext check`",
            "推送不会发布以上内容：有 {count} 个错误，请运行 `ksext check` 查看",
        );
        terminal.note(note.get(terminal.lang()));
    }
    Ok(Outcome::Done)
}

fn write_human(out: &mut impl Write, answer: &preview::Answer, lang: Lang) -> io::Result<()> {
    for line in answer
        .files
        .iter()
        .flat_map(|file| file.diff.split_inclusive('\n'))
    {
        let (style, line) = (style_of(line), plain(line.trim_end_matches(['\n', '\r'])));
        writeln!(out, "{style}{line}{style:#}")?;
    }
    let (size, count) = (show_size(answer.projected), answer.entries.len());
    let title = bilingual!("{size}, {count} entries", "{size}，{count} 个条目");
    writeln!(out, "{}", title.get(lang))?;
    let rows: Vec<_> = answer
        .entries
        .iter()
        .map(|entry| [format!("{:>10}", show_size(entry.size)), entry.path.clone()])
        .collect();
    write!(out, "{}", table(&rows))
}

/// The style of a line of a unified diff.
pub(super) fn style_of(line: &str) -> Style {
    let style = Style::new();
    match line.as_bytes() {
        [b'-', b'-', b'-', ..] | [b'+', b'+', b'+', ..] => style.bold(),
        [b'-', ..] => style.fg_color(Some(AnsiColor::Red.into())),
        [b'+', ..] => style.fg_color(Some(AnsiColor::Green.into())),
        [b'@', ..] => style.fg_color(Some(AnsiColor::Cyan.into())),
        _ => style,
    }
}
