//! `ksext/ages`: how long ago times of the cloud's were, in words.
//!
//! Answers of commands hold such words too, as of the moment they were given; a view that stays open
//! asks for them anew without asking the cloud.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commands::status::age_text;
use crate::lsp::state::Shared;

/// Which times.
#[derive(Debug, Deserialize)]
pub(in crate::lsp) struct AgesParams {
    /// Each as the cloud wrote it, RFC 3339.
    times: Vec<String>,
}

/// The words.
#[derive(Debug, Serialize)]
pub(in crate::lsp) struct Ages {
    /// `2 h ago`, in the order of the times; `null` for what is none.
    texts: Vec<Option<String>>,
}

impl Shared {
    /// The words as of now.
    pub(in crate::lsp) fn ages(&self, params: &AgesParams) -> Ages {
        let (lang, now) = (self.state().lang(), Timestamp::now());
        let texts = params.times.iter().map(|time| age_text(time, lang, now));
        Ages {
            texts: texts.collect(),
        }
    }
}
