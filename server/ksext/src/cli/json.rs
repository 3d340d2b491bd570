//! The findings as JSON, for programs.

use std::io::Write;

use ksext_core::finding::{Finding, Fix, Related, Safety, Severity};
use ksext_core::lang::Lang;
use ksext_core::text::{Encoding, Span};
use serde::Serialize;

use super::check::Checked;
use super::excerpts::{Excerpted, Files};

/// The report; its shape is a contract, extended but never changed under one version.
#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    packages: Vec<ReportPackage<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct ReportPackage<'a> {
    root: String,
    name: Option<String>,
    version: Option<String>,
    size: Option<ReportSize>,
    /// How many fixes were made; what they mended is not among the findings.
    fixed: usize,
    findings: Vec<ReportFinding<'a>>,
}

#[derive(Serialize)]
struct ReportSize {
    projected: u64,
    limit: u64,
}

#[derive(Serialize)]
struct ReportFinding<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    file: String,
    range: ReportRange,
    related: Vec<ReportRelated<'a>>,
    fixes: Vec<ReportFix<'a>>,
    url: String,
}

#[derive(Serialize)]
struct ReportRelated<'a> {
    file: String,
    range: ReportRange,
    message: &'a str,
}

#[derive(Serialize)]
struct ReportFix<'a> {
    title: &'a str,
    safe: bool,
}

#[derive(Serialize)]
pub(super) struct ReportRange {
    pub(super) start: ReportPlace,
    pub(super) end: ReportPlace,
}

/// Line and column count from 1, columns in Unicode scalar values; the offset is in bytes.
#[derive(Serialize)]
pub(super) struct ReportPlace {
    pub(super) line: u32,
    pub(super) column: u32,
    offset: usize,
}

#[derive(Default, Serialize)]
struct Summary {
    packages: usize,
    errors: usize,
    warnings: usize,
    information: usize,
    hints: usize,
    fixed: usize,
}

pub(super) fn write(out: &mut impl Write, checked: &[Checked]) -> anyhow::Result<()> {
    let mut summary = Summary {
        packages: checked.len(),
        fixed: checked.iter().map(|checked| checked.fixed).sum(),
        ..Summary::default()
    };
    for finding in checked.iter().flat_map(|checked| &checked.findings) {
        *match finding.severity {
            Severity::Error => &mut summary.errors,
            Severity::Warning => &mut summary.warnings,
            Severity::Information => &mut summary.information,
            Severity::Hint => &mut summary.hints,
        } += 1;
    }
    let packages = checked.iter().map(package).collect();
    serde_json::to_writer_pretty(
        &mut *out,
        &Report {
            version: 1,
            packages,
            summary,
        },
    )?;
    writeln!(out)?;
    Ok(())
}

fn package(checked: &Checked) -> ReportPackage<'_> {
    let manifest = checked.package.manifest();
    let mut files = Files::new(&checked.package);
    let size = checked.projected.map(|projected| ReportSize {
        projected,
        limit: checked.limit,
    });
    ReportPackage {
        root: checked
            .package
            .root()
            .display()
            .to_string()
            .replace('\\', "/"),
        name: manifest.name().map(|name| name.value),
        version: manifest.version().map(|version| version.value),
        size,
        fixed: checked.fixed,
        findings: checked
            .findings
            .iter()
            .map(|found| finding(&mut files, found, checked.lang))
            .collect(),
    }
}

fn finding<'a>(files: &mut Files<'_>, finding: &'a Finding, lang: Lang) -> ReportFinding<'a> {
    let location = &finding.location;
    ReportFinding {
        rule: finding.rule,
        severity: finding.severity.as_str(),
        message: finding.message.get(lang),
        file: location.file.to_string(),
        range: range(files.get(&location.file), location.span),
        related: finding
            .related
            .iter()
            .map(|other| related(files, other, lang))
            .collect(),
        fixes: finding
            .fixes
            .iter()
            .map(|offered| fix(offered, lang))
            .collect(),
        url: crate::docs::rule_url(finding.rule),
    }
}

fn related<'a>(files: &mut Files<'_>, related: &'a Related, lang: Lang) -> ReportRelated<'a> {
    let location = &related.location;
    ReportRelated {
        file: location.file.to_string(),
        range: range(files.get(&location.file), location.span),
        message: related.message.get(lang),
    }
}

fn fix(fix: &Fix, lang: Lang) -> ReportFix<'_> {
    ReportFix {
        title: fix.title.get(lang),
        safe: fix.safety == Safety::Safe,
    }
}

/// Where some bytes of a file are.
pub(super) fn range(file: &Excerpted, span: Span) -> ReportRange {
    let place = |offset| {
        let position = file.document.position(offset, Encoding::Utf32);
        ReportPlace {
            line: position.line + 1,
            column: position.column + 1,
            offset,
        }
    };
    ReportRange {
        start: place(span.start),
        end: place(span.end),
    }
}
