//! `ksext submit`.

use std::path::PathBuf;

use clap::Args;
use ksext_core::bilingual;

use super::table::one_line;
use super::{Outcome, Terminal};
use crate::commands::{Target, submit};

#[derive(Debug, Args)]
pub(crate) struct SubmitArgs {
    /// Id of the snapshot, or the package whose version is meant
    #[arg(value_name = "SNAPSHOT|PATH")]
    subject: String,
}

pub(super) fn run(terminal: &Terminal, args: &SubmitArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let answer = terminal.wait_for(submit::run(&session, subject(&args.subject)))?;
    print(terminal, &answer)
}

/// Digits alone are an id, all else a path, as for ksbuilder (cmd/unpush.go).
pub(super) fn subject(text: &str) -> submit::Args {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return submit::Args {
            snapshot_id: Some(text.to_owned()),
            uri: None,
        };
    }
    submit::Args {
        snapshot_id: None,
        uri: Some(Target::from(PathBuf::from(text))),
    }
}

pub(super) fn print(terminal: &Terminal, answer: &submit::Answer) -> anyhow::Result<Outcome> {
    let (id, status) = (one_line(&answer.snapshot_id), one_line(&answer.status));
    let text = bilingual!("snapshot {id}: {status}", "快照 {id}：{status}");
    terminal.print(text.get(terminal.lang()))?;
    Ok(Outcome::Done)
}
