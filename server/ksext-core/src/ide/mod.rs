//! What an editor asks about a text of a package, answered as plain data: one file a question.
//!
//! A question comes with a [`View`] of the package, and with a byte offset if it is about a place; an
//! answer names bytes and texts in both languages. Lines and columns, the protocol and which language
//! is shown are left to the caller.

mod bump;
mod change;
pub mod completion;
mod definition;
mod folding;
pub mod hover;
mod links;
mod marketplace;
mod moves;
mod outline;
mod refactor;
mod references;
mod referent;
mod rename;
#[cfg(test)]
mod sample;
mod selection;
mod target;
mod view;
mod weight;

pub use bump::{Bump, bump};
pub use change::{Change, FileOperation};
pub use completion::{completion, settings_completion};
pub use definition::{Definition, definitions};
pub use folding::{Fold, folds};
pub use hover::{Hover, Markup, hover};
pub use links::{Link, LinkTarget, links};
pub use marketplace::{Marketplace, marketplace};
pub use moves::{Move, moved};
pub use outline::{Symbol, SymbolKind, outline};
pub use refactor::{Refactoring, refactorings};
pub use references::{highlights, references};
pub use referent::{Mention, Referent, Role};
pub use rename::{Renaming, rename, renaming};
pub use selection::selections;
pub use target::{Part, Target, target_at};
pub use view::View;
pub use weight::Weight;
