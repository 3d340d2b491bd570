//! Misbehaviour on demand, so that one sees what a client does with it: rules that say which calls it meets, and what they get.

use std::fmt;
use std::io;
use std::str::FromStr;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt as _};

use crate::api;
use crate::app::App;

/// The calls by the names that rules use, each with pieces of `METHOD /path?query` that only it has.
const CALLS: [(&str, &[&str]); 11] = [
    ("any", &[]),
    ("user", &["GET /apis/user/v1/user"]),
    ("usage", &["GET ", "/files/usage"]),
    ("upload", &["POST ", "/users/", "/files"]),
    ("package", &["POST ", "/package?"]),
    ("submit", &["/action:submit"]),
    ("cancel", &["/action:cancel-submit"]),
    ("search", &["/extensions/search"]),
    ("summary", &["GET ", "/extensions/", "/summary"]),
    ("snapshots", &["GET ", "/extensions/", "/snapshots"]),
    ("locate", &["GET ", "/extensions/", "/versions/"]),
];

/// Bodies that have a name.
const BODIES: [(&str, &str); 4] = [
    ("empty", ""),
    ("broken", "{\"user_id\":\"u-1"),
    ("wrong", "[7]"),
    ("html", PAGE),
];

/// As a gateway or a network's sign-in page gives.
const PAGE: &str =
    "<!DOCTYPE html>\n<html><title>Sign in</title><body>Sign in to the network</body></html>";

/// How much `huge` streams if the rule does not say: 2 GiB.
const HUGE: u64 = 2 << 30;

/// One misbehaviour: which requests it meets and what they get.
///
/// As a text, a rule is `CALL[@N][xTIMES]:WHAT`, for instance `package@2:status=502,body=html` or
/// `searchx3:delay=150ms`. `CALL` is `user`, `usage`, `upload`, `package`, `submit`, `cancel`, `search`,
/// `summary`, `snapshots`, `locate` or `any`; the `N`-th such call is met, or from the first on `TIMES` of
/// them, or all. A rule counts the calls that the rules before it let through. `WHAT` is one of
///
/// * `delay=TIME`, `hang`, `drip=TIME` (the answer byte by byte),
/// * `reset=before`, `during` (the request is read in part) or `after` (it is done),
/// * `status=CODE`, then as wanted `,retry-after=VALUE`, `,body=TEXT`; also `body=TEXT` alone. A text is
///   anything, or one of `empty`, `broken`, `wrong`, `html`,
/// * `truncate` (half of the answer), `huge` or `huge=BYTES`,
/// * `redirect=loop` or `redirect=URL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Pieces of `METHOD /path?query` that a request must contain, in this order.
    pub pieces: Vec<String>,
    /// How many such requests still get a proper answer first.
    pub skip: usize,
    /// How many requests it then meets.
    pub times: usize,
    /// What they get.
    pub answer: FaultAnswer,
}

/// What a request gets instead of its proper answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultAnswer {
    /// An answer of one's own, after the request was read to its end.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Headers, as name and value.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// No answer, and the request's body is not read.
    Hang,
    /// The connection is closed without an answer. Nothing is read, nothing done.
    Close,
    /// The connection is closed when the request's body was read in part. Nothing is done.
    CloseDuring,
    /// The request is done, then the connection is closed without an answer.
    CloseAfter,
    /// The proper answer, so much later.
    Delay(Duration),
    /// The proper answer, byte by byte with this pause before each.
    Drip(Duration),
    /// Half of the proper answer's body, then the connection is closed.
    Truncate,
    /// So many zero bytes.
    Huge(u64),
    /// A redirect to the very same place.
    RedirectLoop,
}

impl Fault {
    /// Meets every request that contains `path_contains`.
    pub fn on(path_contains: &str, answer: FaultAnswer) -> Self {
        Self {
            pieces: vec![path_contains.to_owned()],
            skip: 0,
            times: usize::MAX,
            answer,
        }
    }

    /// Meets only the `n`-th such request, counting from 1.
    pub fn on_nth(path_contains: &str, n: usize, answer: FaultAnswer) -> Self {
        Self {
            skip: n.saturating_sub(1),
            times: 1,
            ..Self::on(path_contains, answer)
        }
    }

    /// Whether this request, `METHOD /path?query`, is met; counts it.
    fn meets(&mut self, request: &str) -> bool {
        let mut rest = Some(request);
        for piece in &self.pieces {
            rest = rest.and_then(|rest| Some(rest.split_once(piece.as_str())?.1));
        }
        if rest.is_none() {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        let met = self.times > 0;
        self.times = self.times.saturating_sub(1);
        met
    }
}

/// The misbehaviour that meets `request`, `METHOD /path?query`: that of the first fault that does.
pub(crate) fn met(faults: &mut [Fault], request: &str) -> Option<FaultAnswer> {
    let fault = faults
        .iter_mut()
        .find_map(|fault| fault.meets(request).then_some(fault));
    fault.map(|fault| fault.answer.clone())
}

impl FaultAnswer {
    /// A JSON answer.
    pub fn json(status: u16, body: &str) -> Self {
        Self::with_header(status, "content-type", "application/json", body)
    }

    /// A web page, as a gateway or a network's sign-in page gives.
    pub fn html(status: u16) -> Self {
        Self::with_header(status, "content-type", "text/html; charset=utf-8", PAGE)
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::with_header(status, "location", location, "")
    }

    /// An answer with one header.
    pub fn with_header(status: u16, name: &str, value: &str, body: &str) -> Self {
        Self::Answer {
            status,
            headers: vec![(name.to_owned(), value.to_owned())],
            body: body.to_owned(),
        }
    }

    /// Does it to `request`; `next` leads to the proper answer.
    pub(crate) async fn commit(self, app: &App, request: Request, next: Next) -> Response {
        match self {
            Self::Answer {
                status,
                headers,
                body,
            } => {
                // An answer before the end of an upload would reach few clients.
                let _ = api::whole(request.into_body()).await;
                let status = StatusCode::from_u16(status);
                let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                (status, header_map(&headers), body).into_response()
            }
            Self::Hang => {
                app.stopped().await;
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
            Self::Close => close(),
            Self::CloseDuring => {
                let mut body = request.into_body().into_data_stream();
                let _ = body.next().await;
                close()
            }
            Self::CloseAfter => {
                next.run(request).await;
                close()
            }
            Self::Delay(pause) => {
                tokio::time::sleep(pause).await;
                next.run(request).await
            }
            Self::Drip(pause) => {
                changed(next.run(request).await, |bytes| dripping(bytes, pause)).await
            }
            Self::Truncate => changed(next.run(request).await, truncated).await,
            Self::Huge(length) => {
                let _ = api::whole(request.into_body()).await;
                ([(header::CONTENT_LENGTH, length)], zeros(length)).into_response()
            }
            Self::RedirectLoop => {
                let to = request.uri().to_string();
                let _ = api::whole(request.into_body()).await;
                (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()
            }
        }
    }
}

fn header_map(headers: &[(String, String)]) -> HeaderMap {
    let pairs = headers.iter().filter_map(|(name, value)| {
        let name = name.parse::<HeaderName>().ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    });
    pairs.collect()
}

/// Unwinds this connection's own task, which closes the connection; no other way leads there from a
/// handler. Without the panic hook nothing is printed.
fn close() -> Response {
    std::panic::resume_unwind(Box::new("fault: close"))
}

/// `response` with its body sent another way, of the length it would have had.
async fn changed(response: Response, change: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut head, body) = response.into_parts();
    // The sandbox's own answers are small and whole.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers
        .insert(header::CONTENT_LENGTH, bytes.len().into());
    Response::from_parts(head, change(bytes))
}

fn dripping(bytes: Bytes, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let byte = rest.split_to(1);
        Some((Ok::<_, io::Error>(byte), rest))
    }))
}

/// Ends in an error, upon which the connection is closed.
fn truncated(bytes: Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    let broken = Err(io::Error::other("fault: truncate"));
    Body::from_stream(stream::iter([Ok(half), broken]).then(|piece| async {
        // So that the first half is on its way before the end is known.
        tokio::task::yield_now().await;
        piece
    }))
}

fn zeros(length: u64) -> Body {
    static PIECE: [u8; 1 << 12] = [0; 1 << 12];
    Body::from_stream(stream::unfold(length, |rest| async move {
        let piece = usize::try_from(rest).map_or(PIECE.len(), |rest| rest.min(PIECE.len()));
        let bytes = Bytes::from_static(&PIECE[..piece]);
        (piece > 0).then_some((Ok::<_, io::Error>(bytes), rest - piece as u64))
    }))
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFault(String);

impl fmt::Display for BadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadFault {}

impl FromStr for Fault {
    type Err = BadFault;

    fn from_str(rule: &str) -> Result<Self, BadFault> {
        let (calls, what) = rule
            .split_once(':')
            .ok_or_else(|| bad("write CALL:WHAT, as in `package:status=502`"))?;
        let name = calls.split(|c: char| !c.is_ascii_lowercase()).next();
        // `x` is in no name of a call.
        let name = name
            .and_then(|name| name.split('x').next())
            .unwrap_or_default();
        let pieces = CALLS.iter().find(|(call, _)| *call == name);
        let (_, pieces) = pieces.ok_or_else(|| {
            let names = CALLS.map(|(call, _)| call).join(", ");
            bad(format!("`{name}` is no call; there are {names}"))
        })?;
        let (nth, times) = count(&calls[name.len()..])?;
        Ok(Self {
            pieces: pieces.iter().map(|&piece| piece.to_owned()).collect(),
            skip: nth.map_or(0, |nth| nth - 1),
            times: times.unwrap_or(if nth.is_some() { 1 } else { usize::MAX }),
            answer: what.parse()?,
        })
    }
}

/// Reads `[@N][xTIMES]`.
fn count(text: &str) -> Result<(Option<usize>, Option<usize>), BadFault> {
    let number = |text: &str| match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(bad(format!("`{text}` is no number from 1 on"))),
    };
    let (nth, times) = match text.split_once('x') {
        Some((nth, times)) => (nth, Some(number(times)?)),
        None => (text, None),
    };
    let nth = match nth.strip_prefix('@') {
        Some(nth) => Some(number(nth)?),
        None if nth.is_empty() => None,
        None => return Err(bad(format!("`{nth}` is neither @N nor xTIMES"))),
    };
    Ok((nth, times))
}

impl FromStr for FaultAnswer {
    type Err = BadFault;

    fn from_str(what: &str) -> Result<Self, BadFault> {
        let (name, value) = what.split_once('=').unwrap_or((what, ""));
        match (name, value) {
            ("delay", value) => Ok(Self::Delay(time(value)?)),
            ("drip", value) => Ok(Self::Drip(time(value)?)),
            ("hang", "") => Ok(Self::Hang),
            ("truncate", "") => Ok(Self::Truncate),
            ("huge", "") => Ok(Self::Huge(HUGE)),
            ("huge", value) => {
                let bytes = value.parse();
                bytes.map(Self::Huge).map_err(|_| bad("write huge=BYTES"))
            }
            ("reset", "before") => Ok(Self::Close),
            ("reset", "during") => Ok(Self::CloseDuring),
            ("reset", "after") => Ok(Self::CloseAfter),
            ("redirect", "loop") => Ok(Self::RedirectLoop),
            ("redirect", to) if !to.is_empty() => Ok(Self::redirect(302, to)),
            ("status" | "body", _) => own_answer(what),
            _ => Err(bad(format!(
                "`{what}` is no fault; there are delay=TIME, hang, drip=TIME, reset=before|during|after, \
                 status=CODE[,retry-after=VALUE][,body=TEXT], body=TEXT, truncate, huge[=BYTES], redirect=loop|URL"
            ))),
        }
    }
}

/// Reads `status=…`, `retry-after=…` and `body=…`, of which the last takes all the rest.
fn own_answer(what: &str) -> Result<FaultAnswer, BadFault> {
    let (mut status, mut headers, mut body) = (200, Vec::new(), None);
    let mut rest = what;
    while !rest.is_empty() {
        if let Some(text) = rest.strip_prefix("body=") {
            body = Some(text);
            break;
        }
        let (option, after) = rest.split_once(',').unwrap_or((rest, ""));
        match option.split_once('=') {
            Some(("status", code)) => {
                let known = code.parse().ok().filter(|code| (200..600).contains(code));
                status = known.ok_or_else(|| bad(format!("`{code}` is no status")))?;
            }
            Some(("retry-after", value)) => {
                headers.push(("retry-after".to_owned(), value.to_owned()));
            }
            _ => return Err(bad(format!("`{option}` is no part of an answer"))),
        }
        rest = after;
    }
    let body = body.map_or_else(|| message(status), |text| named_body(text).to_owned());
    let media_type = if body == PAGE {
        "text/html; charset=utf-8"
    } else {
        "application/json"
    };
    headers.push(("content-type".to_owned(), media_type.to_owned()));
    Ok(FaultAnswer::Answer {
        status,
        headers,
        body,
    })
}

fn named_body(text: &str) -> &str {
    let named = BODIES.iter().find(|(name, _)| *name == text);
    named.map_or(text, |(_, body)| body)
}

/// As the sandbox itself refuses. No content must not have one.
fn message(status: u16) -> String {
    match status {
        204 | 304 => String::new(),
        _ => format!("{{\"message\":\"fault {status}\"}}"),
    }
}

fn time(text: &str) -> Result<Duration, BadFault> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: Option<u64> = digits.parse().ok();
    match (number, &text[digits.len()..]) {
        (Some(number), "ms") => Ok(Duration::from_millis(number)),
        (Some(number), "s") => Ok(Duration::from_secs(number)),
        _ => Err(bad(format!("`{text}` is no time like 150ms or 2s"))),
    }
}

fn bad(why: impl Into<String>) -> BadFault {
    BadFault(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meets_the_nth_request_of_an_endpoint_and_no_other() {
        let mut faults = [
            Fault::on_nth("POST /a", 2, FaultAnswer::Hang),
            Fault::on("GET /b", FaultAnswer::Close),
        ];
        let mut answer =
            |request: &str| met(&mut faults, request).map(|answer| format!("{answer:?}"));
        for (request, expected) in [
            ("POST /a", None),
            ("GET /a", None),
            ("POST /a?x", Some("Hang")),
            ("POST /a", None),
            ("GET /b", Some("Close")),
            ("GET /b", Some("Close")),
        ] {
            assert_eq!(answer(request).as_deref(), expected, "{request}");
        }
    }

    #[test]
    fn a_call_is_met_by_its_own_name_alone() {
        const REQUESTS: [(&str, &str); 10] = [
            ("user", "GET /apis/user/v1/user"),
            ("usage", "GET /apis/extension/v1/users/u/files/usage"),
            ("upload", "POST /apis/extension/v1/users/u/files"),
            (
                "package",
                "POST /apis/extension/v1/users/u/extensions/demo/package?force=true&create_extension=true",
            ),
            (
                "submit",
                "POST /apis/extension/v1/users/u/snapshots/1/action:submit",
            ),
            (
                "cancel",
                "POST /apis/extension/v1/users/u/snapshots/1/action:cancel-submit",
            ),
            ("search", "POST /apis/extension/v1/extensions/search"),
            ("summary", "GET /apis/extension/v1/extensions/demo/summary"),
            (
                "snapshots",
                "GET /apis/extension/v1/extensions/demo/snapshots",
            ),
            (
                "locate",
                "GET /apis/extension/v1/extensions/demo/versions/1.0.0",
            ),
        ];
        for (call, _) in REQUESTS {
            let mut fault: Fault = format!("{call}:hang").parse().unwrap();
            let met: Vec<_> = REQUESTS
                .iter()
                .filter(|(_, request)| fault.meets(request))
                .map(|(name, _)| *name)
                .collect();
            assert_eq!(met, [call]);
        }
        let mut any: Fault = "any:hang".parse().unwrap();
        assert!(REQUESTS.iter().all(|(_, request)| any.meets(request)));
    }

    #[test]
    fn reads_rules() {
        let json = FaultAnswer::json;
        for (rule, skip, times, answer) in [
            ("user:hang", 0, usize::MAX, FaultAnswer::Hang),
            ("user@3:reset=before", 2, 1, FaultAnswer::Close),
            ("userx2:reset=during", 0, 2, FaultAnswer::CloseDuring),
            ("user@2x3:reset=after", 1, 3, FaultAnswer::CloseAfter),
            (
                "searchx1:delay=150ms",
                0,
                1,
                FaultAnswer::Delay(Duration::from_millis(150)),
            ),
            (
                "any:drip=2s",
                0,
                usize::MAX,
                FaultAnswer::Drip(Duration::from_secs(2)),
            ),
            (
                "any:status=409",
                0,
                usize::MAX,
                json(409, r#"{"message":"fault 409"}"#),
            ),
            ("any:body=empty", 0, usize::MAX, json(200, "")),
            (
                "any:status=201,body={\"a\":1,\"b\":2}",
                0,
                usize::MAX,
                json(201, r#"{"a":1,"b":2}"#),
            ),
            (
                "any:status=502,body=html",
                0,
                usize::MAX,
                FaultAnswer::html(502),
            ),
            ("any:truncate", 0, usize::MAX, FaultAnswer::Truncate),
            ("any:huge", 0, usize::MAX, FaultAnswer::Huge(2_147_483_648)),
            ("any:huge=7", 0, usize::MAX, FaultAnswer::Huge(7)),
            (
                "any:redirect=loop",
                0,
                usize::MAX,
                FaultAnswer::RedirectLoop,
            ),
            (
                "any:redirect=http://x:1/",
                0,
                usize::MAX,
                FaultAnswer::redirect(302, "http://x:1/"),
            ),
        ] {
            let fault: Fault = rule.parse().unwrap();
            assert_eq!(
                (fault.skip, fault.times, fault.answer),
                (skip, times, answer),
                "{rule}"
            );
        }
        let fault: Fault = "any:status=429,retry-after=5".parse().unwrap();
        let FaultAnswer::Answer { headers, .. } = fault.answer else {
            panic!("{:?}", fault.answer)
        };
        assert_eq!(headers[0], ("retry-after".to_owned(), "5".to_owned()));
    }

    #[test]
    fn says_what_is_no_rule() {
        for (rule, expected) in [
            ("hang", "write CALL:WHAT"),
            ("pull:hang", "`pull` is no call; there are any, user,"),
            ("user@0:hang", "`0` is no number from 1 on"),
            ("userx:hang", "`` is no number"),
            ("user#2:hang", "`#2` is neither @N nor xTIMES"),
            ("user:sleep", "`sleep` is no fault; there are delay=TIME"),
            ("user:hang=1", "`hang=1` is no fault"),
            ("user:delay=soon", "`soon` is no time like 150ms or 2s"),
            ("user:status=99", "`99` is no status"),
            ("user:status=429,after=5", "`after=5` is no part"),
        ] {
            let why = rule.parse::<Fault>().unwrap_err().to_string();
            assert!(why.contains(expected), "{rule}: {why}");
        }
    }
}
