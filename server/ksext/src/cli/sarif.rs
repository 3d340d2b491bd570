//! The findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for code
//! scanning.

use std::collections::BTreeMap;
use std::io::Write;

use ksext_core::finding::{Finding, Fix, Location, Severity};
use ksext_core::lang::Lang;
use ksext_core::package::PkgPath;
use ksext_core::rules::{RULES, Rule};
use ksext_core::text::Span;
use serde_json::{Value, json};

use super::check::{Checked, Report};
use super::excerpts::Files;
use super::json::range;
use crate::docs;
use crate::host::file_uri;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(out: &mut impl Write, report: &Report, lang: Lang) -> anyhow::Result<()> {
    let rules: Vec<_> = RULES.iter().map(|rule| describe(rule, lang)).collect();
    let results: Vec<_> = report.packages.iter().flat_map(results).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "ksext",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "language": match lang { Lang::En => "en", Lang::Zh => "zh-CN" },
            // Section 3.14.17; columns count characters, not UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": report.failed.is_empty()}],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)?;
    Ok(())
}

fn describe(rule: &Rule, lang: Lang) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.page.summary.get(lang)},
        "fullDescription": {"text": rule.page.why.get(lang)},
        "help": {"text": rule.page.fix.get(lang), "markdown": docs::rule_page(rule, lang)},
        "helpUri": docs::rule_url(rule.id),
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}

fn results(checked: &Checked) -> Vec<Value> {
    let mut places = Places {
        checked,
        files: Files::new(&checked.package),
    };
    let findings = checked.findings.iter();
    findings
        .map(|finding| result(finding, &mut places))
        .collect()
}

fn result(finding: &Finding, places: &mut Places<'_>) -> Value {
    let lang = places.checked.lang;
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": RULES.iter().position(|rule| rule.id == finding.rule),
        "level": level(finding.severity),
        "message": {"text": finding.message.get(lang)},
        "locations": [places.location(&finding.location)],
        "properties": {"severity": finding.severity.as_str()},
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|related| {
            let mut location = places.location(&related.location);
            location["message"] = json!({"text": related.message.get(lang)});
            location
        });
        result["relatedLocations"] = related.collect();
    }
    if !finding.fixes.is_empty() {
        let fixes = finding.fixes.iter().map(|fix| places.fix(fix, lang));
        result["fixes"] = fixes.collect();
    }
    result
}

/// Where things of one package are.
struct Places<'a> {
    checked: &'a Checked,
    files: Files<'a>,
}

impl Places<'_> {
    fn location(&mut self, location: &Location) -> Value {
        json!({"physicalLocation": {
            "artifactLocation": self.artifact(&location.file),
            "region": self.region(&location.file, location.span),
        }})
    }

    fn artifact(&self, file: &PkgPath) -> Value {
        json!({"uri": file_uri::reference_of(&self.checked.path_of(file))})
    }

    fn region(&mut self, file: &PkgPath, span: Span) -> Value {
        let range = range(self.files.get(file), span);
        json!({
            "startLine": range.start.line,
            "startColumn": range.start.column,
            "endLine": range.end.line,
            "endColumn": range.end.column,
            "byteOffset": span.start,
            "byteLength": span.len(),
        })
    }

    fn fix(&mut self, fix: &Fix, lang: Lang) -> Value {
        let mut by_file: BTreeMap<&PkgPath, Vec<Value>> = BTreeMap::new();
        for (file, edit) in &fix.edits {
            let replacement = json!({
                "deletedRegion": self.region(file, edit.span),
                "insertedContent": {"text": edit.text},
            });
            by_file.entry(file).or_default().push(replacement);
        }
        let changes: Vec<_> = by_file
            .into_iter()
            .map(|(file, replacements)| {
                json!({"artifactLocation": self.artifact(file), "replacements": replacements})
            })
            .collect();
        json!({"description": {"text": fix.title.get(lang)}, "artifactChanges": changes})
    }
}
