//! A language client for tests and benchmarks: JSON-RPC over a server's pipes, step by step.

use std::any::Any;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::PATIENCE;
use crate::program::wait;

/// Number of a request that we sent.
pub type RequestId = i64;

/// What the client says to a request of the server.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A result.
    Result(Value),
    /// An error with this code and message.
    Error(i64, String),
    /// Nothing, ever.
    Ignore,
}

impl Reply {
    /// What a client says that does not know the method.
    pub fn refuse() -> Self {
        Self::Error(-32601, "method not found".to_owned())
    }
}

/// A notification from the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// Its method.
    pub method: String,
    /// Its parameters; `null` if it has none.
    pub params: Value,
    /// When it was read from the pipe.
    pub at: Instant,
}

/// A client of one server.
///
/// A thread reads what the server sends and answers its requests, by default with the result
/// `null`; see [`LspClient::respond`]. Everything received is kept. Dropping the client kills the
/// server.
///
/// Waits end after [`LspClient::set_timeout`] with a panic that shows what was seen instead.
pub struct LspClient {
    writer: Writer,
    shared: Arc<Shared>,
    child: Option<Child>,
    next_id: RequestId,
    timeout: Duration,
    kept: Vec<Box<dyn Any + Send>>,
}

type Writer = Arc<Mutex<Option<Box<dyn Write + Send>>>>;
/// Result or error object, and when it was read from the pipe.
pub type Answer = (Result<Value, Value>, Instant);
type Responder = Box<dyn FnMut(&str, &Value) -> Reply + Send>;

/// What the reading thread shares with the client.
#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
    responder: Mutex<Option<Responder>>,
    stderr: Mutex<Vec<u8>>,
}

#[derive(Default)]
struct Seen {
    /// Answers; `None` once a wait has taken it.
    answers: HashMap<RequestId, Option<Answer>>,
    /// Answers with the id `null`: errors about messages whose id the server could not read.
    stray_errors: Vec<Value>,
    /// All notifications, and which of them a wait has taken.
    notifications: Vec<(Notification, bool)>,
    /// All requests of the server.
    requests: Vec<(String, Value)>,
    /// The server's output has ended; why, if it was no clean end.
    ended: Option<String>,
}

impl LspClient {
    /// Starts a server.
    ///
    /// # Errors
    ///
    /// If the command cannot be started.
    pub fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {:?}", command.get_program()))?;
        let stdin = child.stdin.take().context("stdin was asked to be a pipe")?;
        let stdout = child
            .stdout
            .take()
            .context("stdout was asked to be a pipe")?;
        let stderr = child
            .stderr
            .take()
            .context("stderr was asked to be a pipe")?;
        let mut client = Self::over(stdout, stdin);
        client.child = Some(child);
        let shared = Arc::clone(&client.shared);
        std::thread::spawn(move || collect_stderr(stderr, &shared));
        Ok(client)
    }

    /// A client of a server that runs elsewhere, say in a thread of the test: `reader` is what it
    /// writes.
    pub fn over(reader: impl Read + Send + 'static, writer: impl Write + Send + 'static) -> Self {
        let writer: Writer = Arc::new(Mutex::new(Some(Box::new(writer))));
        let shared = Arc::new(Shared::default());
        let thread = (Arc::clone(&shared), Arc::clone(&writer));
        std::thread::spawn(move || {
            let (shared, writer) = thread;
            let end = read_messages(reader, &shared, &writer).err();
            locked(&shared.seen).ended =
                Some(end.map_or_else(|| "end of output".to_owned(), |error| error.to_string()));
            shared.changed.notify_all();
        });
        Self {
            writer,
            shared,
            child: None,
            next_id: 0,
            timeout: PATIENCE,
            kept: Vec::new(),
        }
    }

    /// Keeps `value` as long as the client lives, for example the server's home directory.
    #[must_use]
    pub fn keep(mut self, value: impl Any + Send) -> Self {
        self.kept.push(Box::new(value));
        self
    }

    /// How long waits last; [`PATIENCE`] unless set.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Answers the server's requests (method, parameters) with what `responder` says, instead of
    /// with the result `null`.
    pub fn respond(&self, responder: impl FnMut(&str, &Value) -> Reply + Send + 'static) {
        *locked(&self.shared.responder) = Some(Box::new(responder));
    }

    // --- sending ---------------------------------------------------------------------------------

    /// Sends a request and waits for its answer: the result, or the error object.
    #[track_caller]
    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.start_request(method, params);
        self.wait_response(id)
    }

    /// Sends a request without waiting. Parameters that are `null` are left out.
    pub fn start_request(&mut self, method: &str, params: Value) -> RequestId {
        self.next_id += 1;
        let mut message = json!({"jsonrpc": "2.0", "id": self.next_id, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        self.next_id
    }

    /// Sends a notification. Parameters that are `null` are left out.
    pub fn notify(&self, method: &str, params: Value) {
        let mut message = json!({"jsonrpc": "2.0", "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
    }

    /// Asks the server to cancel a request.
    pub fn cancel(&self, id: RequestId) {
        self.notify("$/cancelRequest", json!({"id": id}));
    }

    /// Sends any JSON as one message.
    pub fn send(&self, message: &Value) {
        self.send_raw(Self::frame(message.to_string()));
    }

    /// Sends bytes as they are. A server that has closed its input is not an error here: what it
    /// does next is what tests look at.
    pub fn send_raw(&self, bytes: impl AsRef<[u8]>) {
        if let Some(writer) = locked(&self.writer).as_mut() {
            let _ = writer
                .write_all(bytes.as_ref())
                .and_then(|()| writer.flush());
        }
    }

    /// `body` behind a header with its length.
    pub fn frame(body: impl AsRef<[u8]>) -> Vec<u8> {
        let body = body.as_ref();
        let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        frame.extend_from_slice(body);
        frame
    }

    // --- waiting ---------------------------------------------------------------------------------

    /// Waits for the answer to a request: the result, or the error object.
    #[track_caller]
    pub fn wait_response(&self, id: RequestId) -> Result<Value, Value> {
        self.wait_response_timed(id).0
    }

    /// Like [`LspClient::wait_response`], with the moment at which the answer was read.
    #[track_caller]
    pub fn wait_response_timed(&self, id: RequestId) -> Answer {
        self.wait(&format!("an answer to request {id}"), |seen| {
            seen.answers.get_mut(&id)?.take()
        })
    }

    /// Whether the answer to a request has arrived and was not taken yet.
    pub fn has_response(&self, id: RequestId) -> bool {
        matches!(locked(&self.shared.seen).answers.get(&id), Some(Some(_)))
    }

    /// Waits for an error with the id `null`, which answers a message that the server could not
    /// read.
    #[track_caller]
    pub fn wait_stray_error(&self) -> Value {
        self.wait("an error without id", |seen| {
            (!seen.stray_errors.is_empty()).then(|| seen.stray_errors.remove(0))
        })
    }

    /// Waits for a notification whose parameters fulfil `predicate`, and takes it: the next wait
    /// does not see it again. Others stay for later waits, also those that came before it.
    #[track_caller]
    pub fn wait_notification(
        &self,
        method: &str,
        predicate: impl Fn(&Value) -> bool,
    ) -> Notification {
        self.wait(&format!("notification {method}"), |seen| {
            let (notification, taken) = seen
                .notifications
                .iter_mut()
                .find(|(it, taken)| !taken && it.method == method && predicate(&it.params))?;
            *taken = true;
            Some(notification.clone())
        })
    }

    /// Waits until the server has sent a request with this method, and returns its parameters.
    #[track_caller]
    pub fn wait_server_request(&self, method: &str) -> Value {
        self.wait(&format!("request {method}"), |seen| {
            let (_, params) = seen.requests.iter().find(|(seen, _)| seen == method)?;
            Some(params.clone())
        })
    }

    /// The parameters of all notifications received so far with this method, taken or not.
    pub fn notifications(&self, method: &str) -> Vec<Value> {
        let seen = locked(&self.shared.seen);
        let of_method = seen
            .notifications
            .iter()
            .filter(|(it, _)| it.method == method);
        of_method.map(|(it, _)| it.params.clone()).collect()
    }

    /// The parameters of all requests of the server received so far with this method.
    pub fn server_requests(&self, method: &str) -> Vec<Value> {
        let seen = locked(&self.shared.seen);
        let of_method = seen.requests.iter().filter(|(it, _)| it == method);
        of_method.map(|(_, params)| params.clone()).collect()
    }

    /// Forgets the notifications received so far.
    pub fn forget_notifications(&self) {
        locked(&self.shared.seen).notifications.clear();
    }

    #[track_caller]
    fn wait<T>(&self, what: &str, mut take: impl FnMut(&mut Seen) -> Option<T>) -> T {
        let deadline = Instant::now() + self.timeout;
        let mut seen = locked(&self.shared.seen);
        loop {
            if let Some(taken) = take(&mut seen) {
                return taken;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || seen.ended.is_some() {
                let why = match &seen.ended {
                    Some(end) => format!("the server's output has ended ({end})"),
                    None => format!("waited {:?}", self.timeout),
                };
                let summary = summary(&seen);
                drop(seen);
                panic!("no {what}: {why}\n{summary}--- stderr\n{}", self.stderr());
            }
            let waited = self.shared.changed.wait_timeout(seen, left);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    // --- the session's steps ---------------------------------------------------------------------

    /// `initialize` with these client capabilities and nothing else, then `initialized`; returns
    /// the result.
    #[track_caller]
    pub fn initialize(&mut self, capabilities: Value) -> Value {
        self.initialize_with(
            json!({"processId": null, "rootUri": null, "capabilities": capabilities}),
        )
    }

    /// `initialize` with these parameters, then `initialized`; returns the result.
    #[track_caller]
    pub fn initialize_with(&mut self, params: Value) -> Value {
        let result = self.request("initialize", params);
        self.notify("initialized", json!({}));
        result.unwrap_or_else(|error| panic!("initialize was refused: {error}"))
    }

    /// `textDocument/didOpen`, as version 1 of a YAML text.
    pub fn open(&self, uri: &str, text: &str) {
        self.notify(
            "textDocument/didOpen",
            json!({"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}),
        );
    }

    /// `textDocument/didChange` with these content changes.
    pub fn change(&self, uri: &str, version: i32, changes: Value) {
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}),
        );
    }

    /// `textDocument/didClose`.
    pub fn close(&self, uri: &str) {
        self.notify(
            "textDocument/didClose",
            json!({"textDocument": {"uri": uri}}),
        );
    }

    /// `shutdown`, then `exit`.
    #[track_caller]
    pub fn shut_down(&mut self) {
        let result = self.request("shutdown", Value::Null);
        assert_eq!(result, Ok(Value::Null), "the answer to shutdown");
        self.notify("exit", Value::Null);
    }

    // --- the process -----------------------------------------------------------------------------

    /// Closes the server's standard input.
    pub fn close_stdin(&self) {
        locked(&self.writer).take();
    }

    /// The exit code with which the server ends within `timeout`; `None` if a signal ended it.
    ///
    /// # Panics
    ///
    /// If it has not ended; then it is killed.
    #[track_caller]
    pub fn exit_code_within(&mut self, timeout: Duration) -> Option<i32> {
        let child = self
            .child
            .as_mut()
            .expect("the server was started by `spawn`");
        match wait(child, timeout) {
            Some(status) => status.code(),
            None => panic!(
                "the server has not ended within {timeout:?}\n{}--- stderr\n{}",
                summary(&locked(&self.shared.seen)),
                self.stderr()
            ),
        }
    }

    /// Whether the server runs.
    pub fn is_running(&mut self) -> bool {
        self.child
            .as_mut()
            .is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// The server's process id.
    pub fn process_id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Ends the server's process now.
    pub fn kill(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// What the server has written to standard error so far.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&locked(&self.shared.stderr)).into_owned()
    }
}

impl Drop for LspClient {
    fn drop(&mut self) {
        self.close_stdin();
        self.kill();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What has been received, for the message of a failed wait: the last few of each kind.
fn summary(seen: &Seen) -> String {
    const LAST: usize = 10;
    const WIDTH: usize = 300;
    let mut lines: Vec<String> = Vec::new();
    for (id, answer) in &seen.answers {
        if let Some((answer, _)) = answer {
            lines.push(format!("answer to {id}: {answer:?}"));
        }
    }
    let skipped = seen.notifications.len().saturating_sub(LAST);
    for (notification, taken) in &seen.notifications[skipped..] {
        let taken = if *taken { " (taken)" } else { "" };
        lines.push(format!(
            "{}{taken}: {}",
            notification.method, notification.params
        ));
    }
    let skipped = seen.requests.len().saturating_sub(LAST);
    for (method, params) in &seen.requests[skipped..] {
        lines.push(format!("request {method}: {params}"));
    }
    lines.extend(
        seen.stray_errors
            .iter()
            .map(|error| format!("error without id: {error}")),
    );
    let mut summary = String::from("--- received\n");
    for line in lines {
        summary.extend(line.chars().take(WIDTH));
        summary.push('\n');
    }
    summary
}

fn collect_stderr(mut stderr: impl Read, shared: &Shared) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer) {
        locked(&shared.stderr).extend_from_slice(&buffer[..count]);
    }
}

/// Sorts what the server sends, and answers its requests, until its output ends.
fn read_messages(reader: impl Read, shared: &Shared, writer: &Writer) -> io::Result<()> {
    let mut reader = BufReader::new(reader);
    while let Some(mut message) = read_message(&mut reader)? {
        let at = Instant::now();
        let id = message.get("id").filter(|id| !id.is_null()).cloned();
        let method = message["method"].as_str().map(ToOwned::to_owned);
        let params = message["params"].take();
        match (method, id) {
            (Some(method), Some(id)) => {
                let reply = match locked(&shared.responder).as_mut() {
                    Some(responder) => responder(&method, &params),
                    None => Reply::Result(Value::Null),
                };
                locked(&shared.seen).requests.push((method, params));
                let answer = match reply {
                    Reply::Result(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
                    Reply::Error(code, message) => {
                        json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
                    }
                    Reply::Ignore => Value::Null,
                };
                if !answer.is_null()
                    && let Some(writer) = locked(writer).as_mut()
                {
                    writer.write_all(&LspClient::frame(answer.to_string()))?;
                    writer.flush()?;
                }
            }
            (Some(method), None) => {
                let notification = Notification { method, params, at };
                locked(&shared.seen)
                    .notifications
                    .push((notification, false));
            }
            (None, Some(id)) => {
                let answer = match message.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(message["result"].take()),
                };
                let id = id
                    .as_i64()
                    .ok_or_else(|| invalid(format!("an answer to {id}")))?;
                if locked(&shared.seen)
                    .answers
                    .insert(id, Some((answer, at)))
                    .is_some()
                {
                    return Err(invalid(format!("two answers to request {id}")));
                }
            }
            (None, None) => locked(&shared.seen)
                .stray_errors
                .push(message["error"].take()),
        }
        shared.changed.notify_all();
    }
    Ok(())
}

/// The next message, or `None` at the end of the output. Strict: this is what the server is held to.
fn read_message(reader: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line
            .strip_suffix("\r\n")
            .ok_or_else(|| invalid(format!("header line {line:?}")))?;
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = Some(
                value
                    .parse()
                    .map_err(|_| invalid(format!("header line {line:?}")))?,
            );
        }
    }
    let mut body = vec![0; length.ok_or_else(|| invalid("a header without length".to_owned()))?];
    reader.read_exact(&mut body)?;
    let message = serde_json::from_slice(&body).map_err(|error| invalid(error.to_string()))?;
    Ok(Some(message))
}

fn invalid(what: String) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the server sent {what}"),
    )
}
