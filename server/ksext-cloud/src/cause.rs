//! Why a connection failed, found in the chain of causes that the HTTP library gives: name, proxy, refusal, certificate, time.
//! Words of the system and of libraries are English; where a cause can be told apart it is said in both languages instead.

use std::error::Error as StdError;
use std::io;

use hyper_util::client::proxy::matcher::Matcher;
use rustls::CertificateError;

use crate::retry::Again;
use crate::{ErrorKind, Message, Server, tls};

/// A cause, ready to be told.
pub(crate) struct Cause {
    pub(crate) kind: ErrorKind,
    pub(crate) why: Message,
    pub(crate) hint: Message,
    pub(crate) again: Again,
}

impl Cause {
    /// Why `error` left no answer of `server`.
    pub(crate) fn of(error: &reqwest::Error, server: &Server) -> Self {
        if let Some(error) = find::<rustls::Error>(error) {
            return untrusted(error);
        }
        if error.is_builder() {
            // The only thing left to go wrong while building is finding the system's certificates.
            let cause = root(error);
            let why = Message::new(
                format!("encryption could not be set up ({cause})"),
                format!("无法初始化加密（{cause}）"),
            );
            return Self::tls(why, certificates());
        }
        if error.is_connect() {
            return match proxy(server) {
                Some(proxy) => unconnected_proxy(error, &proxy),
                None => unconnected(error, server),
            };
        }
        if find(error).is_some_and(hyper::Error::is_parse) {
            let why = Message::new(
                "what answered does not speak HTTP",
                "应答方使用的不是 HTTP 协议",
            );
            return Self::new(ErrorKind::Server, why, address(), Again::Never);
        }
        let broke = words(error);
        let why = Message::new(
            format!("the connection broke ({})", broke.en),
            format!("连接中断（{}）", broke.zh),
        );
        Self::new(ErrorKind::Network, why, network(), Again::IfHarmless)
    }

    /// Why an answer that had begun did not come to its end.
    pub(crate) fn in_answer(error: &reqwest::Error) -> Self {
        if !is_lost(error) {
            let cause = root(error);
            let why = Message::new(
                format!("the answer is garbled ({cause})"),
                format!("服务器的回答已损坏（{cause}）"),
            );
            return Self::new(ErrorKind::Server, why, address(), Again::Never);
        }
        let why = Message::new("the answer broke off", "服务器的回答中断");
        Self::new(ErrorKind::Network, why, try_again(), Again::IfHarmless)
    }

    fn new(kind: ErrorKind, why: Message, hint: Message, again: Again) -> Self {
        Self {
            kind,
            why,
            hint,
            again,
        }
    }

    fn tls(why: Message, hint: Message) -> Self {
        Self::new(ErrorKind::Tls, why, hint, Again::Never)
    }
}

fn unconnected(error: &reqwest::Error, server: &Server) -> Cause {
    if error.is_timeout() {
        let why = Message::new("no connection in time", "连接超时");
        return Cause::new(ErrorKind::Timeout, why, network(), Again::Always);
    }
    if error.is_dns() {
        let why = Message::new(
            format!("the server's name was not found ({})", root(error)),
            "找不到服务器的域名，或域名服务器没有响应",
        );
        let hint = Message::new(
            "check the server address and whether this machine is online",
            "请检查服务器地址，以及本机是否联网",
        );
        // Asking once more in a moment finds the same, and who is offline wants to know it now.
        return Cause::new(ErrorKind::Network, why, hint, Again::Never);
    }
    let words = words(error);
    let why = Message::new(
        format!("no connection ({})", words.en),
        format!("无法连接（{}）", words.zh),
    );
    // On this machine nothing gets lost: where nobody listens, nobody will in a second.
    if server.is_loopback() {
        let hint = Message::new(
            "check that the server runs and listens on that port",
            "请确认服务器正在运行并监听该端口",
        );
        return Cause::new(ErrorKind::Network, why, hint, Again::Never);
    }
    Cause::new(ErrorKind::Network, why, network(), Again::Always)
}

fn unconnected_proxy(error: &reqwest::Error, proxy: &str) -> Cause {
    let hint = Message::new(
        "check HTTPS_PROXY; NO_PROXY names hosts that are reached without it",
        "请检查 HTTPS_PROXY；NO_PROXY 可列出不经代理访问的主机",
    );
    let (kind, words) = if error.is_timeout() {
        let words = Message::new("no connection in time", "连接超时");
        (ErrorKind::Timeout, words)
    } else if error.is_dns() {
        // A SOCKS proxy may leave it to us to look up the server.
        let words = Message::new(
            "its name or the server's was not found",
            "找不到它或服务器的域名",
        );
        (ErrorKind::Network, words)
    } else {
        (ErrorKind::Network, words(error))
    };
    let why = Message::new(
        format!("no way through the proxy `{proxy}` ({})", words.en),
        format!("无法通过代理 `{proxy}`（{}）", words.zh),
    );
    // A proxy that answers has decided.
    let again = match find::<io::Error>(error) {
        Some(_) if !error.is_dns() => Again::Always,
        _ => Again::Never,
    };
    Cause::new(kind, why, hint, again)
}

/// The proxy that the environment names for `server`, without user and password: as the HTTP library
/// decides it, by `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and their lower-case forms.
fn proxy(server: &Server) -> Option<String> {
    if server.is_loopback() {
        return None;
    }
    let found = Matcher::from_env().intercept(&server.as_str().parse().ok()?)?;
    let uri = found.uri();
    let host = uri.host()?;
    let scheme = uri.scheme_str().unwrap_or("http");
    Some(match uri.port_u16() {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// What is wrong with the encryption, and what to do about it.
fn untrusted(error: &rustls::Error) -> Cause {
    let (en, zh, hint) = match error {
        rustls::Error::InvalidCertificate(problem) => certificate_words(problem),
        rustls::Error::InvalidMessage(_) => (
            "what answers there does not speak TLS".to_owned(),
            "该端口上的服务不使用 TLS".to_owned(),
            address(),
        ),
        other => (other.to_string(), other.to_string(), certificates()),
    };
    let why = Message::new(
        format!("no trusted connection ({en})"),
        format!("无法建立可信连接（{zh}）"),
    );
    Cause::tls(why, hint)
}

fn certificate_words(problem: &CertificateError) -> (String, String, Message) {
    use CertificateError as Bad;
    let clock = || {
        Message::new(
            "check this machine's clock; else the server's owner has to renew it",
            "请检查本机时间；若无误，则需由服务器所有者更新证书",
        )
    };
    match problem {
        Bad::UnknownIssuer => (
            format!(
                "its certificate comes from an authority that {} does not hold",
                tls::trusted().en
            ),
            format!("{}中没有签发其证书的机构", tls::trusted().zh),
            certificates(),
        ),
        Bad::Expired | Bad::ExpiredContext { .. } => (
            "its certificate has expired".to_owned(),
            "其证书已过期".to_owned(),
            clock(),
        ),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => (
            "its certificate is not valid yet".to_owned(),
            "其证书尚未生效".to_owned(),
            clock(),
        ),
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => (
            "its certificate is for another name".to_owned(),
            "其证书属于其他域名".to_owned(),
            Message::new(
                "check the server address, and whether a network sign-in page stands between",
                "请检查服务器地址，并确认中间没有网络登录页面",
            ),
        ),
        Bad::BadSignature => (
            "its certificate was not signed by the authority it names".to_owned(),
            "其证书并非由所称的机构签发".to_owned(),
            certificates(),
        ),
        Bad::Revoked => (
            "its certificate was revoked".to_owned(),
            "其证书已被吊销".to_owned(),
            Message::new("do not trust this server", "请勿信任此服务器"),
        ),
        other => (
            format!("its certificate is not valid: {other}"),
            format!("其证书无效：{other}"),
            certificates(),
        ),
    }
}

/// What to do about an authority that is not known.
pub(crate) fn certificates() -> Message {
    Message::new(
        "if your network replaces certificates, name the file with its CA certificate (PEM) in SSL_CERT_FILE; it is then trusted in place of the system's",
        "如果所在网络会替换证书，请用 SSL_CERT_FILE 指定其 CA 证书文件（PEM），届时将以它代替系统证书",
    )
}

pub(crate) fn try_again() -> Message {
    Message::new("try again", "请重试")
}

/// What to do about an answer that cannot be the cloud's.
pub(crate) fn address() -> Message {
    Message::new(
        "check the server address, and whether a proxy or a network sign-in page stands between",
        "请检查服务器地址，并确认中间没有代理或网络登录页面",
    )
}

fn network() -> Message {
    Message::new(
        "check the network, the server address and HTTPS_PROXY",
        "请检查网络、服务器地址和 HTTPS_PROXY",
    )
}

/// Names for what can be told apart.
fn words(error: &reqwest::Error) -> Message {
    if find(error).is_some_and(hyper::Error::is_incomplete_message) {
        return Message::new("it was closed without an answer", "对方未作回答即关闭");
    }
    let (en, zh) = match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => ("connection refused", "连接被拒绝"),
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof,
        ) => ("the other side closed it", "被对方关闭"),
        Some(io::ErrorKind::NetworkUnreachable) => ("the network cannot be reached", "网络不可达"),
        Some(io::ErrorKind::HostUnreachable) => ("the host cannot be reached", "主机不可达"),
        Some(io::ErrorKind::TimedOut) => ("no answer in time", "等待超时"),
        _ => {
            let cause = root(error);
            return match proxy_words(&cause) {
                Some((en, zh)) => Message::new(en, zh),
                None => Message::new(cause.clone(), cause),
            };
        }
    };
    Message::new(en, zh)
}
/// The HTTP library keeps the type of a proxy's refusal to itself, so its text decides.
fn proxy_words(cause: &str) -> Option<(&'static str, &'static str)> {
    let cause = cause
        .strip_prefix("tunnel error: ")
        .or_else(|| cause.strip_prefix("SOCKS error: "))?;
    match cause {
        "proxy authorization required" | "server does not support user/pass authentication" => {
            Some((
                "it wants a user and password, as in `http://user:password@host:port`",
                "它要求用户名和密码，格式如 `http://user:password@host:port`",
            ))
        }
        "unsuccessful" | "connection refused" | "host unreachable" | "network unreachable" => {
            Some(("it could not connect", "它未能建立连接"))
        }
        "failed to create underlying connection" => Some(("no connection to it", "无法连接到它")),
        "unexpected end of file" => Some(("it closed the connection", "它关闭了连接")),
        _ => None,
    }
}

/// Whether the connection went away, as against an answer that is there but makes no sense.
fn is_lost(error: &reqwest::Error) -> bool {
    let lost = |kind| {
        matches!(
            kind,
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof
                | io::ErrorKind::TimedOut
        )
    };
    find(error).is_some_and(hyper::Error::is_incomplete_message)
        || find::<io::Error>(error).is_some_and(|error| lost(error.kind()))
}

/// The innermost error's text, where the reason stands; the outer ones repeat the address.
fn root(error: &reqwest::Error) -> String {
    let mut inner: &dyn StdError = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
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
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_refusal_is_told_in_both_languages() {
        for (cause, expected) in [
            (
                "tunnel error: proxy authorization required",
                Some("它要求用户名和密码"),
            ),
            ("tunnel error: unsuccessful", Some("它未能建立连接")),
            ("SOCKS error: host unreachable", Some("它未能建立连接")),
            ("tunnel error: something else", None),
            ("unsuccessful", None),
        ] {
            let found = proxy_words(cause).map(|(_, zh)| zh);
            match expected {
                Some(words) => assert!(found.is_some_and(|zh| zh.starts_with(words)), "{cause}"),
                None => assert_eq!(found, None, "{cause}"),
            }
        }
    }
}
