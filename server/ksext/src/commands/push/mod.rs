//! `ksext.push`: uploads a package and hands it to the reviewers.
//!
//! ```text
//! prepare (prepare.rs): check, pack, read what is uploaded ── nothing has left the machine
//!   └ account ─ confirm ─ icon ─ screenshots ─ pack with the URLs ─ limit again ─ package ─ submit ─ status
//! ```
//!
//! Whoever stops it, or whatever does, the refusal says what stands on the server by then
//! (standing.rs).

mod prepare;
mod standing;
#[cfg(test)]
mod tests;
mod uploads;

use ksext_cloud::{Client, SnapshotId, UploadFile, User};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use ksext_core::package::Urls;
use serde::{Deserialize, Serialize};

pub(crate) use prepare::{Prepared, prepare};
pub(super) use prepare::{cannot, describe};
pub(crate) use uploads::Upload;

use self::standing::{Reached, Standing};
use super::{
    Command, Confirmation, Refusal, Said, Session, Stage, Target, Ui, erased, state_word, work,
};

pub(super) static COMMAND: Command = Command {
    id: "ksext.push",
    title: Bilingual::fixed("Push to KubeSphere Cloud", "推送到 KubeSphere Cloud"),
    summary: Bilingual::fixed(
        "Checks the package, uploads it to KubeSphere Cloud and submits it for review.",
        "检查扩展组件包，将其上传到 KubeSphere Cloud 并提交审核。",
    ),
    run: |session, ui, value| erased("ksext.push", ui, value, |args| run(session, ui, args)),
};

/// What a push may be told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// A place in the package.
    pub(crate) uri: Target,
    /// Whether to submit it for review, which is the default, or leave it as a draft.
    pub(crate) submit: Option<bool>,
    /// Whether to ask first, which is the default; the user's settings may say never.
    pub(crate) confirm: Option<bool>,
}

/// What was pushed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// The `name` of extension.yaml.
    pub(crate) name: String,
    /// The `version` of extension.yaml.
    pub(crate) version: String,
    /// The cloud's id of what was pushed.
    pub(crate) snapshot_id: String,
    /// The cloud's word; seen are `draft`, `submitted` and `active`.
    pub(crate) status: String,
    /// Length of the archive that was sent, in bytes.
    pub(crate) size: u64,
    /// What was uploaded beside it.
    pub(crate) uploads: Vec<Uploaded>,
}

/// A file that was uploaded.
#[derive(Debug, Serialize)]
pub(crate) struct Uploaded {
    /// The first value that names it: `icon`, `screenshots[0]`.
    pub(crate) field: String,
    /// Where it is in the package.
    pub(crate) path: String,
    /// Its length in bytes.
    pub(crate) size: u64,
    /// Where it is now.
    pub(crate) url: String,
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let Self { name, version, .. } = self;
        let (id, size) = (&self.snapshot_id, show_size(self.size));
        let Bilingual { en, zh } = state_word(&self.status);
        bilingual!(
            "pushed {name} {version} ({size}): snapshot {id}, {en}",
            "已推送 {name} {version}（{size}）：快照 {id}，{zh}",
        )
    }
}

/// Pushes.
///
/// # Errors
/// `invalid-package` before anything is uploaded; then the cloud's; `cancelled`.
pub(crate) async fn run(session: &Session, ui: &dyn Ui, args: Args) -> Result<Answer, Refusal> {
    let mut standing = Standing::default();
    let done = work::until_cancelled(ui, push(session, ui, args, &mut standing)).await;
    done.map_err(|refusal| standing.explain(refusal))
}

async fn push(
    session: &Session,
    ui: &dyn Ui,
    args: Args,
    standing: &mut Standing,
) -> Result<Answer, Refusal> {
    let submit = args.submit.unwrap_or(true);
    stage(
        ui,
        0,
        bilingual!("checking the package", "正在检查扩展组件包"),
    );
    let prepared = prepare(session, args.uri).await?;
    let (name, version) = (prepared.name.clone(), prepared.version.clone());

    let client = session.client().await?;
    stage(ui, 10, bilingual!("checking the account", "正在确认账号"));
    let user = client.user().await?;
    standing.begin(client.server(), &name, &version);
    if args.confirm.unwrap_or(true) && session.settings().push_confirm {
        let question = question(&prepared, &client, &user, submit);
        if !ui.confirm(&question).await {
            return Err(Refusal::cancelled(&bilingual!(
                "did not push `{name}` {version}",
                "未推送 `{name}` {version}",
            )));
        }
    }

    let (urls, uploaded) = upload(ui, &client, &user, &prepared, standing).await?;
    let archive = seal(prepared, urls).await?;

    let size = archive.len() as u64;
    let shown = show_size(size);
    stage(
        ui,
        60,
        bilingual!(
            "uploading the package ({shown})",
            "正在上传扩展组件包（{shown}）"
        ),
    );
    standing.reached = Reached::SendingPackage;
    let snapshot = match client.upload_package(&user, &name, &version, archive).await {
        Ok(snapshot) => snapshot,
        Err(error) => {
            // Of these answers alone it is certain that nothing was taken.
            if error
                .status()
                .is_some_and(|status| (400..500).contains(&status))
            {
                standing.reached = Reached::Files {
                    count: uploaded.len(),
                };
            }
            return Err(error.into());
        }
    };
    standing.reached = Reached::Draft {
        snapshot: snapshot.clone(),
    };
    if submit {
        stage(
            ui,
            85,
            bilingual!("submitting it for review", "正在提交审核"),
        );
        client.submit(&user, &snapshot).await?;
        standing.reached = Reached::Submitted {
            snapshot: snapshot.clone(),
        };
    }
    stage(ui, 95, bilingual!("asking for its status", "正在查询状态"));
    let status = status(&client, &name, &version, submit).await;
    stage(ui, 100, bilingual!("done", "完成"));
    let snapshot_id = SnapshotId::to_string(&snapshot);
    Ok(Answer {
        name,
        version,
        snapshot_id,
        status,
        size,
        uploads: uploaded,
    })
}

fn stage(ui: &dyn Ui, percent: u32, message: Bilingual) {
    ui.stage(&Stage { message, percent });
}

fn question(prepared: &Prepared, client: &Client, user: &User, submit: bool) -> Confirmation {
    let Prepared { name, version, .. } = prepared;
    let server = client.server();
    let account = user.name.as_ref().unwrap_or(&user.id);
    let question = if submit {
        bilingual!(
            "Push `{name}` {version} to {server} as {account} and submit it for review?",
            "以 {account} 的身份将 `{name}` {version} 推送到 {server} 并提交审核？",
        )
    } else {
        bilingual!(
            "Push `{name}` {version} to {server} as {account}, as a draft?",
            "以 {account} 的身份将 `{name}` {version} 作为草稿推送到 {server}？",
        )
    };
    let (size, entries) = (show_size(prepared.archive.len() as u64), prepared.entries);
    let count = prepared.uploads.len();
    let beside = show_size(
        prepared
            .uploads
            .iter()
            .map(|upload| upload.bytes.len() as u64)
            .sum(),
    );
    let detail = if count == 0 {
        bilingual!(
            "{size} packed, {entries} entries, nothing uploaded beside it",
            "打包后 {size}，{entries} 个条目，没有单独上传的文件",
        )
    } else {
        bilingual!(
            "{size} packed, {entries} entries; icon and screenshots uploaded beside it: {count} ({beside})",
            "打包后 {size}，{entries} 个条目；另外上传图标和截图 {count} 个（{beside}）",
        )
    };
    Confirmation {
        question,
        detail,
        accept: Bilingual::fixed("Push", "推送"),
    }
}

/// Uploads the icon, then the screenshots, as ksbuilder does (cmd/push.go), and answers where each
/// file is now.
async fn upload(
    ui: &dyn Ui,
    client: &Client,
    user: &User,
    prepared: &Prepared,
    standing: &mut Standing,
) -> Result<(Urls, Vec<Uploaded>), Refusal> {
    let mut urls = Urls::new();
    let mut uploaded = Vec::new();
    let total = prepared.uploads.len();
    for group in prepared.uploads.chunk_by(|a, b| a.is_icon() == b.is_icon()) {
        let (first, last) = (uploaded.len() + 1, uploaded.len() + group.len());
        let size = show_size(group.iter().map(|upload| upload.bytes.len() as u64).sum());
        let percent = 20 + u32::try_from(uploaded.len() * 40 / total).unwrap_or(40);
        stage(
            ui,
            percent,
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
            },
        );
        standing.reached = Reached::SendingFiles { most: last };
        let files = group.iter().map(|upload| UploadFile {
            base_name: upload.remote_name.clone(),
            bytes: upload.bytes.clone(),
        });
        let files = files.collect();
        let answer = client
            .upload_files(user, &prepared.name, &prepared.version, files)
            .await?;
        standing.reached = Reached::Files { count: last };
        for (upload, url) in group.iter().zip(answer) {
            uploaded.push(Uploaded {
                field: upload.field.to_string(),
                path: upload.path.to_string(),
                size: upload.bytes.len() as u64,
                url: url.clone(),
            });
            urls.insert(upload.path.clone(), url);
        }
    }
    Ok((urls, uploaded))
}

/// The archive to send: the one that was prepared, with the URLs of what was uploaded.
async fn seal(prepared: Prepared, urls: Urls) -> Result<Vec<u8>, Refusal> {
    if urls.is_empty() {
        return Ok(prepared.archive);
    }
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

/// The state after the push. That it cannot be asked for does not undo it.
async fn status(client: &Client, name: &str, version: &str, submitted: bool) -> String {
    match client.locate(name, version).await {
        Ok(snapshot) => snapshot.status,
        Err(error) => {
            tracing::warn!(%error, "pushed, but the status is not known");
            if submitted { "submitted" } else { "draft" }.to_owned()
        }
    }
}
