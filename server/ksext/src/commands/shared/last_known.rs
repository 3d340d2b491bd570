//! What was last heard of reviews, kept for the time without a network. It may be lost at any time, and
//! holds nothing but what the cloud answered: no key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commands::{Session, status, work};
use crate::host::kept::Kept;

/// The file that all of it is kept in.
const FILE: &str = "reviews.json";
/// Held while that file is changed.
const LOCK: &str = "reviews.lock";
/// So many extensions are kept; those heard of longest ago are forgotten first.
const MOST: usize = 200;
/// The most versions of one extension that are kept: the newest.
const MOST_VERSIONS: usize = 30;
/// The most bytes that are kept.
const MOST_BYTES: usize = 1 << 20;

/// The last answer about an extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastKnown {
    /// The server that was asked.
    pub(crate) server: String,
    /// The cloud's id of whom it answered; `None` where nobody knows.
    pub(crate) account: Option<String>,
    /// The `name` of extension.yaml.
    pub(crate) name: String,
    /// When it answered, in seconds since 1970.
    pub(crate) heard_at: i64,
    /// What it answered; `None` for an extension that was never pushed.
    pub(crate) extension: Option<status::Answer>,
}

impl LastKnown {
    /// What was heard just now.
    pub(crate) fn now(
        server: &str,
        account: Option<&str>,
        name: &str,
        extension: Option<status::Answer>,
    ) -> Self {
        Self {
            server: server.to_owned(),
            account: account.map(str::to_owned),
            name: name.to_owned(),
            heard_at: Timestamp::now().as_second(),
            extension,
        }
    }

    /// Whether both are about the same extension in the same eyes.
    fn is_about(&self, server: &str, account: Option<&str>, name: &str) -> bool {
        let same_account = account.is_none() || self.account.as_deref() == account;
        self.server == server && self.name == name && same_account
    }
}

/// What was last heard of `name` at `server`, by `account` or, without one, by anybody.
pub(crate) async fn recall(
    session: &Session,
    server: &str,
    account: Option<&str>,
    name: &str,
) -> Option<LastKnown> {
    let kept = session.kept()?.clone();
    let wanted = (
        server.to_owned(),
        account.map(str::to_owned),
        name.to_owned(),
    );
    let read = work::aside(move |_| {
        let (server, account, name) = &wanted;
        Ok(newest(read(&kept), server, account.as_deref(), name))
    });
    read.await.ok().flatten()
}

/// Keeps it. That it cannot be kept is no matter.
pub(crate) async fn keep(session: &Session, heard: LastKnown) {
    let Some(kept) = session.kept().cloned() else {
        return;
    };
    let done = work::aside(move |_| {
        if let Err(error) = write(&kept, heard) {
            tracing::info!(%error, "what was heard of the review is not kept");
        }
        Ok(())
    });
    // Only the end of the program refuses.
    let _ = done.await;
}

/// Forgets all of it. That it cannot be forgotten is no matter: it is the user's alone.
pub(crate) async fn forget(session: &Session) {
    let Some(kept) = session.kept().cloned() else {
        return;
    };
    let done = work::aside(move |_| {
        if let Err(error) = kept.remove(FILE) {
            tracing::info!(%error, "what was heard of reviews is not forgotten");
        }
        Ok(())
    });
    // Only the end of the program refuses.
    let _ = done.await;
}

fn read(kept: &Kept) -> Vec<LastKnown> {
    let bytes = kept.read(FILE).unwrap_or_default();
    // Another version of this program may have written it otherwise; then nothing is known.
    let mut all: Vec<LastKnown> = serde_json::from_slice(&bytes).unwrap_or_default();
    all.truncate(MOST);
    all
}

fn newest(
    all: Vec<LastKnown>,
    server: &str,
    account: Option<&str>,
    name: &str,
) -> Option<LastKnown> {
    let about = all.into_iter();
    about
        .filter(|known| known.is_about(server, account, name))
        .max_by_key(|known| known.heard_at)
}

fn write(kept: &Kept, mut heard: LastKnown) -> std::io::Result<()> {
    // Another process is writing: of what both know, one is as good as the other.
    let Some(_guard) = kept.lock(LOCK)? else {
        return Ok(());
    };
    if let Some(extension) = &mut heard.extension {
        extension.keep_newest(MOST_VERSIONS);
    }
    let mut all = read(kept);
    all.retain(|known| {
        known.account != heard.account || !known.is_about(&heard.server, None, &heard.name)
    });
    all.insert(0, heard);
    all.truncate(MOST);
    kept.write(FILE, &bounded(all)?)
}

/// The newest of it as JSON, of bounded length.
fn bounded(mut all: Vec<LastKnown>) -> serde_json::Result<Vec<u8>> {
    loop {
        let bytes = serde_json::to_vec(&all)?;
        if bytes.len() <= MOST_BYTES || all.is_empty() {
            return Ok(bytes);
        }
        all.truncate(all.len() / 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(account: Option<&str>, name: &str, heard_at: i64, status: &str) -> LastKnown {
        let snapshot = status::Snapshot {
            id: "5".to_owned(),
            version: "1.0.0".to_owned(),
            status: status.to_owned(),
            updated_at: None,
            reason: None,
        };
        LastKnown {
            heard_at,
            ..LastKnown::now(
                "https://a",
                account,
                name,
                Some(status::Answer::of(name, vec![snapshot])),
            )
        }
    }

    fn state(kept: &Kept, account: Option<&str>, name: &str) -> Option<String> {
        let known = newest(read(kept), "https://a", account, name)?;
        Some(known.extension?.snapshots[0].status.clone())
    }

    #[test]
    fn the_last_answer_counts_for_each_account() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path().join("ksext"));
        for (account, name, at, status) in [
            (Some("u-1"), "观测", 1, "draft"),
            (Some("u-1"), "观测", 2, "submitted"),
            (Some("u-2"), "观测", 3, "active"),
            (None, "other", 4, "rejected"),
        ] {
            write(&kept, heard(account, name, at, status)).expect("kept");
        }
        for (account, name, expected) in [
            (Some("u-1"), "观测", Some("submitted")),
            (Some("u-2"), "观测", Some("active")),
            (None, "观测", Some("active")),
            (Some("u-1"), "other", None),
            (None, "other", Some("rejected")),
            (None, "none", None),
        ] {
            let seen = state(&kept, account, name);
            assert_eq!(seen.as_deref(), expected, "{account:?} {name}");
        }
        assert_eq!(read(&kept).len(), 3);
        assert_eq!(newest(read(&kept), "https://b", None, "观测"), None);
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_broken_is_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path());
        for number in 0..MOST + 5 {
            let name = format!("e{number}");
            write(&kept, heard(None, &name, 1, "draft")).expect("kept");
        }
        assert_eq!(read(&kept).len(), MOST);
        assert_eq!(state(&kept, None, "e0"), None);
        let long = "长".repeat(MOST_BYTES);
        write(&kept, heard(None, "long", 1, &long)).expect("kept");
        assert!(kept.read(FILE).expect("a file").len() <= MOST_BYTES);
        kept.write(FILE, b"[{\"server\":").expect("written");
        assert_eq!(read(&kept), []);
    }
}
