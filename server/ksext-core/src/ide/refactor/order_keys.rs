//! The manifest's keys in the order in which they are documented.

use std::ops::Range;

use super::Refactoring;
use crate::ide::change::Change;
use crate::ide::view::View;
use crate::lang::Bilingual;
use crate::manifest::Manifest;
use crate::schema;
use crate::text::{Span, TextEdit, line_break, line_start};
use crate::yaml::{Kind, Pair};

pub(super) fn refactorings(view: &View<'_>, selection: Span) -> Vec<Refactoring> {
    let Some(manifest) = view.as_manifest().filter(|it| touches_key(it, selection)) else {
        return Vec::new();
    };
    let edit = ordered(manifest).map(|edit| Refactoring {
        id: "order-keys".to_owned(),
        title: Bilingual::fixed(
            "Put the keys into the documented order",
            "按文档中的顺序排列各个键",
        ),
        change: Change {
            edits: vec![(view.file.clone(), edit)],
            ..Change::default()
        },
    });
    edit.into_iter().collect()
}

fn touches_key(manifest: &Manifest, selection: Span) -> bool {
    let tree = manifest.tree();
    let pairs = tree.root().map_or(&[][..], |root| tree.pairs(root));
    pairs.iter().any(|pair| {
        let key = tree.span(pair.key);
        key.start <= selection.end && selection.start <= key.end
    })
}

/// The edit that orders the entries, each with the comments above it; `None` if they are in order, or
/// if the text would not mean the same.
fn ordered(manifest: &Manifest) -> Option<TextEdit> {
    let (text, tree) = (manifest.text(), manifest.tree());
    let Kind::Mapping { pairs, flow: false } = &tree.node(tree.root()?).kind else {
        return None;
    };
    if !tree.errors().is_empty() {
        return None;
    }
    let chunks = chunks(text, pairs, manifest)?;
    let mut order: Vec<usize> = (0..chunks.len()).collect();
    order.sort_by_key(|&index| rank(tree.scalar(pairs[index].key)));
    if order.is_sorted() {
        return None;
    }
    let span = Span::new(chunks.first()?.start, chunks.last()?.end);
    let line_break = line_break(text);
    let mut moved = String::with_capacity(span.end - span.start);
    for index in order {
        moved.push_str(&text[chunks[index].clone()]);
        if !moved.ends_with('\n') {
            moved.push_str(line_break);
        }
    }
    if !text[..span.end].ends_with('\n') {
        moved.truncate(moved.trim_end_matches(['\r', '\n']).len());
    }
    let after = format!("{}{moved}{}", &text[..span.start], &text[span.end..]);
    // Anchors, and lines that belong to a text above them, may take it ill.
    let same = Manifest::from_text(&after);
    let means_the_same = same.tree().errors().is_empty() && same.to_json() == manifest.to_json();
    means_the_same.then_some(TextEdit { span, text: moved })
}

/// Where a key stands in the documentation; what is not documented stays at the end.
fn rank(key: Option<&str>) -> usize {
    let fields = schema::fields_of(&[]);
    let place = fields.iter().position(|field| Some(&*field.key) == key);
    place.unwrap_or(fields.len())
}

/// The lines of each entry: the comments right above it, and all up to the next. What stands above the
/// first entry is the file's.
fn chunks(text: &str, pairs: &[Pair], manifest: &Manifest) -> Option<Vec<Range<usize>>> {
    let mut starts = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let key = manifest.span(pair.key).start;
        let line = line_start(text, key);
        // `? key` and keys behind `---` begin elsewhere.
        if line != key {
            return None;
        }
        starts.push(if index == 0 {
            line
        } else {
            above(text, line, starts[index - 1])
        });
    }
    let end = manifest.tree().end().min(text.len());
    let ends = starts.iter().skip(1).copied().chain([end]);
    Some(
        starts
            .iter()
            .copied()
            .zip(ends)
            .map(|(start, end)| start..end)
            .collect(),
    )
}

/// Where the comments begin that stand right above the line at `line`, not before `least`.
fn above(text: &str, line: usize, least: usize) -> usize {
    let mut start = line;
    while start > least {
        let above = &text[..start];
        let above = above.strip_suffix('\n').unwrap_or(above);
        let above = above.strip_suffix('\r').unwrap_or(above);
        let before = line_start(text, above.len());
        let is_comment = text[before..start].starts_with('#');
        if !is_comment || before <= least {
            break;
        }
        start = before;
    }
    start
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy as _;

    use super::super::done;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let done = done(&format!("|{text}"), "order-keys");
        assert_eq!(done.map(|(text, _)| text).as_deref(), expected);
    }

    #[test]
    fn entries_take_their_comments_with_them() {
        check(
            "version: 0.1.0 # 版本\r\n# why\r\n# this name\r\nname: demo\r\n\r\ndisplayName: {zh: 观测}\r\nx: 1",
            Some(
                "# why\r\n# this name\r\nname: demo\r\n\r\nversion: 0.1.0 # 版本\r\ndisplayName: {zh: 观测}\r\nx: 1",
            ),
        );
        check("# The file's.\n\nicon: a.svg\nname: demo", None);
    }

    #[test]
    fn the_files_own_comment_stays_on_top() {
        let done = done("# The file's.\n\nic|on: a.svg\nname: demo", "order-keys");
        let text = done.map(|(text, _)| text);
        assert_eq!(
            text.as_deref(),
            Some("# The file's.\n\nname: demo\nicon: a.svg")
        );
    }

    #[test]
    fn what_is_in_order_or_would_mean_something_else_stays() {
        check("name: demo\nversion: 1.0.0\n", None);
        check("version: &v 1.0.0\nname: *v\n", None);
        check("{version: 1, name: a}", None);
        check("version: 1\nname: [\n", None);
        check(
            "version: 1\nname: a\nname: b\n",
            Some("name: a\nname: b\nversion: 1\n"),
        );
    }

    proptest::proptest! {
        #[test]
        fn the_text_means_the_same(keys in proptest::sample::subsequence(
            vec!["version: 1.0.0", "name: demo # c", "displayName:\n  zh: 观测\n\n", "icon: |\n  a\n", "# c\nkeywords:\n- a", "x: 1"], 1..6
        ).prop_shuffle()) {
            use crate::manifest::Manifest;
            let text = keys.join("\n");
            if let Some((after, _)) = done(&format!("{text}|"), "order-keys") {
                proptest::prop_assert_eq!(Manifest::from_text(&text).to_json(), Manifest::from_text(&after).to_json());
                proptest::prop_assert_eq!(text.matches('#').count(), after.matches('#').count());
            }
        }
    }
}
