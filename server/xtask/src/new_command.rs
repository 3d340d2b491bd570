//! `cargo xtask new-command`: starts a command of the terminal and of editors, which works at once and
//! tells the name of a package.

use anyhow::{bail, ensure};

use crate::scaffold::{self, Change, insert, insert_behind};

const COMMANDS: &str = "server/ksext/src/commands";
const TERMINAL: &str = "server/ksext/src/cli";

/// What the command does, for terminal and editors alike.
const COMMAND: &str = r#"//! `ksext.NAME`: WHAT IT DOES.

use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use ksext_core::manifest::Manifest;
use serde::{Deserialize, Serialize};

use super::{Command, Described, Refusal, Said, Session, Target, erased, object, work};

pub(super) static COMMAND: Command = Command {
    id: "ksext.NAME",
    title: Bilingual::fixed("TITLE", "标题"),
    summary: Bilingual::fixed("What it does, in one sentence.", "用一句话说明作用。"),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| erased("ksext.NAME", ui, value, |args| run(session, args)),
};

object! {
    /// Which package.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The manifest, another file of the package, or its folder.
        #[zh = "清单、扩展组件包中的其他文件，或其文件夹。"]
        pub(crate) uri: Target,
    }
}

object! {
    /// What is found.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The `name` of extension.yaml.
        #[zh = "extension.yaml 的 `name`。"]
        pub(crate) name: String,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let name = &self.name;
        bilingual!("the package is {name}", "扩展组件包为 {name}")
    }
}

/// Looks at the package as an editor shows it.
///
/// # Errors
/// `invalid-package` if there is none.
pub(crate) async fn run(session: &Session, args: Args) -> Result<Answer, Refusal> {
    let session = session.clone();
    work::aside(move |_| {
        let package = session.package_as_shown(&args.uri)?;
        Ok(look(package.manifest()))
    })
    .await
}

fn look(manifest: &Manifest) -> Answer {
    let name = manifest.name();
    Answer {
        name: name.map_or_else(String::new, |name| name.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_told() {
        let answer = look(&Manifest::from_text("name: demo # 示例\n"));
        assert_eq!(answer.name, "demo");
    }
}
"#;

/// The same in the terminal.
const IN_TERMINAL: &str = r#"//! `ksext NAME`.

use std::path::PathBuf;

use clap::Args;

use super::{Format, Outcome, Terminal, print_json};
use crate::commands::{Target, NAME};

#[derive(Debug, Args)]
pub(crate) struct VARIANTArgs {
    /// Package folder, manifest or `.tgz` package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(terminal: &Terminal, args: VARIANTArgs) -> anyhow::Result<Outcome> {
    let session = terminal.session();
    let wanted = NAME::Args {
        uri: Target::from(args.path),
    };
    let answer = terminal.wait_for(NAME::run(&session, wanted))?;
    match args.format {
        Format::Human => terminal.print_said(&answer)?,
        Format::Json => print_json(&mut anstream::stdout(), &answer)?,
    }
    Ok(Outcome::Done)
}
"#;

/// `help` is what `--help` says of it, in a few English words.
pub(crate) fn run(name: &str, help: &str) -> anyhow::Result<()> {
    ensure!(
        !name.is_empty() && name.chars().all(|char| char.is_ascii_lowercase()),
        "`{name}` is no name of a command: one word of a-z, such as `preview`"
    );
    scaffold::ensure_free(name)?;
    ensure!(
        help.starts_with(char::is_uppercase) && !help.ends_with('.') && !help.contains('\n'),
        "`{help}` is not what `--help` may say: `Show what the package weighs`, without a full stop"
    );
    let variant = variant(name);
    let fill = |template: &str| template.replace("NAME", name).replace("VARIANT", &variant);
    let mut change = Change::default();
    change.edit(&format!("{TERMINAL}/mod.rs"), |text| {
        in_terminal(text, name, help)
    })?;
    change.create(&format!("{COMMANDS}/{name}.rs"), fill(COMMAND))?;
    change.edit(&format!("{COMMANDS}/mod.rs"), |text| in_list(text, name))?;
    change.create(&format!("{TERMINAL}/{name}.rs"), fill(IN_TERMINAL))?;
    change.write()?;
    println!(
        "`cargo run -- {name} tests/fixtures/demo` runs it. Next: what it takes, answers and does; its name in the\n\
         tables of both READMEs; `cargo xtask gen`. CONTRIBUTING.md goes through it."
    );
    Ok(())
}

/// `Images` for `images`.
fn variant(name: &str) -> String {
    name[..1].to_ascii_uppercase() + &name[1..]
}

/// The text of commands/mod.rs with one more command, the last one.
fn in_list(text: &str, name: &str) -> anyhow::Result<String> {
    let text = insert(text, &format!("pub(crate) mod {name};"), module)?;
    let Some((before, rest)) = text.split_once("COMMANDS: &[&Command] = &[\n") else {
        bail!("there is no list of commands");
    };
    let Some((list, after)) = rest.split_once("];\n") else {
        bail!("the list of commands has no end");
    };
    Ok(format!(
        "{before}COMMANDS: &[&Command] = &[\n{list}    &{name}::COMMAND,\n];\n{after}"
    ))
}

/// The text of cli/mod.rs with one more command, behind the others that look at a package.
fn in_terminal(text: &str, name: &str, help: &str) -> anyhow::Result<String> {
    let variant = variant(name);
    let taken = [",", "(", " {"].map(|end| format!("\n    {variant}{end}"));
    ensure!(
        !taken.iter().any(|taken| text.contains(taken)),
        "there is a command `{name}` already"
    );
    let text = insert(text, &format!("mod {name};"), module)?;
    let text = insert_behind(
        &text,
        "    Manifests(",
        &format!("    /// {help}\n    {variant}({name}::{variant}Args),\n"),
    )?;
    insert_behind(
        &text,
        "        TerminalCommand::Manifests(",
        &format!("        TerminalCommand::{variant}(args) => {name}::run(terminal, args),\n"),
    )
}

/// The name of the module that a line declares.
fn module(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
    line.strip_prefix("mod ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_command_takes_its_places() {
        let before = "\
pub(crate) mod diff;
mod marketplace;

pub(crate) static COMMANDS: &[&Command] = &[
    &marketplace::COMMAND,
    &diff::COMMAND,
];

static OTHERS: &[&str] = &[
];
";
        let after = "\
pub(crate) mod diff;
pub(crate) mod images;
mod marketplace;

pub(crate) static COMMANDS: &[&Command] = &[
    &marketplace::COMMAND,
    &diff::COMMAND,
    &images::COMMAND,
];

static OTHERS: &[&str] = &[
];
";
        assert_eq!(in_list(before, "images").expect("a list"), after);
        assert!(in_list("mod a;\n", "images").is_err());
    }

    #[test]
    fn a_new_command_is_one_of_the_terminal() {
        let before = "\
mod diff;

enum TerminalCommand {
    /// Write the objects
    Manifests(manifests::ManifestsArgs),
    Logout,
}

        TerminalCommand::Manifests(args) => manifests::run(terminal, args),
        TerminalCommand::Logout => logout::run(terminal),
";
        let after = "\
mod diff;
mod images;

enum TerminalCommand {
    /// Write the objects
    Manifests(manifests::ManifestsArgs),
    /// List the images
    Images(images::ImagesArgs),
    Logout,
}

        TerminalCommand::Manifests(args) => manifests::run(terminal, args),
        TerminalCommand::Images(args) => images::run(terminal, args),
        TerminalCommand::Logout => logout::run(terminal),
";
        assert_eq!(
            in_terminal(before, "images", "List the images").expect("a place"),
            after
        );
        for taken in ["manifests", "logout"] {
            let error = in_terminal(before, taken, "Take it")
                .expect_err("taken")
                .to_string();
            assert_eq!(error, format!("there is a command `{taken}` already"));
        }
    }

    #[test]
    fn what_is_no_name_or_no_help_is_refused() {
        for name in ["", "two-words", "Images", "image1", "match"] {
            assert!(run(name, "Do it").is_err(), "{name}");
        }
        for help in ["", "do it", "Do it.", "Do\nit"] {
            assert!(run("images", help).is_err(), "{help}");
        }
    }
}
