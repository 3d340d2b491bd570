//! The findings as a Code Quality report, which GitLab shows in a merge request.
//!
//! docs.gitlab.com, "Code Quality", section "Code Quality report format": path, line, severity and a
//! fingerprint that is unique in the report and the same in the next one.

use std::collections::HashMap;
use std::io::Write;

use ksext_core::finding::{Finding, Severity};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::check::Checked;
use super::excerpts::Files;
use super::json::range;

pub(super) fn write(out: &mut impl Write, checked: &[Checked]) -> anyhow::Result<()> {
    let mut seen = HashMap::new();
    let issues: Vec<_> = checked
        .iter()
        .flat_map(|package| issues(package, &mut seen))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)?;
    Ok(())
}

/// The issues of a package; `seen` counts those that are alike.
fn issues(checked: &Checked, seen: &mut HashMap<String, usize>) -> Vec<Value> {
    let mut files = Files::new(&checked.package);
    let issue = |finding: &Finding| {
        let location = &finding.location;
        let path = checked.path_of(&location.file).display().to_string();
        let path = path.replace('\\', "/");
        let line = range(files.get(&location.file), location.span).start.line;
        let message = finding.message.get(checked.lang);
        // Without the line, which moves with whatever is written above it.
        let kind = format!("{path}\n{}\n{message}", finding.rule);
        let count = seen.entry(kind.clone()).or_default();
        *count += 1;
        let digest = Sha256::digest(format!("{kind}\n{count}"));
        let fingerprint: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        json!({
            "check_name": finding.rule,
            "description": message,
            "severity": severity(finding.severity),
            "fingerprint": fingerprint,
            "location": {"path": path, "lines": {"begin": line}},
        })
    };
    checked.findings.iter().map(issue).collect()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Information => "minor",
        Severity::Hint => "info",
    }
}
