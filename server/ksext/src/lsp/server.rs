//! Which message is answered by what: the one page that names every method.
//!
//! Three rules keep it right, whatever is added:
//! * A handler changes the state, or copies what it needs of it, before its first `.await`; up to
//!   there handlers run in the order of their messages ([`super::transport`]).
//! * No handler awaits the client. It spawns a task that does, logs a refusal and goes on.
//! * Work beyond a glance goes to `spawn_blocking` with a copy of the state, and its result is
//!   published only while that state is the newest.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ksext_core::text::Encoding;
use serde_json::Value;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::Result;

use super::capabilities::announced;
use super::checking::Cause;
use super::features::ages::{Ages, AgesParams};
use super::features::packages::PackageList;
use super::features::status::{PackageStatus, PackageStatusParams};
use super::measuring::PAUSE;
use super::packages::Home;
use super::proto::{
    CodeAction, CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionItem,
    CompletionParams, CompletionResponse, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentDiagnosticParams, DocumentDiagnosticReportResult, DocumentHighlight,
    DocumentHighlightParams, DocumentLink, DocumentLinkParams, DocumentSymbolParams,
    DocumentSymbolResponse, ExecuteCommandParams, FoldingRange, FoldingRangeParams,
    GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverParams, InitializeParams,
    InitializeResult, InitializedParams, InlayHint, InlayHintParams, Location,
    PrepareRenameResponse, ReferenceParams, RenameFilesParams, RenameParams, SelectionRange,
    SelectionRangeParams, ServerInfo, TextDocumentPositionParams, Uri,
    WorkDoneProgressCancelParams, WorkspaceDiagnosticParams, WorkspaceDiagnosticReportResult,
    WorkspaceEdit,
};
use super::state::{Shared, State};
use super::transport::Client;
use super::uri;

/// How long the client may take for what it can do without asking its user.
pub(super) const CLIENT_PATIENCE: Duration = Duration::from_secs(30);

/// One session with one editor.
#[derive(Debug)]
pub(super) struct Server {
    shared: Arc<Shared>,
}

impl Server {
    pub(super) fn new(client: Client, encoding: Option<Encoding>) -> Self {
        Self {
            shared: Arc::new(Shared::new(client, encoding)),
        }
    }

    fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// `window/workDoneProgress/cancel`, which the library does not know.
    pub(super) async fn work_done_progress_cancel(&self, params: WorkDoneProgressCancelParams) {
        self.shared.running.cancel(&params.token);
    }

    /// `ksext/packageStatus`, our own.
    pub(super) async fn package_status(
        &self,
        params: PackageStatusParams,
    ) -> Result<Option<PackageStatus>> {
        Ok(self.shared().package_status(params.uri).await)
    }

    /// `ksext/packages`, our own.
    pub(super) async fn packages(&self) -> Result<PackageList> {
        Ok(self.shared().packages_of_workspace().await)
    }

    /// `ksext/ages`, our own.
    pub(super) async fn ages(&self, params: AgesParams) -> Result<Ages> {
        Ok(self.shared.ages(&params))
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        tracing::debug!(client = ?params.client_info, "initialize");
        let abilities = self.shared.meet(&params);
        Ok(InitializeResult {
            server_info: Some(ServerInfo {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            capabilities: announced(abilities),
            ..Default::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let shared = self.shared();
        shared.apply_settings(&Value::Null);
        shared.pull_settings();
        shared.watch_settings();
        shared.watch_everywhere();
        shared.look_everywhere(&mut shared.state());
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let shared = self.shared();
        let uri = params.text_document.uri.clone();
        let mut state = shared.state();
        state.documents.open(params.text_document);
        state.enter(&uri);
        touched(&shared, &mut state, &uri, Duration::ZERO);
        shared.locate(&mut state, &uri);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let id = params.text_document;
        let shared = self.shared();
        let encoding = shared.encoding();
        let mut state = shared.state();
        let changed =
            state
                .documents
                .change(&id.uri, id.version, &params.content_changes, encoding);
        if changed.is_none() {
            tracing::warn!(
                uri = id.uri.as_str(),
                "a change to a document that is not open"
            );
        }
        touched(&shared, &mut state, &id.uri, PAUSE);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        let shared = self.shared();
        let mut state = shared.state();
        let uri = &params.text_document.uri;
        touched(&shared, &mut state, uri, Duration::ZERO);
        // What is saved counts for packages that are not open too.
        let path = uri::path_of(uri.as_str());
        if let Some(path) = path.filter(|path| uri::is_settings(path)) {
            shared.changed_on_disk(&mut state, &[path]);
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        let shared = self.shared();
        let mut state = shared.state();
        let Some(document) = state.documents.close(&uri) else {
            tracing::warn!(uri = uri.as_str(), "closed, but was not open");
            return;
        };
        let mut homes = vec![Home::Text(uri)];
        if let Some(path) = &document.path {
            homes.extend(state.concerned_by(path));
        }
        for home in homes {
            shared.closed(&mut state, &home);
        }
        if let Some(path) = &document.path {
            shared.check_settings_file(&mut state, path);
        }
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.shared().change_folders(params.event);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        let shared = self.shared();
        if shared.abilities().configuration {
            shared.pull_settings();
        } else {
            shared.apply_settings(&params.settings);
        }
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let shared = self.shared();
        let mut state = shared.state();
        let paths = params
            .changes
            .iter()
            .filter_map(|change| uri::path_of(change.uri.as_str()));
        let mut paths: Vec<PathBuf> = paths.collect();
        paths.sort();
        paths.dedup();
        shared.changed_on_disk(&mut state, &paths);
    }

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let report = self.shared().document_diagnostics(params).await;
        Ok(DocumentDiagnosticReportResult::Report(report))
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let report = self.shared().workspace_diagnostics(params).await;
        Ok(WorkspaceDiagnosticReportResult::Report(report))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        Ok(self.shared().hover(at.text_document.uri, at.position).await)
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        Ok(self
            .shared()
            .definition(at.text_document.uri, at.position)
            .await)
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let at = params.text_document_position;
        let declaration = params.context.include_declaration;
        Ok(self
            .shared()
            .references(at.text_document.uri, at.position, declaration)
            .await)
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let at = params.text_document_position_params;
        Ok(self
            .shared()
            .highlights(at.text_document.uri, at.position)
            .await)
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        Ok(self.shared().links(params.text_document.uri).await)
    }

    async fn prepare_rename(
        &self,
        at: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.shared()
            .prepare_rename(at.text_document.uri, at.position)
            .await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = params.text_document_position;
        self.shared()
            .rename(at.text_document.uri, at.position, params.new_name)
            .await
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        Ok(self.shared().will_rename(params.files).await)
    }

    async fn did_rename_files(&self, params: RenameFilesParams) {
        self.shared().did_rename(&params.files);
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        Ok(self.shared().completion(params).await)
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        Ok(self.shared().resolved(item))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        Ok(self.shared().actions(params).await)
    }

    async fn code_action_resolve(&self, params: CodeAction) -> Result<CodeAction> {
        self.shared().resolve(params).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        Ok(self.shared().lenses(params.text_document.uri).await)
    }

    async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        Ok(self.shared().symbols(params.text_document.uri).await)
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        Ok(self.shared().folds(params.text_document.uri).await)
    }

    async fn selection_range(
        &self,
        params: SelectionRangeParams,
    ) -> Result<Option<Vec<SelectionRange>>> {
        let shared = self.shared();
        Ok(shared
            .selections(params.text_document.uri, params.positions)
            .await)
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        let uri = params.text_document.uri;
        Ok(self.shared().hints(uri, params.range).await)
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        self.shared().execute(params).await
    }
}

/// Something has happened to the document: checks what it concerns.
fn touched(shared: &Arc<Shared>, state: &mut State, uri: &Uri, pause: Duration) {
    shared.check(state, &Home::Text(uri.clone()), Cause::Text);
    let path = state
        .documents
        .get(uri)
        .and_then(|document| document.path.clone());
    if let Some(path) = path {
        shared.check_concerned(state, &path, pause);
    }
}
