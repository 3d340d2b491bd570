//! What `ksbuilder push` would say of a KubeSphere extension package, before the push.
//!
//! Pure: text and a file tree in, findings and edits out. No I/O, no clock, no async, no editor
//! protocol; whoever calls brings the files ([`package::FileSystem`]) and words the result.
//!
//! The way of the data, one module after the other:
//! [`text`] → [`yaml`] → [`manifest`] → [`schema`] and [`package`] → [`finding`] → [`rules`] →
//! [`check`](mod@check). [`ide`] answers what an editor asks about a place in a manifest. Of findings,
//! [`suppression`] silences those that a comment names, [`overlap`] knows which another server shows too, [`baseline`] those that are known, and
//! [`fix`](mod@fix) mends what can be mended.

pub mod baseline;
pub mod check;
pub mod finding;
pub mod fix;
pub mod ide;
pub mod lang;
pub mod manifest;
pub mod overlap;
pub mod package;
pub mod rules;
pub mod schema;
pub mod semver;
pub mod settings;
pub mod suppression;
pub mod text;
pub mod yaml;
