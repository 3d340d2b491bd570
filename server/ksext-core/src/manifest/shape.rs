//! Go struct types as data, and how sigs.k8s.io/yaml and encoding/json fill them.
//!
//! A [`Shape`] says of what type a value is wanted; [`decode`] lays a value into it: keys match
//! whatever their case, numbers and booleans become text where text is wanted, null leaves a field
//! alone, unknown keys fall away, and what does not fit is told.

/// The type of a Go struct field, as far as decoding depends on it.
#[derive(Debug)]
pub enum Shape {
    /// `string`, or a named string type.
    Text,
    /// `bool`.
    Bool,
    /// `interface{}`: anything.
    Any,
    /// `time.Time`: text in RFC 3339.
    Time,
    /// A slice of this.
    List(&'static Shape),
    /// A map from text to this.
    Map(&'static Shape),
    /// A struct, or a pointer to one.
    Struct(&'static [FieldShape]),
}

/// A field of a [`Shape::Struct`].
#[derive(Debug)]
pub struct FieldShape {
    /// The key in its canonical spelling.
    pub key: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether encoding/json leaves it out when it is empty (`omitempty`): `""`, `false`, an empty
    /// list or map, nothing.
    pub omit_empty: bool,
}
