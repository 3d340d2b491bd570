//! The reviewer: the two acts, and a page to do them by hand.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use crate::api::{snapshot_json, whole};
use crate::app::App;
use crate::cloud::{Cloud, Snapshot, Status};
use crate::refusal::Refusal;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/review", get(page))
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

async fn page(State(app): State<Arc<App>>) -> impl IntoResponse {
    let mut rows = String::new();
    for snapshot in app.cloud().snapshots() {
        write_row(&mut rows, snapshot);
    }
    // The page holds what strangers wrote: only its own script runs, and nothing is loaded.
    let policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'";
    let headers = [(header::CONTENT_SECURITY_POLICY, policy)];
    (headers, Html(PAGE.replace("<!--rows-->", &rows)))
}

fn write_row(rows: &mut String, snapshot: &Snapshot) {
    let buttons = if snapshot.status == Status::Submitted {
        r#"<button value="approve">Approve 通过</button> <button value="reject">Reject 驳回</button>"#
    } else {
        ""
    };
    let [id, name, version, updated, reason] = [
        &snapshot.id,
        &snapshot.extension,
        &snapshot.version,
        &snapshot.updated_at,
        snapshot.reason.as_ref().unwrap_or(&String::new()),
    ]
    .map(|text| escape(text));
    let (en, zh) = (snapshot.status.as_str(), in_chinese(snapshot.status));
    let _ = writeln!(
        rows,
        r#"<tr data-id="{id}"><td>{id}<td>{name}<td>{version}<td>{en} {zh}<td>{updated}<td>{reason}<td>{buttons}"#
    );
}

fn in_chinese(status: Status) -> &'static str {
    match status {
        Status::Draft => "草稿",
        Status::Submitted => "审核中",
        Status::Active => "已通过",
        Status::Rejected => "已驳回",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Review 审核</title>
<style>
  body { font-family: system-ui, sans-serif; margin: 2rem }
  td, th { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #ccc }
</style>
<h1>Review <span lang="zh">审核</span></h1>
<p>Snapshots pushed to this sandbox. <span lang="zh">推送到此沙箱的快照。</span></p>
<table>
<tr><th>ID<th>Name <span lang="zh">名称</span><th>Version <span lang="zh">版本</span><th>Status <span lang="zh">状态</span><th>Updated <span lang="zh">更新时间</span><th>Reason <span lang="zh">理由</span><th>
<!--rows--></table>
<script>
  document.addEventListener("click", async (event) => {
    const act = event.target.value;
    if (event.target.tagName !== "BUTTON") return;
    const reason = act === "reject" ? prompt("Reason 理由") : "";
    if (reason === null) return;
    const id = event.target.closest("tr").dataset.id;
    const answer = await fetch(`/review/${id}/${act}`, { method: "POST", body: reason });
    if (!answer.ok) alert((await answer.json()).message);
    location.reload();
  });
</script>
"#;
