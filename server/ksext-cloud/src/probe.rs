//! Whether a server answers at all, asked without a key: for a look at the connection, not for work.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::DATE;

use crate::{Server, tls};

/// What an answer tells of the connection, whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// From the first byte sent to the head of the answer, the name and encryption included.
    pub took: Duration,
    /// What the server's clock said, to the second; `None` if it did not tell.
    pub clock: Option<Timestamp>,
}

/// Asks `server` for anything. `None` if no answer came `within` this time; a call of
/// [`Client`](crate::Client) says why.
pub async fn probe(server: &Server, within: Duration) -> Option<Probe> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("ksext/", env!("CARGO_PKG_VERSION")))
        .timeout(within)
        .redirect(reqwest::redirect::Policy::none());
    if server.is_loopback() {
        builder = builder.no_proxy();
    }
    let http = tls::trust(builder, server).ok()?.build().ok()?;
    let start = Instant::now();
    let answer = http.get(server.as_str()).send().await.ok()?;
    let took = start.elapsed();
    let date = answer
        .headers()
        .get(DATE)
        .and_then(|date| date.to_str().ok());
    Some(Probe {
        took,
        clock: date.and_then(clock),
    })
}

/// Reads a date as HTTP writes it (RFC 9110, section 5.6.7).
fn clock(date: &str) -> Option<Timestamp> {
    rfc2822::parse(date).ok().map(|date| date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_clock_of_a_server() {
        let read = |date| clock(date).map(|clock| clock.to_string());
        assert_eq!(
            read("Sun, 06 Nov 1994 08:49:37 GMT").as_deref(),
            Some("1994-11-06T08:49:37Z")
        );
        assert_eq!(read("soon"), None);
    }
}
