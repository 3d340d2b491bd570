//! `ksext schema`.

use std::io::Write as _;

use super::Outcome;

pub(super) fn run() -> anyhow::Result<Outcome> {
    anstream::stdout().write_all(ksext_core::schema::source().as_bytes())?;
    Ok(Outcome::Done)
}
