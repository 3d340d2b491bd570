//! When the session ends, with which exit code, and what makes sure that it does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc;
use tower_lsp::jsonrpc::Request;

use super::message::Message;
use super::{Incoming, Options};

/// How a session ended (LSP 3.17, `exit`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// The client had sent `shutdown`.
    AfterShutdown,
    /// It had not: it broke off, crashed or died.
    WithoutShutdown,
}

impl ExitStatus {
    /// The exit code of the process.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::AfterShutdown => 0,
            Self::WithoutShutdown => 1,
        }
    }
}

/// Ends the process with `status`, whatever is still running.
#[expect(
    clippy::exit,
    reason = "the watchdog's work: a handler is stuck and `main` will not return"
)]
pub(super) fn end_process(status: ExitStatus) {
    std::process::exit(status.code().into());
}

/// Watches the messages for the end of the session.
pub(super) struct Lifecycle {
    options: Options,
    shutdown_seen: AtomicBool,
    finished: AtomicBool,
    watchdog: OnceLock<()>,
    parent_watch: OnceLock<()>,
}

impl Lifecycle {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            shutdown_seen: AtomicBool::new(false),
            finished: AtomicBool::new(false),
            watchdog: OnceLock::new(),
            parent_watch: OnceLock::new(),
        }
    }

    /// Looks at a message on its way to the dispatcher, in the reader's thread: a stuck handler
    /// does not keep `exit` from being seen.
    pub(super) fn observe(
        self: &Arc<Self>,
        message: &Message,
        queue: &mpsc::UnboundedSender<Incoming>,
    ) {
        let Message::Request(request) = message else {
            return;
        };
        match request.method() {
            "initialize" => self.watch_parent(request, queue),
            "shutdown" => self.shutdown_seen.store(true, Ordering::SeqCst),
            "exit" => self.arm_watchdog(),
            _ => {}
        }
    }

    /// No message will come any more.
    pub(super) fn end(self: &Arc<Self>, queue: &mpsc::UnboundedSender<Incoming>) {
        self.arm_watchdog();
        drop(queue.send(Incoming::End));
    }

    /// The session has ended by itself: calls off the watchdog and the watch over the parent.
    pub(super) fn finish(&self) -> ExitStatus {
        self.finished.store(true, Ordering::SeqCst);
        self.status()
    }

    fn status(&self) -> ExitStatus {
        if self.shutdown_seen.load(Ordering::SeqCst) {
            ExitStatus::AfterShutdown
        } else {
            ExitStatus::WithoutShutdown
        }
    }

    /// From now on the session has [`Options::process_grace`] to end.
    fn arm_watchdog(self: &Arc<Self>) {
        self.watchdog.get_or_init(|| {
            let lifecycle = Arc::clone(self);
            std::thread::spawn(move || {
                std::thread::sleep(lifecycle.options.process_grace);
                if !lifecycle.finished.load(Ordering::SeqCst) {
                    (lifecycle.options.terminate)(lifecycle.status());
                }
            });
        });
    }

    /// Ends the session when the editor's process is gone (LSP 3.17, `InitializeParams.processId`):
    /// the input alone does not tell, since another process may hold the pipe open.
    fn watch_parent(
        self: &Arc<Self>,
        initialize: &Request,
        queue: &mpsc::UnboundedSender<Incoming>,
    ) {
        let process_id = initialize
            .params()
            .and_then(|params| params["processId"].as_u64());
        let Some(process_id) = process_id.and_then(|id| u32::try_from(id).ok()) else {
            return;
        };
        let Options {
            is_alive,
            parent_interval,
            ..
        } = self.options;
        self.parent_watch.get_or_init(|| {
            // In a container the editor's process may have no number that means anything here.
            if !is_alive(process_id) {
                tracing::info!(
                    process_id,
                    "cannot see the client's process, so it is not watched"
                );
                return;
            }
            let lifecycle = Arc::clone(self);
            let queue = queue.clone();
            std::thread::spawn(move || {
                while !lifecycle.finished.load(Ordering::SeqCst) {
                    if !is_alive(process_id) {
                        tracing::warn!(process_id, "the client's process is gone");
                        lifecycle.end(&queue);
                        return;
                    }
                    std::thread::sleep(parent_interval);
                }
            });
        });
    }
}
