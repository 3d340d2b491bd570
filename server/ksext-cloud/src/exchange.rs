//! One HTTP exchange with the cloud: sends, waits with bounds, sends again where that is safe, follows or refuses redirects,
//! reads a bounded answer. What an unwanted answer means for the user is put into words in `failure`.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use tokio::time::Instant;

use crate::failure::Attempt;
use crate::multipart::Form;
use crate::retry::{self, Again, Failure, Twice};
use crate::{Error, Server, Token, Wait, tls};

/// More than any answer of these calls needs; what is longer is not from the cloud.
const MAX_ANSWER: usize = 1024 * 1024;

/// A GET may be sent on to another path of the same server this often.
const MAX_REDIRECTS: usize = 3;

/// Where servers and gateways tell by which id their log knows a request. None is standard, and which
/// one the real cloud sends is *assumed*.
const REQUEST_IDS: [&str; 3] = ["x-request-id", "request-id", "x-trace-id"];

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, encryption included.
    pub connect: Duration,
    /// For one try of a call that sends and receives little, from its start to the end of the answer,
    /// and for the answer to an upload.
    pub call: Duration,
    /// For the next piece of an answer and, in an upload, for the next sign of life in sending and in the
    /// server's work. An upload that moves on may take as long as it needs.
    pub idle: Duration,
    /// Before a failed request is sent again; twice as long before each further time. A server that asks
    /// for another time gets it.
    pub pause: Duration,
    /// After the start of a call nothing is sent again later than this, whatever the server asks for.
    /// So a small call ends within `repeat` and `call`.
    pub repeat: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(60),
            idle: Duration::from_secs(60),
            pause: Duration::from_millis(500),
            repeat: Duration::from_secs(60),
        }
    }
}

/// What is asked of the server.
pub(crate) struct Request {
    path: String,
    content: Content,
    twice: Twice,
}

enum Content {
    None,
    Json(String),
    Form(Form),
}

impl Request {
    /// A GET, sent again where that may help.
    pub(crate) fn get(path: String) -> Self {
        Self {
            path,
            content: Content::None,
            twice: Twice::Harmless,
        }
    }

    /// A POST of a JSON text.
    pub(crate) fn json(path: String, json: &serde_json::Value, twice: Twice) -> Self {
        Self {
            path,
            content: Content::Json(json.to_string()),
            twice,
        }
    }

    /// A POST of a form with files, bounded by idleness instead of duration.
    pub(crate) fn form(path: String, form: Form, twice: Twice) -> Self {
        Self {
            path,
            content: Content::Form(form),
            twice,
        }
    }
}

/// What the server said, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) reason: String,
    pub(crate) retry_after: Option<Duration>,
    /// By which the server's log knows the request.
    pub(crate) request_id: Option<String>,
    pub(crate) body: Vec<u8>,
    /// How many bytes of files it was sent.
    pub(crate) sent: u64,
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

    /// Sends `request` until there is an answer worth having, or no hope of one.
    pub(crate) async fn call(
        &self,
        attempt: &Attempt<'_>,
        request: &Request,
    ) -> Result<Answer, Error> {
        let start = Instant::now();
        let mut tries = 0;
        let mut traced = false;
        loop {
            let failure = match self.once(attempt, request).await {
                Ok(answer) => match Again::after(answer.status) {
                    Again::Never => return Ok(answer),
                    again => Failure {
                        error: attempt.refused(&answer),
                        again,
                    },
                },
                Err(failure) => failure,
            };
            tries += 1;
            let pause = failure.pause(request.twice, &self.timeouts, tries, start.elapsed());
            let Failure { error, .. } = failure;
            let Some(length) = pause else {
                return Err(error.after_tries(tries, traced));
            };
            traced |= !error.left_no_trace();
            tracing::info!(
                path = without_query(&request.path),
                kind = error.kind().as_str(),
                status = error.status(),
                ?length,
                "sending again"
            );
            attempt.waits(&Wait { error, length });
            tokio::time::sleep(length).await;
        }
    }

    async fn once(&self, attempt: &Attempt<'_>, request: &Request) -> Result<Answer, Failure> {
        let url = self.url(attempt, &request.path)?;
        match &request.content {
            Content::None => self.in_time(attempt, self.get(attempt, url)).await,
            Content::Json(json) => {
                let request = self
                    .request(attempt, Method::POST, url)?
                    .header(CONTENT_TYPE, "application/json")
                    .body(json.clone());
                let answer = async {
                    let response = self.send(attempt, request).await?;
                    self.read_unless_redirected(attempt, response).await
                };
                self.in_time(attempt, answer).await
            }
            Content::Form(form) => {
                let mut answer = self.upload(attempt, url, form).await?;
                answer.sent = form.files_size();
                Ok(answer)
            }
        }
    }

    /// Redirects are followed within the server, so the key never reaches another one.
    async fn get(&self, attempt: &Attempt<'_>, mut url: Url) -> Result<Answer, Failure> {
        for _ in 0..=MAX_REDIRECTS {
            let request = self.request(attempt, Method::GET, url.clone())?;
            let response = self.send(attempt, request).await?;
            match redirect(&response) {
                None => return self.read(attempt, response).await,
                Some(next) => {
                    url = same_origin(&url, &next).ok_or_else(|| attempt.redirected_away(&next))?;
                }
            }
        }
        Err(attempt.redirected_in_circles(url.as_str()).into())
    }

    async fn upload(
        &self,
        attempt: &Attempt<'_>,
        url: Url,
        form: &Form,
    ) -> Result<Answer, Failure> {
        let (content_type, body) = form.finish();
        let progress = body.progress();
        let request = self
            .request(attempt, Method::POST, url)?
            .header(CONTENT_TYPE, content_type)
            .body(reqwest::Body::wrap(body));
        let mut sending = std::pin::pin!(self.send(attempt, request));
        let mut seen = 0;
        let response = loop {
            match tokio::time::timeout(self.timeouts.idle, &mut sending).await {
                Ok(response) => break response?,
                Err(_) => match progress.load(Ordering::Relaxed) {
                    now if now > seen => seen = now,
                    _ => return Err(attempt.silent(self.timeouts.idle).into()),
                },
            }
        };
        let answer = self.read_unless_redirected(attempt, response);
        self.in_time(attempt, answer).await
    }

    async fn in_time(
        &self,
        attempt: &Attempt<'_>,
        work: impl Future<Output = Result<Answer, Failure>>,
    ) -> Result<Answer, Failure> {
        tokio::time::timeout(self.timeouts.call, work)
            .await
            .unwrap_or_else(|_| Err(attempt.too_slow(self.timeouts.call).into()))
    }

    /// The HTTP client, built at the first use: loading the system's certificates costs milliseconds
    /// and memory that a language server without network traffic never spends.
    fn http(&self, attempt: &Attempt<'_>) -> Result<&reqwest::Client, Failure> {
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
    ) -> Result<RequestBuilder, Failure> {
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
    ) -> Result<Response, Failure> {
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
    ) -> Result<Answer, Failure> {
        let Some(next) = redirect(&response) else {
            return self.read(attempt, response).await;
        };
        let error = match same_origin(response.url(), &next) {
            Some(_) => attempt.redirected_with_content(&next),
            None => attempt.redirected_away(&next),
        };
        Err(error.into())
    }

    async fn read(&self, attempt: &Attempt<'_>, mut response: Response) -> Result<Answer, Failure> {
        let status = response.status();
        let mut body = Vec::new();
        loop {
            let piece = tokio::time::timeout(self.timeouts.idle, response.chunk())
                .await
                .map_err(|_| attempt.silent(self.timeouts.idle))?
                .map_err(|error| attempt.broken_off(status, &error))?;
            match piece {
                None => break,
                Some(piece) if body.len() + piece.len() > MAX_ANSWER => {
                    return Err(attempt.endless(status, MAX_ANSWER).into());
                }
                Some(piece) => body.extend_from_slice(&piece),
            }
        }
        Ok(Answer {
            status,
            reason: status.canonical_reason().unwrap_or_default().to_owned(),
            retry_after: retry::retry_after(response.headers()),
            request_id: request_id(response.headers()),
            body,
            sent: 0,
        })
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let value = REQUEST_IDS.iter().find_map(|name| headers.get(*name))?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
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

fn without_query(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}
