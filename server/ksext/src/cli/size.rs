//! `ksext size`: what the package weighs after push has rewritten it.

use std::path::PathBuf;

use clap::Args;
use ksext_core::bilingual;
use ksext_core::lang::{Lang, show_size};
use ksext_core::package::Projection;

use super::{Format, Outcome, Terminal, print_json};
use crate::commands::{Target, size};

/// How many entries are shown at most.
const SHOWN: usize = 10;

#[derive(Debug, Args)]
pub(crate) struct SizeArgs {
    /// Package folder, manifest or `.tgz` package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: &SizeArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let target = Target::from(args.path.clone());
    let measured = session.package_as_shown(&target).and_then(|package| {
        let projection = size::measure(&session, &package, &|| false)?;
        Ok((session.settings_for(package.root())?, package, projection))
    });
    let (settings, package, projection) = measured.map_err(|refusal| terminal.refused(&refusal))?;
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Human => write_human(&mut out, &projection, terminal.lang_for(&settings))?,
        Format::Json => print_json(&mut out, &size::Answer::new(&package, &projection))?,
    }
    Ok(Outcome::Done)
}

fn write_human(
    out: &mut impl std::io::Write,
    projection: &Projection,
    lang: Lang,
) -> anyhow::Result<()> {
    let (projected, limit) = (show_size(projection.projected), show_size(projection.limit));
    let percent = projection.projected * 100 / projection.limit.max(1);
    let unpacked = show_size(projection.unpacked);
    let count = projection.entries.len();
    let title = bilingual!(
        "{projected} of {limit} ({percent} %), {count} entries, {unpacked} unpacked",
        "{projected}，上限 {limit}（{percent} %），{count} 个条目，解压后 {unpacked}",
    );
    writeln!(out, "{}", title.get(lang))?;

    let mut entries: Vec<_> = projection.entries.iter().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.packed));
    for entry in entries.iter().take(SHOWN) {
        writeln!(out, "{:>10}  {}", show_size(entry.packed), entry.path)?;
    }
    let rest = &entries[entries.len().min(SHOWN)..];
    if !rest.is_empty() {
        let (count, size) = (
            rest.len(),
            rest.iter().map(|entry| entry.packed).sum::<u64>(),
        );
        let words = bilingual!("{count} more", "其余 {count} 个");
        writeln!(out, "{:>10}  {}", show_size(size), words.get(lang))?;
    }
    for upload in &projection.uploads {
        let (field, path) = (&upload.field, &upload.path);
        let words = bilingual!("uploaded: {path} ({field})", "单独上传：{path}（{field}）");
        writeln!(out, "{:>10}  {}", show_size(upload.size), words.get(lang))?;
    }
    for dropped in &projection.dropped {
        let (path, why) = (&dropped.path, dropped.why.as_str());
        let words = bilingual!("left out: {path} ({why})", "不打包：{path}（{why}）");
        writeln!(out, "{:>10}  {}", show_size(dropped.size), words.get(lang))?;
    }
    Ok(())
}
