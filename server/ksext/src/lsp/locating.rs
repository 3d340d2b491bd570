//! From an open file to the package around it, whose manifest nobody has opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ksext_core::manifest::FILE_NAME;

use super::analysis::{Analysis, Input};
use super::checking::Cause;
use super::packages::Home;
use super::proto::Uri;
use super::state::{Shared, State};
use super::uri;
use crate::workspace::folder_of;

impl Shared {
    /// Looks for the package of an open file, unless it is known.
    pub(super) fn locate(self: &Arc<Self>, state: &mut State, uri: &Uri) {
        let Some(path) = state.unlocated(uri) else {
            return;
        };
        let (shared, uri) = (Arc::clone(self), uri.clone());
        tokio::spawn(async move {
            let found = tokio::task::spawn_blocking(move || folder_of(&path)).await;
            let Ok(found) = found else { return };
            let mut state = shared.state();
            let Some(document) = state.documents.get_mut(&uri) else {
                return;
            };
            document.located = true;
            if let Some(root) = found
                && let Some(home) = state.enter_around(&uri, &root)
                && state
                    .packages
                    .get(&home)
                    .is_some_and(|package| package.checked == 0)
            {
                shared.check(&mut state, &home, Cause::Outside);
            }
            shared.news.send_replace(());
        });
    }

    /// Looks again for packages around files that seemed to belong to none: there may be one in
    /// `place` now.
    pub(super) fn locate_again(self: &Arc<Self>, state: &mut State, place: &Path) {
        let around = state.documents.iter().filter(|(_, open)| {
            let path = open.path.as_deref();
            open.located && path.is_some_and(|path| uri::below(place, path).is_some())
        });
        let around: Vec<Uri> = around.map(|(uri, _)| uri.clone()).collect();
        for uri in around {
            if let Some(document) = state.documents.get_mut(&uri) {
                document.located = false;
            }
            self.locate(state, &uri);
        }
    }

    /// What is known of the package around an open file that was not looked for yet, as it is now.
    ///
    /// Copies the state before it waits for anything.
    pub(super) fn known_around(
        self: &Arc<Self>,
        state: &State,
        uri: &Uri,
    ) -> impl Future<Output = Option<Arc<Analysis>>> + use<> {
        let path = state.unlocated(uri);
        let documents = state.documents.clone();
        let (shared, uri) = (Arc::clone(self), uri.clone());
        async move {
            let path = path?;
            let root = tokio::task::spawn_blocking(move || folder_of(&path));
            let root = root.await.ok()??;
            let input: Option<Input> = {
                let mut state = shared.state();
                let home = state.enter_around(&uri, &root)?;
                state.input_from(&documents, &home, Some(&uri))
            };
            shared.look(None, input, Analysis::unchecked).await
        }
    }
}

impl State {
    /// The path of an open file whose package is not known and was not looked for.
    fn unlocated(&self, uri: &Uri) -> Option<PathBuf> {
        let document = self.documents.get(uri).filter(|open| !open.located)?;
        self.home_of(uri).is_none().then(|| document.path.clone())?
    }

    /// Whether it is decided which package an open file belongs to.
    pub(super) fn is_located(&self, uri: &Uri) -> bool {
        self.unlocated(uri).is_none()
    }

    /// Takes note of the package in `root`, in which the open file `uri` lies.
    fn enter_around(&mut self, uri: &Uri, root: &Path) -> Option<Home> {
        let path = self.documents.get(uri)?.path.clone()?;
        let below = uri::below(root, &path)?;
        let folder = uri::above(uri, below.components().count())?;
        let manifest = uri::inside(&folder, root, &root.join(FILE_NAME))?;
        self.enter_folder(root, &manifest);
        Some(Home::of_folder(root))
    }
}
