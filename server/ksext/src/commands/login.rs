//! `ksext.login`: verifies a key with its server and keeps it.

use std::fmt;

use ksext_cloud::{BadToken, Client, Credentials, Server, Token, User};
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

pub(crate) use ksext_cloud::KEY_PAGE;

use super::shared::refusal::bilingual_of;
use super::{Command, Described, Flag, Refusal, Said, Session, Stage, Ui, erased, object};

pub(super) static COMMAND: Command = Command {
    id: "ksext.login",
    title: Bilingual::fixed("Log in to KubeSphere Cloud", "登录 KubeSphere Cloud"),
    summary: Bilingual::fixed(
        "Verifies an API key with KubeSphere Cloud and keeps it where ksbuilder finds it too.",
        "向 KubeSphere Cloud 验证 API 密钥，并保存到 ksbuilder 也能找到的位置。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| erased("ksext.login", ui, value, |args| run(session, ui, args)),
};

object! {
    /// What a login may be given.
    #[derive(Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The API key. Without one a page asks for it; where nobody can be asked, the known one is verified.
        #[zh = "API 密钥。未提供时打开页面询问；无法询问时，验证已有的密钥。"]
        #[serde(default, deserialize_with = "key")]
        pub(crate) token: Option<Token>,
        /// The server's address; else the one that the user has set, or the public one.
        #[zh = "服务器地址；默认为用户设置的地址，否则为公共服务器。"]
        pub(crate) server: Option<String>,
        /// Whether to keep the key on the disk, or in memory alone.
        #[zh = "将密钥保存到磁盘，还是仅保留在内存中。"]
        #[serde(default)]
        pub(crate) store: Flag<true>,
        /// Whether to ask the server whose key it is. Without, `token` and `store: false` are needed: for an
        /// editor that keeps a key which was verified once.
        #[zh = "是否向服务器查询密钥的所有者。为 `false` 时需要 `token` 和 `store: false`：用于自行保存已验证密钥的编辑器。"]
        #[serde(default)]
        pub(crate) verify: Flag<true>,
    }
}

object! {
    /// Who is logged in where.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The server's address.
        #[zh = "服务器地址。"]
        pub(crate) server: String,
        /// The owner of the key, if the server was asked.
        #[zh = "密钥的所有者；未查询服务器时没有。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) user: Option<Account>,
    }
}

object! {
    /// An account of KubeSphere Cloud.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub(crate) struct Account {
        /// The cloud's id of it.
        #[zh = "云端的账号 ID。"]
        pub(crate) id: String,
        /// Its name, where the cloud tells.
        #[zh = "账号名称（如果云端提供）。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) name: Option<String>,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let server = &self.server;
        match &self.user {
            Some(account) => bilingual!(
                "logged in to {server} as {account}",
                "已登录 {server}，账号 {account}"
            ),
            None => bilingual!(
                "the key for {server} is used in this session",
                "本次会话使用 {server} 的密钥"
            ),
        }
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

/// A key that its server has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    /// The key and its server.
    pub(crate) login: Credentials,
    /// Whose key it is.
    pub(crate) account: Account,
}

/// Logs in. Where nobody can be asked for a key, that of the environment or the kept one is verified.
///
/// # Errors
/// The cloud's, `auth` without a key, `cancelled` if the user was asked for one and gave none,
/// `invalid-argument` for a server that no key may be sent to, or without what `verify: false` needs.
pub(crate) async fn run(session: &Session, ui: &dyn Ui, args: Args) -> Result<Answer, Refusal> {
    let server = session.login_server(args.server.as_deref())?;
    if !args.verify.0 {
        return take(session, server, args).await;
    }
    let verified = match args.token {
        Some(token) => check(ui, Credentials { server, token }).await?,
        None => match ui.ask_key(&server).await? {
            Some(verified) => verified,
            // Without a server of its own any login is good enough.
            None => check_known(session, ui, args.server.map(|_| server)).await?,
        },
    };
    let Verified { login, account } = verified;
    let answer = Answer {
        server: login.server.as_str().to_owned(),
        user: Some(account),
    };
    let overridden = session.overrides(&login);
    if let Some(note) = session.keep(login, args.store.0).await? {
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

/// Takes a key into memory and asks nobody about it.
async fn take(session: &Session, server: Server, args: Args) -> Result<Answer, Refusal> {
    let (Some(token), Flag(false)) = (args.token, args.store) else {
        return Err(Refusal::new(
            "invalid-argument",
            Bilingual::fixed(
                "cannot run `ksext.login`: `verify: false` needs `token` and `store: false`",
                "无法运行 `ksext.login`：`verify: false` 需要同时提供 `token` 和 `store: false`",
            ),
        ));
    };
    let answer = Answer {
        server: server.as_str().to_owned(),
        user: None,
    };
    session.keep(Credentials { server, token }, false).await?;
    Ok(answer)
}

/// Verifies the key that is there already.
async fn check_known(
    session: &Session,
    ui: &dyn Ui,
    server: Option<Server>,
) -> Result<Verified, Refusal> {
    let found = match server {
        Some(server) => session.known_for(Some(server)).await,
        None => session.known().await,
    };
    let found = found.map_err(|refusal| {
        refusal.hinting(bilingual!(
            "nobody can be asked for a key here; create one at {KEY_PAGE} (Security, Create token, tick Extension Component), then run `ksext login` in a terminal, pipe it to `ksext login --token-stdin` or set `KSEXT_TOKEN`",
            "此处无法询问密钥；请在 {KEY_PAGE} 创建密钥（安全 > 创建令牌，勾选扩展组件），然后在终端中运行 `ksext login`，通过管道传给 `ksext login --token-stdin`，或设置 `KSEXT_TOKEN`",
        ))
    })?;
    let source = found.source.shown();
    let (en, zh) = (&source.en, &source.zh);
    ui.note(&bilingual!(
        "nobody can be asked for a key here, so the one from {en} is checked",
        "此处无法询问密钥，因此验证已有的密钥，来自{zh}",
    ));
    check(ui, found.login).await
}

async fn check(ui: &dyn Ui, login: Credentials) -> Result<Verified, Refusal> {
    let server = &login.server;
    ui.stage(&Stage {
        message: bilingual!("checking the key at {server}", "正在向 {server} 验证密钥"),
        percent: 10,
    });
    if let Some(note) = odd(&login.token) {
        ui.note(&note);
    }
    verify(login).await
}

/// Asks the server whose key it is; it goes nowhere else.
///
/// # Errors
/// The cloud's, for a wrong key of kind `auth` or `forbidden`.
pub(crate) async fn verify(login: Credentials) -> Result<Verified, Refusal> {
    let client = Client::new(login.server.clone(), login.token.clone());
    let account = client.user().await?.into();
    Ok(Verified { login, account })
}

/// What to say of a key before it is tried that does not have the shape of one.
pub(crate) fn odd(token: &Token) -> Option<Bilingual> {
    (!token.looks_like_a_key()).then_some(Bilingual::fixed(
        "this does not look like an API key (`kck-` and 36 characters); it is tried all the same",
        "这看起来不像 API 密钥（`kck-` 加 36 个字符）；仍会尝试使用",
    ))
}

/// The refusal of a text that no request could carry.
pub(crate) fn not_a_key(bad: BadToken) -> Refusal {
    let why = bilingual_of(&bad.message());
    let (en, zh) = (why.en, why.zh);
    Refusal::auth(bilingual!("cannot log in: {en}", "无法登录：{zh}"))
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            name: user.name,
        }
    }
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
