//! Keeps other people's pages away from the sandbox. A page in the user's browser may send requests to loopback too: by its own
//! name, pointed at 127.0.0.1 (DNS rebinding), or across sites, by a form. Programs send no `Origin` and are let through.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::refusal::Refusal;

/// Lets through what is meant for this sandbox and comes from a program or a page of its own.
pub(crate) async fn guarded(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = match meant(request.headers(), app.address) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    // What strangers uploaded is nothing but what its Content-Type says.
    response.headers_mut().insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

fn meant(headers: &HeaderMap, address: SocketAddr) -> Result<(), Refusal> {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    // Every browser names a host; an HTTP/1.0 program may leave it out.
    if let Some(host) = text(header::HOST).filter(|host| !is_own(host, address)) {
        return Err(Refusal::new(
            StatusCode::MISDIRECTED_REQUEST,
            format!("this is http://{address}, not `{host}`"),
        ));
    }
    match text(header::ORIGIN) {
        Some(origin)
            if !origin
                .strip_prefix("http://")
                .is_some_and(|host| is_own(host, address)) =>
        {
            Err(Refusal::new(
                StatusCode::FORBIDDEN,
                format!("a page of `{origin}` may not do this"),
            ))
        }
        _ => Ok(()),
    }
}

/// Whether `host`, a name and a port, is this sandbox.
fn is_own(host: &str, address: SocketAddr) -> bool {
    // Only on port 80 a client leaves the port out.
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    let named = name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost");
    named && port == address.port().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_with_the_port_are_the_sandbox() {
        let address = SocketAddr::from(([127, 0, 0, 1], 8642));
        for (host, expected) in [
            ("127.0.0.1:8642", true),
            ("localhost:8642", true),
            ("LOCALHOST:8642", true),
            ("127.0.0.1", false),
            ("127.0.0.1:80", false),
            ("evil.example:8642", false),
            ("127.0.0.1.evil.example:8642", false),
            ("localhost:8642.evil.example", false),
            ("evil@127.0.0.1:8642", false),
            ("", false),
        ] {
            assert_eq!(is_own(host, address), expected, "{host}");
        }
        assert!(is_own("localhost", SocketAddr::from(([127, 0, 0, 1], 80))));
    }
}
