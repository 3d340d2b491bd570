//! `ksext submit`.

use std::path::PathBuf;

use clap::Args;

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
    terminal.print_said(&answer)?;
    Ok(Outcome::Done)
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
