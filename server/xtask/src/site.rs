//! `cargo xtask site`: the Markdown of the repository as a static site, in `target/site/html`.
//!
//! What is in it and how it is made stands in `server/docs/site`.

use std::path::PathBuf;
use std::time::Duration;

use crate::npm::{self, npm};
use crate::process::run_for;
use crate::shell;

/// The most that making it may take.
const BUILDING: Duration = Duration::from_secs(300);

/// Makes the site and, if wanted, serves it on this machine until it is stopped.
pub(crate) fn run(serve: bool) -> anyhow::Result<()> {
    prepare()?;
    build()?;
    if serve {
        return shell::run(&mut npm(&folder(), &["run", "--silent", "serve"]));
    }
    println!("target/site/html");
    Ok(())
}

/// Installs what it is made with.
pub(crate) fn prepare() -> anyhow::Result<()> {
    npm::ci(&folder())
}

/// Makes it; a page that links to nothing fails this.
pub(crate) fn build() -> anyhow::Result<()> {
    run_for(&mut npm(&folder(), &["run", "--silent", "build"]), BUILDING)
}

fn folder() -> PathBuf {
    shell::root().join("server").join("docs").join("site")
}
