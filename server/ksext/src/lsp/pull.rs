//! Diagnostics for clients that ask for them (LSP 3.17, "Pull Diagnostics").
//!
//! The check is the same as for those that are told: a question waits until the state in which it was
//! asked is checked, and is answered from what was found. A result id stands for the diagnostics
//! themselves, so what the client already shows is not sent again.
//!
//! A question about the workspace that takes partial results gets what differs from what the client
//! shows as it is found, and ends once all is checked; while nothing differs it stays open. One that
//! takes none is answered once all is checked.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::packages::Home;
use super::proto::notification::Notification;
use super::proto::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportKind,
    FullDocumentDiagnosticReport, ProgressToken, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};
use super::refreshing::PAUSE;
use super::reports::{Owner, Report, id_of};
use super::state::{Shared, State};

/// `$/progress` with a part of the answer to a question about the workspace.
enum PartialReport {}

impl Notification for PartialReport {
    type Params = PartialReportParams;
    const METHOD: &'static str = "$/progress";
}

#[derive(serde::Serialize, serde::Deserialize)]
struct PartialReportParams {
    token: ProgressToken,
    value: WorkspaceDiagnosticReport,
}

/// The state that an answer waits for: by package, the inputs that are to be checked.
struct Wanted {
    uri: Uri,
    inputs: Vec<(Home, u64)>,
}

impl Shared {
    /// The diagnostics of a document in the state of this moment or a newer one.
    pub(super) fn document_diagnostics(
        self: &Arc<Self>,
        params: DocumentDiagnosticParams,
    ) -> impl Future<Output = DocumentDiagnosticReport> + use<> {
        let related = self.abilities().related_documents;
        let uri = params.text_document.uri;
        self.once_checked(uri, move |state, uri| {
            let previous = params.previous_result_id.as_deref();
            state.document_report(uri, previous, related)
        })
    }

    /// What `ask` finds out about a file once its package is checked in the state of this moment or a
    /// newer one.
    ///
    /// Copies what it needs of the state before it waits for anything.
    pub(super) fn once_checked<T, F: FnOnce(&State, &Uri) -> T>(
        self: &Arc<Self>,
        uri: Uri,
        ask: F,
    ) -> impl Future<Output = T> + use<T, F> {
        let mut news = self.news.subscribe();
        let mut wanted = self.state().wanted(&uri);
        let shared = Arc::clone(self);
        async move {
            loop {
                {
                    let mut state = shared.state();
                    // What it lay in may have turned out to be somebody else's.
                    shared.locate(&mut state, &wanted.uri);
                    if state.is_there(&mut wanted) {
                        return ask(&state, &wanted.uri);
                    }
                }
                // The sender lives as long as `shared`.
                let _ = news.changed().await;
            }
        }
    }

    /// The diagnostics of all files.
    pub(super) async fn workspace_diagnostics(
        self: Arc<Self>,
        params: WorkspaceDiagnosticParams,
    ) -> WorkspaceDiagnosticReport {
        let mut news = self.news.subscribe();
        let previous = params.previous_result_ids.into_iter();
        let mut shown: HashMap<Uri, String> = previous
            .map(|previous| (previous.uri, previous.value))
            .collect();
        let token = params.partial_result_params.partial_result_token;
        let mut has_sent = false;
        loop {
            let (different, is_idle) = {
                let state = self.state();
                (state.different(&shown), state.is_idle())
            };
            match &token {
                None if is_idle => return whole(different, &shown),
                None => {}
                Some(_) if different.is_empty() => {}
                Some(token) => {
                    has_sent = true;
                    let ids = different.iter().map(|report| {
                        let id = &report.full_document_diagnostic_report.result_id;
                        (report.uri.clone(), id.clone().unwrap_or_default())
                    });
                    shown.extend(ids);
                    let items = different.into_iter().map(Into::into).collect();
                    self.client.notify::<PartialReport>(PartialReportParams {
                        token: token.clone(),
                        value: WorkspaceDiagnosticReport { items },
                    });
                }
            }
            if is_idle && has_sent {
                return WorkspaceDiagnosticReport::default();
            }
            let _ = news.changed().await;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// An answer in one piece: what differs from what is `shown`, and that the rest does not.
fn whole(
    different: Vec<WorkspaceFullDocumentDiagnosticReport>,
    shown: &HashMap<Uri, String>,
) -> WorkspaceDiagnosticReport {
    let changed: HashSet<Uri> = different.iter().map(|report| report.uri.clone()).collect();
    let unchanged = shown.iter().filter(|(uri, _)| !changed.contains(uri));
    let unchanged = unchanged.map(|(uri, id)| WorkspaceUnchangedDocumentDiagnosticReport {
        uri: uri.clone(),
        version: None,
        unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
            result_id: id.clone(),
        },
    });
    let unchanged: Vec<_> = unchanged.map(Into::into).collect();
    let different = different.into_iter().map(Into::into);
    WorkspaceDiagnosticReport {
        items: different.chain(unchanged).collect(),
    }
}

impl State {
    /// What an answer about a document is to wait for.
    fn wanted(&self, uri: &Uri) -> Wanted {
        let path = self.documents.get(uri).and_then(|open| open.path.clone());
        let path = path.or_else(|| super::uri::path_of(uri.as_str()));
        let mut homes = vec![Home::Text(uri.clone())];
        if let Some(path) = path {
            homes.extend(self.packages.around(&path).map(|(home, _)| home.clone()));
        }
        let inputs = homes.into_iter().filter_map(|home| {
            let package = self.packages.get(&home)?;
            let is_wanted = self.checks_workspace || self.is_open(&home);
            is_wanted.then_some((home, package.inputs))
        });
        Wanted {
            uri: uri.clone(),
            inputs: inputs.collect(),
        }
    }

    /// Whether all that an answer waits for is checked.
    fn is_there(&self, wanted: &mut Wanted) -> bool {
        if !self.is_located(&wanted.uri) {
            return false;
        }
        if wanted.inputs.is_empty() {
            // Its package was found meanwhile.
            *wanted = self.wanted(&wanted.uri);
        }
        let settings = self.settings_owner(&wanted.uri);
        settings.is_none_or(|owner| self.is_looked_at(&owner))
            && wanted.inputs.iter().all(|(home, inputs)| {
                let package = self.packages.get(home);
                package.is_none_or(|package| package.checked >= *inputs)
            })
    }

    /// The report of a document whose newest state is checked, with those of the other files of its
    /// package if they are asked for and differ from what the client has.
    fn document_report(
        &self,
        uri: &Uri,
        previous: Option<&str>,
        with_related: bool,
    ) -> DocumentDiagnosticReport {
        let report = full(self.reports.get(uri));
        let related = if with_related {
            self.related(uri)
        } else {
            BTreeMap::new()
        };
        let ids: Vec<_> = related
            .iter()
            .map(|(uri, it)| (uri, &it.result_id))
            .collect();
        let (id, related_id) = (report.result_id.unwrap_or_default(), id_of(&ids));
        let (shown, shown_related) = previous.map_or((None, None), halves);
        let related = related.into_iter().filter(|(_, report)| {
            // What was never told need not be taken back.
            shown_related.is_some() || !report.items.is_empty()
        });
        let related_documents = (shown_related != Some(&related_id))
            .then(|| related.map(|(uri, it)| (uri, it.into())).collect())
            .filter(|related: &HashMap<_, DocumentDiagnosticReportKind>| !related.is_empty());
        let result_id = format!("{id}-{related_id}");
        if shown == Some(&id) {
            let report = UnchangedDocumentDiagnosticReport { result_id };
            return DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents,
                unchanged_document_diagnostic_report: report,
            });
        }
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: Some(result_id),
                items: report.items,
            },
        })
    }

    /// The reports of the other files of a document's package, also of those of which nothing is said
    /// any more.
    fn related(&self, uri: &Uri) -> BTreeMap<Uri, FullDocumentDiagnosticReport> {
        let Some(home) = self.home_of(uri) else {
            return BTreeMap::new();
        };
        let owner = Owner::Package(home);
        let others = self.reports.of(&owner).filter(|(other, _)| *other != uri);
        others
            .map(|(other, report)| (other.clone(), full(report)))
            .collect()
    }

    /// The files of which the client shows something else than is said of them.
    fn different(
        &self,
        shown: &HashMap<Uri, String>,
    ) -> Vec<WorkspaceFullDocumentDiagnosticReport> {
        let said = self.reports.iter().filter(|(uri, report)| {
            shown.get(uri).map_or_else(
                || !report.is_empty(),
                |shown| halves(shown).0 != Some(report.id()),
            )
        });
        let mut different: Vec<_> = said
            .map(|(uri, report)| in_workspace(uri, Some(report)))
            .collect();
        let nothing = full(None).result_id;
        different.extend(
            shown
                .iter()
                .filter(|(uri, shown)| {
                    self.reports.get(uri).is_none() && halves(shown).0 != nothing.as_deref()
                })
                .map(|(uri, _)| in_workspace(uri, None)),
        );
        different
    }

    /// Whether all that is known is checked.
    fn is_idle(&self) -> bool {
        self.background.is_idle() && !self.is_checking()
    }
}

/// A document's own half of a result id, and that of the files related to it: a workspace's has none.
fn halves(id: &str) -> (Option<&str>, Option<&str>) {
    match id.split_once('-') {
        Some((own, related)) => (Some(own), Some(related)),
        None => (Some(id), None),
    }
}

fn full(report: Option<&Report>) -> FullDocumentDiagnosticReport {
    let items = report.map(Report::diagnostics).unwrap_or_default();
    let id = report.map(|report| report.id().to_owned());
    FullDocumentDiagnosticReport {
        result_id: Some(id.unwrap_or_else(|| id_of(&items))),
        items,
    }
}

fn in_workspace(uri: &Uri, report: Option<&Report>) -> WorkspaceFullDocumentDiagnosticReport {
    WorkspaceFullDocumentDiagnosticReport {
        uri: uri.clone(),
        version: report.and_then(|report| report.version).map(i64::from),
        full_document_diagnostic_report: full(report),
    }
}
