//! `ksext submit`.

use std::io::ErrorKind;
use std::path::PathBuf;

use clap::Args;
use ksext_core::bilingual;

use super::{Outcome, Terminal};
use crate::commands::{Refusal, Target, submit};
use crate::host::files;

#[derive(Debug, Args)]
pub(crate) struct SubmitArgs {
    /// Id of the snapshot, or the package whose version is meant
    #[arg(value_name = "SNAPSHOT|PATH")]
    subject: String,
}

pub(super) fn run(terminal: &Terminal, args: &SubmitArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let subject = subject(terminal, &args.subject)?;
    let answer = terminal.wait_for(submit::run(&session, terminal.lang(), subject))?;
    terminal.print_said(&answer)?;
    Ok(Outcome::Done)
}

/// Digits alone are an id, all else a path, as for ksbuilder (cmd/unpush.go).
///
/// # Errors
/// If it is neither.
pub(super) fn subject(terminal: &Terminal, text: &str) -> anyhow::Result<submit::Args> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(submit::Args {
            snapshot_id: Some(text.to_owned()),
            uri: None,
        });
    }
    let path = PathBuf::from(text);
    if files::is_folder(&path).is_err_and(|why| why.kind() == ErrorKind::NotFound) {
        return Err(terminal.refused(&Refusal::new(
            "invalid-argument",
            bilingual!(
                "cannot tell which version is meant: `{text}` is no snapshot's id, which is digits alone, and there is no such package; `ksext get NAME` shows the ids",
                "无法确定是哪个版本：`{text}` 不是快照 ID（只含数字），也没有这个扩展组件包；可用 `ksext get NAME` 查看 ID",
            ),
        )));
    }
    Ok(submit::Args {
        snapshot_id: None,
        uri: Some(Target::from(path)),
    })
}
