//! What several rules need.

pub(super) mod ignoring;
pub(super) mod image;
pub(super) mod listing;
pub(super) mod problems;
pub(super) mod spelling;
pub(super) mod static_directory;
pub(super) mod yaml_words;
