//! The ksext program: language server and command line over one core.

mod cli;
mod commands;
mod docs;
mod host;
mod lsp;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    log_to_stderr(cli.global.verbose);
    let result = match cli.command {
        cli::Command::Lsp => lsp::run().map(|status| status.code()).map_err(Into::into),
        cli::Command::Terminal(command) => cli::run(&cli.global, command).map(cli::Outcome::code),
    };
    ExitCode::from(result.unwrap_or_else(|error| cli::failed(&error)))
}

/// Warnings and what `KSEXT_LOG` or `-v` asks for, on stderr.
fn log_to_stderr(verbose: u8) {
    use tracing_subscriber::filter::{EnvFilter, LevelFilter};
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::builder()
                .with_default_directive(level.into())
                .with_env_var("KSEXT_LOG")
                .from_env_lossy(),
        )
        .with_writer(std::io::stderr)
        .init();
}
