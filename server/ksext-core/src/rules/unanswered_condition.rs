//! `unanswered-condition`: a dependency's condition to which values.yaml says nothing.

use super::shared::conditions::{self, Values};
use super::shared::dependencies::Dependency;
use super::shared::scalar;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "unanswered-condition",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "No values.yaml has a value for a dependency's condition.",
            "没有任何 values.yaml 为依赖的条件提供值。",
        ),
        why: Bilingual::fixed(
            "Helm looks the path up in values.yaml and in the chart's own defaults. Finding nothing, or a map, it goes by the tags alone: the chart is installed whatever a similar key says. Blanks around a comma belong to the path. KubeSphere itself sets the condition of charts with the tag `agent` or `extension` to false where they are not wanted.",
            "Helm 会在 values.yaml 和 chart 自身的默认值中查找该路径。如果找不到或找到的是映射，则只按标签处理：无论相近的键如何设置，chart 都会被安装。逗号前后的空格属于路径的一部分。对于带有 `agent` 或 `extension` 标签的 chart，KubeSphere 会在不需要的集群上把条件设为 false。",
        ),
        severity: Bilingual::fixed(
            "Warning where a similar key is there: push goes through, and that key switches nothing. Information for a chart without tags: who installs can still set the value.",
            "如果存在相近的键则为警告：推送会成功，但那个键不起作用。对于没有标签的 chart 为信息：安装者仍然可以设置该值。",
        ),
        fix: Bilingual::fixed(
            "Correct the path, or add the key to values.yaml.",
            "更正路径，或在 values.yaml 中添加该键。",
        ),
        bad: Example::with_files(
            "dependencies:\n  - name: metrics-server\n    condition: metrics-server.enabled\n",
            &[
                (
                    "charts/metrics-server/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: metrics-server\nversion: 1.0.0\n"),
                ),
                (
                    "values.yaml",
                    Entry::Text("metricsServer:\n  enabled: false\n"),
                ),
            ],
        ),
        good: Example::with_files(
            "dependencies:\n  - name: metrics-server\n    condition: metricsServer.enabled\n",
            &[
                (
                    "charts/metrics-server/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: metrics-server\nversion: 1.0.0\n"),
                ),
                (
                    "values.yaml",
                    Entry::Text("metricsServer:\n  enabled: false\n"),
                ),
            ],
        ),
        sources: &[
            "Helm v3.18.1 pkg/chartutil/dependencies.go `processDependencyConditions`, values.go `PathValue`",
            "KubeSphere pkg/controller/core/installplan_controller.go `getOverrides`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    conditions::findings(cx, |values, dependency| finding(cx, values, dependency))
}

fn finding(cx: &Context<'_>, values: &Values<'_>, dependency: &Dependency) -> Option<Finding> {
    let (chart, condition) = (dependency.key(), dependency.condition.as_ref()?);
    let paths = || {
        condition
            .value
            .trim()
            .split(',')
            .filter(|path| !path.is_empty())
    };
    if paths().next().is_none() || paths().any(|path| values.answer(path).is_some()) {
        return None;
    }
    let text = &condition.value;
    let meant = paths().find_map(|path| Some((path, values.meant(path)?)));
    let Some((path, meant)) = meant else {
        // Where there are tags, they decide, and KubeSphere sets the condition itself.
        if dependency.has_tags {
            return None;
        }
        let message = bilingual!(
            "no values.yaml answers `{text}`, so `{chart}` is installed unless whoever installs sets it; add it to values.yaml",
            "没有 values.yaml 为 `{text}` 提供值，因此除非安装者设置，否则总会安装 `{chart}`；请在 values.yaml 中添加",
        );
        let mut finding = RULE.finding(condition.span, message);
        finding.severity = Severity::Information;
        return Some(finding);
    };
    let message = bilingual!(
        "no values.yaml answers `{path}`; the key there is `{meant}`, and it does not switch `{chart}`",
        "没有 values.yaml 为 `{path}` 提供值；其中的键是 `{meant}`，它不会控制 `{chart}`",
    );
    let title = bilingual!("Write `{meant}`", "改写为 `{meant}`");
    let finding = RULE.finding(condition.span, message);
    let text = text.replace(path, &meant);
    let (node, safety) = (condition.node, Safety::Unsafe);
    Some(scalar::replacing(cx, finding, node, &text, safety, title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::findings_with_files;

    #[test]
    fn the_fix_keeps_the_quotes_and_leaves_anchors_alone() {
        for (written, fixed) in [
            ("metrics-server.enabled", &["metricsServer.enabled"][..]),
            ("'metrics-server.enabled'", &["'metricsServer.enabled'"]),
            ("\"metrics-server.enabled\"", &["\"metricsServer.enabled\""]),
            ("&a metrics-server.enabled", &[]),
        ] {
            let manifest =
                format!("dependencies: [{{name: metrics-server, condition: {written}}}]\n");
            let findings = findings_with_files(&manifest, RULE.page.bad.files);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            let fixes = &own.expect("a finding").fixes;
            let edits = fixes.iter().flat_map(|fix| &fix.edits);
            let texts: Vec<_> = edits.map(|(_, edit)| edit.text.as_str()).collect();
            assert_eq!(texts, fixed, "{manifest}");
        }
    }
}
