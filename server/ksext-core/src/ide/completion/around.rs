//! What stands beside a place: the other entries of its map, the other items of its list.

use super::flow::Collection;
use super::lines::{Line, Value, quoted_end, unquoted};

/// What stands beside a place.
#[derive(Clone, Debug, Default)]
pub(super) struct Around<'t> {
    /// The other entries of the map: key, and value where it is a text on the same line.
    pub(super) entries: Vec<(&'t str, &'t str)>,
    /// The other items of the list that are texts.
    pub(super) items: Vec<&'t str>,
}

impl<'t> Around<'t> {
    /// The value of another entry, if it is a text.
    pub(super) fn get(&self, key: &str) -> Option<&'t str> {
        let mut entries = self.entries.iter();
        let found = entries.find(|(other, _)| other.eq_ignore_ascii_case(key));
        found
            .map(|(_, value)| *value)
            .filter(|value| !value.is_empty())
    }

    /// Whether there is such an entry, however its key is spelt.
    pub(super) fn has(&self, key: &str) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|(other, _)| other.eq_ignore_ascii_case(key))
    }
}

/// The other entries of the map whose keys stand at `column`, one of them on `line`; those above only
/// if `looks_up`, which a line with the dash of the map's item stops.
pub(super) fn entries<'t>(
    text: &'t str,
    line: Line<'t>,
    column: usize,
    looks_up: bool,
) -> Around<'t> {
    let mut around = Around::default();
    let mut above = line.previous(text).filter(|_| looks_up);
    while let Some(line) = above {
        if !line.counts() || line.indent() > column {
            above = line.previous(text);
            continue;
        }
        let outline = line.outline();
        let is_entry = outline.key.is_some() && outline.content == column;
        if is_entry {
            around.entries.extend(entry(line));
        }
        if outline.indent < column {
            break;
        }
        above = line.previous(text);
    }
    let mut below = line.next(text);
    while let Some(line) = below {
        if line.counts() && line.indent() <= column {
            let outline = line.outline();
            if outline.indent < column {
                break;
            }
            if !outline.is_item() {
                around.entries.extend(entry(line));
            }
        }
        below = line.next(text);
    }
    around
}

/// The other items of the list whose dashes stand at `column`, one of them on `line`.
pub(super) fn items<'t>(text: &'t str, line: Line<'t>, column: usize) -> Around<'t> {
    let mut items = Vec::new();
    let mut take = |line: Line<'t>| {
        if !line.counts() || line.indent() > column {
            return true;
        }
        let outline = line.outline();
        let goes_on = outline.indent == column && outline.is_item();
        if goes_on && outline.key.is_none() {
            items.extend(scalar(line, outline.content));
        }
        goes_on
    };
    let mut above = line.previous(text);
    while let Some(line) = above.filter(|line| take(*line)) {
        above = line.previous(text);
    }
    let mut below = line.next(text);
    while let Some(line) = below.filter(|line| take(*line)) {
        below = line.next(text);
    }
    Around {
        items,
        ..Around::default()
    }
}

/// What stands in a collection in brackets beside the entry `own`.
pub(super) fn in_flow<'t>(text: &'t str, collection: &Collection, own: usize) -> Around<'t> {
    let mut around = Around::default();
    let others = collection.entries.iter().enumerate();
    for (_, entry) in others.filter(|(index, _)| *index != own) {
        let Some(key) = &entry.key else { continue };
        let key = key.of(text);
        if collection.is_map {
            let value = entry.value.as_ref().map_or("", |value| value.of(text));
            around.entries.push((key, value));
        } else if entry.colon.is_none() {
            around.items.push(key);
        }
    }
    around
}

fn entry(line: Line<'_>) -> Option<(&str, &str)> {
    let key = line.outline().key?;
    let value = scalar(line, key.colon + 1).unwrap_or_default();
    Some((line.unquoted(&key.span), value))
}

/// The text that stands in a line from the byte `from` on.
fn scalar(line: Line<'_>, from: usize) -> Option<&str> {
    match line.value(from) {
        Value::Plain(words) => Some(&line.text[words]),
        Value::Quoted(at, _) => {
            let rest = &line.text[at..];
            Some(unquoted(&rest[..quoted_end(rest).unwrap_or(rest.len())]))
        }
        _ => None,
    }
}
