//! The handle through which the server talks to the client, and the thread that writes.
//!
//! Notifications, requests and answers share one queue, so they leave in the order in which they
//! were sent; a progress report made before an answer arrives before it.

use std::collections::HashMap;
use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tower_lsp::jsonrpc::{Error, Id, Response};

use crate::lsp::proto::notification::Notification;
use crate::lsp::proto::request::Request;

/// Talks to the client. Cheap to clone; nothing here blocks or waits for the client, except the
/// future that [`Client::request`] returns.
///
/// Send nothing from `initialize`: LSP wants its answer to be the first message.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    outbox: Outbox,
    waiting: Arc<Mutex<Waiting>>,
}

/// Our requests that the client has not answered.
#[derive(Debug, Default)]
struct Waiting {
    last_id: i64,
    answers: HashMap<i64, oneshot::Sender<Result<Value, Error>>>,
}

/// Why a request to the client has no result.
#[derive(Debug, PartialEq)]
pub(crate) enum RequestError {
    /// The client answered with an error.
    Refused(Error),
    /// The client has not answered in time.
    TimedOut(Duration),
    /// The answer does not have the shape that LSP gives it.
    Unreadable(String),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => {
                write!(
                    f,
                    "the client refused: {} ({})",
                    error.message,
                    error.code.code()
                )
            }
            Self::TimedOut(within) => {
                write!(
                    f,
                    "the client has not answered within {} s",
                    within.as_secs_f32()
                )
            }
            Self::Unreadable(why) => write!(f, "the client's answer is not what LSP says: {why}"),
        }
    }
}

impl std::error::Error for RequestError {}

impl Client {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self {
            outbox,
            waiting: Arc::default(),
        }
    }

    /// Sends a notification.
    pub(crate) fn notify<N: Notification>(&self, params: N::Params) {
        self.outbox.send(&Call {
            jsonrpc: "2.0",
            id: None,
            method: N::METHOD,
            params,
        });
    }

    /// Sends a request at once; the future is its answer, waited for at most `within`.
    ///
    /// A client may never answer. So no handler awaits this whose own answer the client could be
    /// waiting for; it spawns a task that does. Expect no success either: log the error.
    pub(crate) fn request<R: Request>(
        &self,
        params: R::Params,
        within: Duration,
    ) -> impl Future<Output = Result<R::Result, RequestError>> + Send + use<R> {
        let (sender, answer) = oneshot::channel();
        let id = {
            let mut waiting = self.waiting();
            waiting.last_id += 1;
            let id = waiting.last_id;
            waiting.answers.insert(id, sender);
            id
        };
        self.outbox.send(&Call {
            jsonrpc: "2.0",
            id: Some(id),
            method: R::METHOD,
            params,
        });

        let forget = Forget {
            waiting: Arc::clone(&self.waiting),
            id,
        };
        async move {
            let _forget = forget;
            let outcome = match tokio::time::timeout(within, answer).await {
                Ok(Ok(outcome)) => outcome.map_err(RequestError::Refused)?,
                // The sender is dropped only with this wait.
                Ok(Err(_)) | Err(_) => return Err(RequestError::TimedOut(within)),
            };
            serde_json::from_value(outcome)
                .map_err(|error| RequestError::Unreadable(error.to_string()))
        }
    }

    /// Sends the answer to a request of the client.
    pub(super) fn answer(&self, response: &Response) {
        self.outbox.send(response);
    }

    /// Hands the client's answer to whoever waits for it.
    pub(super) fn resolve(&self, id: Id, outcome: Result<Value, Error>) {
        let sender = match &id {
            Id::Number(id) => self.waiting().answers.remove(id),
            _ => None,
        };
        match sender {
            Some(sender) => drop(sender.send(outcome)),
            None => tracing::debug!(%id, "an answer that nothing waits for"),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets a request that nobody waits for any more.
struct Forget {
    waiting: Arc<Mutex<Waiting>>,
    id: i64,
}

impl Drop for Forget {
    fn drop(&mut self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.answers.remove(&self.id);
    }
}

/// A request or, without an id, a notification to the client.
#[derive(Serialize)]
struct Call<P> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    method: &'static str,
    params: P,
}

/// What waits to be written: message bodies.
#[derive(Clone, Debug)]
pub(super) struct Outbox(mpsc::UnboundedSender<Outgoing>);

#[derive(Debug)]
enum Outgoing {
    Body(Vec<u8>),
    /// Nothing that comes later is written.
    Close,
}

impl Outbox {
    /// Queues `message`; once the session has ended it is dropped.
    pub(super) fn send(&self, message: &impl Serialize) {
        match serde_json::to_vec(message) {
            Ok(body) => drop(self.0.send(Outgoing::Body(body))),
            Err(error) => tracing::error!(%error, "cannot write a message to the client as JSON"),
        }
    }

    /// Lets the writer stop when all that was sent so far is written.
    pub(super) fn close(&self) {
        drop(self.0.send(Outgoing::Close));
    }
}

/// Starts the thread that writes to `output`. The receiver learns when it has stopped.
pub(super) fn write_to<W: Write + Send + 'static>(output: W) -> (Outbox, oneshot::Receiver<()>) {
    let (sender, queue) = mpsc::unbounded_channel();
    let (stopped, written) = oneshot::channel();
    std::thread::spawn(move || {
        if let Err(error) = write_all(output, queue) {
            tracing::error!(%error, "cannot write to the client");
        }
        // Nobody may be waiting any more.
        let _ = stopped.send(());
    });
    (Outbox(sender), written)
}

/// Writes what comes out of `queue`, framed; as much at once as there is.
fn write_all<W: Write>(
    mut output: W,
    mut queue: mpsc::UnboundedReceiver<Outgoing>,
) -> std::io::Result<()> {
    const BATCH: usize = 64 << 10;
    let mut bytes = Vec::new();
    while let Some(first) = queue.blocking_recv() {
        let mut next = Some(first);
        let mut closed = false;
        while let Some(outgoing) = next {
            match outgoing {
                Outgoing::Body(body) => {
                    write!(bytes, "Content-Length: {}\r\n\r\n", body.len())?;
                    bytes.extend_from_slice(&body);
                }
                Outgoing::Close => closed = true,
            }
            next = (!closed && bytes.len() < BATCH)
                .then(|| queue.try_recv().ok())
                .flatten();
        }
        output.write_all(&bytes)?;
        output.flush()?;
        if closed {
            break;
        }
        bytes.clear();
        bytes.shrink_to(BATCH);
    }
    Ok(())
}
