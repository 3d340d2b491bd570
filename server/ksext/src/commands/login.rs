//! `ksext.login`: verifies a key with its server and keeps it.

use std::fmt;

use ksext_cloud::{Client, Credentials, ErrorKind, Token, User};
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::refusal::bilingual_of;
use super::{Command, Refusal, Said, Session, Stage, Ui, erased};

/// Where an account's owner creates a key (KubeSphere extension development guide, packaging and
/// release).
pub(crate) const KEY_PAGE: &str = "https://kubesphere.cloud/user/setting/";

pub(super) static COMMAND: Command = Command {
    id: "ksext.login",
    title: Bilingual::fixed("Log in to KubeSphere Cloud", "登录 KubeSphere Cloud"),
    summary: Bilingual::fixed(
        "Verifies an API key with KubeSphere Cloud and keeps it where ksbuilder finds it too.",
        "向 KubeSphere Cloud 验证 API 密钥，并保存到 ksbuilder 也能找到的位置。",
    ),
    run: |session, ui, value| erased("ksext.login", ui, value, |args| run(session, ui, args)),
};

/// What a login may be given.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The key; without one the user is asked.
    #[serde(default, deserialize_with = "key")]
    pub(crate) token: Option<Token>,
    /// The server's address; else the one that the user has set, or the public one.
    pub(crate) server: Option<String>,
    /// Whether to keep the key on the disk, which is the default, or in memory alone.
    pub(crate) store: Option<bool>,
}

/// Who is logged in where.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    /// The server's address.
    pub(crate) server: String,
    /// The owner of the key.
    pub(crate) user: Account,
}

/// An account of KubeSphere Cloud.
#[derive(Debug, Serialize)]
pub(crate) struct Account {
    /// The cloud's id of it.
    pub(crate) id: String,
    /// Its name, where the cloud tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let (server, account) = (&self.server, &self.user);
        bilingual!(
            "logged in to {server} as {account}",
            "已登录 {server}，账号 {account}"
        )
    }
}

impl fmt::Display for Account {
    /// `Demo (u-100)`, or the id alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} ({})", self.id),
            None => f.write_str(&self.id),
        }
    }
}

/// Logs in. Where nobody can be asked for a key, that of the environment or the kept one is verified.
///
/// # Errors
/// The cloud's, `auth` without a key, `invalid-argument` for a server that no key may be sent to.
pub(crate) async fn run(session: &Session, ui: &dyn Ui, args: Args) -> Result<Answer, Refusal> {
    let server = session.login_server(args.server.as_deref())?;
    let token = match args.token {
        Some(token) => Some(token),
        None => ui.ask_key(&server).await,
    };
    let login = match token {
        Some(token) => Credentials { server, token },
        // Without a server of its own any login is good enough.
        None => {
            let found = match args.server {
                Some(_) => session.credentials_for(Some(server)).await,
                None => session.credentials().await,
            };
            found.map_err(|refusal| {
                refusal.hinting(bilingual!(
                    "create a key at {KEY_PAGE} (Security, Create token), then run `ksext login` or set `KSEXT_TOKEN`",
                    "请在 {KEY_PAGE} 创建密钥（安全 > 创建令牌），然后运行 `ksext login` 或设置 `KSEXT_TOKEN`",
                ))
            })?
        }
    };
    let server = &login.server;
    ui.stage(&Stage {
        message: bilingual!("checking the key at {server}", "正在向 {server} 验证密钥"),
        percent: 10,
    });
    let user = Client::new(login.server.clone(), login.token.clone())
        .user()
        .await;
    let user = user.map_err(|error| explain(error, &login.token))?;
    let answer = Answer::new(server.as_str(), user);
    let overridden = session.overrides(&login);
    if let Some(note) = session.keep(login, args.store.unwrap_or(true)).await? {
        ui.note(&note);
    }
    if overridden {
        ui.note(&Bilingual::fixed(
            "`KSEXT_TOKEN` is set to another key, which is used in place of this one",
            "`KSEXT_TOKEN` 设置了另一个密钥，将优先使用它",
        ));
    }
    Ok(answer)
}

/// Who is logged in, asked of the server.
///
/// # Errors
/// The cloud's, `auth` without a key.
pub(crate) async fn whoami(session: &Session) -> Result<Answer, Refusal> {
    let client = session.client().await?;
    Ok(Answer::new(client.server().as_str(), client.user().await?))
}

impl Answer {
    fn new(server: &str, user: User) -> Self {
        Self {
            server: server.to_owned(),
            user: Account {
                id: user.id,
                name: user.name,
            },
        }
    }
}

/// Of a key that was refused and does not look like one, says so.
fn explain(error: ksext_cloud::Error, token: &Token) -> Refusal {
    let refused = matches!(error.kind(), ErrorKind::Auth | ErrorKind::Forbidden);
    let refusal = Refusal::from(error);
    if !refused {
        return refusal;
    }
    refusal.hinting(if token.looks_like_a_key() {
        bilingual!(
            "the key may be wrong or expired; create one at {KEY_PAGE}",
            "密钥可能有误或已过期；请在 {KEY_PAGE} 创建",
        )
    } else {
        bilingual!(
            "what was given does not look like a key (`kck-` and 36 characters); create one at {KEY_PAGE}",
            "所提供的内容不像密钥（`kck-` 加 36 个字符）；请在 {KEY_PAGE} 创建",
        )
    })
}

/// Reads a key so that no error repeats it.
fn key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Token>, D::Error> {
    struct Key;

    impl Visitor<'_> for Key {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a key as text")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
    }

    let text = deserializer.deserialize_str(Key)?;
    Token::new(text)
        .map(Some)
        .map_err(|bad| D::Error::custom(bilingual_of(&bad.message()).en))
}
