//! KubeSphere Cloud as a library: the calls, the key and the errors, the only place of this project that speaks HTTP as a client.
//! Knows nothing of manifests and rules, and keeps nothing on disk: where a key is stored is the program's business.
//!
//! ```text
//! Client ── one call each ──> Exchange (retry: once more?) ── reqwest ──> server
//!    │                           │
//!  wire (JSON), multipart     failure (every error, in two languages, without the key)
//!                                └ cause (why there was no answer)
//! ```
//!
//! # What is known of the real cloud, and what is assumed
//!
//! Known are the requests, what ksbuilder reads of the answers (`pkg/cloud/cloud.go`), that a key which is not accepted gets
//! `403 permission denied` (kubesphere/ksbuilder pull request 91), and that a search takes and gives a `paginator` (zhou1203/kubesphere,
//! `pkg/models/marketplace/client.go`). *Assumed*, and nowhere relied on for more than a hint or a repetition:
//!
//! * that 401, 404, 409, 413 and 429 mean what HTTP says, and 403 on any call but the first that the account may not do it;
//! * that 429 comes before any work is done, so that even a package may be sent again after it;
//! * that a file uploaded again under the same name replaces itself, as ksbuilder's pushes of the same version do;
//! * that submit and withdraw answer 200, 201 or 204 with anything but a web page;
//! * in which header a request's id comes, and that `Retry-After` is sent at all;
//! * how many rows a page of a search holds. Pages are read until the last that the server speaks of.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod cause;
mod charts;
mod client;
mod credentials;
mod error;
mod exchange;
mod failure;
mod model;
mod multipart;
mod path;
mod probe;
mod retry;
mod server;
mod text;
mod tls;
mod token;
mod wire;

pub use charts::{ChartVersion, Charts};
pub use client::{Client, Pages, is_web_address};
pub use credentials::{CredentialStore, Credentials, MemoryStore, StoreError};
pub use error::{Error, ErrorKind};
pub use exchange::Timeouts;
pub use failure::KEY_PAGE;
pub use model::{Extension, Snapshot, SnapshotId, UploadFile, User};
pub use probe::{Probe, probe};
pub use retry::Wait;
pub use server::{BadServer, Server};
pub use text::{Message, is_obeyed};
pub use token::{BadToken, Token};
