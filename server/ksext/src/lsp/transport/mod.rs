//! Carries LSP messages between the editor's pipes and the handlers: in order, whatever comes in.
//!
//! tower-lsp-server names the methods, decodes their parameters, keeps the session's state and
//! cancels requests ([`LspService`]). Its message loop (`tower_lsp::Server`) is not used, because
//! that one lets handlers overtake each other, stops reading when handlers wait for the client,
//! hangs on a panic and ends on a bad frame. Here instead:
//!
//! ```text
//! stdin ─> reader thread ──────────> dispatch ────────> handlers ──> outbox ─> writer thread ─> stdout
//!          frames, message,          in_order: starts                client
//!          lifecycle                 each one on arrival
//! ```
//!
//! * Reading waits for nothing, so `exit`, the end of the input, a cancellation and the client's
//!   answers are always seen, even if a handler never gives its thread back.
//! * A handler runs up to its first `.await` before the next message is looked at. State that is
//!   changed or copied there is that of the message's own place in the stream.
//! * Sending waits for nothing either: [`Client`] queues.
//!
//! What the messages mean is left to the server in the folder above.

mod client;
mod frames;
mod in_order;
mod lifecycle;
mod message;
mod panics;
mod parent;
#[cfg(test)]
mod tests;

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tower_lsp::{LanguageServer, LspService};

pub(crate) use client::{Client, RequestError};
pub(crate) use lifecycle::ExitStatus;
pub(crate) use panics::log_panics;

use client::Outbox;
use frames::{Frame, FrameReader};
use in_order::Started;
use lifecycle::Lifecycle;
use message::Message;

/// What differs between the program and a test of this module.
#[derive(Clone)]
pub(crate) struct Options {
    /// Longest message body that is read, in bytes; longer ones are skipped and answered by an error.
    pub(crate) message_limit: usize,
    /// How long handlers may go on after the end of the input.
    pub(crate) handler_grace: Duration,
    /// How long after `exit`, the end of the input or the editor's death the process may live.
    pub(crate) process_grace: Duration,
    /// How often the editor's process is looked for.
    pub(crate) parent_interval: Duration,
    /// Whether the process with this id runs.
    pub(crate) is_alive: fn(u32) -> bool,
    /// Ends the process when [`serve`] has not returned in time.
    pub(crate) terminate: Arc<dyn Fn(ExitStatus) + Send + Sync>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            message_limit: 64 << 20,
            handler_grace: Duration::from_millis(300),
            process_grace: Duration::from_millis(500),
            parent_interval: Duration::from_secs(2),
            is_alive: parent::is_alive,
            terminate: Arc::new(lifecycle::end_process),
        }
    }
}

/// What the reader hands to the dispatcher.
enum Incoming {
    Message(Message),
    /// The input ended, or the editor died: no message will follow.
    End,
}

/// Serves one session and says how it ended; the caller ends the process with that status.
///
/// `build` gets the handle through which the server talks to the client. Two threads are started,
/// one for each direction. The one that reads may outlive this call, blocked in a read: the caller
/// must not wait for it.
pub(crate) async fn serve<R, W, S, F>(input: R, output: W, options: Options, build: F) -> ExitStatus
where
    R: Read + Send + 'static,
    W: Write + Send + 'static,
    S: LanguageServer,
    F: FnOnce(Client) -> LspService<S>,
{
    let lifecycle = Arc::new(Lifecycle::new(options.clone()));
    let (outbox, written) = client::write_to(output);
    let client = Client::new(outbox.clone());

    let (queue, incoming) = mpsc::unbounded_channel();
    let reader = Reader {
        frames: FrameReader::new(input, options.message_limit),
        lifecycle: Arc::clone(&lifecycle),
        outbox: outbox.clone(),
        queue,
    };
    std::thread::spawn(move || reader.run());

    let service = build(client.clone());
    dispatch(service, incoming, &client, options.handler_grace).await;

    // What a stuck client leaves unread is cut off by the watchdog.
    outbox.close();
    let _ = written.await;
    lifecycle.finish()
}

/// The thread that reads.
struct Reader<R> {
    frames: FrameReader<R>,
    lifecycle: Arc<Lifecycle>,
    outbox: Outbox,
    queue: mpsc::UnboundedSender<Incoming>,
}

impl<R: Read> Reader<R> {
    fn run(mut self) {
        loop {
            let message = match self.frames.next() {
                Ok(Some(Frame::Body(body))) => message::decode(&body),
                Ok(Some(Frame::TooLong { length })) => Err(message::too_long(length)),
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(%error, "cannot read from the client");
                    break;
                }
            };
            match message {
                Ok(message) => {
                    self.lifecycle.observe(&message, &self.queue);
                    if self.queue.send(Incoming::Message(message)).is_err() {
                        return;
                    }
                }
                Err(rejected) => {
                    tracing::warn!(reason = %rejected.reason, "ignored a message from the client");
                    self.outbox.send(&rejected.answer);
                }
            }
        }
        self.lifecycle.end(&self.queue);
    }
}

/// Starts the handler of each message as it arrives, until `exit` or the end of the input.
async fn dispatch<S: LanguageServer>(
    mut service: LspService<S>,
    mut incoming: mpsc::UnboundedReceiver<Incoming>,
    client: &Client,
    grace: Duration,
) {
    let mut running = JoinSet::new();
    while let Some(Incoming::Message(message)) = incoming.recv().await {
        // Finished ones would be kept otherwise.
        while running.try_join_next().is_some() {}
        match message {
            Message::Response { id, outcome } => client.resolve(id, outcome),
            Message::Request(request) => {
                let is_exit = request.method() == "exit";
                match in_order::start(&mut service, request) {
                    Started::Done(Some(answer)) => client.answer(&answer),
                    Started::Done(None) => {}
                    Started::Running(handler) => {
                        let client = client.clone();
                        running.spawn(async move {
                            if let Some(answer) = handler.await {
                                client.answer(&answer);
                            }
                        });
                    }
                }
                if is_exit {
                    return;
                }
            }
        }
    }
    // A script may write all its messages, close the pipe and then read the answers.
    let _ = tokio::time::timeout(grace, async {
        while running.join_next().await.is_some() {}
    })
    .await;
}
