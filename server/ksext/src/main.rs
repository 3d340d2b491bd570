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
        cli::Command::Lsp { position_encoding } => lsp::run(position_encoding.map(Into::into))
            .map(|status| status.code())
            .map_err(Into::into),
        cli::Command::Terminal(command) => cli::run(&cli.global, command).map(cli::Outcome::code),
    };
    ExitCode::from(result.unwrap_or_else(|error| cli::failed(&error)))
}

/// Warnings and what `KSEXT_LOG` or `-v` asks for, on stderr.
fn log_to_stderr(verbose: u8) {
    use tracing_subscriber::filter::LevelFilter;
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let wanted = host::environment::log_filter().unwrap_or_default();
    let (filter, _) = host::log::filter(&wanted, level);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .init();
}
