//! What is installed, set, reachable and logged in, and what to do where something is not.
//!
//! Each check is one function that answers one line; nothing is changed, but for a file in ksext's own
//! state folder that comes and goes. The key is never part of a line.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use ksext_cloud::{Client, CredentialStore, Probe, Server, Timeouts, Token, probe};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::rules::RULES;
use ksext_core::schema;
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

use super::login::{self, KEY_PAGE};
use super::session::{Known, Session};
use super::{Refusal, work};
use crate::host::credentials::KsbuilderFile;
use crate::host::{environment, files, locale, log, programs};
use crate::workspace::ProjectSettings;

/// How long the cloud may take for one answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Clocks that differ by more make certificates and times in lists look wrong, in seconds.
const CLOCK_TOLERANCE: u64 = 120;

/// What is looked at.
#[derive(Debug)]
pub(crate) struct Args {
    /// A package, or a folder whose settings count.
    pub(crate) path: PathBuf,
    /// The settings file that the user named in place of the project's.
    pub(crate) config: Option<PathBuf>,
    /// Whether the user chose the language on the command line.
    pub(crate) lang_option: Option<Lang>,
    /// Whether to leave the network alone.
    pub(crate) offline: bool,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Answer {
    /// In the order in which one depends on the other.
    pub(crate) checks: Vec<Check>,
}

/// One line.
#[derive(Debug)]
pub(crate) struct Check {
    /// Its name for programs.
    pub(crate) id: &'static str,
    /// How it came out.
    pub(crate) state: State,
    /// What was found.
    pub(crate) message: Bilingual,
    /// What to do, where there is something to do.
    pub(crate) hint: Option<Bilingual>,
    /// The same for programs.
    details: Value,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// As it should be.
    Ok,
    /// Works, and is not as it should be.
    Warn,
    /// Does not work.
    Fail,
}

impl State {
    /// Its word for programs and people.
    pub(crate) fn word(self) -> Bilingual {
        match self {
            Self::Ok => Bilingual::fixed("ok", "正常"),
            Self::Warn => Bilingual::fixed("warn", "注意"),
            Self::Fail => Bilingual::fixed("fail", "失败"),
        }
    }
}

impl Answer {
    /// Whether anything does not work.
    pub(crate) fn has_failed(&self) -> bool {
        self.checks.iter().any(|check| check.state == State::Fail)
    }

    /// For programs: `{"version": 1, "ok": …, "checks": [{"check", "state", "message", "hint"?,
    /// "details"}]}`, the texts in one language.
    pub(crate) fn json(&self, lang: Lang) -> Value {
        let checks = self.checks.iter().map(|check| {
            let mut line = json!({
                "check": check.id,
                "state": check.state.word().en,
                "message": check.message.get(lang),
                "details": check.details,
            });
            if let Some(hint) = &check.hint {
                line["hint"] = json!(hint.get(lang));
            }
            line
        });
        json!({"version": 1, "ok": !self.has_failed(), "checks": checks.collect::<Vec<_>>()})
    }
}

impl Check {
    fn new(id: &'static str, state: State, message: Bilingual, details: Value) -> Self {
        Self {
            id,
            state,
            message,
            hint: None,
            details,
        }
    }

    fn ok(id: &'static str, message: Bilingual, details: Value) -> Self {
        Self::new(id, State::Ok, message, details)
    }

    fn hinting(mut self, hint: Bilingual) -> Self {
        self.hint = Some(hint);
        self
    }

    /// What a refusal says, and its hint.
    fn refused(id: &'static str, state: State, refusal: Refusal, mut details: Value) -> Self {
        details["kind"] = json!(refusal.kind);
        let mut check = Self::new(id, state, refusal.message, details);
        check.hint = refusal.hint;
        check
    }
}

/// Looks at everything.
///
/// # Errors
/// `cancelled` if the program ends meanwhile; whatever else is wrong is part of the answer.
pub(crate) async fn run(session: &Session, args: Args) -> Result<Answer, Refusal> {
    let mut checks = vec![version(), language(args.lang_option), log_filter()];
    let of_session = session.clone();
    let offline = args.offline;
    let on_disk = move |_: &dyn Fn() -> bool| {
        let mut checks = vec![settings(&args), built_in()];
        checks.extend(of_session.shared_file().map(key_file));
        checks.push(state_folder(&of_session));
        Ok(checks)
    };
    checks.extend(work::aside(on_disk).await?);
    let known = session.known().await;
    checks.push(key(session, &known));
    if !offline {
        let server = match &known {
            Ok(known) => Ok(known.login.server.clone()),
            Err(_) => session.login_server(None),
        };
        let mut is_reached = true;
        if let Ok(server) = server {
            let mut found = reach(&server).await;
            is_reached = found.state != State::Fail;
            // Whoever has no key to use works offline: nothing is broken by a network that is not there.
            if !is_reached && is_logged_out(session, &known) {
                found.state = State::Warn;
            }
            checks.push(found);
        }
        // Of a server that is out of reach all is said.
        if let (Ok(known), true) = (known, is_reached) {
            checks.push(account(known).await);
        }
    }
    let tools = |_: &dyn Fn() -> bool| Ok(TOOLS.iter().map(tool).collect::<Vec<_>>());
    checks.extend(work::aside(tools).await?);
    Ok(Answer { checks })
}

fn version() -> Check {
    let version = env!("CARGO_PKG_VERSION");
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let program = std::env::current_exe().unwrap_or_default();
    let shown = program.display();
    Check::ok(
        "version",
        bilingual!(
            "ksext {version} ({profile}, {os} {arch}), {shown}",
            "ksext {version}（{profile}，{os} {arch}），{shown}",
        ),
        json!({"version": version, "profile": profile, "os": os, "arch": arch, "program": shown.to_string()}),
    )
}

fn language(option: Option<Lang>) -> Check {
    let word = |lang| match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    };
    let (lang, why) = match (option, locale::variable()) {
        (Some(lang), _) => (lang, bilingual!("by `--lang`", "由 `--lang` 指定")),
        (None, Some((name, value))) => (
            locale::lang(),
            bilingual!("by `{name}={value}`", "由 `{name}={value}` 决定"),
        ),
        (None, None) => (
            locale::lang(),
            Bilingual::fixed("by default: no locale is set", "默认值：未设置区域"),
        ),
    };
    let (lang, en, zh) = (word(lang), why.en, why.zh);
    Check::ok(
        "language",
        bilingual!("messages in `{lang}`, {en}", "消息语言 `{lang}`，{zh}"),
        json!({"lang": lang}),
    )
}

fn log_filter() -> Check {
    let Some(filter) = environment::log_filter() else {
        let text = Bilingual::fixed("log: warnings on stderr", "日志：警告输出到 stderr");
        return Check::ok("log", text, json!({"filter": null}));
    };
    let details = json!({"filter": filter});
    match log::filter(&filter, LevelFilter::OFF) {
        (_, true) => {
            let text = bilingual!("log: `KSEXT_LOG={filter}`", "日志：`KSEXT_LOG={filter}`");
            Check::ok("log", text, details)
        }
        (_, false) => {
            let text = bilingual!(
                "`KSEXT_LOG={filter}` is no log filter; its wrong parts are ignored",
                "`KSEXT_LOG={filter}` 不是有效的日志过滤器；错误的部分会被忽略",
            );
            let hint = Bilingual::fixed(
                "write for example `KSEXT_LOG=debug`",
                "例如写作 `KSEXT_LOG=debug`",
            );
            Check::new("log", State::Warn, text, details).hinting(hint)
        }
    }
}

fn settings(args: &Args) -> Check {
    let path = args.path.display();
    let folder = match files::is_folder(&args.path) {
        Ok(true) => args.path.clone(),
        Ok(false) => args.path.parent().unwrap_or(Path::new("")).to_owned(),
        Err(_) => {
            let text = bilingual!("there is nothing at {path}", "{path} 不存在");
            let hint = Bilingual::fixed("name a package or a folder", "请指定扩展组件包或目录");
            return Check::new("settings", State::Fail, text, json!({"file": null})).hinting(hint);
        }
    };
    let Some(file) = args
        .config
        .clone()
        .or_else(|| ProjectSettings::file_for(&folder))
    else {
        let text = bilingual!(
            "no settings file applies to {path}: the defaults count",
            "{path} 没有适用的设置文件：使用默认设置",
        );
        return Check::ok("settings", text, json!({"file": null}));
    };
    let shown = file.display();
    let details = json!({"file": shown.to_string()});
    let fix = Bilingual::fixed("correct the file", "请修正该文件");
    match ProjectSettings::read(&file) {
        Err(why) => {
            let text = bilingual!("{why}", "无法使用项目设置：{why}");
            Check::new("settings", State::Fail, text, details).hinting(fix)
        }
        Ok(found) => match found.check.findings.first() {
            None => {
                let text = bilingual!("settings: {shown}", "设置文件：{shown}");
                Check::ok("settings", text, details)
            }
            Some(finding) => {
                let text = finding.message.clone();
                Check::new("settings", State::Warn, text, details).hinting(fix)
            }
        },
    }
}

fn built_in() -> Check {
    let (rules, bytes) = (RULES.len(), schema::source().len());
    Check::ok(
        "rules",
        bilingual!(
            "{rules} rules and the schema of extension.yaml are built in",
            "内置 {rules} 条规则和 extension.yaml 的 schema",
        ),
        json!({"rules": rules, "schemaBytes": bytes}),
    )
}

fn key_file(file: &KsbuilderFile) -> Check {
    const ID: &str = "credentials";
    let shown = file.place().map(|path| path.display().to_string());
    let details = json!({"file": shown, "mode": file.mode().map(|mode| format!("{mode:03o}"))});
    let path = shown.unwrap_or_default();
    match file.load() {
        Err(error) => Check::refused(ID, State::Warn, error.into(), details),
        Ok(None) => {
            let text = bilingual!("no login is kept in {path}", "{path} 中没有登录信息");
            Check::ok(ID, text, details)
        }
        Ok(Some(login)) => match file.exposed() {
            Some(exposed) => {
                Check::new(ID, State::Warn, exposed.said(), details).hinting(exposed.cure())
            }
            None => {
                let server = login.server;
                let text = bilingual!(
                    "a login for {server} is kept in {path}, for you alone",
                    "{path} 中保存有 {server} 的登录信息，仅您本人可读取",
                );
                Check::ok(ID, text, details)
            }
        },
    }
}

fn state_folder(session: &Session) -> Check {
    const ID: &str = "state";
    const NAME: &str = "doctor";
    let Some(kept) = session.kept() else {
        let text = Bilingual::fixed(
            "there is no folder for what ksext remembers: you have no home",
            "没有可供 ksext 保存状态的目录：找不到主目录",
        );
        let hint = Bilingual::fixed(
            "set `HOME` or `XDG_STATE_HOME`",
            "请设置 `HOME` 或 `XDG_STATE_HOME`",
        );
        return Check::new(ID, State::Warn, text, json!({"folder": null})).hinting(hint);
    };
    let folder = kept.folder().display();
    let details = json!({"folder": folder.to_string()});
    match kept.write(NAME, b"").and_then(|()| kept.remove(NAME)) {
        Ok(()) => {
            let text = bilingual!("state folder: {folder}", "状态目录：{folder}");
            Check::ok(ID, text, details)
        }
        Err(_) => {
            let text = bilingual!(
                "cannot write to the state folder {folder}: what ksext learns is forgotten",
                "无法写入状态目录 {folder}：ksext 不会记住任何状态",
            );
            let hint = Bilingual::fixed(
                "make it yours to write, or set `XDG_STATE_HOME`",
                "请确保您可以写入该目录，或设置 `XDG_STATE_HOME`",
            );
            Check::new(ID, State::Warn, text, details).hinting(hint)
        }
    }
}

/// Whether there simply is no login, and no key of the environment either.
fn is_logged_out(session: &Session, known: &Result<Known, Refusal>) -> bool {
    let has_none = |refusal: &Refusal| refusal.kind == "auth";
    !session.has_key_of_environment() && known.as_ref().is_err_and(has_none)
}

fn key(session: &Session, known: &Result<Known, Refusal>) -> Check {
    const ID: &str = "key";
    let known = match known {
        Ok(known) => known,
        Err(refusal) => {
            // An address or a key that cannot be used breaks every command; a missing one is common.
            let state = if is_logged_out(session, known) {
                State::Warn
            } else {
                State::Fail
            };
            let mut check = Check::refused(ID, state, refusal.clone(), json!({"source": null}));
            if let Some(Err(error)) = session.shared_file().map(CredentialStore::load)
                && Refusal::from(error).message == check.message
            {
                check.message = Bilingual::fixed(
                    "there is no key to use: the login cannot be read",
                    "没有可用的密钥：无法读取登录信息",
                );
                check.hint = Some(Bilingual::fixed(
                    "log in again with `ksext login`, or set `KSEXT_TOKEN`",
                    "请用 `ksext login` 重新登录，或设置 `KSEXT_TOKEN`",
                ));
            }
            return check;
        }
    };
    let (server, source) = (&known.login.server, known.source.shown());
    let (en, zh) = (source.en, source.zh);
    let details = json!({"source": known.source, "server": server.as_str()});
    let check = Check::ok(
        ID,
        bilingual!(
            "the key from {en} is used, for {server} alone",
            "使用的密钥来自{zh}，仅用于 {server}",
        ),
        details,
    );
    match login::odd(&known.login.token) {
        None => check,
        Some(_) => Check {
            state: State::Warn,
            ..check
        }
        .hinting(bilingual!(
            "it does not look like an API key (`kck-` and 36 characters); create one at {KEY_PAGE}",
            "它看起来不像 API 密钥（`kck-` 加 36 个字符）；请在 {KEY_PAGE} 创建",
        )),
    }
}

async fn reach(server: &Server) -> Check {
    const ID: &str = "server";
    let set = environment::network();
    let shown: Vec<_> = set
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut details = json!({"server": server.as_str(), "environment": shown});
    let via = if server.is_loopback() || shown.is_empty() {
        Bilingual::fixed("", "")
    } else {
        let set = shown.join(" ");
        bilingual!("; set are {set}", "；已设置 {set}")
    };
    let (via_en, via_zh) = (via.en, via.zh);
    match probe(server, PATIENCE).await {
        Some(found) => {
            let milliseconds = found.took.as_millis();
            details["milliseconds"] = json!(milliseconds);
            let check = Check::ok(
                ID,
                bilingual!(
                    "{server} answers within {milliseconds} ms{via_en}",
                    "{server} 在 {milliseconds} 毫秒内作答{via_zh}",
                ),
                details,
            );
            tell_clock(check, &found)
        }
        None => {
            let refusal = why_unreachable(server).await;
            Check::refused(ID, State::Fail, refusal, details)
        }
    }
}

/// In the words of every other call that fails this way. Nothing of the user's is sent: the key is made
/// up.
async fn why_unreachable(server: &Server) -> Refusal {
    let silent = || {
        let seconds = PATIENCE.as_secs();
        Refusal::new(
            "timeout",
            bilingual!(
                "{server} has not answered within {seconds} s",
                "{server} 在 {seconds} 秒内没有作答",
            ),
        )
    };
    let Ok(nobody) = Token::new("nobody") else {
        return silent();
    };
    let client = Client::with_timeouts(server.clone(), nobody, timeouts());
    match tokio::time::timeout(PATIENCE, client.user()).await {
        Ok(Err(error)) => {
            let (en, zh) = (&error.why().en, &error.why().zh);
            let message = bilingual!("cannot reach {server}: {en}", "无法访问 {server}：{zh}");
            Refusal {
                message,
                ..error.into()
            }
        }
        _ => silent(),
    }
}

fn timeouts() -> Timeouts {
    Timeouts {
        connect: PATIENCE,
        call: PATIENCE,
        idle: PATIENCE,
        // What is wrong is to be seen, not to be mended.
        repeat: Duration::ZERO,
        ..Timeouts::default()
    }
}

/// Notes a clock that is far from the server's.
fn tell_clock(mut check: Check, found: &Probe) -> Check {
    let Some(clock) = found.clock else {
        return check;
    };
    let ahead = Timestamp::now().as_second() - clock.as_second();
    check.details["clockAheadSeconds"] = json!(ahead);
    let off = ahead.unsigned_abs();
    if off <= CLOCK_TOLERANCE {
        return check;
    }
    let (server_en, server_zh) = (check.message.en, check.message.zh);
    check.message = if ahead > 0 {
        bilingual!(
            "{server_en}; this machine's clock is {off} s ahead of the server's",
            "{server_zh}；本机时钟比服务器快 {off} 秒",
        )
    } else {
        bilingual!(
            "{server_en}; this machine's clock is {off} s behind the server's",
            "{server_zh}；本机时钟比服务器慢 {off} 秒",
        )
    };
    check.state = State::Warn;
    check.hinting(Bilingual::fixed(
        "set the clock: certificates are refused by a wrong one",
        "请校准时钟：时钟不准会导致证书被拒绝",
    ))
}

async fn account(known: Known) -> Check {
    const ID: &str = "account";
    let details = json!({"server": known.login.server.as_str()});
    let verified = tokio::time::timeout(2 * PATIENCE, login::verify(known.login)).await;
    match verified {
        Ok(Ok(verified)) => {
            let (account, server) = (&verified.account, &verified.login.server);
            let text = bilingual!(
                "logged in to {server} as {account}",
                "已登录 {server}，账号 {account}",
            );
            let details = json!({"server": server.as_str(), "user": account});
            Check::ok(ID, text, details)
        }
        Ok(Err(refusal)) => Check::refused(ID, State::Fail, refusal, details),
        Err(_) => {
            let text = Bilingual::fixed("the key could not be checked in time", "未能及时验证密钥");
            let hint = Bilingual::fixed("try again later", "请稍后重试");
            Check::new(ID, State::Fail, text, details).hinting(hint)
        }
    }
}

/// The programs that people have beside this one, and how each tells its version. ksext needs none.
const TOOLS: [(&str, &[&str]); 3] = [
    ("git", &["--version"]),
    ("ksbuilder", &["version"]),
    ("helm", &["version", "--short"]),
];

fn tool((name, args): &(&'static str, &[&str])) -> Check {
    let Some(path) = programs::find(name) else {
        let text = bilingual!(
            "`{name}` is not on the PATH; ksext does without it",
            "PATH 中没有 `{name}`；ksext 不依赖它",
        );
        return Check::ok(name, text, json!({"path": null}));
    };
    let version = programs::first_line(OsStr::new(&path), args);
    let shown = path.display();
    let details = json!({"path": shown.to_string(), "version": version});
    let version = version.map_or_else(
        || Bilingual::fixed("tells no version", "没有给出版本"),
        |version| bilingual!("{version}", "{version}"),
    );
    let (en, zh) = (version.en, version.zh);
    let text = bilingual!("`{name}`: {en} ({shown})", "`{name}`：{zh}（{shown}）");
    Check::ok(name, text, details)
}
