//! The images in a package's README and CHANGELOG: in which place which file is shown.

mod addresses;

use pulldown_cmark::{Event, Parser, Tag};

pub use addresses::{Address, Notation, addresses};

use super::path::PkgPath;
use crate::text::Span;

/// An image in a Markdown text that is meant to be a file beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The whole of `![…](…)`, or the value of `src` in `<img …>`.
    pub span: Span,
    /// What is written there.
    pub target: String,
    /// The file that it means, if it lies in the package.
    pub path: Option<PkgPath>,
}

/// Whether a file in the package's root is one of the texts that the Marketplace shows.
pub fn is_prose(name: &[u8]) -> bool {
    let upper = name.to_ascii_uppercase();
    let known = [&b"README"[..], b"CHANGELOG"];
    upper.ends_with(b".MD") && known.iter().any(|known| upper.starts_with(known))
}

/// Whether `name` is that of the text with this stem, such as `README`, in a language, or of the one for
/// everybody. KubeSphere's console (packages/core, `getLocaleFile`) takes `README_zh.md`, `README-zh.md` or
/// `README.zh.md` for a user whose language is `zh`, in any case of letters, and else `README.md`.
pub fn is_document(name: &str, stem: &str, language: Option<&str>) -> bool {
    let lower = name.to_ascii_lowercase();
    let middle = lower
        .strip_prefix(&stem.to_ascii_lowercase())
        .and_then(|rest| rest.strip_suffix(".md"));
    match (middle, language) {
        (Some(middle), Some(language)) => middle.strip_prefix(['_', '-', '.']) == Some(language),
        (Some(middle), None) => middle.is_empty(),
        (None, _) => false,
    }
}

/// The images in `markdown` that are no URLs, in their order.
pub fn images(markdown: &str) -> Vec<Shown> {
    let mut found = Vec::new();
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                found.extend(shown(Span::new(range.start, range.end), &dest_url));
            }
            // A block comes line by line, but a tag may stand on several.
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                let html = markdown.get(range.clone()).unwrap_or_default();
                for source in sources(html) {
                    let span = Span::new(range.start + source.start, range.start + source.end);
                    found.extend(shown(span, source.of(html)));
                }
            }
            _ => {}
        }
    }
    found
}

/// What `target` shows; `None` if it is a URL or nothing that could be a file.
fn shown(span: Span, target: &str) -> Option<Shown> {
    Some(Shown {
        span,
        target: target.to_owned(),
        path: PkgPath::resolve_local(percent_decoded(file_part(target)?)).ok(),
    })
}

/// The part of an address that names a file, in front of `?` and `#`; `None` if it is a URL or nothing
/// that could be a file.
pub fn file_part(target: &str) -> Option<&str> {
    let file = target.split(['?', '#']).next().unwrap_or_default();
    let has_scheme = file
        .split_once(':')
        .is_some_and(|(scheme, _)| scheme.chars().all(|char| char.is_ascii_alphanumeric()));
    let is_none =
        file.trim().is_empty() || has_scheme || file.starts_with("//") || file.contains("{{");
    (!is_none).then_some(file)
}

/// The values of `src` in the `<img …>` of a piece of HTML.
fn sources(html: &str) -> Vec<Span> {
    attributes(html, "<img", "src")
}

/// The values of an attribute in those start tags of a piece of HTML that begin with `tag`.
fn attributes(html: &str, tag: &str, name: &str) -> Vec<Span> {
    // Only ASCII letters change, so the places stay.
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = lower[at..].find(tag).map(|start| at + start) {
        let end = lower[start..]
            .find('>')
            .map_or(lower.len(), |end| start + end);
        found.extend(
            attribute(&lower[start..end], name)
                .map(|span| Span::new(start + span.start, start + span.end)),
        );
        at = end;
    }
    found
}

/// The value of an attribute in a start tag.
fn attribute(tag: &str, wanted: &str) -> Option<Span> {
    let mut from = 0;
    loop {
        let name = from + tag[from..].find(wanted)?;
        from = name + wanted.len();
        let is_own_name = tag[..name].ends_with(|char: char| char.is_ascii_whitespace());
        let rest = tag[from..].trim_start();
        let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
            continue;
        };
        if !is_own_name {
            continue;
        }
        let start = tag.len() - value.len();
        let (start, end) = match value.chars().next()? {
            quote @ ('"' | '\'') => (
                start + 1,
                value[1..].find(quote).map(|end| start + 1 + end)?,
            ),
            _ => {
                let len = value.find(|char: char| char.is_ascii_whitespace());
                (start, start + len.unwrap_or(value.len()))
            }
        };
        return Some(Span::new(start, end));
    }
}

/// `text` with `%41` and the like resolved.
pub fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| byte == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_found_with_their_places() {
        let text = "# 示例 😀\r\n\r\n![概览](static/概览.png \"title\") and [![a][b]](https://x)\r\n\r\n\
            <p align=\"center\">\r\n<IMG alt='src=\"no\"'\r\n  SRC=\"./static/a%20b.svg?raw=true\" width=20>\r\n</p>\r\n\r\n\
            inline <img src=c.png> `![code](d.png)`\r\n\r\n    ![indented](e.png)\r\n\r\n\
            ![url](https://x/y.png) ![data](data:image/png;base64,AA) ![](//cdn/x.png) ![]() ![up](../x.png)\r\n\r\n\
            [b]: /b.png\r\n";
        let seen: Vec<_> = images(text)
            .into_iter()
            .map(|image| {
                let path = image.path.map(|path| path.to_string());
                (image.span.of(text).to_owned(), path)
            })
            .collect();
        let expected = [
            (
                "![概览](static/概览.png \"title\")",
                Some("static/概览.png"),
            ),
            ("![a][b]", Some("b.png")),
            ("./static/a%20b.svg?raw=true", Some("static/a b.svg")),
            ("c.png", Some("c.png")),
            ("![up](../x.png)", None),
        ];
        let expected = expected.map(|(text, path)| (text.to_owned(), path.map(str::to_owned)));
        assert_eq!(seen, expected);
    }

    #[test]
    fn readmes_and_changelogs_are_prose() {
        for name in ["README.md", "readme_zh.md", "CHANGELOG_zh.MD"] {
            assert!(is_prose(name.as_bytes()), "{name}");
        }
        for name in ["README", "docs.md", "values.yaml"] {
            assert!(!is_prose(name.as_bytes()), "{name}");
        }
    }
}
