//! The types of the Language Server Protocol, under one name: no other file names the crate that
//! they come from, so changing it stays a day's work.

pub(crate) use tower_lsp::ls_types::*;
