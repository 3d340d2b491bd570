//! What stands around every request: the log that tests read, and the faults they order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use crate::api;
use crate::app::{App, lock};
use crate::fault::{self, FaultAnswer};
use crate::guard;

const MAX_LOGGED: usize = 10_000;

/// One request as it arrived, without headers, so without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as sent, still percent-encoded.
    pub path: String,
    /// The status of the answer; `None` as long as there is none.
    pub status: Option<u16>,
}

/// The latest requests.
#[derive(Default)]
pub(crate) struct Log {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    requests: VecDeque<LoggedRequest>,
    forgotten: usize,
}

impl Log {
    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        lock(&self.kept).requests.iter().cloned().collect()
    }

    /// Notes an arrival; the number is for [`Log::answered`].
    fn arrived(&self, method: String, path: String) -> usize {
        let mut kept = lock(&self.kept);
        if kept.requests.len() == MAX_LOGGED {
            kept.requests.pop_front();
            kept.forgotten += 1;
        }
        kept.requests.push_back(LoggedRequest {
            method,
            path,
            status: None,
        });
        kept.forgotten + kept.requests.len() - 1
    }

    fn answered(&self, number: usize, status: StatusCode) {
        let mut kept = lock(&self.kept);
        let index = number.checked_sub(kept.forgotten);
        if let Some(request) = index.and_then(|index| kept.requests.get_mut(index)) {
            request.status = Some(status.as_u16());
        }
    }
}

/// Puts log and faults around `routes`.
pub(crate) fn around(routes: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    routes
        .fallback(api::unknown_path)
        .method_not_allowed_fallback(api::wrong_method)
        .layer(middleware::from_fn_with_state(
            Arc::clone(app),
            guard::guarded,
        ))
        .layer(middleware::from_fn_with_state(Arc::clone(app), watched))
}

async fn watched(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let path = request
        .uri()
        .path_and_query()
        .map_or_else(|| "/".to_owned(), ToString::to_string);
    let line = format!("{method} {path}");
    let number = app.log.arrived(method, path);
    let fault = fault::met(&mut lock(&app.faults), &line);
    let response = match fault {
        None => next.run(request).await,
        Some(fault) => misbehave(&app, fault, request.into_body()).await,
    };
    tracing::debug!(request = line, status = response.status().as_u16());
    app.log.answered(number, response.status());
    response
}

async fn misbehave(app: &App, fault: FaultAnswer, body: Body) -> Response {
    match fault {
        FaultAnswer::Answer {
            status,
            headers,
            body: answer,
        } => {
            // An answer before the end of an upload would reach few clients.
            let _ = api::whole(body).await;
            let headers: HeaderMap = headers
                .iter()
                .filter_map(|(name, value)| {
                    Some((
                        name.parse::<HeaderName>().ok()?,
                        HeaderValue::from_str(value).ok()?,
                    ))
                })
                .collect();
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, headers, answer).into_response()
        }
        FaultAnswer::Hang => {
            app.stopped().await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        // Unwinds this connection's own task, which closes the connection; no other way leads there from
        // a handler. Without the panic hook nothing is printed.
        FaultAnswer::Close => std::panic::resume_unwind(Box::new("fault: close")),
    }
}
