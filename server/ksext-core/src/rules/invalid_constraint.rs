//! `invalid-constraint`: versions that are no constraint, or that no version satisfies.

use super::shared::scalar;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::semver::Constraint;
use crate::yaml::Value;

pub(super) static RULE: Rule = Rule {
    id: "invalid-constraint",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`kubeVersion`, `ksVersion` or the `version` of a dependency is no version constraint, or one that nothing satisfies.",
            "`kubeVersion`、`ksVersion` 或依赖的 `version` 不是版本约束，或没有版本能满足它。",
        ),
        why: Bilingual::fixed(
            "ksbuilder looks at none of them. Helm and KubeSphere take a constraint that they cannot read for one that is not satisfied: with such a `kubeVersion` or `ksVersion` the extension can be installed nowhere, and with such a version another extension is never the right one. The console reads `kubeVersion`, `ksVersion` and the versions of other extensions by the rules of npm, which know neither commas nor `!=`, `=>` and `=<`.",
            "ksbuilder 不检查这些值。Helm 和 KubeSphere 会把无法解析的约束当作不满足：`kubeVersion` 或 `ksVersion` 写错时，扩展组件在任何地方都无法安装；`externalDependencies` 的版本写错时，所依赖的扩展组件永远不符合要求。控制台按 npm 的规则解析 `kubeVersion`、`ksVersion` 和其他扩展组件的版本，不支持逗号以及 `!=`、`=>`、`=<`。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and the extension cannot be installed.",
            "警告：推送会成功，但扩展组件无法安装。",
        ),
        fix: Bilingual::fixed(
            "Write a constraint such as `>=1.21.0-0` or `>=1.21.0-0 <1.32.0-0`.",
            "填写 `>=1.21.0-0` 或 `>=1.21.0-0 <1.32.0-0` 这样的约束。",
        ),
        bad: Example::manifest("kubeVersion: 1.21.0+\n"),
        good: Example::manifest("kubeVersion: \">=1.21.0\"\n"),
        sources: &[
            "Masterminds/semver v3.3.1 constraints.go",
            "Helm v3.18.1 pkg/chartutil/compatible.go, pkg/action/action.go",
            "KubeSphere pkg/controller/core/util.go `checkVersionConstraint`",
            "KubeSphere console packages/core/src/containers/Extensions/Management/utils/version.ts",
        ],
    },
    check,
};

/// The longest constraint in bytes that is looked into: no author writes a longer one.
const MAX: usize = 1000;

/// Signs that npm's rules do not know, and what to write instead, if there is something.
const UNKNOWN_TO_CONSOLE: [(&str, Option<&str>); 4] = [
    ("!=", None),
    ("=>", Some(">=")),
    ("=<", Some("<=")),
    (",", Some(" ")),
];

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in ["kubeVersion", "ksVersion"] {
        let entry = cx.manifest.entry(field).into_iter();
        findings.extend(entry.filter_map(|entry| finding(cx, field, &entry.value, true)));
    }
    for (field, console_reads) in [("dependencies", false), ("externalDependencies", true)] {
        for (index, item) in cx.manifest.items(field).iter().enumerate() {
            let place = format!("{field}[{index}].version");
            let entry = item.get("version").into_iter();
            findings
                .extend(entry.filter_map(|entry| finding(cx, &place, &entry.value, console_reads)));
        }
    }
    // What an alias names stands in one place.
    findings.sort_by_key(|finding| finding.location.span);
    findings.dedup_by_key(|finding| finding.location.span);
    findings
}

fn finding(cx: &Context<'_>, place: &str, value: &Value, console_reads: bool) -> Option<Finding> {
    let text = scalar::text_as_written(cx, value).filter(|text| text.len() <= MAX)?;
    let span = cx.manifest.span(value.node);
    let shown = text.escape_debug();
    let constraint = Constraint::parse(text);
    let (message, meant) = match &constraint {
        None => {
            let message = bilingual!(
                "`{shown}` in `{place}` is no version constraint, and counts as one that nothing satisfies; write one such as `>=1.21.0-0`",
                "`{place}` 中的 `{shown}` 不是版本约束，会被当作任何版本都不满足；请填写 `>=1.21.0-0` 这样的约束",
            );
            (message, meant(text))
        }
        Some(constraint) if !constraint.is_satisfiable() => {
            let message = bilingual!(
                "there is no version that satisfies `{shown}` in `{place}`",
                "没有任何版本能满足 `{place}` 中的 `{shown}`",
            );
            (message, None)
        }
        Some(_) if console_reads => {
            let (sign, _) = UNKNOWN_TO_CONSOLE
                .iter()
                .find(|(sign, _)| text.contains(sign))?;
            let message = bilingual!(
                "KubeSphere's console cannot read `{sign}` in `{place}` and takes no version for fitting; separate comparisons by blanks, and use `>=`, `<=`, `>`, `<`, `=`, `~`, `^` and `||` only",
                "KubeSphere 控制台无法解析 `{place}` 中的 `{sign}`，会认为没有版本满足要求；请用空格分隔各项比较，且只使用 `>=`、`<=`、`>`、`<`、`=`、`~`、`^` 和 `||`",
            );
            (message, readable(text))
        }
        Some(_) => return None,
    };
    let finding = RULE.finding(span, message);
    let Some(meant) = meant else {
        return Some(finding);
    };
    // For Helm the two are the same.
    let safety = if constraint.is_some() && Constraint::parse(&meant) == constraint {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    Some(scalar::rewriting(cx, finding, value.node, &meant, safety))
}

/// `text` with what the console can read in place of what it cannot; `None` if some of it has no
/// other way to be written.
fn readable(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    for (sign, other) in UNKNOWN_TO_CONSOLE {
        if text.contains(sign) {
            text = text.replace(sign, other?);
        }
    }
    Some(text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

/// The constraint that is probably meant by what is none.
fn meant(text: &str) -> Option<String> {
    let text = text
        .trim()
        .replace('≥', ">=")
        .replace('≤', "<=")
        .replace(['，', '、', ',', ';', '；'], " ")
        .replace("&&", " ");
    let text = match text.strip_suffix('+') {
        Some(version) if !version.contains([' ', '>', '<', '=', '~', '^']) => {
            format!(">={version}")
        }
        _ => text,
    };
    // `>=1<2`
    let mut spaced = String::with_capacity(text.len());
    for char in text.chars() {
        if "<>=~^!".contains(char) && spaced.ends_with(|last: char| last.is_ascii_alphanumeric()) {
            spaced.push(' ');
        }
        spaced.push(char);
    }
    let meant = spaced
        .split_ascii_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let fits = Constraint::parse(&meant).is_some_and(|constraint| constraint.is_satisfiable());
    fits.then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::check_text;

    #[test]
    fn what_is_meant_is_guessed_where_little_is_wrong() {
        for (written, constraint) in [
            ("1.21.0+", Some(">=1.21.0")),
            ("≥1.19", Some(">=1.19")),
            (">=1.19.0<1.30.0", Some(">=1.19.0 <1.30.0")),
            (">=1.19.0; <1.30.0", Some(">=1.19.0 <1.30.0")),
            (">=1.19.0 && <1.30.0", Some(">=1.19.0 <1.30.0")),
            (">=1.19.0，<1.30.0", Some(">=1.19.0 <1.30.0")),
            (">=1.19.x.0", None),
            ("latest", None),
            ("", None),
        ] {
            assert_eq!(Constraint::parse(written), None, "{written}");
            assert_eq!(meant(written).as_deref(), constraint, "{written}");
        }
        assert_eq!(
            readable("=>1.19 ,  =<1.30").as_deref(),
            Some(">=1.19 <=1.30")
        );
        assert_eq!(readable(">=1.19, !=1.20.1"), None);
    }

    #[test]
    fn each_constraint_is_marked_where_it_stands() {
        check_text(
            "kubeVersion: \">2 <1\" # 😀\r\nksVersion: 最新\r\n",
            &["invalid-constraint: \">2 <1\"", "invalid-constraint: 最新"],
        );
        check_text(
            "externalDependencies: [{name: a, version: '> = 1', required: no}, {name: b, version: ''}]\n",
            &["invalid-constraint: '> = 1'"],
        );
        check_text(
            "kubeVersion: '>=1.19.0-0, <1.30.0-0'\n",
            &["invalid-constraint: '>=1.19.0-0, <1.30.0-0'"],
        );
        check_text("kubeVersion: ['1']\n", &["wrong-type: ['1']"]);
    }

    #[test]
    fn what_helm_and_the_console_read_is_right() {
        for constraint in [
            ">=1.19.0-0",
            ">= 1.0.0-0",
            ">=1.21.0-0 <1.32.0-0",
            "1.38.*",
            "^1 || ~2.1",
            "1.19 - 1.30",
            "v4.1.0",
        ] {
            check_text(&format!("kubeVersion: \"{constraint}\"\n"), &[]);
        }
    }
}
