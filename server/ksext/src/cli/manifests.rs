//! `ksext manifests`.

use std::path::PathBuf;

use clap::Args;
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};

use super::table::table;
use super::{Format, Outcome, Terminal, print_json};
use crate::commands::{Target, manifests};

#[derive(Debug, Args)]
pub(crate) struct ManifestsArgs {
    /// Package folder, manifest or `.tgz` package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Write the files into this folder
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: ManifestsArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let work = manifests::run(&session, Target::from(args.path), args.output);
    let answer = terminal.wait_for(work)?;
    match args.format {
        Format::Human => terminal.print(human(&answer).get(terminal.lang()))?,
        Format::Json => print_json(&mut anstream::stdout(), &answer)?,
    }
    Ok(Outcome::Done)
}

fn human(answer: &manifests::Answer) -> Bilingual {
    let rows: Vec<_> = answer
        .files
        .iter()
        .map(|file| [file.kind.to_owned(), file.name.clone(), file.path.clone()])
        .collect();
    let (rows, size) = (table(&rows), show_size(answer.size));
    let files: String = answer
        .files
        .iter()
        .map(|file| format!(" -f {}", file.path))
        .collect();
    // Client-side, the archive would be written into an annotation once more, which is too small.
    bilingual!(
        "{rows}with the package ({size}) in the ConfigMap; apply them with\n  kubectl apply --server-side{files}",
        "{rows}ConfigMap 中包含扩展组件包（{size}）；使用以下命令应用\n  kubectl apply --server-side{files}",
    )
}
