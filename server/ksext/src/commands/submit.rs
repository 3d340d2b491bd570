//! `ksext.submit`: hands a pushed draft to the reviewers.

use ksext_cloud::{Client, SnapshotId, User};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use serde::{Deserialize, Serialize};

use super::review::SUBMITTED;
use super::{Command, Described, Refusal, Said, Session, Target, Tone, erased, object, state_word};

pub(super) static COMMAND: Command = Command {
    id: "ksext.submit",
    title: Bilingual::fixed("Submit for review", "提交审核"),
    summary: Bilingual::fixed(
        "Hands a version that was pushed as a draft to the reviewers.",
        "将已推送为草稿的版本提交审核。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| {
        let lang = ui.lang();
        erased("ksext.submit", ui, value, move |args| {
            run(session, lang, args)
        })
    },
};

object! {
    /// Which version: one of the two.
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The cloud's id of the version. Either this or `uri`.
        #[zh = "云端的快照 ID。与 `uri` 二选一。"]
        pub(crate) snapshot_id: Option<String>,
        /// A place in its package, whose version is meant.
        #[zh = "扩展组件包中的位置，指其当前版本。"]
        pub(crate) uri: Option<Target>,
    }
}

/// What a package calls itself.
struct NameAndVersion {
    name: String,
    version: String,
}

object! {
    /// A version and its state.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The cloud's id of it.
        #[zh = "云端的快照 ID。"]
        pub(crate) snapshot_id: String,
        /// The name of its extension, where a package was named: the cloud does not tell it by an id.
        #[zh = "扩展组件的名称；仅当指定了 `uri` 时才有，因为云端不按 ID 提供。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) name: Option<String>,
        /// Its own version, likewise.
        #[zh = "版本号，条件同上。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) version: Option<String>,
        /// The cloud's word. Where only an id was given, the one that the act leads to: the cloud tells
        /// states by name and version alone.
        #[zh = "云端返回的状态。只给出 ID 时，为操作预期的结果：云端只按名称和版本提供状态。"]
        pub(crate) status: String,
        /// The same for people.
        #[zh = "供人阅读的状态。"]
        pub(crate) status_text: String,
        /// What it means: `draft`, `waiting`, `good`, `bad` or `unknown`.
        #[zh = "状态的含义：`draft`、`waiting`、`good`、`bad` 或 `unknown`。"]
        pub(crate) tone: Tone,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let (id, Bilingual { en, zh }) = (&self.snapshot_id, state_word(&self.status));
        match (&self.name, &self.version) {
            (Some(name), Some(version)) => bilingual!(
                "{name} {version}, snapshot {id}: {en}",
                "{name} {version}（快照 {id}）：{zh}",
            ),
            _ => bilingual!("snapshot {id}: {en}", "快照 {id}：{zh}"),
        }
    }
}

/// Submits it; words for people are in `lang`.
///
/// # Errors
/// The cloud's, `auth` without a login.
pub(crate) async fn run(session: &Session, lang: Lang, args: Args) -> Result<Answer, Refusal> {
    let subject = Subject::find(session, args).await?;
    let done = subject.client.submit(&subject.user, &subject.id).await;
    subject.answer(done, SUBMITTED, lang).await
}

/// The version that a command of this kind is about.
pub(super) struct Subject {
    pub(super) client: Client,
    pub(super) user: User,
    pub(super) id: SnapshotId,
    /// Where a package was named.
    named: Option<NameAndVersion>,
}

impl Subject {
    pub(super) async fn find(session: &Session, args: Args) -> Result<Self, Refusal> {
        let named = match (&args.snapshot_id, args.uri) {
            (Some(_), None) => None,
            (None, Some(target)) => {
                let (name, version) = session.name_and_version(target).await?;
                Some(NameAndVersion { name, version })
            }
            _ => {
                return Err(Refusal::new(
                    "invalid-argument",
                    Bilingual::fixed(
                        "cannot tell which version is meant: give either `snapshotId` or `uri`",
                        "无法确定是哪个版本：请给出 `snapshotId` 或 `uri` 之一",
                    ),
                ));
            }
        };
        let client = session.client().await?;
        let user = client.user().await?;
        let id = match (args.snapshot_id, &named) {
            (None, Some(NameAndVersion { name, version })) => {
                client
                    .locate(name, version)
                    .await
                    .map_err(|error| never_pushed(error, name, version))?
                    .id
            }
            (id, _) => SnapshotId::new(id.unwrap_or_default()),
        };
        Ok(Self {
            client,
            user,
            id,
            named,
        })
    }

    /// The state after an act: what the cloud says of it, or else `expected`. An act of which no answer
    /// came is done if the cloud has the version in that state.
    ///
    /// # Errors
    /// That of the act, unless it is done all the same.
    pub(super) async fn answer(
        self,
        done: Result<(), ksext_cloud::Error>,
        expected: &str,
        lang: Lang,
    ) -> Result<Answer, Refusal> {
        let refused = |error: &ksext_cloud::Error| error.left_no_trace();
        let now = match &self.named {
            Some(NameAndVersion { name, version }) if !done.as_ref().is_err_and(refused) => {
                self.client.locate(name, version).await.ok()
            }
            _ => None,
        };
        if now.as_ref().is_none_or(|now| now.status != expected) {
            done?;
        }
        let status = now.map_or_else(|| expected.to_owned(), |now| now.status);
        let (name, version) = self.named.map(|it| (it.name, it.version)).unzip();
        Ok(Answer {
            snapshot_id: self.id.to_string(),
            name,
            version,
            status_text: state_word(&status).get(lang).to_owned(),
            tone: Tone::of(&status),
            status,
        })
    }
}

fn never_pushed(error: ksext_cloud::Error, name: &str, version: &str) -> Refusal {
    let refusal = Refusal::from(error);
    if refusal.kind != "not-found" {
        return refusal;
    }
    refusal.hinting(bilingual!(
        "`{name}` {version} was never pushed; `ksext push` does it",
        "`{name}` {version} 从未推送过；请使用 `ksext push`",
    ))
}
