//! How one text differs from another, line by line.

use std::fmt;

use imara_diff::{
    Algorithm, Diff, InternedInput, Interner, Token, UnifiedDiffConfig, UnifiedDiffPrinter,
};

use super::{Span, TextEdit};

/// The edits that make `new` of `old`, whole lines each, so that cursors and marks elsewhere stay.
pub fn edits_between(old: &str, new: &str) -> Vec<TextEdit> {
    let (input, diff) = compare(old, new);
    let (before, after) = (
        offsets(&input, &input.before),
        offsets(&input, &input.after),
    );
    let bytes = |offsets: &[usize], lines: std::ops::Range<u32>| {
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
    let mut config = UnifiedDiffConfig::default();
    config.context_len(around);
    let printer = Printer(&input.interner);
    diff.unified_diff(&printer, config, &input).to_string()
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

/// Writes as `diff -u` does: a count of one is left out, and a missing line end is told.
struct Printer<'p, 't>(&'p Interner<&'t str>);

impl Printer<'_, '_> {
    fn line(&self, mut out: impl fmt::Write, sign: char, line: Token) -> fmt::Result {
        let line = self.0[line];
        write!(out, "{sign}{line}")?;
        if line.ends_with('\n') {
            Ok(())
        } else {
            writeln!(out, "\n\\ No newline at end of file")
        }
    }
}

impl UnifiedDiffPrinter for Printer<'_, '_> {
    fn display_header(
        &self,
        mut out: impl fmt::Write,
        start_before: u32,
        start_after: u32,
        len_before: u32,
        len_after: u32,
    ) -> fmt::Result {
        let range = |start: u32, length: u32| match length {
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            _ => format!("{},{length}", start + 1),
        };
        let (before, after) = (
            range(start_before, len_before),
            range(start_after, len_after),
        );
        writeln!(out, "@@ -{before} +{after} @@")
    }

    fn display_context_token(&self, out: impl fmt::Write, line: Token) -> fmt::Result {
        self.line(out, ' ', line)
    }

    fn display_hunk(
        &self,
        mut out: impl fmt::Write,
        before: &[Token],
        after: &[Token],
    ) -> fmt::Result {
        for &line in before {
            self.line(&mut out, '-', line)?;
        }
        after
            .iter()
            .try_for_each(|&line| self.line(&mut out, '+', line))
    }
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
    }
}
