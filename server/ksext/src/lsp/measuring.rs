//! What lies in the package and how large it is, off the typing path.
//!
//! Reading and packing every file is the only way to know it, so it is done after a pause, in a
//! thread of its own, given up at the next change, and not repeated while all files are the same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ksext_core::package::Contents;

use super::analysis::{Analysis, Input};
use super::checking::Cause;
use super::packages::Home;
use super::refreshing::Shown;
use super::state::{Shared, State};
use crate::host::disk::Disk;

/// How long a text must rest before its package is packed.
pub(super) const PAUSE: Duration = Duration::from_millis(300);

/// What is known of a package's contents.
#[derive(Debug, Default)]
pub(super) struct Measurement {
    known: Option<Known>,
    /// Stops the measurement that waits or runs.
    unwanted: Option<Arc<AtomicBool>>,
}

#[derive(Clone, Debug)]
struct Known {
    /// Of all files that were looked at; `None` if they could not be told apart from others.
    fingerprint: Option<u64>,
    contents: Arc<Contents>,
}

impl Measurement {
    /// What was read last.
    pub(super) fn contents(&self) -> Option<Arc<Contents>> {
        let known = self.known.as_ref()?;
        Some(Arc::clone(&known.contents))
    }

    /// Keeps what a check has read by itself.
    pub(super) fn keep(&mut self, analysis: &Analysis) {
        if self.known.is_none()
            && let Some(contents) = &analysis.input.contents
        {
            self.known = Some(Known {
                fingerprint: None,
                contents: Arc::clone(contents),
            });
        }
    }

    /// Gives up what waits or runs.
    fn cancel(&mut self) {
        if let Some(unwanted) = self.unwanted.take() {
            unwanted.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Measurement {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Shared {
    /// Has the package measured after `pause`, unless it is measured anew before. One of which no file
    /// is open is not.
    pub(super) fn measure(self: &Arc<Self>, state: &mut State, home: &Home, pause: Duration) {
        if !state.is_open(home) || matches!(home, Home::Text(_)) {
            return;
        }
        let Some(open) = state.packages.get_mut(home) else {
            return;
        };
        open.measurement.cancel();
        let unwanted = Arc::new(AtomicBool::new(false));
        open.measurement.unwanted = Some(Arc::clone(&unwanted));
        let shared = Arc::clone(self);
        let home = home.clone();
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            shared.measure_now(&home, unwanted).await;
        });
    }

    async fn measure_now(self: Arc<Self>, home: &Home, unwanted: Arc<AtomicBool>) {
        let (input, known) = {
            let state = self.state();
            let Some(open) = state.packages.get(home) else {
                return;
            };
            let is_ours = open
                .analysis
                .as_ref()
                .is_some_and(|done| done.package.is_some());
            if unwanted.load(Ordering::Relaxed) || !is_ours {
                return;
            }
            let Some(input) = state.input(home, None) else {
                return;
            };
            (input, open.measurement.known.clone())
        };
        let stop = Arc::clone(&unwanted);
        let measured = tokio::task::spawn_blocking(move || {
            measured(&input, known, &|| stop.load(Ordering::Relaxed))
        });
        let Ok(Some(measured)) = measured.await else {
            return;
        };

        let mut state = self.state();
        let Some(open) = state.packages.get_mut(home) else {
            return;
        };
        if unwanted.load(Ordering::Relaxed) {
            return;
        }
        let before = open.measurement.contents();
        let is_new = !before
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, &measured.contents));
        let size = before.and_then(|before| before.projected());
        let resized = measured.contents.projected() != size;
        open.measurement.known = Some(measured);
        if is_new {
            self.check(&mut state, home, Cause::Outside);
        }
        if resized {
            self.refresh(Shown::Lenses);
        }
    }
}

/// Reads and packs, unless `known` is about the same files; `None` if it was cancelled.
fn measured(input: &Input, known: Option<Known>, cancelled: &dyn Fn() -> bool) -> Option<Known> {
    let disk = Disk::new(&input.root).fingerprint(cancelled);
    let fingerprint = disk.map(|disk| {
        let mut hasher = DefaultHasher::new();
        disk.hash(&mut hasher);
        for buffer in &input.buffers {
            (&buffer.path, buffer.text.text()).hash(&mut hasher);
        }
        hasher.finish()
    });
    if let Some(known) =
        known.filter(|known| fingerprint.is_some() && known.fingerprint == fingerprint)
    {
        return Some(known);
    }
    let contents = input.package().ok()?.contents(cancelled)?;
    Some(Known {
        fingerprint,
        contents: Arc::new(contents),
    })
}
