//! Times of the cloud's for people: how long ago, and when by the clock on the wall.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ksext_core::bilingual;
use ksext_core::lang::Bilingual;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A time before this is none: Go writes the year 1 for a time that it does not have.
const FIRST_YEAR: i16 = 2000;

/// How long ago something was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Age {
    /// In words, ever coarser.
    pub(crate) text: Bilingual,
    /// For how long these words stay true.
    pub(crate) lasts: Duration,
}

/// The words for something that was `past` ago.
pub(crate) fn age(past: Duration) -> Age {
    let seconds = past.as_secs();
    // The unit, and how many of it one step of the words is.
    let (step, text) = match seconds {
        0..MINUTE => (MINUTE, Bilingual::fixed("just now", "刚刚")),
        MINUTE..300 => (300, Bilingual::fixed("a few minutes ago", "几分钟前")),
        300..HOUR => {
            let minutes = seconds / 300 * 5;
            (300, bilingual!("{minutes} min ago", "{minutes} 分钟前"))
        }
        HOUR..172_800 => {
            let hours = seconds / HOUR;
            (HOUR, bilingual!("{hours} h ago", "{hours} 小时前"))
        }
        _ => long_ago(seconds / DAY),
    };
    Age {
        text,
        lasts: Duration::from_secs(step - seconds % step),
    }
}

fn long_ago(days: u64) -> (u64, Bilingual) {
    let text = match days {
        0..60 => bilingual!("{days} days ago", "{days} 天前"),
        60..730 => {
            let months = days / 30;
            bilingual!("{months} months ago", "{months} 个月前")
        }
        _ => {
            let years = days / 365;
            bilingual!("{years} years ago", "{years} 年前")
        }
    };
    (DAY, text)
}

/// How long before `now` a time of the cloud's was, RFC 3339; `None` if it is none. What lies ahead, by
/// a clock that goes wrong, is now.
pub(crate) fn since(time: &str, now: Timestamp) -> Option<Duration> {
    let time: Timestamp = time.parse().ok()?;
    let year = time.to_zoned(TimeZone::UTC).year();
    (year >= FIRST_YEAR)
        .then(|| Duration::try_from(now.duration_since(time)).unwrap_or(Duration::ZERO))
}

/// A time of the cloud's in the user's zone; as the cloud wrote it, if it is none.
pub(crate) fn local(time: &str) -> String {
    time.parse::<Timestamp>().map_or(time.to_owned(), |time| {
        time.to_zoned(TimeZone::system())
            .strftime("%Y-%m-%d %H:%M:%S %Z")
            .to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_rounded_down_and_last_as_long_as_they_are_true() {
        for (seconds, en, zh, lasts) in [
            (0, "just now", "刚刚", 60),
            (59, "just now", "刚刚", 1),
            (60, "a few minutes ago", "几分钟前", 240),
            (300, "5 min ago", "5 分钟前", 300),
            (3599, "55 min ago", "55 分钟前", 1),
            (2 * HOUR + 10, "2 h ago", "2 小时前", HOUR - 10),
            (47 * HOUR, "47 h ago", "47 小时前", HOUR),
            (48 * HOUR, "2 days ago", "2 天前", DAY),
            (59 * DAY, "59 days ago", "59 天前", DAY),
            (60 * DAY, "2 months ago", "2 个月前", DAY),
            (800 * DAY, "2 years ago", "2 年前", DAY),
        ] {
            let age = age(Duration::from_secs(seconds));
            assert_eq!(
                (age.text.en.as_ref(), age.text.zh.as_ref(), age.lasts),
                (en, zh, Duration::from_secs(lasts)),
                "{seconds}"
            );
        }
    }

    #[test]
    fn words_change_when_they_end_and_not_before() {
        let mut past = 0;
        for _ in 0..200 {
            let seen = age(Duration::from_secs(past));
            past += seen.lasts.as_secs();
            let just_before = age(Duration::from_secs(past - 1));
            assert_eq!(just_before.text, seen.text, "{past}");
        }
    }

    #[test]
    fn what_is_no_time_has_no_age() {
        let now: Timestamp = "2026-01-02T00:00:00Z".parse().expect("a time");
        for (time, expected) in [
            ("2026-01-01T23:00:00Z", Some(3600)),
            ("2026-01-02T07:00:00+08:00", Some(3600)),
            ("2026-01-02T00:00:05.5Z", Some(0)),
            ("0001-01-01T00:00:00Z", None),
            ("昨天", None),
            ("", None),
        ] {
            let past = since(time, now).map(|past| past.as_secs());
            assert_eq!(past, expected, "{time}");
        }
    }
}
