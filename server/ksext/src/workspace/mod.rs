//! The packages that a user works on: where they are, what they are made of, what is set for them.

mod discovery;
mod locate;
mod package;
mod settings;

pub(crate) use discovery::{Found, find, misnamed_manifest};
pub(crate) use locate::{LocateError, locate};
pub(crate) use package::Package;
pub(crate) use settings::{FILE_NAME as SETTINGS_FILE, ProjectSettings};
