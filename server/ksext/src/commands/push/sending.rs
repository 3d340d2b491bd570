//! What a push sends: icon, screenshots, the package and its submission, as far as the push that was
//! cut off before has not.

use std::sync::Arc;

use ksext_cloud::{Error, SnapshotId, UploadFile};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use ksext_core::package::Urls;

use super::journal::Journal;
use super::standing::{Reached, Standing};
use super::there::{self, There};
use super::{Prepared, Push, Upload, Uploaded};
use crate::commands::{Refusal, work};

/// What stands at the cloud after a push.
pub(super) struct Sent {
    pub(super) snapshot: SnapshotId,
    pub(super) size: u64,
    pub(super) uploads: Vec<Uploaded>,
}

impl Push<'_> {
    /// Sends everything.
    pub(super) async fn send(
        &self,
        prepared: &Arc<Prepared>,
        there: &There,
        journal: &mut Journal,
        standing: &mut Standing,
    ) -> Result<Sent, Refusal> {
        let uploads = self.upload(prepared, journal, standing).await?;
        let archive = seal(prepared, urls_of(prepared, &uploads)).await?;
        let size = archive.len() as u64;
        let snapshot = match journal
            .arrived(&archive, there)
            .filter(|_| there.handed_in().is_none())
        {
            Some(snapshot) => {
                self.ui.tell(&bilingual!(
                    "the push that was cut off had uploaded the package already (snapshot {snapshot})",
                    "上次中断的推送已上传扩展组件包（快照 {snapshot}）",
                    snapshot = snapshot.id,
                ));
                snapshot.id.clone()
            }
            None => {
                journal.note_sending(&archive, there);
                let files = uploads.len();
                self.send_package(prepared, archive, files, standing)
                    .await?
            }
        };
        journal.note_package(&snapshot);
        standing.reached = Reached::Draft {
            snapshot: snapshot.clone(),
        };
        if self.submit {
            self.hand_in(prepared, &snapshot, standing).await?;
        }
        Ok(Sent {
            snapshot,
            size,
            uploads,
        })
    }

    /// Uploads the icon, then the screenshots, as ksbuilder does (cmd/push.go), and answers where each
    /// file is now. What is there already is not sent again.
    async fn upload(
        &self,
        prepared: &Prepared,
        journal: &mut Journal,
        standing: &mut Standing,
    ) -> Result<Vec<Uploaded>, Refusal> {
        let all = &prepared.uploads;
        let there: Vec<_> = all.iter().map(|upload| journal.url_of(upload)).collect();
        let (count, total) = (there.iter().flatten().count(), all.len());
        if count > 0 {
            self.ui.tell(&bilingual!(
                "goes on with the push that was cut off: {count} of {total} files are uploaded already",
                "继续上次中断的推送：{total} 个文件中已上传 {count} 个",
            ));
        }
        let mut done = Vec::with_capacity(total);
        let mut pairs = all.iter().zip(there);
        for group in all.chunk_by(|a, b| a.is_icon() == b.is_icon()) {
            let group: Vec<_> = pairs.by_ref().take(group.len()).collect();
            let missing: Vec<_> = group
                .iter()
                .filter_map(|(upload, url)| url.is_none().then_some(*upload))
                .collect();
            let sent = self
                .upload_group(prepared, &missing, (done.len(), total), standing)
                .await?;
            journal.note_files(missing.into_iter().zip(&sent));
            let mut sent = sent.into_iter();
            for (upload, url) in group {
                let reused = url.is_some();
                // One address for each file that was missing: the client has counted them.
                let url = url.or_else(|| sent.next()).unwrap_or_default();
                done.push(Uploaded::new(upload, url, reused));
            }
            standing.reached = Reached::Files { count: done.len() };
        }
        Ok(done)
    }

    /// Uploads files of one kind, of which `done` of `total` are there.
    async fn upload_group(
        &self,
        prepared: &Prepared,
        group: &[&Upload],
        (done, total): (usize, usize),
        standing: &mut Standing,
    ) -> Result<Vec<String>, Refusal> {
        if group.is_empty() {
            return Ok(Vec::new());
        }
        let (first, last) = (done + 1, done + group.len());
        let bytes = group.iter().map(|upload| upload.bytes.len() as u64).sum();
        let percent = 20 + u32::try_from(done * 40 / total).unwrap_or(40);
        let words = words(group, (first, last, total), &show_size(bytes));
        self.stage(percent, words);
        standing.reached = Reached::SendingFiles { most: last };
        let files = group.iter().map(|upload| UploadFile {
            base_name: upload.remote_name.clone(),
            bytes: upload.bytes.clone(),
        });
        let (name, version) = (&prepared.name, &prepared.version);
        let sent = self
            .client
            .upload_files(self.user, name, version, files.collect());
        Ok(sent.await?)
    }

    async fn send_package(
        &self,
        prepared: &Prepared,
        archive: Vec<u8>,
        files: usize,
        standing: &mut Standing,
    ) -> Result<SnapshotId, Refusal> {
        let shown = show_size(archive.len() as u64);
        self.stage(
            60,
            bilingual!(
                "uploading the package ({shown})",
                "正在上传扩展组件包（{shown}）"
            ),
        );
        standing.reached = Reached::SendingPackage { files };
        let (name, version) = (&prepared.name, &prepared.version);
        let sent = self
            .client
            .upload_package(self.user, name, version, archive);
        sent.await.map_err(|error| {
            if is_refusal(error.status()) {
                standing.reached = Reached::Files { count: files };
            }
            error.into()
        })
    }

    /// Submits it, once: an answer that is lost is asked for in another way.
    async fn hand_in(
        &self,
        prepared: &Prepared,
        snapshot: &SnapshotId,
        standing: &mut Standing,
    ) -> Result<(), Refusal> {
        self.stage(85, bilingual!("submitting it for review", "正在提交审核"));
        standing.reached = Reached::Submitting {
            snapshot: snapshot.clone(),
        };
        if let Err(error) = self.client.submit(self.user, snapshot).await {
            self.is_submitted_all_the_same(prepared, snapshot, &error, standing)
                .await?;
        }
        standing.reached = Reached::Submitted {
            snapshot: snapshot.clone(),
        };
        Ok(())
    }

    async fn is_submitted_all_the_same(
        &self,
        prepared: &Prepared,
        snapshot: &SnapshotId,
        error: &Error,
        standing: &mut Standing,
    ) -> Result<(), Refusal> {
        if is_refusal(error.status()) {
            standing.reached = Reached::Draft {
                snapshot: snapshot.clone(),
            };
            return Err(error.clone().into());
        }
        let (name, version) = (&prepared.name, &prepared.version);
        let now = there::look(self.client, name, version, there::AFTERWARDS).await;
        match now.handed_in() {
            Some(found) if found.id == *snapshot => {
                tracing::info!(%error, "submitted, although no answer said so");
                Ok(())
            }
            _ => Err(error.clone().into()),
        }
    }
}

/// Whether an answer says for certain that nothing was taken.
pub(super) fn is_refusal(status: Option<u16>) -> bool {
    status.is_some_and(|status| (400..500).contains(&status))
}

fn words(group: &[&Upload], (first, last, total): (usize, usize, usize), size: &str) -> Bilingual {
    match group {
        [icon] if icon.is_icon() => bilingual!(
            "uploading the icon ({first} of {total}, {size})",
            "正在上传图标（第 {first} 个，共 {total} 个，{size}）",
        ),
        [_] => bilingual!(
            "uploading a screenshot ({first} of {total}, {size})",
            "正在上传截图（第 {first} 个，共 {total} 个，{size}）",
        ),
        _ => bilingual!(
            "uploading screenshots ({first} to {last} of {total}, {size})",
            "正在上传截图（第 {first} 至 {last} 个，共 {total} 个，{size}）",
        ),
    }
}

/// Where each file is, for the manifest that is sent.
pub(super) fn urls_of(prepared: &Prepared, uploads: &[Uploaded]) -> Urls {
    let paths = prepared.uploads.iter().map(|upload| upload.path.clone());
    let urls = uploads.iter().map(|upload| upload.url.clone());
    paths.zip(urls).collect()
}

/// The archive to send: the one that was prepared, with the URLs of what was uploaded.
pub(super) async fn seal(prepared: &Arc<Prepared>, urls: Urls) -> Result<Vec<u8>, Refusal> {
    if urls.is_empty() {
        return Ok(prepared.archive.clone());
    }
    let prepared = Arc::clone(prepared);
    work::aside(move |_| {
        let archive = prepared.pack(&urls)?;
        let size = archive.len() as u64;
        // A package over the limit comes this far only if its settings turn the rule off.
        let was_within = prepared.archive.len() as u64 <= prepared.limit;
        if was_within && size > prepared.limit {
            let (name, version) = (&prepared.name, &prepared.version);
            let (size, limit) = (show_size(size), show_size(prepared.limit));
            return Err(Refusal::new(
                "too-large",
                bilingual!(
                    "cannot push `{name}` {version}: with the URLs of the uploaded files it is {size}, over the limit of {limit}",
                    "无法推送 `{name}` {version}：填入已上传文件的 URL 后大小为 {size}，超过 {limit} 的限制",
                ),
            ));
        }
        Ok(archive)
    })
    .await
}
