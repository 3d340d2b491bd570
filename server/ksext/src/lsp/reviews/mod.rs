//! What is known of reviews: heard from commands, asked for by polling, remembered from former sessions.
//!
//! ```text
//! a command's answer ── learn ──┐
//! polling (polling.rs) ─────────┼─> Reviews ── review_of ──> lenses, hint, hover (words.rs)
//! the disk (last_known) ────────┘                └ ageing: asks the client to ask again
//! ```
//!
//! Nothing is asked of the cloud before a person has asked for something in this session.

mod polling;
mod words;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ksext_core::lang::Bilingual;
use ksext_core::manifest::Manifest;
use ksext_core::settings::Poll;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;

pub(super) use words::Review;

use super::features::offers::{LOGIN, PUSH, STATUS, UNPUSH};
use super::refreshing::Shown;
use super::state::Shared;
use crate::commands::last_known::{self, LastKnown};
use crate::commands::review::{DRAFT, is_undecided};
use crate::commands::status::{Answer, Snapshot};

/// Forgetting the login.
const LOGOUT: &str = "ksext.logout";
/// Handing a draft to the reviewers.
const SUBMIT: &str = "ksext.submit";

/// So many names are looked up before those of no interest any more are forgotten: while a name is
/// typed, each of its beginnings is one.
const MANY: usize = 100;

/// Ages count whole seconds, so a text may be true for one more than it says.
const SLACK: Duration = Duration::from_secs(1);

/// So often the cloud is asked about a draft that a push has left there: it may have been handed to the
/// reviewers without the cloud saying so yet.
const SETTLING: u8 = 3;

/// What is known of reviews at one server.
#[derive(Debug)]
pub(super) struct Reviews {
    /// The server that all of this is about, and whose login it is, once they are known.
    server: Option<String>,
    account: Option<String>,
    /// By the extension's name.
    known: HashMap<String, Known>,
    /// About what a person has asked.
    asked_for: AskedFor,
    /// What polls an extension, by its name; notified, it asks at once.
    polls: HashMap<String, Arc<Notify>>,
    poll: Poll,
    /// Whether the review stands behind `version`.
    hint: bool,
    /// Changes with everything that a command tells.
    told: u64,
    /// Commands at work that change what the cloud says.
    acting: usize,
    /// When the client is to ask again, and what will tell it.
    ageing: Option<(Instant, AbortHandle)>,
}

/// What is known of an extension.
#[derive(Debug, Default)]
struct Known {
    /// The last answer; `None` if there never was one.
    last: Option<LastKnown>,
    /// Why there is no newer one.
    failure: Option<Bilingual>,
    /// How often more it is asked for, whatever it says.
    settling: u8,
}

/// About what a person has asked the cloud in this session.
#[derive(Debug, Default)]
struct AskedFor {
    /// They have logged in: whatever they work on.
    everything: bool,
    names: HashSet<String>,
}

/// What a command's answer was about.
#[derive(Debug, PartialEq, Eq)]
enum Learnt {
    Nothing,
    /// All is known of the extension that the cloud has to say.
    All(String),
    /// Something has changed about the extension.
    Part(String),
    /// Somebody has logged in.
    Login,
}

impl Default for Reviews {
    fn default() -> Self {
        Self {
            server: None,
            account: None,
            known: HashMap::new(),
            asked_for: AskedFor::default(),
            polls: HashMap::new(),
            poll: Poll::default(),
            hint: true,
            told: 0,
            acting: 0,
            ageing: None,
        }
    }
}

/// A command at work: until it is done, what the cloud says may be what the command has just changed,
/// which is no news to whoever started it.
pub(super) struct Acting(Arc<Shared>);

impl Drop for Acting {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.reviews.acting -= 1;
        state.reviews.told += 1;
    }
}

impl Shared {
    /// Notes that a command begins, to be kept until it is done.
    pub(super) fn acting(self: &Arc<Self>, command: &str) -> Option<Acting> {
        if !matches!(command, PUSH | SUBMIT | UNPUSH) {
            return None;
        }
        self.state().reviews.acting += 1;
        Some(Acting(Arc::clone(self)))
    }

    /// What is known of the version that a manifest names; `None` if nothing is, or nobody is logged in.
    pub(super) async fn review_of(self: &Arc<Self>, manifest: &Manifest) -> Option<Review> {
        let (name, version) = (manifest.name()?.value, manifest.version()?.value);
        self.review_of_version(name, version).await
    }

    /// The same for a version that is named.
    pub(super) async fn review_of_version(
        self: &Arc<Self>,
        name: String,
        version: String,
    ) -> Option<Review> {
        let server = self.session.credentials().await.ok()?.server;
        let server = server.as_str();
        let account = {
            let mut state = self.state();
            state.reviews.meet(server);
            match state.reviews.known.get(&name) {
                Some(known) => return Review::of(known, name, version, Timestamp::now()),
                None => state.reviews.account.clone(),
            }
        };
        let last = last_known::recall(&self.session, server, account.as_deref(), &name).await;
        let mut state = self.state();
        state.reviews.remember(server, &name, last);
        let known = state.reviews.known.get(&name)?;
        Review::of(known, name, version, Timestamp::now())
    }

    /// Whether the review is shown behind `version`.
    pub(super) fn shows_hint(&self) -> bool {
        self.state().reviews.hint
    }

    /// Takes over what the user has set; says whether that is another than before.
    pub(super) fn set_review_settings(self: &Arc<Self>, poll: Poll, hint: bool) -> bool {
        let mut state = self.state();
        let reviews = &mut state.reviews;
        let changed = (reviews.poll, reviews.hint) != (poll, hint);
        if reviews.poll != poll {
            reviews.poll = poll;
            reviews.polls.values().for_each(|poll| poll.notify_one());
            self.follow_reviews(&mut state, None);
        }
        state.reviews.hint = hint;
        changed
    }

    /// Takes in what the answer of a command tells of reviews, and follows what a person has asked
    /// about.
    pub(super) async fn heard(self: &Arc<Self>, command: &str, answer: &Value) {
        let login = self.session.credentials().await.ok();
        let kept = {
            let mut state = self.state();
            if let Some(login) = &login {
                state.reviews.meet(login.server.as_str());
            }
            let learnt = state.reviews.learn(command, answer);
            match learnt {
                Learnt::Nothing => return,
                Learnt::Login => self.follow_reviews(&mut state, None),
                Learnt::All(name) => {
                    self.follow_reviews(&mut state, Some(&name));
                    // The command itself has kept it.
                    return;
                }
                Learnt::Part(ref name) => {
                    self.follow_reviews(&mut state, None);
                    if let Some(poll) = state.reviews.polls.get(name) {
                        poll.notify_one();
                    }
                }
            }
            match learnt {
                Learnt::Part(name) => state.reviews.last(&name).cloned(),
                _ => None,
            }
        };
        if let Some(last) = kept.filter(|_| login.is_some()) {
            last_known::keep(&self.session, last).await;
        }
    }

    /// Has the client ask again for what shows reviews.
    pub(super) fn refresh_reviews(self: &Arc<Self>) {
        self.refresh(Shown::Lenses);
        self.refresh(Shown::Hints);
        self.refresh(Shown::Status);
    }

    /// Has the client ask again once the words of a review are not true any more.
    pub(super) fn age_out(self: &Arc<Self>, lasts: Option<Duration>) {
        let Some(lasts) = lasts else { return };
        let end = Instant::now() + lasts + SLACK;
        let mut state = self.state();
        if let Some((sooner, timer)) = &state.reviews.ageing {
            if *sooner <= end {
                return;
            }
            timer.abort();
        }
        let shared = Arc::clone(self);
        let timer = tokio::spawn(async move {
            tokio::time::sleep_until(end).await;
            shared.state().reviews.ageing = None;
            shared.refresh_reviews();
        });
        state.reviews.ageing = Some((end, timer.abort_handle()));
    }
}

impl Reviews {
    /// Everything is about `server` from now on.
    fn meet(&mut self, server: &str) {
        if self.server.as_deref() == Some(server) {
            return;
        }
        if self.server.is_some() {
            self.forget();
        }
        self.server = Some(server.to_owned());
    }

    /// Forgets what is known, and what polls it.
    fn forget(&mut self) {
        self.account = None;
        self.known.clear();
        self.asked_for = AskedFor::default();
        // Each sees that it is not listed any more.
        for (_, poll) in self.polls.drain() {
            poll.notify_one();
        }
    }

    /// Takes in what was known in a former session, unless something was heard meanwhile.
    fn remember(&mut self, server: &str, name: &str, last: Option<LastKnown>) {
        if self.server.as_deref() != Some(server) {
            return;
        }
        if self.known.len() >= MANY {
            self.known.retain(|_, known| known.last.is_some());
        }
        self.known.entry(name.to_owned()).or_insert(Known {
            last,
            ..Known::default()
        });
    }

    fn last(&self, name: &str) -> Option<&LastKnown> {
        self.known.get(name)?.last.as_ref()
    }

    /// Whether a person has asked about `name`.
    fn is_asked_for(&self, name: &str) -> bool {
        self.asked_for.everything || self.asked_for.names.contains(name)
    }

    /// Whether the cloud may have news of `name`: it waits for the reviewers, or nothing is known.
    fn may_change(&self, name: &str) -> bool {
        let Some(known) = self.known.get(name) else {
            return true;
        };
        let Some(last) = &known.last else {
            return true;
        };
        if known.settling > 0 {
            return true;
        }
        let versions = last.extension.iter().flat_map(|it| &it.snapshots);
        versions.into_iter().any(|it| is_undecided(&it.status))
    }

    /// Notes an answer of the cloud; `None` for what was never pushed.
    fn note(&mut self, name: &str, extension: Option<Answer>) -> LastKnown {
        let server = self.server.as_deref().unwrap_or_default();
        let last = LastKnown::now(server, self.account.as_deref(), name, extension);
        let known = self.known.entry(name.to_owned()).or_default();
        known.last = Some(last.clone());
        known.failure = None;
        known.settling = known.settling.saturating_sub(1);
        last
    }

    /// Takes in what the answer of a command tells.
    fn learn(&mut self, command: &str, answer: &Value) -> Learnt {
        self.told += 1;
        match command {
            LOGIN => {
                self.account = answer["user"]["id"].as_str().map(str::to_owned);
                // An editor that hands over a key has asked for nothing yet.
                if self.account.is_none() {
                    return Learnt::Nothing;
                }
                self.asked_for.everything = true;
                Learnt::Login
            }
            LOGOUT => {
                self.forget();
                Learnt::Nothing
            }
            STATUS => match serde_json::from_value::<Answer>(answer.clone()) {
                Ok(extension) => {
                    let name = extension.name.clone();
                    self.note(&name, Some(extension));
                    self.asked_for.names.insert(name.clone());
                    Learnt::All(name)
                }
                Err(_) => Learnt::Nothing,
            },
            PUSH => self.learn_of_push(answer).unwrap_or(Learnt::Nothing),
            SUBMIT | UNPUSH => self.learn_of_change(answer).unwrap_or(Learnt::Nothing),
            _ => Learnt::Nothing,
        }
    }

    fn learn_of_push(&mut self, answer: &Value) -> Option<Learnt> {
        let text = |field: &str| answer[field].as_str().map(str::to_owned);
        let name = text("name")?;
        let pushed = Snapshot {
            id: text("snapshotId")?,
            version: text("version")?,
            status: text("status")?,
            updated_at: Some(Timestamp::now().to_string()),
            reason: None,
        };
        let mut extension = self
            .last(&name)
            .and_then(|last| last.extension.clone())
            .unwrap_or_else(|| Answer::of(&name, Vec::new()));
        // It replaces what was pushed of that version before.
        let others = |it: &Snapshot| it.version != pushed.version && it.id != pushed.id;
        extension.snapshots.retain(others);
        let is_draft = pushed.status == DRAFT;
        extension.snapshots.push(pushed);
        self.note(&name, Some(extension));
        if let Some(known) = self.known.get_mut(&name).filter(|_| is_draft) {
            known.settling = SETTLING;
        }
        self.asked_for.names.insert(name.clone());
        Some(Learnt::Part(name))
    }

    /// From a command that names a snapshot alone.
    fn learn_of_change(&mut self, answer: &Value) -> Option<Learnt> {
        let (id, status) = (answer["snapshotId"].as_str()?, answer["status"].as_str()?);
        let all = self.known.values().filter_map(|known| known.last.as_ref());
        let mut extension = all
            .filter_map(|last| last.extension.as_ref())
            .find(|extension| extension.snapshots.iter().any(|it| it.id == id))
            .cloned()?;
        for snapshot in extension.snapshots.iter_mut().filter(|it| it.id == id) {
            status.clone_into(&mut snapshot.status);
            snapshot.updated_at = Some(Timestamp::now().to_string());
            snapshot.reason = None;
        }
        let name = extension.name.clone();
        self.note(&name, Some(extension));
        self.asked_for.names.insert(name.clone());
        Some(Learnt::Part(name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn status(reviews: &Reviews, name: &str, version: &str) -> Option<String> {
        let extension = reviews.last(name)?.extension.as_ref()?;
        Some(extension.version(version)?.status.clone())
    }

    fn heard(reviews: &mut Reviews, steps: &[(&str, Value)]) {
        for (command, answer) in steps {
            reviews.learn(command, answer);
        }
    }

    fn pushed(version: &str, status: &str) -> Value {
        json!({"name": "demo", "version": version, "snapshotId": version, "status": status})
    }

    #[test]
    fn every_command_that_changes_a_state_is_heard() {
        let mut reviews = Reviews::default();
        reviews.meet("https://a");
        let change = |status: &str| json!({"snapshotId": "1.0.0", "status": status});
        for (command, answer, expected) in [
            (PUSH, pushed("1.0.0", "draft"), "draft"),
            (SUBMIT, change("submitted"), "submitted"),
            (UNPUSH, change("draft"), "draft"),
            (PUSH, pushed("1.0.0", "submitted"), "submitted"),
            ("ksext.size", pushed("1.0.0", "active"), "submitted"),
            (
                UNPUSH,
                json!({"snapshotId": "other", "status": "draft"}),
                "submitted",
            ),
        ] {
            heard(&mut reviews, &[(command, answer)]);
            let seen = status(&reviews, "demo", "1.0.0");
            assert_eq!(seen.as_deref(), Some(expected), "{command}");
        }
        let snapshots =
            json!([{"id": "1", "version": "1.0.0", "status": "active", "updatedAt": null}]);
        let answer = json!({"name": "demo", "id": "5", "status": "ready", "snapshots": snapshots});
        heard(&mut reviews, &[(STATUS, answer)]);
        assert_eq!(status(&reviews, "demo", "1.0.0").as_deref(), Some("active"));
        assert!(!reviews.may_change("demo"));
    }

    #[test]
    fn a_draft_that_was_just_pushed_is_looked_at_a_few_times() {
        let mut reviews = Reviews::default();
        heard(&mut reviews, &[(PUSH, pushed("1.0.0", "draft"))]);
        let mut questions = 0;
        while reviews.may_change("demo") {
            questions += 1;
            let same = reviews.last("demo").and_then(|last| last.extension.clone());
            reviews.note("demo", same);
        }
        assert_eq!(questions, SETTLING);
    }

    #[test]
    fn nothing_is_asked_for_before_a_person_has_asked() {
        let mut reviews = Reviews::default();
        reviews.meet("https://a");
        assert!(!reviews.is_asked_for("demo"));
        heard(&mut reviews, &[(PUSH, pushed("1.0.0", "submitted"))]);
        assert!(reviews.is_asked_for("demo") && !reviews.is_asked_for("other"));
        assert!(reviews.may_change("demo"));
        let login = json!({"server": "https://a", "user": {"id": "u-1"}});
        heard(&mut reviews, &[(LOGIN, login)]);
        assert!(reviews.is_asked_for("other"));
        heard(&mut reviews, &[(LOGOUT, json!({}))]);
        assert!(!reviews.is_asked_for("demo") && reviews.last("demo").is_none());
    }

    #[test]
    fn another_server_is_another_world() {
        let mut reviews = Reviews::default();
        heard(&mut reviews, &[(PUSH, pushed("1.0.0", "submitted"))]);
        reviews.meet("https://a");
        assert!(status(&reviews, "demo", "1.0.0").is_some());
        reviews.remember("https://b", "other", None);
        assert!(!reviews.known.contains_key("other"));
        reviews.meet("https://b");
        assert_eq!(status(&reviews, "demo", "1.0.0"), None);
        assert!(!reviews.is_asked_for("demo"));
    }

    #[test]
    fn half_typed_names_are_forgotten() {
        let mut reviews = Reviews::default();
        reviews.meet("https://a");
        heard(&mut reviews, &[(PUSH, pushed("1.0.0", "submitted"))]);
        for number in 0..3 * MANY {
            reviews.remember("https://a", &format!("d{number}"), None);
        }
        assert!(reviews.known.len() <= MANY);
        assert!(status(&reviews, "demo", "1.0.0").is_some());
    }
}
