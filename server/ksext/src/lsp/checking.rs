//! From a change to the diagnostics of the newest state.
//!
//! Each package has at most one check at work. What changes meanwhile only raises
//! [`KnownPackage::inputs`](super::packages::KnownPackage::inputs); a finished check of old inputs is
//! thrown away and the newest state checked instead. So a slow disk delays one package's diagnostics
//! and nothing else, and what is published is never older than what was published before.
//!
//! A package of which a file is open is checked at once; others wait for their turn in the
//! [`background`](super::background).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ksext_core::manifest::Manifest;

use super::analysis::{Analysis, Input};
use super::diagnostics;
use super::packages::{Home, KnownPackage, Summary, Tally};
use super::proto::notification::PublishDiagnostics;
use super::proto::{DiagnosticSeverity, PublishDiagnosticsParams, Uri};
use super::refreshing::Shown;
use super::reports::{Owner, Said};
use super::state::{Shared, State};
use crate::commands::Session;
use crate::workspace::Package;

/// What a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Of an open text: the client knows that it has happened.
    Text,
    /// Of anything else: files on the disk, settings, what was measured.
    Outside,
    /// Of a package of which nothing is open.
    Unseen,
}

/// A check with its diagnostics, by file.
struct Checked {
    analysis: Arc<Analysis>,
    said: Said,
    tally: Tally,
}

impl Shared {
    /// Has the package checked in its newest state.
    pub(super) fn check(self: &Arc<Self>, state: &mut State, home: &Home, cause: Cause) {
        let inputs = state.next_number();
        let is_open = state.is_open(home);
        let is_wanted = is_open || state.checks_workspace;
        let Some(package) = state.packages.get_mut(home) else {
            return;
        };
        package.inputs = inputs;
        package.changed_outside |= cause == Cause::Outside;
        if package.checking || !is_wanted {
            return;
        }
        if is_open {
            package.checking = true;
            let number = package.number;
            tokio::spawn(Arc::clone(self).check_until_done(home.clone(), number));
        } else {
            self.check_in_background(state, home.clone());
        }
    }

    /// Has every open package checked that a change of the text at `path` concerns, and measured after
    /// `pause`.
    pub(super) fn check_concerned(
        self: &Arc<Self>,
        state: &mut State,
        path: &Path,
        pause: Duration,
    ) {
        for home in state.concerned_by(path) {
            // The settings that are being typed count for what is open, saved ones for all.
            if state.is_open(&home) {
                self.check(state, &home, Cause::Text);
                self.measure(state, &home, pause);
            }
        }
        self.check_settings_file(state, path);
    }

    /// The analysis of the package of a manifest as it is now; `None` if it is not known.
    ///
    /// Copies the state before it waits for anything.
    pub(super) fn analysis(
        self: &Arc<Self>,
        manifest: &Uri,
    ) -> impl Future<Output = Option<Arc<Analysis>>> + use<> {
        let state = self.state();
        let home = state.home_of_manifest(manifest);
        let known = home.map(|home| state.newest(&home, manifest));
        drop(state);
        let (newest, input) = known.unwrap_or_default();
        self.look(newest, input, Analysis::of)
    }

    /// What is known of the package as it is now, checked or not; `None` if it is none that is known.
    ///
    /// Copies the state before it waits for anything.
    pub(super) fn known(
        self: &Arc<Self>,
        state: &State,
        home: &Home,
    ) -> impl Future<Output = Option<Arc<Analysis>>> + use<> {
        let package = state.packages.get(home);
        let known = package.map(|package| state.newest(home, &package.manifest));
        let (newest, input) = known.unwrap_or_default();
        self.look(newest, input, Analysis::unchecked)
    }

    /// The analysis that there is, or else one that `look` makes in a thread of its own.
    pub(super) fn look(
        self: &Arc<Self>,
        newest: Option<Arc<Analysis>>,
        input: Option<Input>,
        look: fn(Input, &Session) -> Analysis,
    ) -> impl Future<Output = Option<Arc<Analysis>>> + use<> {
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

    /// Checks the package of this number until the newest state is checked.
    pub(super) async fn check_until_done(self: Arc<Self>, home: Home, number: u64) {
        loop {
            let input = self.state().input(&home, None);
            let Some(input) = input.filter(|input| input.number == number) else {
                return;
            };
            let inputs = input.inputs;
            let shared = Arc::clone(&self);
            let done = tokio::task::spawn_blocking(move || shared.checked(input)).await;

            let mut state = self.state();
            let Some(package) = state.packages.get_mut(&home) else {
                return;
            };
            if package.number != number {
                return;
            }
            if package.inputs != inputs {
                continue;
            }
            package.checking = false;
            package.checked = inputs;
            match done {
                Ok(checked) => self.accept(&mut state, &home, checked),
                // The panic is logged. Old findings would lie about the new text.
                Err(_) => self.say(&mut state, &Owner::Package(home), Said::new(), Cause::Text),
            }
            self.news.send_replace(());
            return;
        }
    }

    /// Checks, and puts into words what is found: both look at files on the disk.
    fn checked(&self, input: Input) -> Checked {
        let analysis = Analysis::of(input, &self.session);
        let mut said = Said::new();
        let mut tally = Tally::default();
        if analysis.package.is_some() {
            let (lang, others) = {
                let state = self.state();
                (state.lang_of(&analysis), state.other_yaml_server)
            };
            for (file, found) in diagnostics::of(&analysis, lang, self.abilities(), others) {
                for diagnostic in &found {
                    match diagnostic.severity {
                        Some(DiagnosticSeverity::ERROR) => tally.errors += 1,
                        Some(DiagnosticSeverity::WARNING) => tally.warnings += 1,
                        _ => {}
                    }
                }
                let buffer = analysis.buffer(&file);
                let version = buffer.map(|buffer| buffer.version);
                // Whoever has the file open under another name too sees the same.
                for other in buffer.into_iter().flat_map(|it| analysis.rivals(it)) {
                    said.insert(other.uri.clone(), (Some(other.version), found.clone()));
                }
                said.insert(file, (version, found));
            }
        }
        Checked {
            analysis: Arc::new(analysis),
            said,
            tally,
        }
    }

    /// Takes over what a check of the newest inputs has found.
    fn accept(self: &Arc<Self>, state: &mut State, home: &Home, checked: Checked) {
        let Checked {
            analysis,
            mut said,
            tally,
        } = checked;
        if let Some(refused) = &analysis.refused {
            self.warn_once(state, refused);
        }
        let is_open = state.is_open(home);
        if analysis.is_gone && !is_open {
            self.forget(state, home);
            return;
        }
        if !is_open && !state.checks_workspace {
            said.clear();
        }
        let Some(package) = state.packages.get_mut(home) else {
            return;
        };
        let outside = std::mem::take(&mut package.changed_outside);
        let cause = match (is_open, outside) {
            (false, _) => Cause::Unseen,
            (true, true) => Cause::Outside,
            (true, false) => Cause::Text,
        };
        let is_ours = analysis.package.is_some();
        let was_ours = package
            .analysis
            .as_ref()
            .is_some_and(|before| before.package.is_some());
        let summary = Some(summary(&analysis, tally));
        if package.summary != summary {
            package.summary = summary;
            self.refresh(Shown::Status);
        }
        let settings_file = analysis.settings_file.clone();
        let settings_before = std::mem::replace(&mut package.settings_file, settings_file.clone());
        if is_open {
            package.measurement.keep(&analysis);
            package.analysis = Some(analysis);
        }
        let is_news = is_open && is_ours && !was_ours;
        if is_news {
            self.watch_package(package);
        }
        self.say(state, &Owner::Package(home.clone()), said, cause);
        for path in settings_file.iter().chain(&settings_before) {
            if settings_file != settings_before {
                self.check_settings_file(state, path);
            }
        }
        if is_news {
            self.measure(state, home, Duration::ZERO);
            self.follow_reviews(state, None);
        }
    }

    /// Takes over what `owner` says, and lets the client know what differs from before.
    pub(super) fn say(
        self: &Arc<Self>,
        state: &mut State,
        owner: &Owner,
        said: Said,
        cause: Cause,
    ) {
        let changed = state.reports.set(owner, said);
        if changed.is_empty() {
            return;
        }
        if self.abilities().pulls {
            match cause {
                Cause::Text => {}
                Cause::Outside => self.refresh(Shown::Diagnostics),
                Cause::Unseen => state.background.has_news = true,
            }
            return;
        }
        for uri in changed {
            let report = state.reports.get(&uri);
            let version = report.and_then(|report| report.version);
            let diagnostics = report.map(super::reports::Report::diagnostics);
            let params =
                PublishDiagnosticsParams::new(uri, diagnostics.unwrap_or_default(), version);
            self.client.notify::<PublishDiagnostics>(params);
        }
    }

    /// A file of the package was closed: what is kept of it becomes little, or nothing.
    pub(super) fn closed(self: &Arc<Self>, state: &mut State, home: &Home) {
        if state.is_open(home) {
            self.check(state, home, Cause::Text);
            self.measure(state, home, super::measuring::PAUSE);
            return;
        }
        let checks_workspace = state.checks_workspace;
        let Some(package) = state.packages.get_mut(home) else {
            return;
        };
        if !package.in_workspace {
            self.forget(state, home);
            return;
        }
        self.rest(package);
        if !checks_workspace {
            self.say(
                state,
                &Owner::Package(home.clone()),
                Said::new(),
                Cause::Text,
            );
        }
        self.check(state, home, Cause::Text);
    }

    /// Keeps only little of a package.
    fn rest(&self, package: &mut KnownPackage) {
        self.unwatch_package(package);
        package.analysis = None;
        package.measurement = super::measuring::Measurement::default();
    }

    /// Forgets a package, and takes back all that was said about it (LSP 3.17,
    /// `textDocument/publishDiagnostics`: the server owns it).
    pub(super) fn forget(self: &Arc<Self>, state: &mut State, home: &Home) {
        let Some(mut package) = state.packages.remove(home) else {
            return;
        };
        self.rest(&mut package);
        self.refresh(Shown::Status);
        self.say(
            state,
            &Owner::Package(home.clone()),
            Said::new(),
            Cause::Outside,
        );
        if let Some(path) = &package.settings_file {
            self.check_settings_file(state, path);
        }
        self.news.send_replace(());
    }
}

fn summary(analysis: &Analysis, findings: Tally) -> Summary {
    let package = analysis.package.as_ref();
    let manifest = package.map(Package::manifest);
    Summary {
        is_ours: package.is_some(),
        name: manifest.and_then(Manifest::name).map(|text| text.value),
        version: manifest.and_then(Manifest::version).map(|text| text.value),
        findings,
        size: analysis.size(),
        lang: analysis.settings.lang,
    }
}

impl State {
    /// Where the package is whose manifest the client calls `manifest`.
    fn home_of_manifest(&self, manifest: &Uri) -> Option<Home> {
        let text = Home::Text(manifest.clone());
        if self.packages.get(&text).is_some() {
            return Some(text);
        }
        let path = super::uri::path_of(manifest.as_str())?;
        let home = Home::of_folder(path.parent().filter(|_| super::uri::is_manifest(&path))?);
        self.packages.get(&home).map(|_| home)
    }

    /// The finished analysis of the newest state of a package, or else what it takes to make one. Of a
    /// file that is open under two names `asked` counts.
    fn newest(&self, home: &Home, asked: &Uri) -> (Option<Arc<Analysis>>, Option<Input>) {
        let package = self.packages.get(home);
        let newest = package.and_then(|package| {
            let newest = package.analysis.clone();
            newest.filter(|done| done.input.inputs == package.inputs)
        });
        let newest = newest.filter(|done| !self.has_rivals(done));
        let input = self.input(home, Some(asked)).filter(|_| newest.is_none());
        (newest, input)
    }

    /// The same for the package that an open text belongs to; `None` if none is known.
    pub(super) fn newest_of(&self, uri: &Uri) -> Option<(Option<Arc<Analysis>>, Option<Input>)> {
        self.documents.get(uri)?;
        let home = self.home_of(uri)?;
        Some(self.newest(&home, uri))
    }

    /// Whether a text of the package is open under two names.
    fn has_rivals(&self, analysis: &Analysis) -> bool {
        let mut buffers = analysis.input.buffers.iter();
        buffers.any(|buffer| self.documents.has_rival(&buffer.uri))
    }
}
