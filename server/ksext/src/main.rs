//! The ksext program.

mod lsp;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Language server and command line for people who write KubeSphere extensions.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Language server on stdin and stdout.
    Lsp,
}

fn main() -> ExitCode {
    log_to_stderr();
    match Cli::parse().command {
        Command::Lsp => match lsp::run() {
            Ok(status) => ExitCode::from(status.code()),
            Err(error) => {
                tracing::error!(%error, "cannot start the language server");
                ExitCode::from(3)
            }
        },
    }
}

/// Warnings and what `KSEXT_LOG` asks for, on stderr.
fn log_to_stderr() {
    use tracing_subscriber::filter::{EnvFilter, LevelFilter};
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::builder()
                .with_default_directive(LevelFilter::WARN.into())
                .with_env_var("KSEXT_LOG")
                .from_env_lossy(),
        )
        .with_writer(std::io::stderr)
        .init();
}
