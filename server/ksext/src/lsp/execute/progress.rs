//! The progress of a command, as far as the client shows it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::stop::Stop;
use crate::lsp::proto::notification::Progress as ProgressNotification;
use crate::lsp::proto::request::WorkDoneProgressCreate;
use crate::lsp::proto::{
    NumberOrString, ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress,
    WorkDoneProgressBegin, WorkDoneProgressCreateParams, WorkDoneProgressEnd,
    WorkDoneProgressReport,
};
use crate::lsp::state::Shared;

/// How long a client may take to make room for a progress.
const PATIENCE: Duration = Duration::from_secs(10);

/// Progress on the request's own token, or on one that we create, or on none.
#[derive(Debug)]
pub(super) struct Progress {
    shared: Arc<Shared>,
    phase: Arc<Mutex<Phase>>,
}

#[derive(Debug)]
enum Phase {
    /// The client is asked for room; what is to be shown by then.
    Asking {
        message: Option<String>,
        percentage: u32,
    },
    /// Shown under this token.
    Shown(ProgressToken),
    /// Not shown, or not any more.
    Over,
}

impl Progress {
    /// Begins. `stop` is what the client cancels.
    pub(super) fn begin(
        shared: &Arc<Shared>,
        title: String,
        token: Option<ProgressToken>,
        stop: &Stop,
    ) -> Self {
        let phase = match &token {
            Some(token) => {
                show(shared, token, title.clone(), None, 0, stop);
                Phase::Shown(token.clone())
            }
            None if shared.abilities().begin_progress => Phase::Asking {
                message: None,
                percentage: 0,
            },
            None => Phase::Over,
        };
        let asks = matches!(phase, Phase::Asking { .. });
        let progress = Self {
            shared: Arc::clone(shared),
            phase: Arc::new(Mutex::new(phase)),
        };
        if asks {
            progress.ask(title, stop.clone());
        }
        progress
    }

    /// Asks the client for room, and shows where the command is by then.
    fn ask(&self, title: String, stop: Stop) {
        let number = self.shared.state().next_number();
        let token = NumberOrString::String(format!("ksext/{number}"));
        let params = WorkDoneProgressCreateParams {
            token: token.clone(),
        };
        let answer = self
            .shared
            .client
            .request::<WorkDoneProgressCreate>(params, PATIENCE);
        let (shared, phase) = (Arc::clone(&self.shared), Arc::clone(&self.phase));
        tokio::spawn(async move {
            let answer = answer.await;
            let mut phase = locked(&phase);
            let Phase::Asking {
                message,
                percentage,
            } = &mut *phase
            else {
                return;
            };
            *phase = match answer {
                Ok(()) => {
                    show(&shared, &token, title, message.take(), *percentage, &stop);
                    Phase::Shown(token)
                }
                Err(error) => {
                    tracing::debug!(%error, "no progress is shown");
                    Phase::Over
                }
            };
        });
    }

    /// Tells how far it is, in percent.
    pub(super) fn report(&self, now: &str, percent: u32) {
        tell(&self.shared, &self.phase, now, Some(percent));
    }

    /// Shows for what it waits; the answer says whether there is a progress to show it in.
    pub(super) fn waits(&self) -> impl Fn(&str) -> bool + Send + Sync + 'static {
        let (shared, phase) = (Arc::clone(&self.shared), Arc::clone(&self.phase));
        move |what| tell(&shared, &phase, what, None)
    }

    /// Ends it with a last word.
    pub(super) fn end(&self, last: Option<&str>) {
        let before = std::mem::replace(&mut *locked(&self.phase), Phase::Over);
        if let Phase::Shown(token) = before {
            self.shared.running.remove(&token);
            let end = WorkDoneProgressEnd {
                message: last.map(str::to_owned),
            };
            send(&self.shared, &token, WorkDoneProgress::End(end));
        }
    }
}

impl Drop for Progress {
    /// A command that panics leaves no progress behind.
    fn drop(&mut self) {
        self.end(None);
    }
}

fn show(
    shared: &Shared,
    token: &ProgressToken,
    title: String,
    message: Option<String>,
    percentage: u32,
    stop: &Stop,
) {
    shared.running.add(token, stop.clone());
    let begin = WorkDoneProgressBegin {
        title,
        cancellable: Some(true),
        message,
        percentage: Some(percentage),
    };
    send(shared, token, WorkDoneProgress::Begin(begin));
}

/// Shows what is being done, and how far it is if that has changed; the answer says whether it is shown.
fn tell(shared: &Shared, phase: &Mutex<Phase>, now: &str, percent: Option<u32>) -> bool {
    match &mut *locked(phase) {
        Phase::Asking {
            message,
            percentage,
        } => {
            *message = Some(now.to_owned());
            *percentage = percent.unwrap_or(*percentage);
        }
        Phase::Shown(token) => {
            let report = WorkDoneProgressReport {
                cancellable: Some(true),
                message: Some(now.to_owned()),
                percentage: percent,
            };
            send(shared, token, WorkDoneProgress::Report(report));
        }
        Phase::Over => return false,
    }
    true
}

fn send(shared: &Shared, token: &ProgressToken, value: WorkDoneProgress) {
    let params = ProgressParams {
        token: token.clone(),
        value: ProgressParamsValue::WorkDone(value),
    };
    shared.client.notify::<ProgressNotification>(params);
}

fn locked(phase: &Mutex<Phase>) -> MutexGuard<'_, Phase> {
    phase.lock().unwrap_or_else(PoisonError::into_inner)
}
