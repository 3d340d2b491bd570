//! Which files on the disk the client is asked to watch, and what follows from their changes.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc::unbounded_channel;

use super::packages::KnownPackage;
use super::proto::notification::{DidChangeWatchedFiles, Notification as _};
use super::proto::request::{RegisterCapability, UnregisterCapability};
use super::proto::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, OneOf, Registration,
    RegistrationParams, RelativePattern, Unregistration, UnregistrationParams,
};
use super::server::CLIENT_PATIENCE;
use super::state::Shared;
use super::uri;
use crate::host::watcher::Watcher;

/// Files that matter wherever they are: manifests and project settings.
const EVERYWHERE: [&str; 2] = ["**/extension.yaml", "**/.ksext.yaml"];

/// What packages hold, open or not: what a check looks at, and what usually weighs most.
const IN_PACKAGES: [&str; 6] = [
    "**/{values,permissions,Chart}.yaml",
    "**/.helmignore",
    "**/*.{png,jpg,jpeg,gif,svg,webp}",
    "**/*.{md,tgz}",
    "**/charts/**",
    "**/static/**",
];

/// What watches where the client does not.
#[derive(Debug, Default)]
pub(super) struct OwnWatcher(OnceLock<Watcher>);

impl Shared {
    /// Asks to be told of manifests, settings and what packages hold, if the client can be asked;
    /// watches the folders of the workspace if it cannot.
    pub(super) fn watch_everywhere(self: &Arc<Self>) {
        if !self.abilities().watch_files {
            self.watch_folders();
            return;
        }
        let globs = EVERYWHERE.iter().chain(&IN_PACKAGES);
        let globs = globs.map(|glob| GlobPattern::String((*glob).to_owned()));
        self.register("ksext.everywhere".to_owned(), globs.collect());
    }

    /// Watches the folders of the workspace, unless the client does.
    pub(super) fn watch_folders(self: &Arc<Self>) {
        if self.abilities().watch_files {
            return;
        }
        let folders = self.state().folders.paths();
        for folder in folders {
            self.watch(folder);
        }
    }

    fn watch(self: &Arc<Self>, folder: PathBuf) {
        let watcher = self.own_watcher.0.get_or_init(|| {
            let (sender, mut changes) = unbounded_channel::<Vec<PathBuf>>();
            let shared = Arc::downgrade(self);
            tokio::spawn(async move {
                while let Some(paths) = changes.recv().await {
                    let Some(shared) = shared.upgrade() else {
                        return;
                    };
                    let mut state = shared.state();
                    shared.changed_on_disk(&mut state, &paths);
                }
            });
            Watcher::start(move |paths| drop(sender.send(paths)))
        });
        watcher.watch(folder);
    }

    /// Asks to be told of all changes in a package's folder.
    pub(super) fn watch_package(self: &Arc<Self>, package: &mut KnownPackage) {
        let abilities = self.abilities();
        if !abilities.watch_files && !package.in_workspace {
            self.watch(package.root.clone());
        }
        if package.watched || !abilities.watch_files || !abilities.watch_folders {
            return;
        }
        let Some(folder) = uri::package_of(&package.manifest) else {
            return;
        };
        package.watched = true;
        let pattern = RelativePattern {
            base_uri: OneOf::Right(folder),
            pattern: "**/*".to_owned(),
        };
        let id = registration_id(package.number);
        self.register(id, vec![GlobPattern::Relative(pattern)]);
    }

    /// Ends [`Self::watch_package`].
    pub(super) fn unwatch_package(&self, package: &mut KnownPackage) {
        if !std::mem::take(&mut package.watched) {
            return;
        }
        let answer = self.client.request::<UnregisterCapability>(
            UnregistrationParams {
                unregisterations: vec![Unregistration {
                    id: registration_id(package.number),
                    method: DidChangeWatchedFiles::METHOD.to_owned(),
                }],
            },
            CLIENT_PATIENCE,
        );
        tokio::spawn(async move {
            if let Err(error) = answer.await {
                tracing::debug!(%error, "a folder is still watched");
            }
        });
    }

    fn register(&self, id: String, globs: Vec<GlobPattern>) {
        let watchers = globs.into_iter();
        let watchers = watchers.map(|glob_pattern| FileSystemWatcher {
            glob_pattern,
            kind: None,
        });
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: watchers.collect(),
        };
        let answer = self.client.request::<RegisterCapability>(
            RegistrationParams {
                registrations: vec![Registration {
                    id,
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
}

/// One for each package, so that it can be taken back.
fn registration_id(number: u64) -> String {
    format!("ksext.package:{number}")
}
