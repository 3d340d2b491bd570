//! `ksext sandbox` as a process of its own, and the reviewer's side of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::{Ksext, Output, PATIENCE};

/// An API key that a sandbox takes.
pub const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";

/// A running sandbox; dropping it ends the process.
#[derive(Debug)]
pub struct SandboxProcess {
    child: Child,
    /// `127.0.0.1:PORT`
    address: String,
    log: Arc<Log>,
}

/// What the process writes to stderr, as far as it was read.
#[derive(Debug, Default)]
struct Log {
    text: Mutex<String>,
    grown: Condvar,
}

/// An answer of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl SandboxProcess {
    /// Runs `program` as `sandbox --port 0` with further arguments, logging every request.
    ///
    /// # Panics
    ///
    /// If it cannot be started, or does not say where it listens.
    #[track_caller]
    pub fn start(program: Ksext, args: &[&str]) -> Self {
        let program = program.args(["sandbox", "--port", "0", "-vv"]).args(args);
        let mut child = program
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the sandbox starts");
        let log = Arc::<Log>::default();
        let stderr = child.stderr.take().expect("a pipe");
        let writer = Arc::clone(&log);
        std::thread::spawn(move || writer.fill(stderr));
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        // It either says where it listens or ends, which ends the pipe.
        let read = BufReader::new(stdout).read_line(&mut line);
        let address = line
            .strip_prefix("listening on http://")
            .map(|rest| rest.trim_end().to_owned());
        let address = address.unwrap_or_else(|| {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
            panic!(
                "no address in {line:?} ({read:?}); its log:\n{}",
                log.text()
            )
        });
        Self {
            child,
            address,
            log,
        }
    }

    /// The base address for a client, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Logs `program`'s user in with a key.
    pub fn log_in(&self, program: &Ksext, key: &str) -> Output {
        let url = self.url();
        let login = ["login", "--token-stdin", "--server", &url];
        program.clone().args(login).stdin(format!("{key}\n")).run()
    }

    /// Decides about a snapshot as a reviewer does: `approve` or `reject`.
    ///
    /// # Panics
    ///
    /// If the sandbox refuses it.
    #[track_caller]
    pub fn decide(&self, snapshot: &str, act: &str, reason: &str) {
        let answer = self.request("POST", &format!("/review/{snapshot}/{act}"), reason);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// Sends a request without a key, as a reviewer's browser does.
    ///
    /// # Panics
    ///
    /// Like every method here, if there is no answer in time.
    #[track_caller]
    pub fn request(&self, method: &str, path: &str, body: &str) -> Response {
        let (address, length) = (&self.address, body.len());
        let mut stream = TcpStream::connect(address).expect("the sandbox accepts");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a socket takes a time-out");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("the sandbox reads");
        let mut answer = Vec::new();
        stream
            .read_to_end(&mut answer)
            .expect("the sandbox answers");
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
        let (head, body) = answer.split_at(end.expect("a head") + 4);
        let head = String::from_utf8_lossy(head);
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Response {
            status: status.expect("a status"),
            body: body.to_vec(),
        }
    }

    /// Every request so far, as `METHOD /path?query`, in the order in which they were answered.
    #[track_caller]
    pub fn requests(&self) -> Vec<String> {
        // Its own line in the log says that all lines before it have been read.
        const FENCE: &str = "GET /everything-up-to-here";
        let seen = self.log.text().matches(FENCE).count();
        self.request("GET", "/everything-up-to-here", "");
        let log = self.log.wait(|text| text.matches(FENCE).count() > seen);
        let quoted = log
            .lines()
            .filter_map(|line| line.split("request=\"").nth(1));
        let requests = quoted.filter_map(|rest| rest.split('"').next());
        requests
            .filter(|request| *request != FENCE)
            .map(str::to_owned)
            .collect()
    }
}

impl Response {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Log {
    fn fill(&self, stderr: impl Read) {
        let mut stderr = BufReader::new(stderr);
        let mut line = Vec::new();
        while stderr
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            self.lock().push_str(&String::from_utf8_lossy(&line));
            self.grown.notify_all();
            line.clear();
        }
    }

    fn text(&self) -> String {
        self.lock().clone()
    }

    /// The text once `enough` says so.
    #[track_caller]
    fn wait(&self, enough: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        let mut text = self.lock();
        while !enough(&text) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "not in the sandbox's log: {text}");
            text = self
                .grown
                .wait_timeout(text, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        text.clone()
    }

    fn lock(&self) -> MutexGuard<'_, String> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
