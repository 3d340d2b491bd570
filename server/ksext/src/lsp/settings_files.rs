//! What is wrong with projects' settings, told in the settings files themselves.
//!
//! A file is looked at while it is open, or while a package is known whose settings it holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ksext_core::text::Document;

use super::checking::Cause;
use super::diagnostics;
use super::proto::Uri;
use super::reports::{Owner, Said};
use super::state::{Shared, State};
use super::uri;
use crate::workspace::SettingsFile;

/// The newest look at each settings file.
pub(super) type Looks = BTreeMap<PathBuf, Look>;

/// One look at a settings file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Tells it from the next.
    number: u64,
    ended: bool,
}

impl Shared {
    /// Has the settings file at `path` looked at in its newest state, if it is one.
    pub(super) fn check_settings_file(self: &Arc<Self>, state: &mut State, path: &Path) {
        if !uri::is_settings(path) {
            return;
        }
        let key = uri::key_of(path);
        let number = state.next_number();
        let look = Look {
            number,
            ended: false,
        };
        state.settings_looks.insert(key.clone(), look);
        let Some(name) = state.name_of_settings(path) else {
            state.settings_looks.remove(&key);
            self.say(state, &Owner::Settings(key), Said::new(), Cause::Outside);
            return;
        };
        let open = state.documents.get(&name);
        let (version, shown) = (
            open.map(|open| open.version),
            open.map(|open| open.text.text()),
        );
        let (shared, path) = (Arc::clone(self), path.to_owned());
        tokio::spawn(async move {
            let looked = tokio::task::spawn_blocking(move || SettingsFile::look(&path, shown));
            let looked = match looked.await {
                Ok(Ok(file)) => file,
                Ok(Err(error)) => {
                    tracing::debug!("{error}");
                    SettingsFile::default()
                }
                Err(_) => return,
            };
            let mut state = shared.state();
            match state.settings_looks.get_mut(&key) {
                Some(look) if look.number == number => look.ended = true,
                _ => return,
            }
            let document = Document::new(&looked.text);
            let lang = state.set_lang.or(looked.lang);
            let lang = lang.unwrap_or_else(|| state.lang());
            let found = looked
                .findings
                .iter()
                .map(|finding| diagnostics::alone(finding, &document, lang, shared.abilities()));
            let said = Said::from([(name, (version, found.collect()))]);
            let cause = if version.is_some() {
                Cause::Text
            } else {
                Cause::Outside
            };
            shared.say(&mut state, &Owner::Settings(key), said, cause);
            shared.news.send_replace(());
        });
    }
}

impl State {
    /// The client's name of the settings file at `path`; `None` if it is of no interest.
    fn name_of_settings(&self, path: &Path) -> Option<Uri> {
        if let Some((uri, _)) = self.documents.at(path) {
            return Some(uri.clone());
        }
        let mut packages = self.packages.iter().map(|(_, package)| package);
        let package = packages.find(|package| package.settings_file.as_deref() == Some(path))?;
        let folder = path.parent()?;
        // The file stands above the package under the client's own name, unless a link led to it.
        let spelled = uri::below(folder, &package.root).and_then(|below| {
            let beside = uri::above(&package.manifest, below.components().count() + 1)?;
            uri::inside(&beside, folder, path)
        });
        spelled.or_else(|| uri::of_path(path))
    }

    /// The settings file that an open text is.
    pub(super) fn settings_owner(&self, uri: &Uri) -> Option<Owner> {
        let path = self.documents.get(uri)?.path.as_deref()?;
        uri::is_settings(path).then(|| Owner::Settings(uri::key_of(path)))
    }

    /// Whether the newest state of a settings file was looked at.
    pub(super) fn is_looked_at(&self, owner: &Owner) -> bool {
        match owner {
            Owner::Settings(key) => self.settings_looks.get(key).is_none_or(|look| look.ended),
            Owner::Package(home) => {
                let package = self.packages.get(home);
                package.is_none_or(super::packages::KnownPackage::is_checked)
            }
        }
    }
}
