//! A local KubeSphere Cloud: the API that ksbuilder speaks (`pkg/cloud/cloud.go`), a reviewer and a Helm repository, on loopback, in
//! memory or in a folder. Strict about requests, so that a client that satisfies it satisfies the real one as far as that is known.
//!
//! ```text
//! request -> watch (log, faults) -> guard (whose page) -> api | charts | review -> cloud (state) -> disk (optional)
//!                                                                  |
//!                                                                package (what is in an archive)
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod api;
mod app;
mod charts;
mod cloud;
mod disk;
mod fault;
mod form;
mod guard;
mod package;
mod refusal;
mod review;
mod watch;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use app::App;
pub use fault::{Fault, FaultAnswer};
pub use watch::LoggedRequest;

/// What becomes of a submitted snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Review {
    /// It waits for `POST /review/{snapshot}/approve` or `/reject`.
    #[default]
    Manual,
    /// It is approved after [`Options::review_delay`].
    Approve,
    /// It is rejected after [`Options::review_delay`].
    Reject,
}

/// How a sandbox is set up. The default: a free port, any key, a manual review, memory only, no faults.
#[derive(Default)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The one key that is accepted. Without it every key of the shape `kck-` and UUID is, each being a user of its own.
    pub token: Option<String>,
    /// The reviewer.
    pub review: Review,
    /// How long a reviewer that decides by itself takes. Zero: the answer to the submission tells the decision already.
    pub review_delay: Duration,
    /// A folder that keeps the state over restarts; created if it is missing.
    pub state: Option<PathBuf>,
    /// Misbehaviour from the start; more by [`Running::inject`].
    pub faults: Vec<Fault>,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or may not be used.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// [`Options::port`].
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// Another sandbox keeps its state in the folder.
    #[error("another sandbox uses the folder `{}`", .folder.display())]
    InUse {
        /// [`Options::state`].
        folder: PathBuf,
    },
    /// The folder or what is in it cannot be read or written.
    #[error("cannot keep the sandbox's state in `{}`", .folder.display())]
    Folder {
        /// [`Options::state`].
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What is in the folder is not what a sandbox writes.
    #[error("`{}` is not the state of a sandbox", .file.display())]
    Broken {
        /// The file that is not.
        file: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The way to start one.
#[derive(Debug)]
pub struct Sandbox;

/// A sandbox at work. Dropping it stops it.
pub struct Running {
    address: SocketAddr,
    app: Arc<App>,
    serving: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Starts serving; connections are accepted when this returns.
    ///
    /// # Errors
    /// If the port is taken, or the state folder is in use or cannot be read or written.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let port = options.port;
        let refused = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let app = Arc::new(App::new(options, address)?);
        review::resume(&app);
        let routes = axum::Router::new()
            .merge(api::routes())
            .merge(charts::routes())
            .merge(review::routes());
        let service = watch::around(routes, &app).with_state(Arc::clone(&app));
        let stopped = app.stopped();
        let serving = axum::serve(listener, service).with_graceful_shutdown(stopped);
        Ok(Running {
            address,
            app,
            serving: tokio::spawn(serving.into_future()),
        })
    }
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address for a client, without a trailing slash.
    pub fn url(&self) -> String {
        self.app.base.clone()
    }

    /// What the reviewer does with `POST /review/{snapshot}/approve`. Answers whether there was such a
    /// snapshot waiting.
    pub fn approve(&self, snapshot: &str) -> bool {
        self.app
            .change(|cloud| cloud.approve(snapshot, None))
            .is_ok()
    }

    /// Every request so far, in the order of arrival; the last 10 000 of them.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.app.log.all()
    }

    /// Adds a misbehaviour behind those there are.
    pub fn inject(&self, fault: Fault) {
        app::lock(&self.app.faults).push(fault);
    }

    /// Ends all misbehaviour.
    pub fn clear_faults(&self) {
        app::lock(&self.app.faults).clear();
    }

    /// Waits until the server ends by itself, which it does only if accepting connections fails.
    ///
    /// # Errors
    /// That failure.
    pub async fn wait(&mut self) -> io::Result<()> {
        (&mut self.serving)
            .await
            .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
    }

    /// Stops accepting, lets requests in progress finish for a moment, then ends.
    pub async fn shutdown(mut self) {
        self.app.stop();
        // What still hangs is ended by `drop`.
        let _ = tokio::time::timeout(Duration::from_secs(2), &mut self.serving).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.app.stop();
        self.serving.abort();
        self.app.release();
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
