//! What an editor asks about a place in a manifest, answered as plain data.
//!
//! A place is a byte offset, an answer names bytes and texts in both languages. Lines and columns,
//! the protocol and which language is shown are left to the caller.

mod change;
pub mod hover;
mod target;
mod view;
mod weight;

pub use change::{Change, FileOperation};
pub use hover::{Hover, Markup, hover};
pub use target::{Part, Target, target_at};
pub use view::View;
pub use weight::Weight;
