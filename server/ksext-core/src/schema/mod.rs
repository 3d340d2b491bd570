//! What authors should write into extension.yaml: the published JSON Schema, compiled in.
//!
//! `schemas/extension.schema.json` is the one source for three readers: [`validate()`] holds a manifest
//! against it, [`field`] and [`fields_of`] give its words to hover and completion, and [`source`] is
//! what other YAML tools are pointed at, or [`by_content`] where they go by a file's name. How serious a [`Violation`] is, and how it is told, is the
//! rules' business; what ksbuilder itself accepts is [`manifest`](crate::manifest)'s.

mod docs;
mod published;
mod read;
mod validate;

#[cfg(test)]
mod tests;

pub use docs::{Choice, Field, Keys, Kind, field, fields_of, is_language, languages};
pub use published::{address, by_content};
pub use validate::{Keyword, Type, Violation, validate};

/// The schema as it is published: JSON Schema draft-07.
pub fn source() -> &'static str {
    include_str!("../../../../schemas/extension.schema.json")
}
