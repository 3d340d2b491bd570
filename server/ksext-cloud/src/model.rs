//! What the cloud tells about users, extensions and snapshots, as plain data; how it looks on the wire stays in `wire`.

use std::fmt;

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The id that stands in the paths of the user's own calls; never empty.
    pub id: String,
    /// The display name, where the cloud gives one.
    pub name: Option<String>,
}

/// One extension as the cloud lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The cloud's id, digits.
    pub id: String,
    /// The `name` of extension.yaml.
    pub name: String,
    /// Open text; seen are `draft` and `ready` (a version was approved).
    pub status: String,
    /// The newest approved version.
    pub latest_version: Option<String>,
}

/// One uploaded version of an extension and where it stands in the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// What submit and cancel-submit take.
    pub id: SnapshotId,
    /// The version in the package.
    pub version: String,
    /// Open text; seen are `draft`, `submitted` and `active` (approved).
    pub status: String,
    /// Last change, RFC 3339, kept as the cloud wrote it.
    pub updated_at: Option<String>,
    /// What the reviewers say of their decision. Only the sandbox is known to tell.
    pub reason: Option<String>,
}

/// The cloud's id of a snapshot. The real cloud gives 18 digits; any text is carried unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SnapshotId(String);

impl SnapshotId {
    /// Takes an id as the cloud or a user wrote it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file to be uploaded beside the package: the icon or a screenshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadFile {
    /// The file's name without folders. The cloud keeps one file per extension, version and base
    /// name, so a second one of that name replaces the first (ksbuilder, `pkg/cloud/cloud.go`).
    pub base_name: String,
    /// The content.
    pub bytes: Vec<u8>,
}
