//! THE pipeline: a package and settings in, findings out. Command line, language server, push and
//! package all call this one.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{self, Contents, Package, PkgPath, Problem, ProblemKind};
use crate::rules::{self, Context, RULES, Rule, RuleSet};
use crate::schema;
use crate::suppression::Suppressions;

/// The rule that tells syntax errors.
const SYNTAX: &str = "yaml-syntax";
/// The rule that tells the size.
const SIZE: &str = "package-too-large";
/// The rule that tells comments without effect.
const UNUSED_SUPPRESSION: &str = "unused-suppression";

/// The rule that tells of links out of the package.
const ESCAPES: &str = "path-escapes-package";

/// What a user or a project asks of the check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Severities other than the rules' own, by rule id; `None` turns a rule off.
    pub severities: BTreeMap<String, Option<Severity>>,
    /// The rules that are on where `severities` says nothing; the recommended ones if this says
    /// nothing either.
    pub rule_set: Option<RuleSet>,
    /// A size limit in bytes below that of KubeSphere Cloud.
    pub size_limit: Option<u64>,
    /// What is to be said of the settings themselves. One that stands in the manifest is about a file
    /// outside of the package, and is shown at the first key.
    pub findings: Vec<Finding>,
}

impl Settings {
    /// The severity of a rule's findings; `None` if the rule is off.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        match self.severities.get(rule.id) {
            Some(set) => *set,
            None => {
                let set = self.rule_set.unwrap_or_default();
                set.holds(rule.id).then_some(rule.severity)
            }
        }
    }

    /// What is to be said of the settings themselves, at the severities that they ask for.
    pub fn told(&self) -> Vec<Finding> {
        let findings = self.findings.iter().cloned();
        findings.filter_map(|finding| self.apply(finding)).collect()
    }

    /// The finding at the severity that is asked for; `None` if its rule is off.
    fn apply(&self, mut finding: Finding) -> Option<Finding> {
        let rule = rules::find(finding.rule)?;
        let severity = self.severity(rule)?;
        // A rule may itself say that one of its findings matters less or more; what is asked for
        // counts for all of them.
        if self.severities.contains_key(rule.id) {
            finding.severity = severity;
        }
        Some(finding)
    }
}

/// Checks a package.
///
/// `contents` is what lies beside the manifest, if it is known: whatever costs more than a glance at
/// the files is left to the caller, so that typing stays quick. It may be older than the manifest.
///
/// The findings come in the order of their files and places.
pub fn check(
    package: &Package<'_>,
    settings: &Settings,
    contents: Option<&Contents>,
) -> Vec<Finding> {
    let manifest = package.manifest();
    let mut suppressions = Suppressions::of(manifest, contents);
    let mut findings = found(package, settings, contents);
    findings.extend(of_settings(settings, manifest));
    findings.extend(suppressions.unknown());
    findings.retain(|finding| !suppressions.silence(finding));
    if let Some(contents) = contents.filter(|_| manifest.tree().errors().is_empty()) {
        findings.extend(suppressions.unused(|rule| is_decided(rule, settings, contents)));
        findings
            .retain(|finding| finding.rule != UNUSED_SUPPRESSION || !suppressions.silence(finding));
    }
    let mut findings: Vec<Finding> = findings
        .into_iter()
        .filter_map(|finding| settings.apply(finding))
        .collect();
    sort(&mut findings);
    findings
}

/// The errors of a package, whatever is turned off or silenced: what push would fail over, destroy or
/// leak does not depend on who wants to hear of it. `limit` is the most bytes that the archive may
/// have.
pub fn errors(package: &Package<'_>, contents: Option<&Contents>, limit: u64) -> Vec<Finding> {
    let settings = Settings {
        size_limit: Some(limit),
        ..Settings::default()
    };
    let mut findings = found(package, &settings, contents);
    findings.retain(|finding| finding.severity == Severity::Error);
    sort(&mut findings);
    findings
}

/// What the rules say that are on, at their own severities.
fn found(package: &Package<'_>, settings: &Settings, contents: Option<&Contents>) -> Vec<Finding> {
    let manifest = package.manifest();
    let violations = schema::validate(&manifest.to_instance());
    let context = Context::new(package, &violations, contents, limit(settings));
    // A manifest behind a link out of the package was not read, so nothing else is known of it.
    let unread = |problem: &Problem| {
        let through_link = matches!(problem.kind, ProblemKind::WrittenThroughLink(_));
        through_link && problem.path == PkgPath::from(FILE_NAME)
    };
    let is_unread = manifest.text().is_empty() && context.problems.iter().any(unread);
    RULES
        .iter()
        .filter(|rule| settings.severity(rule).is_some())
        .filter(|rule| !is_unread || rule.id == ESCAPES)
        .flat_map(|rule| (rule.check)(&context))
        .filter(|finding| !is_unreadable(manifest, finding))
        .collect()
}

/// Puts findings into the order of their files and places.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.location.file.clone(), finding.location.span);
        key(a).cmp(&key(b)).then_with(|| a.rule.cmp(b.rule))
    });
}

/// Whether a rule has said all that it has to say. Where a chart cannot be loaded, or the size is not
/// known, a comment may silence what is yet to be found.
fn is_decided(rule: &str, settings: &Settings, contents: &Contents) -> bool {
    let is_on = rules::find(rule).is_some_and(|rule| settings.severity(rule).is_some());
    is_on
        && rule != UNUSED_SUPPRESSION
        && contents.problems.is_empty()
        && (rule != SIZE || contents.projected().is_some())
}

/// What is to be said of the settings.
fn of_settings(settings: &Settings, manifest: &Manifest) -> Vec<Finding> {
    let mut findings = settings.findings.clone();
    for finding in &mut findings {
        if finding.location.file == PkgPath::from(FILE_NAME) {
            finding.location.span = manifest.first_key();
        }
    }
    findings
}

/// The size limit in force, in bytes: settings may only lower it.
pub fn limit(settings: &Settings) -> u64 {
    let most = package::LIMIT;
    settings.size_limit.map_or(most, |limit| limit.min(most))
}

/// Whether a finding is about text in which a syntax error stands, of which nothing more is known.
fn is_unreadable(manifest: &Manifest, finding: &Finding) -> bool {
    let span = finding.location.span;
    finding.rule != SYNTAX
        && finding.location.file == PkgPath::from(FILE_NAME)
        && manifest.tree().errors().iter().any(|error| {
            let inside = span.start <= error.span.start && error.span.start < span.end;
            inside || (span.is_empty() && error.span.is_empty() && span == error.span)
        })
}
