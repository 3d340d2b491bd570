//! The folders of the workspace, and the packages in them.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ksext_core::manifest::FILE_NAME;

use super::background::Look;
use super::checking::Cause;
use super::packages::{Home, Summary};
use super::proto::{InitializeParams, Uri, WorkspaceFolder, WorkspaceFoldersChangeEvent};
use super::state::{Shared, State};
use super::uri;
use crate::workspace::{Seen, packages_below};

/// More packages than this are not looked at in one folder.
const MOST: usize = 10_000;

/// Tells a folder from the same one added again.
pub(super) type FolderNumber = u64;

/// The folders of the workspace.
#[derive(Debug, Default)]
pub(super) struct Folders {
    open: Vec<Folder>,
}

#[derive(Debug)]
struct Folder {
    number: FolderNumber,
    uri: Uri,
    path: PathBuf,
    /// It was taken out of the workspace.
    closed: Arc<AtomicBool>,
}

impl Folders {
    /// The folder that a path lies in, the innermost one.
    fn around(&self, path: &Path) -> Option<&Folder> {
        let around = self.open.iter();
        let around = around.filter(|folder| uri::below(&folder.path, path).is_some());
        around.max_by_key(|folder| folder.path.components().count())
    }

    fn get(&self, number: FolderNumber) -> Option<&Folder> {
        self.open.iter().find(|folder| folder.number == number)
    }

    /// Their paths.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.open.iter().map(|folder| folder.path.clone()).collect()
    }
}

impl Shared {
    /// Looks for packages in all folders of the workspace.
    pub(super) fn look_everywhere(self: &Arc<Self>, state: &mut State) {
        for look in state.looks() {
            self.look_in_background(state, look);
        }
    }

    /// Folders were added to the workspace or taken out of it.
    pub(super) fn change_folders(self: &Arc<Self>, event: WorkspaceFoldersChangeEvent) {
        let mut state = self.state();
        for folder in event.removed {
            state.close_folder(&folder.uri);
        }
        for folder in event.added {
            state.open_folder(&folder.uri);
        }
        let outside: Vec<Home> = state
            .packages
            .iter()
            .filter(|(_, package)| package.in_workspace)
            .filter(|(_, package)| state.folders.around(&package.root).is_none())
            .map(|(home, _)| home.clone())
            .collect();
        for home in &outside {
            if let Some(package) = state.packages.get_mut(home) {
                package.in_workspace = false;
            }
            if !state.is_open(home) {
                self.forget(&mut state, home);
            }
        }
        // A folder that is left may show the same packages under its own name.
        self.look_everywhere(&mut state);
        drop(state);
        self.watch_folders();
    }

    /// Looks for packages at a place, and has them checked.
    pub(super) async fn look_for_packages(self: &Arc<Self>, look: Look) {
        let (place, closed) = {
            let state = self.state();
            let Some(folder) = state.folders.get(look.folder) else {
                return;
            };
            (look.place, Arc::clone(&folder.closed))
        };
        let cancelled = move || closed.load(Ordering::Relaxed);
        let seen = tokio::task::spawn_blocking(move || packages_below(&place, MOST, &cancelled));
        let Ok(seen) = seen.await else { return };
        let mut state = self.state();
        for home in state.take_in(look.folder, seen) {
            self.check(&mut state, &home, Cause::Outside);
        }
    }

    /// Something was made, removed or written at these paths, which may be folders.
    pub(super) fn changed_on_disk(self: &Arc<Self>, state: &mut State, paths: &[PathBuf]) {
        let mut concerned = BTreeSet::new();
        for path in paths {
            let below = state.packages.below(path);
            concerned.extend(below.map(|(home, _)| home.clone()));
            concerned.extend(state.concerned_by(path));
        }
        for home in &concerned {
            self.check(state, home, Cause::Outside);
            self.measure(state, home, super::measuring::PAUSE);
        }
        for path in paths {
            self.check_settings_file(state, path);
            if uri::is_manifest(path)
                && let Some(place) = path.parent()
            {
                self.manifest_appeared(state, place);
            }
        }
    }

    /// There may be a package in `place` now that was not there before.
    fn manifest_appeared(self: &Arc<Self>, state: &mut State, place: &Path) {
        if state.packages.get(&Home::of_folder(place)).is_none()
            && state.packages.of_file(place).is_none()
            && let Some(folder) = state.folders.around(place)
        {
            let look = Look {
                folder: folder.number,
                place: place.to_owned(),
            };
            self.look_in_background(state, look);
        }
        self.locate_again(state, place);
    }
}

impl State {
    /// Takes over the folders that the client has opened (LSP 3.17, `InitializeParams`: `rootUri` and
    /// `rootPath` count where there are none).
    pub(super) fn open_workspace(&mut self, params: &InitializeParams) {
        #[expect(deprecated, reason = "older clients know nothing else")]
        let (root_uri, root_path) = (params.root_uri.clone(), params.root_path.as_deref());
        let folders = params.workspace_folders.iter().flatten();
        let mut uris: Vec<Uri> = folders
            .map(|WorkspaceFolder { uri, .. }| uri.clone())
            .collect();
        if uris.is_empty() {
            let root_path = root_path.filter(|path| !path.is_empty());
            uris.extend(root_uri.or_else(|| uri::of_path(Path::new(root_path?))));
        }
        for uri in uris {
            self.open_folder(&uri);
        }
    }

    fn open_folder(&mut self, uri: &Uri) {
        let Some(path) = uri::path_of(uri.as_str()) else {
            return;
        };
        if self.folders.open.iter().any(|folder| folder.uri == *uri) {
            return;
        }
        let folder = Folder {
            number: self.next_number(),
            uri: uri.clone(),
            path,
            closed: Arc::default(),
        };
        self.folders.open.push(folder);
    }

    fn close_folder(&mut self, uri: &Uri) {
        let key = |uri: &Uri| uri::path_of(uri.as_str()).map(|path| uri::key_of(&path));
        let closed = key(uri);
        self.folders.open.retain(|folder| {
            let stays = folder.uri != *uri && Some(uri::key_of(&folder.path)) != closed;
            if !stays {
                folder.closed.store(true, Ordering::Relaxed);
            }
            stays
        });
    }

    fn looks(&self) -> Vec<Look> {
        let folders = self.folders.open.iter();
        folders
            .map(|folder| Look {
                folder: folder.number,
                place: folder.path.clone(),
            })
            .collect()
    }

    /// Takes in packages that were seen in a folder, and answers those that are to be checked.
    fn take_in(&mut self, folder: FolderNumber, seen: Vec<Seen>) -> Vec<Home> {
        let Some(folder) = self.folders.get(folder) else {
            return Vec::new();
        };
        let (folder_uri, folder_path) = (folder.uri.clone(), folder.path.clone());
        // Through a link a folder of the workspace may show the packages of another one.
        let shown = self.packages.iter();
        let shown = shown.filter(|(_, package)| package.in_workspace);
        let mut real: HashSet<PathBuf> = shown
            .filter_map(|(_, package)| package.real.clone())
            .collect();
        let mut new = Vec::new();
        for seen in seen {
            let home = Home::of_folder(&seen.folder);
            let is_shown = self
                .packages
                .get(&home)
                .is_some_and(|package| package.in_workspace);
            if !is_shown && !real.insert(seen.real.clone()) {
                continue;
            }
            let manifest = seen.folder.join(FILE_NAME);
            let Some(manifest) = uri::inside(&folder_uri, &folder_path, &manifest) else {
                continue;
            };
            let package = self.enter_folder(&seen.folder, &manifest);
            package.in_workspace = true;
            package.real = Some(seen.real);
            if package.summary.is_none() {
                package.summary = Some(Summary {
                    is_ours: true,
                    name: seen.name,
                    ..Summary::default()
                });
                new.push(home);
            }
        }
        new
    }
}
