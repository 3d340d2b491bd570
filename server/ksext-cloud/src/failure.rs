//! The wording of everything that can go wrong in an exchange, in both languages; the one place where errors are made, so the one
//! place that keeps the key out of them.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::StatusCode;

use crate::exchange::Answer;
use crate::{Error, ErrorKind, Message, Server, Token, wire};

/// No more of a server's own words than this goes into an error, in characters.
const MAX_QUOTE: usize = 300;

/// What is being attempted, for the errors that may come of it.
pub(crate) struct Attempt<'a> {
    /// Follows "cannot" and names the server.
    what: Message,
    server: &'a Server,
    token: &'a Token,
}

impl<'a> Attempt<'a> {
    /// `what` follows "cannot", without the server.
    pub(crate) fn new(what: Message, server: &'a Server, token: &'a Token) -> Self {
        Self {
            what,
            server,
            token,
        }
    }

    /// An error of this attempt. Servers are known to echo what they were sent, so the key is cut
    /// out of every text on its way in.
    pub(crate) fn fail(&self, kind: ErrorKind, why: Message) -> Error {
        let Message { en, zh } = self.what.clone();
        let what = Message::new(
            format!("{en} at {}", self.server),
            format!("在 {} {zh}", self.server),
        );
        Error::new(
            kind,
            what.map(|text| self.without_key(text)),
            why.map(|text| self.without_key(text)),
        )
    }

    fn without_key(&self, text: String) -> String {
        text.replace(self.token.expose(), "***")
    }

    /// Foreign text as one short line without control characters. The key goes first, since a cut
    /// through its middle would leave a piece that nothing finds any more.
    pub(crate) fn quote(&self, text: &str) -> String {
        one_line(&self.without_key(text.to_owned()))
    }

    /// The server's own words about its refusal, ready to follow the status line.
    fn said(&self, body: &[u8]) -> Message {
        let text = match wire::read::<wire::Refusal>(body) {
            Ok(refusal) => refusal.message,
            Err(_) if is_html(body) => return Message::new(" with a web page", "（一个网页）"),
            Err(_) => String::from_utf8_lossy(body).into_owned(),
        };
        match self.quote(&text) {
            text if text.is_empty() => Message::new("", ""),
            text => Message::new(format!(", `{text}`"), format!("：`{text}`")),
        }
    }

    /// The innermost error's text, where the reason stands; the outer ones repeat the address.
    fn root_cause(&self, error: &reqwest::Error) -> String {
        let mut inner: &dyn StdError = error;
        while let Some(source) = inner.source() {
            inner = source;
        }
        self.quote(&inner.to_string())
    }

    /// The server did not answer as asked: by status and, where there is one, its own message.
    pub(crate) fn refused(&self, answer: &Answer) -> Error {
        let status = answer.status.as_u16();
        let (kind, hint) = judge(answer.status);
        let said = self.said(&answer.body);
        let line = format!("{status} {}", answer.reason);
        let why = Message::new(
            format!("the server answered {}{}", line.trim_end(), said.en),
            format!("服务器回答 {}{}", line.trim_end(), said.zh),
        );
        let error = self
            .fail(kind, why)
            .with_status(status)
            .with_retry_after(answer.retry_after);
        match (hint, answer.retry_after) {
            (Some(_), Some(wait)) if kind == ErrorKind::RateLimited => {
                let seconds = wait.as_secs();
                error.hinting(Message::new(
                    format!("try again in {seconds} s"),
                    format!("请在 {seconds} 秒后重试"),
                ))
            }
            (Some((en, zh)), _) => error.hinting(Message::new(en, zh)),
            (None, _) => error,
        }
    }

    /// A successful answer whose body cannot be read as the JSON it should be.
    pub(crate) fn unreadable(&self, answer: &Answer, error: &serde_json::Error) -> Error {
        let why = if is_html(&answer.body) {
            Message::new(
                "a web page came back instead of data",
                "返回的是网页而不是数据",
            )
        } else if answer.body.trim_ascii().is_empty() {
            Message::new("the answer was empty", "服务器的回答是空的")
        } else {
            let error = self.quote(&error.to_string());
            Message::new(
                format!("the answer is not the JSON it should be ({error})"),
                format!("服务器的回答不是预期的 JSON（{error}）"),
            )
        };
        self.nonsense(why).with_status(answer.status.as_u16())
    }

    /// A well-formed answer that cannot be true.
    pub(crate) fn nonsense(&self, why: Message) -> Error {
        self.fail(ErrorKind::Server, why).hinting(Message::new(
            "check the server address, and whether a proxy or a network sign-in page stands between",
            "请检查服务器地址，并确认中间没有代理或网络登录页面",
        ))
    }

    /// A name that could not even be asked for; nothing was sent.
    pub(crate) fn impossible_name(&self, name: &str) -> Error {
        let why = Message::new(
            format!("`{name}` cannot be a name there"),
            format!("`{name}` 不可能是那里的名称"),
        );
        self.fail(ErrorKind::NotFound, why)
    }

    /// The answer sends the request elsewhere.
    pub(crate) fn redirected(&self, to: &str) -> Error {
        let to = self.quote(to);
        let why = Message::new(
            format!("the server redirects to `{to}`, where the key must not go"),
            format!("服务器重定向到 `{to}`，密钥不能发往那里"),
        );
        self.nonsense(why)
    }

    /// Nothing came in time.
    pub(crate) fn timed_out(&self, waited: Duration) -> Error {
        let seconds = waited.as_secs_f32();
        let why = Message::new(
            format!("nothing came back for {seconds} s"),
            format!("{seconds} 秒内没有回应"),
        );
        self.fail(ErrorKind::Timeout, why).hinting(try_again())
    }

    /// There is no usable set of certificates.
    pub(crate) fn untrusted(&self, why: Message) -> Error {
        self.fail(ErrorKind::Tls, why).hinting(certificates())
    }

    /// The answer's body stopped before its end.
    pub(crate) fn broken_off(&self, status: StatusCode, error: &reqwest::Error) -> Error {
        let cause = self.root_cause(error);
        let why = Message::new(
            format!("the answer broke off or is garbled ({cause})"),
            format!("服务器的回答中断或已损坏（{cause}）"),
        );
        self.fail(ErrorKind::Server, why)
            .with_status(status.as_u16())
            .hinting(try_again())
    }

    /// The answer's body is longer than any of the cloud's.
    pub(crate) fn endless(&self, status: StatusCode, limit: usize) -> Error {
        let why = Message::new(
            format!("the answer is longer than {limit} bytes"),
            format!("服务器的回答超过 {limit} 字节"),
        );
        self.nonsense(why).with_status(status.as_u16())
    }

    /// No answer at all: no name, no connection, no trust, no time.
    pub(crate) fn not_sent(&self, error: &reqwest::Error) -> Error {
        let cause = self.root_cause(error);
        if find::<rustls::Error>(error).is_some() {
            let why = Message::new(
                format!("no trusted connection ({cause})"),
                format!("无法建立可信连接（{cause}）"),
            );
            self.fail(ErrorKind::Tls, why).hinting(certificates())
        } else if error.is_builder() {
            // The only thing left to go wrong while building is finding the system's certificates.
            let why = Message::new(
                format!("encryption could not be set up ({cause})"),
                format!("无法初始化加密（{cause}）"),
            );
            self.fail(ErrorKind::Tls, why).hinting(certificates())
        } else if error.is_timeout() {
            let why = Message::new("no connection in time", "连接超时");
            self.fail(ErrorKind::Timeout, why).hinting(try_again())
        } else {
            let why = if error.is_dns() {
                Message::new(
                    format!("the server's name was not found ({cause})"),
                    format!("找不到服务器域名（{cause}）"),
                )
            } else if error.is_connect() {
                Message::new(
                    format!("no connection ({cause})"),
                    format!("无法连接（{cause}）"),
                )
            } else {
                Message::new(
                    format!("the connection broke ({cause})"),
                    format!("连接中断（{cause}）"),
                )
            };
            self.fail(ErrorKind::Network, why).hinting(Message::new(
                "check the network, the server address and HTTPS_PROXY",
                "请检查网络、服务器地址和 HTTPS_PROXY",
            ))
        }
    }
}

/// What a status other than success means and what to do about it.
fn judge(status: StatusCode) -> (ErrorKind, Option<(&'static str, &'static str)>) {
    match status.as_u16() {
        401 => (
            ErrorKind::Auth,
            Some(("log in with a valid key", "请使用有效的密钥登录")),
        ),
        403 => (
            ErrorKind::Forbidden,
            Some((
                "the key may be wrong or expired, or the thing may belong to someone else; log in again with the right key",
                "密钥可能有误或已过期，或者该对象属于他人；请使用正确的密钥重新登录",
            )),
        ),
        404 => (
            ErrorKind::NotFound,
            Some((
                "check the name, and whether it was ever pushed",
                "请检查名称，并确认它曾被推送",
            )),
        ),
        408 => (ErrorKind::Timeout, Some(("try again", "请重试"))),
        409 => (
            ErrorKind::Conflict,
            Some(("look at its review status first", "请先查看其审核状态")),
        ),
        413 => (
            ErrorKind::TooLarge,
            Some((
                "make the package or file smaller",
                "请减小扩展组件包或文件的体积",
            )),
        ),
        429 => (
            ErrorKind::RateLimited,
            Some(("wait a while, then try again", "请稍候再试")),
        ),
        // A proxy or the network itself wants to be paid or signed in to.
        407 | 511 => (
            ErrorKind::Network,
            Some(("sign in to the proxy or network", "请先登录代理或网络")),
        ),
        500.. => (
            ErrorKind::Server,
            Some((
                "this is the server's fault; try again later",
                "这是服务器的问题；请稍后重试",
            )),
        ),
        _ => (ErrorKind::Server, None),
    }
}

fn one_line(text: &str) -> String {
    let mut words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    match line.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

/// An error of type `T` in the chain of causes. An `io::Error` names as its source not what it wraps but
/// what stands behind that, so those are opened on the way.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn try_again() -> Message {
    Message::new("try again", "请重试")
}

fn certificates() -> Message {
    Message::new(
        "if your network replaces certificates, name its CA file in SSL_CERT_FILE",
        "如果所在网络会替换证书，请用 SSL_CERT_FILE 指定其 CA 文件",
    )
}
