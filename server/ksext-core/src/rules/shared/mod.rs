//! What several rules need.

pub(super) mod conditions;
pub(super) mod dependencies;
pub(super) mod globals;
pub(super) mod ignoring;
pub(super) mod image;
pub(super) mod images;
pub(super) mod permissions;
pub(super) mod problems;
pub(super) mod spelling;
pub(super) mod yaml_words;
