//! What the environment says about KubeSphere Cloud.

use ksext_cloud::{BadToken, Token};

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
            token: value("KSEXT_TOKEN").map(Token::new),
            server: value("KSEXT_SERVER"),
        }
    }
}
