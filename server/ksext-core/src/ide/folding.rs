//! What of a YAML text can be folded away: blocks, texts of several lines, comments.

use std::collections::BTreeMap;

use crate::text::{Span, line_start};
use crate::yaml::{Kind, Tree};

/// Lines that can be folded away behind their first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From somewhere in the first line, which stays, to somewhere in the last one.
    pub span: Span,
    /// Whether it is a comment.
    pub is_comment: bool,
}

/// What of `text`, parsed as `tree`, can be folded away: at most one fold begins on a line.
pub fn folds(text: &str, tree: &Tree) -> Vec<Fold> {
    let mut folds = BTreeMap::new();
    let mut add = |span: Span, is_comment: bool| {
        let span = trimmed(text, span);
        if text[span.start..span.end].contains(['\n', '\r']) {
            let fold = folds
                .entry(line_start(text, span.start))
                .or_insert(Fold { span, is_comment });
            // Of a list's item and its first key the item goes on for longer.
            fold.span.end = fold.span.end.max(span.end);
        }
    };
    for (id, node) in tree.nodes() {
        match &node.kind {
            Kind::Mapping { pairs, .. } => {
                for pair in pairs {
                    add(tree.span(pair.key).cover(tree.span(pair.value)), false);
                }
            }
            Kind::Sequence { items, .. } => {
                items.iter().for_each(|item| add(tree.span(*item), false))
            }
            Kind::Scalar { .. } | Kind::Alias { .. } => {}
        }
        if Some(id) == tree.root() && matches!(node.kind, Kind::Mapping { flow: true, .. }) {
            add(node.span, false);
        }
    }
    comments(text, tree)
        .into_iter()
        .for_each(|span| add(span, true));
    folds.into_values().collect()
}

/// Comments that have their lines to themselves, neighbours as one.
fn comments(text: &str, tree: &Tree) -> Vec<Span> {
    let mut blocks: Vec<Span> = Vec::new();
    for comment in tree.comments() {
        let before = &text[line_start(text, comment.start)..comment.start];
        if !before.trim().is_empty() {
            continue;
        }
        let follows = |block: &Span| {
            let between = &text[block.end..comment.start];
            between.trim().is_empty() && between.matches('\n').count() <= 1
        };
        match blocks.last_mut().filter(|block| follows(block)) {
            Some(block) => block.end = comment.end,
            None => blocks.push(*comment),
        }
    }
    blocks
}

/// Without the blank lines at its end.
fn trimmed(text: &str, span: Span) -> Span {
    let shown = span.of(text).trim_end();
    Span::new(span.start, span.start + shown.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;
    use crate::yaml::tests::soup;

    /// The folds of a text, each as its first and last line, counted from 1; comments with a `#`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let folds = folds(text, &parse(text));
        let line = |offset: usize| text[..offset].matches('\n').count() + 1;
        let shown = folds.iter().map(|fold| {
            let mark = if fold.is_comment { "#" } else { "" };
            format!("{mark}{}-{}", line(fold.span.start), line(fold.span.end))
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text:?}");
    }

    #[test]
    fn blocks_long_texts_and_comments_fold() {
        check("name: demo\n", "");
        check("a:\n  b: 1\n\n\nc: 2\n", "1-2");
        check("a:\r\n- 观: 1\r\n  测: 2\r\n- x\r\n", "1-4 2-3");
        check("a: {b: 1,\n  c: 2}\n", "1-2");
        check("{a: 1,\nb: 2}\n", "1-2");
        check("a: |\n  x\n  y\n\nb: 1\n", "1-3");
        check(
            "# one\n# two\na: 1 # not\n# three\n\n# four\n# five\n",
            "#1-2 #6-7",
        );
        check("a: &x\n  b: 1\nc: *x\n", "1-2");
    }

    proptest::proptest! {
        #[test]
        fn no_two_folds_begin_on_one_line(text in soup()) {
            let folds = folds(&text, &parse(&text));
            for pair in folds.windows(2) {
                let lines = [pair[0], pair[1]].map(|fold| line_start(&text, fold.span.start));
                proptest::prop_assert!(lines[0] < lines[1], "{folds:?}");
            }
        }
    }
}
