//! What the server holds: the open texts, the packages that are known, and what was said of files.
//!
//! Everything here is changed under one lock, briefly, and never over an `.await`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ksext_core::lang::{Bilingual, Lang};
use ksext_core::manifest::FILE_NAME;
use ksext_core::package::PkgPath;
use ksext_core::text::{Document, Encoding};
use tokio::sync::watch;

use super::abilities::Abilities;
use super::analysis::{Analysis, Depth, Input};
use super::background::Background;
use super::buffers::Buffers;
use super::documents::{Buffer, Documents};
use super::execute::Running;
use super::packages::{Home, KnownPackage, Packages};
use super::proto::notification::ShowMessage;
use super::proto::{InitializeParams, MessageType, ShowMessageParams, Uri};
use super::refreshing::Refreshing;
use super::reports::Reports;
use super::reviews::Reviews;
use super::settings_files::Looks;
use super::transport::Client;
use super::watching::OwnWatcher;
use super::workspace_folders::Folders;
use super::{settings, uri};
use crate::commands::Session;
use crate::host::locale;

/// What handlers and tasks share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) client: Client,
    /// Login and user's settings, for the commands.
    pub(super) session: Session,
    /// Commands that have not ended.
    pub(super) running: Running,
    /// Told whenever a check has ended, or there is none left to do.
    pub(super) news: watch::Sender<()>,
    /// What the client is asked to ask for again.
    pub(super) refreshing: Refreshing,
    /// Watches files for clients that cannot.
    pub(super) own_watcher: OwnWatcher,
    /// What columns are counted in, whatever the client says.
    set_encoding: Option<Encoding>,
    abilities: OnceLock<Abilities>,
    state: Arc<Mutex<State>>,
}

/// What changes.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) documents: Documents,
    /// The packages that are known.
    pub(super) packages: Packages,
    /// What is said of files.
    pub(super) reports: Reports,
    /// The folders of the workspace.
    pub(super) folders: Folders,
    /// The newest looks at settings files.
    pub(super) settings_looks: Looks,
    /// Work on packages that are not open.
    pub(super) background: Background,
    /// The settings that came with `initialize`, in nested form.
    pub(super) initial_settings: serde_json::Value,
    /// The language that the user has set.
    pub(super) set_lang: Option<Lang>,
    /// Whether packages are checked that are not open.
    pub(super) checks_workspace: bool,
    /// Whether another YAML server looks at the same manifests.
    pub(super) other_yaml_server: bool,
    /// The language of the editor.
    pub(super) client_lang: Option<Lang>,
    /// What the cloud has said of reviews.
    pub(super) reviews: Reviews,
    told: HashSet<String>,
    last_number: u64,
}

impl Shared {
    pub(super) fn new(client: Client, set_encoding: Option<Encoding>) -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let (teller, its_state) = (client.clone(), Arc::clone(&state));
        let session = Session::new()
            .with_buffers(Buffers::new(Arc::clone(&state)))
            .telling(move |note| {
                let lang = its_state
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .lang();
                let (typ, message) = (MessageType::WARNING, note.get(lang).to_owned());
                teller.notify::<ShowMessage>(ShowMessageParams { typ, message });
            })
            // A command that somebody waits for tells of it in its progress.
            .telling_of_waits(|wait| tracing::info!("{}", wait.en));
        Self {
            client,
            set_encoding,
            session,
            running: Running::default(),
            news: watch::Sender::new(()),
            refreshing: Refreshing::default(),
            own_watcher: OwnWatcher::default(),
            abilities: OnceLock::new(),
            state,
        }
    }

    /// The state, locked.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what `initialize` tells of the client.
    pub(super) fn meet(&self, params: &InitializeParams) -> &Abilities {
        let locale = params.locale.as_deref();
        let options = params.initialization_options.as_ref();
        let mut state = self.state();
        state.client_lang = locale.map(|locale| Lang::from_locale(locale).unwrap_or_default());
        state.initial_settings = settings::content_of(options.unwrap_or(&serde_json::Value::Null));
        state.checks_workspace = true;
        state.open_workspace(params);
        drop(state);
        self.abilities.get_or_init(|| {
            let mut abilities = Abilities::of(params);
            abilities.encoding = self.set_encoding.unwrap_or(abilities.encoding);
            abilities
        })
    }

    /// What the client can. There is no message but `initialize` before it is known.
    pub(super) fn abilities(&self) -> &Abilities {
        self.abilities
            .get_or_init(|| Abilities::of(&InitializeParams::default()))
    }

    /// In which unit the client counts columns.
    pub(super) fn encoding(&self) -> Encoding {
        self.abilities().encoding
    }

    /// Shows a message to the user.
    pub(super) fn show(&self, typ: MessageType, message: String) {
        self.client
            .notify::<ShowMessage>(ShowMessageParams { typ, message });
    }

    /// Shows a warning that the user has not seen yet in this session.
    pub(super) fn warn_once(&self, state: &mut State, warning: &Bilingual) {
        let message = warning.get(state.lang()).to_owned();
        if state.told.insert(message.clone()) {
            tracing::warn!("{message}");
            self.show(MessageType::WARNING, message);
        }
    }
}

impl State {
    /// A number that was not given out before.
    pub(super) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// The user's language where no package is concerned.
    pub(super) fn lang(&self) -> Lang {
        self.set_lang
            .or(self.client_lang)
            .unwrap_or_else(locale::lang)
    }

    /// The language for what is said about a package.
    pub(super) fn lang_of(&self, analysis: &Analysis) -> Lang {
        self.set_lang
            .or(analysis.settings.lang)
            .unwrap_or_else(|| self.lang())
    }

    /// The language for a command with this argument.
    pub(super) fn lang_for(&self, argument: &serde_json::Value) -> Lang {
        let uri = argument["uri"]
            .as_str()
            .and_then(|uri| uri.parse::<Uri>().ok());
        let home = uri.and_then(|uri| self.home_of(&uri));
        let analysis = home.and_then(|home| self.packages.get(&home)?.analysis.as_ref());
        analysis.map_or_else(|| self.lang(), |analysis| self.lang_of(analysis))
    }

    /// Takes note of a text that was opened: the package of a manifest is known from then on.
    pub(super) fn enter(&mut self, uri: &Uri) {
        let Some(document) = self.documents.get(uri) else {
            return;
        };
        match document.path.clone() {
            Some(path) if uri::is_manifest(&path) => {
                let Some(root) = path.parent() else { return };
                let package = self.enter_folder(root, uri);
                package.manifest = uri.clone();
            }
            None if uri::is_untitled(uri) && document.is_yaml => {
                let number = self.next_number();
                let (home, root) = (Home::Text(uri.clone()), PathBuf::from("-"));
                let new = || KnownPackage::new(root, uri.clone(), number);
                self.packages.enter(home, new);
            }
            _ => {}
        }
    }

    /// Takes note of the package in a folder, whose manifest the client calls `manifest`.
    pub(super) fn enter_folder(&mut self, root: &Path, manifest: &Uri) -> &mut KnownPackage {
        let number = self.next_number();
        let new = || KnownPackage::new(root.to_owned(), manifest.clone(), number);
        self.packages.enter(Home::of_folder(root), new)
    }

    /// The packages that a change of the file at `path` concerns: those that it belongs to, or whose
    /// settings it holds.
    pub(super) fn concerned_by(&self, path: &Path) -> Vec<Home> {
        let mut homes: Vec<Home> = self
            .packages
            .around(path)
            .map(|(home, _)| home.clone())
            .collect();
        if uri::is_settings(path)
            && let Some(folder) = path.parent()
        {
            let below = self.packages.below(folder);
            homes.extend(below.map(|(home, _)| home.clone()));
            homes.sort();
            homes.dedup();
        }
        homes
    }

    /// Where the package is that a document belongs to; `None` if none is known.
    pub(super) fn home_of(&self, uri: &Uri) -> Option<Home> {
        let home = Home::Text(uri.clone());
        if self.packages.get(&home).is_some() {
            return Some(home);
        }
        let open = self.documents.get(uri).and_then(|open| open.path.clone());
        let path = open.or_else(|| uri::path_of(uri.as_str()))?;
        let of_file = self.packages.of_file(&path);
        of_file.map(|(home, _)| home.clone())
    }

    /// The manifest of the package that a document belongs to: itself if it is one.
    pub(super) fn manifest_of(&self, uri: &Uri) -> Option<Uri> {
        let document = self.documents.get(uri)?;
        let is_manifest = document.path.as_deref().is_some_and(uri::is_manifest);
        let home = self.home_of(uri)?;
        let package = self.packages.get(&home)?;
        let is_its_own = is_manifest
            && document
                .path
                .as_deref()
                .and_then(Path::parent)
                .is_some_and(|folder| Home::of_folder(folder) == home);
        Some(if is_its_own {
            uri.clone()
        } else {
            package.manifest.clone()
        })
    }

    /// Whether a file of the package is open.
    pub(super) fn is_open(&self, home: &Home) -> bool {
        match (home, self.packages.get(home)) {
            (_, None) => false,
            (Home::Text(uri), _) => self.documents.get(uri).is_some(),
            (Home::Folder(_), Some(package)) => self.documents.is_open_below(&package.root),
        }
    }

    /// All that a check of the package needs, as it is now; of a file that is open under several names
    /// `asked` counts. `None` if it is not known.
    pub(super) fn input(&self, home: &Home, asked: Option<&Uri>) -> Option<Input> {
        self.input_from(&self.documents, home, asked)
    }

    /// The same with other open texts.
    pub(super) fn input_from(
        &self,
        documents: &Documents,
        home: &Home,
        asked: Option<&Uri>,
    ) -> Option<Input> {
        let package = self.packages.get(home)?;
        let mut input = Input {
            home: home.clone(),
            uri: package.manifest.clone(),
            number: package.number,
            inputs: package.inputs,
            version: None,
            document: Document::new(""),
            root: package.root.clone(),
            buffers: Vec::new(),
            settings: Vec::new(),
            contents: package.measurement.contents(),
            depth: Depth::Glance,
        };
        match home {
            Home::Text(uri) => {
                input.buffers = vec![Buffer::alone(uri, documents.get(uri)?)];
            }
            Home::Folder(_) => {
                input.buffers = documents.below(&package.root, asked);
                let settings = documents.iter().filter_map(|(_, open)| {
                    let path = open.path.clone().filter(|path| uri::is_settings(path))?;
                    Some((path, open.text.text()))
                });
                input.settings = settings.collect();
            }
        }
        let manifest = PkgPath::from(FILE_NAME);
        let mut buffers = input.buffers.iter().rev();
        if let Some(open) = buffers.find(|buffer| buffer.path == manifest) {
            input.uri = open.uri.clone();
            input.version = Some(open.version);
            input.document = open.text.clone();
        }
        let is_open = !input.buffers.is_empty();
        // What was said of its files stays said when it is opened.
        let was_looked_into = package.analysis.is_none() && package.checked > 0;
        if !is_open || (was_looked_into && input.contents.is_none()) {
            input.depth = Depth::Files;
        }
        Some(input)
    }
}
