//! What is known of a version, in words: for a lens, for a hint and as a table.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use ksext_core::bilingual;
use ksext_core::ide::Markup;
use ksext_core::lang::is_obeyed;
use ksext_core::lang::{Bilingual, Lang};

use super::Known;
use crate::commands::age::{age, local, since};
use crate::commands::last_known::LastKnown;
use crate::commands::review::ACTIVE;
use crate::commands::state_word;
use crate::commands::status::{Answer, Snapshot};

/// What was heard longer ago may not be true any more, and is shown with its age.
const STALE: Duration = Duration::from_secs(15 * 60);

/// More versions than this are not shown; the newest are.
const MOST_ROWS: usize = 10;

/// What is known of the version that a manifest names.
#[derive(Clone, Debug)]
pub(in crate::lsp) struct Review {
    /// The version.
    pub(in crate::lsp) version: String,
    name: String,
    last: LastKnown,
    failure: Option<Bilingual>,
    now: Timestamp,
}

/// A short text, and for how long it is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lsp) struct Words {
    pub(in crate::lsp) text: Bilingual,
    pub(in crate::lsp) lasts: Option<Duration>,
}

impl Review {
    /// `None` if nothing was ever heard.
    pub(super) fn of(known: &Known, name: String, version: String, now: Timestamp) -> Option<Self> {
        Some(Self {
            version,
            name,
            last: known.last.clone()?,
            failure: known.failure.clone(),
            now,
        })
    }

    /// What was heard just now of a version of which nothing else is known.
    #[cfg(test)]
    pub(in crate::lsp) fn example(name: &str, version: &str, status: Option<&str>) -> Self {
        let snapshot = status.map(|status| Snapshot {
            id: "5".to_owned(),
            version: version.to_owned(),
            status: status.to_owned(),
            updated_at: None,
            reason: None,
        });
        let extension = snapshot.map(|it| Answer::of(name, vec![it]));
        Self {
            version: version.to_owned(),
            name: name.to_owned(),
            last: LastKnown::now("https://a", None, name, extension),
            failure: None,
            now: Timestamp::now(),
        }
    }

    fn snapshot(&self) -> Option<&Snapshot> {
        self.last.extension.as_ref()?.version(&self.version)
    }

    /// The cloud's word; `None` for a version that was never pushed.
    pub(in crate::lsp) fn status(&self) -> Option<&str> {
        self.snapshot().map(|snapshot| &*snapshot.status)
    }

    /// How long ago the cloud has said so.
    fn heard(&self) -> Duration {
        let seconds = self.now.as_second() - self.last.heard_at;
        Duration::from_secs(seconds.try_into().unwrap_or_default())
    }

    /// Where the version stands: `submitted 2 h ago`.
    pub(in crate::lsp) fn words(&self) -> Words {
        let mut words = match self.snapshot() {
            None => Words {
                text: Bilingual::fixed("not pushed yet", "尚未推送"),
                lasts: None,
            },
            Some(snapshot) => self.words_for(snapshot),
        };
        // What is approved stays so.
        if self.status() == Some(ACTIVE) {
            return words;
        }
        let heard = self.heard();
        let lasts = match STALE.checked_sub(heard) {
            Some(left) => left,
            None => {
                let age = age(heard);
                let (text, as_of) = (words.text, age.text);
                words.text = Bilingual {
                    en: format!("{} (as of {})", text.en, as_of.en).into(),
                    zh: format!("{}（{}得知）", text.zh, as_of.zh).into(),
                };
                age.lasts
            }
        };
        words.lasts = Some(words.lasts.map_or(lasts, |before| before.min(lasts)));
        words
    }

    fn words_for(&self, snapshot: &Snapshot) -> Words {
        let word = state_word(&snapshot.status);
        let past = snapshot
            .updated_at
            .as_deref()
            .filter(|_| snapshot.status != ACTIVE)
            .and_then(|time| since(time, self.now));
        let Some(past) = past else {
            return Words {
                text: word,
                lasts: None,
            };
        };
        let age = age(past);
        Words {
            text: Bilingual {
                en: format!("{} {}", word.en, age.text.en).into(),
                zh: format!("{} · {}", word.zh, age.text.zh).into(),
            },
            lasts: Some(age.lasts),
        }
    }

    /// All that the cloud has said of the extension, as `ksbuilder get` shows it (cmd/get.go), and when.
    pub(in crate::lsp) fn table(&self, lang: Lang, markup: Markup) -> String {
        let cell = |text: &str| cell(text, markup);
        let (name, version) = (cell(&self.name), cell(&self.version));
        let words = self.words().text;
        let (en, zh) = (&words.en, &words.zh);
        let mut text = match self.status() {
            None => bilingual!("{name} {version} is {en}.", "{name} {version} {zh}。"),
            Some(_) => bilingual!("{name} {version}: {en}", "{name} {version}：{zh}"),
        }
        .get(lang)
        .to_owned();
        if let Some(extension) = &self.last.extension {
            text.push_str("\n\n");
            text.push_str(&summary(extension, lang, &cell));
            text.push_str("\n\n");
            text.push_str(&rows(extension, lang, markup));
        }
        text.push_str("\n\n");
        let (server, as_of) = (&self.last.server, age(self.heard()).text);
        let (as_of_en, as_of_zh) = (&as_of.en, &as_of.zh);
        let source = bilingual!(
            "Heard from {server} {as_of_en}.",
            "{as_of_zh}从 {server} 得知。"
        );
        text.push_str(source.get(lang));
        if let Some(failure) = &self.failure {
            let (en, zh) = (cell(&failure.en), cell(&failure.zh));
            let since = bilingual!(" Since then: {en}.", "此后：{zh}。");
            text.push_str(since.get(lang));
        }
        text
    }
}

/// What the head of `ksbuilder get` says.
fn summary(extension: &Answer, lang: Lang, cell: &dyn Fn(&str) -> String) -> String {
    let word = state_word(&extension.status);
    let (id, en, zh) = (cell(&extension.id), cell(&word.en), cell(&word.zh));
    // After a push nothing more is known for a moment.
    let head = match extension.id.is_empty() {
        true => return String::new(),
        false => bilingual!("ID: {id} · Status: {en}", "ID：{id} · 状态：{zh}"),
    };
    let latest = extension.latest_version.as_deref().map(cell);
    let latest = latest.map(|it| bilingual!(" · Latest version: {it}", " · 最新版本：{it}"));
    let latest = latest.as_ref().map_or("", |it| it.get(lang));
    format!("{}{latest}", head.get(lang))
}

/// The versions, in the cloud's order.
fn rows(extension: &Answer, lang: Lang, markup: Markup) -> String {
    let mut shown = extension.clone();
    shown.keep_newest(MOST_ROWS);
    let more = extension.snapshots.len() - shown.snapshots.len();
    let rows = shown.snapshots.iter().map(|snapshot| {
        let updated = snapshot.updated_at.as_deref().map(local);
        [
            snapshot.id.clone(),
            snapshot.version.clone(),
            state_word(&snapshot.status).get(lang).to_owned(),
            updated.unwrap_or_default(),
            snapshot.reason.clone().unwrap_or_default(),
        ]
        .map(|text| cell(&text, markup))
    });
    let mut text = String::new();
    // Writing into a string cannot fail.
    if markup == Markup::Markdown {
        let head = match lang {
            Lang::En => "| Snapshot ID | Version | Status | Update time | |",
            Lang::Zh => "| 快照 ID | 版本 | 状态 | 更新时间 | |",
        };
        let _ = writeln!(text, "{head}\n|---|---|---|---|---|");
        for row in rows {
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
    } else {
        for [id, version, status, updated, reason] in rows {
            let _ = writeln!(text, "{id}  {version}  {status}  {updated}  {reason}");
        }
    }
    if more > 0 {
        let more = bilingual!(
            "{more} older ones are not shown.",
            "另有 {more} 个较早的版本未显示。"
        );
        let _ = write!(text, "\n{}", more.get(lang));
    }
    text.trim_end().to_owned()
}

/// A server's text as a piece of one line that means nothing but itself (CommonMark, "Backslash
/// escapes"; tables as GitHub has them).
fn cell(text: &str, markup: Markup) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_obeyed(c) => shown.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '!' | '&' | '~' | '#'
                if markup == Markup::Markdown =>
            {
                shown.push('\\');
                shown.push(c);
            }
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn now() -> Timestamp {
        "2026-01-02T00:00:00Z".parse().expect("a time")
    }

    /// What is known of version 1.1.0, `heard` seconds ago.
    fn review(snapshots: Option<&[(&str, &str, &str)]>, heard: i64) -> Review {
        let extension = snapshots.map(|all| {
            let snapshots = all.iter().map(|(version, status, time)| Snapshot {
                id: format!("5169{version}"),
                version: (*version).to_owned(),
                status: (*status).to_owned(),
                updated_at: Some((*time).to_owned()),
                reason: None,
            });
            Answer {
                id: "42".to_owned(),
                status: "ready".to_owned(),
                latest_version: Some("1.0.0".to_owned()),
                ..Answer::of("demo", snapshots.collect())
            }
        });
        let last = LastKnown {
            heard_at: now().as_second() - heard,
            ..LastKnown::now("https://a", None, "demo", extension)
        };
        let known = Known {
            last: Some(last),
            ..Known::default()
        };
        Review::of(&known, "demo".to_owned(), "1.1.0".to_owned(), now()).expect("a review")
    }

    #[test]
    fn words_say_where_a_version_stands_and_since_when() {
        let two_hours = "2026-01-01T22:00:00Z";
        for (snapshots, heard, en, zh, lasts) in [
            (None, 0, "not pushed yet", "尚未推送", Some(900)),
            (
                Some(&[("1.0.0", "active", two_hours)][..]),
                10,
                "not pushed yet",
                "尚未推送",
                Some(890),
            ),
            (
                Some(&[("1.1.0", "submitted", two_hours)]),
                0,
                "submitted 2 h ago",
                "审核中 · 2 小时前",
                Some(900),
            ),
            (
                Some(&[("1.1.0", "submitted", two_hours)]),
                3 * HOUR,
                "submitted 2 h ago (as of 3 h ago)",
                "审核中 · 2 小时前（3 小时前得知）",
                Some(3600),
            ),
            (
                Some(&[("1.1.0", "active", two_hours)]),
                9 * HOUR,
                "active",
                "已上架",
                None,
            ),
            (
                Some(&[("1.1.0", "待复核", "0001-01-01T00:00:00Z")]),
                0,
                "待复核",
                "待复核",
                Some(900),
            ),
        ] {
            let words = review(snapshots, heard).words();
            assert_eq!(
                (words.text.en.as_ref(), words.text.zh.as_ref(), words.lasts),
                (en, zh, lasts.map(Duration::from_secs)),
            );
        }
    }

    #[test]
    fn the_table_says_all_and_when_it_was_heard() {
        let mut review = review(Some(&[("1.1.0", "sub|mitted\n", "昨天")]), 3 * HOUR);
        assert_eq!(
            review.table(Lang::En, Markup::Markdown),
            "demo 1.1.0: sub|mitted  (as of 3 h ago)

ID: 42 · Status: ready · Latest version: 1.0.0

| Snapshot ID | Version | Status | Update time | |
|---|---|---|---|---|
| 51691.1.0 | 1.1.0 | sub\\|mitted  | 昨天 |  |

Heard from https://a 3 h ago."
        );
        review.failure = Some(Bilingual::fixed("no connection", "无法连接"));
        assert_eq!(
            review.table(Lang::Zh, Markup::Plain),
            "demo 1.1.0：sub|mitted （3 小时前得知）

ID：42 · 状态：已上架 · 最新版本：1.0.0

51691.1.0  1.1.0  sub|mitted   昨天

3 小时前从 https://a 得知。此后：无法连接。"
        );
    }

    #[test]
    fn a_version_that_was_never_pushed_says_so() {
        let text = review(None, 0).table(Lang::En, Markup::Markdown);
        assert_eq!(
            text,
            "demo 1.1.0 is not pushed yet.\n\nHeard from https://a just now."
        );
    }

    #[test]
    fn of_many_versions_the_newest_are_shown() {
        let times: Vec<_> = (10..30)
            .map(|day| format!("2025-12-{day}T00:00:00Z"))
            .collect();
        let versions: Vec<_> = (10..30).map(|day| format!("0.{day}.0")).collect();
        let all: Vec<_> = versions
            .iter()
            .zip(&times)
            .map(|(version, time)| (&**version, "active", &**time))
            .collect();
        let text = review(Some(&all), 0).table(Lang::En, Markup::Markdown);
        assert!(text.contains("0.29.0") && text.contains("0.20.0"), "{text}");
        assert!(!text.contains("0.19.0"), "{text}");
        assert!(text.contains("10 older ones are not shown"), "{text}");
    }
}
