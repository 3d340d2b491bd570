//! Asking for a key in the browser.

use std::sync::Arc;

use ksext_cloud::{Server, Token};
use ksext_core::lang::Lang;

use super::state::Shared;

/// A key.
pub(super) async fn ask(_shared: &Arc<Shared>, _server: &Server, _lang: Lang) -> Option<Token> {
    None
}
