//! The machine that ksext runs on: the only module that touches the disk.

pub(crate) mod disk;
pub(crate) mod locale;
