//! The machine that ksext runs on: the only module that touches the disk.

pub(crate) mod credentials;
pub(crate) mod disk;
pub(crate) mod environment;
pub(crate) mod file_uri;
pub(crate) mod files;
pub(crate) mod kept;
pub(crate) mod locale;
pub(crate) mod log;
pub(crate) mod programs;
pub(crate) mod terminal;
pub(crate) mod threads;
pub(crate) mod watcher;
