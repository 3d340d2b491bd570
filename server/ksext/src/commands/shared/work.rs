//! How a command does work that takes a while: aside, and only as long as somebody waits for it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ksext_core::lang::Bilingual;

use crate::commands::{Refusal, Ui};

/// Does `work` until the user stops it.
pub(in crate::commands) async fn until_cancelled<T>(
    ui: &dyn Ui,
    work: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    tokio::select! {
        biased;
        done = work => done,
        () = ui.cancelled() => {
            let text = Bilingual::fixed("cancelled before it was done", "在完成之前已取消");
            Err(Refusal::new("cancelled", text))
        }
    }
}

/// Runs what reads files or computes beside the other work of this thread. `work` is told through its
/// argument when nobody waits for the result any more.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce(&dyn Fn() -> bool) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let unwanted = Arc::new(AtomicBool::new(false));
    let _raised_on_drop = RaiseOnDrop(Arc::clone(&unwanted));
    let done = tokio::task::spawn_blocking(move || work(&|| unwanted.load(Ordering::Relaxed)));
    match done.await {
        Ok(result) => result,
        Err(failed) => match failed.try_into_panic() {
            // The panic belongs to whoever asked, who answers for it as for any other.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Refusal::cancelled(&Bilingual::fixed(
                "the program is ending",
                "程序正在退出",
            ))),
        },
    }
}

struct RaiseOnDrop(Arc<AtomicBool>);

impl Drop for RaiseOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
