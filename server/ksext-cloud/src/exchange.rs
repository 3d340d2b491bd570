//! One HTTP exchange with the cloud: sends, waits with bounds, follows or refuses redirects, reads a bounded answer.
//! What an unwanted answer means for the user is put into words in `failure`.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};

use crate::failure::Attempt;
use crate::multipart::Form;
use crate::{Error, Server, Token, tls};

/// More than any answer of these calls needs; what is longer is not from the cloud.
const MAX_ANSWER: usize = 1024 * 1024;

/// A GET may be sent on to another path of the same server this often.
const MAX_REDIRECTS: usize = 3;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, encryption included.
    pub connect: Duration,
    /// For a whole call that sends and receives little, from its start to the end of the answer.
    pub call: Duration,
    /// In an upload: for the next sign of life, in sending, in the server's work and in its answer. An
    /// upload that moves on may take as long as it needs.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(60),
            idle: Duration::from_secs(60),
        }
    }
}

/// What the server said, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) reason: String,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

/// The connection to one server with one key. Nothing is set up before the first exchange.
pub(crate) struct Exchange {
    pub(crate) server: Server,
    pub(crate) token: Token,
    pub(crate) timeouts: Timeouts,
    http: OnceLock<reqwest::Client>,
}

impl Exchange {
    pub(crate) fn new(server: Server, token: Token, timeouts: Timeouts) -> Self {
        Self {
            server,
            token,
            timeouts,
            http: OnceLock::new(),
        }
    }

    /// GET. Redirects are followed within the server, so the key never reaches another one.
    pub(crate) async fn get(&self, attempt: &Attempt<'_>, path: &str) -> Result<Answer, Error> {
        self.within_call_limit(attempt, async {
            let mut url = self.url(attempt, path)?;
            for _ in 0..=MAX_REDIRECTS {
                let response = self
                    .send(attempt, self.request(attempt, Method::GET, url.clone())?)
                    .await?;
                match redirect(&response) {
                    None => return self.read(attempt, response).await,
                    Some(next) => {
                        url = same_origin(&url, &next).ok_or_else(|| attempt.redirected(&next))?
                    }
                }
            }
            Err(attempt.redirected(url.as_str()))
        })
        .await
    }

    /// POST of a JSON text.
    pub(crate) async fn post_json(
        &self,
        attempt: &Attempt<'_>,
        path: &str,
        json: &serde_json::Value,
    ) -> Result<Answer, Error> {
        self.within_call_limit(attempt, async {
            let request = self
                .request(attempt, Method::POST, self.url(attempt, path)?)?
                .header(CONTENT_TYPE, "application/json")
                .body(json.to_string());
            let response = self.send(attempt, request).await?;
            self.read_unless_redirected(attempt, response).await
        })
        .await
    }

    /// POST of a form with files, bounded by idleness instead of duration.
    pub(crate) async fn post_form(
        &self,
        attempt: &Attempt<'_>,
        path: &str,
        form: Form,
    ) -> Result<Answer, Error> {
        let (content_type, body) = form.finish();
        let progress = body.progress();
        let request = self
            .request(attempt, Method::POST, self.url(attempt, path)?)?
            .header(CONTENT_TYPE, content_type)
            .body(reqwest::Body::wrap(body));
        let mut sending = std::pin::pin!(self.send(attempt, request));
        let mut seen = 0;
        let response = loop {
            match tokio::time::timeout(self.timeouts.idle, &mut sending).await {
                Ok(response) => break response?,
                Err(_) => match progress.load(Ordering::Relaxed) {
                    now if now > seen => seen = now,
                    _ => return Err(attempt.timed_out(self.timeouts.idle)),
                },
            }
        };
        self.read_unless_redirected(attempt, response).await
    }

    async fn within_call_limit(
        &self,
        attempt: &Attempt<'_>,
        work: impl Future<Output = Result<Answer, Error>>,
    ) -> Result<Answer, Error> {
        tokio::time::timeout(self.timeouts.call, work)
            .await
            .unwrap_or_else(|_| Err(attempt.timed_out(self.timeouts.call)))
    }

    /// The HTTP client, built at the first use: loading the system's certificates costs milliseconds
    /// and memory that a language server without network traffic never spends.
    fn http(&self, attempt: &Attempt<'_>) -> Result<&reqwest::Client, Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("ksext/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.timeouts.connect)
            .redirect(reqwest::redirect::Policy::none())
            // Gateways drop idle connections without a word, and a POST on a dropped one would fail.
            .pool_idle_timeout(Duration::from_secs(5));
        if self.server.is_loopback() {
            builder = builder.no_proxy();
        }
        let built = tls::trust(builder, &self.server)
            .map_err(|why| attempt.untrusted(why))?
            .build()
            .map_err(|error| attempt.not_sent(&error))?;
        Ok(self.http.get_or_init(|| built))
    }

    fn url(&self, attempt: &Attempt<'_>, path: &str) -> Result<Url, Error> {
        Url::parse(&format!("{}{path}", self.server)).map_err(|_| attempt.impossible_name(path))
    }

    fn request(
        &self,
        attempt: &Attempt<'_>,
        method: Method,
        url: Url,
    ) -> Result<RequestBuilder, Error> {
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", self.token.expose()).into_bytes())
                .expect("a token holds no control character");
        bearer.set_sensitive(true);
        Ok(self
            .http(attempt)?
            .request(method, url)
            .header(AUTHORIZATION, bearer))
    }

    async fn send(
        &self,
        attempt: &Attempt<'_>,
        request: RequestBuilder,
    ) -> Result<Response, Error> {
        let response = request
            .send()
            .await
            .map_err(|error| attempt.not_sent(&error))?;
        // The path alone: a redirect may have put anything into the query.
        tracing::debug!(
            path = response.url().path(),
            status = response.status().as_u16(),
            "answered"
        );
        Ok(response)
    }

    /// A redirected POST would arrive as a GET without its body (301, 302, 303) or repeat an upload
    /// elsewhere (307, 308); ksbuilder's pushes "succeed" that way. So a redirect is a refusal here.
    async fn read_unless_redirected(
        &self,
        attempt: &Attempt<'_>,
        response: Response,
    ) -> Result<Answer, Error> {
        match redirect(&response) {
            Some(next) => Err(attempt.redirected(&next)),
            None => self.read(attempt, response).await,
        }
    }

    async fn read(&self, attempt: &Attempt<'_>, mut response: Response) -> Result<Answer, Error> {
        let status = response.status();
        let mut body = Vec::new();
        loop {
            let piece = tokio::time::timeout(self.timeouts.idle, response.chunk())
                .await
                .map_err(|_| attempt.timed_out(self.timeouts.idle))?
                .map_err(|error| attempt.broken_off(status, &error))?;
            match piece {
                None => break,
                Some(piece) if body.len() + piece.len() > MAX_ANSWER => {
                    return Err(attempt.endless(status, MAX_ANSWER));
                }
                Some(piece) => body.extend_from_slice(&piece),
            }
        }
        let retry_after = response.headers().get(RETRY_AFTER);
        Ok(Answer {
            status,
            reason: status.canonical_reason().unwrap_or_default().to_owned(),
            retry_after: retry_after
                .and_then(|value| value.to_str().ok()?.trim().parse().ok())
                .map(Duration::from_secs),
            body,
        })
    }
}

/// Where a redirecting answer points; `None` for every other answer.
fn redirect(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION)?;
    matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308)
        .then(|| String::from_utf8_lossy(location.as_bytes()).into_owned())
}

/// `next`, absolute or relative, if it stays on the server (scheme, host and port) of `current`.
fn same_origin(current: &Url, next: &str) -> Option<Url> {
    let next = current.join(next).ok()?;
    (next.origin() == current.origin()).then_some(next)
}
