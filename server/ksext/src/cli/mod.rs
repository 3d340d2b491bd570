//! The command line: what a terminal sees of ksext. The only module that prints.

mod check;
mod explain;
mod human;
mod json;
mod schema;
mod size;

use std::io;
use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use ksext_core::lang::Lang;

use crate::host::locale;
use crate::workspace::ProjectSettings;

/// Language server and command line for people who write KubeSphere extensions.
#[derive(Debug, Parser)]
#[command(name = "ksext", version, max_term_width = 100, after_help = EXIT_STATUS)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_STATUS: &str = "Exit status: 0 fine, 1 findings of severity error, 2 wrong usage, \
                           3 could not do it (file, network, refusal by the cloud).";

/// What applies to every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Language of messages [default: that of the locale]
    #[arg(long, global = true, value_enum)]
    lang: Option<LangArg>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    /// Print findings and errors only
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Log more to stderr; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Settings file to use in place of the `.ksext.yaml` above a package
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangArg {
    En,
    Zh,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Language server on stdin and stdout
    Lsp,
    /// Report what `ksbuilder push` would refuse, change or drop
    Check(check::CheckArgs),
    /// Print the documentation of a rule
    Explain(explain::ExplainArgs),
    /// Show what the package weighs after push has rewritten it
    Size(size::SizeArgs),
    /// Print the JSON Schema of extension.yaml
    Schema,
}

/// How a command ended, as an exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Fine.
    Done,
    /// Findings of severity error.
    Findings,
}

impl Outcome {
    /// The exit status; 2 is clap's, 3 that of an error.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
        }
    }
}

/// What every command needs of the global options.
#[derive(Debug)]
pub(crate) struct Terminal {
    lang: Option<Lang>,
    quiet: bool,
    config: Option<PathBuf>,
}

impl Terminal {
    pub(crate) fn new(global: &Global) -> Self {
        // One decision for stdout and stderr: `NO_COLOR`, `CLICOLOR` and terminals are looked at.
        match global.color {
            ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
            ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
            ColorChoice::Auto => anstream::ColorChoice::Auto.write_global(),
        }
        let lang = global.lang.map(|lang| match lang {
            LangArg::En => Lang::En,
            LangArg::Zh => Lang::Zh,
        });
        Self { lang, quiet: global.quiet, config: global.config.clone() }
    }

    /// The language for messages about a package: the option, the project's, the user's.
    fn lang_for(&self, settings: &ProjectSettings) -> Lang {
        self.lang.or(settings.lang).unwrap_or_else(locale::lang)
    }

    fn lang(&self) -> Lang {
        self.lang.unwrap_or_else(locale::lang)
    }

    /// The settings for a package.
    fn settings_for(&self, package: &std::path::Path) -> anyhow::Result<ProjectSettings> {
        Ok(match &self.config {
            Some(file) => ProjectSettings::read(file)?,
            None => ProjectSettings::for_package(package)?,
        })
    }

    /// A note for the user that is no result.
    fn note(&self, text: &str) {
        use io::Write as _;
        if !self.quiet {
            // A reader that has gone away needs no note.
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }
}

/// Runs a command other than the language server.
///
/// # Errors
/// What kept it from being done, worded for the user.
pub(crate) fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let terminal = Terminal::new(&cli.global);
    match cli.command {
        Command::Lsp => Ok(Outcome::Done),
        Command::Check(args) => check::run(&terminal, &args),
        Command::Explain(args) => explain::run(&terminal, &args),
        Command::Size(args) => size::run(&terminal, &args),
        Command::Schema => schema::run(),
    }
}
