//! What several rules need.

pub(super) mod conditions;
pub(super) mod deletion;
pub(super) mod dependencies;
pub(super) mod documents;
pub(super) mod globals;
pub(super) mod ignoring;
pub(super) mod image;
pub(super) mod images;
pub(super) mod keys;
pub(super) mod languages;
pub(super) mod listing;
pub(super) mod people;
pub(super) mod permissions;
pub(super) mod problems;
pub(super) mod read;
pub(super) mod required;
pub(super) mod scalar;
pub(super) mod spelling;
pub(super) mod static_directory;
pub(super) mod unread;
pub(super) mod upload_url;
pub(super) mod yaml_words;
