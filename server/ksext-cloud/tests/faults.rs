//! Every misbehaviour of a server against every call: each cell ends in time with the right kind of error, tells no key, and the same
//! call works afterwards. The server is the sandbox; what it does wrong is written as its rules.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use ksext_cloud::ErrorKind::{self, *};
use ksext_cloud::{Client, Error, Server, SnapshotId, Timeouts, Token, UploadFile, User};
use ksext_sandbox::{Options, Running, Sandbox};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";
/// What no text may hold: the part of the key that is nobody else's.
const SECRET: &str = "1e63267b";
const GZIP: &[u8] = b"\x1f\x8b\x08\x00rest";

/// No cell takes longer; far above what any should need.
const PATIENCE: Duration = Duration::from_secs(60);

/// For calls that are to run out of time.
const SHORT: Duration = Duration::from_millis(500);

/// For all others.
const LONG: Duration = Duration::from_secs(30);

/// So many cells at a time, lest a busy machine makes calls late.
const AT_ONCE: usize = 32;

/// The calls, by the names that fault rules give them.
const CALLS: [&str; 10] = [
    "user",
    "usage",
    "upload",
    "package",
    "submit",
    "search",
    "summary",
    "snapshots",
    "locate",
    "cancel",
];

/// Of these nothing is sent a second time unless the server has certainly done nothing.
const HARMFUL: [&str; 3] = ["package", "submit", "cancel"];

/// Of these answers no content is read.
const ACTS: [&str; 2] = ["submit", "cancel"];

/// A misbehaviour, the kind of error that it leads to, and whether a call may be sent again after it.
struct Row {
    what: &'static str,
    kind: ErrorKind,
    again: Again,
}

#[derive(Clone, Copy, PartialEq)]
enum Again {
    Never,
    IfHarmless,
    Always,
}

const fn row(what: &'static str, kind: ErrorKind, again: Again) -> Row {
    Row { what, kind, again }
}

const ROWS: [Row; 27] = [
    row("hang", Timeout, Again::Never),
    row("drip=40ms", Timeout, Again::Never),
    row("delay=5s", Timeout, Again::Never),
    row("reset=before", Network, Again::IfHarmless),
    row("reset=during", Network, Again::IfHarmless),
    row("reset=after", Network, Again::IfHarmless),
    row("truncate", Network, Again::IfHarmless),
    row("status=401", Auth, Again::Never),
    row("status=403", Forbidden, Again::Never),
    row("status=404", NotFound, Again::Never),
    row("status=409", Conflict, Again::Never),
    row("status=413", TooLarge, Again::Never),
    row("status=429", RateLimited, Again::Always),
    row("status=429,retry-after=0", RateLimited, Again::Always),
    // Longer than anybody waits.
    row("status=429,retry-after=3600", RateLimited, Again::Never),
    row("status=500", Server, Again::IfHarmless),
    row("status=500,body=", Server, Again::IfHarmless),
    row("status=502,body=html", Server, Again::IfHarmless),
    row("status=503,retry-after=3600", Server, Again::Never),
    row("body=broken", Server, Again::Never),
    row("body=empty", Server, Again::Never),
    row("body=wrong", Server, Again::Never),
    row("body=html", Server, Again::Never),
    row("huge", Server, Again::Never),
    row("redirect=loop", Server, Again::Never),
    row("redirect=http://127.0.0.1:9/stolen", Server, Again::Never),
    row("redirect=https://elsewhere.example/", Server, Again::Never),
];

/// Whether the call takes this for success: what an act answers is not read, beyond that it must not
/// be a web page.
fn is_fine(call: &str, what: &str) -> bool {
    ACTS.contains(&call) && matches!(what, "body=broken" | "body=empty" | "body=wrong")
}

/// A server of its own for each cell, with the state that the call needs.
struct Cell {
    sandbox: Running,
    user: User,
    snapshot: SnapshotId,
}

impl Cell {
    async fn new(call: &str) -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let client = client(&sandbox, LONG);
        let user = client.user().await.unwrap();
        let snapshot = client
            .upload_package(&user, "demo", "1.0.0", GZIP.to_vec())
            .await
            .unwrap();
        if call == "cancel" {
            client.submit(&user, &snapshot).await.unwrap();
        }
        Self {
            sandbox,
            user,
            snapshot,
        }
    }

    async fn call(&self, client: &Client, call: &str) -> Result<(), Error> {
        let Self { user, snapshot, .. } = self;
        match call {
            "user" => client.user().await.map(drop),
            "usage" | "upload" => {
                // More than one piece, so that a request can be cut in its middle.
                let files = vec![UploadFile {
                    base_name: "标志.svg".to_owned(),
                    bytes: vec![b' '; 300_000],
                }];
                let urls = client.upload_files(user, "demo", "1.0.0", files).await;
                urls.map(drop)
            }
            "package" => {
                let package = [GZIP, &[0; 300_000]].concat();
                let id = client.upload_package(user, "demo", "1.0.0", package).await;
                id.map(drop)
            }
            "submit" => client.submit(user, snapshot).await,
            "cancel" => client.cancel_submit(user, snapshot).await,
            "search" => client.search(user).await.map(drop),
            "summary" => client.summary("demo").await.map(drop),
            "snapshots" => client.snapshots("demo").await.map(drop),
            "locate" => client.locate("demo", "1.0.0").await.map(drop),
            other => panic!("{other}"),
        }
    }

    /// How often the call itself arrived.
    fn arrived(&self, call: &str) -> usize {
        let end = match call {
            "cancel" => "/action:cancel-submit",
            "submit" => "/action:submit",
            "package" => "/package?force=true&create_extension=true",
            "upload" => "/files",
            "user" => "/apis/user/v1/user",
            "locate" => "/versions/1.0.0",
            other => other,
        };
        let requests = self.sandbox.requests();
        let mine = requests
            .iter()
            .filter(|request| request.path.ends_with(end));
        mine.count()
    }
}

fn client(sandbox: &Running, timeout: Duration) -> Client {
    let timeouts = Timeouts {
        connect: LONG,
        call: timeout,
        idle: timeout,
        pause: Duration::from_millis(1),
        repeat: LONG,
    };
    let (server, token) = (sandbox.url(), Token::new(KEY).unwrap());
    Client::with_timeouts(Server::parse(&server).unwrap(), token, timeouts)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_every_call_is_told_and_got_over() {
    let log = captured_log();
    let mut cells = JoinSet::new();
    let places = Arc::new(Semaphore::new(AT_ONCE));
    for Row { what, kind, again } in ROWS {
        for call in CALLS {
            let places = Arc::clone(&places);
            cells.spawn(async move {
                let _place = places.acquire().await.unwrap();
                let cell = tokio::time::timeout(PATIENCE, check(call, what, kind, again));
                cell.await
                    .unwrap_or_else(|_| panic!("{call}:{what} does not end"));
            });
        }
    }
    let mut failed = 0;
    let total = cells.len();
    while let Some(cell) = cells.join_next().await {
        failed += usize::from(cell.is_err());
    }
    assert_eq!(failed, 0, "of {total} cells; each told above what it found");
    let log = String::from_utf8_lossy(&log.lock().unwrap()).into_owned();
    assert!(log.contains("sending again"), "the log is not captured");
    let line = log.lines().find(|line| line.contains(SECRET));
    assert_eq!(line, None, "the log tells the key");
}

async fn check(call: &'static str, what: &str, kind: ErrorKind, again: Again) {
    let cell = Cell::new(call).await;
    let time = if kind == Timeout { SHORT } else { LONG };
    let told = Arc::<Mutex<Vec<String>>>::default();
    let tell = Arc::clone(&told);
    let impatient = client(&cell.sandbox, time).on_wait(move |wait| {
        let text = format!("{wait:?} {:?}", wait.message());
        tell.lock().unwrap().push(text);
    });
    let before = cell.arrived(call);
    cell.sandbox
        .inject(format!("{call}:{what}").parse().unwrap());
    let result = cell.call(&impatient, call).await;
    let tries = cell.arrived(call) - before;
    cell.sandbox.clear_faults();

    if is_fine(call, what) {
        assert_eq!(result, Ok(()), "{call}:{what}");
    } else {
        let error = result.expect_err(&format!("{call}:{what}"));
        check_error(&error, kind, &format!("{call}:{what}"));
        let repeated = match again {
            Again::Never => false,
            Again::IfHarmless => !HARMFUL.contains(&call),
            Again::Always => true,
        };
        // The same path again, as often as it is followed.
        let followed = what == "redirect=loop" && !is_post(call);
        let expected = match (repeated, followed) {
            (true, _) | (_, true) => 4,
            _ => 1,
        };
        // On a busy machine time may run out before the request is there.
        let right = tries == expected || (kind == Timeout && tries == 0);
        assert!(right, "{call}:{what}: {tries} tries, {error}");
    }
    let told = told.lock().unwrap().join("\n");
    assert!(!told.contains(SECRET), "{call}:{what}: {told}");

    // What was done although no answer said so is done; all else can be done now.
    let patient = client(&cell.sandbox, LONG);
    let afterwards = cell.call(&patient, call).await;
    let done_unseen =
        ACTS.contains(&call) && matches!(what, "reset=after" | "truncate" | "drip=40ms");
    match afterwards {
        Err(error) if done_unseen => check_error(&error, Conflict, "done already"),
        other => assert_eq!(other, Ok(()), "{call} after {what}"),
    }
}

fn is_post(call: &str) -> bool {
    !matches!(call, "user" | "usage" | "summary" | "snapshots" | "locate")
}

#[track_caller]
fn check_error(error: &Error, kind: ErrorKind, cell: &str) {
    let message = error.message();
    assert_eq!(error.kind(), kind, "{cell}: {message:?}");
    let everything = format!(
        "{error} {error:?} {error:#?} {message:?} {:?}",
        error.hint()
    );
    assert!(!everything.contains(SECRET), "{cell}: {everything}");
    let one_line = |text: &str| !text.chars().any(char::is_control) && text.len() < 2000;
    assert!(
        one_line(&message.en) && one_line(&message.zh),
        "{cell}: {message:?}"
    );
    assert!(
        message.en.starts_with("cannot ") && message.zh.starts_with("无法"),
        "{cell}: {message:?}"
    );
}

/// All that is traced in this process, from the finest level on.
fn captured_log() -> Arc<Mutex<Vec<u8>>> {
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    static LOG: OnceLock<Log> = OnceLock::new();
    let log = LOG.get_or_init(|| {
        let log = Log::default();
        let writer = log.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_writer(move || writer.clone())
            .init();
        log
    });
    Arc::clone(&log.0)
}
