//! Runs the program as a user would, with nothing of this machine's settings reaching it.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{LspClient, PATIENCE};

/// A call of the program, put together like a [`Command`].
///
/// The environment is empty but for `PATH`, what Windows needs, an empty home directory and
/// `LANG=en_US.UTF-8`; so no `KSEXT_…`, `NO_COLOR` or proxy of the tester counts.
///
/// ```ignore
/// let seen = Ksext::new(env!("CARGO_BIN_EXE_ksext")).args(["check", "."]).current_dir(package.path()).run();
/// assert_eq!(seen.code, Some(0), "{seen}");
/// ```
#[derive(Debug, Clone)]
pub struct Ksext {
    binary: PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    current_dir: Option<PathBuf>,
    stdin: Vec<u8>,
    timeout: Duration,
    masks: Vec<(PathBuf, String)>,
    home: Arc<TempDir>,
}

/// What a call of the program left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Standard output, paths masked.
    pub stdout: String,
    /// Standard error, paths masked.
    pub stderr: String,
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "exit code {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

impl Ksext {
    /// A call of the program at `binary`, in tests `env!("CARGO_BIN_EXE_ksext")`.
    ///
    /// # Panics
    ///
    /// If no temporary directory can be made.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        let home = tempfile::tempdir().expect("a temporary home directory can be made");
        Self {
            binary: binary.into(),
            args: Vec::new(),
            env: Vec::new(),
            current_dir: None,
            stdin: Vec::new(),
            timeout: PATIENCE,
            masks: Vec::new(),
            home: Arc::new(home),
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Runs in `path`, which is shown as `@@DIR@@`.
    #[must_use]
    pub fn current_dir(mut self, path: impl AsRef<Path>) -> Self {
        self.current_dir = Some(path.as_ref().to_owned());
        self.mask(path, "@@DIR@@")
    }

    /// What the program reads from standard input; nothing unless set.
    #[must_use]
    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_owned();
        self
    }

    /// How long the program may take before it is killed.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Shows `path` as `mark` in the output. The home directory is `@@HOME@@` already.
    #[must_use]
    pub fn mask(mut self, path: impl AsRef<Path>, mark: &str) -> Self {
        self.masks.push((path.as_ref().to_owned(), mark.to_owned()));
        self
    }

    /// The home directory that the program sees; calls made from clones share it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The call as a [`Command`], for whoever wants to hold the process.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(&self.args).env_clear();
        for name in ["PATH", "SystemRoot", "TEMP", "TMP"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", self.home())
            .env("USERPROFILE", self.home())
            .env("LANG", "en_US.UTF-8");
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(path) = &self.current_dir {
            command.current_dir(path);
        }
        command
    }

    /// Starts the call as a language server; with no arguments set, `ksext lsp`.
    ///
    /// # Panics
    ///
    /// If the program cannot be started.
    #[track_caller]
    pub fn lsp(&self) -> LspClient {
        let mut command = self.command();
        if self.args.is_empty() {
            command.arg("lsp");
        }
        let client = LspClient::spawn(command)
            .unwrap_or_else(|error| panic!("cannot start {}: {error:#}", self.binary.display()));
        client.keep(Arc::clone(&self.home))
    }

    /// Runs the program to its end.
    ///
    /// # Panics
    ///
    /// If it cannot be started, or has not ended in time; then it is killed and what it wrote is
    /// shown.
    #[track_caller]
    pub fn run(&self) -> Output {
        let mut child = self
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", self.binary.display()));
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        if let Some(mut stdin) = child.stdin.take() {
            let bytes = self.stdin.clone();
            // A program that does not read its input closes the pipe, which is its right.
            std::thread::spawn(move || drop(stdin.write_all(&bytes)));
        }
        let status = wait(&mut child, self.timeout);
        let output = Output {
            stdout: self.masked(stdout),
            stderr: self.masked(stderr),
            code: status.and_then(|status| status.code()),
        };
        assert!(
            status.is_some(),
            "{:?} was killed: not done after {:?}\n{output}",
            self.command(),
            self.timeout
        );
        output
    }

    fn masked(&self, bytes: JoinHandle<Vec<u8>>) -> String {
        let bytes = bytes.join().unwrap_or_default();
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        let mut masks = self.masks.clone();
        masks.push((self.home().to_owned(), "@@HOME@@".to_owned()));
        // Temporary directories lie behind a symlink on macOS; programs show either name.
        for (path, mark) in masks.clone() {
            masks.extend(path.canonicalize().ok().map(|path| (path, mark)));
        }
        masks.sort_by_key(|(path, _)| std::cmp::Reverse(path.as_os_str().len()));
        for (path, mark) in masks {
            text = text.replace(&*path.to_string_lossy(), &mark);
        }
        text
    }
}

/// Reads all of `pipe` in a thread of its own, so that the program never waits for us.
fn collect(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read up to an error is what there is.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// The status with which `child` ends within `timeout`; `None` if it had to be killed.
pub(crate) fn wait(child: &mut Child, timeout: Duration) -> Option<std::process::ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if start.elapsed() < timeout => std::thread::sleep(pause),
            _ => {
                // It may end by itself just now.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Ksext {
        Ksext::new("/bin/sh").args(["-c", script])
    }

    #[test]
    fn returns_what_the_program_wrote_and_its_code() {
        let seen = shell("cat; echo 观测 >&2; exit 3").stdin("in\n").run();
        let expected = Output {
            stdout: "in\n".into(),
            stderr: "观测\n".into(),
            code: Some(3),
        };
        assert_eq!(seen, expected);
    }

    #[test]
    fn nothing_of_this_machine_reaches_the_program() {
        let seen = shell("echo $HOME $PWD $X; env | grep -c -e KSEXT -e NO_COLOR -e CARGO")
            .current_dir(
                tempfile::tempdir()
                    .expect("a directory")
                    .path()
                    .parent()
                    .expect("a parent"),
            )
            .env("X", "set")
            .run();
        assert_eq!(seen.stdout, "@@HOME@@ @@DIR@@ set\n0\n", "{seen}");
    }

    #[test]
    fn a_program_that_hangs_is_killed_and_shown() {
        let hanging = shell("echo so far; exec sleep 600").timeout(Duration::from_secs(1));
        let panic = std::panic::catch_unwind(|| hanging.run()).expect_err("it hangs");
        let message = panic.downcast_ref::<String>().expect("a composed message");
        assert!(
            message.contains("was killed") && message.contains("so far"),
            "{message}"
        );
    }
}
