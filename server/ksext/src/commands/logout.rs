//! `ksext.logout`: forgets the key, here and for ksbuilder.

use ksext_core::lang::Bilingual;
use serde::{Deserialize, Serialize};

use super::{Command, Described, Flag, Refusal, Said, Session, Ui, erased, last_known, object};

pub(super) static COMMAND: Command = Command {
    id: "ksext.logout",
    title: Bilingual::fixed("Log out of KubeSphere Cloud", "退出 KubeSphere Cloud"),
    summary: Bilingual::fixed(
        "Forgets the API key, also for ksbuilder. It stays valid until it is deleted in the account's settings.",
        "清除 API 密钥，ksbuilder 也不再能使用它。在账号设置中删除之前，密钥本身仍然有效。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| erased("ksext.logout", ui, value, |args| run(session, ui, args)),
};

object! {
    /// What is forgotten.
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// Whether the key on the disk goes too, or only the one in memory.
        #[zh = "同时清除磁盘上的密钥，还是仅清除内存中的密钥。"]
        #[serde(default)]
        pub(crate) store: Flag<true>,
    }
}

object! {
    /// An empty object for programs.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// Whether there was a login to forget.
        #[serde(skip)]
        pub(crate) was_logged_in: bool,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        if self.was_logged_in {
            Bilingual::fixed("logged out", "已退出登录")
        } else {
            Bilingual::fixed("there was no login to forget", "没有需要清除的登录信息")
        }
    }
}

/// Logs out; without a login there is nothing to do, which is fine.
///
/// # Errors
/// `auth` if the file that keeps the key cannot be changed.
pub(crate) async fn run(session: &Session, ui: &dyn Ui, args: Args) -> Result<Answer, Refusal> {
    let was_logged_in = session.forget(args.store.0).await?;
    // Whoever logs in next is not to see what this account was told.
    last_known::forget(session).await;
    if session.has_key_of_environment() {
        ui.note(&Bilingual::fixed(
            "`KSEXT_TOKEN` is set and still brings a key",
            "`KSEXT_TOKEN` 仍然设置着密钥",
        ));
    }
    Ok(Answer { was_logged_in })
}
