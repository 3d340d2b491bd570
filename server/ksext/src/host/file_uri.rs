//! `file:` URIs and the paths that they name, as this system and others write them.
//!
//! How a system does it is a value, so that all of it is tested everywhere.

use std::path::{Path, PathBuf};

/// A way to write paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// `/home/a/demo`, in any bytes.
    Unix,
    /// `C:\demo` and `\\server\share\demo`.
    Windows,
}

impl System {
    /// That of this machine.
    const fn here() -> Self {
        if cfg!(windows) {
            Self::Windows
        } else {
            Self::Unix
        }
    }
}

/// Whether the names of files on this machine's disks usually differ by more than case. A disk may be
/// set up otherwise; then two names of one file, or one name for two, are a matter of the editor.
pub(crate) const CASE_COUNTS: bool = !cfg!(any(windows, target_os = "macos"));

/// The path that a `file:` URI names (RFC 8089), percent-encoded by whatever rules its client has;
/// `None` for other URIs.
pub(crate) fn path_of(uri: &str) -> Option<PathBuf> {
    path_from_bytes(path_bytes(uri, System::here())?)
}

/// The `file:` URI of an absolute path.
pub(crate) fn uri_of(path: &Path) -> String {
    uri_text(path.as_os_str().as_encoded_bytes(), System::here())
}

/// A path as a URI reference: relative if it is (RFC 3986, section 4.2), so that it holds wherever the
/// folder that it is relative to lies.
pub(crate) fn reference_of(path: &Path) -> String {
    if path.is_absolute() {
        return uri_of(path);
    }
    let mut reference = String::new();
    push_path(
        &mut reference,
        path.as_os_str().as_encoded_bytes(),
        System::here(),
    );
    reference
}

/// A path as the name of a place, the same for every spelling of it.
pub(crate) fn key_of(path: &Path) -> PathBuf {
    match path.to_str().filter(|_| !CASE_COUNTS) {
        Some(text) => PathBuf::from(folded(text)),
        None => path.to_owned(),
    }
}

/// Whether two names are those of one file in a folder.
pub(crate) fn is_same_name(a: &std::ffi::OsStr, b: &std::ffi::OsStr) -> bool {
    let folded = |name: &std::ffi::OsStr| name.to_str().map(folded);
    a == b || (!CASE_COUNTS && folded(a).is_some() && folded(a) == folded(b))
}

/// A name without the difference that case makes.
fn folded(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// The path as `system` writes it.
fn path_bytes(uri: &str, system: System) -> Option<Vec<u8>> {
    let scheme = uri.get(..5)?;
    if !scheme.eq_ignore_ascii_case("file:") {
        return None;
    }
    let rest = uri[5..].split(['?', '#']).next()?;
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let host = decoded(host)?;
    let host: &[u8] = if host.eq_ignore_ascii_case(b"localhost") {
        b""
    } else {
        &host
    };
    let path = decoded(path)?;
    if !path.starts_with(b"/") || path.contains(&0) {
        return None;
    }
    match system {
        System::Unix => host.is_empty().then_some(path),
        System::Windows => Some(windows_path(host, &path)),
    }
}

fn windows_path(host: &[u8], path: &[u8]) -> Vec<u8> {
    let mut bytes = match path {
        _ if !host.is_empty() => [b"\\\\", host, path].concat(),
        [b'/', drive, b':' | b'|', rest @ ..] if drive.is_ascii_alphabetic() => {
            let drive = [drive.to_ascii_uppercase(), b':'];
            // `C:` alone would be the folder that happens to be current on that drive.
            let rest: &[u8] = if rest.is_empty() { b"/" } else { rest };
            [&drive, rest].concat()
        }
        _ => path.to_owned(),
    };
    for byte in &mut bytes {
        if *byte == b'/' {
            *byte = b'\\';
        }
    }
    bytes
}

fn uri_text(path: &[u8], system: System) -> String {
    let mut uri = String::from("file://");
    let mut path = path;
    if system == System::Windows {
        // What the system itself puts before long paths, and before long paths on a server.
        path = path.strip_prefix(br"\\?\").unwrap_or(path);
        let server = path.strip_prefix(br"UNC\");
        match server.or_else(|| path.strip_prefix(br"\\")) {
            Some(server) => path = server,
            None => uri.push('/'),
        }
    }
    if let [drive, b':', rest @ ..] = path
        && system == System::Windows
    {
        uri.push(char::from(*drive));
        uri.push(':');
        path = rest;
    }
    push_path(&mut uri, path, system);
    uri
}

/// Adds a path to a URI, name by name.
fn push_path(uri: &mut String, path: &[u8], system: System) {
    for &byte in path {
        match byte {
            b'\\' if system == System::Windows => uri.push('/'),
            b'/' => uri.push('/'),
            _ => push_encoded(uri, byte),
        }
    }
}

/// Adds a byte of a name to a URI.
pub(crate) fn push_encoded(uri: &mut String, byte: u8) {
    const HEX: [u8; 16] = *b"0123456789ABCDEF";
    // RFC 3986, "unreserved".
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        uri.push(char::from(byte));
    } else {
        uri.push('%');
        uri.push(char::from(HEX[usize::from(byte >> 4)]));
        uri.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    Some(bytes)
}

#[cfg(not(windows))]
#[expect(clippy::unnecessary_wraps, reason = "on Windows a path is text")]
fn path_from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(windows)]
fn path_from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    Some(PathBuf::from(String::from_utf8(bytes).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_uris_are_paths() {
        use System::{Unix, Windows};
        for (system, uri, path) in [
            (Unix, "file:///a/extension.yaml", Some("/a/extension.yaml")),
            (Unix, "file:///a%20b/%E5%9B%BE.svg", Some("/a b/图.svg")),
            (Unix, "file:///a b/图.svg", Some("/a b/图.svg")),
            (Unix, "FILE:///a", Some("/a")),
            (Unix, "file:/a", Some("/a")),
            (Unix, "file://localhost/a", Some("/a")),
            (Unix, "file://LOCALHOST/a", Some("/a")),
            (Unix, "file:///a#L1", Some("/a")),
            (Unix, "file:///a%2", None),
            (Unix, "file:///a%00", None),
            (Unix, "file://server/a", None),
            (Unix, "file://localhosts/a", None),
            (Unix, "file://", None),
            (Unix, "untitled:Untitled-1", None),
            (Unix, "/a", None),
            (Unix, "", None),
            (Unix, "文", None),
            (Windows, "file:///c%3A/demo/图.svg", Some(r"C:\demo\图.svg")),
            (Windows, "file:///C:/demo", Some(r"C:\demo")),
            (Windows, "file:///c%3a", Some(r"C:\")),
            (Windows, "file:///c|/demo", Some(r"C:\demo")),
            (
                Windows,
                "file://server/share/a%20b",
                Some(r"\\server\share\a b"),
            ),
            (
                Windows,
                "file:////server/share/a",
                Some(r"\\server\share\a"),
            ),
            (
                Windows,
                "file://wsl%24/Ubuntu/demo",
                Some(r"\\wsl$\Ubuntu\demo"),
            ),
        ] {
            let found = path_bytes(uri, system);
            let found = found.map(|bytes| String::from_utf8(bytes).expect("text"));
            assert_eq!(found.as_deref(), path, "{uri}");
        }
    }

    #[test]
    fn paths_are_file_uris() {
        for (system, path, uri) in [
            (System::Unix, "/a b/图.svg", "file:///a%20b/%E5%9B%BE.svg"),
            (System::Unix, r"/a\b:c", "file:///a%5Cb%3Ac"),
            (System::Windows, r"C:\demo\a#b", "file:///C:/demo/a%23b"),
            (System::Windows, r"\\?\C:\demo", "file:///C:/demo"),
            (
                System::Windows,
                r"\\server\share\a",
                "file://server/share/a",
            ),
            (
                System::Windows,
                r"\\?\UNC\server\share\a",
                "file://server/share/a",
            ),
        ] {
            assert_eq!(uri_text(path.as_bytes(), system), uri, "{path}");
        }
    }

    #[test]
    fn a_relative_path_stays_relative() {
        for (path, expected) in [
            ("demo/extension.yaml", "demo/extension.yaml"),
            ("观 测/a:b.yaml", "%E8%A7%82%20%E6%B5%8B/a%3Ab.yaml"),
        ] {
            assert_eq!(reference_of(Path::new(path)), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_absolute_path_becomes_a_uri() {
        assert_eq!(reference_of(Path::new("/a/b")), "file:///a/b");
    }

    #[test]
    fn case_is_folded_in_every_script() {
        assert_eq!(
            folded("Demo/Ünïcode/ΔΟΚΙΜΉ/图标"),
            "demo/ünïcode/δοκιμή/图标"
        );
    }
}
