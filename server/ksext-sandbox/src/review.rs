//! The reviewer: the two acts, a page to do them by hand, and the reviewer that decides by itself.
//!
//! The page is three files, sent as they are; what it shows it fetches as JSON, so what strangers wrote never becomes part of
//! its HTML.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Review;
use crate::api::{snapshot_json, whole};
use crate::app::App;
use crate::cloud::{Cloud, MAX_PACKAGE, Snapshot, Status};
use crate::package::Contents;
use crate::refusal::Refusal;

/// How long a question for news waits for some.
const PATIENCE: Duration = Duration::from_secs(25);

/// Nothing runs but the page's own script, nothing is loaded but pictures, and nobody puts it into a frame to have buttons clicked.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<Arc<App>> {
    let file = |media_type: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, media_type)], text) })
    };
    Router::new()
        .route("/", get(async || Redirect::to("/review")))
        .route("/review", get(page))
        .route(
            "/review/page.css",
            file("text/css; charset=utf-8", include_str!("review/page.css")),
        )
        .route(
            "/review/page.js",
            file(
                "text/javascript; charset=utf-8",
                include_str!("review/page.js"),
            ),
        )
        .route("/review/snapshots", get(list))
        .route("/review/snapshots/{id}", get(details))
        .route("/review/{id}/approve", post(approve))
        .route("/review/{id}/reject", post(reject))
}

type Decision = fn(&mut Cloud, &str, Option<String>) -> Result<(), Refusal>;

async fn approve(
    app: State<Arc<App>>,
    id: Path<String>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    decide(app, id, request, Cloud::approve).await
}

async fn reject(
    app: State<Arc<App>>,
    id: Path<String>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    decide(app, id, request, Cloud::reject).await
}

/// The body, if there is one, is the reason, as plain text.
async fn decide(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    request: Request,
    decision: Decision,
) -> Result<Json<Value>, Refusal> {
    let body = whole(request.into_body()).await?;
    let reason = std::str::from_utf8(&body).map_err(|_| Refusal::bad("the reason is not UTF-8"))?;
    let reason = Some(reason.trim())
        .filter(|reason| !reason.is_empty())
        .map(str::to_owned);
    app.change(|cloud| {
        decision(cloud, &id, reason)?;
        Ok(Json(snapshot_json(cloud.snapshot(&id)?)))
    })
}

/// Decides as a reviewer does who needs no person.
pub(crate) fn automatic(review: Review, cloud: &mut Cloud, id: &str) -> Result<(), Refusal> {
    match review {
        Review::Manual => Ok(()),
        Review::Approve => cloud.approve(id, None),
        Review::Reject => cloud.reject(id, Some("the sandbox was told to reject".to_owned())),
    }
}

/// Lets such a reviewer decide on a submitted snapshot when the time has come, unless it is another submission by then.
pub(crate) fn later(app: &Arc<App>, id: &str) {
    let turn = |cloud: &Cloud| match cloud.snapshot(id) {
        Ok(snapshot) if snapshot.status == Status::Submitted => Some(snapshot.turn),
        _ => None,
    };
    let Some(submitted) = turn(&app.cloud()).filter(|_| app.review != Review::Manual) else {
        return;
    };
    let (app, id) = (Arc::clone(app), id.to_owned());
    tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(app.review_delay) => {}
            () = app.stopped() => return,
        }
        if let Err(refusal) = app.change(|cloud| at_last(app.review, cloud, &id, submitted)) {
            tracing::warn!(snapshot = id, "no decision: {}", refusal.message);
        }
    });
}

/// Decides on the submission that was a snapshot's `turn`, unless it has been withdrawn or decided on.
fn at_last(review: Review, cloud: &mut Cloud, id: &str, turn: u64) -> Result<(), Refusal> {
    match cloud.snapshot(id) {
        Ok(snapshot) if snapshot.turn == turn => automatic(review, cloud, id),
        _ => Ok(()),
    }
}

/// Takes up what an earlier sandbox left undecided.
pub(crate) fn resume(app: &Arc<App>) {
    let waiting: Vec<String> = app
        .cloud()
        .snapshots()
        .filter(|snapshot| snapshot.status == Status::Submitted)
        .map(|snapshot| snapshot.id.clone())
        .collect();
    for id in waiting {
        later(app, &id);
    }
}

#[derive(Deserialize)]
struct PageQuery {
    lang: Option<String>,
}

async fn page(Query(query): Query<PageQuery>, headers: HeaderMap) -> impl IntoResponse {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let lang = match query.lang.as_deref() {
        Some("zh") => "zh",
        Some("en") => "en",
        _ => preferred(accepted),
    };
    let text = include_str!("review/page.html").replace("{lang}", lang);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "accept-language"),
    ];
    (headers, text)
}

/// The one of the page's languages that an `Accept-Language` (RFC 9110, section 12.5.4) likes best.
fn preferred(accepted: &str) -> &'static str {
    let weight = |lang: &str| {
        let of_range = |range: &str| {
            let (range, weight) = range.split_once(";q=").unwrap_or((range, "1"));
            let primary = range.trim().split('-').next().unwrap_or_default();
            primary
                .eq_ignore_ascii_case(lang)
                .then(|| weight.trim().parse().unwrap_or(0.0))
        };
        accepted
            .split(',')
            .filter_map(of_range)
            .fold(0.0_f32, f32::max)
    };
    if weight("zh") > weight("en") {
        "zh"
    } else {
        "en"
    }
}

#[derive(Deserialize)]
struct ListQuery {
    /// The revision that the asker knows; the answer waits for another.
    after: Option<u64>,
}

async fn list(State(app): State<Arc<App>>, Query(query): Query<ListQuery>) -> Json<Value> {
    if let Some(known) = query.after {
        // In vain is an answer too: that of which the asker knows.
        let _ = tokio::time::timeout(PATIENCE, app.changed_since(known)).await;
    }
    let cloud = app.cloud();
    let snapshots: Vec<Value> = cloud
        .snapshots()
        .map(|snapshot| row(&cloud, snapshot))
        .collect();
    Json(json!({"revision": app.revision(), "server": app.base, "snapshots": snapshots}))
}

/// What the list shows of a snapshot.
fn row(cloud: &Cloud, snapshot: &Snapshot) -> Value {
    let manifest = snapshot.contents().map(|contents| &contents.manifest);
    json!({
        "id": snapshot.id,
        "name": snapshot.extension,
        "version": snapshot.version,
        "status": snapshot.status.as_str(),
        "updatedAt": snapshot.updated_at,
        "reason": snapshot.reason,
        "turn": snapshot.turn,
        "package": snapshot.package.number.to_string(),
        "displayName": manifest.map_or(&Value::Null, |manifest| &manifest["displayName"]),
        "icon": manifest.ok().and_then(|manifest| picture(cloud, &manifest["icon"])),
    })
}

async fn details(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let cloud = app.cloud();
    let snapshot = cloud.snapshot(&id)?;
    let mut answer = row(&cloud, snapshot);
    answer["size"] = json!(snapshot.package.bytes.len());
    answer["limit"] = json!(MAX_PACKAGE);
    answer["archive"] = json!(format!(
        "/charts/{}",
        crate::api::encoded(&snapshot.archive())
    ));
    answer["latestVersion"] = json!(cloud.extension(&snapshot.extension)?.latest_version);
    match snapshot.contents() {
        Ok(contents) => describe(&mut answer, &cloud, contents),
        Err(unreadable) => answer["unreadable"] = json!(unreadable.0),
    }
    Ok(Json(answer))
}

fn describe(answer: &mut Value, cloud: &Cloud, contents: &Contents) {
    let screenshots = contents.manifest["screenshots"].as_array();
    answer["screenshots"] = screenshots
        .into_iter()
        .flatten()
        .filter_map(|address| picture(cloud, address))
        .collect();
    answer["description"] = contents.manifest["description"].clone();
    answer["entries"] = contents
        .entries
        .iter()
        .map(|entry| json!({"path": entry.path, "size": entry.size}))
        .collect();
    answer["texts"] = contents
        .texts
        .iter()
        .map(|text| json!({"path": text.path, "text": text.text, "cut": text.cut}))
        .collect();
}

/// The address of a picture for the page, if it is one that a browser may fetch. One uploaded here is named without the port, which may have been another then.
fn picture(cloud: &Cloud, address: &Value) -> Option<String> {
    let address = address.as_str()?;
    let scheme = ["https://", "http://", "data:image/"];
    if !scheme.iter().any(|scheme| address.starts_with(scheme)) {
        return None;
    }
    let own = address
        .strip_prefix("http://127.0.0.1:")
        .and_then(|rest| rest.split_once("/files"))
        .map(|(_, path)| path);
    let uploaded = own.filter(|path| {
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        cloud.file(&path).is_some()
    });
    Some(uploaded.map_or_else(|| address.to_owned(), |path| format!("/files{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_decision_is_on_the_submission_it_was_for() {
        let mut cloud = Cloud::default();
        let id = cloud
            .push(crate::cloud::Push {
                user: "u",
                name: "demo",
                version: "1.0.0",
                package: "x".into(),
                force: true,
                create: true,
            })
            .unwrap();
        let turn = |cloud: &Cloud| cloud.snapshot(&id).unwrap().turn;
        cloud.submit("u", &id).unwrap();
        let first = turn(&cloud);
        cloud.cancel_submit("u", &id).unwrap();
        cloud.submit("u", &id).unwrap();
        let second = turn(&cloud);
        at_last(Review::Approve, &mut cloud, &id, first).unwrap();
        assert_eq!(cloud.snapshot(&id).unwrap().status, Status::Submitted);
        at_last(Review::Approve, &mut cloud, &id, second).unwrap();
        assert_eq!(cloud.snapshot(&id).unwrap().status, Status::Active);
    }

    #[test]
    fn shows_pictures_and_nothing_else_that_has_an_address() {
        let mut cloud = Cloud::default();
        cloud.put_file("/1/demo/1.0.0/标志.svg".to_owned(), "<svg/>".into());
        for (address, expected) in [
            (
                "https://example.com/a.png",
                Some("https://example.com/a.png"),
            ),
            ("data:image/png;base64,AA", Some("data:image/png;base64,AA")),
            (
                "http://127.0.0.1:1/files/1/demo/1.0.0/%E6%A0%87%E5%BF%97.svg",
                Some("/files/1/demo/1.0.0/%E6%A0%87%E5%BF%97.svg"),
            ),
            (
                "http://127.0.0.1:1/files/1/demo/1.0.0/other.svg",
                Some("http://127.0.0.1:1/files/1/demo/1.0.0/other.svg"),
            ),
            ("javascript:alert(1)", None),
            ("data:text/html,<script>", None),
            ("./static/logo.svg", None),
        ] {
            assert_eq!(picture(&cloud, &json!(address)).as_deref(), expected);
        }
        assert_eq!(picture(&cloud, &json!(["https://example.com/a.png"])), None);
    }

    #[test]
    fn speaks_the_language_that_is_liked_best() {
        for (accepted, expected) in [
            ("", "en"),
            ("zh", "zh"),
            ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
            ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
            ("de, zh;q=0.2", "zh"),
            ("fr,de;q=0.5", "en"),
            ("ZH-hans", "zh"),
            ("zh;q=0", "en"),
            ("zh;q=x,en;q=0.1", "en"),
        ] {
            assert_eq!(preferred(accepted), expected, "{accepted}");
        }
    }
}
