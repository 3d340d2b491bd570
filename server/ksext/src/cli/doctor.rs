//! `ksext doctor`.

use std::path::PathBuf;

use clap::Args;
use ksext_core::lang::Lang;
use unicode_width::UnicodeWidthStr as _;

use super::table::one_line;
use super::{Format, Outcome, Terminal, print_json};
use crate::commands::doctor::{self, Check, State};

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Package or folder whose settings are looked at
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Leave the network alone
    #[arg(long)]
    offline: bool,
    /// How to print it; json is {"version": 1, "ok": BOOL, "checks": [{"check": NAME, "state":
    /// "ok"|"warn"|"fail", "message": TEXT, "hint"?: TEXT, "details": {…}}]}
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: DoctorArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let wanted = doctor::Args {
        path: args.path,
        config: terminal.config.clone(),
        lang_option: terminal.lang,
        offline: args.offline,
    };
    let answer = terminal.wait_for(doctor::run(&session, wanted))?;
    let lang = terminal.lang();
    match args.format {
        Format::Human => {
            let lines: Vec<_> = answer
                .checks
                .iter()
                .map(|check| line(check, lang))
                .collect();
            terminal.print(&lines.join("\n"))?;
        }
        Format::Json => print_json(&mut anstream::stdout(), &answer.json(lang))?,
    }
    Ok(match answer.has_failed() {
        true => Outcome::Incomplete,
        false => Outcome::Done,
    })
}

/// The state, what was found and, on a line of its own, what to do.
fn line(check: &Check, lang: Lang) -> String {
    let word = |state: State| state.word().get(lang).to_owned();
    let states = [State::Ok, State::Warn, State::Fail];
    let width = states.map(|state| word(state).width()).into_iter().max();
    let indent = width.unwrap_or_default() + 2;
    let state = word(check.state);
    let gap = " ".repeat(indent - state.width());
    let found = one_line(check.message.get(lang));
    let todo = check.hint.as_ref().map(|hint| one_line(hint.get(lang)));
    let todo = todo.map(|todo| format!("\n{}→ {todo}", " ".repeat(indent)));
    format!("{state}{gap}{found}{}", todo.unwrap_or_default())
}
