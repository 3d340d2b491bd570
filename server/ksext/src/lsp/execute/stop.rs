//! How a running command is stopped: by its request, by its progress, by the end of the session.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::lsp::proto::{NumberOrString, ProgressToken};

/// The wish that one command ends. Clones are the same wish.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Sender<Wish>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// That it goes on.
    None,
    /// That it ends and says how.
    End,
    /// That it ends; the request has been answered, so its own answer reaches nobody.
    EndUnheard,
}

impl Stop {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Wish::None))
    }

    /// Wishes it.
    pub(super) fn stop(&self) {
        self.0.send_if_modified(|wish| {
            let is_first = *wish == Wish::None;
            if is_first {
                *wish = Wish::End;
            }
            is_first
        });
    }

    /// Ends when it is wished.
    pub(super) async fn wished(&self) {
        let mut wish = self.0.subscribe();
        // The sender lives as long as this.
        let _ = wish.wait_for(|wish| *wish != Wish::None).await;
    }

    /// Whether the answer of the command reaches nobody.
    pub(super) fn is_unheard(&self) -> bool {
        *self.0.borrow() == Wish::EndUnheard
    }

    /// Wishes it when the guard is dropped, and that nobody hears the answer.
    pub(super) fn on_drop(&self) -> StopOnDrop {
        StopOnDrop(self.clone())
    }
}

/// See [`Stop::on_drop`].
pub(super) struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.0.send_replace(Wish::EndUnheard);
    }
}

/// The commands that show progress, by its token.
#[derive(Debug, Default)]
pub(in crate::lsp) struct Running(Mutex<HashMap<String, Stop>>);

impl Running {
    /// Stops the command whose progress was cancelled (`window/workDoneProgress/cancel`).
    pub(in crate::lsp) fn cancel(&self, token: &ProgressToken) {
        match self.all().get(&key(token)) {
            Some(stop) => stop.stop(),
            None => tracing::debug!("a progress was cancelled that has ended"),
        }
    }

    pub(super) fn add(&self, token: &ProgressToken, stop: Stop) {
        self.all().insert(key(token), stop);
    }

    pub(super) fn remove(&self, token: &ProgressToken) {
        self.all().remove(&key(token));
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Stop>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `1` and `"1"` are two tokens.
fn key(token: &ProgressToken) -> String {
    match token {
        NumberOrString::Number(number) => number.to_string(),
        NumberOrString::String(text) => format!("\"{text}"),
    }
}
