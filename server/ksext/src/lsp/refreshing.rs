//! Having the client ask again for what it shows and cannot see change.
//!
//! News is gathered for a moment, and a client that is busy with one question is not asked the same
//! again before it has answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::proto::notification::Notification;
use super::proto::request::{CodeLensRefresh, InlayHintRefreshRequest, WorkspaceDiagnosticRefresh};
use super::server::CLIENT_PATIENCE;
use super::state::Shared;

/// How long news is gathered before it is passed on.
pub(super) const PAUSE: Duration = Duration::from_millis(40);

/// What a client shows of our answers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    Diagnostics,
    Lenses,
    Hints,
    /// `ksext/packageStatus`
    Status,
}

/// Whether the client is being asked to ask again, for each of [`Shown`].
#[derive(Debug, Default)]
pub(super) struct Refreshing([Asking; 4]);

#[derive(Debug, Default)]
struct Asking {
    running: AtomicBool,
    again: AtomicBool,
}

/// `ksext/didChangePackageStatus`: what `ksext/packageStatus` says of some package has changed.
enum DidChangePackageStatus {}

impl Notification for DidChangePackageStatus {
    type Params = ();
    const METHOD: &'static str = "ksext/didChangePackageStatus";
}

impl Refreshing {
    fn of(&self, shown: Shown) -> &Asking {
        let [diagnostics, lenses, hints, status] = &self.0;
        match shown {
            Shown::Diagnostics => diagnostics,
            Shown::Lenses => lenses,
            Shown::Hints => hints,
            Shown::Status => status,
        }
    }
}

impl Shared {
    /// Has the client ask again soon, if it can.
    pub(super) fn refresh(self: &Arc<Self>, shown: Shown) {
        let abilities = self.abilities();
        let can = match shown {
            Shown::Diagnostics => abilities.refresh_diagnostics,
            Shown::Lenses => abilities.refresh_lenses,
            Shown::Hints => abilities.refresh_hints,
            Shown::Status => abilities.package_status,
        };
        let asking = self.refreshing.of(shown);
        asking.again.store(true, Ordering::Relaxed);
        if !can || asking.running.swap(true, Ordering::Relaxed) {
            return;
        }
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            let asking = shared.refreshing.of(shown);
            loop {
                tokio::time::sleep(PAUSE).await;
                asking.again.store(false, Ordering::Relaxed);
                shared.ask_again(shown).await;
                // All of this happens on one thread.
                if !asking.again.load(Ordering::Relaxed) {
                    asking.running.store(false, Ordering::Relaxed);
                    return;
                }
            }
        });
    }

    async fn ask_again(&self, shown: Shown) {
        let (client, within) = (&self.client, CLIENT_PATIENCE);
        let answer = match shown {
            Shown::Diagnostics => {
                client
                    .request::<WorkspaceDiagnosticRefresh>((), within)
                    .await
            }
            Shown::Lenses => client.request::<CodeLensRefresh>((), within).await,
            Shown::Hints => client.request::<InlayHintRefreshRequest>((), within).await,
            Shown::Status => {
                client.notify::<DidChangePackageStatus>(());
                Ok(())
            }
        };
        if let Err(error) = answer {
            tracing::debug!(%error, ?shown, "what is shown may be old");
        }
    }
}
