//! What the cloud has of a version, before a push and after one that was cut off.

use std::time::Duration;

use ksext_cloud::{Client, ErrorKind, Snapshot};
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;

use crate::commands::{Refusal, state_word};

/// How long is waited for an answer that would be nice to have.
pub(super) const BEFORE: Duration = Duration::from_secs(15);
/// How long somebody waits to be told what became of a push.
pub(super) const AFTERWARDS: Duration = Duration::from_secs(5);

/// What the cloud has of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum There {
    /// It could not be asked, or did not answer in time.
    #[default]
    Unknown,
    /// Nothing.
    Nothing,
    /// This.
    Version(Snapshot),
}

/// Asks the cloud, `within` a time.
pub(super) async fn look(client: &Client, name: &str, version: &str, within: Duration) -> There {
    match tokio::time::timeout(within, client.locate(name, version)).await {
        Ok(Ok(snapshot)) => There::Version(snapshot),
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => There::Nothing,
        Ok(Err(error)) => {
            tracing::info!(%error, "what is there of {name} {version} is not known");
            There::Unknown
        }
        Err(_) => {
            tracing::info!("no answer in time about {name} {version}");
            There::Unknown
        }
    }
}

/// Asks the cloud where all depends on it.
///
/// # Errors
/// The cloud's.
pub(super) async fn ask(client: &Client, name: &str, version: &str) -> Result<There, Refusal> {
    match client.locate(name, version).await {
        Ok(snapshot) => Ok(There::Version(snapshot)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(There::Nothing),
        Err(error) => Err(error.into()),
    }
}

impl There {
    /// The version if it went further than a draft: others look at it, or have.
    pub(super) fn handed_in(&self) -> Option<&Snapshot> {
        match self {
            Self::Version(snapshot) if snapshot.status != "draft" => Some(snapshot),
            _ => None,
        }
    }

    /// What a push does to it, in a clause.
    pub(super) fn words(&self) -> Bilingual {
        match self {
            Self::Unknown => Bilingual::fixed(
                "whether this version is there already is not known",
                "该版本是否已存在尚不可知",
            ),
            Self::Nothing => Bilingual::fixed("this version is new there", "该版本尚未推送过"),
            Self::Version(snapshot) if snapshot.status == "draft" => Bilingual::fixed(
                "replaces the draft of this version that is there",
                "将替换已存在的该版本草稿",
            ),
            Self::Version(snapshot) => {
                let word = state_word(&snapshot.status);
                let (id, en, zh) = (&snapshot.id, &word.en, &word.zh);
                bilingual!(
                    "replaces this version, which is there already as snapshot {id}: {en}",
                    "将替换已存在的该版本（快照 {id}，{zh}）",
                )
            }
        }
    }

    /// What became of a package that was sent when this was there, and of which no answer came: as
    /// what it is there now, or that it is not; `None` if that cannot be told.
    pub(super) fn became(&self, now: &Self) -> Option<Option<Snapshot>> {
        match (self, now) {
            (_, Self::Nothing) => Some(None),
            (Self::Nothing, Self::Version(new)) => Some(Some(new.clone())),
            (Self::Version(old), Self::Version(new)) if old != new => Some(Some(new.clone())),
            // A time that stands still says that nothing was replaced.
            (Self::Version(old), Self::Version(_)) if old.updated_at.is_some() => Some(None),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use ksext_cloud::SnapshotId;

    use super::*;

    fn version(status: &str, updated_at: Option<&str>) -> There {
        There::Version(Snapshot {
            id: SnapshotId::new("5"),
            version: "1.0.0".to_owned(),
            status: status.to_owned(),
            updated_at: updated_at.map(str::to_owned),
            reason: None,
        })
    }

    #[test]
    fn what_is_new_afterwards_has_arrived() {
        let old = || version("draft", Some("2026-01-01T00:00:00Z"));
        let new = || version("draft", Some("2026-01-02T00:00:00Z"));
        let active = || version("active", None);
        for (before, now, arrived) in [
            (There::Nothing, new(), Some(true)),
            (There::Nothing, There::Nothing, Some(false)),
            (There::Nothing, There::Unknown, None),
            (old(), new(), Some(true)),
            (old(), old(), Some(false)),
            (active(), version("draft", None), Some(true)),
            (active(), active(), None),
            (There::Unknown, new(), None),
            (There::Unknown, There::Nothing, Some(false)),
        ] {
            let became = before.became(&now).map(|snapshot| snapshot.is_some());
            assert_eq!(became, arrived, "{before:?} {now:?}");
        }
    }
}
