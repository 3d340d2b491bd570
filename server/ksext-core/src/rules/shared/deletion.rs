//! Fixes that delete entries of a map.

use crate::manifest::Manifest;
use crate::text::{Span, TextEdit, line_start};
use crate::yaml::{Kind, NodeId, Pair, Tree};

/// The edit that deletes an entry of the map at `map`; `None` where comments or anchors would go with
/// it that mean something elsewhere.
pub(in crate::rules) fn deletion(
    manifest: &Manifest,
    map: NodeId,
    entry: Pair,
) -> Option<TextEdit> {
    let tree = manifest.tree();
    let span = match &tree.node(map).kind {
        Kind::Mapping { pairs, flow } => {
            let at = pairs.iter().position(|pair| pair.key == entry.key)?;
            if *flow {
                in_flow(tree, pairs, at)
            } else {
                in_block(manifest, pairs, at)
            }
        }
        _ => None,
    }?;
    let inside = |other: Span| span.start <= other.start && other.end <= span.end;
    let anchored = tree.nodes().any(|(_, node)| {
        let anchor = node.anchor.as_ref();
        anchor.is_some_and(|anchor| inside(anchor.span))
    });
    let text = String::new();
    (!anchored).then_some(TextEdit { span, text })
}

/// From the entry to the next one, or from the end of the one before; with the comma between them.
fn in_flow(tree: &Tree, pairs: &[Pair], at: usize) -> Option<Span> {
    let here = pairs[at];
    let span = match (pairs.get(at + 1), at.checked_sub(1)) {
        (Some(next), _) => Span::new(start(tree, here.key), start(tree, next.key)),
        (None, Some(before)) => {
            let end = tree.span(pairs[before].value).end;
            Span::new(end, tree.span(here.value).end)
        }
        (None, None) => return None,
    };
    has_no_comment(tree, span).then_some(span)
}

/// The entry's lines, with their comments. Behind a dash, up to the next entry.
fn in_block(manifest: &Manifest, pairs: &[Pair], at: usize) -> Option<Span> {
    let (tree, text) = (manifest.tree(), manifest.text());
    let start_of_key = start(tree, pairs[at].key);
    let line = line_start(text, start_of_key);
    let before = Span::new(line, start_of_key).of(text);
    if before.trim().is_empty() {
        let end = tree.span(pairs[at].value).end;
        let rest = text.get(end..)?;
        let end_of_line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line_break = match rest.get(end_of_line..)? {
            more if more.starts_with("\r\n") => 2,
            more => more.len().min(1),
        };
        return Some(Span::new(line, end + end_of_line + line_break));
    }
    let next = pairs.get(at + 1)?;
    let span = Span::new(start_of_key, start(tree, next.key));
    let behind_dash = before.trim_matches([' ', '-']).is_empty();
    (behind_dash && has_no_comment(tree, span)).then_some(span)
}

/// Where a key begins, with the anchor and tag in front of it.
fn start(tree: &Tree, key: NodeId) -> usize {
    let node = tree.node(key);
    let tag = node.tag.as_ref().map(|tag| tag.span.start);
    let anchor = node.anchor.as_ref().map(|anchor| anchor.span.start);
    [tag, anchor]
        .into_iter()
        .flatten()
        .fold(node.span.start, usize::min)
}

fn has_no_comment(tree: &Tree, span: Span) -> bool {
    let mut comments = tree.comments().iter();
    !comments.any(|comment| span.start <= comment.start && comment.start < span.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply_edits;

    /// The text without the top-level entry at `index`.
    fn check(text: &str, index: usize, expected: Option<&str>) {
        let manifest = Manifest::from_text(text);
        let tree = manifest.tree();
        let mut map = tree.root().expect("a root");
        if let Some(item) = tree.items(map).first() {
            map = *item;
        }
        let edit = deletion(&manifest, map, tree.pairs(map)[index]);
        let after = edit.and_then(|edit| apply_edits(text, &[edit]));
        assert_eq!(after.as_deref(), expected, "{text}");
    }

    #[test]
    fn lines_go_with_the_entry_and_its_neighbours_stay() {
        check("a: 1\nb: 2\n", 0, Some("b: 2\n"));
        check("a: 1\nb: 2", 1, Some("a: 1\n"));
        check("a: 1 # 一\r\nb: 2\r\n", 0, Some("b: 2\r\n"));
        check(
            "# 一\na:\n  - x\n  # 二\n  - y\n# 三\nb: |\n  t\n\nc:\n",
            0,
            Some("# 一\n# 三\nb: |\n  t\n\nc:\n"),
        );
        check("a:\nb: |\n  t\n\nc:\n", 1, Some("a:\n\nc:\n"));
        check("\u{feff}a: 1\nb: 2\n", 0, Some("\u{feff}b: 2\n"));
        check("- a: 1\n  b: 2\n", 0, Some("- b: 2\n"));
        check("- a: 1\n  b: 2\n", 1, Some("- a: 1\n"));
    }

    #[test]
    fn commas_go_with_the_entry() {
        check("{a: 1, b: 2}\n", 0, Some("{b: 2}\n"));
        check("{a: 1, b: 2}\n", 1, Some("{a: 1}\n"));
        check(
            "{\n  \"a\": 1,\n  \"b\": \"😀\"\n}\n",
            1,
            Some("{\n  \"a\": 1\n}\n"),
        );
        check("{a: 1}\n", 0, None);
    }

    #[test]
    fn what_others_refer_to_stays() {
        check("a: &x 1\nb: *x\n", 0, None);
        check("- a: 1\n  # of b\n  b: 2\n", 0, None);
        check("? a\n: 1\nb: 2\n", 0, None);
    }
}
