//! What the server answers to each message.
//!
//! Three rules keep it right, whatever is added:
//! * A handler changes the state, or copies what it needs of it, before its first `.await`; up to
//!   there handlers run in the order of their messages ([`super::transport`]).
//! * No handler awaits the client. It spawns a task that does, logs a refusal and goes on.
//! * Work beyond 5 ms goes to `spawn_blocking` with a snapshot and its version, and its result is
//!   published only while that version is the current one.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use ksext_core::text::Encoding;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::Result;

use super::documents::Documents;
use super::proto::notification::{DidChangeWatchedFiles, Notification as _, PublishDiagnostics};
use super::proto::request::RegisterCapability;
use super::proto::{
    ClientCapabilities, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, FileSystemWatcher, GlobPattern, Hover, HoverParams,
    HoverProviderCapability, InitializeParams, InitializeResult, InitializedParams,
    PositionEncodingKind, PublishDiagnosticsParams, Registration, RegistrationParams,
    ServerCapabilities, ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions,
};
use super::transport::Client;

/// How long the client may take for what it can do without asking its user.
const CLIENT_PATIENCE: Duration = Duration::from_secs(30);

/// One session with one editor.
#[derive(Debug)]
pub(super) struct Server {
    client: Client,
    abilities: OnceLock<ClientCapabilities>,
    encoding: OnceLock<Encoding>,
    documents: Mutex<Documents>,
}

impl Server {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            abilities: OnceLock::new(),
            encoding: OnceLock::new(),
            documents: Mutex::default(),
        }
    }

    fn encoding(&self) -> Encoding {
        self.encoding.get().copied().unwrap_or(Encoding::Utf16)
    }

    /// Asks to be told when manifests change on the disk, if the client can be asked.
    fn watch_files(&self) {
        let dynamic = self
            .abilities
            .get()
            .and_then(|abilities| abilities.workspace.as_ref())
            .and_then(|workspace| workspace.did_change_watched_files)
            .and_then(|watched| watched.dynamic_registration);
        if dynamic != Some(true) {
            return;
        }
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: vec![FileSystemWatcher {
                glob_pattern: GlobPattern::String("**/extension.yaml".to_owned()),
                kind: None,
            }],
        };
        let answer = self.client.request::<RegisterCapability>(
            RegistrationParams {
                registrations: vec![Registration {
                    id: DidChangeWatchedFiles::METHOD.to_owned(),
                    method: DidChangeWatchedFiles::METHOD.to_owned(),
                    register_options: serde_json::to_value(options).ok(),
                }],
            },
            CLIENT_PATIENCE,
        );
        tokio::spawn(async move {
            if let Err(error) = answer.await {
                tracing::warn!(%error, "files on the disk are not watched");
            }
        });
    }

    fn documents(&self) -> MutexGuard<'_, Documents> {
        self.documents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let (kind, encoding) = agree_on_encoding(&params);
        tracing::debug!(?encoding, client = ?params.client_info, "initialize");
        self.encoding.get_or_init(|| encoding);
        self.abilities.get_or_init(|| params.capabilities);
        Ok(InitializeResult {
            server_info: Some(ServerInfo {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            capabilities: ServerCapabilities {
                position_encoding: Some(kind),
                text_document_sync: Some(TextDocumentSyncCapability::Options(
                    TextDocumentSyncOptions {
                        open_close: Some(true),
                        change: Some(TextDocumentSyncKind::INCREMENTAL),
                        ..Default::default()
                    },
                )),
                hover_provider: Some(HoverProviderCapability::Simple(true)),
                ..Default::default()
            },
            ..Default::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.watch_files();
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        self.documents()
            .open(document.uri, document.version, &document.text);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let id = params.text_document;
        let encoding = self.encoding();
        if self
            .documents()
            .change(&id.uri, id.version, &params.content_changes, encoding)
            .is_none()
        {
            tracing::warn!(
                uri = id.uri.as_str(),
                "a change to a document that is not open"
            );
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        if !self.documents().close(&uri) {
            tracing::warn!(uri = uri.as_str(), "closed, but was not open");
        }
        // The server owns what it has published, so it takes it back (LSP 3.17,
        // `textDocument/publishDiagnostics`).
        self.client
            .notify::<PublishDiagnostics>(PublishDiagnosticsParams::new(uri, Vec::new(), None));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        tracing::debug!(
            count = params.changes.len(),
            "files have changed on the disk"
        );
    }

    async fn hover(&self, _: HoverParams) -> Result<Option<Hover>> {
        Ok(None)
    }
}

/// The first encoding in the client's list that we know; UTF-16 for a client without a list
/// (LSP 3.17, `PositionEncodingKind`).
fn agree_on_encoding(params: &InitializeParams) -> (PositionEncodingKind, Encoding) {
    let known = |kind: &PositionEncodingKind| match kind.as_str() {
        "utf-8" => Some((PositionEncodingKind::UTF8, Encoding::Utf8)),
        "utf-16" => Some((PositionEncodingKind::UTF16, Encoding::Utf16)),
        "utf-32" => Some((PositionEncodingKind::UTF32, Encoding::Utf32)),
        _ => None,
    };
    let offered = params
        .capabilities
        .general
        .as_ref()
        .and_then(|general| general.position_encodings.as_deref())
        .unwrap_or_default();
    offered
        .iter()
        .find_map(known)
        .unwrap_or((PositionEncodingKind::UTF16, Encoding::Utf16))
}
