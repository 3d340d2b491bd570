//! Everything that is tested from the outside, in one binary.

mod lsp_conformance;
