//! `ksext check`: the findings of one package or many.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use ksext_core::finding::{Finding, Severity};
use ksext_core::lang::Lang;
use ksext_core::manifest::Recognition;
use ksext_core::yaml::Source;

use super::{Outcome, Terminal, human, json};
use crate::workspace::{self, Package};

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Package folders, manifests, `.tgz` packages or trees of packages; `-` reads a manifest from stdin
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Where the manifest on stdin belongs; without it nothing is said about files
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// Check every `extension.yaml`, also those that look like another product's
    #[arg(long)]
    as_extension: bool,
    /// Exit with 1 for warnings too
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// A package with what the check says of it.
pub(super) struct Checked {
    pub(super) package: Package,
    pub(super) findings: Vec<Finding>,
    pub(super) projected: Option<u64>,
    /// The most that is accepted, in bytes.
    pub(super) limit: u64,
    pub(super) lang: Lang,
}

pub(super) fn run(terminal: &Terminal, args: &CheckArgs) -> anyhow::Result<Outcome> {
    let mut checked = Vec::new();
    let mut failed = Vec::new();
    for path in &args.paths {
        let found = match find(path, args) {
            Ok(found) => found,
            Err(error) => {
                failed.push(error);
                continue;
            }
        };
        if found.packages.is_empty() && found.failed.is_empty() {
            terminal.note(&nothing_found(path, &found.foreign, terminal.lang()));
        }
        failed.extend(found.failed);
        for package in found.packages {
            match check(terminal, package) {
                Ok(package) => checked.push(package),
                Err(error) => failed.push(error),
            }
        }
    }
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Human => human::write(&mut out, &checked, terminal)?,
        Format::Json => json::write(&mut out, &checked)?,
    }
    out.flush()?;
    // One bad package takes nothing from the others, and is not forgotten.
    for error in &failed {
        terminal.complain(&format!("{error:#}"));
    }
    let mut severities = checked
        .iter()
        .flat_map(|checked| &checked.findings)
        .map(|finding| finding.severity);
    let fails =
        |severity| severity == Severity::Error || (args.strict && severity == Severity::Warning);
    Ok(if !failed.is_empty() {
        Outcome::Incomplete
    } else if severities.any(fails) {
        Outcome::Findings
    } else {
        Outcome::Done
    })
}

fn find(path: &Path, args: &CheckArgs) -> anyhow::Result<workspace::Found> {
    if path.as_os_str() != "-" {
        return workspace::find(path, args.as_extension);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .context("cannot read stdin")?;
    let source = Source::from_bytes(&bytes);
    let package = match &args.stdin_filename {
        None => Package::without_files(source),
        Some(name) => {
            let folder = name
                .parent()
                .filter(|parent| !parent.as_os_str().is_empty());
            Package::from_text(folder.unwrap_or(Path::new(".")), source)
        }
    };
    let mut found = workspace::Found::default();
    let recognition = package.recognition();
    if args.as_extension || recognition.is_ours() {
        found.packages.push(package);
    } else {
        found.foreign.push((package.manifest_path(), recognition));
    }
    Ok(found)
}

pub(super) fn check(terminal: &Terminal, package: Package) -> anyhow::Result<Checked> {
    let settings = terminal.settings_for(package.root())?;
    let contents = package.contents(&|| false);
    let findings = package.check(&settings.check, contents.as_ref());
    let limit = ksext_core::check::limit(&settings.check);
    let lang = terminal.lang_for(&settings);
    Ok(Checked {
        package,
        findings,
        projected: contents.and_then(|contents| contents.projected()),
        limit,
        lang,
    })
}

/// Why a path holds no package of ours, and what to do if it does.
fn nothing_found(path: &Path, foreign: &[(PathBuf, Recognition)], lang: Lang) -> String {
    let shown = path.display();
    let Some((manifest, recognition)) = foreign.first() else {
        let text = ksext_core::bilingual!(
            "no package at {shown}: no `extension.yaml` is there (`--as-extension` checks one that looks like another product's)",
            "{shown} 中没有扩展组件包：找不到 `extension.yaml`（`--as-extension` 可强制检查看似其他产品的清单）",
        );
        return text.get(lang).to_owned();
    };
    let manifest = manifest.display();
    let text = match recognition {
        Recognition::Template => ksext_core::bilingual!(
            "{manifest} is not checked: it is a template of a Helm chart; `--as-extension` checks it nevertheless",
            "未检查 {manifest}：它是 Helm chart 的模板；使用 `--as-extension` 可强制检查",
        ),
        _ => ksext_core::bilingual!(
            "{manifest} is not checked: nothing in it is particular to KubeSphere (such as `ksVersion` or `provider`); `--as-extension` checks it nevertheless",
            "未检查 {manifest}：其中没有 KubeSphere 特有的内容（例如 `ksVersion` 或 `provider`）；使用 `--as-extension` 可强制检查",
        ),
    };
    text.get(lang).to_owned()
}
