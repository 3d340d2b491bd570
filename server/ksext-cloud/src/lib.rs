//! KubeSphere Cloud as a library: the calls, the key and the errors, the only place of this project that speaks HTTP as a client.
//! Knows nothing of manifests and rules, and keeps nothing on disk: where a key is stored is the program's business.
//!
//! ```text
//! Client ── one call each ──> Exchange ── reqwest ──> server
//!    │                           │
//!  wire (JSON), multipart     failure (every error, in two languages, without the key)
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod client;
mod credentials;
mod error;
mod exchange;
mod failure;
mod model;
mod multipart;
mod path;
mod server;
mod text;
mod tls;
mod token;
mod wire;

pub use client::{Client, is_web_address};
pub use credentials::{CredentialStore, Credentials, MemoryStore, StoreError};
pub use error::{Error, ErrorKind};
pub use exchange::Timeouts;
pub use model::{Extension, Snapshot, SnapshotId, UploadFile, User};
pub use server::{BadServer, Server};
pub use text::Message;
pub use token::{BadToken, Token};
