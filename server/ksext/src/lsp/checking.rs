//! From a change to the diagnostics of the newest state.
//!
//! Each open manifest has at most one check at work. What changes meanwhile only raises
//! [`OpenManifest::inputs`]; a finished check of old inputs is thrown away and the newest state
//! checked instead. So a slow disk delays one file's diagnostics and nothing else, and what is
//! published is never older than what was published before.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::analysis::{Analysis, Input};
use super::diagnostics;
use super::proto::notification::PublishDiagnostics;
use super::proto::{Diagnostic, PublishDiagnosticsParams, Uri};
use super::state::{OpenManifest, Published, Shared, State};
use crate::commands::Session;

/// A check with its diagnostics, by file.
struct Checked {
    analysis: Arc<Analysis>,
    files: Published,
}

impl Shared {
    /// Has the manifest checked in its newest state.
    pub(super) fn check(self: &Arc<Self>, state: &mut State, uri: &Uri) {
        let inputs = state.next_number();
        let Some(open) = state.manifests.get_mut(uri) else {
            return;
        };
        open.inputs = inputs;
        if !open.checking {
            open.checking = true;
            tokio::spawn(Arc::clone(self).check_until_done(uri.clone(), open.opening));
        }
    }

    /// Has every open manifest checked that a change of the file at `path` concerns, and its package
    /// measured after `pause`.
    pub(super) fn check_concerned(
        self: &Arc<Self>,
        state: &mut State,
        path: &Path,
        pause: Duration,
    ) {
        for uri in state.concerned_by(path) {
            self.check(state, &uri);
            self.measure(state, &uri, pause);
        }
    }

    /// The analysis of the manifest as it is now; `None` if it is not open.
    ///
    /// Copies the state before it waits for anything.
    pub(super) fn analysis(
        self: &Arc<Self>,
        uri: &Uri,
    ) -> impl Future<Output = Option<Arc<Analysis>>> + use<> {
        self.newest(uri, Analysis::of)
    }

    /// What is known of the manifest as it is now, checked or not; `None` if it is not open.
    ///
    /// Copies the state before it waits for anything.
    pub(super) fn known(
        self: &Arc<Self>,
        uri: &Uri,
    ) -> impl Future<Output = Option<Arc<Analysis>>> + use<> {
        self.newest(uri, Analysis::unchecked)
    }

    /// The finished analysis of the newest state, or else one that `look` makes.
    fn newest(
        self: &Arc<Self>,
        uri: &Uri,
        look: fn(Input, &Session) -> Analysis,
    ) -> impl Future<Output = Option<Arc<Analysis>>> + use<> {
        let state = self.state();
        let open = state.manifests.get(uri);
        let newest = open.and_then(|open| {
            open.analysis
                .clone()
                .filter(|done| done.input.inputs == open.inputs)
        });
        let input = state.input(uri).filter(|_| newest.is_none());
        drop(state);
        let session = self.session.clone();
        async move {
            match (newest, input) {
                (Some(newest), _) => Some(newest),
                (None, Some(input)) => {
                    let done = tokio::task::spawn_blocking(move || look(input, &session));
                    done.await.ok().map(Arc::new)
                }
                (None, None) => None,
            }
        }
    }

    async fn check_until_done(self: Arc<Self>, uri: Uri, opening: u64) {
        loop {
            let input = self
                .state()
                .input(&uri)
                .filter(|input| input.opening == opening);
            let Some(input) = input else { return };
            let inputs = input.inputs;
            let shared = Arc::clone(&self);
            let done = tokio::task::spawn_blocking(move || shared.checked(input)).await;

            let mut state = self.state();
            let Some(open) = state.manifests.get_mut(&uri) else {
                return;
            };
            if open.opening != opening {
                return;
            }
            if open.inputs != inputs {
                continue;
            }
            open.checking = false;
            match done {
                Ok(checked) => self.accept(&mut state, &uri, checked),
                // The panic is logged. Old findings would lie about the new text.
                Err(_) => self.publish(open, BTreeMap::new()),
            }
            return;
        }
    }

    /// Checks, and puts into words what is found: both look at files on the disk.
    fn checked(&self, input: Input) -> Checked {
        let analysis = Analysis::of(input, &self.session);
        let mut files = BTreeMap::new();
        if analysis.package.is_some() {
            let lang = self.state().lang_of(&analysis);
            let version = |file: &Uri| {
                let input = &analysis.input;
                (*file == input.uri).then_some(input.version)
            };
            files = diagnostics::of(&analysis, lang, self.abilities())
                .into_iter()
                .map(|(file, found)| (file.clone(), (version(&file), found)))
                .collect();
        }
        Checked {
            analysis: Arc::new(analysis),
            files,
        }
    }

    /// Publishes what a check of the newest inputs has found.
    fn accept(self: &Arc<Self>, state: &mut State, uri: &Uri, checked: Checked) {
        let Checked { analysis, files } = checked;
        if let Some(refusal) = &analysis.settings_refused {
            self.warn_once(state, &refusal.message);
        }
        let Some(open) = state.manifests.get_mut(uri) else {
            return;
        };
        let is_ours = analysis.package.is_some();
        let was_ours = open
            .analysis
            .as_ref()
            .is_some_and(|before| before.package.is_some());
        self.publish(open, files);
        open.analysis = Some(analysis);
        if is_ours && !was_ours {
            self.watch_package(open, uri);
            self.measure(state, uri, Duration::ZERO);
        }
    }

    /// Sends what differs from what the client shows.
    fn publish(&self, open: &mut OpenManifest, files: Published) {
        let before = std::mem::replace(&mut open.published, files);
        for (uri, (version, diagnostics)) in &open.published {
            if before.get(uri) != Some(&(*version, diagnostics.clone())) {
                self.send(uri, diagnostics.clone(), *version);
            }
        }
        for uri in before
            .keys()
            .filter(|uri| !open.published.contains_key(uri))
        {
            self.send(uri, Vec::new(), None);
        }
    }

    /// Takes back all that was published about a manifest (LSP 3.17,
    /// `textDocument/publishDiagnostics`: the server owns it).
    pub(super) fn withdraw(&self, mut open: OpenManifest) {
        self.publish(&mut open, BTreeMap::new());
    }

    fn send(&self, uri: &Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        let params = PublishDiagnosticsParams::new(uri.clone(), diagnostics, version);
        self.client.notify::<PublishDiagnostics>(params);
    }
}
