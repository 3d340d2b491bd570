//! Which rule tells which of the problems that the package model finds, and where.

use crate::bilingual;
use crate::finding::{Finding, Location};
use crate::lang::Bilingual;
use crate::manifest::FILE_NAME;
use crate::manifest::misfit::Wanted;
use crate::package::fs::LookupError;
use crate::package::validate::MetadataFault;
use crate::package::{PkgPath, Problem, ProblemKind};
use crate::rules::{Context, Rule};

use super::yaml_words;

/// The findings of `rule`: each of its problems, in `words`.
pub(in crate::rules) fn findings(
    rule: &Rule,
    cx: &Context<'_>,
    words: fn(&Problem) -> Bilingual,
) -> Vec<Finding> {
    of(rule, cx)
        .map(|problem| rule.finding_at(location(problem), words(problem)))
        .collect()
}

/// The problems that `rule` tells.
pub(in crate::rules) fn of<'c>(
    rule: &Rule,
    cx: &'c Context<'_>,
) -> impl Iterator<Item = &'c Problem> {
    let id = rule.id;
    cx.problems
        .iter()
        .filter(move |problem| teller(problem) == id)
}

/// The place of a problem: the text at fault, or the start of the file.
pub(in crate::rules) fn location(problem: &Problem) -> Location {
    Location {
        file: problem.path.clone(),
        span: problem.span.unwrap_or_default(),
    }
}

/// The id of the rule that tells a problem. There is one for each.
pub(in crate::rules) fn teller(problem: &Problem) -> &'static str {
    match &problem.kind {
        ProblemKind::Unreadable(_) | ProblemKind::ReadOnly | ProblemKind::PathTooLong => {
            "unreadable-file"
        }
        ProblemKind::Link(LookupError::Escapes { .. })
        | ProblemKind::WrittenThroughLink(LookupError::Escapes { .. })
        | ProblemKind::StaticDirectoryEscapes => "path-escapes-package",
        ProblemKind::Link(_) | ProblemKind::WrittenThroughLink(_) => "broken-link",
        ProblemKind::Irregular(_) => "irregular-file",
        ProblemKind::FileTooLarge { .. } => "file-too-large",
        ProblemKind::TooManyEntries | ProblemKind::TooDeep | ProblemKind::UnpackedTooLarge => {
            "too-much-to-read"
        }
        ProblemKind::Ignore(_) => "invalid-helmignore",
        ProblemKind::ChartIgnored(_) => "chart-ignored",
        ProblemKind::ManifestIgnored(_) => "manifest-ignored",
        ProblemKind::ChartMissing { stray_file: true } => "stray-chart-file",
        ProblemKind::ChartMissing { stray_file: false }
        | ProblemKind::PackedChartIsDirectory
        | ProblemKind::Unpack(_) => "invalid-chart",
        ProblemKind::Syntax(_)
        | ProblemKind::WrongType(_)
        | ProblemKind::NotFinite
        | ProblemKind::Unwritable(_) => match problem.path.name() {
            b"values.yaml" => "invalid-values",
            b"Chart.lock" | b"requirements.lock" => "invalid-chart-lock",
            _ => "invalid-chart",
        },
        ProblemKind::Metadata(fault) if problem.path == PkgPath::from(FILE_NAME) => {
            teller_in_manifest(fault)
        }
        ProblemKind::Metadata(_) => "invalid-chart",
        ProblemKind::SchemaNotJson => "invalid-values-schema",
        ProblemKind::StaticDirectoryIsPackage
        | ProblemKind::StaticDirectoryBelowFile
        | ProblemKind::StaticDirectoryMisnamed => "invalid-static-directory",
        ProblemKind::ArchiveNameTooLong => "invalid-name",
    }
}

/// The id of the rule that tells what is wrong with the Chart.yaml that push makes of the manifest.
fn teller_in_manifest(fault: &MetadataFault) -> &'static str {
    match fault {
        MetadataFault::NameMissing | MetadataFault::NameInvalid(_) => "invalid-name",
        MetadataFault::VersionMissing | MetadataFault::VersionInvalid(_) => "invalid-version",
        MetadataFault::NullMaintainer | MetadataFault::NullDependency => "null-item",
        MetadataFault::AliasInvalid(_) | MetadataFault::DuplicateDependency(_) => {
            "invalid-dependency"
        }
        // The manifest has no field for it.
        MetadataFault::TypeInvalid(_) => "invalid-chart",
    }
}

/// What is to say of a file that Helm decodes.
pub(in crate::rules) fn words_of_undecoded(problem: &Problem) -> Bilingual {
    let path = &problem.path;
    let words = decoding_words(&problem.kind);
    let words = words.unwrap_or(Bilingual::fixed("Helm refuses it", "Helm 拒绝读取"));
    let (en, zh) = (&words.en, &words.zh);
    bilingual!(
        "push fails on `{path}`: {en}",
        "推送会因 `{path}` 失败：{zh}",
    )
}

/// What is wrong with a file that Helm decodes, as a clause about it: "the text … ". `None` for
/// problems of another kind.
fn decoding_words(kind: &ProblemKind) -> Option<Bilingual> {
    Some(match kind {
        ProblemKind::Syntax(error) => yaml_words::words(error),
        ProblemKind::Unwritable(fault) => yaml_words::unwritable(fault),
        ProblemKind::NotFinite => Bilingual::fixed(
            "`.inf` and `.nan` are numbers that Helm cannot read; put the value in quotes",
            "`.inf` 和 `.nan` 是 Helm 无法读取的数字；请加上引号",
        ),
        ProblemKind::WrongType(wanted) => {
            let words = wanted_words(*wanted);
            let (en, zh) = (&words.en, &words.zh);
            bilingual!("this must be {en}", "此处必须是{zh}")
        }
        _ => return None,
    })
}

/// The type that is wanted, as a noun.
pub(in crate::rules) fn wanted_words(wanted: Wanted) -> Bilingual {
    match wanted {
        Wanted::Text => Bilingual::fixed("a text", "文本"),
        Wanted::Bool => Bilingual::fixed("`true` or `false`", "`true` 或 `false`"),
        Wanted::Time => Bilingual::fixed(
            "a time such as `2024-01-02T03:04:05Z`",
            "形如 `2024-01-02T03:04:05Z` 的时间",
        ),
        Wanted::List => Bilingual::fixed("a list", "列表"),
        Wanted::Map => Bilingual::fixed("a map", "映射"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::fs::{FsErrorKind, Irregular};
    use crate::package::ignore::IgnoreErrorKind;
    use crate::package::unpack::UnpackError;
    use crate::rules::find;
    use crate::yaml::{ErrorKind, Unwritable};

    #[test]
    fn words_of_a_file_say_once_that_push_fails() {
        for kind in [
            ProblemKind::Syntax(ErrorKind::ExpectedKey),
            ProblemKind::WrongType(Wanted::Map),
            ProblemKind::Unwritable(Unwritable::LongKey),
            ProblemKind::Unwritable(Unwritable::Control('\u{7f}')),
            ProblemKind::NotFinite,
            ProblemKind::TooDeep,
        ] {
            let problem = Problem {
                kind,
                path: "values.yaml".into(),
                span: None,
            };
            let words = words_of_undecoded(&problem);
            assert!(
                words.en.starts_with("push fails on `values.yaml`: "),
                "{words:?}"
            );
            assert!(
                words.zh.starts_with("推送会因 `values.yaml` 失败："),
                "{words:?}"
            );
            assert_eq!(words.en.matches("push fails").count(), 1, "{words:?}");
            assert_eq!(words.zh.matches("失败").count(), 1, "{words:?}");
        }
    }

    #[test]
    fn every_problem_has_a_rule() {
        let link = || LookupError::Loop { link: "a".into() };
        let out = || LookupError::Escapes { link: "a".into() };
        let kinds = [
            ProblemKind::Unreadable(FsErrorKind::Denied),
            ProblemKind::PathTooLong,
            ProblemKind::ReadOnly,
            ProblemKind::Link(link()),
            ProblemKind::Link(out()),
            ProblemKind::WrittenThroughLink(link()),
            ProblemKind::WrittenThroughLink(out()),
            ProblemKind::Irregular(Irregular::Pipe),
            ProblemKind::FileTooLarge { len: 0 },
            ProblemKind::TooManyEntries,
            ProblemKind::TooDeep,
            ProblemKind::UnpackedTooLarge,
            ProblemKind::Ignore(IgnoreErrorKind::DoubleStar),
            ProblemKind::ChartIgnored(false),
            ProblemKind::ManifestIgnored(false),
            ProblemKind::ChartMissing { stray_file: true },
            ProblemKind::ChartMissing { stray_file: false },
            ProblemKind::Unpack(UnpackError::NotGzip),
            ProblemKind::PackedChartIsDirectory,
            ProblemKind::Syntax(ErrorKind::ExpectedKey),
            ProblemKind::WrongType(Wanted::Map),
            ProblemKind::Unwritable(Unwritable::LongKey),
            ProblemKind::NotFinite,
            ProblemKind::SchemaNotJson,
            ProblemKind::StaticDirectoryIsPackage,
            ProblemKind::StaticDirectoryBelowFile,
            ProblemKind::StaticDirectoryEscapes,
            ProblemKind::StaticDirectoryMisnamed,
            ProblemKind::ArchiveNameTooLong,
            ProblemKind::Metadata(MetadataFault::NameMissing),
            ProblemKind::Metadata(MetadataFault::VersionMissing),
            ProblemKind::Metadata(MetadataFault::NullDependency),
            ProblemKind::Metadata(MetadataFault::AliasInvalid(String::new())),
        ];
        for kind in kinds {
            for path in [FILE_NAME, "values.yaml", "Chart.lock"] {
                let problem = Problem {
                    kind: kind.clone(),
                    path: path.into(),
                    span: None,
                };
                let id = teller(&problem);
                assert!(find(id).is_some(), "{id}");
            }
        }
    }
}
