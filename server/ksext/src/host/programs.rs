//! Programs beside this one, on the user's PATH.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program may take so long to say which it is.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that is read of its answer, in bytes.
const MAX_ANSWER: u64 = 64 << 10;

/// The file that the command `name` runs, by the PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(&file));
    places.find(|place| super::files::is_file(place))
}

/// The first line that a program prints with these arguments; `None` if it fails, or says nothing in
/// time. It is not told of any key.
pub(crate) fn first_line(program: &OsStr, args: &[&str]) -> Option<String> {
    let mut child = Command::new(program)
        .args(args)
        .env_remove("KSEXT_TOKEN")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let answer = child.stdout.take()?;
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        // What came before an error is what there is.
        let _ = answer.take(MAX_ANSWER).read_to_end(&mut text);
        text
    });
    if !ends_well(&mut child) {
        return None;
    }
    let text = reader.join().ok()?;
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.to_owned())
}

/// Waits for it, or ends it.
fn ends_well(child: &mut Child) -> bool {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5));
            }
            _ => {
                // It may have ended by itself just now.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_which_it_is() {
        let shell = find("sh").expect("every system has one");
        let first = |script: &str| first_line(shell.as_os_str(), &["-c", script]);
        assert_eq!(
            first("echo; echo ' 图 1.0 '; echo more").as_deref(),
            Some("图 1.0")
        );
        assert_eq!(first("echo x; exit 1"), None);
        assert_eq!(first("true"), None);
        assert_eq!(find("no such program"), None);
    }
}
