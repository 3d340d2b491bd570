//! What the server holds: the open texts, and for each open manifest what is known of its package.
//!
//! Everything here is changed under one lock, briefly, and never over an `.await`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ksext_core::lang::{Bilingual, Lang};
use ksext_core::manifest::FILE_NAME;
use ksext_core::text::Encoding;

use super::abilities::Abilities;
use super::analysis::{Analysis, Input};
use super::buffers::Buffers;
use super::documents::Documents;
use super::execute::Running;
use super::features::lenses::Reviews;
use super::features::offers::{PUSH, STATUS};
use super::measuring::Measurement;
use super::proto::notification::ShowMessage;
use super::proto::{Diagnostic, InitializeParams, MessageType, ShowMessageParams, Uri};
use super::transport::Client;
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
    abilities: OnceLock<Abilities>,
    state: Arc<Mutex<State>>,
}

/// What changes.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) documents: Documents,
    /// The open texts that are called like a manifest.
    pub(super) manifests: HashMap<Uri, OpenManifest>,
    /// The settings that came with `initialize`, in nested form.
    pub(super) initial_settings: serde_json::Value,
    /// The language that the user has set.
    pub(super) set_lang: Option<Lang>,
    /// The language of the editor.
    pub(super) client_lang: Option<Lang>,
    /// The status words that the cloud last gave, by extension and version.
    pub(super) reviews: Reviews,
    told: HashSet<String>,
    last_number: u64,
}

/// What a client was told: by file, the version of the text and the diagnostics.
pub(super) type Published = BTreeMap<Uri, (Option<i32>, Vec<Diagnostic>)>;

/// An open text that is called like a manifest, ours or not.
#[derive(Debug)]
pub(super) struct OpenManifest {
    /// The folder that it lies in.
    pub(super) root: PathBuf,
    /// Tells this opening of the file from another.
    pub(super) opening: u64,
    /// Changes with everything that a check looks at.
    pub(super) inputs: u64,
    /// A task is at work that ends with the check of the newest inputs.
    pub(super) checking: bool,
    /// The newest finished check; its inputs may be old.
    pub(super) analysis: Option<Arc<Analysis>>,
    /// What the client shows, by file.
    pub(super) published: Published,
    /// What lies in the package.
    pub(super) measurement: Measurement,
    /// The client was asked to watch the package's folder.
    pub(super) watched: bool,
}

impl Shared {
    pub(super) fn new(client: Client) -> Self {
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
            });
        Self {
            client,
            session,
            running: Running::default(),
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
        drop(state);
        self.abilities.get_or_init(|| Abilities::of(params))
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
        let open = uri.and_then(|uri| self.manifests.get(&uri)?.analysis.as_ref());
        open.map_or_else(|| self.lang(), |analysis| self.lang_of(analysis))
    }

    /// Takes in what the answer of a command tells of the review.
    pub(super) fn learn(&mut self, command: &str, answer: &serde_json::Value) {
        let mut note = |of: &serde_json::Value| {
            let fields = (
                answer["name"].as_str(),
                of["version"].as_str(),
                of["status"].as_str(),
            );
            if let (Some(name), Some(version), Some(status)) = fields {
                self.reviews
                    .insert((name.to_owned(), version.to_owned()), status.to_owned());
            }
        };
        match command {
            PUSH => note(answer),
            // The newest comes first and counts.
            STATUS => answer["snapshots"]
                .as_array()
                .into_iter()
                .flatten()
                .rev()
                .for_each(note),
            _ => {}
        }
    }

    /// Takes note of an open text that is called like a manifest.
    pub(super) fn open_manifest(&mut self, uri: &Uri) -> Option<&mut OpenManifest> {
        let path = self.documents.get(uri)?.path.as_deref()?;
        if path.file_name()? != FILE_NAME {
            return None;
        }
        let root = path.parent()?.to_owned();
        let opening = self.next_number();
        let manifest = OpenManifest {
            root,
            opening,
            inputs: 0,
            checking: false,
            analysis: None,
            published: BTreeMap::new(),
            measurement: Measurement::default(),
            watched: false,
        };
        // An editor may open a file again that it has not closed; what it shows of it stays known.
        let entry = self.manifests.entry(uri.clone()).or_insert(manifest);
        Some(entry)
    }

    /// The open manifests whose package the file at `path` belongs to, or whose settings it holds.
    pub(super) fn concerned_by(&self, path: &Path) -> Vec<Uri> {
        let is_settings = path
            .file_name()
            .is_some_and(|name| name == crate::workspace::SETTINGS_FILE);
        let concerns = |root: &Path| {
            path.starts_with(root)
                || is_settings && path.parent().is_some_and(|folder| root.starts_with(folder))
        };
        let manifests = self.manifests.iter();
        manifests
            .filter(|(_, open)| concerns(&open.root))
            .map(|(uri, _)| uri.clone())
            .collect()
    }

    /// The open manifest of the package that a document belongs to: itself if it is one.
    pub(super) fn manifest_of(&self, uri: &Uri) -> Option<Uri> {
        if self.manifests.contains_key(uri) {
            return Some(uri.clone());
        }
        let path = self.documents.get(uri)?.path.as_deref()?;
        let around = self
            .manifests
            .iter()
            .filter(|(_, open)| path.starts_with(&open.root));
        // Of a package inside another one the inner counts.
        around
            .max_by_key(|(_, open)| open.root.components().count())
            .map(|(uri, _)| uri.clone())
    }

    /// All that a check of the manifest needs, as it is now; `None` if it is not open.
    pub(super) fn input(&self, uri: &Uri) -> Option<Input> {
        let open = self.manifests.get(uri)?;
        let document = self.documents.get(uri)?;
        let path = uri::below(&open.root, document.path.as_deref()?)?;
        let mut buffers = self.documents.below(&open.root);
        // Of a file that is open under two names this one counts.
        buffers.retain(|buffer| buffer.path != path || buffer.uri == *uri);
        Some(Input {
            uri: uri.clone(),
            opening: open.opening,
            inputs: open.inputs,
            version: document.version,
            document: document.text.clone(),
            root: open.root.clone(),
            buffers,
            contents: open.measurement.contents(),
        })
    }
}
