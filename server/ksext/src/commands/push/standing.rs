//! How far a push came, so that whoever stops it is told what stands on the server.

use ksext_cloud::{Server, SnapshotId};
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;

use crate::commands::Refusal;

/// What a push has done so far.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// Server, name and version, once they are known.
    subject: Option<(Server, String, String)>,
    pub(super) reached: Reached,
}

/// The last thing that is certain, or is being done.
#[derive(Debug, Default)]
pub(super) enum Reached {
    /// Nothing has left the machine but the key.
    #[default]
    Nothing,
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
    SendingPackage,
    /// The package is there and not submitted, or being submitted.
    Draft {
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
    pub(super) fn begin(&mut self, server: &Server, name: &str, version: &str) {
        self.subject = Some((server.clone(), name.to_owned(), version.to_owned()));
    }

    /// The refusal with what stands on the server, if anything does.
    pub(super) fn explain(&self, refusal: Refusal) -> Refusal {
        let Some((server, name, version)) = &self.subject else {
            return refusal;
        };
        let note = match &self.reached {
            Reached::Nothing | Reached::Files { count: 0 } => bilingual!(
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
            Reached::SendingPackage => bilingual!(
                "whether the package arrived at {server} is not known; `ksext get {name}` tells",
                "扩展组件包是否已到达 {server} 尚不可知；请运行 `ksext get {name}` 查看",
            ),
            Reached::Draft { snapshot } => bilingual!(
                "`{name}` {version} stands on {server} as snapshot {snapshot}",
                "`{name}` {version} 已作为快照 {snapshot} 存在于 {server}",
            ),
            Reached::Submitted { snapshot } => bilingual!(
                "`{name}` {version} was submitted to {server} as snapshot {snapshot}",
                "`{name}` {version} 已作为快照 {snapshot} 提交到 {server}",
            ),
        };
        let refusal = refusal.noting(&note);
        match &self.reached {
            Reached::Draft { snapshot } => refusal.hinting(submit_hint(snapshot)),
            _ => refusal,
        }
    }
}

fn submit_hint(snapshot: &SnapshotId) -> Bilingual {
    bilingual!(
        "`ksext submit {snapshot}` hands it to the reviewers",
        "运行 `ksext submit {snapshot}` 可提交审核",
    )
}
