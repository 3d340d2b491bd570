//! `ksext size`: what the package weighs after push has rewritten it.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use ksext_core::bilingual;
use ksext_core::lang::{Lang, show_size};
use ksext_core::package::Projection;
use serde::Serialize;

use super::{Outcome, Terminal};
use crate::workspace::{self, Package};

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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Human,
    Json,
}

pub(super) fn run(terminal: &Terminal, args: &SizeArgs) -> anyhow::Result<Outcome> {
    let mut found = workspace::find(&args.path, true)?;
    let shown = args.path.display();
    let package = match found.packages.len() {
        1 => found.packages.remove(0),
        0 => bail!("cannot show the size of {shown}: no `extension.yaml` is there"),
        many => bail!("cannot show the size of {shown}: it holds {many} packages; name one"),
    };
    let settings = terminal.settings_for(package.root())?;
    let limit = ksext_core::check::limit(&settings.check);
    let projection = package.projection(limit).with_context(|| {
        format!("cannot pack {shown}: push would refuse it; see `ksext check {shown}`")
    })?;
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Human => {
            write_human(&mut out, &projection, terminal.lang_for(&settings))?;
        }
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &SizeReport::new(&package, &projection))?;
            writeln!(out)?;
        }
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
        let (count, size) = (rest.len(), rest.iter().map(|entry| entry.packed).sum::<u64>());
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

/// The answer as programs read it; its shape is a contract.
#[derive(Serialize)]
pub(crate) struct SizeReport {
    version: u32,
    root: String,
    name: Option<String>,
    projected: u64,
    limit: u64,
    unpacked: u64,
    entries: Vec<ReportEntry>,
    uploads: Vec<ReportUpload>,
    dropped: Vec<ReportDropped>,
}

#[derive(Serialize)]
struct ReportEntry {
    path: String,
    size: u64,
    packed: u64,
}

#[derive(Serialize)]
struct ReportUpload {
    field: String,
    path: String,
    size: u64,
}

#[derive(Serialize)]
struct ReportDropped {
    path: String,
    size: u64,
    why: &'static str,
}

impl SizeReport {
    fn new(package: &Package, projection: &Projection) -> Self {
        let entry = |entry: &ksext_core::package::size::EntrySize| ReportEntry {
            path: entry.path.clone(),
            size: entry.size,
            packed: entry.packed,
        };
        let upload = |upload: &ksext_core::package::local::Upload| ReportUpload {
            field: upload.field.to_string(),
            path: upload.path.to_string(),
            size: upload.size,
        };
        let dropped = |dropped: &ksext_core::package::load::Dropped| ReportDropped {
            path: dropped.path.to_string(),
            size: dropped.size,
            why: dropped.why.as_str(),
        };
        Self {
            version: 1,
            root: package.root().display().to_string().replace('\\', "/"),
            name: package.manifest().name().map(|name| name.value),
            projected: projection.projected,
            limit: projection.limit,
            unpacked: projection.unpacked,
            entries: projection.entries.iter().map(entry).collect(),
            uploads: projection.uploads.iter().map(upload).collect(),
            dropped: projection.dropped.iter().map(dropped).collect(),
        }
    }
}
