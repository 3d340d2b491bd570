//! Which files on the disk the client is asked to watch, and what follows from their changes.

use super::proto::notification::{DidChangeWatchedFiles, Notification as _};
use super::proto::request::{RegisterCapability, UnregisterCapability};
use super::proto::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, OneOf, Registration,
    RegistrationParams, RelativePattern, Unregistration, UnregistrationParams, Uri,
};
use super::server::CLIENT_PATIENCE;
use super::state::{OpenManifest, Shared};
use super::uri;

/// Files that matter wherever they are: manifests and project settings.
const EVERYWHERE: [&str; 2] = ["**/extension.yaml", "**/.ksext.yaml"];

/// What packages hold, for clients that cannot watch one folder alone: what a check looks at, and
/// what usually weighs most.
const IN_PACKAGES: [&str; 6] = [
    "**/{values,permissions,Chart}.yaml",
    "**/.helmignore",
    "**/*.{png,jpg,jpeg,gif,svg,webp}",
    "**/*.{md,tgz}",
    "**/charts/**",
    "**/static/**",
];

impl Shared {
    /// Asks to be told of manifests and settings on the disk, if the client can be asked.
    pub(super) fn watch_everywhere(&self) {
        if !self.abilities().watch_files {
            return;
        }
        let in_packages: &[&str] = if self.abilities().watch_folders {
            &[]
        } else {
            &IN_PACKAGES
        };
        let globs = EVERYWHERE.iter().chain(in_packages);
        let globs = globs.map(|glob| GlobPattern::String((*glob).to_owned()));
        self.register("ksext.everywhere".to_owned(), globs.collect());
    }

    /// Asks to be told of all changes in a package's folder.
    pub(super) fn watch_package(&self, open: &mut OpenManifest, manifest: &Uri) {
        let abilities = self.abilities();
        if open.watched || !abilities.watch_files || !abilities.watch_folders {
            return;
        }
        let Some(folder) = uri::package_of(manifest) else {
            return;
        };
        open.watched = true;
        let pattern = RelativePattern {
            base_uri: OneOf::Right(folder),
            pattern: "**/*".to_owned(),
        };
        self.register(
            registration_id(manifest),
            vec![GlobPattern::Relative(pattern)],
        );
    }

    /// Ends [`Self::watch_package`].
    pub(super) fn unwatch_package(&self, open: &OpenManifest, manifest: &Uri) {
        if !open.watched {
            return;
        }
        let answer = self.client.request::<UnregisterCapability>(
            UnregistrationParams {
                unregisterations: vec![Unregistration {
                    id: registration_id(manifest),
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

/// One for each manifest, so that it can be taken back.
fn registration_id(manifest: &Uri) -> String {
    format!("ksext.package:{}", manifest.as_str())
}
