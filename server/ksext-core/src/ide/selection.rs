//! What a selection grows to: word, value, entry, block, text.

use crate::text::Span;
use crate::yaml::{Kind, NodeId, Tree};

/// The ranges around the byte `offset` of `text`, parsed as `tree`, from the smallest to the whole
/// text: each lies in the next and is smaller.
pub fn selections(text: &str, tree: &Tree, offset: usize) -> Vec<Span> {
    let mut spans = vec![Span::new(0, text.len())];
    let mut next = tree.root();
    while let Some(node) = next {
        spans.push(tree.span(node));
        next = step(tree, node, offset, &mut spans);
    }
    spans.extend(content(text, *spans.last().unwrap_or(&Span::empty(offset))));
    spans.extend(word(text, offset));
    let mut nested: Vec<Span> = Vec::new();
    for span in spans {
        let fits = nested.last().is_none_or(|outer| {
            outer.start <= span.start && span.end <= outer.end && *outer != span
        });
        if fits && span.touches(offset) {
            nested.push(span);
        }
    }
    nested.reverse();
    nested
}

/// The entry or item around `offset`, with what it is part of.
fn step(tree: &Tree, node: NodeId, offset: usize, spans: &mut Vec<Span>) -> Option<NodeId> {
    match &tree.node(node).kind {
        Kind::Mapping { pairs, .. } => pairs.iter().find_map(|pair| {
            let (key, value) = (tree.span(pair.key), tree.span(pair.value));
            let entry = key.cover(value);
            if !entry.touches(offset) {
                return None;
            }
            spans.push(entry);
            if key.touches(offset) {
                Some(pair.key)
            } else {
                value.touches(offset).then_some(pair.value)
            }
        }),
        Kind::Sequence { items, .. } => items
            .iter()
            .copied()
            .find(|item| tree.span(*item).touches(offset)),
        Kind::Scalar { .. } | Kind::Alias { .. } => None,
    }
}

/// What stands in the quotes.
fn content(text: &str, span: Span) -> Option<Span> {
    let shown = span.of(text);
    let quoted = shown.len() >= 2
        && ['"', '\'']
            .iter()
            .any(|&quote| shown.starts_with(quote) && shown.ends_with(quote));
    quoted.then(|| Span::new(span.start + 1, span.end - 1))
}

fn word(text: &str, offset: usize) -> Option<Span> {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let (before, after) = (text.get(..offset)?, text.get(offset..)?);
    let start = before.trim_end_matches(in_word).len();
    let end = text.len() - after.trim_start_matches(in_word).len();
    (start < end).then(|| Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;
    use crate::yaml::tests::soup;

    /// What a selection at `|` grows to; the whole text is left out.
    #[track_caller]
    fn check(marked: &str, expected: &[&str]) {
        let offset = marked.find('|').expect("a cursor");
        let text = marked.replacen('|', "", 1);
        let spans = selections(&text, &parse(&text), offset);
        let shown: Vec<_> = spans.iter().map(|span| span.of(&text)).collect();
        let (whole, inner) = shown.split_last().expect("the whole text");
        assert_eq!((inner, *whole), (expected, text.as_str()), "{marked:?}");
    }

    #[test]
    fn a_selection_grows_from_the_word_to_the_text() {
        check(
            "a: 1\nicon: './st|atic/图.svg'\n",
            &[
                "static",
                "./static/图.svg",
                "'./static/图.svg'",
                "icon: './static/图.svg'",
                "a: 1\nicon: './static/图.svg'",
            ],
        );
        check(
            "d:\n- name: w|eb\n  version: 1\n",
            &[
                "web",
                "name: web",
                "name: web\n  version: 1",
                "- name: web\n  version: 1",
                "d:\n- name: web\n  version: 1",
            ],
        );
        check("na|me: demo\n", &["name", "name: demo"]);
        check("# co|mment\na: 1\n", &["comment"]);
        check("|", &[]);
    }

    proptest::proptest! {
        #[test]
        fn each_range_lies_in_the_next(text in soup(), offset in 0usize..80) {
            let offset = (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            let spans = selections(&text, &parse(&text), offset);
            proptest::prop_assert_eq!(spans.last(), Some(&Span::new(0, text.len())));
            for pair in spans.windows(2) {
                let [inner, outer] = [pair[0], pair[1]];
                proptest::prop_assert!(outer.start <= inner.start && inner.end <= outer.end && inner != outer);
                proptest::prop_assert!(inner.touches(offset));
            }
        }
    }
}
