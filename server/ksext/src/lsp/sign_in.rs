//! Asking for a key in the browser, by a page that this program serves on loopback.
//!
//! A key pasted into an editor's input box lands in logs and histories; a password field of a page
//! does not. The page has an address that nobody guesses, takes one key, and is gone after
//! [`LIFETIME`]. It answers only a browser that was sent here: requests that name another host, as
//! after DNS rebinding, or come from another site's page, are refused. The key travels in the body of
//! one request to this machine and never in an address.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Form, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Router, serve};
use ksext_cloud::{Server, Token};
use ksext_core::lang::{Bilingual, Lang};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::proto::ShowDocumentParams;
use super::proto::request::ShowDocument;
use super::server::CLIENT_PATIENCE;
use super::state::Shared;
use crate::commands::login::KEY_PAGE;

/// How long a page waits for a key.
const LIFETIME: Duration = Duration::from_secs(5 * 60);
/// The browser has so long to fetch the page's last word.
const FAREWELL: Duration = Duration::from_secs(2);
/// A key has 40 characters.
const BODY_LIMIT: usize = 16 << 10;

/// Opens the page and waits for a key for `server`; `None` if the client opens no pages or nobody
/// enters one in time. Dropping the future closes the page.
pub(super) async fn ask(shared: &Shared, server: &Server, lang: Lang) -> Option<Token> {
    if !shared.abilities().show_document {
        return None;
    }
    let page = match Page::bind(server, lang).await {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(%error, "cannot serve the sign-in page");
            return None;
        }
    };
    let params = ShowDocumentParams {
        uri: page.address().parse().ok()?,
        external: Some(true),
        take_focus: Some(true),
        selection: None,
    };
    let shown = shared
        .client
        .request::<ShowDocument>(params, CLIENT_PATIENCE);
    let served = page.serve();
    tokio::pin!(served);
    tokio::select! {
        key = &mut served => return key,
        shown = shown => match shown {
            Ok(shown) if shown.success => {}
            Ok(_) => {
                tracing::warn!("the client did not open the sign-in page");
                return None;
            }
            Err(error) => {
                tracing::warn!(%error, "the client did not open the sign-in page");
                return None;
            }
        },
    }
    served.await
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
    server: String,
    lang: Lang,
    key: Mutex<Option<Token>>,
    received: watch::Sender<bool>,
}

impl Page {
    async fn bind(server: &Server, lang: Lang) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let desk = Desk {
            host: listener.local_addr()?.to_string(),
            path: format!("/{}", secret()?),
            server: server.to_string(),
            lang,
            key: Mutex::default(),
            received: watch::Sender::new(false),
        };
        Ok(Self {
            listener,
            desk: Arc::new(desk),
        })
    }

    fn address(&self) -> String {
        format!("http://{}{}", self.desk.host, self.desk.path)
    }

    /// Serves until a key has come or the time is over.
    async fn serve(self) -> Option<Token> {
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
            () = tokio::time::sleep(LIFETIME) => {}
            // A browser may keep a connection open that it does not use.
            () = async { waiting.has_key().await; tokio::time::sleep(FAREWELL).await } => {}
        }
        desk.lock().take()
    }
}

impl Desk {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Token>> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn has_key(&self) {
        // The sender lives as long as this.
        let _ = self
            .received
            .subscribe()
            .wait_for(|received| *received)
            .await;
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

/// Refuses requests that were not meant for this page, and keeps answers from being stored or framed.
async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let mut response = if is_meant(headers, &desk.host) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    };
    let fixed: [(HeaderName, &'static str); 5] = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Without any referrer a form would be sent with the origin `null`.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn is_meant(headers: &HeaderMap, host: &str) -> bool {
    let named = headers.get(header::HOST).is_some_and(|named| named == host);
    let origin = headers.get(header::ORIGIN);
    let at_home =
        origin.is_none_or(|origin| origin.as_bytes() == format!("http://{host}").as_bytes());
    named && at_home
}

async fn form(State(desk): State<Arc<Desk>>) -> Html<String> {
    Html(desk.form(None))
}

/// What the form sends.
#[derive(Deserialize)]
struct Entered {
    key: String,
}

async fn take(State(desk): State<Arc<Desk>>, Form(entered): Form<Entered>) -> Response {
    // What was pasted often ends with a line break or a space.
    match Token::new(entered.key.trim()) {
        Ok(key) => {
            let mut kept = desk.lock();
            if kept.is_some() {
                return StatusCode::GONE.into_response();
            }
            *kept = Some(key);
            drop(kept);
            desk.received.send_replace(true);
            Html(desk.page(&desk.told(
                "The key was handed to your editor, which now checks it. You can close this page.",
                "密钥已交给编辑器，正在验证。您可以关闭此页面。",
            )))
            .into_response()
        }
        Err(bad) => {
            let message = bad.message();
            let why = Bilingual {
                en: message.en.into(),
                zh: message.zh.into(),
            };
            (
                StatusCode::UNPROCESSABLE_ENTITY,
                Html(desk.form(Some(&why))),
            )
                .into_response()
        }
    }
}

impl Desk {
    /// The page with the form, and why the last key was not taken.
    fn form(&self, why: Option<&Bilingual>) -> String {
        let why = why.map_or(String::new(), |why| {
            format!(
                "<div role=alert>{}</div>",
                self.told(&escape(&why.en), &escape(&why.zh))
            )
        });
        let server = escape(&self.server);
        let ask = self.told(
            &format!("Enter an API key for <b>{server}</b>."),
            &format!("请输入 <b>{server}</b> 的 API 密钥。"),
        );
        let link = format!("<a href=\"{KEY_PAGE}\" target=_blank rel=noopener>{KEY_PAGE}</a>");
        let how = self.told(
            &format!("You create one at {link}: Security, Create token, tick Extension Component."),
            &format!("在 {link} 创建：安全 &gt; 创建令牌，勾选扩展组件。"),
        );
        let button = match self.lang {
            Lang::En => "Log in · 登录",
            Lang::Zh => "登录 · Log in",
        };
        self.page(&format!(
            "{why}{ask}<form method=post action=\"{}\"><input name=key type=password autocomplete=off \
             spellcheck=false autofocus required aria-label=\"API key · API 密钥\"><button>{button}</button></form>{how}",
            self.path,
        ))
    }

    /// Both languages, the user's first.
    fn told(&self, en: &str, zh: &str) -> String {
        let (en, zh) = (
            format!("<p lang=en>{en}</p>"),
            format!("<p lang=zh>{zh}</p>"),
        );
        match self.lang {
            Lang::En => en + &zh,
            Lang::Zh => zh + &en,
        }
    }

    fn page(&self, body: &str) -> String {
        const STYLE: &str = "body{font:16px/1.6 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1em;\
             color-scheme:light dark}input,button{font:inherit;padding:.5em;margin:.3em .3em .3em 0}\
             input{width:24em;max-width:100%;box-sizing:border-box}[role=alert]{color:#c00}";
        let title = match self.lang {
            Lang::En => "Log in to KubeSphere Cloud",
            Lang::Zh => "登录 KubeSphere Cloud",
        };
        format!(
            "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
             <title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{body}"
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;

    use super::*;

    const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";

    /// A page at work.
    struct Served {
        host: String,
        path: String,
        key: JoinHandle<Option<Token>>,
    }

    impl Served {
        async fn start() -> Self {
            let server = Server::parse("http://127.0.0.1:1/<b>&").expect("an address");
            let page = Page::bind(&server, Lang::Zh).await.expect("a port");
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
            let length = body.len();
            let request = format!(
                "{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
            );
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
            "no-store",
            "frame-ancestors 'none'",
            "API 密钥",
            "Enter an API key",
            KEY_PAGE,
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("<b>&"), "{page}");
        let (status, page) = served
            .send(
                "POST",
                &served.path,
                &served.at_home(),
                &format!("key=+{KEY}%0D%0A"),
            )
            .await;
        assert_eq!(status, 200, "{page}");
        assert!(
            page.contains("密钥已交给编辑器") && !page.contains(KEY),
            "{page}"
        );
        let key = served.key.await.expect("no panic").expect("a key");
        assert_eq!(key.expose(), KEY);
        assert!(TcpStream::connect(&served.host).await.is_err());
    }

    #[tokio::test]
    async fn what_is_no_key_is_asked_for_again() {
        let served = Served::start().await;
        let (status, page) = served
            .send("POST", &served.path, &served.at_home(), "key=+")
            .await;
        assert_eq!(status, 422);
        assert!(
            page.contains("密钥为空") && page.contains("the key is empty"),
            "{page}"
        );
        let (status, _) = served
            .send(
                "POST",
                &served.path,
                &served.at_home(),
                &format!("key={KEY}"),
            )
            .await;
        assert_eq!(status, 200);
        assert!(served.key.await.expect("no panic").is_some());
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
