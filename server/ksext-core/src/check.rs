//! THE pipeline: a package and settings in, findings out. Command line, language server, push and
//! package all call this one.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{self, Contents, Package, PkgPath, Problem, ProblemKind};
use crate::rules::{Context, RULES};
use crate::schema;
use crate::text::line_start;

/// The rule that tells syntax errors.
const SYNTAX: &str = "yaml-syntax";

/// The rule that tells of links out of the package.
const ESCAPES: &str = "path-escapes-package";

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
    let violations = schema::validate(&manifest.to_instance());
    let context = Context::new(package, &violations, contents, limit(settings));
    // A manifest behind a link out of the package was not read, so nothing else is known of it.
    let unread = |problem: &Problem| {
        let through_link = matches!(problem.kind, ProblemKind::WrittenThroughLink(_));
        through_link && problem.path == PkgPath::from(FILE_NAME)
    };
    let is_unread = manifest.text().is_empty() && context.problems.iter().any(unread);
    let suppressions = Suppressions::of(manifest);
    let mut findings: Vec<Finding> = RULES
        .iter()
        .filter(|rule| !is_unread || rule.id == ESCAPES)
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
        .filter(|finding| !suppressions.cover(finding) && !is_unreadable(manifest, finding))
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

/// The comments `# ksext: ignore[rule-id]` of a manifest.
struct Suppressions<'a> {
    text: &'a str,
    /// The rules that a comment names, by the start of its line.
    by_line: BTreeMap<usize, Vec<&'a str>>,
}

impl<'a> Suppressions<'a> {
    fn of(manifest: &'a Manifest) -> Self {
        let text = manifest.text();
        let mut by_line: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for comment in manifest.tree().comments() {
            let rules = named_rules(comment.of(text));
            by_line
                .entry(line_start(text, comment.start))
                .or_default()
                .extend(rules);
        }
        by_line.retain(|_, rules| !rules.is_empty());
        Self { text, by_line }
    }

    /// Whether a comment on the finding's line or the line above names its rule.
    fn cover(&self, finding: &Finding) -> bool {
        if self.by_line.is_empty() || finding.location.file != PkgPath::from(FILE_NAME) {
            return false;
        }
        let here = line_start(self.text, finding.location.span.start);
        let before = self.text.get(..here).unwrap_or_default();
        let above = before
            .strip_suffix("\r\n")
            .or_else(|| before.strip_suffix(['\n', '\r']));
        let above = above.map(|above| line_start(self.text, above.len()));
        let names = |line: &usize| {
            let rules = self.by_line.get(line);
            rules.is_some_and(|rules| rules.contains(&finding.rule))
        };
        names(&here) || above.is_some_and(|above| names(&above))
    }
}

/// The rule ids in `# ksext: ignore[a, b]`.
fn named_rules(comment: &str) -> impl Iterator<Item = &str> {
    let words = comment.trim_start_matches('#').trim_start();
    let list = words
        .strip_prefix("ksext:")
        .and_then(|rest| rest.trim_start().strip_prefix("ignore["))
        .and_then(|rest| rest.split(']').next());
    list.unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
}
