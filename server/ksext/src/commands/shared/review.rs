//! Waiting for the reviewers' decision on a version.

use std::time::{Duration, Instant};

use ksext_cloud::ErrorKind;
use ksext_core::bilingual;

use crate::commands::status::Snapshot;
use crate::commands::{Refusal, Session, Stage, Ui, state_word, work};

/// The word for a version that was approved (extension development guide, packaging and release).
pub(crate) const ACTIVE: &str = "active";
/// The word for one that the reviewers have (the same place).
pub(crate) const SUBMITTED: &str = "submitted";
/// The word for one that they do not have, or not any more (ksbuilder cmd/unpush.go).
pub(crate) const DRAFT: &str = "draft";

/// Between the first two questions of somebody who waits at a terminal.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause there.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What the reviewers decided, with the cloud's word for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is approved, or where the one who waits wanted it.
    Active(String),
    /// It is not.
    Refused(String),
}

impl Verdict {
    /// The cloud's word.
    pub(crate) fn status(&self) -> &str {
        match self {
            Self::Active(status) | Self::Refused(status) => status,
        }
    }

    /// Only `submitted`, `active` and, after a withdrawal, `draft` are known (ksbuilder's README and
    /// the extension development guide). A word that speaks of refusal is taken for one; on any other
    /// there is nothing to do but wait.
    pub(crate) fn of(status: &str) -> Option<Self> {
        const REFUSALS: [&str; 4] = ["reject", "refuse", "deny", "denied"];
        let word = status.to_ascii_lowercase();
        if word == ACTIVE {
            Some(Self::Active(status.to_owned()))
        } else if REFUSALS.iter().any(|refusal| word.contains(refusal)) {
            Some(Self::Refused(status.to_owned()))
        } else {
            None
        }
    }
}

/// Whether a version waits for somebody else than its author.
pub(crate) fn is_undecided(status: &str) -> bool {
    Verdict::of(status).is_none() && status != DRAFT
}

/// How long to wait between two questions: ever longer, and never to the second, so that many who wait
/// do not ask at once.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Pace {
    /// From `first` to `longest`.
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            next: first,
        }
    }

    /// The next pause: each is half as long again as the one before, and none is shorter than `least`,
    /// which a server may have asked for.
    pub(crate) fn pause(&mut self, least: Duration) -> Duration {
        let pause = self.next;
        self.next = (pause * 3 / 2).min(self.longest);
        // Without random numbers regular pauses do.
        let random = getrandom::u32().unwrap_or(u32::MAX / 2);
        spread(pause, random).max(least)
    }

    /// The server is in trouble: the next pause is twice as long.
    pub(crate) fn back_off(&mut self) {
        self.next = (self.next * 2).min(self.longest);
    }

    /// Something has happened: pauses are short again.
    pub(crate) fn restart(&mut self) {
        self.next = self.first;
    }
}

/// `pause`, up to a tenth longer or shorter.
fn spread(pause: Duration, random: u32) -> Duration {
    pause.mul_f64(0.9 + 0.2 * f64::from(random) / f64::from(u32::MAX))
}

/// What is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    /// The extension.
    pub(crate) name: &'a str,
    /// Which version of it.
    pub(crate) version: &'a str,
    /// The word that ends the wait well.
    pub(crate) until: &'a str,
    /// How long at most.
    pub(crate) patience: Duration,
}

/// Asks for the status of a version, ever more rarely, until it is decided.
///
/// # Errors
/// As [`follow`].
pub(crate) async fn wait(
    session: &Session,
    ui: &dyn Ui,
    (name, version): (&str, &str),
    patience: Duration,
) -> Result<Verdict, Refusal> {
    let wish = Wish {
        name,
        version,
        until: ACTIVE,
        patience,
    };
    let mut tell = |snapshot: &Snapshot| {
        let word = state_word(&snapshot.status);
        let (en, zh) = (word.en, word.zh);
        let message = bilingual!("waiting for the review ({en})", "正在等待审核（{zh}）");
        ui.stage(&Stage {
            message,
            percent: 100,
        });
    };
    follow(session, ui, wish, &mut tell).await
}

/// Follows a version until it is where it is wished, or refused, or withdrawn. `tell` hears of its first
/// state and of each change.
///
/// # Errors
/// The cloud's; `timeout` if it is not decided in time; `cancelled`. What may pass by itself, such as a
/// connection that breaks, is waited out.
pub(crate) async fn follow(
    session: &Session,
    ui: &dyn Ui,
    wish: Wish<'_>,
    tell: &mut (dyn FnMut(&Snapshot) + Send),
) -> Result<Verdict, Refusal> {
    work::until_cancelled(ui, poll(session, wish, tell)).await
}

async fn poll(
    session: &Session,
    wish: Wish<'_>,
    tell: &mut (dyn FnMut(&Snapshot) + Send),
) -> Result<Verdict, Refusal> {
    let client = session.client().await?;
    let end = Instant::now() + wish.patience;
    let mut pace = Pace::new(FIRST_PAUSE, LONGEST_PAUSE);
    let mut heard = Heard::default();
    loop {
        let mut least = Duration::ZERO;
        let last_error = match client.locate(wish.name, wish.version).await {
            Ok(snapshot) => {
                let snapshot = Snapshot::from(snapshot);
                if heard.is_news(&snapshot.status) {
                    tell(&snapshot);
                    pace.restart();
                }
                if let Some(verdict) = heard.verdict(wish.until) {
                    return Ok(verdict);
                }
                None
            }
            Err(error) if may_pass(error.kind()) => {
                tracing::info!(%error, "asking again");
                least = error.retry_after().unwrap_or_default();
                pace.back_off();
                Some(error)
            }
            Err(error) => return Err(error.into()),
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(undecided(wish, last_error));
        }
        tokio::time::sleep(pace.pause(least).min(left)).await;
    }
}

/// What was heard of one version so far.
#[derive(Debug, Default)]
struct Heard {
    status: Option<String>,
    /// It was with the reviewers.
    submitted: bool,
}

impl Heard {
    /// Takes a state in, and says whether it is another than the last.
    fn is_news(&mut self, status: &str) -> bool {
        self.submitted |= is_undecided(status);
        let is_news = self.status.as_deref() != Some(status);
        self.status = Some(status.to_owned());
        is_news
    }

    /// Whether there is nothing left to wait for.
    fn verdict(&self, until: &str) -> Option<Verdict> {
        let status = self.status.as_deref()?;
        if status == until {
            return Some(Verdict::Active(status.to_owned()));
        }
        // Right after the push a cloud may still say `draft`; later it means a withdrawal.
        if status == DRAFT && self.submitted {
            return Some(Verdict::Refused(status.to_owned()));
        }
        // Who waits for another word than `active` does not get it from an approved version.
        match Verdict::of(status) {
            Some(Verdict::Active(_)) if until != ACTIVE => None,
            verdict => verdict,
        }
    }
}

fn undecided(wish: Wish<'_>, last_error: Option<ksext_cloud::Error>) -> Refusal {
    let Wish { name, version, .. } = wish;
    let seconds = wish.patience.as_secs();
    let refusal = Refusal::new(
        "timeout",
        bilingual!(
            "cannot tell the outcome: `{name}` {version} is pushed, but not decided within {seconds} s",
            "尚无结果：`{name}` {version} 已推送，但在 {seconds} 秒内没有审核结论",
        ),
    );
    let refusal = match last_error {
        Some(error) => refusal.noting(&Refusal::from(error).message),
        None => refusal,
    };
    refusal.hinting(bilingual!(
        "`ksext get {name}` tells later",
        "稍后请运行 `ksext get {name}` 查看"
    ))
}

/// Whether the same question may be answered a little later.
pub(crate) fn may_pass(kind: ErrorKind) -> bool {
    use ErrorKind::{Network, RateLimited, Server, Timeout};
    matches!(kind, Network | RateLimited | Server | Timeout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_nobody_knows_is_waited_out() {
        for (status, verdict, undecided) in [
            ("active", Some(Verdict::Active("active".into())), false),
            ("rejected", Some(Verdict::Refused("rejected".into())), false),
            ("draft", None, false),
            ("submitted", None, true),
            ("审核中", None, true),
            ("inactive", None, true),
        ] {
            assert_eq!(Verdict::of(status), verdict, "{status}");
            assert_eq!(is_undecided(status), undecided, "{status}");
        }
    }

    /// What ends the wait, after these words.
    #[track_caller]
    fn check(until: &str, words: &[&str], expected: Option<&Verdict>) {
        let mut heard = Heard::default();
        for word in words {
            heard.is_news(word);
        }
        assert_eq!(heard.verdict(until).as_ref(), expected, "{words:?}");
    }

    #[test]
    fn a_wait_ends_with_the_wish_a_refusal_or_a_withdrawal() {
        let active = Verdict::Active("active".into());
        let withdrawn = Verdict::Refused("draft".into());
        let rejected = Verdict::Refused("rejected".into());
        check("active", &["draft"], None);
        check("active", &["draft", "submitted"], None);
        check("active", &["submitted", "active"], Some(&active));
        check("active", &["submitted", "draft"], Some(&withdrawn));
        check("active", &["submitted", "rejected"], Some(&rejected));
        let submitted = Verdict::Active("submitted".into());
        check("submitted", &["draft", "submitted"], Some(&submitted));
        check("listed", &["active"], None);
        check("listed", &["rejected"], Some(&rejected));
    }

    #[test]
    fn pauses_grow_up_to_the_longest_and_start_again() {
        let seconds = Duration::from_secs;
        let mut pace = Pace::new(seconds(15), seconds(300));
        let mut lengths = Vec::new();
        for _ in 0..12 {
            lengths.push(pace.next);
            let length = pace.next;
            let pause = pace.pause(Duration::ZERO);
            assert!(pause >= length.mul_f64(0.9) && pause <= length.mul_f64(1.1));
        }
        assert!(lengths.is_sorted(), "{lengths:?}");
        assert_eq!((lengths[0], lengths[11]), (seconds(15), seconds(300)));
        pace.restart();
        pace.back_off();
        assert_eq!(pace.next, seconds(30));
        assert_eq!(pace.pause(seconds(1000)), seconds(1000));
    }

    #[test]
    fn pauses_are_spread_by_a_tenth() {
        let pause = Duration::from_secs(100);
        assert_eq!(spread(pause, 0), Duration::from_secs(90));
        assert_eq!(spread(pause, u32::MAX), Duration::from_secs(110));
    }
}
