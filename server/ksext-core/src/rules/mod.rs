//! THE list of rules. Each stands in a file of its own, named after its id: what it says, why, how
//! severe it is, its check, its fix and its texts.
//!
//! A rule looks at one [`Context`] and knows no other rule. To add one: a file here, its `mod` line
//! and its place in [`RULES`]; the documentation follows by `cargo xtask gen`.

mod missing_icon;
mod missing_required;
mod missing_screenshot;
mod package_too_large;
mod unknown_key;
mod unknown_language;
mod wrong_type;
mod yaml_syntax;

mod image;
mod words;

use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{Package, PkgPath};
use crate::schema::Violation;
use crate::text::Span;

/// Every rule, in the order of their ids.
pub static RULES: [&Rule; 8] = [
    &missing_icon::RULE,
    &missing_required::RULE,
    &missing_screenshot::RULE,
    &package_too_large::RULE,
    &unknown_key::RULE,
    &unknown_language::RULE,
    &wrong_type::RULE,
    &yaml_syntax::RULE,
];

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.into_iter().find(|rule| rule.id == id)
}

/// A rule: what it is about and how it checks.
#[derive(Debug)]
pub struct Rule {
    /// Its name in reports, settings and comments. It never changes and never means something else.
    pub id: &'static str,
    /// How much its findings matter unless a setting says otherwise.
    pub severity: Severity,
    /// The least that its fixes are, if it offers any: some may be safer.
    pub fix: Option<Safety>,
    /// Its documentation.
    pub page: Page,
    pub(crate) check: fn(&Context<'_>) -> Vec<Finding>,
}

impl Rule {
    /// A finding of this rule in the manifest, at its own severity.
    fn finding(&self, span: Span, message: Bilingual) -> Finding {
        let file = PkgPath::from(FILE_NAME);
        Finding {
            rule: self.id,
            severity: self.severity,
            message,
            location: Location { file, span },
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }
}

/// The documentation of a rule.
#[derive(Debug)]
pub struct Page {
    /// One sentence: what it reports.
    pub summary: Bilingual,
    /// What happens at the push, and what the author does not see today.
    pub why: Bilingual,
    /// Why it has its severity.
    pub severity: Bilingual,
    /// What to do.
    pub fix: Bilingual,
    /// A manifest that it reports.
    pub bad: Example,
    /// The same without the defect.
    pub good: Example,
    /// Where the facts come from.
    pub sources: &'static [&'static str],
}

/// A package in the documentation of a rule. Fields that it leaves out are meant to be right.
#[derive(Debug)]
pub struct Example {
    /// The part of extension.yaml that matters.
    pub manifest: &'static str,
    /// Required fields that are really left out.
    pub without: &'static [&'static str],
    /// The other files that matter, as path and content.
    pub files: &'static [(&'static str, &'static str)],
    /// The size limit in bytes under which the example is seen.
    pub limit: Option<u64>,
}

impl Example {
    const fn manifest(manifest: &'static str) -> Self {
        Self {
            manifest,
            without: &[],
            files: &[],
            limit: None,
        }
    }

    const fn with_files(
        manifest: &'static str,
        files: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            manifest,
            without: &[],
            files,
            limit: None,
        }
    }
}

/// The projected size of a package, and what it is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// The package as push would send it, in bytes.
    pub projected: u64,
    /// The most that is accepted, in bytes.
    pub limit: u64,
}

/// What a rule sees.
pub struct Context<'a> {
    /// The package, with whatever an editor holds unsaved.
    pub package: &'a Package<'a>,
    /// Its manifest.
    pub manifest: &'a Manifest,
    /// What the schema says of the manifest.
    pub violations: &'a [Violation],
    /// The projected size; `None` while it is not known.
    pub size: Option<Size>,
}

#[cfg(test)]
mod tests;
