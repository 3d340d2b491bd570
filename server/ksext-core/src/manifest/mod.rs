//! extension.yaml as ksbuilder reads it, with a place for every field.

pub mod fields;
pub mod shape;
