//! The findings as JUnit XML, for build servers: a suite for each package, a case for each finding.
//!
//! There is no standard; the elements are those of Ant's `JUnitResultFormatter`, which all consumers
//! know. What does not make the check fail is a case that passes and says something.

use std::borrow::Cow;
use std::io::Write;

use super::check::{Checked, Report, fails};
use super::excerpts::Files;
use super::json::range;

pub(super) fn write(out: &mut impl Write, report: &Report, strict: bool) -> anyhow::Result<()> {
    let suites: Vec<_> = report
        .packages
        .iter()
        .map(|package| suite(package, strict))
        .collect();
    let (tests, failures) = suites.iter().fold((0, 0), |(tests, failures), suite| {
        (tests + suite.tests, failures + suite.failures)
    });
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="ksext" tests="{tests}" failures="{failures}" errors="0">"#
    )?;
    for suite in suites {
        write!(out, "{}", suite.xml)?;
    }
    writeln!(out, "</testsuites>")?;
    Ok(())
}

struct Suite {
    tests: usize,
    failures: usize,
    xml: String,
}

fn suite(checked: &Checked, strict: bool) -> Suite {
    let root = checked.package.root().display().to_string();
    let name = escaped(&root);
    let mut files = Files::new(&checked.package);
    let mut failures = 0;
    let mut cases = String::new();
    for finding in &checked.findings {
        let location = &finding.location;
        let start = range(files.get(&location.file), location.span).start;
        let path = checked.path_of(&location.file).display().to_string();
        let (path, rule) = (escaped(&path), finding.rule);
        let message = finding.message.get(checked.lang);
        let message = escaped(message);
        let (line, column) = (start.line, start.column);
        let severity = finding.severity.as_str();
        let text = format!("{path}:{line}:{column}: {severity}: {message}");
        let said = if fails(finding.severity, strict) {
            failures += 1;
            format!(r#"<failure message="{message}" type="{severity}">{text}</failure>"#)
        } else {
            format!("<system-out>{text}</system-out>")
        };
        cases.push_str(&format!(
            "    <testcase name=\"{rule}\" classname=\"{path}\" file=\"{path}\" line=\"{line}\" time=\"0\">\n      {said}\n    </testcase>\n"
        ));
    }
    // Without any case a package would not show.
    if checked.findings.is_empty() {
        cases = format!("    <testcase name=\"check\" classname=\"{name}\" time=\"0\"/>\n");
    }
    let tests = checked.findings.len().max(1);
    let xml = format!(
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\">\n{cases}  </testsuite>\n"
    );
    Suite {
        tests,
        failures,
        xml,
    }
}

/// Text in XML. What XML 1.0 cannot hold at all ("Char", section 2.2) is shown as a replacement.
fn escaped(text: &str) -> String {
    let escape = |char: char| match char {
        '&' => Cow::Borrowed("&amp;"),
        '<' => Cow::Borrowed("&lt;"),
        '>' => Cow::Borrowed("&gt;"),
        '"' => Cow::Borrowed("&quot;"),
        '\n' => Cow::Borrowed("&#10;"),
        '\t' => Cow::Borrowed("&#9;"),
        '\r' => Cow::Borrowed("&#13;"),
        '\u{fffe}' | '\u{ffff}' => Cow::Borrowed("\u{fffd}"),
        char if char < ' ' => Cow::Borrowed("\u{fffd}"),
        char => Cow::Owned(char.to_string()),
    };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_escaped_or_replaced() {
        for (text, expected) in [
            ("a<b> & \"观测\" 😀", "a&lt;b&gt; &amp; &quot;观测&quot; 😀"),
            ("a\r\n\tb", "a&#13;&#10;&#9;b"),
            ("\u{1b}[31m\u{0}\u{ffff}", "\u{fffd}[31m\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
