//! Asking for a key in the browser, by a page that this program serves on loopback.
//!
//! A key pasted into an editor's input box lands in logs and histories; a password field of a page
//! does not. The page has an address that nobody guesses, is gone once a key was accepted and after
//! [`LIFETIME`], and works without scripts. It answers only a browser that was sent here: requests that
//! name another host, as after DNS rebinding, or come from another site's page, are refused. The key
//! travels in the body of one request to this machine and never in an address; the answer to that
//! request says what the cloud said of it.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Form, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Router, serve};
use ksext_cloud::{Credentials, Server, Token};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::Instant;

use super::proto::ShowDocumentParams;
use super::proto::request::ShowDocument;
use super::state::Shared;
use crate::commands::Refusal;
use crate::commands::login::{self, KEY_PAGE, Verified};

/// How long a page waits for a key.
const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// The browser has so long to fetch the page's last word.
const FAREWELL: Duration = Duration::from_secs(2);
/// A key has 40 characters.
const BODY_LIMIT: usize = 16 << 10;

/// Opens the page and waits for a key for `server` that the server accepts; `None` if the client opens
/// no pages. Dropping the future closes the page.
///
/// # Errors
/// `timeout` if no key was accepted in time; with the last refusal, if there was any.
pub(super) async fn ask(
    shared: &Shared,
    server: &Server,
    lang: Lang,
) -> Result<Option<Verified>, Refusal> {
    if !shared.abilities().show_document {
        return Ok(None);
    }
    let page = match Page::bind(server, lang, verify).await {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(%error, "cannot serve the sign-in page");
            return Ok(None);
        }
    };
    let Ok(uri) = page.address().parse() else {
        return Ok(None);
    };
    let params = ShowDocumentParams {
        uri,
        external: Some(true),
        take_focus: Some(true),
        selection: None,
    };
    // An editor may ask its user first whether to open the page.
    let shown = shared.client.request::<ShowDocument>(params, LIFETIME);
    let served = page.serve();
    tokio::pin!(served);
    tokio::select! {
        key = &mut served => return key.map(Some),
        shown = shown => match shown {
            Ok(shown) if shown.success => {}
            Ok(_) => {
                tracing::warn!("the client did not open the sign-in page");
                return Ok(None);
            }
            Err(error) => {
                tracing::warn!(%error, "the client did not open the sign-in page");
                return Ok(None);
            }
        },
    }
    served.await.map(Some)
}

/// Asks a server whose key it is.
type Verify = fn(Credentials) -> Verifying;
type Verifying = std::pin::Pin<Box<dyn Future<Output = Result<Verified, Refusal>> + Send>>;

fn verify(login: Credentials) -> Verifying {
    Box::pin(login::verify(login))
}

/// A page that waits to be served.
struct Page {
    listener: TcpListener,
    desk: Arc<Desk>,
}

/// What the requests for one page share.
struct Desk {
    /// `127.0.0.1:PORT`, which every request must name as its host.
    host: String,
    /// The path, from the slash.
    path: String,
    server: Server,
    lang: Lang,
    /// When the page is gone.
    end: Instant,
    verify: Verify,
    slot: Mutex<Slot>,
    taken: watch::Sender<bool>,
}

/// What became of the page.
#[derive(Debug)]
enum Slot {
    /// Waits for a key; the last one was refused for this reason.
    Open(Option<Refusal>),
    /// The server is asked about a key.
    Checking,
    /// The server has accepted one.
    Taken(Verified),
    /// And it was handed on.
    Empty,
}

impl Page {
    async fn bind(server: &Server, lang: Lang, verify: Verify) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let desk = Desk {
            host: listener.local_addr()?.to_string(),
            path: format!("/{}", secret()?),
            server: server.clone(),
            lang,
            end: Instant::now() + LIFETIME,
            verify,
            slot: Mutex::new(Slot::Open(None)),
            taken: watch::Sender::new(false),
        };
        Ok(Self {
            listener,
            desk: Arc::new(desk),
        })
    }

    fn address(&self) -> String {
        format!("http://{}{}", self.desk.host, self.desk.path)
    }

    /// Serves until a key is accepted or the time is over.
    async fn serve(self) -> Result<Verified, Refusal> {
        let Self { listener, desk } = self;
        let routes = Router::new()
            .route(&desk.path, get(form).post(take))
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .layer(middleware::from_fn_with_state(Arc::clone(&desk), guard))
            .with_state(Arc::clone(&desk));
        let (ending, waiting) = (Arc::clone(&desk), Arc::clone(&desk));
        let served =
            serve(listener, routes).with_graceful_shutdown(async move { ending.has_key().await });
        tokio::select! {
            _ = served.into_future() => {}
            () = tokio::time::sleep_until(desk.end) => {}
            // A browser may keep a connection open that it does not use.
            () = async { waiting.has_key().await; tokio::time::sleep(FAREWELL).await } => {}
        }
        match std::mem::replace(&mut *desk.slot(), Slot::Empty) {
            Slot::Taken(verified) => Ok(verified),
            Slot::Open(Some(refusal)) => Err(refusal),
            Slot::Open(None) | Slot::Checking | Slot::Empty => Err(too_late()),
        }
    }
}

fn too_late() -> Refusal {
    let minutes = LIFETIME.as_secs() / 60;
    Refusal::new(
        "timeout",
        bilingual!(
            "cannot log in: no key was entered within {minutes} minutes",
            "无法登录：{minutes} 分钟内没有输入密钥",
        ),
    )
    .hinting(Bilingual::fixed(
        "run the command again",
        "请重新执行该命令",
    ))
}

impl Desk {
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn has_key(&self) {
        // The sender lives as long as this.
        let _ = self.taken.subscribe().wait_for(|taken| *taken).await;
    }

    /// Asks the server about a key, unless another one is being asked about. What it answered, for the
    /// page.
    async fn check(self: Arc<Self>, key: Token) -> Response {
        {
            let mut slot = self.slot();
            match &*slot {
                Slot::Open(_) => *slot = Slot::Checking,
                Slot::Checking => {
                    return self.answer(
                        StatusCode::CONFLICT,
                        &self.told("Another key is being checked.", "正在验证另一个密钥。"),
                    );
                }
                Slot::Taken(_) | Slot::Empty => return StatusCode::GONE.into_response(),
            }
        }
        let mut reopen = Reopen(Some(&self));
        let login = Credentials {
            server: self.server.clone(),
            token: key,
        };
        let verified = (self.verify)(login).await;
        reopen.0 = None;
        match verified {
            Ok(verified) => {
                let (server, account) =
                    (escape(self.server.as_str()), verified.account.to_string());
                let account = escape(&account);
                *self.slot() = Slot::Taken(verified);
                self.taken.send_replace(true);
                let text = self.told(
                    &format!(
                        "Logged in to <b>{server}</b> as <b>{account}</b>. You can close this page."
                    ),
                    &format!("已登录 <b>{server}</b>，账号 <b>{account}</b>。您可以关闭此页面。"),
                );
                self.answer(StatusCode::OK, &format!("<div role=status>{text}</div>"))
            }
            Err(refusal) => {
                let why = Bilingual {
                    en: refusal.text(Lang::En).into(),
                    zh: refusal.text(Lang::Zh).into(),
                };
                *self.slot() = Slot::Open(Some(refusal));
                self.answer(StatusCode::UNPROCESSABLE_ENTITY, &self.form(Some(&why)))
            }
        }
    }
}

/// Lets the page take another key if the check of one came to no end.
struct Reopen<'a>(Option<&'a Desk>);

impl Drop for Reopen<'_> {
    fn drop(&mut self) {
        if let Some(desk) = self.0 {
            *desk.slot() = Slot::Open(None);
        }
    }
}

/// 32 hexadecimal digits that nobody foresees.
fn secret() -> std::io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    Ok(digits)
}

/// Refuses requests that were not meant for this page, and keeps answers from being stored, framed or
/// read by other pages.
async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let mut response = if is_meant(headers, &desk.host) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    };
    let fixed: [(HeaderName, &'static str); 7] = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Without any referrer a form would be sent with the origin `null`.
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether a request names this page's host, once, and comes from no other page.
fn is_meant(headers: &HeaderMap, host: &str) -> bool {
    let mut named = headers.get_all(header::HOST).iter();
    let named = named.next().is_some_and(|named| named == host) && named.next().is_none();
    let home = format!("http://{host}");
    let mut origins = headers.get_all(header::ORIGIN).iter();
    named && origins.all(|origin| origin.as_bytes() == home.as_bytes())
}

async fn form(State(desk): State<Arc<Desk>>) -> Response {
    desk.answer(StatusCode::OK, &desk.form(None))
}

/// What the form sends.
#[derive(Deserialize)]
struct Entered {
    key: String,
}

async fn take(State(desk): State<Arc<Desk>>, Form(entered): Form<Entered>) -> Response {
    match Token::pasted(&entered.key) {
        Ok(key) => {
            // In a task of its own: a browser that goes away does not call the key back.
            let checked = tokio::spawn(Arc::clone(&desk).check(key)).await;
            checked.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        Err(bad) => {
            let why = login::not_a_key(bad).message;
            desk.answer(StatusCode::UNPROCESSABLE_ENTITY, &desk.form(Some(&why)))
        }
    }
}

impl Desk {
    /// The form, and why the last key was not taken.
    fn form(&self, why: Option<&Bilingual>) -> String {
        let invalid = if why.is_some() {
            " aria-invalid=true aria-describedby=why"
        } else {
            ""
        };
        let why = why.map_or(String::new(), |why| {
            let told = self.told(&escape(&why.en), &escape(&why.zh));
            format!("<div role=alert id=why>{told}</div>")
        });
        let server = escape(self.server.as_str());
        let ask = self.told(
            &format!("Enter an API key for <b>{server}</b>."),
            &format!("请输入 <b>{server}</b> 的 API 密钥。"),
        );
        let link = format!(
            "<a href=\"{KEY_PAGE}\" target=_blank rel=\"noopener noreferrer\">{KEY_PAGE}</a>"
        );
        let how = self.told(
            &format!("You create one at {link}: Security, Create token, tick Extension Component."),
            &format!("在 {link} 创建：安全 &gt; 创建令牌，勾选扩展组件。"),
        );
        let what = self.told(
            "The key goes to this server alone and is kept where only you can read it.",
            "密钥只会发送到该服务器，并保存在只有您本人可以读取的位置。",
        );
        let gone = self.told(
            "This page has expired. Run the command in your editor again.",
            "此页面已过期。请在编辑器中重新执行该命令。",
        );
        let button = match self.lang {
            Lang::En => "Log in · 登录",
            Lang::Zh => "登录 · Log in",
        };
        let path = &self.path;
        format!(
            "<div class=gone role=status>{gone}</div><div class=open>{why}{ask}\
             <form method=post action=\"{path}\" autocomplete=off><input name=key type=password autocomplete=off \
             autocapitalize=none spellcheck=false autofocus required aria-label=\"API key · API 密钥\"{invalid}>\
             <button>{button}</button></form>{how}{what}</div>",
        )
    }

    /// Both languages, the user's first.
    fn told(&self, en: &str, zh: &str) -> String {
        let (en, zh) = (
            format!("<p lang=en>{en}</p>"),
            format!("<p lang=zh>{zh}</p>"),
        );
        match self.lang {
            Lang::En => format!("<div>{en}{zh}</div>"),
            Lang::Zh => format!("<div>{zh}{en}</div>"),
        }
    }

    /// The page with this content.
    fn answer(&self, status: StatusCode, body: &str) -> Response {
        const STYLE: &str = ":root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1em}\
             p{margin:.4em 0}p+p{opacity:.75}form{margin:1em 0}\
             input,button{font:inherit;padding:.5em;margin:.3em .3em .3em 0}\
             input{width:24em;max-width:100%;box-sizing:border-box}b,a{overflow-wrap:anywhere}\
             [role=alert]{color:#b00020}@media(prefers-color-scheme:dark){[role=alert]{color:#ff8a80}}\
             @keyframes gone{to{visibility:visible;height:auto}}@keyframes open{to{visibility:hidden}}\
             .gone{visibility:hidden;height:0;overflow:hidden}";
        let (title, lang) = match self.lang {
            Lang::En => ("Log in to KubeSphere Cloud", "en"),
            Lang::Zh => ("登录 KubeSphere Cloud", "zh"),
        };
        // Says that it has expired without a script, and without a server, which is gone by then.
        let left = self.end.saturating_duration_since(Instant::now()).as_secs();
        let page = format!(
            "<!doctype html><html lang={lang}><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
             <title>{title}</title><style>{STYLE}.gone{{animation:gone 0s {left}s forwards}}\
             .open{{animation:open 0s {left}s forwards}}</style><h1>{title}</h1>{body}</html>"
        );
        (status, Html(page)).into_response()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;

    use super::*;
    use crate::commands::login::Account;

    const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";

    /// A page at work.
    struct Served {
        host: String,
        path: String,
        key: JoinHandle<Result<Verified, Refusal>>,
    }

    /// A server that knows one key, refuses all others and never answers to `slow`.
    fn cloud(login: Credentials) -> Verifying {
        Box::pin(async move {
            match login.token.expose() {
                KEY => Ok(Verified {
                    login,
                    account: Account {
                        id: "u-100".to_owned(),
                        name: Some("<i>演示".to_owned()),
                    },
                }),
                "slow" => std::future::pending().await,
                _ => Err(Refusal::auth(Bilingual::fixed("wrong <key>", "密钥有误"))),
            }
        })
    }

    impl Served {
        async fn start() -> Self {
            let server = Server::parse("http://127.0.0.1:1/<b>&").expect("an address");
            let page = Page::bind(&server, Lang::Zh, cloud).await.expect("a port");
            let (host, path) = (page.desk.host.clone(), page.desk.path.clone());
            Self {
                host,
                path,
                key: tokio::spawn(page.serve()),
            }
        }

        /// Status and text of the answer to a request with these further headers.
        async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
            let mut stream = TcpStream::connect(&self.host).await.expect("it listens");
            let request = self.request(method, path, headers, body);
            stream
                .write_all(request.as_bytes())
                .await
                .expect("it reads");
            let mut answer = String::new();
            stream
                .read_to_string(&mut answer)
                .await
                .expect("it answers");
            let status = answer
                .split(' ')
                .nth(1)
                .and_then(|status| status.parse().ok());
            (status.expect("a status"), answer)
        }

        fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
            let length = body.len();
            format!(
                "{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
            )
        }

        /// What the form sends for a key.
        async fn enter(&self, key: &str) -> (u16, String) {
            let body = format!("key={key}");
            self.send("POST", &self.path, &self.at_home(), &body).await
        }

        fn at_home(&self) -> String {
            format!("Host: {0}\r\nOrigin: http://{0}\r\n", self.host)
        }
    }

    #[tokio::test]
    async fn a_key_is_taken_once_and_the_page_is_gone() {
        let served = Served::start().await;
        let (status, page) = served
            .send("GET", &served.path, &served.at_home(), "")
            .await;
        assert_eq!(status, 200);
        for part in [
            "type=password",
            "autocomplete=off",
            "cache-control: no-store",
            "frame-ancestors 'none'",
            "x-frame-options: DENY",
            "referrer-policy: same-origin",
            "API 密钥",
            "Enter an API key",
            KEY_PAGE,
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(
            !page.contains("<b>&") && !page.contains("<script"),
            "{page}"
        );
        let (status, page) = served.enter(&format!("+{KEY}%0D%0A")).await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("&lt;i&gt;演示 (u-100)"), "{page}");
        assert!(!page.contains(KEY) && !page.contains("<form"), "{page}");
        let verified = served.key.await.expect("no panic").expect("a key");
        assert_eq!(verified.login.token.expose(), KEY);
        assert!(TcpStream::connect(&served.host).await.is_err());
    }

    #[tokio::test]
    async fn a_key_that_is_refused_is_asked_for_again() {
        let served = Served::start().await;
        for (key, words) in [
            ("+", ["密钥为空", "the key is empty"]),
            ("kck-other", ["密钥有误", "wrong &lt;key&gt;"]),
        ] {
            let (status, page) = served.enter(key).await;
            assert_eq!(status, 422);
            for word in words {
                assert!(page.contains(word), "{word}: {page}");
            }
            assert!(
                page.contains("<form") && !page.contains("kck-other"),
                "{page}"
            );
        }
        assert_eq!(served.enter(KEY).await.0, 200);
        assert!(served.key.await.expect("no panic").is_ok());
    }

    #[tokio::test]
    async fn while_one_key_is_checked_no_other_is_taken() {
        let served = Served::start().await;
        // Its browser goes away before the answer.
        let mut stream = TcpStream::connect(&served.host).await.expect("it listens");
        let request = served.request("POST", &served.path, &served.at_home(), "key=slow");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it reads");
        drop(stream);
        let status = loop {
            match served.enter("kck-other").await.0 {
                422 => tokio::task::yield_now().await,
                status => break status,
            }
        };
        assert_eq!(status, 409);
        served.key.abort();
    }

    #[tokio::test]
    async fn connections_that_say_nothing_keep_nobody_out() {
        let served = Served::start().await;
        let mut idle = Vec::new();
        for _ in 0..100 {
            let mut stream = TcpStream::connect(&served.host).await.expect("it listens");
            stream
                .write_all(b"POST / HTTP/1.1\r\nHo")
                .await
                .expect("it reads");
            idle.push(stream);
        }
        let long = "k".repeat(BODY_LIMIT);
        assert_eq!(served.enter(&long).await.0, 413);
        assert_eq!(served.enter(KEY).await.0, 200);
        drop(idle);
        assert!(served.key.await.expect("no panic").is_ok());
    }

    #[tokio::test]
    async fn a_page_whose_time_is_over_says_why_no_key_came() {
        for (slot, kind) in [
            (Slot::Open(None), "timeout"),
            (
                Slot::Open(Some(Refusal::auth(Bilingual::fixed("no", "不")))),
                "auth",
            ),
        ] {
            let server = Server::default();
            let mut page = Page::bind(&server, Lang::En, cloud).await.expect("a port");
            let address = page.desk.host.clone();
            let desk = Arc::get_mut(&mut page.desk).expect("nobody else has it");
            desk.end = Instant::now();
            desk.slot = Mutex::new(slot);
            assert_eq!(page.serve().await.expect_err("no key").kind, kind);
            assert!(TcpStream::connect(address).await.is_err());
        }
    }

    #[tokio::test]
    async fn requests_from_elsewhere_are_refused() {
        let served = Served::start().await;
        let body = format!("key={KEY}");
        let host = &served.host;
        for (method, path, headers, expected) in [
            ("GET", "/", served.at_home(), 404),
            (
                "GET",
                "/0123456789abcdef0123456789abcdef",
                served.at_home(),
                404,
            ),
            (
                "GET",
                &served.path,
                "Host: evil.example\r\n".to_owned(),
                403,
            ),
            (
                "POST",
                &served.path,
                "Host: evil.example\r\n".to_owned(),
                403,
            ),
            (
                "POST",
                &served.path,
                format!("Host: {host}\r\nOrigin: https://evil.example\r\n"),
                403,
            ),
            (
                "POST",
                &served.path,
                format!("Host: {host}\r\nOrigin: null\r\n"),
                403,
            ),
            (
                "POST",
                &served.path,
                format!("Host: {host}\r\nHost: evil.example\r\n"),
                403,
            ),
            ("PUT", &served.path, served.at_home(), 405),
        ] {
            let (status, answer) = served.send(method, path, &headers, &body).await;
            assert_eq!(status, expected, "{method} {path} {headers}");
            assert!(!answer.contains(&served.path[1..]), "{answer}");
        }
        assert!(!served.key.is_finished());
        served.key.abort();
    }

    #[test]
    fn no_two_pages_have_one_address() {
        let (first, second) = (
            secret().expect("random bytes"),
            secret().expect("random bytes"),
        );
        assert_eq!((first.len(), second.len()), (32, 32));
        assert_ne!(first, second);
    }
}
