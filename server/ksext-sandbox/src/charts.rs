//! The Helm repository of all that was pushed, approved or not, as KubeSphere's beta repository is (extension development guide):
//! `/charts/index.yaml` and the archives beside it. The index has what Helm 3.18 reads (`pkg/repo/index.go`): the chart's own
//! metadata and, of each archive, its address, SHA-256 and time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::api;
use crate::app::App;
use crate::cloud::{self, Snapshot};
use crate::refusal::Refusal;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/charts/index.yaml", get(index))
        .route("/charts/{archive}", get(archive))
}

async fn index(State(app): State<Arc<App>>) -> impl IntoResponse {
    let mut entries: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for snapshot in app.cloud().snapshots() {
        let entry = entry(snapshot);
        let name = entry["name"].as_str().unwrap_or(&snapshot.extension);
        entries.entry(name.to_owned()).or_default().push(entry);
    }
    let mut text = format!("apiVersion: v1\ngenerated: \"{}\"\n", cloud::now());
    text.push_str(if entries.is_empty() {
        "entries: {}\n"
    } else {
        "entries:\n"
    });
    for (name, versions) in entries {
        let _ = writeln!(text, "  {}:", json!(name));
        for version in versions {
            // JSON on one line is YAML too, and needs no quoting rules of its own.
            let _ = writeln!(text, "  - {version}");
        }
    }
    ([(header::CONTENT_TYPE, "text/yaml; charset=utf-8")], text)
}

/// What Helm wants to know of a chart before it fetches it.
fn entry(snapshot: &Snapshot) -> Value {
    // An archive without a Chart.yaml is no chart; it stands in the list all the same, so that it is noticed.
    let mut entry = json!({
        "apiVersion": "v2",
        "name": snapshot.extension,
        "version": snapshot.version,
    });
    let chart = snapshot
        .contents()
        .ok()
        .and_then(|contents| contents.chart.as_object());
    if let (Some(fields), Some(chart)) = (entry.as_object_mut(), chart) {
        fields.extend(chart.clone());
    }
    entry["created"] = json!(snapshot.updated_at);
    entry["digest"] = json!(hex(&Sha256::digest(&snapshot.package.bytes)));
    entry["urls"] = json!([api::encoded(&snapshot.archive())]);
    entry
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn archive(
    State(app): State<Arc<App>>,
    Path(archive): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let cloud = app.cloud();
    let snapshot = cloud
        .snapshots()
        .find(|snapshot| snapshot.archive() == archive)
        .ok_or_else(|| Refusal::not_found(format!("archive {archive} not found")))?;
    Ok((
        [(header::CONTENT_TYPE, "application/gzip")],
        snapshot.package.bytes.clone(),
    ))
}
