//! `ksext.status`: where an extension and its versions stand in the review.

use std::cmp::Reverse;

use jiff::Timestamp;
use ksext_cloud::{Client, ErrorKind};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use serde::{Deserialize, Serialize};

use super::age::{age, since};
use super::last_known::{self, LastKnown};
use super::{Command, Described, Refusal, Said, Session, Target, Tone, erased, object, state_word};

pub(super) static COMMAND: Command = Command {
    id: "ksext.status",
    title: Bilingual::fixed("Show review status", "查看审核状态"),
    summary: Bilingual::fixed(
        "Shows where an extension and its versions stand in the review.",
        "显示扩展组件及其各版本的审核状态。",
    ),
    takes: Args::KIND,
    answers: Told::KIND,
    run: |session, ui, value| {
        let lang = ui.lang();
        erased("ksext.status", ui, value, move |args| async move {
            Ok(Told::new(run(session, args).await?, lang, Timestamp::now()))
        })
    },
};

object! {
    /// Which extension: one of the two.
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// A place in its package: the manifest, another file, or the folder. Either this or `name`.
        #[zh = "扩展组件包中的位置：清单、其他文件或文件夹。与 `name` 二选一。"]
        pub(crate) uri: Option<Target>,
        /// The extension's name.
        #[zh = "扩展组件的名称。"]
        pub(crate) name: Option<String>,
    }
}

/// An extension and its versions, as they are kept and come from the cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// The `name` of extension.yaml.
    pub(crate) name: String,
    /// The cloud's id of it.
    pub(crate) id: String,
    /// The cloud's word; seen are `draft` and `ready`.
    pub(crate) status: String,
    /// The newest version that was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) latest_version: Option<String>,
    /// In the cloud's order.
    pub(crate) snapshots: Vec<Snapshot>,
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let Self { name, status, .. } = self;
        let Bilingual { en, zh } = state_word(status);
        match self.newest() {
            None => bilingual!(
                "{name} ({en}): no version was pushed",
                "{name}（{zh}）：没有推送过版本",
            ),
            Some(Snapshot {
                version, status, ..
            }) => {
                let is = state_word(status);
                let (is_en, is_zh) = (is.en, is.zh);
                bilingual!(
                    "{name} ({en}): {version} is {is_en}",
                    "{name}（{zh}）：{version} {is_zh}",
                )
            }
        }
    }
}

/// A version that was pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Snapshot {
    /// The cloud's id of it.
    pub(crate) id: String,
    /// The `version` of extension.yaml.
    pub(crate) version: String,
    /// The cloud's word; seen are `draft`, `submitted` and `active`.
    pub(crate) status: String,
    /// When it last changed, RFC 3339; `null` if the cloud does not tell.
    pub(crate) updated_at: Option<String>,
    /// What the reviewers say of it, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl Answer {
    /// An extension of which nothing but its versions is known.
    pub(crate) fn of(name: &str, snapshots: Vec<Snapshot>) -> Self {
        Self {
            name: name.to_owned(),
            snapshots,
            ..Self::default()
        }
    }

    /// The version that changed last. The order of the cloud's is no help: it lists the oldest first
    /// (kubesphere/ksbuilder pull request 92), of which nothing is promised.
    pub(crate) fn newest(&self) -> Option<&Snapshot> {
        self.newest_that(|_| true)
    }

    /// The newest snapshot of `version`.
    pub(crate) fn version(&self, version: &str) -> Option<&Snapshot> {
        self.newest_that(|snapshot| snapshot.version == version)
    }

    /// The newest of those that fulfil `predicate`.
    pub(crate) fn newest_that(&self, predicate: impl Fn(&Snapshot) -> bool) -> Option<&Snapshot> {
        let fitting = self.snapshots.iter().filter(|snapshot| predicate(snapshot));
        fitting.max_by_key(|snapshot| snapshot.time())
    }

    /// Forgets all but the newest `count` versions; their order stays.
    pub(crate) fn keep_newest(&mut self, count: usize) {
        let mut times: Vec<_> = self.snapshots.iter().map(Snapshot::time).collect();
        times.sort_unstable();
        let oldest = times.len().checked_sub(count).map(|first| times[first]);
        let mut left = count;
        self.snapshots.retain(|snapshot| {
            let stays = left > 0 && oldest.is_none_or(|oldest| snapshot.time() >= oldest);
            left -= usize::from(stays);
            stays
        });
    }
}

impl Snapshot {
    /// When it last changed; what has no time is older than what has one.
    fn time(&self) -> Option<Timestamp> {
        self.updated_at.as_deref()?.parse().ok()
    }
}

object! {
    /// As programs and people are told.
    #[derive(Debug, Serialize)]
    pub(crate) struct Told {
        /// The `name` of extension.yaml.
        #[zh = "extension.yaml 的 `name`。"]
        name: String,
        /// The cloud's id of it.
        #[zh = "云端的扩展组件 ID。"]
        id: String,
        /// The cloud's word; seen are `draft` and `ready`.
        #[zh = "云端返回的状态；已知有 `draft` 和 `ready`。"]
        status: String,
        /// The same for people.
        #[zh = "供人阅读的状态。"]
        status_text: String,
        /// What it means: `draft`, `waiting`, `good`, `bad` or `unknown`.
        #[zh = "状态的含义：`draft`、`waiting`、`good`、`bad` 或 `unknown`。"]
        tone: Tone,
        /// The newest version that was approved.
        #[zh = "已通过审核的最新版本。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        latest_version: Option<String>,
        /// Its versions, in the cloud's order.
        #[zh = "各版本，按云端的顺序。"]
        snapshots: Vec<ToldSnapshot>,
        #[serde(skip)]
        said: Bilingual,
    }
}

object! {
    /// A version that was pushed, as programs and people are told.
    #[derive(Debug, Serialize)]
    pub(crate) struct ToldSnapshot {
        /// The cloud's id of it.
        #[zh = "云端的快照 ID。"]
        id: String,
        /// The `version` of extension.yaml.
        #[zh = "extension.yaml 的 `version`。"]
        version: String,
        /// The cloud's word; seen are `draft`, `submitted` and `active`.
        #[zh = "云端返回的状态；已知有 `draft`、`submitted` 和 `active`。"]
        status: String,
        /// The same for people.
        #[zh = "供人阅读的状态。"]
        status_text: String,
        /// What it means: `draft`, `waiting`, `good`, `bad` or `unknown`.
        #[zh = "状态的含义：`draft`、`waiting`、`good`、`bad` 或 `unknown`。"]
        tone: Tone,
        /// When it last changed, RFC 3339; `null` if the cloud does not tell.
        #[zh = "最后更改的时间（RFC 3339）；云端未提供时为 `null`。"]
        updated_at: Option<String>,
        /// How long ago that was, for people.
        #[zh = "距今多久，供人阅读。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        age_text: Option<String>,
        /// 1 for the version that changed last, 2 for the one before it, and so on.
        #[zh = "最后更改的版本为 1，其前一个为 2，依此类推。"]
        rank: usize,
        /// What the reviewers say of it, if they do.
        #[zh = "审核人员的说明（如果有）。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

impl Said for Told {
    fn said(&self) -> Bilingual {
        self.said.clone()
    }
}

impl Told {
    /// Words in `lang`, ages as of `now`.
    pub(crate) fn new(answer: Answer, lang: Lang, now: Timestamp) -> Self {
        let said = answer.said();
        let mut newest_first: Vec<_> = (0..answer.snapshots.len()).rev().collect();
        newest_first.sort_by_key(|at| Reverse(answer.snapshots[*at].time()));
        let rank = |at| newest_first.iter().position(|it| *it == at);
        let snapshots = answer.snapshots.into_iter().enumerate();
        let snapshots = snapshots.map(|(at, snapshot)| ToldSnapshot {
            id: snapshot.id,
            version: snapshot.version,
            status_text: state_word(&snapshot.status).get(lang).to_owned(),
            tone: Tone::of(&snapshot.status),
            status: snapshot.status,
            age_text: snapshot
                .updated_at
                .as_deref()
                .and_then(|time| age_text(time, lang, now)),
            updated_at: snapshot.updated_at,
            rank: rank(at).map_or(1, |rank| rank + 1),
            reason: snapshot.reason,
        });
        Self {
            name: answer.name,
            id: answer.id,
            status_text: state_word(&answer.status).get(lang).to_owned(),
            tone: Tone::of(&answer.status),
            status: answer.status,
            latest_version: answer.latest_version,
            snapshots: snapshots.collect(),
            said,
        }
    }
}

/// How long before `now` a time of the cloud's was, in words; `None` if it is none.
pub(crate) fn age_text(time: &str, lang: Lang, now: Timestamp) -> Option<String> {
    Some(age(since(time, now)?).text.get(lang).to_owned())
}

impl From<ksext_cloud::Snapshot> for Snapshot {
    fn from(snapshot: ksext_cloud::Snapshot) -> Self {
        Self {
            id: snapshot.id.to_string(),
            version: snapshot.version,
            status: snapshot.status,
            updated_at: snapshot.updated_at,
            reason: snapshot.reason,
        }
    }
}

/// Asks the cloud.
///
/// # Errors
/// The cloud's, of kind `not-found` for a name that was never pushed; `auth` without a login.
pub(crate) async fn run(session: &Session, args: Args) -> Result<Answer, Refusal> {
    let name = match (args.name, args.uri) {
        (Some(name), None) => name,
        (None, Some(target)) => session.name_and_version(target).await?.0,
        _ => {
            return Err(Refusal::new(
                "invalid-argument",
                Bilingual::fixed(
                    "cannot show the status: give either `uri` or `name`",
                    "无法显示状态：请给出 `uri` 或 `name` 之一",
                ),
            ));
        }
    };
    let client = session.client().await?;
    // A key that is not valid is to be told apart from a name that does not exist.
    let user = client.user().await?;
    let asked = ask(&client, &name).await;
    let heard = match &asked {
        Ok(answer) => Some(Some(answer.clone())),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(None),
        Err(_) => None,
    };
    if let Some(heard) = heard {
        let server = client.server().as_str();
        let heard = LastKnown::now(server, Some(&user.id), &name, heard);
        last_known::keep(session, heard).await;
    }
    asked.map_err(|error| never_pushed(error, &name))
}

/// What the cloud knows of an extension.
///
/// # Errors
/// The cloud's, of kind `not-found` for a name that was never pushed.
pub(crate) async fn ask(client: &Client, name: &str) -> Result<Answer, ksext_cloud::Error> {
    let snapshots = client.snapshots(name).await?.into_iter();
    complete(client, name, snapshots.map(Snapshot::from).collect()).await
}

/// What the cloud knows of an extension whose versions were just heard of.
///
/// A decision may fall between the two questions. What is asked about second knows of it too; the other
/// way round the extension would look as before, with a version that is decided.
///
/// # Errors
/// As [`ask`].
pub(crate) async fn complete(
    client: &Client,
    name: &str,
    snapshots: Vec<Snapshot>,
) -> Result<Answer, ksext_cloud::Error> {
    let extension = client.summary(name).await?;
    Ok(Answer {
        name: name.to_owned(),
        id: extension.id,
        status: extension.status,
        latest_version: extension.latest_version,
        snapshots,
    })
}

pub(super) fn never_pushed(error: ksext_cloud::Error, name: &str) -> Refusal {
    let refusal = Refusal::from(error);
    if refusal.kind != "not-found" {
        return refusal;
    }
    refusal.hinting(bilingual!(
        "`{name}` was never pushed; `ksext push` does it",
        "`{name}` 从未推送过；请使用 `ksext push`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(id: &str, version: &str, updated_at: Option<&str>) -> Snapshot {
        Snapshot {
            id: id.to_owned(),
            version: version.to_owned(),
            status: "draft".to_owned(),
            updated_at: updated_at.map(str::to_owned),
            reason: None,
        }
    }

    #[test]
    fn the_newest_is_told_by_time_in_whatever_order() {
        let mut answer = Answer::of(
            "demo",
            vec![
                snapshot("1", "0.6.2", Some("2024-06-06T07:27:20Z")),
                snapshot("2", "0.6.3", Some("2024-06-06T16:00:00+08:00")),
                snapshot("3", "0.6.3", Some("2024-06-06T07:00:00Z")),
                snapshot("4", "0.7.0", None),
            ],
        );
        let id = |snapshot: Option<&Snapshot>| snapshot.map(|snapshot| snapshot.id.clone());
        assert_eq!(id(answer.newest()).as_deref(), Some("2"));
        assert_eq!(id(answer.version("0.6.3")).as_deref(), Some("2"));
        assert_eq!(id(answer.version("0.7.0")).as_deref(), Some("4"));
        assert_eq!(id(answer.version("9")), None);
        answer.keep_newest(2);
        let left: Vec<_> = answer.snapshots.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(left, ["1", "2"]);
        answer.keep_newest(5);
        assert_eq!(answer.snapshots.len(), 2);
    }

    #[test]
    fn versions_are_told_with_their_age_and_which_is_newest() {
        let answer = Answer::of(
            "demo",
            vec![
                snapshot("1", "0.6.2", None),
                snapshot("2", "0.6.3", Some("2024-06-06T16:00:00+08:00")),
                snapshot("3", "0.6.3", Some("2024-06-06T07:00:00Z")),
                snapshot("4", "0.7.0", Some("0001-01-01T00:00:00Z")),
                snapshot("5", "0.7.1", None),
            ],
        );
        let now = "2024-06-06T09:30:00Z".parse().expect("a time");
        let told = Told::new(answer, Lang::Zh, now);
        let seen: Vec<_> = told
            .snapshots
            .iter()
            .map(|it| (it.rank, it.age_text.as_deref(), it.status_text.as_str()))
            .collect();
        let expected = [
            (5, None, "草稿"),
            (1, Some("1 小时前"), "草稿"),
            (2, Some("2 小时前"), "草稿"),
            (3, None, "草稿"),
            (4, None, "草稿"),
        ];
        assert_eq!(seen, expected);
        assert_eq!(
            (told.tone, told.status_text.as_str()),
            (Tone::Unknown, "未知")
        );
    }
}
