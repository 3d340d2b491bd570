//! The URL that push sends a package to, which holds its name as it is written (ksbuilder
//! pkg/cloud/cloud.go).

/// Why a name cannot stand in the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum UrlFault {
    /// This character ends the path.
    Cut(char),
    /// It has a control character.
    Control,
    /// It has a `%` without two hexadecimal digits.
    BrokenEscape,
}

/// What is wrong with a name in the URL, if anything is.
pub(in crate::rules) fn fault(name: &str) -> Option<UrlFault> {
    let cut = name.chars().find(|char| matches!(char, '?' | '#'));
    if let Some(cut) = cut {
        Some(UrlFault::Cut(cut))
    } else if name.chars().any(|char| char.is_ascii_control()) {
        Some(UrlFault::Control)
    } else {
        has_broken_escape(name).then_some(UrlFault::BrokenEscape)
    }
}

fn has_broken_escape(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.iter().enumerate().any(|(at, &byte)| {
        let digits = bytes.get(at + 1..at + 3);
        byte == b'%' && !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}
