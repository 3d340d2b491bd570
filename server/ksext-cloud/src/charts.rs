//! The Helm repository in which everybody finds what was submitted (extension development guide, packaging and release). It is asked
//! without a key: nothing of `client` or `exchange` has a part in it.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode, Url};
use serde::Deserialize;
use serde_yaml::{Mapping, Value};

use crate::exchange::{Answer, Timeouts};
use crate::failure::Attempt;
use crate::{Error, ErrorKind, Message, Server, tls};

/// What the guide calls the repository in Helm's configuration.
const NAME: &str = "kscloud-beta";

/// What that of a sandbox is called there: Helm takes no second address under a name.
const SANDBOX_NAME: &str = "ksext-sandbox";

/// Where the public cloud keeps it (the guide, sites/extension-dev-guide/content/en/packaging-and-release/release/_index.md).
const BETA: &str = "https://beta.app.kubesphere.cloud";

/// The most that an index or an archive may hold, in bytes.
const MAX_BODY: usize = 10 << 20;

/// For a whole download.
const PATIENCE: Duration = Duration::from_secs(60);

/// An archive may be fetched by way of so many redirects.
const MAX_REDIRECTS: usize = 5;

/// The repository of one cloud.
#[derive(Debug)]
pub struct Charts {
    repository: Server,
    http: OnceLock<reqwest::Client>,
}

/// A version that the repository holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartVersion {
    /// The extension.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where the archive is, absolute or relative to the repository, as the index says.
    url: String,
}

impl Charts {
    /// The repository of the cloud at `server`: that of the guide for the public one, that of a sandbox
    /// for one on this machine. Of any other nobody knows it.
    pub fn of(server: &Server) -> Option<Self> {
        let address = if *server == Server::default() {
            BETA.to_owned()
        } else if server.is_loopback() {
            format!("{server}/charts")
        } else {
            return None;
        };
        Some(Self {
            repository: Server::parse(&address).ok()?,
            http: OnceLock::new(),
        })
    }

    /// Its address, for `helm repo add`.
    pub fn url(&self) -> &str {
        self.repository.as_str()
    }

    /// What it is called in Helm's configuration.
    pub fn name(&self) -> &'static str {
        if self.repository.is_loopback() {
            SANDBOX_NAME
        } else {
            NAME
        }
    }

    /// The versions of `name` that it holds, in its order; none for an extension that it does not know.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn versions(&self, name: &str) -> Result<Vec<ChartVersion>, Error> {
        let attempt = self.attempt(format!("look up `{name}`"), format!("查询 `{name}`"));
        let url = format!("{}/index.yaml", self.repository);
        let url = Url::parse(&url).map_err(|_| attempt.impossible_name(name))?;
        let index = self.get(&attempt, url).await?;
        let wanted = name.to_owned();
        let versions = tokio::task::spawn_blocking(move || versions(&index, &wanted)).await;
        versions.ok().flatten().ok_or_else(|| {
            attempt.nonsense(Message::new(
                "its index.yaml is not that of a Helm repository",
                "其 index.yaml 不是 Helm 仓库的索引",
            ))
        })
    }

    /// The archive of a version.
    ///
    /// # Errors
    /// [`Error`]; also if the index leads to where nothing may be fetched from: unencrypted on another
    /// machine than the repository's.
    pub async fn archive(&self, version: &ChartVersion) -> Result<Vec<u8>, Error> {
        let ChartVersion { name, version, url } = version;
        let attempt = self.attempt(
            format!("download `{name}` {version}"),
            format!("下载 `{name}` {version}"),
        );
        let base = Url::parse(&format!("{}/", self.repository));
        let base = base.map_err(|_| attempt.impossible_name(name))?;
        let found = base.join(url).ok().filter(|url| is_allowed(&base, url));
        let Some(url) = found else {
            let url = attempt.quote(url);
            return Err(attempt.nonsense(Message::new(
                format!("its index.yaml leads to `{url}`"),
                format!("其 index.yaml 指向 `{url}`"),
            )));
        };
        self.get(&attempt, url).await
    }

    fn attempt(&self, en: String, zh: String) -> Attempt<'_> {
        Attempt::without_a_key(Message::new(en, zh), &self.repository)
    }

    async fn get(&self, attempt: &Attempt<'_>, url: Url) -> Result<Vec<u8>, Error> {
        let download = async {
            let response = self.http(attempt)?.get(url).send().await;
            let response = response.map_err(|error| attempt.not_sent(&error).error)?;
            let answer = read(attempt, response).await?;
            match answer.status {
                StatusCode::OK => Ok(answer.body),
                _ => Err(attempt.refused(&answer)),
            }
        };
        tokio::time::timeout(PATIENCE, download)
            .await
            .unwrap_or_else(|_| Err(attempt.too_slow(PATIENCE)))
    }

    fn http(&self, attempt: &Attempt<'_>) -> Result<&reqwest::Client, Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let redirects = Policy::custom(|next| {
            let before = next.previous();
            let allowed = before
                .last()
                .is_some_and(|from| is_allowed(from, next.url()));
            if before.len() > MAX_REDIRECTS || !allowed {
                return next.stop();
            }
            next.follow()
        });
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("ksext/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Timeouts::default().connect)
            .redirect(redirects);
        if self.repository.is_loopback() {
            builder = builder.no_proxy();
        }
        let built = tls::trust(builder, &self.repository)
            .map_err(|why| attempt.untrusted(why))?
            .build()
            .map_err(|error| attempt.not_sent(&error).error)?;
        Ok(self.http.get_or_init(|| built))
    }
}

/// Whether what is at `from` may lead to `to`: to anywhere encrypted, and within one server.
fn is_allowed(from: &Url, to: &Url) -> bool {
    to.scheme() == "https" || to.origin() == from.origin()
}

async fn read(attempt: &Attempt<'_>, mut response: Response) -> Result<Answer, Error> {
    let status = response.status();
    let mut body = Vec::new();
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| attempt.broken_off(status, &error).error)?
    {
        if body.len() + piece.len() > MAX_BODY {
            return Err(attempt
                .fail(
                    ErrorKind::TooLarge,
                    Message::new(
                        format!("it is longer than {MAX_BODY} bytes"),
                        format!("内容超过 {MAX_BODY} 字节"),
                    ),
                )
                .with_status(status.as_u16()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer {
        status,
        reason: status.canonical_reason().unwrap_or_default().to_owned(),
        retry_after: None,
        request_id: None,
        body,
        sent: 0,
    })
}

#[derive(Deserialize)]
struct Index {
    entries: Option<Mapping>,
}

/// The versions of `name` in an index (Helm pkg/repo/index.go); `None` if it is none. What has no version or no address is left out.
fn versions(index: &[u8], name: &str) -> Option<Vec<ChartVersion>> {
    let index: Index = serde_yaml::from_slice(index).ok()?;
    let entries = index.entries?;
    let of_name = entries.get(name).and_then(Value::as_sequence);
    let versions = of_name.into_iter().flatten().filter_map(|entry| {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(ChartVersion {
            name: name.to_owned(),
            version: text(entry.get("version")?)?,
            url: text(entry.get("urls")?.get(0)?)?,
        })
    });
    Some(versions.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_known_for_the_public_cloud_and_a_sandbox() {
        for (server, url) in [
            ("https://apis.kubesphere.cloud/", Some(BETA)),
            ("http://127.0.0.1:1", Some("http://127.0.0.1:1/charts")),
            ("https://cloud.example", None),
        ] {
            let charts = Charts::of(&Server::parse(server).unwrap());
            assert_eq!(charts.as_ref().map(Charts::url), url, "{server}");
        }
    }

    #[test]
    fn an_index_names_versions_and_where_they_are() {
        let index = "apiVersion: v1\nentries:\n  观测:\n  - {version: 1.0.0, urls: [a.tgz, b.tgz]}\n  \
                     - {version: \"1.1\", urls: [\"https://x/y.tgz\"]}\n  - {version: 2, urls: [c]}\n  \
                     - {version: 3.0.0, urls: []}\n  - null\n  other: null\n";
        let found = |name| {
            versions(index.as_bytes(), name).map(|all| {
                all.into_iter()
                    .map(|it| (it.version, it.url))
                    .collect::<Vec<_>>()
            })
        };
        let expected = [("1.0.0", "a.tgz"), ("1.1", "https://x/y.tgz")];
        let expected = expected.map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(found("观测"), Some(expected.to_vec()));
        assert_eq!(
            (found("other"), found("none")),
            (Some(vec![]), Some(vec![]))
        );
        for none in ["", "<html>", "[]", "entries: 3", "a: [", "apiVersion: v1"] {
            assert_eq!(versions(none.as_bytes(), "a"), None, "{none}");
        }
    }

    #[test]
    fn nothing_leads_to_another_machine_unencrypted() {
        let from = Url::parse("http://127.0.0.1:1/charts/").unwrap();
        for (to, allowed) in [
            ("a-1.tgz", true),
            ("http://127.0.0.1:1/x", true),
            ("http://127.0.0.1:2/x", false),
            ("https://files.example/x", true),
            ("http://169.254.169.254/x", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_allowed(&from, &from.join(to).unwrap()), allowed, "{to}");
        }
    }
}
