//! Everything that is tested from the outside, in one binary.

mod check;
mod cloud;
mod corpus;
mod docs;
mod layers;
mod lsp_answers;
mod lsp_commands;
mod lsp_conformance;
mod lsp_diagnostics;
mod lsp_editor;
mod lsp_settings;
mod publishing;
mod seeds;
mod size;
