//! `ksext size`: what the package weighs after push has rewritten it.

mod html;
mod human;

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang, show_bytes, show_size};
use ksext_core::package::savings::savings;
use ksext_core::package::size::ksbuilder_across;
use ksext_core::package::{LIMIT, PkgPath, Projection, WARNING};

use super::table::one_line;
use super::{Outcome, Terminal, print_json};
use crate::commands::{Target, size};
use crate::host::files;
use crate::workspace::Package;

/// The columns of a terminal that does not tell.
const COLUMNS: usize = 80;

#[derive(Debug, Args)]
pub(crate) struct SizeArgs {
    /// Package folder, manifest or `.tgz` package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How to print it; `html` is a page that needs nothing beside it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Write it into this file instead
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
    Html,
}

pub(super) fn run(terminal: &Terminal, args: &SizeArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let target = Target::from(args.path.clone());
    let measured = session.package_as_shown(&target).and_then(|package| {
        let projection = size::measure(&session, &package, &|| false)?;
        Ok((session.settings_for(package.root())?, package, projection))
    });
    let (settings, package, projection) = measured.map_err(|refusal| terminal.refused(&refusal))?;
    let lang = terminal.lang_for(&settings);
    let report = Report::new(&package, &projection);
    let columns = columns().filter(|_| args.output.is_none());
    let text = match args.format {
        Format::Human => human::render(&report, lang, columns),
        Format::Json => {
            let mut json = Vec::new();
            print_json(&mut json, &report.answer)?;
            String::from_utf8(json)?
        }
        Format::Html => html::render(&report, lang)?,
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

/// All that is told about a package's size, however it is shown.
struct Report {
    /// Name and version, as far as they are known.
    title: String,
    answer: size::Answer,
    /// What else is to be said.
    notes: Vec<Note>,
}

/// A sentence beside the numbers.
struct Note {
    tone: Tone,
    text: Bilingual,
}

/// What a [`Note`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    /// Push fails.
    Error,
    /// Push may be refused.
    Warning,
    /// It could be smaller.
    Tip,
}

impl Report {
    fn new(package: &Package, projection: &Projection) -> Self {
        let manifest = package.manifest();
        let name = manifest.name().map(|name| name.value);
        let name = name.unwrap_or_else(|| package.root().display().to_string());
        let version = manifest.version().map(|version| version.value);
        let title = match version {
            Some(version) => format!("{name} {version}"),
            None => name,
        };
        let obstacles = size::obstacles(package, projection);
        let problems = obstacles.into_iter().map(|obstacle| {
            let (en, zh) = (&obstacle.en, &obstacle.zh);
            Note {
                tone: Tone::Error,
                text: bilingual!("Push would fail: {en}", "推送会失败：{zh}"),
            }
        });
        let shown = package.as_package().shown_images();
        let is_shown = |path: &PkgPath| shown.contains(path);
        let tips = savings(
            manifest,
            &projection.entries,
            &projection.uploads,
            &is_shown,
        );
        let tips = tips.iter().map(|saving| Note {
            tone: Tone::Tip,
            text: saving.title(),
        });
        Self {
            title: one_line(&title),
            answer: size::Answer::new(package, projection),
            notes: problems.chain(limits(projection)).chain(tips).collect(),
        }
    }

    /// `34.6 KB of 1.0 MB (3.3 %), 989.4 KB left`
    fn summary(&self) -> Bilingual {
        let (projected, limit) = (self.answer.projected, self.answer.limit);
        let difference = show_size(projected.abs_diff(limit));
        let percent = percent(projected, limit);
        let is_over = projected > limit;
        let (projected, limit) = (show_size(projected), show_size(limit));
        if is_over {
            return bilingual!(
                "{projected} of {limit} ({percent}), {difference} over the limit",
                "{projected}，上限 {limit}（{percent}），超出 {difference}",
            );
        }
        bilingual!(
            "{projected} of {limit} ({percent}), {difference} left",
            "{projected}，上限 {limit}（{percent}），还剩 {difference}",
        )
    }

    /// `12 entries, 48.2 KB unpacked`
    fn content(&self) -> Bilingual {
        let count = self.answer.entries.len();
        let unpacked = show_size(self.answer.unpacked);
        bilingual!(
            "{count} entries, {unpacked} unpacked",
            "{count} 个条目，解压后 {unpacked}",
        )
    }

    /// How near the limit it is.
    fn standing(&self) -> Standing {
        match self.answer.projected {
            projected if projected > self.answer.limit => Standing::Over,
            projected if projected > self.answer.limit.min(WARNING) / 10 * 9 => Standing::Near,
            _ => Standing::Fine,
        }
    }
}

/// How near the limit a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Fine,
    /// More than nine tenths.
    Near,
    Over,
}

/// What is not sure about the limit.
fn limits(projection: &Projection) -> impl Iterator<Item = Note> {
    let (projected, limit) = (projection.projected, projection.limit);
    let shown = show_bytes(projected);
    let ambiguous = (projected > WARNING && projected <= limit && limit == LIMIT).then(|| {
        bilingual!(
            "The limit of 1 MB may mean 1 000 000 bytes; the package has {shown}",
            "1 MB 的限制可能指 1 000 000 字节；扩展组件包有 {shown} 字节",
        )
    });
    let across = ksbuilder_across(projected, limit).map(|other| {
        let (other, limit) = (show_bytes(other), show_bytes(limit));
        if projected <= projection.limit {
            bilingual!(
                "ksbuilder compresses otherwise: its archive may have up to {other} bytes, and the limit is {limit}; ours has {shown}",
                "ksbuilder 的压缩方式不同：其归档可能达到 {other} 字节，超过上限 {limit} 字节；本程序的归档为 {shown} 字节",
            )
        } else {
            bilingual!(
                "ksbuilder compresses otherwise: its archive may have only {other} bytes, and the limit is {limit}; ours has {shown}",
                "ksbuilder 的压缩方式不同：其归档可能只有 {other} 字节，未超过上限 {limit} 字节；本程序的归档为 {shown} 字节",
            )
        }
    });
    ambiguous.into_iter().chain(across).map(|text| Note {
        tone: Tone::Warning,
        text,
    })
}

/// `3.3 %`: never rounded up, so that what is below the limit does not look as if it had reached it.
fn percent(part: u64, whole: u64) -> String {
    let tenths = u128::from(part) * 1000 / u128::from(whole.max(1));
    match tenths {
        0 if part > 0 => "<0.1 %".to_owned(),
        _ => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

/// The words for what is uploaded, and for what is left out for a reason.
fn uploaded() -> Bilingual {
    Bilingual::fixed("Uploaded on their own", "单独上传")
}

fn left_out(reason: &Bilingual) -> Bilingual {
    let (en, zh) = (&reason.en, &reason.zh);
    bilingual!("Left out: {en}", "不打包：{zh}")
}

/// `{count} more`
fn more(count: usize, lang: Lang) -> String {
    bilingual!("{count} more", "其余 {count} 个")
        .get(lang)
        .to_owned()
}
