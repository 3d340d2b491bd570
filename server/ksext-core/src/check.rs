//! THE pipeline: a package and settings in, findings out. Command line, language server, push and
//! package all call this one.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{self, Package, PkgPath};
use crate::rules::{Context, RULES, Size};
use crate::schema;
use crate::text::Span;

/// What a user or a project asks of the check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Severities other than the rules' own, by rule id; `None` turns a rule off.
    pub severities: BTreeMap<String, Option<Severity>>,
    /// A size limit in bytes below that of KubeSphere Cloud.
    pub size_limit: Option<u64>,
}

/// Checks a package.
///
/// `projected` is the size that push would send, in bytes, if it is known: whatever costs more than
/// a glance at the files is left to the caller, so that typing stays quick.
///
/// The findings come in the order of their files and places.
pub fn check(package: &Package<'_>, settings: &Settings, projected: Option<u64>) -> Vec<Finding> {
    let manifest = package.manifest();
    let violations = schema::validate(&manifest.to_instance());
    let size = projected.map(|projected| Size {
        projected,
        limit: limit(settings),
    });
    let context = Context {
        package,
        manifest,
        violations: &violations,
        size,
    };
    let mut findings: Vec<Finding> = RULES
        .iter()
        .filter_map(|rule| {
            let severity = match settings.severities.get(rule.id) {
                None => rule.severity,
                Some(set) => (*set)?,
            };
            let own = rule.severity;
            Some((rule.check)(&context).into_iter().map(move |mut finding| {
                // A rule may itself say that one of its findings matters less.
                if severity != own {
                    finding.severity = severity;
                }
                finding
            }))
        })
        .flatten()
        .filter(|finding| !is_suppressed(manifest, finding))
        .collect();
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.location.file.clone(), finding.location.span);
        key(a).cmp(&key(b)).then_with(|| a.rule.cmp(b.rule))
    });
    findings
}

/// The size limit in force, in bytes: settings may only lower it.
pub fn limit(settings: &Settings) -> u64 {
    let most = package::LIMIT;
    settings.size_limit.map_or(most, |limit| limit.min(most))
}

/// Whether a comment `# ksext: ignore[rule-id]` stands on the finding's line or the line above.
fn is_suppressed(manifest: &Manifest, finding: &Finding) -> bool {
    if finding.location.file != PkgPath::from(FILE_NAME) {
        return false;
    }
    let text = manifest.text();
    let here = line_start(text, finding.location.span.start);
    let above = here.checked_sub(1).map(|end| line_start(text, end));
    manifest.tree().comments().iter().any(|comment| {
        let start = line_start(text, comment.start);
        (start == here || above == Some(start)) && names_rule(*comment, text, finding.rule)
    })
}

fn line_start(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.rfind('\n').map_or(0, |at| at + 1)
}

fn names_rule(comment: Span, text: &str, rule: &str) -> bool {
    let words = comment.of(text).trim_start_matches('#').trim_start();
    let Some(rest) = words.strip_prefix("ksext:") else {
        return false;
    };
    let Some(rest) = rest.trim_start().strip_prefix("ignore[") else {
        return false;
    };
    let ids = rest.split(']').next().unwrap_or_default();
    ids.split(',').any(|id| id.trim() == rule)
}
