//! The language server: what editors see of ksext.
//!
//! [`transport`] carries the messages, [`proto`] names the protocol's types, [`server`] answers.

mod documents;
mod proto;
mod server;
mod transport;

use tower_lsp::LspService;

use self::server::Server;
use self::transport::ExitStatus;

/// Serves the editor at stdin and stdout, and says how the session ended.
///
/// # Errors
///
/// When the system has no resources for the runtime.
pub(crate) fn run() -> std::io::Result<ExitStatus> {
    transport::log_panics();
    // One thread: handlers are short, and what takes longer than 5 ms goes to the blocking pool.
    // Two workers measured the same, from start to `initialize` and from request to answer.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let status = runtime.block_on(transport::serve(
        std::io::stdin(),
        std::io::stdout(),
        transport::Options::default(),
        |client| LspService::new(|_| Server::new(client)).0,
    ));
    // Work in the blocking pool is not waited for.
    runtime.shutdown_background();
    Ok(status)
}
