//! The language server: what editors see of ksext.
//!
//! ```text
//! transport ─ messages in order ─> server ─ one page: method -> handler
//!   texts:    documents ─> packages ─> analysis ─> checking ─> diagnostics ─> reports, pushed or pulled
//!                            └ measuring: the package's size, off the typing path
//!   others:   workspace_folders, locating ─> packages ─> background, one package after the other
//!   questions: asked ─> features ─> ksext_core::ide, and back with ranges for bytes
//!   reviews:   what the cloud says of versions, heard and asked for
//!   commands: execute ─> crate::commands, with progress, questions and sign_in
//!   news:     refreshing, which has the client ask again
//!   client:   abilities (what it can), settings (what its user wants), watching (what it tells)
//! ```
//!
//! [`proto`] alone names the crate of the protocol's types.

mod abilities;
mod analysis;
mod asked;
mod background;
mod buffers;
mod capabilities;
mod checking;
mod diagnostics;
mod documents;
mod edits;
mod execute;
mod features;
mod locating;
mod measuring;
mod packages;
mod proto;
mod pull;
mod refreshing;
mod reports;
mod reviews;
mod server;
mod settings;
mod settings_files;
mod sign_in;
mod state;
mod transport;
mod uri;
mod watching;
mod workspace_folders;

use ksext_core::text::Encoding;
use tower_lsp::LspService;

use self::server::Server;
use self::transport::ExitStatus;

/// Serves the editor at stdin and stdout, and says how the session ended. Columns are counted in
/// `encoding`, whatever the client says of them; without it, as LSP has it.
///
/// # Errors
///
/// When the system has no resources for the runtime.
pub(crate) fn run(encoding: Option<Encoding>) -> std::io::Result<ExitStatus> {
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
        |client| {
            LspService::build(|_| Server::new(client, encoding))
                .custom_method(
                    "window/workDoneProgress/cancel",
                    Server::work_done_progress_cancel,
                )
                .custom_method("ksext/packageStatus", Server::package_status)
                .custom_method("ksext/packages", Server::packages)
                .custom_method("ksext/ages", Server::ages)
                .finish()
                .0
        },
    ));
    // Work in the blocking pool is not waited for.
    runtime.shutdown_background();
    Ok(status)
}
