//! The wrapper against a server whose handlers misbehave in every way, over pipes in one process.

use std::io::{PipeReader, PipeWriter, Read, pipe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use ksext_test_support::{LspClient, PATIENCE, Reply, eventually};
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::{LanguageServer, LspService};

use super::{Client, ExitStatus, Options, serve};
use crate::lsp::proto::notification::LogMessage;
use crate::lsp::proto::request::WorkspaceConfiguration;
use crate::lsp::proto::{
    ConfigurationParams, InitializeParams, InitializeResult, LogMessageParams, MessageType,
};

/// A server with one handler per misbehaviour.
struct Probe {
    client: Client,
    count: AtomicUsize,
}

impl LanguageServer for Probe {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

impl Probe {
    /// Changes the state at once and then dawdles.
    async fn count_up(&self) {
        let count = self.count.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(count as u64 % 3)).await;
    }

    /// Reads the state at once and answers later.
    async fn read_count(&self) -> Result<usize> {
        let count = self.count.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(count as u64 % 5)).await;
        Ok(count)
    }

    async fn never(&self) -> Result<()> {
        std::future::pending().await
    }

    async fn never_notified(&self) {
        std::future::pending().await
    }

    /// Does not give its thread back.
    async fn block(&self) {
        std::thread::sleep(PATIENCE);
    }

    async fn panic_at_once(&self) -> Result<()> {
        panic!("as the test wants it")
    }

    async fn panic_later(&self) -> Result<()> {
        tokio::task::yield_now().await;
        panic!("as the test wants it")
    }

    async fn panic_notified(&self) {
        panic!("as the test wants it")
    }

    /// Awaits the client, as no handler should.
    async fn ask(&self, (within,): (u64,)) -> Result<Value> {
        let params = ConfigurationParams { items: Vec::new() };
        let within = Duration::from_millis(within);
        match self
            .client
            .request::<WorkspaceConfiguration>(params, within)
            .await
        {
            Ok(values) => Ok(json!(values)),
            Err(error) => Err(Error::invalid_params(error.to_string())),
        }
    }

    async fn notify_then_answer(&self) -> Result<()> {
        tokio::task::yield_now().await;
        for n in 0..3 {
            self.client.notify::<LogMessage>(LogMessageParams {
                typ: MessageType::LOG,
                message: n.to_string(),
            });
        }
        Ok(())
    }
}

/// A session with a [`Probe`].
struct Session {
    client: LspClient,
    server: JoinHandle<ExitStatus>,
    terminated: Arc<Mutex<Option<ExitStatus>>>,
}

impl Session {
    fn start() -> Self {
        let mut session = Self::start_with(Options::default());
        session.client.initialize(json!({}));
        session
    }

    fn start_with(options: Options) -> Self {
        Self::start_reading_when(options, None)
    }

    /// A session whose client reads nothing before `gate` is dropped.
    fn start_reading_when(options: Options, gate: Option<Receiver<()>>) -> Self {
        let (server_in, client_out): (PipeReader, PipeWriter) = pipe().expect("pipes can be made");
        let (client_in, server_out) = pipe().expect("pipes can be made");
        let terminated: Arc<Mutex<Option<ExitStatus>>> = Arc::default();
        let terminate = Arc::clone(&terminated);
        let options = Options {
            terminate: Arc::new(move |status| *terminate.lock().expect("no panic") = Some(status)),
            ..options
        };
        let server = std::thread::spawn(move || {
            // Several threads, which the program does without: nothing here may rely on one.
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_time()
                .build()
                .expect("a runtime can be made");
            runtime.block_on(serve(server_in, server_out, options, probe))
        });
        Self {
            client: LspClient::over(
                Gated {
                    gate,
                    pipe: client_in,
                },
                client_out,
            ),
            server,
            terminated,
        }
    }

    /// How `serve` ended, which it must do by itself.
    #[track_caller]
    fn ended(self) -> ExitStatus {
        eventually(|| match self.server.is_finished() {
            true => Ok(()),
            false => Err("the server goes on"),
        });
        self.server.join().expect("serve does not panic")
    }
}

struct Gated {
    gate: Option<Receiver<()>>,
    pipe: PipeReader,
}

impl Read for Gated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        // Fails when the gate is dropped, which is what is waited for.
        let _ = self.gate.take().map(|gate| gate.recv());
        self.pipe.read(buffer)
    }
}

fn probe(client: Client) -> LspService<Probe> {
    LspService::build(|_| Probe {
        client,
        count: AtomicUsize::new(0),
    })
    .custom_method("test/countUp", Probe::count_up)
    .custom_method("test/readCount", Probe::read_count)
    .custom_method("test/never", Probe::never)
    .custom_method("test/neverNotified", Probe::never_notified)
    .custom_method("test/block", Probe::block)
    .custom_method("test/panicAtOnce", Probe::panic_at_once)
    .custom_method("test/panicLater", Probe::panic_later)
    .custom_method("test/panicNotified", Probe::panic_notified)
    .custom_method("test/ask", Probe::ask)
    .custom_method("test/notifyThenAnswer", Probe::notify_then_answer)
    .finish()
    .0
}

fn code(answer: std::result::Result<Value, Value>) -> i64 {
    answer.expect_err("the answer is an error")["code"]
        .as_i64()
        .expect("with a code")
}

#[test]
fn each_request_sees_the_state_of_its_own_arrival() {
    let mut session = Session::start();
    let mut expected = Vec::new();
    for n in 1..=1_500 {
        session.client.notify("test/countUp", Value::Null);
        if n % 10 == 0 {
            expected.push((
                session.client.start_request("test/readCount", Value::Null),
                n,
            ));
        }
    }
    for (id, count) in expected {
        assert_eq!(session.client.wait_response(id), Ok(json!(count)));
    }
}

#[test]
fn a_cancellation_overtakes_any_number_of_running_requests() {
    let mut session = Session::start();
    let ids: Vec<_> = (0..500)
        .map(|_| session.client.start_request("test/never", Value::Null))
        .collect();
    session.client.cancel(ids[250]);
    assert_eq!(code(session.client.wait_response(ids[250])), -32800);
    assert_eq!(
        session.client.request("test/readCount", Value::Null),
        Ok(json!(0))
    );
    assert!(!session.client.has_response(ids[251]));
}

#[test]
fn notifications_are_handled_while_the_client_owes_answers() {
    let mut session = Session::start();
    let (release, released) = channel::<()>();
    session.client.respond(move |_, _| {
        // Until the test has sent everything; an error would mean that it has failed already.
        let _ = released.recv();
        Reply::Result(json!([1]))
    });
    let asked: Vec<_> = (0..8)
        .map(|_| session.client.start_request("test/ask", json!([60_000])))
        .collect();
    for _ in 0..5_000 {
        session.client.notify("test/countUp", Value::Null);
    }
    let count = session.client.start_request("test/readCount", Value::Null);
    drop(release);
    assert_eq!(session.client.wait_response(count), Ok(json!(5_000)));
    for id in asked {
        assert_eq!(session.client.wait_response(id), Ok(json!([1])));
    }
}

#[test]
fn messages_are_read_while_the_client_reads_none() {
    const COUNT: usize = 5_000;
    let (gate, closed) = channel();
    let session = Session::start_reading_when(Options::default(), Some(closed));
    let mut client = session.client;
    // In a thread, as writing would block for ever if the server waited for its own output.
    let (sent, all_sent) = channel();
    std::thread::spawn(move || {
        client.start_request("initialize", json!({"capabilities": {}}));
        let ids: Vec<_> = (0..COUNT)
            .map(|_| client.start_request("test/notifyThenAnswer", Value::Null))
            .collect();
        drop(sent.send((client, ids)));
    });
    let (client, ids) = all_sent
        .recv_timeout(PATIENCE)
        .expect("the server reads everything");
    drop(gate);
    for id in ids {
        assert_eq!(client.wait_response(id), Ok(Value::Null));
    }
    assert_eq!(client.notifications("window/logMessage").len(), 3 * COUNT);
}

#[test]
fn a_client_that_refuses_or_ignores_a_request_does_no_harm() {
    let mut session = Session::start();
    session.client.respond(|_, _| Reply::refuse());
    let refused = session
        .client
        .request("test/ask", json!([60_000]))
        .expect_err("it was refused");
    assert_eq!(
        refused["message"],
        "the client refused: method not found (-32601)"
    );
    session
        .client
        .respond(|_, _| Reply::Result(json!({"not": "a list"})));
    let unreadable = session
        .client
        .request("test/ask", json!([60_000]))
        .expect_err("no list");
    assert!(
        unreadable["message"]
            .as_str()
            .is_some_and(|it| it.contains("not what LSP says"))
    );
    session.client.respond(|_, _| Reply::Ignore);
    let ignored = session
        .client
        .request("test/ask", json!([20]))
        .expect_err("it was ignored");
    assert_eq!(
        ignored["message"],
        "the client has not answered within 0.02 s"
    );

    session.client.start_request("test/ask", json!([60_000]));
    session.client.shut_down();
    assert_eq!(session.ended(), ExitStatus::AfterShutdown);
}

#[test]
fn what_a_handler_sends_arrives_before_its_answer() {
    let mut session = Session::start();
    for _ in 0..50 {
        let id = session
            .client
            .start_request("test/notifyThenAnswer", Value::Null);
        let (answer, answered) = session.client.wait_response_timed(id);
        assert_eq!(answer, Ok(Value::Null));
        for n in ["0", "1", "2"] {
            let log = session
                .client
                .wait_notification("window/logMessage", |_| true);
            assert_eq!(log.params["message"], n);
            assert!(log.at <= answered);
        }
    }
}

#[test]
fn a_panic_ends_nothing_but_its_own_handler() {
    let mut session = Session::start();
    for method in ["test/panicAtOnce", "test/panicLater"] {
        let error = session
            .client
            .request(method, Value::Null)
            .expect_err("it panicked");
        let message = format!("`{method}` failed because of a defect in ksext");
        assert_eq!(error, json!({"code": -32603, "message": message}));
    }
    session.client.notify("test/panicNotified", Value::Null);
    session.client.notify("test/countUp", Value::Null);
    assert_eq!(
        session.client.request("test/readCount", Value::Null),
        Ok(json!(1))
    );
}

#[test]
fn a_handler_that_never_returns_does_not_keep_the_session() {
    let mut session = Session::start();
    session.client.notify("test/neverNotified", Value::Null);
    session.client.start_request("test/never", Value::Null);
    session.client.shut_down();
    assert_eq!(session.ended(), ExitStatus::AfterShutdown);
}

#[test]
fn a_handler_that_blocks_its_thread_is_ended_with_the_process() {
    let mut session = Session::start();
    session.client.notify("test/block", Value::Null);
    session.client.start_request("shutdown", Value::Null);
    session.client.notify("exit", Value::Null);
    let status = eventually(|| {
        let terminated = session.terminated.lock().expect("no panic");
        terminated.ok_or("the watchdog sleeps")
    });
    assert_eq!(status, ExitStatus::AfterShutdown);
}

#[test]
fn the_end_of_the_input_lets_running_requests_answer() {
    let options = Options {
        handler_grace: PATIENCE,
        ..Options::default()
    };
    let mut session = Session::start_with(options);
    session.client.initialize(json!({}));
    for _ in 0..4 {
        session.client.notify("test/countUp", Value::Null);
    }
    let id = session.client.start_request("test/readCount", Value::Null);
    session.client.close_stdin();
    assert_eq!(session.client.wait_response(id), Ok(json!(4)));
    assert_eq!(session.ended(), ExitStatus::WithoutShutdown);
}

#[test]
fn the_session_ends_when_the_editor_has_died() {
    static LOOKS: AtomicUsize = AtomicUsize::new(0);
    let options = Options {
        is_alive: |id| id == 4711 && LOOKS.fetch_add(1, Ordering::SeqCst) < 3,
        parent_interval: Duration::from_millis(1),
        ..Options::default()
    };
    let session = Session::start_with(options);
    let params = json!({"processId": 4711, "capabilities": {}});
    session
        .client
        .send(&json!({"id": 1, "method": "initialize", "params": params}));
    assert_eq!(session.ended(), ExitStatus::WithoutShutdown);
}

#[test]
fn an_editor_that_was_never_visible_is_not_missed() {
    let options = Options {
        is_alive: |_| false,
        parent_interval: Duration::from_millis(1),
        ..Options::default()
    };
    let mut session = Session::start_with(options);
    session
        .client
        .initialize_with(json!({"processId": 4711, "capabilities": {}}));
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(
        session.client.request("test/readCount", Value::Null),
        Ok(json!(0))
    );
}

#[test]
fn a_message_beyond_the_limit_is_refused_and_the_next_one_read() {
    let options = Options {
        message_limit: 1_000,
        ..Options::default()
    };
    let mut session = Session::start_with(options);
    session.client.initialize(json!({}));
    session
        .client
        .start_request("test/readCount", json!("x".repeat(1_000)));
    let error = session.client.wait_stray_error();
    assert_eq!(error["code"], -32600);
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|it| it.ends_with("more than a message may have"))
    );
    assert_eq!(
        session.client.request("test/readCount", Value::Null),
        Ok(json!(0))
    );
}
