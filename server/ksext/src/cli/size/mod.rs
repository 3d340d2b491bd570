//! `ksext size`: what the package weighs after push has rewritten it.

mod html;
mod human;
mod markdown;

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};

use self::markdown::Base;
use super::{Outcome, Terminal, print_json};
use crate::commands::size::Report;
use crate::commands::{Target, size};
use crate::host::files;

/// The columns of a terminal that does not tell.
const COLUMNS: usize = 80;

#[derive(Debug, Args)]
pub(crate) struct SizeArgs {
    /// Package folder, manifest or `.tgz` package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How to print it; `html` is a page that needs nothing beside it, `markdown` is for a pull request
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Write it into this file instead
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// With markdown: tell what changed since this report by `--format json`; an empty file if there was no package
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Html,
    Markdown,
}

pub(super) fn run(terminal: &Terminal, args: &SizeArgs) -> anyhow::Result<Outcome> {
    if args.base.is_some() && args.format != Format::Markdown {
        let text = Bilingual::fixed(
            "`--base` needs `--format markdown`",
            "`--base` 需要与 `--format markdown` 一起使用",
        );
        terminal.complain(text.get(terminal.lang()));
        return Ok(Outcome::WrongUsage);
    }
    let base = args.base.as_deref().map(Base::read).transpose()?;
    let session = terminal.session();
    let target = Target::from(args.path.clone());
    let measured = session.package_as_shown(&target).and_then(|package| {
        let projection = size::measure(&session, &package, &|| false)?;
        Ok((session.settings_for(package.root())?, package, projection))
    });
    let (settings, package, projection) = measured.map_err(|refusal| terminal.refused(&refusal))?;
    let lang = terminal.lang_for(&settings);
    let report = Report::new(&package, &projection, lang);
    let columns = columns().filter(|_| args.output.is_none());
    let text = match args.format {
        Format::Human => human::render(&report, lang, columns),
        Format::Json => {
            let mut json = Vec::new();
            print_json(&mut json, &report.answer)?;
            String::from_utf8(json)?
        }
        Format::Html => html::render(&report, lang)?,
        Format::Markdown => markdown::render(&report, base.as_ref(), lang),
    };
    match &args.output {
        None => {
            let mut out = anstream::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
        Some(file) => {
            let shown = file.display();
            files::write(file, text.as_bytes()).map_err(|why| {
                let failed = bilingual!("cannot write {shown}: {why}", "无法写入 {shown}：{why}");
                anyhow::anyhow!(failed.get(lang).to_owned())
            })?;
            terminal.note(bilingual!("{shown} is written", "已写入 {shown}").get(lang));
        }
    }
    Ok(Outcome::Done)
}

/// The columns of the terminal that prints it; `None` for a file or a pipe, which get plain text.
/// Colours that are asked for in any case make a terminal of whatever it is.
fn columns() -> Option<usize> {
    let size = terminal_size::terminal_size_of(io::stdout());
    let columns = size.map(|(width, _)| usize::from(width.0));
    let forced = anstream::ColorChoice::global() == anstream::ColorChoice::Always;
    let columns = columns.or(forced.then_some(COLUMNS))?;
    Some(if columns == 0 { COLUMNS } else { columns })
}

/// The words for what is left out for a reason.
fn left_out(reason: &str) -> Bilingual {
    bilingual!("Left out: {reason}", "不打包：{reason}")
}

/// `{count} more`
fn more(count: usize, lang: Lang) -> String {
    bilingual!("{count} more", "其余 {count} 个")
        .get(lang)
        .to_owned()
}
