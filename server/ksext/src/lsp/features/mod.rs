//! THE list of editor features: what a client may ask about a text, one file each.
//!
//! A feature is an answer of the core's [`ide`](ksext_core::ide) in the protocol's words. To add one:
//! * the question, answered as plain data, in `ksext-core/src/ide`,
//! * a file here that takes an [`Asked`](super::asked::Asked), asks the core, and turns bytes into ranges,
//! * its handler in [`server`](super::server) and what is announced of it in
//!   [`capabilities`](super::capabilities),
//! * its row in [`CAPABILITIES`](crate::docs::capabilities::CAPABILITIES), with the test that proves it.

pub(super) mod actions;
pub(super) mod ages;
pub(super) mod completion;
mod definition;
pub(super) mod file_operations;
mod folding;
mod hints;
mod hover;
pub(super) mod lenses;
mod links;
pub(super) mod offers;
pub(super) mod packages;
mod references;
mod rename;
mod selection;
pub(super) mod status;
mod symbols;
