//! What commands share; no command is in here.
//!
//! [`session`], [`target`], [`ui`], [`work`] and [`refusal`] are what every command is given or answers
//! with; [`packing`] makes archives and manifests, and [`unfit`] says why not; [`object`] declares what they take and answer; [`review`], [`last_known`], [`charts`], [`age`] and
//! [`mod@state_word`] are about what the cloud says of versions.

pub(crate) mod age;
pub(crate) mod charts;
pub(crate) mod last_known;
pub(crate) mod object;
pub(super) mod packing;
pub(super) mod refusal;
pub(crate) mod review;
pub(super) mod session;
pub(super) mod state_word;
pub(super) mod target;
pub(super) mod ui;
pub(super) mod unfit;
pub(super) mod work;
