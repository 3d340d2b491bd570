//! The calls to KubeSphere Cloud that ksbuilder makes (`pkg/cloud/cloud.go`), and how far their answers are believed.
//! Sending and waiting are left to `exchange`, the shape of the JSON to `wire`.

use std::collections::HashSet;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesOrdered;
use jiff::Zoned;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::exchange::{Answer, Exchange, Request, Timeouts};
use crate::failure::{Attempt, OnWait, Subject, is_html};
use crate::multipart::Form;
use crate::path::{remote, segment};
use crate::retry::Twice;
use crate::{
    Error, ErrorKind, Extension, Message, Server, Snapshot, SnapshotId, Token, UploadFile, User,
    Wait, wire,
};

/// So many pages of a search are read at most; a server that claims more is not believed.
const MAX_PAGES: u64 = 100;

/// So many pages of a search are asked for at a time, as many as browsers open connections to a server.
const PAGES_AT_ONCE: usize = 6;

/// KubeSphere Cloud at one server, spoken to with one key.
///
/// Making one costs nothing: connections and certificates wait for the first call. Every call may be
/// cancelled by dropping its future. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    exchange: Arc<Exchange>,
    on_wait: Option<Arc<OnWait>>,
}

impl Client {
    /// A client with the usual time-outs.
    pub fn new(server: Server, token: Token) -> Self {
        Self::with_timeouts(server, token, Timeouts::default())
    }

    /// A client that waits as long as `timeouts` say.
    pub fn with_timeouts(server: Server, token: Token, timeouts: Timeouts) -> Self {
        Self {
            exchange: Arc::new(Exchange::new(server, token, timeouts)),
            on_wait: None,
        }
    }

    /// Tells `on_wait` of every pause before a request is sent again, at its beginning. It must return
    /// at once.
    #[must_use]
    pub fn on_wait(mut self, on_wait: impl Fn(&Wait) + Send + Sync + 'static) -> Self {
        self.on_wait = Some(Arc::new(on_wait));
        self
    }

    /// The server this client speaks to.
    pub fn server(&self) -> &Server {
        &self.exchange.server
    }

    /// Whose key it is. The way to find out whether a key is valid.
    ///
    /// # Errors
    /// [`Error`], for a wrong key of kind `auth` or `forbidden`.
    pub async fn user(&self) -> Result<User, Error> {
        let attempt = self.attempt(Subject::Key, "check the key", "验证密钥");
        let user: wire::User = self.get(&attempt, "/apis/user/v1/user".to_owned()).await?;
        if user.user_id.is_empty() {
            return Err(attempt.nonsense(Message::new(
                "the answer names no user",
                "服务器的回答中没有用户",
            )));
        }
        Ok(User {
            id: user.user_id,
            name: wire::non_empty(user.name),
        })
    }

    /// Uploads the icon or the screenshots of one version and answers with one URL per file, in order.
    /// Without files nothing is sent.
    ///
    /// # Errors
    /// [`Error`]; also if the server does not answer with exactly one usable URL per file.
    pub async fn upload_files(
        &self,
        user: &User,
        name: &str,
        version: &str,
        files: Vec<UploadFile>,
    ) -> Result<Vec<String>, Error> {
        let expected = files.len();
        let Some(first) = files.first() else {
            return Ok(Vec::new());
        };
        let attempt = match &files[..] {
            [_] => self.attempt(
                Subject::Files,
                format!("upload `{}`", first.base_name),
                format!("上传 `{}`", first.base_name),
            ),
            _ => self.attempt(
                Subject::Files,
                format!("upload {expected} files"),
                format!("上传 {expected} 个文件"),
            ),
        };
        let base = format!(
            "/apis/extension/v1/users/{}/files",
            self.segment(&attempt, &user.id)?
        );
        let usage: wire::Usage = self.get(&attempt, format!("{base}/usage")).await?;
        let mut form = Form::new();
        for (index, file) in files.into_iter().enumerate() {
            let part = format!("file{}", index + 1);
            for step in [name, version, &file.base_name] {
                self.step(&attempt, step)?;
            }
            let path = remote(&usage.dir, name, version, &file.base_name);
            form.file(&part, &file.base_name, file.bytes);
            form.text(&format!("{part}_path"), path);
        }
        let request = Request::form(base, form, Twice::Harmless);
        let answer = self.exchange.call(&attempt, &request).await?;
        let uploaded: wire::Uploaded = read(&attempt, &answer)?;
        urls(&attempt, uploaded, expected)
    }

    /// Uploads a packed extension as a draft, creating the extension and replacing an earlier snapshot
    /// of that version as ksbuilder does. Answers with the snapshot to submit.
    ///
    /// # Errors
    /// [`Error`]; of kind `too-large` where the server says so.
    pub async fn upload_package(
        &self,
        user: &User,
        name: &str,
        version: &str,
        bytes: Vec<u8>,
    ) -> Result<SnapshotId, Error> {
        let attempt = self.attempt(
            Subject::Package,
            format!("upload package `{name}` {version}"),
            format!("上传扩展组件包 `{name}` {version}"),
        );
        let path = format!(
            "/apis/extension/v1/users/{}/extensions/{}/package?force=true&create_extension=true",
            self.segment(&attempt, &user.id)?,
            self.segment(&attempt, name)?,
        );
        self.step(&attempt, version)?;
        let mut form = Form::new();
        form.file("extension_package", &format!("{name}-{version}.tgz"), bytes);
        let request = Request::form(path, form, Twice::Harmful);
        let answer = self.exchange.call(&attempt, &request).await?;
        let pushed: wire::Pushed = read(&attempt, &answer)?;
        if pushed.snapshot.snapshot_id.is_empty() {
            return Err(attempt.nonsense(no_snapshot()));
        }
        Ok(SnapshotId::new(pushed.snapshot.snapshot_id))
    }

    /// Hands a snapshot to the reviewers.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn submit(&self, user: &User, snapshot: &SnapshotId) -> Result<(), Error> {
        let attempt = self.attempt(
            Subject::Review,
            format!("submit snapshot {snapshot} for review"),
            format!("将快照 {snapshot} 提交审核"),
        );
        let message = format!("{} submit for review", rfc3339(&Zoned::now()));
        self.act(&attempt, user, snapshot, "submit", &message).await
    }

    /// Takes a submitted snapshot back; it becomes a draft again.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn cancel_submit(&self, user: &User, snapshot: &SnapshotId) -> Result<(), Error> {
        let attempt = self.attempt(
            Subject::Review,
            format!("withdraw snapshot {snapshot} from review"),
            format!("撤回快照 {snapshot} 的审核"),
        );
        self.act(&attempt, user, snapshot, "cancel-submit", "cancel submit")
            .await
    }

    /// All extensions of a user, of whatever status.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn search(&self, user: &User) -> Result<Vec<Extension>, Error> {
        let mut extensions = Vec::new();
        let mut pages = self.search_pages(user);
        while let Some(page) = pages.next().await? {
            extensions.extend(page);
        }
        Ok(extensions)
    }

    /// The same as [`Client::search`], page by page. Nothing is asked before the first
    /// [`Pages::next`].
    pub fn search_pages(&self, user: &User) -> Pages {
        Pages {
            client: self.clone(),
            user: user.id.clone(),
            next: 1,
            last: 1,
            coming: FuturesOrdered::new(),
            seen: HashSet::new(),
        }
    }

    /// One page of a search, counting from 1. That the server takes `paginator` and how it counts is read
    /// from another client (zhou1203/kubesphere, `pkg/models/marketplace/client.go`); ksbuilder sends none.
    async fn page(&self, user: &str, page: u64) -> Result<wire::Found, Error> {
        let attempt = self.attempt(Subject::Lookup, "list your extensions", "列出您的扩展组件");
        let mut query = json!({"developer_ids": [user], "statuses": ["*"]});
        if page > 1 {
            query["paginator"] = json!({"page": page});
        }
        let path = "/apis/extension/v1/extensions/search".to_owned();
        let request = Request::json(path, &query, Twice::Harmless);
        let answer = self.exchange.call(&attempt, &request).await?;
        let found: wire::Found = read(&attempt, &answer)?;
        let pages = found.paginator.total_pages;
        if pages > MAX_PAGES {
            return Err(attempt.nonsense(Message::new(
                format!("the server speaks of {pages} pages"),
                format!("服务器声称有 {pages} 页"),
            )));
        }
        Ok(found)
    }

    /// One extension by name.
    ///
    /// # Errors
    /// [`Error`], of kind `not-found` for a name that was never pushed.
    pub async fn summary(&self, name: &str) -> Result<Extension, Error> {
        let attempt = self.attempt(
            Subject::Lookup,
            format!("look up `{name}`"),
            format!("查询 `{name}`"),
        );
        let path = format!(
            "/apis/extension/v1/extensions/{}/summary",
            self.segment(&attempt, name)?
        );
        let found: wire::Extension = self.get(&attempt, path).await?;
        if found.extension_id.is_empty() && found.name.is_empty() {
            return Err(not_there(&attempt));
        }
        Ok(found.into())
    }

    /// The snapshots of an extension, in the server's order.
    ///
    /// # Errors
    /// [`Error`], of kind `not-found` for a name that was never pushed.
    pub async fn snapshots(&self, name: &str) -> Result<Vec<Snapshot>, Error> {
        let attempt = self.attempt(
            Subject::Lookup,
            format!("look up the snapshots of `{name}`"),
            format!("查询 `{name}` 的快照"),
        );
        let path = format!(
            "/apis/extension/v1/extensions/{}/snapshots",
            self.segment(&attempt, name)?
        );
        let answer = self.exchange.call(&attempt, &Request::get(path)).await?;
        let found = read_by(&attempt, &answer, wire::read_list::<wire::Snapshot>)?;
        Ok(found.into_iter().map(Snapshot::from).collect())
    }

    /// The snapshot of one version of an extension.
    ///
    /// # Errors
    /// [`Error`], of kind `not-found` for a version that was never pushed.
    pub async fn locate(&self, name: &str, version: &str) -> Result<Snapshot, Error> {
        let attempt = self.attempt(
            Subject::Lookup,
            format!("look up `{name}` {version}"),
            format!("查询 `{name}` {version}"),
        );
        let path = format!(
            "/apis/extension/v1/extensions/{}/versions/{}",
            self.segment(&attempt, name)?,
            self.segment(&attempt, version)?,
        );
        let answer = self.exchange.call(&attempt, &Request::get(path)).await?;
        let found: wire::Snapshot = read(&attempt, &answer)?;
        if answer.body.trim_ascii() == b"null" {
            Err(not_there(&attempt))
        } else if found.snapshot_id.is_empty() {
            Err(attempt.nonsense(no_snapshot()))
        } else {
            Ok(found.into())
        }
    }

    async fn act(
        &self,
        attempt: &Attempt<'_>,
        user: &User,
        snapshot: &SnapshotId,
        action: &str,
        message: &str,
    ) -> Result<(), Error> {
        let path = format!(
            "/apis/extension/v1/users/{}/snapshots/{}/action:{action}",
            self.segment(attempt, &user.id)?,
            self.segment(attempt, snapshot.as_str())?,
        );
        let request = Request::json(path, &json!({"message": message}), Twice::Harmful);
        let answer = self.exchange.call(attempt, &request).await?;
        // ksbuilder takes 200 alone, with any body; what the real cloud's body holds is not known, so
        // nothing is read from it. "Created" and "no content" say "done" as well; 202 does not: it may
        // still be refused. A web page is the word of something in between.
        match answer.status.as_u16() {
            200 | 201 if is_html(&answer.body) => Err(attempt.web_page(&answer)),
            200 | 201 | 204 => Ok(()),
            _ => Err(attempt.refused(&answer)),
        }
    }

    async fn get<T: DeserializeOwned + Default>(
        &self,
        attempt: &Attempt<'_>,
        path: String,
    ) -> Result<T, Error> {
        let answer = self.exchange.call(attempt, &Request::get(path)).await?;
        read(attempt, &answer)
    }

    fn attempt(
        &self,
        subject: Subject,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Attempt<'_> {
        Attempt::new(
            Message::new(en, zh),
            subject,
            &self.exchange.server,
            &self.exchange.token,
            self.on_wait.as_deref(),
        )
    }

    /// Checks what becomes one step of a file's path, or part of a file's name, in the cloud.
    fn step(&self, attempt: &Attempt<'_>, name: &str) -> Result<(), Error> {
        match segment(name) {
            Some(_) if !name.contains(['/', '\\']) => Ok(()),
            _ => Err(attempt.impossible_name(name)),
        }
    }

    fn segment(&self, attempt: &Attempt<'_>, name: &str) -> Result<String, Error> {
        segment(name).ok_or_else(|| attempt.impossible_name(name))
    }
}

type ComingPage = Pin<Box<dyn Future<Output = Result<wire::Found, Error>> + Send>>;

/// A list that comes in pages: the first alone, since it tells how many there are, then several at a time.
pub struct Pages {
    client: Client,
    user: String,
    /// The first page not asked for yet.
    next: u64,
    /// The last page there is, as far as is known.
    last: u64,
    coming: FuturesOrdered<ComingPage>,
    /// A list that changes while it is read moves rows to the next page, and a server that knows no
    /// pages gives the same one every time.
    seen: HashSet<String>,
}

impl Pages {
    /// The next page, in order; `None` behind the last one. An extension that came before does not come
    /// again. Dropping the future loses no page.
    ///
    /// # Errors
    /// [`Error`]; then there are no more pages.
    pub async fn next(&mut self) -> Result<Option<Vec<Extension>>, Error> {
        while self.next <= self.last && self.coming.len() < PAGES_AT_ONCE {
            let (client, user, page) = (self.client.clone(), self.user.clone(), self.next);
            let coming = async move { client.page(&user, page).await };
            self.coming.push_back(Box::pin(coming));
            self.next += 1;
        }
        let Some(found) = self.coming.next().await else {
            return Ok(None);
        };
        let first = self.next == 2 && self.last == 1;
        let found = found.inspect_err(|_| self.end())?;
        if first {
            self.last = found.paginator.total_pages.max(1);
        }
        let rows = found.extensions.into_iter().flatten().map(Extension::from);
        let rows: Vec<_> = rows
            .filter(|row| row.id.is_empty() || self.seen.insert(row.id.clone()))
            .collect();
        if rows.is_empty() {
            // Whatever the server says, there is no more.
            self.end();
            return Ok(None);
        }
        Ok(Some(rows))
    }

    fn end(&mut self) {
        self.coming.clear();
        self.next = self.last + 1;
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("next", &self.next)
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("server", self.server())
            .finish_non_exhaustive()
    }
}

/// The object in a successful answer.
fn read<T: DeserializeOwned + Default>(attempt: &Attempt<'_>, answer: &Answer) -> Result<T, Error> {
    read_by(attempt, answer, wire::read)
}

/// What `reader` makes of a successful answer. Only 200 promises a body that answers the question: ksbuilder
/// and the cloud know no other success, and a 2xx from something in between is no answer of the cloud.
fn read_by<T>(
    attempt: &Attempt<'_>,
    answer: &Answer,
    reader: fn(&[u8]) -> serde_json::Result<T>,
) -> Result<T, Error> {
    if answer.status != StatusCode::OK {
        return Err(attempt.refused(answer));
    }
    reader(&answer.body).map_err(|error| attempt.unreadable(answer, &error))
}

/// These URLs are going to stand in the published manifest, so each is looked at.
fn urls(
    attempt: &Attempt<'_>,
    uploaded: wire::Uploaded,
    expected: usize,
) -> Result<Vec<String>, Error> {
    let urls: Vec<String> = uploaded
        .files
        .into_iter()
        .map(|file| file.unwrap_or_default().url)
        .collect();
    if urls.len() != expected {
        let found = urls.len();
        return Err(attempt.nonsense(Message::new(
            format!("the server gave {found} URLs for {expected} files"),
            format!("服务器为 {expected} 个文件返回了 {found} 个 URL"),
        )));
    }
    match urls.iter().find(|url| !is_web_address(url)) {
        None => Ok(urls),
        Some(url) => {
            let url = attempt.quote(url);
            Err(attempt.nonsense(Message::new(
                format!("the server gave `{url}` as the URL of a file"),
                format!("服务器返回的文件 URL 是 `{url}`"),
            )))
        }
    }
}

/// Whether `url` may stand in a published manifest as the address of a file.
pub fn is_web_address(url: &str) -> bool {
    let plain = !url.chars().any(|c| c.is_control() || c.is_whitespace());
    plain && reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn no_snapshot() -> Message {
    Message::new("the answer names no snapshot", "服务器的回答中没有快照")
}

fn not_there(attempt: &Attempt<'_>) -> Error {
    attempt.fail(
        ErrorKind::NotFound,
        Message::new("the server knows nothing of it", "服务器没有它的记录"),
    )
}

/// Local time to the second, `Z` in UTC, as Go's `time.RFC3339` writes it.
fn rfc3339(time: &Zoned) -> String {
    let format = if time.offset().is_zero() {
        "%Y-%m-%dT%H:%M:%SZ"
    } else {
        "%Y-%m-%dT%H:%M:%S%:z"
    };
    time.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_submit_time_as_go_does() {
        let at = |hours: i8| {
            let time: jiff::Timestamp = "2026-11-21T10:48:09.9Z".parse().unwrap();
            rfc3339(&time.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(hours))))
        };
        assert_eq!(at(0), "2026-11-21T10:48:09Z");
        assert_eq!(at(8), "2026-11-21T18:48:09+08:00");
        assert_eq!(at(-3), "2026-11-21T07:48:09-03:00");
    }

    #[test]
    fn takes_web_addresses_only() {
        for (url, expected) in [
            (
                "https://ks-extension.pek3b.qingstor.com/users/1/demo/1.0.0/标志.svg",
                true,
            ),
            ("http://127.0.0.1:1/files/a", true),
            ("", false),
            ("logo.svg", false),
            ("javascript:alert(1)", false),
            ("data:image/png;base64,", false),
            ("https://x/a\nb: c", false),
        ] {
            assert_eq!(is_web_address(url), expected, "{url}");
        }
    }
}
