//! What a push has done on a server, noted step by step for the push that follows one that was cut
//! off. A push that comes to its end, or that the server refuses, forgets it.
//!
//! What is noted is a matter of comfort and no secret: who reads it learns the addresses of pictures.

use std::collections::BTreeMap;

use ksext_cloud::{Server, Snapshot, SnapshotId, User, is_web_address};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::alone::hex;
use super::there::There;
use super::uploads::Upload;
use crate::host::kept::Kept;

/// How long it counts, in seconds: later nobody knows who else has pushed.
const COUNTS_FOR: i64 = 24 * 3600;
/// How far the server's clock may be ahead of ours, in seconds.
const CLOCKS_DIFFER: i64 = 120;

/// The notes about one version, of one account on one server.
pub(super) struct Journal {
    kept: Option<Kept>,
    file: String,
    notes: Notes,
}

/// Whose notes they are, and what is noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Notes {
    server: String,
    user: String,
    name: String,
    version: String,
    /// Seconds since 1970 of the newest note.
    at: i64,
    /// The uploaded files by their names at the cloud.
    files: BTreeMap<String, File>,
    package: Option<Package>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct File {
    sha256: String,
    url: String,
}

/// A package that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Package {
    sha256: String,
    /// The cloud's id of it, if the cloud's answer was heard.
    snapshot: Option<String>,
    /// Whether nothing was there of this version before it was sent.
    is_first: bool,
}

impl Journal {
    /// The notes about a version, if there are any that count.
    pub(super) fn open(
        kept: Option<&Kept>,
        server: &Server,
        user: &User,
        (name, version): (&str, &str),
    ) -> Self {
        let empty = Notes {
            server: server.as_str().to_owned(),
            user: user.id.clone(),
            name: name.to_owned(),
            version: version.to_owned(),
            at: now(),
            files: BTreeMap::new(),
            package: None,
        };
        let subject = [&empty.server, &empty.user, &empty.name, &empty.version];
        let subject = serde_json::to_vec(&subject).unwrap_or_default();
        let file = format!("push-{}.json", &hex(&Sha256::digest(subject))[..32]);
        let noted = kept
            .and_then(|kept| kept.read(&file))
            .and_then(|bytes| serde_json::from_slice::<Notes>(&bytes).ok())
            .filter(|notes| notes.are_about(&empty) && notes.count_at(empty.at));
        Self {
            kept: kept.cloned(),
            file,
            notes: noted.unwrap_or(empty),
        }
    }

    /// The address at which exactly this file is, for a push of this version.
    pub(super) fn url_of(&self, upload: &Upload) -> Option<String> {
        let file = self.notes.files.get(&upload.remote_name)?;
        let is_it = file.sha256 == sum(&upload.bytes) && is_web_address(&file.url);
        is_it.then(|| file.url.clone())
    }

    /// Whether a package was sent.
    pub(super) fn has_package(&self) -> bool {
        self.notes.package.is_some()
    }

    /// The version that is `there`, if it is exactly this archive: sent by the push that was cut off,
    /// and not replaced since.
    pub(super) fn arrived<'t>(&self, archive: &[u8], there: &'t There) -> Option<&'t Snapshot> {
        let There::Version(snapshot) = there else {
            return None;
        };
        let sent = self.notes.package.as_ref()?;
        let is_ours = match &sent.snapshot {
            Some(id) => id == snapshot.id.as_str(),
            None => sent.is_first,
        };
        let updated_at = snapshot.updated_at.as_ref()?;
        let updated_at: jiff::Timestamp = updated_at.parse().ok()?;
        let is_untouched = updated_at.as_second() <= self.notes.at + CLOCKS_DIFFER;
        (is_ours && is_untouched && sent.sha256 == sum(archive)).then_some(snapshot)
    }

    /// Notes files that were uploaded.
    pub(super) fn note_files<'u>(&mut self, files: impl Iterator<Item = (&'u Upload, &'u String)>) {
        for (upload, url) in files {
            let file = File {
                sha256: sum(&upload.bytes),
                url: url.clone(),
            };
            self.notes.files.insert(upload.remote_name.clone(), file);
        }
        self.save();
    }

    /// Notes that a package is about to be sent to where this is `there`.
    pub(super) fn note_sending(&mut self, archive: &[u8], there: &There) {
        self.notes.package = Some(Package {
            sha256: sum(archive),
            snapshot: None,
            is_first: *there == There::Nothing,
        });
        self.save();
    }

    /// Notes that the cloud has it.
    pub(super) fn note_package(&mut self, snapshot: &SnapshotId) {
        if let Some(package) = &mut self.notes.package {
            package.snapshot = Some(snapshot.to_string());
        }
        self.save();
    }

    /// Forgets everything.
    pub(super) fn forget(&mut self) {
        self.notes.files.clear();
        self.notes.package = None;
        let removed = self.kept.as_ref().map(|kept| kept.remove(&self.file));
        if let Some(Err(error)) = removed {
            tracing::warn!(%error, "the notes about a finished push are still there");
        }
    }

    fn save(&mut self) {
        self.notes.at = now();
        let Some(kept) = &self.kept else { return };
        // Texts and numbers, which JSON can always hold.
        let bytes = serde_json::to_vec(&self.notes).unwrap_or_default();
        if let Err(error) = kept.write(&self.file, &bytes) {
            tracing::warn!(%error, "what was uploaded cannot be noted");
        }
    }
}

impl Notes {
    fn are_about(&self, other: &Self) -> bool {
        let subject = |notes: &Self| {
            let Notes { server, user, .. } = notes.clone();
            (server, user, notes.name.clone(), notes.version.clone())
        };
        subject(self) == subject(other)
    }

    fn count_at(&self, now: i64) -> bool {
        (0..=COUNTS_FOR).contains(&now.saturating_sub(self.at))
    }
}

fn sum(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

#[cfg(test)]
mod tests {
    use ksext_core::package::local::Field;

    use super::*;

    const URL: &str = "https://files.example/u/demo/1.0.0/logo.svg";

    fn open(kept: &Kept, server: &str, user: &str, version: &str) -> Journal {
        let server = Server::parse(server).expect("an address");
        let user = User {
            id: user.to_owned(),
            name: None,
        };
        Journal::open(Some(kept), &server, &user, ("demo", version))
    }

    fn logo(content: &str) -> Upload {
        Upload {
            field: Field::Icon,
            path: "logo.svg".into(),
            remote_name: "logo.svg".to_owned(),
            bytes: content.into(),
        }
    }

    fn version(id: &str, updated_at: &str) -> There {
        There::Version(Snapshot {
            id: SnapshotId::new(id),
            version: "1.0.0".to_owned(),
            status: "draft".to_owned(),
            updated_at: Some(updated_at.to_owned()),
            reason: None,
        })
    }

    #[test]
    fn a_file_counts_for_its_bytes_and_its_version_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path());
        let ours = || open(&kept, "https://a.example", "u-1", "1.0.0");
        assert_eq!(ours().url_of(&logo("<svg/>")), None);
        ours().note_files([(&logo("<svg/>"), &URL.to_owned())].into_iter());
        assert_eq!(ours().url_of(&logo("<svg/>")).as_deref(), Some(URL));
        assert_eq!(ours().url_of(&logo("<svg> </svg>")), None);
        for (server, user, version) in [
            ("https://b.example", "u-1", "1.0.0"),
            ("https://a.example", "u-2", "1.0.0"),
            ("https://a.example", "u-1", "1.0.1"),
        ] {
            let other = open(&kept, server, user, version);
            assert_eq!(
                other.url_of(&logo("<svg/>")),
                None,
                "{server} {user} {version}"
            );
        }
        ours().forget();
        assert_eq!(ours().url_of(&logo("<svg/>")), None);
        ours().note_files([(&logo("<svg/>"), &"javascript:alert(1)".to_owned())].into_iter());
        assert_eq!(
            ours().url_of(&logo("<svg/>")),
            None,
            "no address of the web"
        );
    }

    #[test]
    fn notes_of_others_or_of_old_count_for_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path());
        let ours = || open(&kept, "https://a.example", "u-1", "1.0.0");
        for spoil in [
            |notes: &mut Notes| notes.user = "u-2".to_owned(),
            |notes: &mut Notes| notes.server = "https://b.example".to_owned(),
            |notes: &mut Notes| notes.at -= COUNTS_FOR + 60,
            |notes: &mut Notes| notes.at += 3600,
        ] {
            let mut journal = ours();
            journal.note_files([(&logo("<svg/>"), &URL.to_owned())].into_iter());
            let mut notes = journal.notes.clone();
            spoil(&mut notes);
            let bytes = serde_json::to_vec(&notes).expect("JSON");
            kept.write(&journal.file, &bytes).expect("written");
            assert_eq!(ours().url_of(&logo("<svg/>")), None, "{notes:?}");
        }
        kept.write(&ours().file, b"{\"server\": 1")
            .expect("written");
        assert_eq!(ours().url_of(&logo("<svg/>")), None);
    }

    #[test]
    fn a_package_has_arrived_if_what_is_there_is_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path());
        let mut journal = open(&kept, "https://a.example", "u-1", "1.0.0");
        let (old, new) = ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
        let check = |journal: &Journal, archive: &[u8], there: &There, expected: bool| {
            assert_eq!(
                journal.arrived(archive, there).is_some(),
                expected,
                "{there:?}"
            );
        };
        check(&journal, b"x", &version("5", old), false);
        journal.note_sending(b"x", &There::Nothing);
        check(&journal, b"x", &There::Nothing, false);
        check(&journal, b"x", &There::Unknown, false);
        check(&journal, b"x", &version("5", old), true);
        check(&journal, b"y", &version("5", old), false);
        check(&journal, b"x", &version("5", new), false);
        journal.note_sending(b"x", &version("5", old));
        check(&journal, b"x", &version("5", old), false);
        journal.note_package(&SnapshotId::new("5"));
        check(&journal, b"x", &version("5", old), true);
        check(&journal, b"x", &version("6", old), false);
    }
}
