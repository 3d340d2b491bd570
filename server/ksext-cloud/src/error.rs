//! Why a call to the cloud failed, told by what a user can do about it. Which answer means which kind is decided in `exchange`.

use std::fmt;
use std::time::Duration;

use crate::Message;

/// What a user would do differently, one word each; the words are those of the command protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// 401: no valid key; log in.
    Auth,
    /// 403: the key does not allow this. The real cloud answers a wrong key this way too
    /// (kubesphere/ksbuilder pull request 91).
    Forbidden,
    /// 404, or the cloud knows nothing of that name.
    NotFound,
    /// 409: the state of the thing forbids it.
    Conflict,
    /// 413.
    TooLarge,
    /// 429.
    RateLimited,
    /// No connection, or it broke before the end of an answer.
    Network,
    /// No answer in time.
    Timeout,
    /// No trust: certificate or handshake.
    Tls,
    /// 5xx, or an answer that makes no sense: a web page, wrong JSON, an endless one, a redirect elsewhere.
    Server,
    /// The user stopped it.
    Cancelled,
}

impl ErrorKind {
    /// Every kind, in the order of the contract.
    pub const ALL: [Self; 11] = [
        Self::Auth,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::TooLarge,
        Self::RateLimited,
        Self::Network,
        Self::Timeout,
        Self::Tls,
        Self::Server,
        Self::Cancelled,
    ];

    /// The word scripts and editors see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::TooLarge => "too-large",
            Self::RateLimited => "rate-limited",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Server => "server",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failed call: what was attempted on which server, why it failed, what to do. Never holds the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().en)]
pub struct Error(Box<Parts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    kind: ErrorKind,
    /// Follows "cannot": "list extensions on https://…".
    attempt: Message,
    why: Message,
    hint: Option<Message>,
    status: Option<u16>,
    retry_after: Option<Duration>,
    /// See [`Error::left_no_trace`].
    left_no_trace: bool,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, attempt: Message, why: Message) -> Self {
        Self(Box::new(Parts {
            kind,
            attempt,
            why,
            hint: None,
            status: None,
            retry_after: None,
            left_no_trace: false,
        }))
    }

    /// The error for work that the user stopped; `attempt` follows "cannot" in both languages. The
    /// client itself never makes one, since its calls are cancelled by dropping them.
    pub fn cancelled(attempt: Message) -> Self {
        Self::new(
            ErrorKind::Cancelled,
            attempt,
            Message::new("it was cancelled", "操作已取消"),
        )
    }

    pub(crate) fn hinting(mut self, hint: Message) -> Self {
        self.0.hint = Some(hint);
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self.0.left_no_trace = (400..500).contains(&status) && status != 408;
        self
    }

    pub(crate) fn never_sent(mut self) -> Self {
        self.0.left_no_trace = true;
        self
    }

    /// The last of so many tries, of which an earlier one may have left a trace.
    pub(crate) fn after_tries(mut self, tries: u32, traced: bool) -> Self {
        self.0.left_no_trace &= !traced;
        if tries > 1 {
            let why = &mut self.0.why;
            why.en.push_str(&format!(" (tried {tries} times)"));
            why.zh.push_str(&format!("（已尝试 {tries} 次）"));
        }
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// What a user can do about it, as one of eleven words.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, where the server gave one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Whether the server has certainly done nothing of what was asked: the request never left, or it was
    /// refused with a status 4xx. Otherwise the server may have done it although no answer told so.
    pub fn left_no_trace(&self) -> bool {
        self.0.left_no_trace
    }

    /// How long a server that is busy asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What was attempted and why it failed, without [`Error::hint`].
    pub fn summary(&self) -> Message {
        let Parts { attempt, why, .. } = &*self.0;
        Message::new(
            format!("cannot {}: {}", attempt.en, why.en),
            format!("无法{}：{}", attempt.zh, why.zh),
        )
    }

    /// Why it failed, without what was attempted.
    pub fn why(&self) -> &Message {
        &self.0.why
    }

    /// What to do, where there is anything to say.
    pub fn hint(&self) -> Option<&Message> {
        self.0.hint.as_ref()
    }

    /// Everything in one line: [`Error::summary`], then [`Error::hint`].
    pub fn message(&self) -> Message {
        let summary = self.summary();
        match self.hint() {
            None => summary,
            Some(hint) => Message::new(
                format!("{}; {}", summary.en, hint.en),
                format!("{}；{}", summary.zh, hint.zh),
            ),
        }
    }
}
