//! `ksext push`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};

use super::table::table;
use super::ui::TerminalUi;
use super::{Format, Outcome, Terminal, print_json};
use crate::commands::push::{self, Existing, Prepared, prepare};
use crate::commands::review::{self, Verdict};
use crate::commands::{Flag, Target};
use crate::host::files;

#[derive(Debug, Args)]
pub(crate) struct PushArgs {
    /// Package folder, manifest or `.tgz` package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Leave it as a draft; `ksext submit` hands it to the reviewers later
    #[arg(long)]
    no_submit: bool,
    /// Show what would be sent, and send nothing
    #[arg(long, conflicts_with_all = ["no_submit", "wait"])]
    dry_run: bool,
    /// With --dry-run: write the archive that would be sent into this folder
    #[arg(short, long, value_name = "DIR", requires = "dry_run")]
    output: Option<PathBuf>,
    /// Wait for the review: exit with 0 for active, 4 for refused [default: 30m]
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true,
          default_missing_value = "30m", value_parser = duration, conflicts_with = "no_submit")]
    wait: Option<Duration>,
    /// Do nothing if this version is there already; a draft counts only with --no-submit
    #[arg(long, conflicts_with_all = ["dry_run", "bump"])]
    skip_existing: bool,
    /// If this version is there already and no draft, raise `version` in extension.yaml and push that
    #[arg(long, conflicts_with = "dry_run")]
    bump: bool,
    /// Push only what this tag names: `v1.2.3`, `1.2.3`, or with the extension's name, `NAME-v1.2.3`, `NAME/1.2.3`
    #[arg(long, conflicts_with = "bump")]
    tag: Option<String>,
    /// Upload everything, also what a push that was cut off has uploaded already
    #[arg(long, conflicts_with = "dry_run")]
    fresh: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: &PushArgs) -> anyhow::Result<Outcome> {
    if let Some(tag) = &args.tag {
        require_tag(terminal, args, tag)?;
    }
    if args.dry_run {
        return dry_run(terminal, args);
    }
    if !args.yes && !TerminalUi::can_ask() {
        return Err(nobody_to_ask(terminal, &args.path));
    }
    let session = terminal.session();
    let ui = TerminalUi::new(terminal);
    let wanted = push::Args {
        uri: Target::from(args.path.clone()),
        submit: Flag(!args.no_submit),
        confirm: Flag(!args.yes),
        existing: match (args.skip_existing, args.bump) {
            (true, _) => Existing::Skip,
            (_, true) => Existing::Bump,
            _ => Existing::Ask,
        },
        fresh: args.fresh,
    };
    let work = async {
        let mut answer = push::run(&session, &ui, wanted).await?;
        let Some(patience) = args.wait else {
            return Ok((answer, None));
        };
        let version = (&*answer.name, &*answer.version);
        let verdict = review::wait(&session, &ui, version, patience).await?;
        answer.status = verdict.status().to_owned();
        Ok((answer, Some(verdict)))
    };
    let (answer, verdict) = terminal.wait_for(work)?;
    match args.format {
        Format::Human => terminal.print_said(&answer)?,
        Format::Json => print_json(&mut anstream::stdout(), &answer)?,
    }
    Ok(match verdict {
        Some(Verdict::Refused(_)) => Outcome::Refused,
        Some(Verdict::Active(_)) | None => Outcome::Done,
    })
}

/// Refuses a tag that does not name the version of the package, before anything is asked or sent.
fn require_tag(terminal: &Terminal, args: &PushArgs, tag: &str) -> anyhow::Result<()> {
    let target = Target::from(args.path.clone());
    let package = terminal.session().package_as_shown(&target);
    let package = package.map_err(|refusal| terminal.refused(&refusal))?;
    let manifest = package.manifest();
    let name = manifest.name().map(|name| name.value).unwrap_or_default();
    let version = manifest.version().map(|version| version.value);
    let version = version.unwrap_or_default();
    if tag_names(tag, &name, &version) {
        return Ok(());
    }
    let path = args.path.display();
    let text = bilingual!(
        "cannot push {path}: the tag `{tag}` does not name version {version} of extension.yaml; `v{version}` and `{name}-v{version}` would",
        "无法推送 {path}：标签 `{tag}` 与 extension.yaml 中的版本 {version} 不符；应为 `v{version}` 或 `{name}-v{version}`",
    );
    Err(anyhow::anyhow!(text.get(terminal.lang()).to_owned()))
}

/// Whether a tag names the version of an extension: `v1.2.3` or `1.2.3`, after `NAME-` or `NAME/` too.
fn tag_names(tag: &str, name: &str, version: &str) -> bool {
    let own = tag.strip_prefix(name);
    let own = own.and_then(|rest| rest.strip_prefix(['-', '/']));
    let is_version = |text: &str| text.strip_prefix('v').unwrap_or(text) == version;
    !version.is_empty() && [Some(tag), own].into_iter().flatten().any(is_version)
}

fn nobody_to_ask(terminal: &Terminal, path: &Path) -> anyhow::Error {
    let path = path.display();
    let text = bilingual!(
        "cannot push {path}: there is no terminal to ask for your consent; `--yes` gives it, `--dry-run` shows what would be sent",
        "无法推送 {path}：没有终端可供确认；使用 `--yes` 表示同意，使用 `--dry-run` 查看将要发送的内容",
    );
    anyhow::anyhow!(text.get(terminal.lang()).to_owned())
}

/// Everything that push does before the first request, and what it would send.
fn dry_run(terminal: &Terminal, args: &PushArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let prepared = terminal.wait_for(prepare(&session, Target::from(args.path.clone())))?;
    let written = args
        .output
        .as_deref()
        .map(|folder| write(folder, &prepared))
        .transpose()?;
    match args.format {
        Format::Human => {
            let text = describe(&prepared, written.as_deref());
            terminal.print(text.get(terminal.lang()).trim_end())?;
        }
        Format::Json => {
            let uploads: Vec<_> = prepared.uploads.iter().map(upload_json).collect();
            let report = serde_json::json!({
                "name": prepared.name,
                "version": prepared.version,
                "size": prepared.archive.len(),
                "uploads": uploads,
                "archive": written.as_deref().map(Path::to_string_lossy),
            });
            print_json(&mut anstream::stdout(), &report)?;
        }
    }
    Ok(Outcome::Done)
}

fn upload_json(upload: &push::Upload) -> serde_json::Value {
    serde_json::json!({
        "field": upload.field.to_string(),
        "path": upload.path.to_string(),
        "size": upload.bytes.len(),
    })
}

/// Writes what would be sent into `folder`: the archive, and beside it in `files` what would be
/// uploaded. Answers where the archive is.
fn write(folder: &Path, prepared: &Prepared) -> anyhow::Result<PathBuf> {
    let write = |path: &Path, content: &[u8]| {
        files::write(path, content).with_context(|| format!("cannot write {}", path.display()))
    };
    for upload in &prepared.uploads {
        write(
            &folder.join("files").join(&upload.remote_name),
            &upload.bytes,
        )?;
    }
    let path = folder.join(&prepared.file_name);
    write(&path, &prepared.archive)?;
    Ok(path)
}

fn describe(prepared: &Prepared, written: Option<&Path>) -> Bilingual {
    let (size, entries) = (show_size(prepared.archive.len() as u64), prepared.entries);
    let archive = written.map_or_else(
        || prepared.file_name.clone(),
        |path| path.display().to_string(),
    );
    let uploads: Vec<_> = prepared
        .uploads
        .iter()
        .map(|upload| {
            let size = show_size(upload.bytes.len() as u64);
            [upload.field.to_string(), upload.path.to_string(), size]
        })
        .collect();
    let note = if uploads.is_empty() {
        Bilingual::fixed("", "")
    } else {
        Bilingual::fixed(
            "\nuploaded beside it; their URLs, which only a push gets, are made up here:",
            "\n另外上传以下文件；真正的 URL 在推送时才会得到，此处为占位内容：",
        )
    };
    let (uploads, note_en, note_zh) = (table(&uploads), &note.en, &note.zh);
    bilingual!(
        "would send {archive}: {size}, {entries} entries{note_en}\n{uploads}",
        "将发送 {archive}：{size}，{entries} 个条目{note_zh}\n{uploads}",
    )
}

/// Reads `90s`, `30m`, `2h` or a number of seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err("write a duration like `90s`, `30m` or `2h`".to_owned()),
    };
    let count: u32 = digits
        .parse()
        .map_err(|_| "write a duration like `90s`, `30m` or `2h`")?;
    Ok(Duration::from_secs(u64::from(count) * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_the_version_alone_or_with_the_name() {
        for (tag, is_named) in [
            ("v1.2.3", true),
            ("1.2.3", true),
            ("demo-v1.2.3", true),
            ("demo-1.2.3", true),
            ("demo/v1.2.3", true),
            ("demo/1.2.3", true),
            ("v1.2.4", false),
            ("vv1.2.3", false),
            ("demo1.2.3", false),
            ("other-v1.2.3", false),
            ("v1.2.3-rc.1", false),
            ("demo", false),
            ("", false),
        ] {
            assert_eq!(tag_names(tag, "demo", "1.2.3"), is_named, "{tag}");
        }
        assert!(!tag_names("v", "demo", ""));
        assert!(!tag_names("demo-", "demo", ""));
    }

    #[test]
    fn durations_have_a_unit_or_are_seconds() {
        for (text, seconds) in [
            ("90", Some(90)),
            ("90s", Some(90)),
            ("30m", Some(1800)),
            ("2h", Some(7200)),
            ("", None),
            ("m", None),
            ("-1s", None),
            ("1d", None),
            ("1.5h", None),
        ] {
            assert_eq!(
                duration(text).ok(),
                seconds.map(Duration::from_secs),
                "{text}"
            );
        }
    }
}
