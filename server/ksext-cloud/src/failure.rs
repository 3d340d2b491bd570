//! The wording of everything that can go wrong in an exchange, in both languages; the one place where errors are made, so the one
//! place that keeps the key out of them. Why there was no answer at all is found out in `cause`.

use std::time::Duration;

use reqwest::StatusCode;

use crate::cause::{self, Cause};
use crate::exchange::Answer;
use crate::retry::{Failure, seconds};
use crate::text::is_obeyed;
use crate::{Error, ErrorKind, Message, Server, Token, Wait, wire};

/// What is shorter is no key, but a word that was typed in its place, in bytes.
const SHORTEST_KEY: usize = 8;

/// No more of a server's own words than this goes into an error, in characters.
const MAX_QUOTE: usize = 300;

/// Where an account's owner creates a key (KubeSphere extension development guide, packaging and
/// release).
pub const KEY_PAGE: &str = "https://kubesphere.cloud/user/setting/";

/// Where an account becomes one that may publish extensions: "Become a partner", 入驻扩展市场 (the same
/// page of the guide).
const PARTNER_PAGE: &str = "https://kubesphere.com.cn/marketplace/";

/// Who wants to hear of pauses.
pub(crate) type OnWait = dyn Fn(&Wait) + Send + Sync;

/// What a call is about, which decides what a refusal of it means for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Whose key it is.
    Key,
    /// What extensions and snapshots there are.
    Lookup,
    /// An icon, screenshots.
    Files,
    /// A packed extension.
    Package,
    /// A snapshot's way into the review or out of it.
    Review,
}

/// What is being attempted, for the errors that may come of it.
pub(crate) struct Attempt<'a> {
    /// Follows "cannot" and names the server.
    what: Message,
    subject: Subject,
    server: &'a Server,
    /// The key that is sent along, if one is.
    token: Option<&'a Token>,
    on_wait: Option<&'a OnWait>,
}

impl<'a> Attempt<'a> {
    /// `what` follows "cannot", without the server.
    pub(crate) fn new(
        what: Message,
        subject: Subject,
        server: &'a Server,
        token: &'a Token,
        on_wait: Option<&'a OnWait>,
    ) -> Self {
        Self {
            what,
            subject,
            server,
            token: Some(token),
            on_wait,
        }
    }

    /// An attempt of which a key is no part.
    pub(crate) fn without_a_key(what: Message, server: &'a Server) -> Self {
        Self {
            what,
            subject: Subject::Lookup,
            server,
            token: None,
            on_wait: None,
        }
    }

    /// Tells whoever waits with us.
    pub(crate) fn waits(&self, wait: &Wait) {
        if let Some(on_wait) = self.on_wait {
            on_wait(wait);
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
        match self.token {
            // Of a word or a letter that was typed in place of a key nothing is secret, and cutting it out
            // of every text would leave none to read.
            Some(token) if token.expose().len() >= SHORTEST_KEY => {
                text.replace(token.expose(), "***")
            }
            _ => text,
        }
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
            Err(_) if is_html(body) => {
                let title = self.title(body);
                return Message::new(
                    format!(" with a web page{}", title.en),
                    format!("（一个网页{}）", title.zh),
                );
            }
            Err(_) => String::from_utf8_lossy(body).into_owned(),
        };
        match self.quote(&text) {
            text if text.is_empty() => Message::new("", ""),
            text => Message::new(format!(", `{text}`"), format!("：`{text}`")),
        }
    }

    /// What a web page calls itself, ready to follow "a web page".
    fn title(&self, page: &[u8]) -> Message {
        let page = String::from_utf8_lossy(page);
        match self.quote(title_of(&page).unwrap_or_default()) {
            title if title.is_empty() => Message::new("", ""),
            title => Message::new(format!(" called `{title}`"), format!("“{title}”")),
        }
    }

    /// The server did not answer as asked: by status and, where there is one, its own message.
    pub(crate) fn refused(&self, answer: &Answer) -> Error {
        let status = answer.status.as_u16();
        let (kind, hint) = judge(answer.status, self.subject);
        let said = self.said(&answer.body);
        let line = format!("{status} {}", answer.reason);
        let mut why = Message::new(
            format!("the server answered {}{}", line.trim_end(), said.en),
            format!("服务器回答 {}{}", line.trim_end(), said.zh),
        );
        if kind == ErrorKind::TooLarge && answer.sent > 0 {
            let sent = bytes(answer.sent);
            why.en
                .push_str(&format!("; what was sent holds {sent} bytes"));
            why.zh.push_str(&format!("；发送的内容有 {sent} 字节"));
        }
        if let Some(id) = &answer.request_id {
            let id = self.quote(id);
            why.en.push_str(&format!(" (request id `{id}`)"));
            why.zh.push_str(&format!("（请求 ID `{id}`）"));
        }
        let error = self
            .fail(kind, why)
            .with_status(status)
            .with_retry_after(answer.retry_after);
        match (hint, answer.retry_after) {
            (_, Some(wait)) if matches!(status, 429 | 503) => {
                let seconds = seconds(wait);
                error.hinting(Message::new(
                    format!("try again in {seconds} s"),
                    format!("请在 {seconds} 秒后重试"),
                ))
            }
            (Some(hint), _) => error.hinting(hint),
            (None, _) => error,
        }
    }

    /// A successful answer whose body cannot be read as the JSON it should be.
    pub(crate) fn unreadable(&self, answer: &Answer, error: &serde_json::Error) -> Error {
        if is_html(&answer.body) {
            return self.web_page(answer);
        }
        let why = if answer.body.trim_ascii().is_empty() {
            Message::new("the answer was empty", "服务器的回答是空的")
        } else {
            let why = self.quote(&error.to_string());
            // What is wrong is for whoever runs the server; the place tells the rest.
            let (line, column) = (error.line(), error.column().max(1));
            let place = match line {
                0 => String::new(),
                _ => format!("（第 {line} 行，第 {column} 列）"),
            };
            Message::new(
                format!("the answer is not the JSON it should be ({why})"),
                format!("服务器的回答不是预期的 JSON{place}"),
            )
        };
        self.nonsense(why).with_status(answer.status.as_u16())
    }

    /// A successful answer that is a web page, as networks give that want to be signed in to first.
    pub(crate) fn web_page(&self, answer: &Answer) -> Error {
        let title = self.title(&answer.body);
        let why = Message::new(
            format!("a web page{} came back instead of data", title.en),
            format!("返回的是网页{}而不是数据", title.zh),
        );
        let hint = Message::new(
            "open a browser: the network may want you to sign in first; else check the server address and the proxy",
            "请打开浏览器，所在网络可能要求先登录；否则请检查服务器地址和代理",
        );
        self.fail(ErrorKind::Server, why)
            .hinting(hint)
            .with_status(answer.status.as_u16())
    }

    /// A well-formed answer that cannot be true.
    pub(crate) fn nonsense(&self, why: Message) -> Error {
        self.fail(ErrorKind::Server, why).hinting(cause::address())
    }

    /// A name that could not even be asked for; nothing was sent.
    pub(crate) fn impossible_name(&self, name: &str) -> Error {
        let why = Message::new(
            format!("`{name}` cannot be a name there"),
            format!("`{name}` 不可能是那里的名称"),
        );
        self.fail(ErrorKind::NotFound, why).never_sent()
    }

    /// The answer sends the request to another server.
    pub(crate) fn redirected_away(&self, to: &str) -> Error {
        let to = self.quote(to);
        self.nonsense(Message::new(
            format!("the server redirects to `{to}`, where the key must not go"),
            format!("服务器重定向到 `{to}`，密钥不能发往那里"),
        ))
    }

    /// The answer sends a request with content to another place on the server.
    pub(crate) fn redirected_with_content(&self, to: &str) -> Error {
        let to = self.quote(to);
        self.nonsense(Message::new(
            format!("the server redirects to `{to}`, where nothing is sent without being asked"),
            format!("服务器重定向到 `{to}`，未经确认不会将内容发往那里"),
        ))
    }

    /// One redirect led to the next.
    pub(crate) fn redirected_in_circles(&self, to: &str) -> Error {
        let to = self.quote(to);
        self.nonsense(Message::new(
            format!("the server redirects to `{to}`, and on and on"),
            format!("服务器不断重定向，最后到 `{to}`"),
        ))
    }

    /// Nothing came for so long.
    pub(crate) fn silent(&self, waited: Duration) -> Error {
        let seconds = seconds(waited);
        self.timed_out(Message::new(
            format!("nothing came back for {seconds} s"),
            format!("{seconds} 秒内没有回应"),
        ))
    }

    /// The whole answer did not come in time.
    pub(crate) fn too_slow(&self, waited: Duration) -> Error {
        let seconds = seconds(waited);
        self.timed_out(Message::new(
            format!("no whole answer came within {seconds} s"),
            format!("{seconds} 秒内没有收到完整的回答"),
        ))
    }

    fn timed_out(&self, why: Message) -> Error {
        self.fail(ErrorKind::Timeout, why)
            .hinting(cause::try_again())
    }

    /// There is no usable set of certificates.
    pub(crate) fn untrusted(&self, why: Message) -> Error {
        self.fail(ErrorKind::Tls, why)
            .hinting(cause::certificates())
            .never_sent()
    }

    /// The answer's body stopped before its end.
    pub(crate) fn broken_off(&self, status: StatusCode, error: &reqwest::Error) -> Failure {
        let mut failure = self.caused(Cause::in_answer(error));
        failure.error = failure.error.with_status(status.as_u16());
        failure
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
    pub(crate) fn not_sent(&self, error: &reqwest::Error) -> Failure {
        let mut failure = self.caused(Cause::of(error, self.server));
        if error.is_connect() || error.is_builder() {
            failure.error = failure.error.never_sent();
        }
        failure
    }

    fn caused(&self, cause: Cause) -> Failure {
        let why = cause.why.map(|text| self.quote(&text));
        Failure {
            error: self.fail(cause.kind, why).hinting(cause.hint),
            again: cause.again,
        }
    }
}

/// What a status other than success means and what to do about it. Apart from 403 for a key that is not
/// accepted (kubesphere/ksbuilder pull request 91), which status the real cloud chooses is *assumed*.
fn judge(status: StatusCode, subject: Subject) -> (ErrorKind, Option<Message>) {
    let (kind, en, zh) = match status.as_u16() {
        401 => return (ErrorKind::Auth, Some(new_key())),
        403 if subject == Subject::Key => return (ErrorKind::Forbidden, Some(new_key())),
        403 => return (ErrorKind::Forbidden, Some(not_allowed())),
        404 => {
            let (en, zh) = not_there(subject);
            (ErrorKind::NotFound, en, zh)
        }
        408 => (ErrorKind::Timeout, "try again", "请重试"),
        409 if subject == Subject::Package => (
            ErrorKind::Conflict,
            "look at the review status of this version first: raise `version`, or withdraw what was submitted",
            "请先查看此版本的审核状态：提高 `version`，或撤回已提交的版本",
        ),
        409 => (
            ErrorKind::Conflict,
            "look at its review status first",
            "请先查看其审核状态",
        ),
        413 if subject == Subject::Files => (
            ErrorKind::TooLarge,
            "make the icon or screenshot smaller",
            "请减小图标或截图的体积",
        ),
        413 => (
            ErrorKind::TooLarge,
            "make the package smaller",
            "请减小扩展组件包的体积",
        ),
        429 => (
            ErrorKind::RateLimited,
            "wait a while, then try again",
            "请稍候再试",
        ),
        // A proxy or the network itself wants to be paid or signed in to.
        407 | 511 => (
            ErrorKind::Network,
            "sign in to the proxy or network",
            "请先登录代理或网络",
        ),
        500.. => (
            ErrorKind::Server,
            "this is the server's fault; try again later",
            "这是服务器的问题；请稍后重试",
        ),
        _ => return (ErrorKind::Server, None),
    };
    (kind, Some(Message::new(en, zh)))
}

fn new_key() -> Message {
    Message::new(
        format!(
            "the key is not accepted: it may be wrong or expired; create one at {KEY_PAGE} (Security, Create token, tick Extension Component) and log in again"
        ),
        format!(
            "密钥未被接受：密钥可能有误或已过期；请在 {KEY_PAGE} 创建新的密钥（安全 > 创建令牌，勾选扩展组件），然后重新登录"
        ),
    )
}

/// The key itself is known by then: each command asks whose it is first.
fn not_allowed() -> Message {
    Message::new(
        format!(
            "this account or key may not do that: it may belong to someone else, the key may lack Extension Component ({KEY_PAGE}), or the account has not become a partner yet ({PARTNER_PAGE})"
        ),
        format!(
            "此账号或密钥无权执行该操作：对象可能属于他人，密钥可能未勾选扩展组件（{KEY_PAGE}），或账号尚未入驻扩展市场（{PARTNER_PAGE}）"
        ),
    )
}

fn not_there(subject: Subject) -> (&'static str, &'static str) {
    match subject {
        Subject::Key | Subject::Files | Subject::Package => (
            "check the server address: a KubeSphere Cloud knows this path",
            "请检查服务器地址：KubeSphere Cloud 应有此路径",
        ),
        Subject::Lookup => (
            "check the name, and whether it was ever pushed",
            "请检查名称，并确认它曾被推送",
        ),
        Subject::Review => (
            "check the snapshot's id, and whether it is still there",
            "请检查快照的 ID，并确认它仍然存在",
        ),
    }
}

/// A number of bytes for people to compare: digits in groups of three.
fn bytes(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// The text between `<title>` and `</title>`.
fn title_of(page: &str) -> Option<&str> {
    // Of the same length, as only ASCII changes.
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let length = lower.get(start..)?.find("</title")?;
    page.get(start..start + length)
}

fn one_line(text: &str) -> String {
    let mut words = text
        .split(|c: char| c.is_whitespace() || is_obeyed(c))
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

/// Whether it is a web page, or at least no JSON that was ever asked for.
pub(crate) fn is_html(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_its_title() {
        for (page, expected) in [
            (
                "<html><TITLE lang=zh>登录\n网络</Title>",
                Some("登录\n网络"),
            ),
            ("<title></title>", Some("")),
            ("<title>cut", None),
            ("<title", None),
            ("<html>", None),
        ] {
            assert_eq!(title_of(page), expected, "{page}");
        }
    }

    #[test]
    fn big_numbers_are_grouped() {
        for (count, expected) in [(0, "0"), (999, "999"), (1_048_577, "1 048 577")] {
            assert_eq!(bytes(count), expected);
        }
    }

    #[test]
    fn foreign_text_becomes_one_short_line() {
        assert_eq!(one_line(" a\r\n\u{1b}[31m\tb\u{202e}  "), "a [31m b");
        let long = one_line(&"字".repeat(MAX_QUOTE + 1));
        assert_eq!(long.chars().count(), MAX_QUOTE + 1);
        assert!(long.ends_with('…'));
    }
}
