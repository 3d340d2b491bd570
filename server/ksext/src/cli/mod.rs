//! The command line: what a terminal sees of ksext. The only module that prints.

mod check;
mod completions;
mod diff;
mod docs;
mod doctor;
mod excerpts;
mod explain;
mod fixing;
mod get;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod known;
mod list;
mod login;
mod logout;
mod manifests;
mod new;
mod package;
mod preview;
mod push;
mod sandbox;
mod sarif;
mod schema;
mod size;
mod submit;
mod table;
mod tour;
mod ui;
mod unpush;
mod watch;
mod whoami;

use std::future::Future;
use std::io;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use ksext_core::lang::is_obeyed;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::text::Encoding;
use serde::Serialize;

use crate::commands::{Refusal, Said, Session};
use crate::host::locale;
use crate::workspace::ProjectSettings;

/// Language server and command line for people who write KubeSphere extensions.
#[derive(Debug, Parser)]
#[command(name = "ksext", version, max_term_width = 100, after_help = exit_statuses())]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

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

/// What columns are counted in, as LSP calls it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum EncodingArg {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "utf-16")]
    Utf16,
    #[value(name = "utf-32")]
    Utf32,
}

impl From<EncodingArg> for Encoding {
    fn from(arg: EncodingArg) -> Self {
        match arg {
            EncodingArg::Utf8 => Self::Utf8,
            EncodingArg::Utf16 => Self::Utf16,
            EncodingArg::Utf32 => Self::Utf32,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Language server on stdin and stdout
    Lsp {
        /// What the editor counts in a line, if it cannot tell: bytes (utf-8), UTF-16 units or characters (utf-32)
        #[arg(long, value_name = "ENCODING")]
        position_encoding: Option<EncodingArg>,
    },
    #[command(flatten)]
    Terminal(TerminalCommand),
}

/// What is done in the terminal and over when it is done.
#[derive(Debug, Subcommand)]
pub(crate) enum TerminalCommand {
    /// Make a package to start from, valid at once
    New(new::NewArgs),
    /// Report what `ksbuilder push` would refuse, change or drop
    Check(check::CheckArgs),
    /// Print the documentation of a rule
    Explain(explain::ExplainArgs),
    /// Show what the package weighs after push has rewritten it
    Size(size::SizeArgs),
    /// Show what would be published: the rewritten files as a diff, and every entry
    Preview(preview::PreviewArgs),
    /// Show what has changed since the version in the Helm repository of what was submitted
    Diff(diff::DiffArgs),
    /// Write the archive that `ksbuilder package` writes
    Package(package::PackageArgs),
    /// Write the objects that `ksbuilder publish` makes, for `kubectl apply`
    Manifests(manifests::ManifestsArgs),
    /// Verify an API key of KubeSphere Cloud and keep it, for ksbuilder too
    #[command(after_help = login::ENVIRONMENT)]
    Login(login::LoginArgs),
    /// Forget the API key, for ksbuilder too
    Logout,
    /// Ask KubeSphere Cloud whose API key it is
    Whoami(whoami::WhoamiArgs),
    /// Check a package, upload it to KubeSphere Cloud and submit it for review
    Push(push::PushArgs),
    /// List the extensions of the account
    List(list::ListArgs),
    /// Show where an extension and its versions stand in the review
    Get(get::GetArgs),
    /// Print each change in the review of a version until it is decided
    Watch(watch::WatchArgs),
    /// Take a submitted version back from the review
    Unpush(unpush::UnpushArgs),
    /// Hand a pushed draft to the reviewers
    Submit(submit::SubmitArgs),
    /// Run a local KubeSphere Cloud to try things on
    Sandbox(sandbox::SandboxArgs),
    /// Show the main job from end to end, on an example package and a local cloud
    Tour,
    /// Show what is installed, set, reachable and logged in, and what to do where something is not
    Doctor(doctor::DoctorArgs),
    /// Print the JSON Schema of extension.yaml
    Schema(schema::SchemaArgs),
    /// Print a script that completes what is typed in a shell
    Completions(completions::CompletionsArgs),
    /// Print the man page
    Man(completions::ManArgs),
    /// Print the generated pages of the repository, as JSON
    #[command(hide = true)]
    Docs,
}

/// How to print an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Writes an answer for programs, as the first version of its shape unless it has a `version` of its
/// own.
fn print_json(out: &mut impl io::Write, answer: &impl Serialize) -> anyhow::Result<()> {
    let mut answer = serde_json::to_value(answer)?;
    if let Some(fields) = answer.as_object_mut() {
        fields.entry("version").or_insert_with(|| 1.into());
    }
    serde_json::to_writer_pretty(&mut *out, &answer)?;
    writeln!(out)?;
    Ok(())
}

/// How a command ended, as an exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Fine.
    Done,
    /// Findings of severity error.
    Findings,
    /// The reviewers did not take what was pushed.
    Refused,
    /// Wrong usage that only the command itself could see.
    WrongUsage,
    /// Something could not be done, and has been told; the rest is done.
    Incomplete,
}

/// What the end of help says of them.
fn exit_statuses() -> String {
    let all = Outcome::ALL.map(|it| format!("{} {}", it.code(), it.meaning().en));
    format!("Exit status: {}.", all.join(", "))
}

impl Outcome {
    /// Every one, by its exit status.
    const ALL: [Self; 5] = [
        Self::Done,
        Self::Findings,
        Self::WrongUsage,
        Self::Incomplete,
        Self::Refused,
    ];

    /// What the exit status tells a script.
    fn meaning(self) -> Bilingual {
        match self {
            Self::Done => Bilingual::fixed("fine", "一切正常"),
            Self::Findings => Bilingual::fixed(
                "findings of severity error (with --strict also warnings, with --diff something to fix)",
                "有错误级别的问题（使用 --strict 时警告也算，使用 --diff 时表示有内容可修复）",
            ),
            Self::WrongUsage => Bilingual::fixed("wrong usage", "用法错误"),
            Self::Incomplete => Bilingual::fixed(
                "could not do it (file, network, refusal by the cloud; doctor: something does not work)",
                "无法完成（文件、网络、被云端拒绝；doctor：有不可用之处）",
            ),
            Self::Refused => Bilingual::fixed(
                "the reviewers refused it (push --wait, watch)",
                "审核未通过（push --wait、watch）",
            ),
        }
    }

    /// The exit status; an error has that of [`Self::Incomplete`].
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::WrongUsage => 2,
            Self::Incomplete => 3,
            Self::Refused => 4,
        }
    }
}

/// What every command needs of the global options.
#[derive(Clone, Debug)]
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
        Self {
            lang,
            quiet: global.quiet,
            config: global.config.clone(),
        }
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

    /// The state for the commands that the language server has too.
    fn session(&self) -> Session {
        let (lang, quiet) = (self.lang(), self.quiet);
        Session::new()
            .with_config(self.config.clone())
            .telling(move |text| note(quiet, text.get(lang)))
    }

    /// A refusal as an error that the program ends with.
    fn refused(&self, refusal: &Refusal) -> anyhow::Error {
        anyhow::anyhow!(refusal.text(self.lang()))
    }

    /// Does work that waits for the network, on this thread.
    fn wait_for<T>(&self, work: impl Future<Output = Result<T, Refusal>>) -> anyhow::Result<T> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot wait for the network")?;
        let done = runtime.block_on(work);
        // A question at the terminal may still wait for an answer that nobody needs.
        runtime.shutdown_background();
        done.map_err(|refusal| self.refused(&refusal))
    }

    /// A result for people.
    fn print(&self, text: &str) -> io::Result<()> {
        use io::Write as _;
        let mut out = anstream::stdout();
        writeln!(out, "{}", plain(text))?;
        out.flush()
    }

    /// What a command has done, on one line whatever names and status words hold.
    fn print_said(&self, answer: &impl Said) -> io::Result<()> {
        self.print(&table::one_line(answer.said().get(self.lang())))
    }

    /// A disk that is full of what was printed is no failure of the command itself: what it has done is
    /// done.
    fn tell_full_disk(&self, error: anyhow::Error) -> anyhow::Error {
        let of_json = |error: &serde_json::Error| error.io_error_kind();
        let kind = match error.downcast_ref::<io::Error>() {
            Some(error) => Some(error.kind()),
            None => error.downcast_ref().and_then(of_json),
        };
        if error.chain().len() > 1 || kind != Some(io::ErrorKind::StorageFull) {
            return error;
        }
        anyhow::anyhow!(
            "{}",
            Bilingual::fixed(
                "the command is done, but its output cannot be written: the disk is full",
                "命令已执行完毕，但无法写入其输出：磁盘空间不足",
            )
            .get(self.lang())
        )
    }

    /// Something that went wrong, told even if the user wants quiet.
    fn complain(&self, text: &str) {
        use io::Write as _;
        // Nobody is left to tell if stderr is gone.
        let _ = writeln!(anstream::stderr(), "ksext: {}", plain(text));
    }

    /// A note for the user that is no result.
    fn note(&self, text: &str) {
        note(self.quiet, text);
    }
}

fn note(quiet: bool, text: &str) {
    use io::Write as _;
    if !quiet {
        // A reader that has gone away needs no note.
        let _ = writeln!(anstream::stderr(), "{}", plain(text));
    }
}

/// Text for a terminal. Names, paths and messages come from strangers: what could move the cursor
/// or change colours is shown as a blank.
pub(crate) fn plain(text: &str) -> String {
    let harmless = |c: char| !is_obeyed(c) || matches!(c, '\n' | '\t');
    text.chars()
        .map(|c| if harmless(c) { c } else { ' ' })
        .collect()
}

/// Runs a command other than the language server.
///
/// # Errors
/// What kept it from being done, worded for the user.
pub(crate) fn run(global: &Global, command: TerminalCommand) -> anyhow::Result<Outcome> {
    let terminal = Terminal::new(global);
    let done = run_on(&terminal, command);
    done.map_err(|error| terminal.tell_full_disk(error))
}

fn run_on(terminal: &Terminal, command: TerminalCommand) -> anyhow::Result<Outcome> {
    match command {
        TerminalCommand::New(args) => new::run(terminal, args),
        TerminalCommand::Check(args) => check::run(terminal, &args),
        TerminalCommand::Explain(args) => explain::run(terminal, &args),
        TerminalCommand::Size(args) => size::run(terminal, &args),
        TerminalCommand::Preview(args) => preview::run(terminal, args),
        TerminalCommand::Diff(args) => diff::run(terminal, args),
        TerminalCommand::Package(args) => package::run(terminal, args),
        TerminalCommand::Manifests(args) => manifests::run(terminal, args),
        TerminalCommand::Login(args) => login::run(terminal, args),
        TerminalCommand::Logout => logout::run(terminal),
        TerminalCommand::Whoami(args) => whoami::run(terminal, &args),
        TerminalCommand::Push(args) => push::run(terminal, &args),
        TerminalCommand::List(args) => list::run(terminal, &args),
        TerminalCommand::Get(args) => get::run(terminal, args),
        TerminalCommand::Watch(args) => watch::run(terminal, args),
        TerminalCommand::Unpush(args) => unpush::run(terminal, &args),
        TerminalCommand::Submit(args) => submit::run(terminal, &args),
        TerminalCommand::Sandbox(args) => sandbox::run(terminal, args),
        TerminalCommand::Tour => tour::run(terminal),
        TerminalCommand::Schema(args) => schema::run(terminal, &args),
        TerminalCommand::Doctor(args) => doctor::run(terminal, args),
        TerminalCommand::Completions(args) => completions::completions(&args),
        TerminalCommand::Man(args) => completions::man(&args),
        TerminalCommand::Docs => docs::run(),
    }
}

/// Tells why a command ended in an error; answers the exit status.
pub(crate) fn failed(error: &anyhow::Error) -> u8 {
    use io::Write as _;
    let gone = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    let json = error.downcast_ref::<serde_json::Error>();
    let json_gone =
        json.and_then(serde_json::Error::io_error_kind) == Some(io::ErrorKind::BrokenPipe);
    if json_gone || error.downcast_ref().is_some_and(gone) {
        // Whoever read the output has seen enough.
        return Outcome::Done.code();
    }
    // Nobody is left to tell if stderr is gone.
    let _ = writeln!(
        anstream::stderr(),
        "ksext: {}",
        plain(&format!("{error:#}"))
    );
    Outcome::Incomplete.code()
}
