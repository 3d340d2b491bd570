//! The terminal that the program was started from.

/// Shows again what is typed, after a question for something secret was broken off.
pub(crate) fn show_typing() {
    #[cfg(unix)]
    {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let stdin = rustix::stdio::stdin();
        if let Ok(mut modes) = tcgetattr(stdin) {
            modes.local_modes |= LocalModes::ECHO;
            // Without a terminal there is nothing to show.
            let _ = tcsetattr(stdin, OptionalActions::Now, &modes);
        }
    }
}
