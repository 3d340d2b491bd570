//! Everything that is tested from the outside, in one binary.

mod check;
mod lsp_conformance;
