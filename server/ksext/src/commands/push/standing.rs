//! How far a push came, so that whoever stops it is told what stands on the server.

use ksext_cloud::{Client, Server, SnapshotId};
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;

use super::there::{self, There};
use crate::commands::Refusal;

/// What a push has done so far.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// What is pushed where, once that is known.
    subject: Option<Subject>,
    pub(super) reached: Reached,
    /// Whether the version was taken back from the review for it.
    withdrawn: bool,
}

#[derive(Debug)]
struct Subject {
    client: Client,
    name: String,
    version: String,
    /// What was there before.
    before: There,
}

/// The last thing that is certain, or is being done.
#[derive(Debug, Default)]
pub(super) enum Reached {
    /// Nothing has left the machine but the key.
    #[default]
    Nothing,
    /// The version is being taken back from the review.
    Withdrawing,
    /// Files are being uploaded.
    SendingFiles {
        /// How many stand there at most.
        most: usize,
    },
    /// Files are there, the package is not.
    Files {
        /// How many.
        count: usize,
    },
    /// The package is being uploaded.
    SendingPackage {
        /// How many files are there.
        files: usize,
    },
    /// The package is there and not submitted.
    Draft {
        /// The cloud's id of it.
        snapshot: SnapshotId,
    },
    /// The package is there and being submitted.
    Submitting {
        /// The cloud's id of it.
        snapshot: SnapshotId,
    },
    /// All is done but asking.
    Submitted {
        /// The cloud's id of it.
        snapshot: SnapshotId,
    },
}

impl Standing {
    /// Notes what is pushed where, and what is there before.
    pub(super) fn begin(&mut self, client: &Client, name: &str, version: &str, before: &There) {
        self.subject = Some(Subject {
            client: client.clone(),
            name: name.to_owned(),
            version: version.to_owned(),
            before: before.clone(),
        });
    }

    /// Notes that the version was taken back from the review.
    pub(super) fn withdrawn(&mut self) {
        self.reached = Reached::Nothing;
        self.withdrawn = true;
    }

    /// Asks the cloud what became of a request that has no answer. Takes a few seconds at most.
    pub(super) async fn find_out(&mut self) {
        let is_open = matches!(
            self.reached,
            Reached::Withdrawing | Reached::SendingPackage { .. } | Reached::Submitting { .. }
        );
        let Some(subject) = self.subject.as_ref().filter(|_| is_open) else {
            return;
        };
        let (name, version) = (&subject.name, &subject.version);
        let now = there::look(&subject.client, name, version, there::AFTERWARDS).await;
        if matches!(self.reached, Reached::Withdrawing) {
            if matches!(&now, There::Version(_)) && now.handed_in().is_none() {
                self.withdrawn();
            }
            return;
        }
        if let Some(known) = known(&self.reached, &subject.before, &now) {
            self.reached = known;
        }
    }

    /// The refusal with what stands on the server, if anything does.
    pub(super) fn explain(&self, refusal: Refusal) -> Refusal {
        let Some(subject) = &self.subject else {
            return refusal;
        };
        let mut refusal = refusal.noting(&self.words(subject, subject.client.server()));
        let is_replaced = matches!(
            self.reached,
            Reached::Draft { .. } | Reached::Submitting { .. } | Reached::Submitted { .. }
        );
        if self.withdrawn && !is_replaced {
            let Subject { name, version, .. } = subject;
            refusal = refusal.noting(&bilingual!(
                "`{name}` {version} as it was there is withdrawn from review, a draft",
                "服务器上原有的 `{name}` {version} 已撤回审核，成为草稿",
            ));
        }
        match &self.reached {
            Reached::Draft { snapshot } => refusal.hinting(submit_hint(snapshot)),
            _ => refusal,
        }
    }

    fn words(&self, subject: &Subject, server: &Server) -> Bilingual {
        let Subject { name, version, .. } = subject;
        match &self.reached {
            Reached::Nothing | Reached::Withdrawing | Reached::Files { count: 0 } => bilingual!(
                "nothing was uploaded to {server}",
                "没有向 {server} 上传任何内容",
            ),
            Reached::SendingFiles { most } => bilingual!(
                "uploaded to {server} so far: up to {most} of icon and screenshots, no package",
                "目前已向 {server} 上传：图标和截图最多 {most} 个，扩展组件包尚未上传",
            ),
            Reached::Files { count } => bilingual!(
                "uploaded to {server} so far: {count} of icon and screenshots, no package",
                "目前已向 {server} 上传：图标和截图 {count} 个，扩展组件包尚未上传",
            ),
            Reached::SendingPackage { .. } => bilingual!(
                "whether the package arrived at {server} is not known; `ksext get {name}` tells",
                "扩展组件包是否已到达 {server} 尚不可知；请运行 `ksext get {name}` 查看",
            ),
            Reached::Draft { snapshot } => bilingual!(
                "`{name}` {version} stands on {server} as snapshot {snapshot}, a draft",
                "`{name}` {version} 已作为草稿存在于 {server}（快照 {snapshot}）",
            ),
            Reached::Submitting { snapshot } => bilingual!(
                "`{name}` {version} stands on {server} as snapshot {snapshot}; whether it was submitted is not known, `ksext get {name}` tells",
                "`{name}` {version} 已作为快照 {snapshot} 存在于 {server}；是否已提交审核尚不可知，请运行 `ksext get {name}` 查看",
            ),
            Reached::Submitted { snapshot } => bilingual!(
                "`{name}` {version} was submitted to {server} as snapshot {snapshot}",
                "`{name}` {version} 已作为快照 {snapshot} 提交到 {server}",
            ),
        }
    }
}

/// What is certain after a request without an answer, by what was there before and what is now.
fn known(reached: &Reached, before: &There, now: &There) -> Option<Reached> {
    match reached {
        Reached::SendingPackage { files } => Some(match before.became(now)? {
            Some(new) => Reached::Draft { snapshot: new.id },
            None => Reached::Files { count: *files },
        }),
        Reached::Submitting { snapshot } => {
            let There::Version(found) = now else {
                return None;
            };
            let snapshot = snapshot.clone();
            match found.status.as_str() {
                _ if found.id != snapshot => None,
                "draft" => Some(Reached::Draft { snapshot }),
                _ => Some(Reached::Submitted { snapshot }),
            }
        }
        _ => None,
    }
}

fn submit_hint(snapshot: &SnapshotId) -> Bilingual {
    bilingual!(
        "`ksext submit {snapshot}` hands it to the reviewers, and so does the same push again",
        "运行 `ksext submit {snapshot}` 或再次推送即可提交审核",
    )
}
