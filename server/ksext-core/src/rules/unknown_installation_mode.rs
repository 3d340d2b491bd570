//! `unknown-installation-mode`: an installation mode that no cluster takes.

use super::shared::{scalar, spelling};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Step;
use crate::schema::Keyword;

pub(super) static RULE: Rule = Rule {
    id: "unknown-installation-mode",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`installationMode` is neither `HostOnly` nor `Multicluster`.",
            "`installationMode` 既不是 `HostOnly` 也不是 `Multicluster`。",
        ),
        why: Bilingual::fixed(
            "ksbuilder takes any text. KubeSphere's ExtensionVersion takes these two, in this case of letters, and is refused by the cluster with another one.",
            "ksbuilder 接受任意文本，而 KubeSphere 的 ExtensionVersion 只接受这两个值（区分大小写），其他值会被集群拒绝。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and the extension cannot be installed.",
            "警告：推送会成功，但扩展组件无法安装。",
        ),
        fix: Bilingual::fixed(
            "Write `HostOnly`, or `Multicluster` if charts go to other clusters than the host.",
            "填写 `HostOnly`；如果有 chart 要安装到 host 以外的集群，填写 `Multicluster`。",
        ),
        bad: Example::manifest("installationMode: Hostonly\n"),
        good: Example::manifest("installationMode: HostOnly\n"),
        sources: &[
            "KubeSphere staging/src/kubesphere.io/api/core/v1alpha1/types.go `InstallationMode`",
        ],
    },
    check,
};

const MODES: [&str; 2] = ["HostOnly", "Multicluster"];

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let is_told = cx.violations.iter().any(|violation| {
        matches!(violation.keyword, Keyword::NotInEnum { .. })
            && violation.path == [Step::Key("installationMode".into())]
    });
    let finding = is_told.then(|| finding(cx)).flatten();
    finding.into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let value = &cx.manifest.entry("installationMode")?.value;
    // An empty text is `HostOnly`.
    let mode = scalar::text_as_written(cx, value)?;
    let span = cx.manifest.span(value.node);
    let shown = mode.escape_debug();
    let message = bilingual!(
        "`{shown}` is no installation mode: clusters refuse the extension; write `HostOnly` or `Multicluster`",
        "`{shown}` 不是安装模式：集群会拒绝此扩展组件；请填写 `HostOnly` 或 `Multicluster`",
    );
    let finding = RULE.finding(span, message);
    let Some((meant, safety)) = meant(mode) else {
        return Some(finding);
    };
    Some(scalar::rewriting(cx, finding, value.node, meant, safety))
}

/// The mode that is meant, and whether that is certain.
fn meant(mode: &str) -> Option<(&'static str, Safety)> {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|char| char.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let is_same = |known: &&&str| letters(known) == letters(mode);
    match MODES.iter().find(is_same) {
        Some(known) => Some((known, Safety::Safe)),
        None => Some((spelling::did_you_mean(mode, MODES)?, Safety::Unsafe)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::check_text;

    #[test]
    fn what_is_meant_is_found_by_spelling() {
        for (written, mode) in [
            ("MultiCluster", Some(("Multicluster", Safety::Safe))),
            ("host-only", Some(("HostOnly", Safety::Safe))),
            ("Multiclusters", Some(("Multicluster", Safety::Unsafe))),
            ("agent", None),
            (" ", None),
        ] {
            assert_eq!(meant(written), mode, "{written}");
        }
    }

    #[test]
    fn the_value_is_marked_and_nothing_means_host_only() {
        check_text(
            "installationMode: \"agent\" # 一\r\n",
            &["unknown-installation-mode: \"agent\""],
        );
        check_text("installationMode: \"\"\n", &[]);
        check_text("installationMode:\n", &[]);
        check_text("installationMode: {a: b}\n", &["wrong-type: {a: b}"]);
    }
}
