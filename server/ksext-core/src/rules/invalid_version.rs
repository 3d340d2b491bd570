//! `invalid-version`: a version that Helm refuses.

use super::shared::{problems, scalar};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::validate::MetadataFault;
use crate::package::{Problem, ProblemKind};
use crate::semver::Version;

pub(super) static RULE: Rule = Rule {
    id: "invalid-version",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`version` is not a semantic version.",
            "`version` 不是语义化版本。",
        ),
        why: Bilingual::fixed(
            "It becomes the chart's version, and Helm wants `1.2.3`, with an optional `-pre.release` and `+build`. `v1.2` and `1` pass; leading zeros and a fourth number do not.",
            "它会成为 chart 的版本，而 Helm 需要 `1.2.3` 形式，可带 `-pre.release` 和 `+build`。`v1.2` 和 `1` 可以通过；前导零和第四个数字则不行。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails after it has uploaded the images.",
            "错误：推送在上传图片之后失败。",
        ),
        fix: Bilingual::fixed(
            "Write a version such as `1.2.3`.",
            "填写 `1.2.3` 这样的版本。",
        ),
        bad: Example::manifest("version: 1.02.0\n"),
        good: Example::manifest("version: 1.2.0\n"),
        sources: &[
            "Helm v3.18.1 pkg/chart/metadata.go `Validate`",
            "Masterminds/semver v3.3.1 `NewVersion`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::of(&RULE, cx)
        .filter_map(|problem| finding(cx, problem))
        .collect()
}

fn finding(cx: &Context<'_>, problem: &Problem) -> Option<Finding> {
    let ProblemKind::Metadata(MetadataFault::VersionInvalid(version)) = &problem.kind else {
        return None;
    };
    let place = problems::location(problem);
    let written = place.span.of(cx.manifest.text());
    let bare = written.trim_matches(['"', '\'']);
    let message = if bare == version {
        bilingual!(
            "`{version}` is not a semantic version such as `1.2.3`; push fails",
            "`{version}` 不是 `1.2.3` 这样的语义化版本；推送会失败",
        )
    } else {
        bilingual!(
            "YAML reads this as `{version}`, which is not a semantic version such as `1.2.3`; push fails",
            "YAML 把它读作 `{version}`，不是 `1.2.3` 这样的语义化版本；推送会失败",
        )
    };
    let finding = RULE.finding_at(place, message);
    let Some(meant) = meant(bare) else {
        return Some(finding);
    };
    let node = cx.manifest.entry("version")?.value.node;
    Some(scalar::rewriting(cx, finding, node, &meant, Safety::Unsafe))
}

/// The version that is probably meant: without leading zeros and blanks, `V` as `v`.
fn meant(written: &str) -> Option<String> {
    let version = written.trim();
    let version = version.strip_prefix('V').unwrap_or(version);
    let end = version.find(['-', '+']).unwrap_or(version.len());
    let (numbers, rest) = version.split_at(end);
    let number = |number: &str| match number.trim_start_matches('0') {
        "" if !number.is_empty() => "0".to_owned(),
        trimmed => trimmed.to_owned(),
    };
    let numbers: Vec<_> = numbers.split('.').map(number).collect();
    let meant = format!("{}{rest}", numbers.join("."));
    Version::parse(&meant).is_some().then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::check_fixes;

    #[test]
    fn the_fix_keeps_the_quotes_and_leaves_anchors_alone() {
        for (version, fixed) in [
            ("01.2.3", Some("1.2.3")),
            ("'01.2.3'", Some("'1.2.3'")),
            ("\"2024.01.0\"", Some("\"2024.1.0\"")),
            ("&a 01.2.3", None),
            ("!!str 01.2.3", None),
        ] {
            let fixed: Vec<_> = fixed
                .iter()
                .map(|fixed| format!("version: {fixed}\n"))
                .collect();
            let fixed: Vec<_> = fixed.iter().map(String::as_str).collect();
            check_fixes(&RULE, &format!("version: {version}\n"), &fixed);
        }
    }

    #[test]
    fn what_is_meant_is_guessed_where_little_is_wrong() {
        for (written, version) in [
            ("01.2.3", Some("1.2.3")),
            ("1.02.0-rc.1", Some("1.2.0-rc.1")),
            ("V1.0.0 ", Some("1.0.0")),
            ("2024.01", Some("2024.1")),
            ("1.2.3.4", None),
            ("latest", None),
        ] {
            assert_eq!(meant(written).as_deref(), version, "{written}");
        }
    }
}
