//! Programs that are given only so much time.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::shell;

/// Runs a command to its end, or ends it.
pub(crate) fn run_for(command: &mut Command, limit: Duration) -> anyhow::Result<()> {
    let shown = shell::shown(command);
    println!("$ {shown}");
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let latest = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() > latest {
            end(&mut child)?;
            bail!("`{shown}` was ended after {} seconds", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    ensure!(status.success(), "`{shown}` failed: {status}");
    Ok(())
}

/// Asks a process to end, so that it ends what it has started too; after a while it is not asked.
fn end(child: &mut Child) -> anyhow::Result<()> {
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    for _ in 0..100 {
        if asked.is_err() || child.try_wait()?.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}
