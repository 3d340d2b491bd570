//! What several rules need.

pub(super) mod deletion;
pub(super) mod ignoring;
pub(super) mod image;
pub(super) mod keys;
pub(super) mod problems;
pub(super) mod read;
pub(super) mod required;
pub(super) mod spelling;
pub(super) mod unread;
pub(super) mod yaml_words;
