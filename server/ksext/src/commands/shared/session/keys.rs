//! Which key a session uses, for which server, and how a new one is kept.
//!
//! Where a key comes from, in this order: `KSEXT_TOKEN`, memory, ksbuilder's file. Each key has one
//! server and goes nowhere else: that of the environment has `KSEXT_SERVER` or else the server that
//! the user names, the others the one that they were verified with.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ksext_cloud::{Client, CredentialStore as _, Credentials, Server};
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;
use serde::Serialize;

use super::Session;
use crate::commands::shared::object::words;
use crate::commands::shared::refusal::bilingual_of;
use crate::commands::{Refusal, work};
use crate::host::credentials::KsbuilderFile;

/// A key at hand.
#[derive(Debug)]
pub(crate) struct Known {
    /// The key, with the one server that it may go to.
    pub(crate) login: Credentials,
    /// Where it comes from.
    pub(crate) source: Source,
}

/// Where a key comes from; the first one that has any counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    /// `KSEXT_TOKEN`.
    Environment,
    /// This run of the language server alone.
    Memory,
    /// ksbuilder's file.
    File,
}

words!(Source: Environment => "environment", Memory => "memory", File => "file");

impl Source {
    /// As part of a sentence, behind "from".
    pub(crate) fn shown(self) -> Bilingual {
        match self {
            Self::Environment => Bilingual::fixed("`KSEXT_TOKEN`", "环境变量 `KSEXT_TOKEN`"),
            Self::Memory => Bilingual::fixed("this session", "本次会话"),
            Self::File => {
                Bilingual::fixed("the file shared with ksbuilder", "与 ksbuilder 共用的文件")
            }
        }
    }
}

impl Session {
    /// The server that a login goes to: the one wanted, else the one that the user has set, else the
    /// public one.
    ///
    /// # Errors
    /// `invalid-argument` if a key must not be sent there.
    pub(crate) fn login_server(&self, wanted: Option<&str>) -> Result<Server, Refusal> {
        match wanted {
            Some(address) => parse(address),
            None => Ok(self.named_server()?.unwrap_or_default()),
        }
    }

    /// The server that the user names in the settings or else in the environment.
    fn named_server(&self) -> Result<Option<Server>, Refusal> {
        let address = self
            .settings()
            .server
            .or_else(|| self.environment.server.clone());
        address.as_deref().map(parse).transpose()
    }

    /// The key to use, with the one server that it may go to.
    ///
    /// # Errors
    /// `auth` if there is none for the server that the user names.
    pub(crate) async fn known(&self) -> Result<Known, Refusal> {
        self.known_for(self.named_server()?).await
    }

    /// The key to use for the server `named`, or for any without one.
    ///
    /// # Errors
    /// `auth` if there is none.
    pub(crate) async fn known_for(&self, named: Option<Server>) -> Result<Known, Refusal> {
        let mut elsewhere = None;
        let mut fits = |found: Option<Credentials>, source: Source| {
            let login = found?;
            if named.as_ref().is_none_or(|named| *named == login.server) {
                return Some(Known { login, source });
            }
            elsewhere.get_or_insert(login.server);
            None
        };
        let of_environment = self.key_of_environment(named.as_ref())?;
        if let Some(found) = fits(of_environment, Source::Environment) {
            return Ok(found);
        }
        if let Some(found) = fits(self.memory.load()?, Source::Memory) {
            return Ok(found);
        }
        let file = Arc::clone(&self.file);
        let of_file = work::aside(move |_| Ok(file.load()?)).await?;
        if let Some(found) = fits(of_file, Source::File) {
            return Ok(found);
        }
        Err(not_logged_in(
            &named.unwrap_or_default(),
            elsewhere.as_ref(),
        ))
    }

    /// As [`Self::known`], without where it comes from.
    ///
    /// # Errors
    /// The same.
    pub(crate) async fn credentials(&self) -> Result<Credentials, Refusal> {
        Ok(self.known().await?.login)
    }

    /// The key in `KSEXT_TOKEN`. Without `KSEXT_SERVER` it is for the server that the user names.
    fn key_of_environment(&self, named: Option<&Server>) -> Result<Option<Credentials>, Refusal> {
        let token = match &self.environment.token {
            None => return Ok(None),
            Some(Ok(token)) => token.clone(),
            Some(Err(why)) => {
                let why = bilingual_of(&why.message());
                let (en, zh) = (why.en, why.zh);
                return Err(Refusal::auth(bilingual!(
                    "cannot use the key in `KSEXT_TOKEN`: {en}",
                    "无法使用 `KSEXT_TOKEN` 中的密钥：{zh}",
                )));
            }
        };
        let server = match &self.environment.server {
            Some(address) => parse(address)?,
            None => named.cloned().unwrap_or_default(),
        };
        Ok(Some(Credentials { server, token }))
    }

    /// Whether the environment brings a key, which then comes before every kept one.
    pub(crate) fn has_key_of_environment(&self) -> bool {
        self.environment.token.is_some()
    }

    /// Whether the environment brings another key than this login's.
    pub(crate) fn overrides(&self, login: &Credentials) -> bool {
        let token = self.environment.token.as_ref();
        token.is_some_and(|token| token.as_ref().ok() != Some(&login.token))
    }

    /// A client for the server that the user is logged in to.
    ///
    /// # Errors
    /// As [`Self::known`].
    pub(crate) async fn client(&self) -> Result<Client, Refusal> {
        let Known { login, source } = self.known().await?;
        if source == Source::File {
            self.tell_if_exposed();
        }
        let tell = Arc::clone(self.tell_of_waits.as_ref().unwrap_or(&self.tell));
        let client = Client::new(login.server, login.token);
        Ok(client.on_wait(move |wait| tell(&bilingual_of(&wait.message()))))
    }

    /// Tells once if others can read the key that is used.
    pub(in crate::commands) fn tell_if_exposed(&self) {
        let exposed = self.shared.as_ref().and_then(KsbuilderFile::exposed);
        let Some(exposed) = exposed else {
            return;
        };
        if !self.exposed_told.swap(true, Ordering::Relaxed) {
            let (why, what) = (exposed.said(), exposed.cure());
            let (en, zh, what_en, what_zh) = (why.en, why.zh, what.en, what.zh);
            (self.tell)(&bilingual!("{en}; {what_en}", "{zh}；{what_zh}"));
        }
    }

    /// The file that is shared with ksbuilder.
    pub(in crate::commands) fn shared_file(&self) -> Option<&KsbuilderFile> {
        self.shared.as_ref()
    }

    /// Keeps a verified login: in ksbuilder's file, or in memory alone. Answers what had to be
    /// replaced without being understood.
    ///
    /// # Errors
    /// `auth` if it cannot be kept.
    pub(crate) async fn keep(
        &self,
        login: Credentials,
        store: bool,
    ) -> Result<Option<Bilingual>, Refusal> {
        if !store {
            self.memory.save(&login)?;
            return Ok(None);
        }
        let file = Arc::clone(&self.file);
        let unreadable = work::aside(move |_| {
            let unreadable = file.load().err();
            file.save(&login)?;
            Ok(unreadable)
        });
        let unreadable = unreadable.await?;
        // What is in memory would come first.
        self.memory.clear()?;
        Ok(unreadable.map(|error| {
            tracing::info!(%error, "replaced");
            Bilingual::fixed(
                "the former login could not be read and was replaced",
                "原有的登录信息无法读取，已被替换",
            )
        }))
    }

    /// Forgets the login in memory and, with `store`, the one on the disk; says whether there was one.
    ///
    /// # Errors
    /// `auth` if ksbuilder's file cannot be changed.
    pub(crate) async fn forget(&self, store: bool) -> Result<bool, Refusal> {
        let in_memory = self.memory.clear()?;
        if !store {
            return Ok(in_memory);
        }
        let file = Arc::clone(&self.file);
        let in_file = work::aside(move |_| Ok(file.clear()?)).await?;
        Ok(in_memory || in_file)
    }
}

fn parse(address: &str) -> Result<Server, Refusal> {
    Server::parse(address).map_err(|bad| {
        let why = bilingual_of(&bad.message());
        let (en, zh) = (why.en, why.zh);
        Refusal::new(
            "invalid-argument",
            bilingual!(
                "cannot use the server address: {en}",
                "无法使用服务器地址：{zh}"
            ),
        )
    })
}

fn not_logged_in(server: &Server, elsewhere: Option<&Server>) -> Refusal {
    let message = match elsewhere {
        None => bilingual!("not logged in to {server}", "尚未登录 {server}"),
        Some(other) => bilingual!(
            "not logged in to {server}: the key at hand belongs to {other} and goes nowhere else",
            "尚未登录 {server}：现有的密钥属于 {other}，不会发往别处",
        ),
    };
    let option = if *server == Server::default() {
        String::new()
    } else {
        format!(" --server {server}")
    };
    Refusal::auth(message).hinting(bilingual!(
        "log in with `ksext login{option}` or the editor's command, or set `KSEXT_TOKEN`",
        "请运行 `ksext login{option}` 或使用编辑器中的登录命令，或设置 `KSEXT_TOKEN`",
    ))
}

#[cfg(test)]
mod tests {
    use ksext_cloud::{MemoryStore, Token};

    use super::*;
    use crate::commands::UserSettings;
    use crate::host::environment::Environment;

    const HERE: &str = "http://127.0.0.1:8642";

    /// A session with keys named by where they come from.
    fn session(environment: Environment, memory: Option<&str>, file: Option<&str>) -> Session {
        let stored = |server: Option<&str>, key: &str| {
            let store = MemoryStore::new();
            if let Some(server) = server {
                let server = Server::parse(server).expect("an address");
                let token = Token::new(key).expect("a key");
                store.save(&Credentials { server, token }).expect("kept");
            }
            store
        };
        Session::of(environment, stored(memory, "memory"), stored(file, "file"))
    }

    fn environment(token: Option<&str>, server: Option<&str>) -> Environment {
        Environment {
            token: token.map(Token::new),
            server: server.map(str::to_owned),
        }
    }

    #[track_caller]
    fn check(session: &Session, expected: Result<(&str, &str), &str>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let found = runtime.block_on(session.known());
        let found = found
            .as_ref()
            .map(|found| (found.login.token.expose(), found.login.server.as_str()));
        assert_eq!(found.map_err(|refusal| refusal.kind), expected);
    }

    #[test]
    fn the_environment_comes_before_memory_and_memory_before_the_file() {
        let set = || environment(Some("environment"), Some(HERE));
        check(
            &session(set(), Some(HERE), Some(HERE)),
            Ok(("environment", HERE)),
        );
        let unset = || environment(None, None);
        check(
            &session(unset(), Some(HERE), Some("https://a")),
            Ok(("memory", HERE)),
        );
        check(
            &session(unset(), None, Some("https://a")),
            Ok(("file", "https://a")),
        );
        check(&session(unset(), None, None), Err("auth"));
        let default = Server::default();
        check(
            &session(environment(Some("environment"), None), None, Some(HERE)),
            Ok(("environment", default.as_str())),
        );
    }

    #[test]
    fn a_key_goes_to_its_own_server_alone() {
        check(
            &session(environment(None, Some(HERE)), None, Some("https://a")),
            Err("auth"),
        );
        let session = session(
            environment(Some("environment"), Some("https://b")),
            Some("https://a"),
            Some(HERE),
        );
        session.set(UserSettings {
            server: Some(HERE.to_owned()),
            ..UserSettings::default()
        });
        check(&session, Ok(("file", HERE)));
        session.set(UserSettings {
            server: Some("https://c".to_owned()),
            ..UserSettings::default()
        });
        check(&session, Err("auth"));
        session.set(UserSettings {
            server: Some("http://10.0.0.1".to_owned()),
            ..UserSettings::default()
        });
        check(&session, Err("invalid-argument"));
    }

    #[test]
    fn a_key_that_no_header_can_hold_is_refused_without_being_shown() {
        let session = session(environment(Some("kck-\u{7f}"), None), None, Some(HERE));
        check(&session, Err("auth"));
    }
}
