//! The Helm repository of all that was pushed, approved or not, as KubeSphere's beta repository is (extension development guide):
//! `/charts/index.yaml` and the archives beside it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use crate::app::App;
use crate::cloud::{self, Snapshot};
use crate::refusal::Refusal;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/charts/index.yaml", get(index))
        .route("/charts/{archive}", get(archive))
}

async fn index(State(app): State<Arc<App>>) -> impl IntoResponse {
    let mut entries: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let cloud = app.cloud();
    for snapshot in cloud.snapshots() {
        // A JSON object on one line is YAML too, and needs no quoting rules of its own.
        let entry = json!({
            "apiVersion": "v2",
            "name": snapshot.extension,
            "version": snapshot.version,
            "created": snapshot.updated_at,
            "urls": [file_name(snapshot)],
        });
        entries
            .entry(snapshot.extension.clone())
            .or_default()
            .push(entry.to_string());
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
            let _ = writeln!(text, "  - {version}");
        }
    }
    ([(header::CONTENT_TYPE, "text/yaml; charset=utf-8")], text)
}

async fn archive(
    State(app): State<Arc<App>>,
    Path(archive): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let cloud = app.cloud();
    let snapshot = cloud
        .snapshots()
        .find(|snapshot| file_name(snapshot) == archive)
        .ok_or_else(|| Refusal::not_found(format!("archive {archive} not found")))?;
    Ok((
        [(header::CONTENT_TYPE, "application/gzip")],
        snapshot.package.bytes.clone(),
    ))
}

fn file_name(snapshot: &Snapshot) -> String {
    format!("{}-{}.tgz", snapshot.extension, snapshot.version)
}
