//! `ksext.whoami`: whose key is used, asked of its server.

use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use serde::{Deserialize, Serialize};

use super::login::Account;
use super::session::Source;
use super::{Command, Described, Refusal, Said, Session, erased, object};

pub(super) static COMMAND: Command = Command {
    id: "ksext.whoami",
    title: Bilingual::fixed("Show who is logged in", "查看登录账号"),
    summary: Bilingual::fixed(
        "Asks KubeSphere Cloud whose API key is used, and says where the key comes from.",
        "向 KubeSphere Cloud 查询当前 API 密钥的账号，并说明密钥来自何处。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| erased("ksext.whoami", ui, value, |args| run(session, args)),
};

object! {
    /// Nothing.
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {}
}

object! {
    /// Who is logged in where, and how the program knows.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The server's address.
        #[zh = "服务器地址。"]
        pub(crate) server: String,
        /// The owner of the key.
        #[zh = "密钥的所有者。"]
        pub(crate) user: Account,
        /// Where the key comes from: `environment`, `memory` or `file`.
        #[zh = "密钥的来源：`environment`（环境变量）、`memory`（内存）或 `file`（文件）。"]
        pub(crate) source: Source,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let (server, account, source) = (&self.server, &self.user, self.source.shown());
        let (en, zh) = (&source.en, &source.zh);
        bilingual!(
            "{account} at {server} (key from {en})",
            "{account}，{server}（密钥来自{zh}）",
        )
    }
}

/// Asks the server.
///
/// # Errors
/// The cloud's, `auth` without a key.
pub(crate) async fn run(session: &Session, _: Args) -> Result<Answer, Refusal> {
    let source = session.known().await?.source;
    let client = session.client().await?;
    let account = client.user().await?;
    Ok(Answer {
        server: client.server().as_str().to_owned(),
        user: account.into(),
        source,
    })
}
