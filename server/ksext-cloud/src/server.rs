//! Which KubeSphere Cloud is spoken to: a checked base address. Whether it answers is the client's business.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

use crate::Message;

/// Where ksbuilder goes without `--server` (`pkg/cloud/cloud.go`).
const DEFAULT: &str = "https://apis.kubesphere.cloud";

/// The base address of a cloud, without a trailing slash: `https` to anywhere, plain `http` only to
/// this machine, so that a key never crosses a network unencrypted.
///
/// Two spellings of one address (letter case of the host, default port, trailing slash) are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Server {
    base: String,
    loopback: bool,
}

/// Why a text is not an address a key may be sent to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().en)]
pub struct BadServer {
    given: String,
    why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    NotAnAddress,
    Scheme,
    PlainHttp,
    Extra,
}

impl BadServer {
    /// What is wrong and what to write instead.
    pub fn message(&self) -> Message {
        let given = &self.given;
        match self.why {
            Why::NotAnAddress => Message::new(
                format!("`{given}` is not a server address; write one like `{DEFAULT}`"),
                format!("`{given}` 不是服务器地址；请写成 `{DEFAULT}` 这样的形式"),
            ),
            Why::Scheme => Message::new(
                format!("`{given}` is not an `https://` address; write one like `{DEFAULT}`"),
                format!("`{given}` 不是 `https://` 地址；请写成 `{DEFAULT}` 这样的形式"),
            ),
            Why::PlainHttp => Message::new(
                format!(
                    "`{given}` would send the key unencrypted; plain `http` is only for this machine (`127.0.0.1`, `[::1]`, `localhost`), use `https`"
                ),
                format!(
                    "`{given}` 会以明文发送密钥；`http` 只能用于本机（`127.0.0.1`、`[::1]`、`localhost`），请改用 `https`"
                ),
            ),
            Why::Extra => Message::new(
                format!(
                    "`{given}` holds more than an address: leave out user, password, `?…` and `#…`"
                ),
                format!("`{given}` 不只是地址：请去掉用户名、密码、`?…` 和 `#…`"),
            ),
        }
    }
}

impl Server {
    /// Checks an address as a user wrote it. White space around it and slashes at its end are dropped;
    /// a path before them is kept, as for a cloud behind a gateway.
    ///
    /// # Errors
    /// [`BadServer`] says what to write instead. An address with a user or password in it is not repeated.
    pub fn parse(text: &str) -> Result<Self, BadServer> {
        let text = text.trim();
        let bad = |why| BadServer {
            given: text.to_owned(),
            why,
        };
        let url = Url::parse(text).map_err(|_| bad(Why::NotAnAddress))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadServer {
                given: "…@…".to_owned(),
                why: Why::Extra,
            });
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad(Why::Extra));
        }
        let loopback = url.host_str().is_some_and(is_loopback);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(bad(Why::PlainHttp)),
            _ => return Err(bad(Why::Scheme)),
        }
        Ok(Self {
            base: url.as_str().trim_end_matches('/').to_owned(),
            loopback,
        })
    }

    /// The address without a trailing slash, as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.base
    }

    /// Whether it is this machine, where no proxy is asked and plain http is allowed.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether requests are encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.base.starts_with("https:")
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Default for Server {
    fn default() -> Self {
        Self {
            base: DEFAULT.to_owned(),
            loopback: false,
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

impl FromStr for Server {
    type Err = BadServer;

    fn from_str(text: &str) -> Result<Self, BadServer> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_https_anywhere_and_http_only_here() {
        let check = |text: &str, expected: Result<&str, Why>| {
            let found = Server::parse(text);
            let found = found.as_ref().map(Server::as_str).map_err(|bad| bad.why);
            assert_eq!(found, expected, "{text}");
        };
        check("https://apis.kubesphere.cloud", Ok(DEFAULT));
        check(" https://APIS.kubesphere.cloud:443/ \n", Ok(DEFAULT));
        check(
            "https://gateway.example/cloud//",
            Ok("https://gateway.example/cloud"),
        );
        check("https://云.example", Ok("https://xn--9kq.example"));
        check("http://127.0.0.1:8080/", Ok("http://127.0.0.1:8080"));
        check("http://127.9.9.9", Ok("http://127.9.9.9"));
        check("http://[::1]:1", Ok("http://[::1]:1"));
        check("http://localhost:1", Ok("http://localhost:1"));
        check("http://LOCALHOST:1", Ok("http://localhost:1"));
        check("http://apis.kubesphere.cloud", Err(Why::PlainHttp));
        check("http://localhost.example", Err(Why::PlainHttp));
        check("http://127.0.0.1.example", Err(Why::PlainHttp));
        check("http://10.0.0.1", Err(Why::PlainHttp));
        check("http://0.0.0.0", Err(Why::PlainHttp));
        check("ftp://x", Err(Why::Scheme));
        check("localhost:8080", Err(Why::Scheme));
        check("127.0.0.1:1", Err(Why::NotAnAddress));
        check("", Err(Why::NotAnAddress));
        check("http://", Err(Why::NotAnAddress));
        check("https://x/?a=1", Err(Why::Extra));
        check("https://x/#f", Err(Why::Extra));
        check("http://user@127.0.0.1@evil.example", Err(Why::Extra));
    }

    #[test]
    fn never_repeats_a_password_in_an_address() {
        let bad = Server::parse("https://me:kck-secret@x").unwrap_err();
        assert!(!format!("{bad} {bad:?} {}", bad.message().zh).contains("secret"));
    }

    #[test]
    fn the_default_is_a_valid_address() {
        assert_eq!(Server::parse(DEFAULT), Ok(Server::default()));
    }
}
