//! `ksext.status`: where an extension and its versions stand in the review.

use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use serde::{Deserialize, Serialize};

use super::{Command, Refusal, Said, Session, Target, erased};

pub(super) static COMMAND: Command = Command {
    id: "ksext.status",
    title: Bilingual::fixed("Show review status", "查看审核状态"),
    summary: Bilingual::fixed(
        "Shows where an extension and its versions stand in the review.",
        "显示扩展组件及其各版本的审核状态。",
    ),
    run: |session, ui, value| erased("ksext.status", ui, value, |args| run(session, args)),
};

/// Which extension: one of the two.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// A place in its package.
    pub(crate) uri: Option<Target>,
    /// Its name.
    pub(crate) name: Option<String>,
}

/// An extension and its versions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// The `name` of extension.yaml.
    pub(crate) name: String,
    /// The cloud's id of it.
    pub(crate) id: String,
    /// The cloud's word; seen are `draft` and `ready`.
    pub(crate) status: String,
    /// The newest version that was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) latest_version: Option<String>,
    /// In the cloud's order.
    pub(crate) snapshots: Vec<Snapshot>,
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let Self { name, status, .. } = self;
        match self.snapshots.first() {
            None => bilingual!(
                "{name} ({status}): no version was pushed",
                "{name}（{status}）：没有推送过版本",
            ),
            Some(Snapshot {
                version,
                status: is,
                ..
            }) => bilingual!(
                "{name} ({status}): {version} is {is}",
                "{name}（{status}）：{version} 为 {is}",
            ),
        }
    }
}

/// A version that was pushed.
#[derive(Debug, Serialize)]
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
    client.user().await?;
    let extension = client
        .summary(&name)
        .await
        .map_err(|error| never_pushed(error, &name))?;
    let snapshots = client
        .snapshots(&name)
        .await?
        .into_iter()
        .map(|snapshot| Snapshot {
            id: snapshot.id.to_string(),
            version: snapshot.version,
            status: snapshot.status,
            updated_at: snapshot.updated_at,
        });
    Ok(Answer {
        name,
        id: extension.id,
        status: extension.status,
        latest_version: extension.latest_version,
        snapshots: snapshots.collect(),
    })
}

fn never_pushed(error: ksext_cloud::Error, name: &str) -> Refusal {
    let refusal = Refusal::from(error);
    if refusal.kind != "not-found" {
        return refusal;
    }
    refusal.hinting(bilingual!(
        "`{name}` was never pushed; `ksext push` does it",
        "`{name}` 从未推送过；请使用 `ksext push`",
    ))
}
