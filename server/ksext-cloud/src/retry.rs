//! When a failed request is sent again, and after which pause. The sending itself is done in `exchange`.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::exchange::Timeouts;
use crate::{Error, ErrorKind, Message};

/// So often a request is sent at most.
const MAX_TRIES: u32 = 4;

/// What it means for a request to arrive twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twice {
    /// The same as once: what only reads, and files that replace themselves under the same name.
    Harmless,
    /// Something else: a package replaces what somebody may be reviewing by then, and of two acts on a
    /// snapshot the second is refused although the first was done.
    Harmful,
}

/// Whether a failed try may be followed by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// It would fail the same way.
    Never,
    /// The server may have done what was asked.
    IfHarmless,
    /// The server has certainly done nothing.
    Always,
}

impl Again {
    /// After an answer with this status. That 429 comes before any work is done is *assumed* of the
    /// real cloud (RFC 6585 section 4 does not say so); every other refusal will be repeated as it was.
    pub(crate) fn after(status: StatusCode) -> Self {
        match status.as_u16() {
            429 => Self::Always,
            408 | 500 | 502 | 503 | 504 => Self::IfHarmless,
            _ => Self::Never,
        }
    }
}

/// A try that failed.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) again: Again,
}

impl From<Error> for Failure {
    /// An error that stays as it is however often one tries.
    fn from(error: Error) -> Self {
        Self {
            error,
            again: Again::Never,
        }
    }
}

impl Failure {
    /// How long to wait before the next try; `None` if there is none. `tries` were made, the first one
    /// `passed` ago.
    pub(crate) fn pause(
        &self,
        twice: Twice,
        timeouts: &Timeouts,
        tries: u32,
        passed: Duration,
    ) -> Option<Duration> {
        let may = match self.again {
            Again::Never => false,
            Again::IfHarmless => twice == Twice::Harmless,
            Again::Always => true,
        };
        if !may || tries >= MAX_TRIES {
            return None;
        }
        let pause = self.error.retry_after().unwrap_or_else(|| {
            // Who counts requests counts them per second at least.
            let first = match self.error.kind() {
                ErrorKind::RateLimited => timeouts.pause * 4,
                _ => timeouts.pause,
            };
            spread(first * 2_u32.pow(tries - 1))
        });
        (passed + pause <= timeouts.repeat).then_some(pause)
    }
}

/// Up to a quarter more, so that many who were turned away together do not come back together.
fn spread(pause: Duration) -> Duration {
    let share = RandomState::new().hash_one(()) % 256;
    pause + pause * u32::try_from(share).unwrap_or(0) / 1024
}

/// How long the server asks to wait (RFC 9110 section 10.2.3): seconds, or a date, which is read
/// against the server's own clock where it tells the time.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| jiff::fmt::rfc2822::parse(text).map(|time| time.timestamp());
    let until = date(text).ok()?;
    let now = headers
        .get(DATE)
        .and_then(|value| date(value.to_str().ok()?).ok())
        .unwrap_or_else(Timestamp::now);
    // A date in the past means now.
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// A pause that the client makes before it sends a request again, for whoever waits with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Why the last try failed.
    pub error: Error,
    /// How long the pause is.
    pub length: Duration,
}

impl Wait {
    /// One line for the user: "the server is busy, trying again in 5 s".
    pub fn message(&self) -> Message {
        let (en, zh) = match (self.error.kind(), self.error.status()) {
            (ErrorKind::RateLimited, _) | (_, Some(503)) => ("the server is busy", "服务器繁忙"),
            (ErrorKind::Server, _) => ("the server has a problem", "服务器出现问题"),
            (ErrorKind::Timeout, _) => ("the server does not answer", "服务器没有响应"),
            _ => ("the connection failed", "连接失败"),
        };
        if self.length.is_zero() {
            return Message::new(format!("{en}, trying again"), format!("{zh}，正在重试"));
        }
        let seconds = seconds(self.length);
        Message::new(
            format!("{en}, trying again in {seconds} s"),
            format!("{zh}，{seconds} 秒后重试"),
        )
    }
}

/// Seconds for people: whole ones, of short times tenths, of very short ones all there is.
pub(crate) fn seconds(time: Duration) -> String {
    let precise = time.as_secs_f64();
    let rounded = match precise {
        10.0.. => precise.ceil(),
        0.1.. => (precise * 10.0).round() / 10.0,
        _ => precise,
    };
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    const TIMEOUTS: Timeouts = Timeouts {
        connect: Duration::from_secs(10),
        call: Duration::from_secs(60),
        idle: Duration::from_secs(60),
        pause: Duration::from_millis(500),
        repeat: Duration::from_secs(60),
    };

    fn failure(kind: ErrorKind, again: Again, retry_after: Option<u64>) -> Failure {
        let text = || Message::new("", "");
        let error = Error::new(kind, text(), text());
        Failure {
            error: error.with_retry_after(retry_after.map(Duration::from_secs)),
            again,
        }
    }

    #[test]
    fn only_what_may_arrive_twice_is_sent_twice() {
        for (again, harmless, harmful) in [
            (Again::Never, false, false),
            (Again::IfHarmless, true, false),
            (Again::Always, true, true),
        ] {
            let failure = failure(ErrorKind::Network, again, None);
            let sent = |twice| failure.pause(twice, &TIMEOUTS, 1, Duration::ZERO).is_some();
            assert_eq!(
                (sent(Twice::Harmless), sent(Twice::Harmful)),
                (harmless, harmful),
                "{again:?}"
            );
        }
    }

    #[test]
    fn pauses_grow_and_end() {
        // Kind, what the server asks for, tries so far, seconds so far; the least pause in milliseconds.
        for (kind, asked, tries, passed, expected) in [
            (ErrorKind::Network, None, 1, 0, Some(500)),
            (ErrorKind::Network, None, 2, 1, Some(1000)),
            (ErrorKind::Network, None, 3, 3, Some(2000)),
            (ErrorKind::Network, None, 4, 6, None),
            (ErrorKind::Network, None, 2, 60, None),
            (ErrorKind::RateLimited, None, 1, 0, Some(2000)),
            (ErrorKind::RateLimited, Some(0), 1, 0, Some(0)),
            (ErrorKind::RateLimited, Some(7), 1, 0, Some(7000)),
            (ErrorKind::RateLimited, Some(60), 1, 0, Some(60_000)),
            (ErrorKind::RateLimited, Some(60), 1, 1, None),
            (ErrorKind::RateLimited, Some(u64::MAX / 2), 1, 0, None),
        ] {
            let found = failure(kind, Again::Always, asked).pause(
                Twice::Harmful,
                &TIMEOUTS,
                tries,
                Duration::from_secs(passed),
            );
            let expected = expected.map(Duration::from_millis);
            let within = match (found, expected) {
                (Some(found), Some(least)) => found >= least && found <= least * 5 / 4,
                (found, expected) => found == expected,
            };
            assert!(
                within,
                "{kind} {asked:?} {tries}: {found:?}, not {expected:?}"
            );
        }
    }

    #[test]
    fn reads_how_long_to_wait() {
        let now = "Sat, 21 Nov 2026 10:00:00 GMT";
        for (value, date, expected) in [
            ("17", None, Some(17)),
            (" 0 ", None, Some(0)),
            ("Sat, 21 Nov 2026 10:00:30 GMT", Some(now), Some(30)),
            ("Sat, 21 Nov 2026 09:00:00 GMT", Some(now), Some(0)),
            ("Sat, 21 Nov 2020 09:00:00 GMT", None, Some(0)),
            ("soon", None, None),
            ("-1", None, None),
            ("1.5", None, None),
            ("99999999999999999999999", None, None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
            if let Some(date) = date {
                headers.insert(DATE, HeaderValue::from_static(date));
            }
            assert_eq!(
                retry_after(&headers),
                expected.map(Duration::from_secs),
                "{value}"
            );
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn tells_how_long_it_waits() {
        for (milliseconds, expected) in [
            (5000, "5"),
            (580, "0.6"),
            (1000, "1"),
            (10_001, "11"),
            (50, "0.05"),
        ] {
            assert_eq!(seconds(Duration::from_millis(milliseconds)), expected);
        }
        let wait = |kind, status: Option<u16>| {
            let error = failure(kind, Again::Always, None).error;
            let wait = Wait {
                error: match status {
                    Some(status) => error.with_status(status),
                    None => error,
                },
                length: Duration::from_secs(5),
            };
            let Message { en, zh } = wait.message();
            assert!(en.ends_with(", trying again in 5 s") && zh.ends_with("，5 秒后重试"));
            en
        };
        assert!(wait(ErrorKind::RateLimited, Some(429)).starts_with("the server is busy"));
        assert!(wait(ErrorKind::Server, Some(503)).starts_with("the server is busy"));
        assert!(wait(ErrorKind::Server, Some(502)).starts_with("the server has a problem"));
        assert!(wait(ErrorKind::Timeout, None).starts_with("the server does not answer"));
        assert!(wait(ErrorKind::Network, None).starts_with("the connection failed"));
    }
}
