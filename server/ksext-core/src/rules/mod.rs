//! THE list of rules. Each stands in a file of its own, named after its id: what it says, why, how
//! severe it is, its check, its fix and its texts.
//!
//! A rule looks at one [`Context`] and knows no other rule; what several need stands in `shared`. To
//! add one: `cargo xtask new-rule ID` makes a file here, its `mod` line and its place in [`RULES`];
//! the documentation follows by `cargo xtask gen`.

mod ambiguous_key;
mod blank_text;
mod broken_link;
mod broken_readme_image;
mod changed_text;
mod changelog_without_version;
mod chart_ignored;
mod chart_without_dependency;
mod condition_not_boolean;
mod dependency_without_chart;
mod duplicate_image;
mod duplicate_key;
mod empty_map;
mod file_too_large;
mod idle_ignore_line;
mod ignored_alias;
mod ignored_chart_files;
mod ignored_image_registry;
mod ignored_node_selector;
mod image_content;
mod image_name_clash;
mod incomplete_person;
mod insecure_icon;
mod invalid_application_class;
mod invalid_chart;
mod invalid_chart_lock;
mod invalid_constraint;
mod invalid_dependency;
mod invalid_email;
mod invalid_helmignore;
mod invalid_name;
mod invalid_permissions;
mod invalid_static_directory;
mod invalid_url;
mod invalid_values;
mod invalid_values_schema;
mod invalid_version;
mod inverted_ignore;
mod irregular_file;
mod key_case;
mod lost_static_file;
mod malformed_image;
mod manifest_ignored;
mod missing_changelog;
mod missing_english;
mod missing_icon;
mod missing_readme;
mod missing_required;
mod missing_screenshot;
mod missing_static_directory;
mod missing_translation;
mod name_convention;
mod null_item;
mod overridden_by_requirements;
mod package_over_configmap;
mod package_too_large;
mod path_escapes_package;
mod permissions_kind;
mod permissions_sensitive;
mod permissions_wildcard;
mod project_settings;
mod published_junk;
mod published_secret;
mod screenshot_order;
mod static_directory_takes;
mod stray_chart_file;
mod tag_mode_conflict;
mod too_much_to_read;
mod unanswered_condition;
mod undeclared_static_directory;
mod unknown_api_version;
mod unknown_category;
mod unknown_installation_mode;
mod unknown_key;
mod unknown_language;
mod unknown_rule;
mod unknown_tag;
mod unlisted_image;
mod unread_text;
mod unreadable_file;
mod untagged_image;
mod unused_image;
mod unused_suppression;
mod unwritable_text;
mod wrong_type;
mod yaml_syntax;

mod shared;

// Settings and comments are not in a [`Context`]: who reads them makes the findings of these rules.
pub(crate) use project_settings::ignored_setting;
pub(crate) use shared::spelling::did_you_mean;
pub(crate) use unknown_rule::unknown_rule;
pub(crate) use unused_suppression::unused_suppression;
pub(crate) use yaml_syntax::first_syntax_error;

use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::local::{Missing, Upload};
use crate::package::{Contents, FileSystem, LocalFile, Package, PkgPath, Problem};
use crate::schema::Violation;
use crate::text::Span;

/// Every rule, in the order of their ids.
pub static RULES: &[&Rule] = &[
    &ambiguous_key::RULE,
    &blank_text::RULE,
    &broken_link::RULE,
    &broken_readme_image::RULE,
    &changed_text::RULE,
    &changelog_without_version::RULE,
    &chart_ignored::RULE,
    &chart_without_dependency::RULE,
    &condition_not_boolean::RULE,
    &dependency_without_chart::RULE,
    &duplicate_image::RULE,
    &duplicate_key::RULE,
    &empty_map::RULE,
    &file_too_large::RULE,
    &idle_ignore_line::RULE,
    &ignored_alias::RULE,
    &ignored_chart_files::RULE,
    &ignored_image_registry::RULE,
    &ignored_node_selector::RULE,
    &image_content::RULE,
    &image_name_clash::RULE,
    &incomplete_person::RULE,
    &insecure_icon::RULE,
    &invalid_application_class::RULE,
    &invalid_chart::RULE,
    &invalid_chart_lock::RULE,
    &invalid_constraint::RULE,
    &invalid_dependency::RULE,
    &invalid_email::RULE,
    &invalid_helmignore::RULE,
    &invalid_name::RULE,
    &invalid_permissions::RULE,
    &invalid_static_directory::RULE,
    &invalid_url::RULE,
    &invalid_values::RULE,
    &invalid_values_schema::RULE,
    &invalid_version::RULE,
    &inverted_ignore::RULE,
    &irregular_file::RULE,
    &key_case::RULE,
    &lost_static_file::RULE,
    &malformed_image::RULE,
    &manifest_ignored::RULE,
    &missing_changelog::RULE,
    &missing_english::RULE,
    &missing_icon::RULE,
    &missing_readme::RULE,
    &missing_required::RULE,
    &missing_screenshot::RULE,
    &missing_static_directory::RULE,
    &missing_translation::RULE,
    &name_convention::RULE,
    &null_item::RULE,
    &overridden_by_requirements::RULE,
    &package_over_configmap::RULE,
    &package_too_large::RULE,
    &path_escapes_package::RULE,
    &permissions_kind::RULE,
    &permissions_sensitive::RULE,
    &permissions_wildcard::RULE,
    &project_settings::RULE,
    &published_junk::RULE,
    &published_secret::RULE,
    &screenshot_order::RULE,
    &static_directory_takes::RULE,
    &stray_chart_file::RULE,
    &tag_mode_conflict::RULE,
    &too_much_to_read::RULE,
    &unanswered_condition::RULE,
    &undeclared_static_directory::RULE,
    &unknown_api_version::RULE,
    &unknown_category::RULE,
    &unknown_installation_mode::RULE,
    &unknown_key::RULE,
    &unknown_language::RULE,
    &unknown_rule::RULE,
    &unknown_tag::RULE,
    &unlisted_image::RULE,
    &unread_text::RULE,
    &unreadable_file::RULE,
    &untagged_image::RULE,
    &unused_image::RULE,
    &unused_suppression::RULE,
    &unwritable_text::RULE,
    &wrong_type::RULE,
    &yaml_syntax::RULE,
];

/// The rules that are off unless a setting turns them on, in the order of their ids: of use to some
/// packages, noise for most.
const NOT_RECOMMENDED: &[&str] = &["idle-ignore-line"];

/// Which rules are on where no setting names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RuleSet {
    /// Those that every package should keep.
    #[default]
    Recommended,
    /// Every rule.
    All,
}

impl RuleSet {
    /// The words for them in settings.
    pub const WORDS: [&str; 2] = ["recommended", "all"];

    /// The set that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "recommended" => Some(Self::Recommended),
            "all" => Some(Self::All),
            _ => None,
        }
    }

    /// Whether a rule is in it.
    pub fn holds(self, rule: &str) -> bool {
        self == Self::All || !NOT_RECOMMENDED.contains(&rule)
    }
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
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
        self.finding_at(Location { file, span }, message)
    }

    /// A finding of this rule anywhere in the package, at its own severity.
    fn finding_at(&self, location: Location, message: Bilingual) -> Finding {
        Finding {
            rule: self.id,
            severity: self.severity,
            message,
            location,
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

/// A package in the documentation of a rule. What it leaves out is meant to be right.
#[derive(Debug)]
pub struct Example {
    /// The part of extension.yaml that matters.
    pub manifest: &'static str,
    /// Required fields and usual files that are really left out.
    pub without: &'static [&'static str],
    /// The other files that matter, by path.
    pub files: &'static [(&'static str, Entry)],
    /// The size limit in bytes under which the example is seen.
    pub limit: Option<u64>,
}

/// What stands at a path in an [`Example`].
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// A file with this text.
    Text(&'static str),
    /// A file of this many zero bytes.
    Zeros(usize),
    /// A PNG of 1280 × 800 and this many bytes, which do not pack.
    Photo(usize),
    /// A folder with nothing in it.
    Folder,
    /// A folder of this many empty files.
    Files(usize),
    /// A symbolic link to this place.
    Link(&'static str),
    /// A named pipe.
    Pipe,
    /// A PNG of this width and height in pixels.
    Png(u32, u32),
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

    const fn with_files(manifest: &'static str, files: &'static [(&'static str, Entry)]) -> Self {
        Self {
            manifest,
            without: &[],
            files,
            limit: None,
        }
    }
}

/// What a rule sees.
pub struct Context<'a> {
    /// The manifest, with whatever an editor holds unsaved.
    pub manifest: &'a Manifest,
    /// What the schema says of it.
    pub violations: &'a [Violation],
    /// The package's files, for a glance at one or two; `None` if nobody knows where they are.
    pub files: Option<&'a dyn FileSystem>,
    /// The files that the manifest names, and whether they can be uploaded.
    pub named_files: Vec<(LocalFile, Result<Upload, Missing>)>,
    /// What lies in the package; `None` while it is not known. It may be older than the manifest.
    pub contents: Option<&'a Contents>,
    /// What push would refuse or fail over, in manifest and contents.
    pub problems: Vec<Problem>,
    /// The most bytes that the archive may have.
    pub limit: u64,
}

impl<'a> Context<'a> {
    /// What the rules see of `package`.
    pub fn new(
        package: &'a Package<'_>,
        violations: &'a [Violation],
        contents: Option<&'a Contents>,
        limit: u64,
    ) -> Self {
        let manifest = package.manifest();
        let files = package.has_files().then(|| package.files());
        let named_files = match files {
            Some(files) => {
                let find = |local: LocalFile| {
                    let found = local.find(files);
                    (local, found)
                };
                package.local_files().into_iter().map(find).collect()
            }
            None => Vec::new(),
        };
        let is_readable = manifest.tree().errors().is_empty();
        let mut problems = if is_readable {
            package.manifest_problems()
        } else {
            Vec::new()
        };
        let in_files = contents.iter().flat_map(|contents| &contents.problems);
        let is_new = |problem: &&Problem| {
            let mut known = problems.iter();
            !known.any(|other| other.path == problem.path && other.kind == problem.kind)
        };
        let new: Vec<Problem> = in_files.filter(is_new).cloned().collect();
        problems.extend(new);
        Self {
            manifest,
            violations,
            files,
            named_files,
            contents,
            problems,
            limit,
        }
    }
}

#[cfg(test)]
mod tests;
