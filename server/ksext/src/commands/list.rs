//! `ksext.list`: the extensions of the account.

use ksext_cloud::Pages;
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use serde::{Deserialize, Serialize};

use super::{Command, Described, Refusal, Said, Session, Tone, erased, object, state_word};

pub(super) static COMMAND: Command = Command {
    id: "ksext.list",
    title: Bilingual::fixed("List my extensions", "列出我的扩展组件"),
    summary: Bilingual::fixed(
        "Lists the extensions of the account at KubeSphere Cloud.",
        "列出账号在 KubeSphere Cloud 上的扩展组件。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| {
        let lang = ui.lang();
        erased("ksext.list", ui, value, move |args| {
            run(session, lang, args)
        })
    },
};

object! {
    /// Nothing.
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {}
}

object! {
    /// All extensions, in the cloud's order.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// All extensions, in the cloud's order.
        #[zh = "所有扩展组件，按云端的顺序。"]
        pub(crate) extensions: Vec<Extension>,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let names: Vec<_> = self.extensions.iter().map(|found| &*found.name).collect();
        let (count, en, zh) = (names.len(), names.join(", "), names.join("、"));
        match count {
            0 => Bilingual::fixed(
                "no extension was pushed from this account",
                "此账号还没有推送过扩展组件",
            ),
            1 => bilingual!("1 extension: {en}", "共 1 个扩展组件：{zh}"),
            _ => bilingual!("{count} extensions: {en}", "共 {count} 个扩展组件：{zh}"),
        }
    }
}

object! {
    /// An extension of the account.
    #[derive(Debug, Serialize)]
    pub(crate) struct Extension {
        /// The cloud's id of it.
        #[zh = "云端的扩展组件 ID。"]
        pub(crate) id: String,
        /// The `name` of its extension.yaml.
        #[zh = "extension.yaml 的 `name`。"]
        pub(crate) name: String,
        /// The cloud's word; seen are `draft` and `ready`.
        #[zh = "云端返回的状态；已知有 `draft` 和 `ready`。"]
        pub(crate) status: String,
        /// The same for people.
        #[zh = "供人阅读的状态。"]
        pub(crate) status_text: String,
        /// What it means: `draft`, `waiting`, `good`, `bad` or `unknown`.
        #[zh = "状态的含义：`draft`、`waiting`、`good`、`bad` 或 `unknown`。"]
        pub(crate) tone: Tone,
        /// The newest version that was approved.
        #[zh = "已通过审核的最新版本。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) latest_version: Option<String>,
    }
}

/// The list as it comes from the cloud.
#[derive(Debug)]
pub(crate) struct Listing {
    pages: Pages,
    lang: Lang,
}

impl Listing {
    /// The next extensions, in the cloud's order; `None` at the end.
    ///
    /// # Errors
    /// The cloud's.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Extension>>, Refusal> {
        let page = self.pages.next().await?;
        let extension = |extension| Extension::new(extension, self.lang);
        Ok(page.map(|page| page.into_iter().map(extension).collect()))
    }
}

impl Extension {
    fn new(extension: ksext_cloud::Extension, lang: Lang) -> Self {
        Self {
            id: extension.id,
            name: extension.name,
            status_text: state_word(&extension.status).get(lang).to_owned(),
            tone: Tone::of(&extension.status),
            status: extension.status,
            latest_version: extension.latest_version,
        }
    }
}

/// Asks the cloud, for who shows the first extensions before the last ones are there; words for people are
/// in `lang`.
///
/// # Errors
/// The cloud's, `auth` without a login.
pub(crate) async fn begin(session: &Session, lang: Lang) -> Result<Listing, Refusal> {
    let client = session.client().await?;
    let user = client.user().await?;
    let pages = client.search_pages(&user);
    Ok(Listing { pages, lang })
}

/// Asks the cloud; words for people are in `lang`.
///
/// # Errors
/// The cloud's, `auth` without a login.
pub(crate) async fn run(session: &Session, lang: Lang, _: Args) -> Result<Answer, Refusal> {
    let mut listing = begin(session, lang).await?;
    let mut extensions = Vec::new();
    while let Some(page) = listing.next().await? {
        extensions.extend(page);
    }
    Ok(Answer { extensions })
}
