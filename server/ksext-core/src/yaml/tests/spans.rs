//! Where things stand: each span holds exactly what was read there.

use proptest::prelude::*;

use super::super::{Kind, Style, parse};
use super::{manifest, soup};
use crate::text::Span;

/// Every scalar's own text, read by itself, is the same scalar.
fn check_scalars(text: &str) -> Result<(), TestCaseError> {
    let tree = parse(text);
    if !tree.errors().is_empty() {
        return Ok(());
    }
    for (_, node) in tree.nodes() {
        let Kind::Scalar {
            text: expected,
            style,
        } = &node.kind
        else {
            continue;
        };
        let own = node.span.of(text);
        if own.is_empty() {
            prop_assert_eq!(expected, "", "{:?}", text);
            continue;
        }
        let alone = parse(own);
        let read = alone.root().and_then(|root| alone.scalar(root));
        // What a block scalar ends with depends on the blank lines behind it.
        let trimmed = |text: &str| match style {
            Style::Literal | Style::Folded => text.trim_end().to_owned(),
            _ => text.to_owned(),
        };
        prop_assert_eq!(
            read.map(trimmed),
            Some(trimmed(expected)),
            "{:?} in {:?}",
            own,
            text
        );
    }
    Ok(())
}

/// A comment begins with `#`, ends with its line and belongs to no scalar; whatever it says, the text
/// means the same.
fn check_comments(text: &str) -> Result<(), TestCaseError> {
    let tree = parse(text);
    // What follows the first document is not read; a comment may be what ends it.
    if !tree.errors().is_empty() || !text[tree.end()..].trim().is_empty() {
        return Ok(());
    }
    let mut silent = text.to_owned();
    for comment in tree.comments().iter().rev() {
        let shown = comment.of(text);
        prop_assert!(
            shown.starts_with('#') && !shown.contains(['\n', '\r']),
            "{shown:?} in {text:?}"
        );
        let behind = &text[comment.end..];
        prop_assert!(
            behind.is_empty() || behind.starts_with(['\n', '\r']),
            "{shown:?} in {text:?}"
        );
        for (_, node) in tree.nodes() {
            let Kind::Scalar { style, .. } = &node.kind else {
                continue;
            };
            // That behind `|` stands between the indicator and the content.
            let block = matches!(style, Style::Literal | Style::Folded);
            prop_assert!(
                block || !overlap(*comment, node.span),
                "{shown:?} in {text:?}"
            );
        }
        // Not away with it: it may be what ends a block scalar.
        silent.replace_range(comment.start..comment.end, "#");
    }
    let plain = parse(&silent);
    prop_assert_eq!(plain.errors(), &[], "{:?}", silent);
    let json = |tree: &super::super::Tree| tree.value().map(|value| value.to_json());
    prop_assert_eq!(json(&plain), json(&tree), "{:?}", text);
    Ok(())
}

fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// What belongs to a node stands inside it, in the order of the text.
fn check_nesting(text: &str) -> Result<(), TestCaseError> {
    let tree = parse(text);
    for (id, node) in tree.nodes() {
        prop_assert!(
            node.span.start <= node.span.end && node.span.end <= text.len(),
            "{text:?}"
        );
        prop_assert!(
            text.is_char_boundary(node.span.start) && text.is_char_boundary(node.span.end),
            "{text:?}"
        );
        let inside = match &node.kind {
            Kind::Sequence { items, .. } => items.clone(),
            Kind::Mapping { pairs, .. } => pairs
                .iter()
                .flat_map(|pair| [pair.key, pair.value])
                .collect(),
            Kind::Scalar { .. } | Kind::Alias { .. } => continue,
        };
        let mut from = node.span.start;
        for child in inside {
            let span = tree.span(child);
            prop_assert!(
                from <= span.start,
                "{:?} of {:?} in {:?}",
                span,
                tree.span(id),
                text
            );
            from = span.end;
        }
        prop_assert!(from <= node.span.end, "{:?} in {:?}", node.span, text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_scalar_read_by_itself_is_the_same(text in prop_oneof![soup(), manifest()]) {
        check_scalars(&text)?;
    }

    #[test]
    fn comments_are_whole_and_mean_nothing(text in prop_oneof![soup(), manifest()]) {
        check_comments(&text)?;
    }

    #[test]
    fn children_stand_inside_and_in_order(text in prop_oneof![soup(), manifest()]) {
        check_nesting(&text)?;
    }
}
