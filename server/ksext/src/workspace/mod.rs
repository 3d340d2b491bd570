//! The packages that a user works on: where they are, what they are made of, what is set for them.

mod discovery;
mod frozen;
mod locate;
mod package;
mod settings;

pub(crate) use discovery::{Found, Seen, find, misnamed_manifest, packages_below};
pub(crate) use locate::{LocateError, folder_of, locate};
pub(crate) use package::{MAX_MANIFEST, Package};
pub(crate) use settings::{FILE_NAME as SETTINGS_FILE, ProjectSettings, SettingsFile};
