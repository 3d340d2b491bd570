//! How a name is written where it stands, and how another one is written in its place: in the same
//! quotes, with the same escapes, and the same dots and slashes around a path.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Mention, Referent, Role, Text};
use crate::package::PkgPath;
use crate::package::prose::{Address, Notation, percent_decoded};
use crate::text::{Span, TextEdit};
use crate::yaml::{Kind, NodeId, Style, written};

/// How a name is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ide) enum Written {
    /// As a YAML scalar or a part of one.
    Scalar {
        /// The whole scalar with its quotes.
        span: Span,
        style: Style,
        /// What the whole scalar says.
        text: String,
        /// The bytes of that which are the name.
        part: Range<usize>,
        /// An anchor, an alias or a tag stands here: what is changed here changes elsewhere too.
        shared: bool,
    },
    /// As the address of a link or image in Markdown.
    Address(Notation, String),
    /// As a name in a template.
    Template(String),
}

impl Text<'_> {
    /// The mention that is the whole scalar at `node`, which says `text`.
    pub(super) fn mention(
        &self,
        node: NodeId,
        text: &str,
        referent: Referent,
        role: Role,
    ) -> Mention {
        self.part(node, text, 0..text.len(), referent, role)
    }

    /// The mention that is a part of the scalar at `node`, which says `text`.
    pub(super) fn part(
        &self,
        node: NodeId,
        text: &str,
        part: Range<usize>,
        referent: Referent,
        role: Role,
    ) -> Mention {
        let found = self.tree.node(node);
        let style = match &found.kind {
            Kind::Scalar { style, .. } => Some(*style),
            _ => None,
        };
        let shared = style.is_none() || found.anchor.is_some() || found.tag.is_some();
        let content = content(self.text, found.span, style.unwrap_or(Style::Plain));
        // Where each byte stands as it is, a part has a place of its own.
        let span = if content.of(self.text) == text {
            Span::new(content.start + part.start, content.start + part.end)
        } else {
            found.span
        };
        Mention {
            file: self.file.clone(),
            span,
            whole: found.span,
            referent,
            role,
            written: Written::Scalar {
                span: found.span,
                style: style.unwrap_or(Style::Plain),
                text: text.to_owned(),
                part,
                shared,
            },
        }
    }
}

/// What stands between the quotes.
fn content(text: &str, span: Span, style: Style) -> Span {
    let is_quoted = matches!(style, Style::SingleQuoted | Style::DoubleQuoted);
    if is_quoted && span.len() >= 2 && span.of(text).is_char_boundary(1) {
        return Span::new(span.start + 1, span.end - 1);
    }
    span
}

/// A mention and what is to be named there instead.
pub(in crate::ide) enum Replacing {
    /// This name.
    Name(String),
    /// The file or folder at this path, which the mention named by the first one.
    Path(PkgPath, PkgPath),
}

/// The edits that name other things; the mentions that cannot be rewritten where they stand.
pub(in crate::ide) fn replace(
    replacements: Vec<(Mention, Replacing)>,
) -> (Vec<(PkgPath, TextEdit)>, Vec<Mention>) {
    let mut edits = Vec::new();
    let mut refused = Vec::new();
    // Several parts of one scalar are one edit.
    let mut scalars: BTreeMap<(PkgPath, Span), Vec<(Mention, String)>> = BTreeMap::new();
    for (mention, replacing) in replacements {
        let new = match &replacing {
            Replacing::Name(name) => Some(name.clone()),
            Replacing::Path(old, new) => path_in(&mention, old, new),
        };
        match (&mention.written, new) {
            (
                Written::Scalar {
                    span,
                    shared: false,
                    ..
                },
                Some(new),
            ) => {
                let place = (mention.file.clone(), *span);
                scalars.entry(place).or_default().push((mention, new));
            }
            (Written::Address(..) | Written::Template(_), Some(text)) => {
                let span = mention.span;
                edits.push((mention.file, TextEdit { span, text }));
            }
            _ => refused.push(mention),
        }
    }
    for ((file, span), mut parts) in scalars {
        parts.sort_by_key(|(mention, _)| std::cmp::Reverse(mention.span));
        match scalar(&parts) {
            Some(text) => edits.push((file, TextEdit { span, text })),
            None => refused.extend(parts.into_iter().map(|(mention, _)| mention)),
        }
    }
    edits.sort_by(|(a, one), (b, other)| (a, one.span).cmp(&(b, other.span)));
    edits.dedup();
    (edits, refused)
}

/// One scalar with other names in it, the last part first.
fn scalar(parts: &[(Mention, String)]) -> Option<String> {
    let mut new = None;
    let mut quotes = None;
    let mut done = usize::MAX;
    let mut stays_plain = true;
    for (mention, name) in parts {
        let Written::Scalar {
            text, part, style, ..
        } = &mention.written
        else {
            return None;
        };
        if part.end > done {
            // The same part once more.
            continue;
        }
        done = part.start;
        quotes = Some(*style);
        // What stands without quotes needs none for other letters in the midst of it.
        let is_verbatim = mention.span.len() == part.len();
        stays_plain &= is_verbatim && part.len() < text.len() && name.chars().all(is_harmless);
        let whole = new.get_or_insert_with(|| text.clone());
        whole.get(part.clone())?;
        whole.replace_range(part.clone(), name);
    }
    let (new, quotes) = (new?, quotes?);
    if quotes == Style::Plain && stays_plain {
        return Some(new);
    }
    written(&new, quotes)
}

fn is_harmless(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '-' | '_' | '.' | '/')
}

/// The path to `new` in the way in which `mention` names `old`; `None` if it cannot be written so.
fn path_in(mention: &Mention, old: &PkgPath, new: &PkgPath) -> Option<String> {
    match &mention.written {
        Written::Scalar { text, part, .. } => {
            let raw = text.get(part.clone())?;
            let is_text = |name: &str| !name.chars().any(char::is_control);
            let plain = |name: &str| is_text(name).then(|| name.to_owned());
            repath(raw, old, new, &|name| name.as_bytes().to_vec(), &plain)
        }
        Written::Address(notation, raw) => {
            let file_end = raw.find(['?', '#']).unwrap_or(raw.len());
            let (file, rest) = raw.split_at(file_end);
            let encodes_all = percent_decoded(file)
                .iter()
                .filter(|byte| !byte.is_ascii())
                .count()
                > file.bytes().filter(|byte| !byte.is_ascii()).count();
            let encode = |name: &str| Some(encoded(name, *notation, encodes_all));
            let path = repath(file, old, new, &percent_decoded, &encode)?;
            Some(path + rest)
        }
        Written::Template(_) => None,
    }
}

/// `new` written like `raw`, which means `old`: dots and slashes at the ends stay, and so do the names
/// that both have in common.
fn repath(
    raw: &str,
    old: &PkgPath,
    new: &PkgPath,
    decode: &dyn Fn(&str) -> Vec<u8>,
    encode: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let (lead, body) = ["./", "/"]
        .iter()
        .find_map(|lead| Some((*lead, raw.strip_prefix(lead)?)))
        .unwrap_or(("", raw));
    let (body, trail) = match body.strip_suffix('/') {
        Some(body) => (body, "/"),
        None => (body, ""),
    };
    let new: Vec<_> = new.components().collect();
    let written: Vec<_> = body.split('/').collect();
    let is_direct = old.components().eq(written.iter().map(|name| decode(name)));
    let written = if is_direct { written } else { Vec::new() };
    let same = |raw: &str, name: &[u8]| decode(raw) == name;
    let front = written
        .iter()
        .zip(&new)
        .take_while(|(raw, name)| same(raw, name));
    let front = front.count();
    let mut names = Vec::new();
    for (index, name) in new.iter().enumerate() {
        let from_end = new.len() - index;
        let counterpart = written.len().checked_sub(from_end);
        let tail = counterpart.filter(|&at| {
            let rest = written[at..].iter().zip(&new[index..]);
            rest.into_iter().all(|(raw, name)| same(raw, name))
        });
        let kept = if index < front {
            Some(written[index])
        } else {
            tail.map(|at| written[at])
        };
        names.push(match kept {
            Some(raw) => raw.to_owned(),
            None => encode(std::str::from_utf8(name).ok()?)?,
        });
    }
    Some(format!("{lead}{}{trail}", names.join("/")))
}

/// A name as a part of an address (RFC 3986), as it is as far as the notation allows.
fn encoded(name: &str, notation: Notation, encodes_all: bool) -> String {
    let special = match notation {
        Notation::Bare => "%?#\\()<>",
        Notation::Pointed => "%?#\\<>",
        Notation::Html => "%?#\"'<>&`",
    };
    let is_special = |char: char| {
        special.contains(char)
            || char.is_control()
            || (char.is_whitespace() && (notation != Notation::Pointed || char != ' '))
            || (encodes_all && !char.is_ascii())
            // The beginning of an entity.
            || (char == '&' && name.contains(';'))
    };
    let mut text = String::new();
    for char in name.chars() {
        if is_special(char) {
            let mut buffer = [0; 4];
            for byte in char.encode_utf8(&mut buffer).bytes() {
                text.push_str(&format!("%{byte:02X}"));
            }
        } else {
            text.push(char);
        }
    }
    text
}

impl Mention {
    /// The mention that is an address in Markdown.
    pub(super) fn of_address(
        file: &PkgPath,
        text: &str,
        address: &Address,
        referent: Referent,
    ) -> Self {
        Self {
            file: file.clone(),
            span: address.span,
            whole: address.span,
            referent,
            role: Role::Request,
            written: Written::Address(address.notation, address.span.of(text).to_owned()),
        }
    }

    /// What it says, as a person would type it.
    pub(in crate::ide) fn name(&self) -> String {
        match &self.written {
            Written::Scalar { text, part, .. } => {
                text.get(part.clone()).unwrap_or_default().to_owned()
            }
            Written::Address(_, raw) => {
                let file = raw.split(['?', '#']).next().unwrap_or_default();
                String::from_utf8_lossy(&percent_decoded(file)).into_owned()
            }
            Written::Template(name) => name.clone(),
        }
    }

    /// The bytes of what the whole scalar says that are the name; all of an address.
    pub(in crate::ide) fn part(&self) -> Option<(&str, Range<usize>)> {
        match &self.written {
            Written::Scalar { text, part, .. } => Some((text, part.clone())),
            Written::Address(..) | Written::Template(_) => None,
        }
    }

    /// The mention narrowed to some bytes of what it says.
    pub(in crate::ide) fn narrowed(&self, within: Range<usize>, referent: Referent) -> Self {
        let mut narrow = self.clone();
        narrow.referent = referent;
        if let Written::Scalar { part, .. } = &mut narrow.written {
            let inner = part.start + within.start..part.start + within.end;
            if self.span.len() == part.len() {
                narrow.span =
                    Span::new(self.span.start + within.start, self.span.start + within.end);
            }
            *part = inner;
        }
        narrow
    }

    /// The mention of what others share: it cannot be rewritten by itself.
    #[must_use]
    pub(super) fn shared(mut self) -> Self {
        if let Written::Scalar { shared, .. } = &mut self.written {
            *shared = true;
        }
        self
    }
}
