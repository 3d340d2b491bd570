//! `ksext completions` and `ksext man`: written from the declarations that parse the command line.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Outcome};
use crate::host::files;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell that is to complete what is typed
    shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write the pages of all commands into this folder, instead of printing the first one
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Prints the script for a shell.
pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "ksext", &mut script);
    anstream::stdout().write_all(&script)?;
    Ok(Outcome::Done)
}

/// Prints the man page, or writes those of all commands.
pub(super) fn man(args: &ManArgs) -> anyhow::Result<Outcome> {
    let mut program = Cli::command();
    program.build();
    let Some(folder) = &args.output else {
        anstream::stdout().write_all(&page(&program, "ksext")?)?;
        return Ok(Outcome::Done);
    };
    write(folder, "ksext", &program)?;
    let commands = program
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help");
    for command in commands {
        write(folder, &format!("ksext-{}", command.get_name()), command)?;
    }
    Ok(Outcome::Done)
}

fn page(command: &clap::Command, name: &str) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let command = command.clone().name(name.to_owned());
    clap_mangen::Man::new(command).render(&mut page)?;
    Ok(page)
}

fn write(folder: &Path, name: &str, command: &clap::Command) -> anyhow::Result<()> {
    let path = folder.join(format!("{name}.1"));
    let page = page(command, name)?;
    files::write(&path, &page).with_context(|| format!("cannot write {}", path.display()))
}
