//! What the cloud knows and how it changes: extensions, snapshots, files. Pure state; HTTP is in `api`, `charts` and `review`.
//!
//! Documented: a push makes a draft, submitting makes it `submitted`, approval makes the snapshot `active` and the
//! extension `ready`, withdrawing makes it a draft again (ksbuilder's README and the extension development guide).
//! *Assumed*, since nothing public tells: the status `rejected`, every refusal below, the page size, what becomes of a version
//! that is pushed over. `server/docs/sandbox.md` has the whole list.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::package::{self, Contents, Unreadable};
use crate::refusal::Refusal;

/// The documented limit of a packed extension, in bytes. That the cloud answers 413 above it is *assumed*.
pub(crate) const MAX_PACKAGE: usize = 1_048_576;

/// Ids are 18 digits, like the real ones.
const FIRST_ID: u64 = 516_955_082_000_000_000;

/// How many extensions one answer of a search holds; *assumed*.
const PER_PAGE: usize = 20;

/// Everything that a restart would have to bring back.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Cloud {
    issued: u64,
    extensions: BTreeMap<String, Extension>,
    /// By id; all ids have the same length, so this is the order of creation too.
    snapshots: BTreeMap<String, Snapshot>,
    /// By the path it was uploaded to.
    files: BTreeMap<String, Blob>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Extension {
    pub(crate) id: String,
    pub(crate) name: String,
    owner: String,
    pub(crate) latest_version: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pub(crate) id: String,
    pub(crate) extension: String,
    pub(crate) version: String,
    pub(crate) status: Status,
    /// RFC 3339, UTC.
    pub(crate) updated_at: String,
    /// What the reviewer wrote with the last decision.
    pub(crate) reason: Option<String>,
    pub(crate) package: Blob,
    /// How often the status has changed.
    #[serde(default)]
    pub(crate) turn: u64,
    /// The package, unpacked when somebody first looks.
    #[serde(skip)]
    contents: Arc<OnceLock<Result<Contents, Unreadable>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Draft,
    Submitted,
    Active,
    /// *Assumed*; no public source names the status of a refused snapshot.
    Rejected,
}

/// Uploaded content. The number names it on disk.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Blob {
    pub(crate) number: u64,
    #[serde(skip)]
    pub(crate) bytes: Bytes,
    /// Whether the disk has it under this number.
    #[serde(skip)]
    pub(crate) kept: bool,
}

/// One uploaded package and the wishes in its query.
pub(crate) struct Push<'a> {
    pub(crate) user: &'a str,
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    pub(crate) package: Bytes,
    /// Replace a snapshot of the same version.
    pub(crate) force: bool,
    /// Create the extension if it is new.
    pub(crate) create: bool,
}

/// What a search asks for; pages count from 1.
pub(crate) struct Query {
    pub(crate) owners: Vec<String>,
    pub(crate) statuses: Vec<String>,
    pub(crate) page: usize,
}

/// One page of a search.
pub(crate) struct Page<'a> {
    pub(crate) rows: Vec<&'a Extension>,
    pub(crate) page: usize,
    pub(crate) per_page: usize,
    pub(crate) total: usize,
}

impl Blob {
    fn new(number: u64, bytes: Bytes) -> Self {
        Self {
            number,
            bytes,
            kept: false,
        }
    }
}

impl Extension {
    pub(crate) fn status(&self) -> &'static str {
        if self.latest_version.is_some() {
            "ready"
        } else {
            "draft"
        }
    }
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Active => "active",
            Self::Rejected => "rejected",
        }
    }
}

impl Cloud {
    /// Takes a package as a draft; a snapshot of the same version is replaced, keeps its id and is a draft too, even if it was
    /// active (*assumed*).
    pub(crate) fn push(&mut self, push: Push<'_>) -> Result<String, Refusal> {
        let Push {
            user,
            name,
            version,
            ..
        } = push;
        if push.package.len() > MAX_PACKAGE {
            let size = push.package.len();
            return Err(Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("package of {size} bytes exceeds the limit of {MAX_PACKAGE} bytes"),
            ));
        }
        match self.extensions.get(name) {
            Some(extension) if extension.owner != user => return Err(Refusal::forbidden()),
            None if !push.create => return Err(unknown_extension(name)),
            _ => {}
        }
        let former = self
            .of_version(name, version)
            .map(|snapshot| snapshot.id.clone());
        if former.is_some() && !push.force {
            return Err(Refusal::conflict(format!(
                "version {version} of {name} already exists"
            )));
        }
        if !self.extensions.contains_key(name) {
            let extension = Extension {
                id: self.next_id().to_string(),
                name: name.to_owned(),
                owner: user.to_owned(),
                latest_version: None,
            };
            self.extensions.insert(name.to_owned(), extension);
        }
        let number = self.next_id();
        let id = former.unwrap_or_else(|| number.to_string());
        let snapshot = Snapshot {
            id: id.clone(),
            extension: name.to_owned(),
            version: version.to_owned(),
            status: Status::Draft,
            updated_at: now(),
            reason: None,
            package: Blob::new(number, push.package),
            turn: 0,
            contents: Arc::default(),
        };
        self.snapshots.insert(id.clone(), snapshot);
        Ok(id)
    }

    /// Keeps an icon or screenshot.
    pub(crate) fn put_file(&mut self, path: String, bytes: Bytes) {
        let number = self.next_id();
        self.files.insert(path, Blob::new(number, bytes));
    }

    pub(crate) fn file(&self, path: &str) -> Option<Bytes> {
        self.files.get(path).map(|blob| blob.bytes.clone())
    }

    /// Hands a snapshot to the reviewer; an active one is refused (*assumed*).
    pub(crate) fn submit(&mut self, user: &str, id: &str) -> Result<(), Refusal> {
        let snapshot = self.owned(user, id)?;
        if snapshot.status == Status::Active {
            return Err(Refusal::conflict(format!(
                "snapshot {id} is active already"
            )));
        }
        snapshot.become_(Status::Submitted, None);
        Ok(())
    }

    pub(crate) fn cancel_submit(&mut self, user: &str, id: &str) -> Result<(), Refusal> {
        self.owned(user, id)?;
        self.decide(id, Status::Draft, None)
    }

    /// Publishes a snapshot. The version approved last is the published one (*assumed*), even if it is not the highest.
    pub(crate) fn approve(&mut self, id: &str, reason: Option<String>) -> Result<(), Refusal> {
        self.decide(id, Status::Active, reason)?;
        let Snapshot {
            extension, version, ..
        } = &self.snapshots[id];
        if let Some(extension) = self.extensions.get_mut(extension) {
            extension.latest_version = Some(version.clone());
        }
        Ok(())
    }

    pub(crate) fn reject(&mut self, id: &str, reason: Option<String>) -> Result<(), Refusal> {
        self.decide(id, Status::Rejected, reason)
    }

    pub(crate) fn search(&self, query: &Query) -> Page<'_> {
        let wanted = |extension: &&Extension| {
            query.owners.contains(&extension.owner)
                && query
                    .statuses
                    .iter()
                    .any(|status| status == "*" || status == extension.status())
        };
        let all: Vec<_> = self.extensions.values().filter(wanted).collect();
        let total = all.len();
        let first = (query.page.max(1) - 1).saturating_mul(PER_PAGE);
        Page {
            rows: all.into_iter().skip(first).take(PER_PAGE).collect(),
            page: query.page.max(1),
            per_page: PER_PAGE,
            total,
        }
    }

    pub(crate) fn extension(&self, name: &str) -> Result<&Extension, Refusal> {
        self.extensions
            .get(name)
            .ok_or_else(|| unknown_extension(name))
    }

    /// The snapshots of one extension, oldest first.
    pub(crate) fn snapshots_of(&self, name: &str) -> Result<Vec<&Snapshot>, Refusal> {
        self.extension(name)?;
        Ok(self
            .snapshots()
            .filter(|snapshot| snapshot.extension == name)
            .collect())
    }

    pub(crate) fn locate(&self, name: &str, version: &str) -> Result<&Snapshot, Refusal> {
        self.extension(name)?;
        self.of_version(name, version)
            .ok_or_else(|| Refusal::not_found(format!("version {version} of {name} not found")))
    }

    pub(crate) fn snapshot(&self, id: &str) -> Result<&Snapshot, Refusal> {
        self.snapshots.get(id).ok_or_else(|| unknown_snapshot(id))
    }

    /// Every snapshot, oldest first.
    pub(crate) fn snapshots(&self) -> impl Iterator<Item = &Snapshot> {
        self.snapshots.values()
    }

    /// All content, for the disk to write and to bring back.
    pub(crate) fn blobs(&mut self) -> impl Iterator<Item = &mut Blob> {
        let packages = self
            .snapshots
            .values_mut()
            .map(|snapshot| &mut snapshot.package);
        packages.chain(self.files.values_mut())
    }

    fn of_version(&self, name: &str, version: &str) -> Option<&Snapshot> {
        self.snapshots()
            .find(|snapshot| snapshot.extension == name && snapshot.version == version)
    }

    fn owned(&mut self, user: &str, id: &str) -> Result<&mut Snapshot, Refusal> {
        let snapshot = self
            .snapshots
            .get_mut(id)
            .ok_or_else(|| unknown_snapshot(id))?;
        match self.extensions.get(&snapshot.extension) {
            Some(extension) if extension.owner == user => Ok(snapshot),
            _ => Err(Refusal::forbidden()),
        }
    }

    /// What may happen to a submitted snapshot only; that others are refused is *assumed*.
    fn decide(&mut self, id: &str, status: Status, reason: Option<String>) -> Result<(), Refusal> {
        let snapshot = self
            .snapshots
            .get_mut(id)
            .ok_or_else(|| unknown_snapshot(id))?;
        if snapshot.status != Status::Submitted {
            let status = snapshot.status.as_str();
            return Err(Refusal::conflict(format!(
                "snapshot {id} is {status}, not submitted"
            )));
        }
        snapshot.become_(status, reason);
        Ok(())
    }

    fn next_id(&mut self) -> u64 {
        self.issued += 1;
        FIRST_ID + self.issued
    }
}

impl Snapshot {
    /// What is in its package.
    pub(crate) fn contents(&self) -> Result<&Contents, &Unreadable> {
        let read = || package::read(&self.package.bytes);
        self.contents.get_or_init(read).as_ref()
    }

    /// What the archive is called in a Helm repository.
    pub(crate) fn archive(&self) -> String {
        format!("{}-{}.tgz", self.extension, self.version)
    }

    fn become_(&mut self, status: Status, reason: Option<String>) {
        self.status = status;
        self.turn += 1;
        self.reason = reason;
        self.updated_at = now();
    }
}

fn unknown_extension(name: &str) -> Refusal {
    Refusal::not_found(format!("extension {name} not found"))
}

fn unknown_snapshot(id: &str) -> Refusal {
    Refusal::not_found(format!("snapshot {id} not found"))
}

/// This moment to the second, RFC 3339, UTC.
pub(crate) fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(cloud: &mut Cloud, user: &str, name: &str, version: &str) -> Result<String, Refusal> {
        cloud.push(Push {
            user,
            name,
            version,
            package: Bytes::from_static(b"x"),
            force: true,
            create: true,
        })
    }

    #[test]
    fn a_version_goes_its_way_through_the_review() {
        let mut cloud = Cloud::default();
        let id = push(&mut cloud, "u", "demo", "1.0.0").unwrap();
        let status = |cloud: &Cloud| {
            (
                cloud.snapshot(&id).unwrap().status,
                cloud.extension("demo").unwrap().status(),
            )
        };
        assert_eq!(status(&cloud), (Status::Draft, "draft"));
        assert_eq!(
            cloud.approve(&id, None).unwrap_err().status,
            StatusCode::CONFLICT
        );
        cloud.submit("u", &id).unwrap();
        cloud.cancel_submit("u", &id).unwrap();
        assert_eq!(status(&cloud), (Status::Draft, "draft"));
        cloud.submit("u", &id).unwrap();
        cloud.reject(&id, Some("图标不清晰".to_owned())).unwrap();
        assert_eq!(status(&cloud), (Status::Rejected, "draft"));
        assert_eq!(
            cloud.snapshot(&id).unwrap().reason.as_deref(),
            Some("图标不清晰")
        );
        cloud.submit("u", &id).unwrap();
        cloud.approve(&id, None).unwrap();
        assert_eq!(status(&cloud), (Status::Active, "ready"));
        assert_eq!(
            cloud.submit("u", &id).unwrap_err().status,
            StatusCode::CONFLICT
        );
    }

    #[test]
    fn a_second_push_replaces_the_draft_and_what_is_published_stays() {
        let mut cloud = Cloud::default();
        let id = push(&mut cloud, "u", "demo", "1.0.0").unwrap();
        cloud.submit("u", &id).unwrap();
        cloud.approve(&id, None).unwrap();
        assert_eq!(push(&mut cloud, "u", "demo", "1.0.0").unwrap(), id);
        assert_eq!(cloud.snapshot(&id).unwrap().status, Status::Draft);
        assert_eq!(
            cloud.extension("demo").unwrap().latest_version.as_deref(),
            Some("1.0.0")
        );
        assert_ne!(push(&mut cloud, "u", "demo", "1.0.1").unwrap(), id);
    }

    #[test]
    fn one_user_cannot_touch_what_is_anothers() {
        let mut cloud = Cloud::default();
        let id = push(&mut cloud, "u", "demo", "1.0.0").unwrap();
        assert_eq!(
            push(&mut cloud, "v", "demo", "1.0.1"),
            Err(Refusal::forbidden())
        );
        assert_eq!(cloud.submit("v", &id), Err(Refusal::forbidden()));
        cloud.submit("u", &id).unwrap();
        assert_eq!(cloud.cancel_submit("v", &id), Err(Refusal::forbidden()));
    }

    #[test]
    fn pages_count_from_one() {
        let mut cloud = Cloud::default();
        for number in 0..PER_PAGE + 1 {
            push(&mut cloud, "u", &format!("demo{number:02}"), "1.0.0").unwrap();
        }
        let rows = |page, status: &str| {
            let query = Query {
                owners: vec!["u".to_owned()],
                statuses: vec![status.to_owned()],
                page,
            };
            (cloud.search(&query).rows.len(), cloud.search(&query).total)
        };
        assert_eq!(rows(1, "*"), (PER_PAGE, PER_PAGE + 1));
        assert_eq!(rows(2, "draft"), (1, PER_PAGE + 1));
        assert_eq!(rows(3, "*"), (0, PER_PAGE + 1));
        assert_eq!(rows(usize::MAX, "*").0, 0);
        assert_eq!(rows(1, "ready"), (0, 0));
    }
}
