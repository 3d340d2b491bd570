//! Harnesses for tests and benchmarks: the program as a black box, a language client, a local
//! cloud, package folders; and where generated pages stand.
//!
//! Everything here is synchronous, and every wait has a time-out. What goes wrong in a harness is a
//! failed test, so it panics with what was seen instead of returning an error.

mod lsp;
mod package;
mod pages;
mod position;
mod program;
mod sandbox;

pub use lsp::{Answer, LspClient, Notification, Reply, RequestId};
pub use package::{PackageDir, uri_of};
pub use pages::Page;
pub use position::{position_at, position_of, range_of};
pub use program::{Ksext, Output};
pub use sandbox::{KEY, Response, SandboxProcess};

use std::fmt::Debug;
use std::time::{Duration, Instant};

/// How long a harness waits where nothing else is said: far longer than anything takes, so that
/// only a hang fails, however busy the machine is.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Tries again and again, with short pauses, for what comes without a message.
///
/// # Panics
///
/// After [`PATIENCE`], with what the last try saw in place of it.
#[track_caller]
pub fn eventually<T, E: Debug>(mut attempt: impl FnMut() -> Result<T, E>) -> T {
    const PAUSE: Duration = Duration::from_millis(10);
    let end = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Ok(found) => return found,
            Err(seen) if Instant::now() >= end => panic!("it never came; seen instead: {seen:?}"),
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}
