//! What an image file says of itself in its first bytes: its format and its size. Nothing is decoded.

use imagesize::{Compression, ImageType};

/// How many bytes of a file tell what it is. JPEG may have as much in front of its size.
pub const HEADER: u64 = 64 * 1024;

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picture {
    /// What it is.
    pub content: Content,
    /// Width and height, in pixels or in the units of an SVG; `None` if they are not known.
    pub size: Option<(f64, f64)>,
}

/// What a file turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// An image of this format.
    Image(Format),
    /// Nothing at all.
    Empty,
    /// The stand-in that Git LFS leaves where the file has not been fetched.
    LfsPointer,
    /// A web page, as a failed download leaves it.
    Html,
    /// Some other text.
    Text,
    /// Bytes that are not known.
    Unknown,
}

/// A format of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// AVIF.
    Avif,
    /// BMP.
    Bmp,
    /// GIF.
    Gif,
    /// HEIC, which no browser but Safari shows.
    Heic,
    /// ICO.
    Ico,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// SVG.
    Svg,
    /// TIFF.
    Tiff,
    /// WebP.
    Webp,
}

impl Format {
    /// Its usual name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Avif => "AVIF",
            Self::Bmp => "BMP",
            Self::Gif => "GIF",
            Self::Heic => "HEIC",
            Self::Ico => "ICO",
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Svg => "SVG",
            Self::Tiff => "TIFF",
            Self::Webp => "WebP",
        }
    }

    /// The format that a file's name promises by what stands behind its last dot.
    pub fn of_name(name: &[u8]) -> Option<Self> {
        let dot = name.iter().rposition(|&byte| byte == b'.')?;
        Some(match &name[dot + 1..].to_ascii_lowercase()[..] {
            b"avif" => Self::Avif,
            b"bmp" => Self::Bmp,
            b"gif" => Self::Gif,
            b"heic" | b"heif" => Self::Heic,
            b"ico" => Self::Ico,
            b"jpg" | b"jpeg" | b"jfif" => Self::Jpeg,
            b"png" => Self::Png,
            b"svg" => Self::Svg,
            b"tif" | b"tiff" => Self::Tiff,
            b"webp" => Self::Webp,
            _ => return None,
        })
    }

    fn of_type(found: ImageType) -> Option<Self> {
        Some(match found {
            ImageType::Bmp => Self::Bmp,
            ImageType::Gif => Self::Gif,
            ImageType::Heif(Compression::Av1) => Self::Avif,
            ImageType::Heif(_) => Self::Heic,
            ImageType::Ico => Self::Ico,
            ImageType::Jpeg => Self::Jpeg,
            ImageType::Png => Self::Png,
            ImageType::Tiff => Self::Tiff,
            ImageType::Webp => Self::Webp,
            _ => return None,
        })
    }
}

/// Says what the file that begins with `header` is.
pub fn recognize(header: &[u8]) -> Picture {
    let known = imagesize::image_type(header).ok();
    if let Some(format) = known.and_then(Format::of_type) {
        let size = imagesize::blob_size(header).ok();
        return Picture {
            content: Content::Image(format),
            size: size.map(|size| (size.width as f64, size.height as f64)),
        };
    }
    let Some(text) = as_text(header) else {
        return Picture {
            content: Content::Unknown,
            size: None,
        };
    };
    if let Some(tag) = root_element(text)
        && tag.split([' ', '\t', '\r', '\n', '/', '>']).next() == Some("svg")
    {
        return Picture {
            content: Content::Image(Format::Svg),
            size: svg_size(tag),
        };
    }
    let start: String = text.trim_start().chars().take(15).collect();
    let start = start.to_ascii_lowercase();
    let content = if text.trim().is_empty() {
        Content::Empty
    } else if text.starts_with("version https://git-lfs.github.com/") {
        Content::LfsPointer
    } else if start.starts_with("<!doctype html") || start.starts_with("<html") {
        Content::Html
    } else {
        Content::Text
    };
    Picture {
        content,
        size: None,
    }
}

/// `header` as text; a character that its end cuts in two does not count.
fn as_text(header: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(header) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&header[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let is_binary = text.contains('\0');
    (!is_binary).then(|| text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The first element of an XML text, from its name without prefix to its `>`: what stands before it
/// are declarations and comments.
fn root_element(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start();
        let rest = text.strip_prefix('<')?;
        let skipped = if let Some(comment) = rest.strip_prefix("!--") {
            after(comment, "-->")?
        } else if let Some(instruction) = rest.strip_prefix('?') {
            after(instruction, "?>")?
        } else if rest.starts_with('!') {
            // A document type may hold declarations in brackets.
            let end = rest.find(['[', '>'])?;
            match rest[end..].strip_prefix('[') {
                Some(inner) => after(after(inner, "]")?, ">")?,
                None => &rest[end + 1..],
            }
        } else {
            let tag = rest.split_once('>').map_or(rest, |(tag, _)| tag);
            let name = tag.split([' ', '\t', '\r', '\n']).next()?;
            let prefix = name.find(':').map_or(0, |colon| colon + 1);
            return Some(&tag[prefix..]);
        };
        text = skipped;
    }
}

fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// The size that an `svg` element says, by `width` and `height` or else by its view box.
fn svg_size(tag: &str) -> Option<(f64, f64)> {
    let length = |name| {
        let value = attribute(tag, name)?;
        let number = value.trim().trim_end_matches("px");
        number.parse::<f64>().ok().filter(|length| *length > 0.0)
    };
    if let (Some(width), Some(height)) = (length("width"), length("height")) {
        return Some((width, height));
    }
    let numbers: Vec<f64> = attribute(tag, "viewBox")?
        .split([' ', ',', '\t', '\r', '\n'])
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    match numbers[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
        _ => None,
    }
}

/// The value of an attribute in a start tag.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    loop {
        let (before, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let quote = value
            .chars()
            .next()
            .filter(|char| matches!(char, '"' | '\''))?;
        let (value, behind) = value[1..].split_once(quote)?;
        if before.split_whitespace().next_back() == Some(name) {
            return Some(value);
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_what_a_file_is() {
        let image = |format, size| Picture {
            content: Content::Image(format),
            size,
        };
        let other = |content| Picture {
            content,
            size: None,
        };
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x20\x08\x06\0\0\0";
        for (bytes, expected) in [
            (&png[..], image(Format::Png, Some((64.0, 32.0)))),
            (
                b"GIF89a\x10\0\x08\0\0\0\0",
                image(Format::Gif, Some((16.0, 8.0))),
            ),
            (b"", other(Content::Empty)),
            (b" \n", other(Content::Empty)),
            (b"PNG", other(Content::Text)),
            ("图".as_bytes(), other(Content::Text)),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
                other(Content::LfsPointer),
            ),
            (b"\n<!DOCTYPE html>\n<html></html>", other(Content::Html)),
            (
                b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c",
                other(Content::Unknown),
            ),
            (b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0\0", other(Content::Unknown)),
        ] {
            assert_eq!(
                recognize(bytes),
                expected,
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn an_svg_is_known_by_its_root_element() {
        for (text, size) in [
            ("<svg/>", None),
            (
                "\u{feff}<?xml version=\"1.0\"?>\n<!-- <a> 图 -->\n<svg width='24px' height = \"16\">",
                Some((24.0, 16.0)),
            ),
            (
                "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\">\r\n<svg viewBox=\"0 0 64 64\">",
                Some((64.0, 64.0)),
            ),
            (
                "<!DOCTYPE svg [\n<!ENTITY a \"b\">\n]><svg:svg\n  width=\"100%\" height=\"100%\" viewBox='0,0,10,20'>",
                Some((10.0, 20.0)),
            ),
            ("<svg stroke-width=\"2\" viewBox=\"0 0 1em 1\"/>", None),
        ] {
            let picture = recognize(text.as_bytes());
            assert_eq!(picture.content, Content::Image(Format::Svg), "{text}");
            assert_eq!(picture.size, size, "{text}");
        }
        for text in ["<svgx/>", "svg", "<xml><svg/></xml>", "<!-- svg"] {
            assert_eq!(recognize(text.as_bytes()).content, Content::Text, "{text}");
        }
    }

    #[test]
    fn a_name_promises_a_format() {
        assert_eq!(Format::of_name("图.PNG".as_bytes()), Some(Format::Png));
        assert_eq!(Format::of_name(b"a.jpeg"), Some(Format::Jpeg));
        assert_eq!(Format::of_name(b"png"), None);
        assert_eq!(Format::of_name(b"a.md"), None);
    }
}
