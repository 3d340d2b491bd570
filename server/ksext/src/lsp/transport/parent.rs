//! Whether a process runs.

/// Whether the process `id` runs; one that has ended and was not collected by its parent does not.
/// Where that cannot be told the answer is yes.
#[cfg(target_os = "linux")]
pub(super) fn is_alive(id: u32) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{PidfdFlags, pidfd_open};

    let Some(pid) = pid(id) else { return false };
    match pidfd_open(pid, PidfdFlags::empty()) {
        // Readable once the process has ended (pidfd_open(2)).
        Ok(handle) => {
            let mut handles = [PollFd::new(&handle, PollFlags::IN)];
            poll(&mut handles, Some(&Timespec::default())) != Ok(1)
        }
        Err(rustix::io::Errno::SRCH) => false,
        // Linux before 5.3, or a sandbox.
        Err(_) => signal_reaches(pid),
    }
}

/// Whether the process `id` runs. Where that cannot be told the answer is yes.
#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn is_alive(id: u32) -> bool {
    pid(id).is_some_and(signal_reaches)
}

/// Whether the process `id` runs: always yes, since Windows closes a dead editor's pipes, which
/// ends the session.
#[cfg(not(unix))]
pub(super) fn is_alive(_id: u32) -> bool {
    true
}

#[cfg(unix)]
fn pid(id: u32) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(id).ok()?)
}

#[cfg(unix)]
fn signal_reaches(pid: rustix::process::Pid) -> bool {
    rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH)
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_is_alive_until_it_ends() {
        assert!(is_alive(std::process::id()));
        let mut child = Command::new("sleep")
            .arg("60")
            .spawn()
            .expect("sleep is everywhere");
        assert!(is_alive(child.id()));
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
        assert!(!is_alive(child.id()));
        assert!(!is_alive(0));
        assert!(!is_alive(u32::MAX));
    }
}
