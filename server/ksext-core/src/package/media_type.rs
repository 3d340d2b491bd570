//! The media type that a Go program gives a file: by the end of its name, else by how it begins.

/// Endings of names that Go knows by itself (mime/type.go of Go 1.26), those of pictures and of texts
/// that may be taken for one. A system's own database may add others, so that of those ksbuilder's
/// answer depends on the machine.
const BY_ENDING: [(&str, &[&str]); 19] = [
    ("image/apng", &["apng"]),
    ("image/avif", &["avif"]),
    ("image/bmp", &["bmp"]),
    ("image/gif", &["gif"]),
    ("image/jpeg", &["jfif", "jpeg", "jpg", "pjp", "pjpeg"]),
    ("image/png", &["png"]),
    ("image/svg+xml", &["svg"]),
    ("image/tiff", &["tif", "tiff"]),
    ("image/vnd.microsoft.icon", &["ico"]),
    ("image/webp", &["webp"]),
    ("image/x-xbitmap", &["xbm"]),
    ("application/json", &["json"]),
    ("application/octet-stream", &["bin", "com", "exe"]),
    ("application/pdf", &["pdf"]),
    ("application/postscript", &["ai", "eps", "ps"]),
    ("application/xhtml+xml", &["xht", "xhtml"]),
    (
        "text/html; charset=utf-8",
        &["ehtml", "htm", "html", "shtml"],
    ),
    ("text/plain; charset=utf-8", &["text", "txt"]),
    ("text/xml; charset=utf-8", &["xbl", "xml", "xsl"]),
];

/// How files begin (net/http/sniff.go); `.` stands for any byte.
const BY_BEGINNING: [(&[u8], &str); 12] = [
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xef\xbb\xbf.", "text/plain; charset=utf-8"),
    (b"\0\0\x01\0", "image/x-icon"),
    (b"\0\0\x02\0", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"RIFF....WEBPVP", "image/webp"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x1f\x8b\x08", "application/x-gzip"),
];

/// Tags with which a file is taken for HTML, whatever their case.
const HTML: [&str; 17] = [
    "<!DOCTYPE HTML",
    "<HTML",
    "<HEAD",
    "<SCRIPT",
    "<IFRAME",
    "<H1",
    "<DIV",
    "<FONT",
    "<TABLE",
    "<A",
    "<STYLE",
    "<TITLE",
    "<B",
    "<BODY",
    "<BR",
    "<P",
    "<!--",
];

/// How many bytes of a file are looked at.
const BEGINNING: usize = 512;

/// The media type of a file called `name` that holds `content`, with a charset for texts.
pub(super) fn of(name: &[u8], content: &[u8]) -> &'static str {
    by_ending(name).unwrap_or_else(|| by_beginning(content))
}

/// By the part of `name` behind its last dot, without regard to case.
fn by_ending(name: &[u8]) -> Option<&'static str> {
    let dot = name.iter().rposition(|&byte| byte == b'.')?;
    let ending = &name[dot + 1..];
    BY_ENDING.iter().find_map(|(media_type, endings)| {
        let known = endings
            .iter()
            .any(|known| known.as_bytes().eq_ignore_ascii_case(ending));
        known.then_some(*media_type)
    })
}

fn by_beginning(content: &[u8]) -> &'static str {
    let beginning = &content[..content.len().min(BEGINNING)];
    let blank = |byte: &&u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    let text = &beginning[beginning.iter().take_while(blank).count()..];
    let is_html = HTML.iter().any(|tag| {
        text.get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
            && matches!(text.get(tag.len()), Some(b' ' | b'>'))
    });
    if is_html {
        return "text/html; charset=utf-8";
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    let matches = |pattern: &[u8]| {
        beginning.len() >= pattern.len()
            && pattern
                .iter()
                .zip(beginning)
                .all(|(wanted, byte)| *wanted == b'.' || wanted == byte)
    };
    if let Some((_, media_type)) = BY_BEGINNING.iter().find(|(pattern, _)| matches(pattern)) {
        return media_type;
    }
    let binary = |byte: &u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    if text.iter().any(binary) {
        "application/octet-stream"
    } else {
        "text/plain; charset=utf-8"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides_whatever_the_file_holds() {
        for (name, media_type) in [
            ("图标.svg", "image/svg+xml"),
            (".svg", "image/svg+xml"),
            ("a.tar.PNG", "image/png"),
            ("favicon.ico", "image/vnd.microsoft.icon"),
            ("logo.jpg", "image/jpeg"),
            ("icon.xml", "text/xml; charset=utf-8"),
        ] {
            assert_eq!(of(name.as_bytes(), b"GIF89a"), media_type, "{name}");
        }
    }

    #[test]
    fn without_a_known_ending_the_first_bytes_decide() {
        for (content, media_type) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], "image/png"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\x01\0\x01", "image/x-icon"),
            (b"\n <?xml version='1.0'?><svg/>", "text/xml; charset=utf-8"),
            (b"<svg xmlns='x'/>", "text/plain; charset=utf-8"),
            (b"<!DOCTYPE svg>", "text/plain; charset=utf-8"),
            (b"<!-- x --><svg/>", "text/html; charset=utf-8"),
            (b"<!doctype html>", "text/html; charset=utf-8"),
            (b"", "text/plain; charset=utf-8"),
            ("观测".as_bytes(), "text/plain; charset=utf-8"),
            (b"\0\x01\x02", "application/octet-stream"),
        ] {
            for name in ["icon", "icon.", "a.svg/icon", "图.标"] {
                assert_eq!(
                    of(name.as_bytes(), content),
                    media_type,
                    "{name}: {}",
                    String::from_utf8_lossy(content)
                );
            }
        }
    }
}
