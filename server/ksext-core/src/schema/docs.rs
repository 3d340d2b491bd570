//! What the schema says about each field, for hover and completion.
//!
//! The schema is read on the first question only; checking a manifest does not need it. How it is
//! read stands in `read`.

use std::sync::LazyLock;

use serde_json::Value;

use super::read::{Docs, read};
use crate::lang::Bilingual;

/// A field of extension.yaml, or the items of a list, or the values of a map.
#[derive(Debug)]
pub struct Field {
    /// Its key; empty for the whole file, for items and for values of a map.
    pub key: String,
    /// What it is called. Items and values of a map that have no words of their own have those of
    /// the field that holds them.
    pub title: Bilingual,
    /// What it is, where it shows and what push does with it; Markdown.
    pub description: Bilingual,
    /// Values that fit.
    pub examples: Vec<Value>,
    /// All texts that fit, where the list is closed; else empty.
    pub choices: Vec<Choice>,
    /// What counts if it is not there.
    pub default: Option<Value>,
    /// Whether the map that holds it should have it.
    pub required: bool,
    /// What it holds.
    pub kind: Kind,
}

/// One of the texts that a field or a key can be.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The text.
    pub value: String,
    /// What it means: for a category its name, for a language code the language.
    pub meaning: Bilingual,
}

/// What a [`Field`] holds.
#[derive(Debug)]
pub enum Kind {
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A list of this.
    List(Box<Field>),
    /// A map whose keys the author chooses.
    Map {
        /// What the keys are.
        keys: Keys,
        /// What each holds.
        value: Box<Field>,
    },
    /// A map with these keys, in the documented order.
    Object(Vec<Field>),
    /// Anything; in a map these keys are known.
    Any(Vec<Field>),
}

/// The keys of a [`Kind::Map`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Any text.
    Any,
    /// One of [`languages`].
    Language,
}

/// The field at `path`, one segment for each level: a key, and in a list anything for its items
/// (`*` by custom). The empty path is the whole file.
///
/// `["provider", "zh", "email"]` and `["dependencies", "*", "tags"]` are fields. `None` where the
/// schema has nothing.
pub fn field(path: &[&str]) -> Option<&'static Field> {
    path.iter()
        .try_fold(&DOCS.root, |field, segment| field.child(segment))
}

/// The fields of the map at `path`, in the documented order; none if there is no map with fixed
/// keys. For paths see [`field`].
pub fn fields_of(path: &[&str]) -> &'static [Field] {
    field(path).map_or(&[], Field::fields)
}

/// The language codes that ksbuilder accepts (its copy of ISO 639-1), with the languages' names, in
/// alphabetical order.
pub fn languages() -> &'static [Choice] {
    &DOCS.languages
}

/// Whether ksbuilder accepts `code` as a language (see [`languages`]).
pub fn is_language(code: &str) -> bool {
    languages().iter().any(|language| language.value == code)
}

impl Field {
    /// Whether it is a map by language.
    pub fn has_languages(&self) -> bool {
        matches!(
            self.kind,
            Kind::Map {
                keys: Keys::Language,
                ..
            }
        )
    }

    /// The fields of the map that this is; none for anything else.
    pub fn fields(&self) -> &[Self] {
        match &self.kind {
            Kind::Object(fields) | Kind::Any(fields) => fields,
            _ => &[],
        }
    }

    /// The field one level below: of this key, or for the items or values.
    pub fn child(&self, segment: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Object(fields) | Kind::Any(fields) => {
                fields.iter().find(|field| field.key == segment)
            }
            Kind::List(item) => Some(item),
            Kind::Map { value, .. } => Some(value),
            Kind::Text | Kind::Bool => None,
        }
    }
}

static DOCS: LazyLock<Docs> = LazyLock::new(|| {
    // The schema is compiled in, so that any test that asks for a field proves this.
    read(super::source()).expect("the schema has the form that is read here")
});
