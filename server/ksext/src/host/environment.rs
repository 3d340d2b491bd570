//! What the environment says about KubeSphere Cloud.

use ksext_cloud::{BadToken, Token};

/// What `KSEXT_LOG` asks to be logged, if it is set.
pub(crate) fn log_filter() -> Option<String> {
    std::env::var("KSEXT_LOG")
        .ok()
        .filter(|filter| !filter.is_empty())
}

/// What the environment says of proxies and certificates, by the names of the variables, without user and
/// password.
pub(crate) fn network() -> Vec<(&'static str, String)> {
    let names = [
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
        "SSL_CERT_FILE",
    ];
    let set = |name| {
        std::env::var(name)
            .ok()
            .filter(|value: &String| !value.is_empty())
    };
    let found = names
        .into_iter()
        .filter_map(|name| Some((name, set(name)?)));
    found
        .map(|(name, value)| (name, without_password(&value)))
        .collect()
}

fn without_password(address: &str) -> String {
    match address.rsplit_once('@') {
        None => address.to_owned(),
        Some((before, host)) => {
            let scheme = before.find("://").map_or("", |end| &before[..end + 3]);
            format!("{scheme}{host}")
        }
    }
}

/// `KSEXT_TOKEN` and `KSEXT_SERVER`; empty values count as unset.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// The key, or why it is none.
    pub(crate) token: Option<Result<Token, BadToken>>,
    /// The server's address, unchecked.
    pub(crate) server: Option<String>,
}

impl Environment {
    /// The environment of this process.
    pub(crate) fn read() -> Self {
        let value = |name| {
            let value = std::env::var(name).ok()?;
            // A file's content put into a variable brings its line end along.
            let value = value.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        Self {
            token: value("KSEXT_TOKEN").map(|key| Token::pasted(&key)),
            server: value("KSEXT_SERVER"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_shown_without_its_password() {
        for (address, shown) in [
            ("http://proxy:3128", "http://proxy:3128"),
            ("http://me:p@ss@proxy:3128", "http://proxy:3128"),
            ("me:secret@proxy", "proxy"),
            ("localhost,.corp", "localhost,.corp"),
        ] {
            assert_eq!(without_password(address), shown);
        }
    }
}
