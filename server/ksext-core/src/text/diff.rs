//! How one text differs from another, line by line.

use std::fmt::Write as _;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, Hunk, InternedInput, Token};

use super::{Span, TextEdit};

/// The edits that make `new` of `old`, whole lines each, so that cursors and marks elsewhere stay.
pub fn edits_between(old: &str, new: &str) -> Vec<TextEdit> {
    let (input, diff) = compare(old, new);
    let (before, after) = (
        offsets(&input, &input.before),
        offsets(&input, &input.after),
    );
    let bytes = |offsets: &[usize], lines: Range<u32>| {
        let place = |line: u32| {
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            offsets.get(line).copied().unwrap_or_default()
        };
        Span::new(place(lines.start), place(lines.end))
    };
    let edits = diff.hunks().map(|hunk| TextEdit {
        span: bytes(&before, hunk.before),
        text: bytes(&after, hunk.after).of(new).to_owned(),
    });
    edits.collect()
}

/// The difference in unified format, without its two lines about files; empty for equal texts. `around`
/// lines are shown beside each change.
pub fn unified(old: &str, new: &str, around: u32) -> String {
    let (input, diff) = compare(old, new);
    let mut groups: Vec<Vec<Hunk>> = Vec::new();
    for hunk in diff.hunks() {
        let last = groups.last_mut();
        let last = last.filter(|group| {
            let end = group.last().map_or(0, |hunk| hunk.before.end);
            hunk.before.start - end <= 2 * around
        });
        match last {
            Some(group) => group.push(hunk),
            None => groups.push(vec![hunk]),
        }
    }
    let mut text = String::new();
    for group in &groups {
        write_group(&mut text, group, &input, around);
    }
    text
}

/// Writes changes that stand close together, as `diff -u` does.
fn write_group(text: &mut String, group: &[Hunk], input: &InternedInput<&str>, around: u32) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return;
    };
    let lead = around.min(first.before.start);
    let trail = around.min(length(&input.before) - last.before.end);
    let before = first.before.start - lead..last.before.end + trail;
    let after = first.after.start - lead..last.after.end + trail;
    // Writing into a string cannot fail.
    let _ = writeln!(text, "@@ -{} +{} @@", shown(&before), shown(&after));
    let mut add = |sign: char, side: &[Token], lines: Range<u32>| {
        let lines = lines.filter_map(|line| side.get(usize::try_from(line).ok()?));
        for &line in lines {
            let line = input.interner[line];
            text.push(sign);
            text.push_str(line);
            if !line.ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    };
    let mut at = before.start;
    for hunk in group {
        add(' ', &input.before, at..hunk.before.start);
        add('-', &input.before, hunk.before.clone());
        add('+', &input.after, hunk.after.clone());
        at = hunk.before.end;
    }
    add(' ', &input.before, at..before.end);
}

/// A range of lines as a header tells it: a count of one is left out.
fn shown(lines: &Range<u32>) -> String {
    match lines.end - lines.start {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn length(lines: &[Token]) -> u32 {
    u32::try_from(lines.len()).unwrap_or(u32::MAX)
}

fn compare<'t>(old: &'t str, new: &'t str) -> (InternedInput<&'t str>, Diff) {
    let input = InternedInput::new(old, new);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    (input, diff)
}

/// Where each line begins, and where the last one ends.
fn offsets(input: &InternedInput<&str>, lines: &[Token]) -> Vec<usize> {
    let mut at = 0;
    let ends = lines.iter().map(|&line| {
        at += input.interner[line].len();
        at
    });
    std::iter::once(0).chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::super::apply_edits;
    use super::*;

    #[test]
    fn edits_touch_only_the_lines_that_differ() {
        for (old, new, count) in [
            ("a\r\nb\r\nc", "a\r\n观\r\nc", 1),
            ("a\nb\nc\nd\n", "x\nb\nc\n", 2),
            ("", "a\n", 1),
            ("a\n", "", 1),
            ("a\n", "a\n", 0),
        ] {
            let edits = edits_between(old, new);
            assert_eq!(apply_edits(old, &edits).as_deref(), Some(new));
            assert_eq!(edits.len(), count, "{edits:?}");
        }
    }

    #[test]
    fn a_unified_diff_reads_as_that_of_diff() {
        for (old, new, expected) in [
            (
                "# 示例\nname: a\nversion: 1.10",
                "name: a\nversion: \"1.1\"\n",
                "@@ -1,3 +1,2 @@\n-# 示例\n name: a\n-version: 1.10\n\\ No newline at end of file\n+version: \"1.1\"\n",
            ),
            ("", "name: a\n", "@@ -0,0 +1 @@\n+name: a\n"),
            ("a\n", "a\n", ""),
            (
                "1\n2\n3\n4\n5\n6\n7\n8\n",
                "1\n2\nx\n4\n5\n6\n7\ny\n",
                "@@ -2,3 +2,3 @@\n 2\n-3\n+x\n 4\n@@ -7,2 +7,2 @@\n 7\n-8\n+y\n",
            ),
        ] {
            assert_eq!(
                unified(old, new, 1 + 2 * u32::from(old.starts_with('#'))),
                expected
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn the_edits_make_the_new_text(old in "[ab观\r\n]{0,20}", new in "[ab观\r\n]{0,20}") {
            let made = apply_edits(&old, &edits_between(&old, &new));
            proptest::prop_assert_eq!(made, Some(new));
        }

        /// Every line of the old text stands in a diff with enough around it, and so does the new one.
        #[test]
        fn a_unified_diff_holds_both_texts(old in "[ab观\n]{0,12}", new in "[ab观\n]{0,12}") {
            let diff = unified(&old, &new, 99);
            let side = |sign: char| -> String {
                let mut side = String::new();
                for line in diff.split_inclusive('\n').skip(1) {
                    if line.starts_with('\\') {
                        continue;
                    }
                    if line.starts_with([' ', sign]) {
                        side.push_str(&line[1..]);
                    }
                }
                side
            };
            if old != new {
                let ended = |text: &str| if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
                proptest::prop_assert_eq!(side('-'), ended(&old));
                proptest::prop_assert_eq!(side('+'), ended(&new));
            }
        }
    }
}
