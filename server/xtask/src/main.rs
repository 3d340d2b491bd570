//! The tasks of this repository: `cargo xtask TASK`. One file each; none is part of the program.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task talks to whoever started it"
)]

mod bench;
mod deps;
mod dist;
mod e2e;
mod generate;
mod new_command;
mod new_rule;
mod npm;
mod picture;
mod process;
mod pypi;
mod release;
mod scaffold;
mod shell;
mod site;
mod test;
mod vsix;

use std::env;
use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "\
usage: cargo xtask TASK

  test [OPTION…]           everything that must hold: format, lints, dependencies, tests
                           --release builds the release program too and prints its size
                           --no-editors leaves out the tests that need more than Node and a browser,
                           --no-e2e those that need more than Rust
  e2e [SUITE…]             the tests in browsers and editors alone, or some of them
  gen [--check]            write the generated pages; --check only compares them
  new-rule ID              start a rule: its file, and its place in the list
  new-command NAME HELP    start a command of the terminal and of editors: its files, and its places in the lists;
                           HELP is what `--help` says of it
  bench [PART…] [OPTION…]  the table of speed, memory and size; `bench --help` says more
  deps [--advisories]      what deny.toml says of dependencies, and those that nothing uses
  dist [OPTION…]           what people install, for all systems that can be built for here, in target/dist
                           --host for this system alone, --target TRIPLE for another,
                           --program FILE packs one that is there, --out DIR elsewhere,
                           --assemble only puts archives of all systems together
  release VERSION          set the version everywhere and close the changelog's section for it;
                           --tag TAG fails unless the tag names the version of these sources,
                           --notes VERSION prints what the changelog says of one
  site [--serve]           make the documentation a website, in target/site/html
  vsix                     pack the extension for VS Code with this system's program in it
  picture FILE.svg WORD…   draw what `ksext WORD…` prints in a terminal, or
                           with --screen FILE.ansi a screen that a test has left
";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> anyhow::Result<()> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test", options @ ..] => test::run(options),
        ["e2e", suites @ ..] => e2e::task(suites),
        ["gen"] => generate::run(false),
        ["gen", "--check"] => generate::run(true),
        ["new-rule", id] => new_rule::run(id),
        ["new-command", name, help] => new_command::run(name, help),
        ["bench", options @ ..] => bench::run(options),
        ["deps", options @ ..] => deps::run(options),
        ["dist", options @ ..] => dist::run(options),
        ["release", "--notes", version] => release::notes(version),
        ["release", "--tag", tag] => release::tag(tag),
        ["release", version] => release::run(version),
        ["site"] => site::run(false),
        ["site", "--serve"] => site::run(true),
        ["vsix"] => vsix::run(),
        ["picture", file, "--screen", capture] => picture::screen(file, capture),
        ["picture", file, words @ ..] if !words.is_empty() => picture::run(file, words),
        [] | ["help" | "-h" | "--help"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such task: `{}`\n\n{USAGE}", words.join(" ")),
    }
}
