//! Findings as the client shows them.

use std::collections::BTreeMap;

use ksext_core::finding::{Finding, Location, Safety};
use ksext_core::lang::Lang;
use ksext_core::overlap::is_told_by_yaml_servers;
use ksext_core::package::PkgPath;
use ksext_core::text::{Document, Span};
use serde_json::json;

use super::abilities::Abilities;
use super::analysis::Analysis;
use super::documents::Buffer;
use super::proto::{
    self, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticTag, NumberOrString,
    Range, Uri,
};
use super::uri;
use crate::workspace::Package;

/// The `source` of all our diagnostics.
pub(super) const SOURCE: &str = "ksext";

/// Rules about text that has no effect: what push drops or nobody reads.
const UNREAD: [&str; 6] = [
    "duplicate-key",
    "idle-ignore-line",
    "ignored-alias",
    "project-settings",
    "unknown-key",
    "unused-suppression",
];

/// The diagnostics of an analysis, by file; the manifest is always among them. Where `other_yaml_server`
/// says that another server looks at the manifest, without those that it is certain to show too.
pub(super) fn of(
    analysis: &Analysis,
    lang: Lang,
    abilities: &Abilities,
    other_yaml_server: bool,
) -> BTreeMap<Uri, Vec<Diagnostic>> {
    let mut files = Files::new(analysis, abilities);
    let mut diagnostics = BTreeMap::from([(analysis.input.uri.clone(), Vec::new())]);
    let manifest = analysis.package.as_ref().map(Package::manifest);
    let is_told = |finding: &Finding| {
        other_yaml_server
            && manifest.is_some_and(|manifest| is_told_by_yaml_servers(manifest, finding))
    };
    for finding in analysis.findings.iter().filter(|finding| !is_told(finding)) {
        let Some((uri, range)) = files.place(&finding.location) else {
            continue;
        };
        let diagnostic = diagnostic(finding, range, lang, abilities, &mut files);
        diagnostics.entry(uri).or_default().push(diagnostic);
    }
    diagnostics
}

/// One finding, whose place is `range`.
pub(super) fn diagnostic(
    finding: &Finding,
    range: Range,
    lang: Lang,
    abilities: &Abilities,
    files: &mut Files<'_>,
) -> Diagnostic {
    let mut diagnostic = described(finding, range, lang, abilities);
    if abilities.related_information {
        let related = finding.related.iter().filter_map(|related| {
            let (uri, range) = files.place(&related.location)?;
            Some(DiagnosticRelatedInformation {
                location: proto::Location { uri, range },
                message: related.message.get(lang).to_owned(),
            })
        });
        let related: Vec<_> = related.collect();
        diagnostic.related_information = (!related.is_empty()).then_some(related);
    }
    diagnostic
}

/// One finding in a file that belongs to no package.
pub(super) fn alone(
    finding: &Finding,
    document: &Document,
    lang: Lang,
    abilities: &Abilities,
) -> Diagnostic {
    let range = document.range(finding.location.span, abilities.encoding);
    described(finding, proto::range_to(range), lang, abilities)
}

/// One finding without what else belongs to it.
fn described(finding: &Finding, range: Range, lang: Lang, abilities: &Abilities) -> Diagnostic {
    let fixes = finding
        .fixes
        .iter()
        .map(|fix| json!({"title": fix.title.get(lang), "safe": fix.safety == Safety::Safe}));
    let fixes: Vec<_> = fixes.collect();
    let tags: Vec<_> = tag(finding)
        .filter(|tag| abilities.diagnostic_tags.contains(tag))
        .into_iter()
        .collect();
    Diagnostic {
        range,
        severity: Some(proto::severity_to(finding.severity)),
        code: Some(NumberOrString::String(finding.rule.to_owned())),
        code_description: crate::docs::rule_url(finding.rule)
            .parse()
            .ok()
            .map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: finding.message.get(lang).to_owned(),
        related_information: None,
        tags: (!tags.is_empty()).then_some(tags),
        // Which finding it is follows from place and rule; this says what can be done about it.
        data: (!fixes.is_empty()).then(|| json!({ "fixes": fixes })),
    }
}

/// How the text of a finding is drawn: what nobody reads is faded.
fn tag(finding: &Finding) -> Option<DiagnosticTag> {
    UNREAD
        .contains(&finding.rule)
        .then_some(DiagnosticTag::UNNECESSARY)
}

/// From places in a package to places in the client's documents.
pub(super) struct Files<'a> {
    analysis: &'a Analysis,
    abilities: &'a Abilities,
    /// The texts of files other than the manifest.
    others: BTreeMap<PkgPath, Document>,
    /// Nothing but the newest texts was looked at.
    fresh: bool,
}

impl<'a> Files<'a> {
    pub(super) fn new(analysis: &'a Analysis, abilities: &'a Abilities) -> Self {
        Self {
            analysis,
            abilities,
            others: BTreeMap::new(),
            fresh: false,
        }
    }

    /// For places that were just looked up in the package's texts, and not by an earlier measurement.
    pub(super) fn fresh(analysis: &'a Analysis, abilities: &'a Abilities) -> Self {
        Self {
            fresh: true,
            ..Self::new(analysis, abilities)
        }
    }

    /// The text of a file beside the manifest as it was looked at, if that is not the newest one.
    pub(super) fn seen_text(&self, file: &PkgPath) -> Option<&'a str> {
        self.analysis.seen_text(file).filter(|_| !self.fresh)
    }

    /// What the places are of.
    pub(super) fn analysis(&self) -> &'a Analysis {
        self.analysis
    }

    /// Where a place is for the client.
    pub(super) fn place(&mut self, location: &Location) -> Option<(Uri, Range)> {
        Some((
            self.uri(&location.file)?,
            self.range(&location.file, location.span)?,
        ))
    }

    /// The client's name of a file.
    pub(super) fn uri(&self, file: &PkgPath) -> Option<Uri> {
        match self.buffer(file) {
            Some(buffer) => Some(buffer.uri.clone()),
            None => uri::file_in(&self.analysis.input.uri, file),
        }
    }

    /// The file as it is open in the editor, if it is; of several names the one that counts.
    pub(super) fn buffer(&self, file: &PkgPath) -> Option<&'a Buffer> {
        self.analysis
            .input
            .buffers
            .iter()
            .rev()
            .find(|buffer| buffer.path == *file)
    }

    /// The range of some bytes of a file.
    pub(super) fn range(&mut self, file: &PkgPath, span: Span) -> Option<Range> {
        let document = match self.buffer(file) {
            Some(buffer) => &buffer.text,
            None => {
                let package = self.analysis.package.as_ref()?;
                self.others
                    .entry(file.clone())
                    .or_insert_with(|| Document::new(&package.text_of(file)))
            }
        };
        Some(proto::range_to(
            document.range(span, self.abilities.encoding),
        ))
    }
}
