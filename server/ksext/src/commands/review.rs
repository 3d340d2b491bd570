//! Waiting for the reviewers' decision on a version.

use std::time::{Duration, Instant};

use ksext_cloud::ErrorKind;
use ksext_core::bilingual;

use super::{Refusal, Session, Stage, Ui, work};

/// Between the first two questions; each pause is half as long again as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What the reviewers decided, with the cloud's word for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is approved.
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
    fn of(status: &str) -> Option<Self> {
        const REFUSALS: [&str; 4] = ["reject", "refuse", "deny", "denied"];
        let word = status.to_ascii_lowercase();
        if word == "active" {
            Some(Self::Active(status.to_owned()))
        } else if REFUSALS.iter().any(|refusal| word.contains(refusal)) {
            Some(Self::Refused(status.to_owned()))
        } else {
            None
        }
    }
}

/// Asks for the status of a version, ever more rarely, until it is decided.
///
/// # Errors
/// The cloud's; `timeout` if it is not decided within `patience`; `cancelled`. What may pass by
/// itself, such as a connection that breaks, is waited out.
pub(crate) async fn wait(
    session: &Session,
    ui: &dyn Ui,
    (name, version): (&str, &str),
    patience: Duration,
) -> Result<Verdict, Refusal> {
    work::until_cancelled(ui, poll(session, ui, (name, version), patience)).await
}

async fn poll(
    session: &Session,
    ui: &dyn Ui,
    (name, version): (&str, &str),
    patience: Duration,
) -> Result<Verdict, Refusal> {
    let client = session.client().await?;
    let end = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    let mut shown = None;
    let mut submitted = false;
    loop {
        match client.locate(name, version).await {
            Ok(snapshot) => {
                if let Some(verdict) = Verdict::of(&snapshot.status) {
                    return Ok(verdict);
                }
                // Right after the push a cloud may still say `draft`; later it means a withdrawal.
                if snapshot.status == "draft" && submitted {
                    return Ok(Verdict::Refused(snapshot.status));
                }
                submitted |= snapshot.status == "submitted";
                if shown.as_ref() != Some(&snapshot.status) {
                    let status = &snapshot.status;
                    let message = bilingual!(
                        "waiting for the review ({status})",
                        "正在等待审核（{status}）",
                    );
                    ui.stage(&Stage {
                        message,
                        percent: 100,
                    });
                    shown = Some(snapshot.status);
                }
            }
            Err(error) if may_pass(error.kind()) => {
                tracing::info!(%error, "asking again");
                pause = pause.max(error.retry_after().unwrap_or_default());
            }
            Err(error) => return Err(error.into()),
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let seconds = patience.as_secs();
            return Err(Refusal::new(
                "timeout",
                bilingual!(
                    "cannot tell the outcome: `{name}` {version} is pushed, but not decided within {seconds} s",
                    "尚无结果：`{name}` {version} 已推送，但在 {seconds} 秒内没有审核结论",
                ),
            )
            .hinting(bilingual!("`ksext get {name}` tells later", "稍后请运行 `ksext get {name}` 查看")));
        }
        tokio::time::sleep(pause.min(left)).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

fn may_pass(kind: ErrorKind) -> bool {
    use ErrorKind::{Network, RateLimited, Server, Timeout};
    matches!(kind, Network | RateLimited | Server | Timeout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_nobody_knows_is_waited_out() {
        for (status, verdict) in [
            ("active", Some(Verdict::Active("active".into()))),
            ("rejected", Some(Verdict::Refused("rejected".into()))),
            ("draft", None),
            ("submitted", None),
            ("审核中", None),
            ("inactive", None),
        ] {
            assert_eq!(Verdict::of(status), verdict, "{status}");
        }
    }
}
