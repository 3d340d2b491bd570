//! Everything that is tested from the outside, in one binary.

mod check;
mod cloud;
mod corpus;
mod docs;
mod layers;
mod lsp_conformance;
mod seeds;
