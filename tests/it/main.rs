//! Everything that is tested from the outside, in one binary.

mod check;
mod check_fixes;
mod check_formats;
mod cloud;
mod corpus;
mod docs;
mod layers;
mod lsp_answers;
mod lsp_commands;
mod lsp_completion;
mod lsp_conformance;
mod lsp_diagnostics;
mod lsp_editor;
mod lsp_fixes;
mod lsp_navigation;
mod lsp_random;
mod lsp_refactors;
mod lsp_rename;
mod lsp_settings;
mod lsp_structure;
mod new;
mod publishing;
mod sandbox;
mod seeds;
mod size;
