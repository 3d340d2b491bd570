//! The findings as workflow commands of GitHub Actions, which shows them at their lines.
//!
//! docs.github.com, "Workflow commands for GitHub Actions"; actions/toolkit `command.ts` for what is
//! escaped.

use std::io::Write;

use ksext_core::finding::Severity;

use super::check::Checked;
use super::excerpts::Files;
use super::json::range;
use super::plain;

pub(super) fn write(out: &mut impl Write, checked: &[Checked]) -> anyhow::Result<()> {
    for package in checked {
        let mut files = Files::new(&package.package);
        for finding in &package.findings {
            let location = &finding.location;
            let path = package.path_of(&location.file).display().to_string();
            let range = range(files.get(&location.file), location.span);
            let (start, end) = (&range.start, &range.end);
            let columns = if start.line == end.line {
                format!(",col={},endColumn={}", start.column, end.column)
            } else {
                String::new()
            };
            writeln!(
                out,
                "::{} file={},line={},endLine={}{columns},title=ksext ({})::{}",
                command(finding.severity),
                property(&path.replace('\\', "/")),
                start.line,
                end.line,
                property(finding.rule),
                data(finding.message.get(package.lang)),
            )?;
        }
    }
    Ok(())
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "notice",
    }
}

fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D");
    plain(&text.replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_command_or_a_property_is_escaped() {
        assert_eq!(
            data("100%: 观测,\r\n::error::x"),
            "100%25: 观测,%0D%0A::error::x"
        );
        assert_eq!(property("a,b:观测\n"), "a%2Cb%3A观测%0A");
    }
}
