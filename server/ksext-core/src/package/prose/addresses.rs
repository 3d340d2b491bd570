//! Where the links and images of a Markdown text lead, each with the place of its address.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::attributes;
use crate::text::Span;

/// The address of a link or image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where it is written, without brackets or quotes around it.
    pub span: Span,
    /// What it says, escapes of Markdown resolved; those of URLs are not.
    pub target: String,
    /// How it is written.
    pub notation: Notation,
}

/// How an address is written, which decides what it may hold as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `[…](a.png)`, `[…]: a.png`
    Bare,
    /// `[…](<a.png>)`, `<https://…>`
    Pointed,
    /// `<img src="a.png">`
    Html,
}

/// A link whose end has not come yet.
struct Open {
    kind: LinkType,
    target: String,
    /// Where its text ends, as far as it has been seen.
    text_end: usize,
}

/// The addresses in `markdown`, in their order.
pub fn addresses(markdown: &str) -> Vec<Address> {
    let parser = Parser::new(markdown);
    let definitions = parser.reference_definitions().iter();
    let mut found: Vec<Address> = definitions
        .filter_map(|(_, definition)| defined(markdown, &definition.span, &definition.dest))
        .collect();
    let mut open: Vec<Open> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        let mut seen_to = range.end;
        match event {
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                open.push(Open::new(link_type, &dest_url, range.start + "[".len()));
                seen_to = 0;
            }
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                ..
            }) => {
                open.push(Open::new(link_type, &dest_url, range.start + "![".len()));
                seen_to = 0;
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let link = open.pop();
                found.extend(link.and_then(|link| link.address(markdown, &range)));
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                found.extend(in_html(markdown, &range));
            }
            _ => {}
        }
        if let Some(around) = open.last_mut() {
            around.text_end = around.text_end.max(seen_to);
        }
    }
    found.sort_by_key(|address| address.span);
    found
}

impl Open {
    fn new(kind: LinkType, target: &str, text_end: usize) -> Self {
        Self {
            kind,
            target: target.to_owned(),
            text_end,
        }
    }

    /// The address, if it stands in the link itself, whose place is `range`.
    fn address(self, markdown: &str, range: &Range<usize>) -> Option<Address> {
        let (span, notation) = match self.kind {
            LinkType::Inline => {
                let behind_text = markdown.get(self.text_end..range.end)?;
                let start = self.text_end + behind_text.find("](")? + "](".len();
                place(markdown, start, range.end)?
            }
            LinkType::Autolink => {
                let inner = Span::new(range.start + 1, range.end.checked_sub(1)?);
                (inner, Notation::Pointed)
            }
            _ => return None,
        };
        Some(Address {
            span,
            target: self.target,
            notation,
        })
    }
}

/// The address of a definition, `[…]: a.png`.
fn defined(markdown: &str, range: &Range<usize>, target: &str) -> Option<Address> {
    let start = range.start + markdown.get(range.clone())?.find("]:")? + "]:".len();
    let (span, notation) = place(markdown, start, range.end)?;
    Some(Address {
        span,
        target: target.to_owned(),
        notation,
    })
}

/// Where the address is written that comes first in a part of the text, white space before it left out
/// (CommonMark, "Link destination").
fn place(markdown: &str, start: usize, end: usize) -> Option<(Span, Notation)> {
    let part = markdown.get(start..end)?;
    let address = part.trim_start();
    let start = end - address.len();
    let escaped = |at: usize| address[..at].ends_with('\\');
    if let Some(inner) = address.strip_prefix('<') {
        let (len, _) = inner.match_indices('>').find(|(at, _)| !escaped(at + 1))?;
        let span = Span::new(start + 1, start + 1 + len);
        return Some((span, Notation::Pointed));
    }
    let mut depth = 0_usize;
    let ends = |(at, char): &(usize, char)| match char {
        '(' if !escaped(*at) => {
            depth += 1;
            false
        }
        ')' if !escaped(*at) => match depth.checked_sub(1) {
            Some(less) => {
                depth = less;
                false
            }
            None => true,
        },
        char => char.is_ascii_whitespace(),
    };
    let len = address
        .char_indices()
        .find(ends)
        .map_or(address.len(), |(at, _)| at);
    (len > 0).then(|| (Span::new(start, start + len), Notation::Bare))
}

/// The addresses of images and links in a piece of HTML.
fn in_html(markdown: &str, range: &Range<usize>) -> Vec<Address> {
    let html = markdown.get(range.clone()).unwrap_or_default();
    let images = attributes(html, "<img", "src");
    let links = attributes(html, "<a", "href");
    let spans = images.into_iter().chain(links);
    let address = |span: Span| Address {
        span: Span::new(range.start + span.start, range.start + span.end),
        target: span.of(html).to_owned(),
        notation: Notation::Html,
    };
    spans.map(address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_with_their_places() {
        let text = "# 示例 😀\r\n\r\n![概览 [1](x)](static/概览.png \"](no)\") [![a](b.png)](<c d.md>) [r][k]\r\n\r\n\
            <p><a href=\"d.md\"><IMG\r\n SRC='./e.svg?raw=true'></a></p>\r\n\r\n\
            [p](a(1).png) [q](a\\).png) <https://example.com/> `[code](f.md)` [e]() in <img src=g.png>\r\n\r\n\
            > - [list\r\n>   two](  h.md)\r\n\r\n[k]: /k.png 'title'\r\n";
        let seen: Vec<_> = addresses(text)
            .into_iter()
            .map(|address| (address.span.of(text), address.target, address.notation))
            .collect();
        let expected = [
            ("x", "x", Notation::Bare),
            ("static/概览.png", "static/概览.png", Notation::Bare),
            ("b.png", "b.png", Notation::Bare),
            ("c d.md", "c d.md", Notation::Pointed),
            ("d.md", "d.md", Notation::Html),
            ("./e.svg?raw=true", "./e.svg?raw=true", Notation::Html),
            ("a(1).png", "a(1).png", Notation::Bare),
            ("a\\).png", "a).png", Notation::Bare),
            (
                "https://example.com/",
                "https://example.com/",
                Notation::Pointed,
            ),
            ("g.png", "g.png", Notation::Html),
            ("h.md", "h.md", Notation::Bare),
            ("/k.png", "/k.png", Notation::Bare),
        ];
        let expected = expected.map(|(text, target, notation)| (text, target.to_owned(), notation));
        assert_eq!(seen, expected);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[a\\[\\]()!<>:\"' \\\\\n图#/]{0,40}") {
            for address in addresses(&text) {
                assert!(text.get(address.span.start..address.span.end).is_some(), "{text:?}");
            }
        }
    }
}
