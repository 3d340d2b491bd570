//! YAML as ksbuilder reads it, with the place of everything.
//!
//! ksbuilder reads with sigs.k8s.io/yaml, which embeds go-yaml v2.4: libyaml's grammar with a few
//! changes of its own and YAML 1.1's idea of what a plain scalar means. [`parse`] accepts and
//! refuses what that reader accepts and refuses, tells where, and goes on behind an error, so that a
//! text that is being typed still has a tree.

//!
//! Bytes → [`Source`] → `scanner` → `parser` → [`Tree`], with `recovery` around the last two and
//! [`Value`] on top.

mod cursor;
mod error;
mod key_order;
mod parser;
mod quoting;
mod reader;
mod recovery;
mod resolve;
mod scalars;
mod scanner;
mod tags;
mod tree;
mod unfold;
mod value;
mod write_back;
mod writer;

#[cfg(test)]
pub(crate) mod tests;

pub use error::{ErrorKind, SyntaxError};
pub use quoting::written;
pub use reader::Source;
pub use resolve::{Resolved, resolve_plain};
pub use tree::{Anchor, Kind, Node, NodeId, Pair, Style, Tag, Tree};
pub use value::{Data, Key, MapEntry, Value};
pub use write_back::Unwritable;
pub use writer::write;

/// Reads the first document of `text`.
///
/// Never fails: [`Tree::errors`] says what go-yaml would refuse, and the tree holds whatever could
/// be read nevertheless.
pub fn parse(text: &str) -> Tree {
    parse_source(&Source::from_text(text.to_owned()))
}

/// Like [`parse`], for a text as it comes from a file.
pub fn parse_source(source: &Source) -> Tree {
    let attempt = parser::attempt(source.text());
    let refused = source.refused_before(attempt.looked_at);
    let mut tree = match attempt.fatal {
        None => attempt.tree,
        Some(_) => recovery::repair(source.text(), attempt),
    };
    if let Some(error) = refused {
        tree.errors = vec![error];
    }
    value::decode(&mut tree);
    tree
}
