//! Asking the cloud about reviews: one task for each extension whose manifest is open, for as long as
//! there is something to wait for.

use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use ksext_cloud::{Client, Error, ErrorKind};
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::settings::Poll;
use tokio::sync::Notify;

use crate::commands::review::{Pace, Verdict, may_pass};
use crate::commands::status::{self, Answer, Snapshot};
use crate::commands::{Refusal, last_known, state_word};
use crate::lsp::proto::MessageType;
use crate::lsp::state::{Shared, State};

/// The longest pause is so many times the first.
const GROWTH: u32 = 20;
/// No server but one of this machine is asked more often at first, whatever is set.
const LEAST: Duration = Duration::from_secs(5);
/// Nor one of this machine.
const LEAST_HERE: Duration = Duration::from_millis(20);

/// How a question ended.
enum Asked {
    /// There is something to wait for.
    Waiting,
    /// It may be answered later, after as long as the server has asked for.
    Trouble(Duration),
    /// There is nothing to ask for any more.
    Over,
}

impl Shared {
    /// Begins to follow what is open, asked for, and may change. Of `fresh` everything was heard just
    /// now; of others the cloud is asked at once.
    pub(in crate::lsp) fn follow_reviews(self: &Arc<Self>, state: &mut State, fresh: Option<&str>) {
        if state.reviews.poll == Poll::Off {
            return;
        }
        for name in state.open_names() {
            let reviews = &mut state.reviews;
            if !reviews.is_asked_for(&name) || !reviews.may_change(&name) {
                continue;
            }
            if let Entry::Vacant(entry) = reviews.polls.entry(name.clone()) {
                let nudge = Arc::new(Notify::new());
                entry.insert(Arc::clone(&nudge));
                let at_once = fresh != Some(&*name);
                tokio::spawn(Arc::clone(self).poll(name, nudge, at_once));
            }
        }
    }

    async fn poll(self: Arc<Self>, name: String, nudge: Arc<Notify>, at_once: bool) {
        let mut pace = self.pace().await;
        let mut asks = at_once;
        loop {
            let mut least = Duration::ZERO;
            if asks {
                match self.ask_review(&name).await {
                    Asked::Waiting => {}
                    Asked::Trouble(wait) => {
                        least = wait;
                        pace.back_off();
                    }
                    Asked::Over => break,
                }
            }
            asks = true;
            tokio::select! {
                () = tokio::time::sleep(pace.pause(least)) => {}
                () = nudge.notified() => pace = self.pace().await,
            }
            if !self.state().is_followed(&name, &nudge) {
                break;
            }
        }
        let mut state = self.state();
        if state.is_polled_by(&name, &nudge) {
            state.reviews.polls.remove(&name);
        }
    }

    /// How often the server is asked.
    async fn pace(&self) -> Pace {
        let every = match self.state().reviews.poll {
            Poll::Every(every) => every,
            // Then nobody asks.
            Poll::Off => LEAST,
        };
        let login = self.session.credentials().await;
        let is_here = login.is_ok_and(|login| login.server.is_loopback());
        let first = every.max(if is_here { LEAST_HERE } else { LEAST });
        Pace::new(first, first * GROWTH)
    }

    /// Asks the cloud about an extension once.
    async fn ask_review(self: &Arc<Self>, name: &str) -> Asked {
        let Ok(client) = self.session.client().await else {
            return Asked::Over;
        };
        let (told, known) = {
            let mut state = self.state();
            state.reviews.meet(client.server().as_str());
            let last = state.reviews.last(name);
            let known = last.and_then(|last| last.extension.clone());
            (state.reviews.told, known)
        };
        let asked = match self.identify(&client).await {
            Ok(()) => ask(&client, name, known).await,
            Err(error) => Err(error),
        };
        match asked {
            Ok(extension) => self.accept_review(name, told, extension).await,
            Err(error) => {
                tracing::info!(%error, "the review of {name} is not known");
                let wait = error.retry_after().unwrap_or_default();
                let passes = may_pass(error.kind());
                if let Some(known) = self.state().reviews.known.get_mut(name) {
                    known.failure = Some(Refusal::from(error).message);
                }
                if passes {
                    Asked::Trouble(wait)
                } else {
                    Asked::Over
                }
            }
        }
    }

    /// Finds out whose key it is, once. So a wrong key is told apart from a name that does not exist.
    async fn identify(&self, client: &Client) -> Result<(), Error> {
        if self.state().reviews.account.is_none() {
            let user = client.user().await?;
            self.state().reviews.account = Some(user.id);
        }
        Ok(())
    }

    /// Takes in an answer, and tells what has changed.
    async fn accept_review(
        self: &Arc<Self>,
        name: &str,
        told: u64,
        extension: Option<Answer>,
    ) -> Asked {
        let last = {
            let mut state = self.state();
            if state.reviews.told != told || state.reviews.acting > 0 {
                // A command has said something newer meanwhile, or will.
                return Asked::Waiting;
            }
            let before = state.reviews.last(name).and_then(|it| it.extension.clone());
            let is_news = state.reviews.last(name).is_none() || before != extension;
            let lang = state.lang_of_extension(name);
            for change in changes(before.as_ref(), extension.as_ref()) {
                self.show(change.typ, change.text.get(lang).to_owned());
            }
            let last = state.reviews.note(name, extension);
            if is_news {
                self.refresh_reviews();
            }
            last
        };
        last_known::keep(&self.session, last).await;
        if self.state().reviews.may_change(name) {
            Asked::Waiting
        } else {
            Asked::Over
        }
    }
}

impl State {
    /// The names of the extensions whose manifests are open.
    fn open_names(&self) -> Vec<String> {
        let analyses = self
            .packages
            .iter()
            .filter_map(|(_, it)| it.analysis.as_ref());
        let names = analyses.filter_map(|it| it.package.as_ref()?.manifest().name());
        let mut names: Vec<_> = names.map(|name| name.value).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Whether the task with this handle is the one that polls an extension.
    fn is_polled_by(&self, name: &str, poll: &Arc<Notify>) -> bool {
        let current = self.reviews.polls.get(name);
        current.is_some_and(|current| Arc::ptr_eq(current, poll))
    }

    /// Whether that task is to go on.
    fn is_followed(&self, name: &str, poll: &Arc<Notify>) -> bool {
        self.is_polled_by(name, poll)
            && self.reviews.poll != Poll::Off
            && self.reviews.is_asked_for(name)
            && self.open_names().iter().any(|open| open == name)
    }

    /// The language for what is said about an extension.
    fn lang_of_extension(&self, name: &str) -> Lang {
        let open = self
            .packages
            .iter()
            .filter_map(|(_, it)| it.analysis.as_ref());
        let mut same = open.filter(|analysis| {
            let package = analysis.package.as_ref();
            package
                .and_then(|it| it.manifest().name())
                .is_some_and(|it| it.value == name)
        });
        same.next()
            .map_or_else(|| self.lang(), |analysis| self.lang_of(analysis))
    }
}

/// What the cloud knows of an extension; `None` if it was never pushed. While no version has changed,
/// nothing else is asked for.
async fn ask(client: &Client, name: &str, known: Option<Answer>) -> Result<Option<Answer>, Error> {
    let none_if_missing = |error: Error| match error.kind() {
        ErrorKind::NotFound => Ok(None),
        _ => Err(error),
    };
    let snapshots: Vec<_> = match client.snapshots(name).await {
        Ok(snapshots) => snapshots.into_iter().map(Snapshot::from).collect(),
        Err(error) => return none_if_missing(error),
    };
    if let Some(known) = known.filter(|it| !it.id.is_empty() && it.snapshots == snapshots) {
        return Ok(Some(known));
    }
    let asked = status::complete(client, name, snapshots).await;
    asked.map_or_else(none_if_missing, |answer| Ok(Some(answer)))
}

/// A change that people are told.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    typ: MessageType,
    text: Bilingual,
}

/// The versions that stand elsewhere than before. One that was not known before is no change.
fn changes(before: Option<&Answer>, after: Option<&Answer>) -> Vec<Change> {
    let (Some(before), Some(after)) = (before, after) else {
        return Vec::new();
    };
    let moved = after.snapshots.iter().filter(|now| {
        let then = before.snapshots.iter().find(|then| then.id == now.id);
        then.is_some_and(|then| then.status != now.status)
    });
    moved.map(|now| change(&after.name, now)).collect()
}

fn change(name: &str, now: &Snapshot) -> Change {
    let word = state_word(&now.status);
    let (version, en, zh) = (&now.version, &word.en, &word.zh);
    let text = match &now.reason {
        None => bilingual!(
            "{name} {version} is {en} now",
            "{name} {version} 现在的状态：{zh}"
        ),
        Some(reason) => bilingual!(
            "{name} {version} is {en} now: {reason}",
            "{name} {version} 现在的状态：{zh}。{reason}",
        ),
    };
    let typ = match Verdict::of(&now.status) {
        Some(Verdict::Refused(_)) => MessageType::WARNING,
        _ => MessageType::INFO,
    };
    Change { typ, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extension(versions: &[(&str, &str, Option<&str>)]) -> Answer {
        let snapshots = versions.iter().map(|(id, status, reason)| Snapshot {
            id: (*id).to_owned(),
            version: format!("{id}.0.0"),
            status: (*status).to_owned(),
            updated_at: None,
            reason: reason.map(str::to_owned),
        });
        Answer::of("demo", snapshots.collect())
    }

    #[test]
    fn what_stands_elsewhere_than_before_is_told() {
        let before = extension(&[
            ("1", "submitted", None),
            ("2", "submitted", None),
            ("3", "active", None),
        ]);
        let after = extension(&[
            ("1", "active", None),
            ("2", "rejected", Some("图标太小")),
            ("3", "active", None),
            ("4", "submitted", None),
        ]);
        let told = changes(Some(&before), Some(&after));
        let told: Vec<_> = told
            .iter()
            .map(|it| (it.typ, it.text.en.as_ref(), it.text.zh.as_ref()))
            .collect();
        let expected = [
            (
                MessageType::INFO,
                "demo 1.0.0 is active now",
                "demo 1.0.0 现在的状态：已上架",
            ),
            (
                MessageType::WARNING,
                "demo 2.0.0 is rejected now: 图标太小",
                "demo 2.0.0 现在的状态：已驳回。图标太小",
            ),
        ];
        assert_eq!(told, expected);
        for (before, after) in [
            (None, Some(&after)),
            (Some(&before), None),
            (Some(&after), Some(&after)),
        ] {
            assert_eq!(changes(before, after), []);
        }
    }
}
