//! The calls of KubeSphere Cloud, held strictly to the requests that ksbuilder sends (`pkg/cloud/cloud.go`): method, key, media type,
//! part names and their order. What the calls do is in `cloud`. Every status but 200 and the real cloud's 403 is *assumed*.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header, request};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::cloud::{self, Extension, Snapshot};
use crate::form::{self, Part};
use crate::refusal::Refusal;
use crate::review;

/// No request body is read beyond this, in bytes: far above every limit that has its own refusal.
const MAX_BODY: usize = 64 * 1024 * 1024;

type Shared = State<Arc<App>>;
type Answer = Result<Json<Value>, Refusal>;

pub(crate) fn routes() -> Router<Arc<App>> {
    const USER: &str = "/apis/extension/v1/users/{user}";
    const EXTENSION: &str = "/apis/extension/v1/extensions";
    let of_user = |path: &str| format!("{USER}{path}");
    let of_extension = |path: &str| format!("{EXTENSION}{path}");
    Router::new()
        .route("/apis/user/v1/user", get(user))
        .route(&of_user("/files/usage"), get(usage))
        .route(&of_user("/files"), post(upload_files))
        .route(&of_user("/extensions/{name}/package"), post(upload_package))
        .route(&of_user("/snapshots/{id}/action:submit"), post(submit))
        .route(
            &of_user("/snapshots/{id}/action:cancel-submit"),
            post(cancel_submit),
        )
        .route(&of_extension("/search"), post(search))
        .route(&of_extension("/{name}/summary"), get(summary))
        .route(&of_extension("/{name}/snapshots"), get(snapshots))
        .route(&of_extension("/{name}/versions/{version}"), get(locate))
        .route("/files/{*path}", get(file))
}

/// The user whose key a request carries.
struct Caller(String);

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut request::Parts,
        app: &Arc<App>,
    ) -> Result<Self, Refusal> {
        app.user(&parts.headers).map(Caller)
    }
}

impl Caller {
    /// A user acts for oneself only.
    fn must_be(&self, user: &str) -> Result<(), Refusal> {
        if self.0 == user {
            Ok(())
        } else {
            Err(Refusal::forbidden())
        }
    }
}

async fn user(Caller(id): Caller) -> Json<Value> {
    Json(json!({"user_id": id, "name": "Sandbox user"}))
}

async fn usage(caller: Caller, Path(user): Path<String>) -> Answer {
    caller.must_be(&user)?;
    Ok(Json(json!({"dir": format!("/{user}")})))
}

async fn upload_files(
    State(app): Shared,
    caller: Caller,
    Path(user): Path<String>,
    request: Request,
) -> Answer {
    caller.must_be(&user)?;
    let parts = parts(request).await?;
    let files = pairs(&user, parts)?;
    let urls: Vec<Value> = files
        .iter()
        .map(|(path, _)| json!({"url": format!("{}/files{}", app.base, encoded(path))}))
        .collect();
    app.change(|cloud| {
        for (path, bytes) in files {
            cloud.put_file(path, bytes);
        }
        Ok(Json(json!({"files": urls})))
    })
}

/// The path and the content of each file, from parts `file1`, `file1_path`, `file2`, … in exactly this order.
fn pairs(user: &str, parts: Vec<Part>) -> Result<Vec<(String, Bytes)>, Refusal> {
    if parts.is_empty() || !parts.len().is_multiple_of(2) {
        return Err(Refusal::bad(
            "a file part and its path part belong together",
        ));
    }
    let mut files = Vec::new();
    for (index, pair) in parts.chunks_exact(2).enumerate() {
        let [file, path] = pair else { continue };
        let name = format!("file{}", index + 1);
        let Some(file_name) = file.file_name.as_ref().filter(|_| file.name == name) else {
            return Err(Refusal::bad(format!(
                "expected the file part `{name}`, found part `{}`",
                file.name
            )));
        };
        if path.name != format!("{name}_path") || path.file_name.is_some() {
            return Err(Refusal::bad(format!(
                "expected the text part `{name}_path`, found part `{}`",
                path.name
            )));
        }
        let text =
            std::str::from_utf8(&path.bytes).map_err(|_| Refusal::bad("a path is not UTF-8"))?;
        let steps: Vec<&str> = text.split('/').collect();
        let plain = steps[1..]
            .iter()
            .all(|step| !matches!(*step, "" | "." | ".."));
        match steps[..] {
            ["", dir, _, _, last] if plain && dir == user && last == file_name => {}
            _ => {
                return Err(Refusal::bad(format!(
                    "path `{text}` is not /{user}/NAME/VERSION/{file_name}"
                )));
            }
        }
        files.push((text.to_owned(), file.bytes.clone()));
    }
    Ok(files)
}

#[derive(Deserialize)]
struct PushQuery {
    #[serde(default)]
    force: bool,
    #[serde(default)]
    create_extension: bool,
}

async fn upload_package(
    State(app): Shared,
    caller: Caller,
    Path((user, name)): Path<(String, String)>,
    Query(query): Query<PushQuery>,
    request: Request,
) -> Answer {
    caller.must_be(&user)?;
    let [part] = <[Part; 1]>::try_from(parts(request).await?)
        .map_err(|parts| Refusal::bad(format!("expected one part, found {}", parts.len())))?;
    let Some(file_name) = part.file_name.filter(|_| part.name == "extension_package") else {
        return Err(Refusal::bad(format!(
            "expected the file part `extension_package`, found part `{}`",
            part.name
        )));
    };
    let version = file_name
        .strip_prefix(&format!("{name}-"))
        .and_then(|rest| rest.strip_suffix(".tgz"))
        .filter(|version| !version.is_empty() && !version.contains('/'))
        .ok_or_else(|| {
            Refusal::bad(format!("file name `{file_name}` is not {name}-VERSION.tgz"))
        })?;
    if !part.bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(Refusal::bad("the package is not gzip"));
    }
    let id = app.change(|cloud| {
        cloud.push(cloud::Push {
            user: &user,
            name: &name,
            version,
            package: part.bytes,
            force: query.force,
            create: query.create_extension,
        })
    })?;
    let cloud = app.cloud();
    Ok(Json(
        json!({"snapshot": snapshot_json(cloud.snapshot(&id)?)}),
    ))
}

async fn submit(
    State(app): Shared,
    caller: Caller,
    Path((user, id)): Path<(String, String)>,
    request: Request,
) -> Answer {
    caller.must_be(&user)?;
    read_message(request).await?;
    let answer = app.change(|cloud| {
        cloud.submit(&user, &id)?;
        if app.review_delay.is_zero() {
            review::automatic(app.review, cloud, &id)?;
        }
        Ok(Json(snapshot_json(cloud.snapshot(&id)?)))
    })?;
    review::later(&app, &id);
    Ok(answer)
}

async fn cancel_submit(
    State(app): Shared,
    caller: Caller,
    Path((user, id)): Path<(String, String)>,
    request: Request,
) -> Answer {
    caller.must_be(&user)?;
    read_message(request).await?;
    app.change(|cloud| {
        cloud.cancel_submit(&user, &id)?;
        Ok(Json(snapshot_json(cloud.snapshot(&id)?)))
    })
}

#[derive(Deserialize)]
struct Note {
    message: String,
}

/// Both acts on a snapshot come with a message, of which the sandbox has no use.
async fn read_message(request: Request) -> Result<(), Refusal> {
    let note: Note = read_json(request).await?;
    if note.message.is_empty() {
        Err(Refusal::bad("the message is empty"))
    } else {
        Ok(())
    }
}

#[derive(Deserialize)]
struct SearchQuery {
    developer_ids: Vec<String>,
    statuses: Vec<String>,
    #[serde(default)]
    paginator: Paginator,
}

#[derive(Deserialize)]
struct Paginator {
    page: usize,
}

impl Default for Paginator {
    fn default() -> Self {
        Self { page: 1 }
    }
}

async fn search(State(app): Shared, _: Caller, request: Request) -> Answer {
    let query: SearchQuery = read_json(request).await?;
    let query = cloud::Query {
        owners: query.developer_ids,
        statuses: query.statuses,
        page: query.paginator.page,
    };
    let cloud = app.cloud();
    let found = cloud.search(&query);
    let rows: Vec<Value> = found
        .rows
        .iter()
        .map(|extension| extension_json(extension))
        .collect();
    Ok(Json(json!({
        "extensions": rows,
        "paginator": {
            "page": found.page,
            "per_page": found.per_page,
            "total_count": found.total,
            "total_pages": found.total.div_ceil(found.per_page),
            "order_by": "name",
            "desc": false,
        },
    })))
}

async fn summary(State(app): Shared, _: Caller, Path(name): Path<String>) -> Answer {
    Ok(Json(extension_json(app.cloud().extension(&name)?)))
}

async fn snapshots(State(app): Shared, _: Caller, Path(name): Path<String>) -> Answer {
    let cloud = app.cloud();
    Ok(Json(
        cloud
            .snapshots_of(&name)?
            .into_iter()
            .map(snapshot_json)
            .collect(),
    ))
}

async fn locate(
    State(app): Shared,
    _: Caller,
    Path((name, version)): Path<(String, String)>,
) -> Answer {
    Ok(Json(snapshot_json(app.cloud().locate(&name, &version)?)))
}

/// An uploaded file. Pictures are public, as on the real cloud, so no key is asked.
async fn file(State(app): Shared, Path(path): Path<String>) -> Result<Response, Refusal> {
    let path = format!("/{path}");
    let bytes = app
        .cloud()
        .file(&path)
        .ok_or_else(|| Refusal::not_found(format!("file {path} not found")))?;
    let media_type = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    };
    // Somebody's picture must not run scripts beside the reviewer's page.
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
        ),
    ];
    Ok((headers, bytes).into_response())
}

pub(crate) async fn unknown_path(uri: Uri) -> Refusal {
    Refusal::not_found(format!("no such path: {}", uri.path()))
}

pub(crate) async fn wrong_method(method: Method, uri: Uri) -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("{method} is not for {}", uri.path()),
    )
}

/// A body, read to its end.
pub(crate) async fn whole(body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, MAX_BODY).await.map_err(|_| {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the request is cut or exceeds {MAX_BODY} bytes"),
        )
    })
}

async fn parts(request: Request) -> Result<Vec<Part>, Refusal> {
    let content_type = content_type(request.headers());
    let body = sized(request).await?;
    form::parse(&content_type, &body).map_err(Refusal::bad)
}

async fn read_json<T: serde::de::DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let content_type = content_type(request.headers());
    let body = sized(request).await?;
    if content_type != "application/json" {
        return Err(Refusal::bad(format!(
            "Content-Type is `{content_type}`, not `application/json`"
        )));
    }
    serde_json::from_slice(&body).map_err(|error| Refusal::bad(format!("unexpected JSON: {error}")))
}

/// The body of a request that says how long it is: ksbuilder's are never chunked.
async fn sized(request: Request) -> Result<Bytes, Refusal> {
    if !request.headers().contains_key(header::CONTENT_LENGTH) {
        return Err(Refusal::new(
            StatusCode::LENGTH_REQUIRED,
            "no Content-Length",
        ));
    }
    whole(request.into_body()).await
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(header::CONTENT_TYPE)
        .map(|value| value.as_bytes());
    String::from_utf8_lossy(value.unwrap_or_default()).into_owned()
}

fn extension_json(extension: &Extension) -> Value {
    let latest = extension
        .latest_version
        .as_ref()
        .map(|version| json!({"version": version}));
    json!({
        "extension_id": extension.id,
        "name": extension.name,
        "status": extension.status(),
        "latest_version": latest,
    })
}

/// `reason` is *assumed*; the rest is what ksbuilder reads.
pub(crate) fn snapshot_json(snapshot: &Snapshot) -> Value {
    json!({
        "snapshot_id": snapshot.id,
        "metadata": {"name": snapshot.extension, "version": snapshot.version},
        "status": snapshot.status.as_str(),
        "updated_at": snapshot.updated_at,
        "reason": snapshot.reason,
    })
}

/// A path with each of its steps percent-encoded.
pub(crate) fn encoded(path: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let literal = const {
        &NON_ALPHANUMERIC
            .remove(b'/')
            .remove(b'-')
            .remove(b'.')
            .remove(b'_')
            .remove(b'~')
    };
    utf8_percent_encode(path, literal).to_string()
}
