//! `ksext.push`: uploads a package and hands it to the reviewers.
//!
//! ```text
//! prepare (prepare.rs): check, pack, read what is uploaded ── nothing has left the machine
//!   └ account ─ what is there of it (there.rs) ─ confirm, or another way (way.rs)
//!       └ icon ─ screenshots ─ pack with the URLs ─ limit again ─ package ─ submit (sending.rs) ─ status
//! ```
//!
//! Every file is read once, so what is confirmed is what is sent. Each step is noted (journal.rs) for
//! the push that follows one that was cut off. Whoever stops it, or whatever does, the refusal says
//! what stands on the server by then (standing.rs).

mod alone;
mod journal;
mod prepare;
mod sending;
mod standing;
#[cfg(test)]
mod tests;
mod there;
mod uploads;
mod way;

use std::sync::Arc;

use ksext_cloud::{Client, Snapshot, User};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use serde::{Deserialize, Serialize};

pub(crate) use prepare::{Prepared, prepare};
pub(crate) use uploads::Upload;

use self::journal::Journal;
use self::sending::{Sent, is_refusal, seal, urls_of};
use self::standing::{Reached, Standing};
use self::there::There;
use self::way::Way;
use super::{
    Command, Described, Flag, Refusal, Said, Session, Stage, Target, Tone, Ui, ending_itself,
    object, state_word, work,
};

pub(super) static COMMAND: Command = Command {
    id: "ksext.push",
    title: Bilingual::fixed("Push to KubeSphere Cloud", "推送到 KubeSphere Cloud"),
    summary: Bilingual::fixed(
        "Checks the package, uploads it to KubeSphere Cloud and submits it for review.",
        "检查扩展组件包，将其上传到 KubeSphere Cloud 并提交审核。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| ending_itself("ksext.push", value, |args| run(session, ui, args)),
};

object! {
    /// What a push may be told.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The manifest, another file of the package, or its folder.
        #[zh = "清单、扩展组件包中的其他文件，或其文件夹。"]
        pub(crate) uri: Target,
        /// Whether to submit it for review, or leave it as a draft.
        #[zh = "提交审核，还是保留为草稿。"]
        #[serde(default)]
        pub(crate) submit: Flag<true>,
        /// Whether to ask first; the setting `push.confirm` may say never.
        #[zh = "是否先询问；设置项 `push.confirm` 可指定从不询问。"]
        #[serde(default)]
        pub(crate) confirm: Flag<true>,
        /// What becomes of a version that is there already.
        #[serde(skip)]
        pub(crate) existing: Existing,
        /// Whether to upload what a push that was cut off has uploaded already.
        #[serde(skip)]
        pub(crate) fresh: bool,
    }
}

/// What a push does about a version that the cloud has already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It lets the author choose; where it is not to ask it replaces what is there, as ksbuilder does
    /// (pkg/cloud/cloud.go, `force=true`).
    #[default]
    Ask,
    /// It leaves the version alone.
    Skip,
    /// It raises `version` in the author's extension.yaml and pushes that, unless what is there is a
    /// draft.
    Bump,
}

object! {
    /// What was pushed.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The `name` of extension.yaml.
        #[zh = "extension.yaml 的 `name`。"]
        pub(crate) name: String,
        /// The `version` of extension.yaml.
        #[zh = "extension.yaml 的 `version`。"]
        pub(crate) version: String,
        /// The cloud's id of what was pushed.
        #[zh = "云端为此次推送分配的快照 ID。"]
        pub(crate) snapshot_id: String,
        /// The cloud's word; seen are `draft`, `submitted` and `active`.
        #[zh = "云端返回的状态；已知有 `draft`、`submitted` 和 `active`。"]
        pub(crate) status: String,
        /// The same for people.
        #[zh = "供人阅读的状态。"]
        pub(crate) status_text: String,
        /// What it means: `draft`, `waiting`, `good`, `bad` or `unknown`.
        #[zh = "状态的含义：`draft`、`waiting`、`good`、`bad` 或 `unknown`。"]
        pub(crate) tone: Tone,
        /// Length of the archive that was sent, in bytes.
        #[zh = "所发送打包文件的字节数。"]
        pub(crate) size: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        pub(crate) size_text: String,
        /// What was uploaded beside it.
        #[zh = "另外上传的文件。"]
        pub(crate) uploads: Vec<Uploaded>,
        /// `true` if nothing was sent, because the version was there already.
        #[zh = "如果该版本已存在，因而未发送任何内容，则为 `true`。"]
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        pub(crate) skipped: bool,
    }
}

object! {
    /// A file that was uploaded.
    #[derive(Debug, Serialize)]
    pub(crate) struct Uploaded {
        /// The first value that names it: `icon`, `screenshots[0]`.
        #[zh = "第一个引用它的值，例如 `icon`、`screenshots[0]`。"]
        pub(crate) field: String,
        /// Where it is in the package.
        #[zh = "在扩展组件包中的路径。"]
        pub(crate) path: String,
        /// Its length in bytes.
        #[zh = "字节数。"]
        pub(crate) size: u64,
        /// Where it is now.
        #[zh = "上传后的网址。"]
        pub(crate) url: String,
        /// `true` if a push that was cut off had uploaded it.
        #[zh = "如果之前中断的推送已上传过它，则为 `true`。"]
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        pub(crate) reused: bool,
    }
}

impl Uploaded {
    fn new(upload: &Upload, url: String, reused: bool) -> Self {
        Self {
            field: upload.field.to_string(),
            path: upload.path.to_string(),
            size: upload.bytes.len() as u64,
            url,
            reused,
        }
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let Self { name, version, .. } = self;
        let (id, size) = (&self.snapshot_id, show_size(self.size));
        let Bilingual { en, zh } = state_word(&self.status);
        if self.skipped {
            return bilingual!(
                "did not push {name} {version}: it is there already (snapshot {id}, {en})",
                "未推送 {name} {version}：它已存在（快照 {id}，{zh}）",
            );
        }
        bilingual!(
            "pushed {name} {version} ({size}): snapshot {id}, {en}",
            "已推送 {name} {version}（{size}）：快照 {id}，{zh}",
        )
    }
}

/// Pushes. What the user stops, or what fails, is told with what stands on the server by then.
///
/// # Errors
/// `invalid-package` before anything is uploaded; `conflict` if another push of the package is under
/// way, or the version is taken; then the cloud's; `cancelled`.
pub(crate) async fn run(session: &Session, ui: &dyn Ui, args: Args) -> Result<Answer, Refusal> {
    let mut standing = Standing::default();
    let done = work::until_cancelled(ui, push(session, ui, args, &mut standing)).await;
    match done {
        Ok(answer) => Ok(answer),
        Err(refusal) => {
            standing.find_out().await;
            Err(standing.explain(refusal))
        }
    }
}

/// A push that is under way, and how it was wanted.
struct Push<'a> {
    ui: &'a dyn Ui,
    client: &'a Client,
    user: &'a User,
    /// Whether it submits what it has uploaded.
    submit: bool,
    /// Whether it asks before it sends.
    asks: bool,
    existing: Existing,
}

async fn push(
    session: &Session,
    ui: &dyn Ui,
    args: Args,
    standing: &mut Standing,
) -> Result<Answer, Refusal> {
    let checking = bilingual!("checking the package", "正在检查扩展组件包");
    stage(ui, 0, checking);
    let target = args.uri;
    let mut prepared = Arc::new(prepare(session, target.clone()).await?);
    let _alone = alone::only_one(session, prepared.package.root())?;
    let client = session.client().await?;
    stage(ui, 10, bilingual!("checking the account", "正在确认账号"));
    let user = client.user().await?;
    let mut push = Push {
        ui,
        client: &client,
        user: &user,
        submit: args.submit.0,
        asks: args.confirm.0 && session.settings().push_confirm,
        existing: args.existing,
    };
    loop {
        let (name, version) = (&*prepared.name, &*prepared.version);
        let there = match push.existing {
            Existing::Ask => there::look(&client, name, version, there::BEFORE).await,
            Existing::Skip | Existing::Bump => there::ask(&client, name, version).await?,
        };
        standing.begin(&client, name, version, &there);
        let mut journal = Journal::open(session.kept(), client.server(), &user, (name, version));
        if args.fresh {
            journal.forget();
        }
        if let Some(answer) = push.was_done(&prepared, &there, &mut journal).await? {
            return Ok(answer);
        }
        match push.way(&prepared, &there).await? {
            Way::Push => return push.go(&prepared, &there, journal, standing).await,
            Way::Withdraw(snapshot) => {
                standing.reached = Reached::Withdrawing;
                client.cancel_submit(&user, &snapshot).await?;
                standing.withdrawn();
                // Whoever chose it has agreed to the rest.
                push.asks = false;
            }
            Way::Leave(snapshot) => return Ok(push.left(&prepared, &snapshot)),
            Way::Raised => {
                prepared = Arc::new(prepare(session, target.clone()).await?);
                // Whoever chose it has agreed to it.
                push.asks &= push.existing == Existing::Bump;
            }
        }
    }
}

impl Push<'_> {
    /// The way through: sends everything and asks for the state.
    async fn go(
        &self,
        prepared: &Arc<Prepared>,
        there: &There,
        mut journal: Journal,
        standing: &mut Standing,
    ) -> Result<Answer, Refusal> {
        let sent = self.send(prepared, there, &mut journal, standing).await;
        let Sent {
            snapshot,
            size,
            uploads,
        } = sent.inspect_err(|refusal| {
            if is_refusal(refusal.status) && !matches!(refusal.status, Some(408 | 429)) {
                journal.forget();
            }
        })?;
        self.stage(95, bilingual!("asking for its status", "正在查询状态"));
        let Prepared { name, version, .. } = &**prepared;
        let status = self.status(name, version).await;
        // Not before: whoever stops it here and pushes again is not to submit it a second time.
        journal.forget();
        self.stage(100, bilingual!("done", "完成"));
        Ok(Answer {
            name: name.clone(),
            version: version.clone(),
            snapshot_id: snapshot.to_string(),
            status_text: self.state_word(&status),
            tone: Tone::of(&status),
            status,
            size,
            size_text: show_size(size),
            uploads,
            skipped: false,
        })
    }

    /// The answer, if a push of exactly this was cut off after it had reached its end.
    async fn was_done(
        &self,
        prepared: &Arc<Prepared>,
        there: &There,
        journal: &mut Journal,
    ) -> Result<Option<Answer>, Refusal> {
        let Some(snapshot) = there.handed_in().filter(|_| journal.has_package()) else {
            return Ok(None);
        };
        let uploads = prepared.uploads.iter();
        let uploads: Option<Vec<_>> = uploads
            .map(|upload| Some(Uploaded::new(upload, journal.url_of(upload)?, true)))
            .collect();
        let Some(uploads) = uploads.filter(|_| self.submit) else {
            return Ok(None);
        };
        let archive = seal(prepared, urls_of(prepared, &uploads)).await?;
        if journal.arrived(&archive, there).is_none() {
            return Ok(None);
        }
        journal.forget();
        let id = &snapshot.id;
        self.ui.tell(&bilingual!(
            "the push that was cut off had uploaded and submitted it already (snapshot {id})",
            "上次中断的推送已完成上传并提交审核（快照 {id}）",
        ));
        let size = archive.len() as u64;
        Ok(Some(Answer {
            uploads,
            skipped: false,
            size,
            size_text: show_size(size),
            ..self.left(prepared, snapshot)
        }))
    }

    /// The answer of a push that has left the version alone.
    fn left(&self, prepared: &Prepared, snapshot: &Snapshot) -> Answer {
        let size = prepared.archive.len() as u64;
        Answer {
            name: prepared.name.clone(),
            version: prepared.version.clone(),
            snapshot_id: snapshot.id.to_string(),
            status: snapshot.status.clone(),
            status_text: self.state_word(&snapshot.status),
            tone: Tone::of(&snapshot.status),
            size,
            size_text: show_size(size),
            uploads: Vec::new(),
            skipped: true,
        }
    }

    /// A word of the cloud's in the user's language.
    fn state_word(&self, status: &str) -> String {
        state_word(status).get(self.ui.lang()).to_owned()
    }

    /// The state after the push. That it cannot be asked for does not undo it.
    async fn status(&self, name: &str, version: &str) -> String {
        match self.client.locate(name, version).await {
            Ok(snapshot) => snapshot.status,
            Err(error) => {
                let status = if self.submit { "submitted" } else { "draft" };
                let (word, why) = (state_word(status), Refusal::from(error).message);
                let (word_en, word_zh, en, zh) = (word.en, word.zh, why.en, why.zh);
                self.ui.tell(&bilingual!(
                    "it is pushed, but whether it is {word_en} by now could not be asked: {en}",
                    "已推送，但未能确认其当前状态是否为“{word_zh}”：{zh}",
                ));
                status.to_owned()
            }
        }
    }

    fn stage(&self, percent: u32, message: Bilingual) {
        stage(self.ui, percent, message);
    }
}

fn stage(ui: &dyn Ui, percent: u32, message: Bilingual) {
    ui.stage(&Stage { message, percent });
}
