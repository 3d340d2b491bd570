//! `chart-without-dependency`: a chart under charts/ that no dependency names.

use super::shared::dependencies;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Manifest;
use crate::package::chart::Chart;
use crate::text::{Span, TextEdit, line_break, line_start};
use crate::yaml::Kind;

pub(super) static RULE: Rule = Rule {
    id: "chart-without-dependency",
    severity: Severity::Information,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A chart under charts/ is named by no dependency.",
            "charts/ 下的某个 chart 没有对应的依赖。",
        ),
        why: Bilingual::fixed(
            "Helm installs such a chart always. KubeSphere tells the host cluster and the others apart by the tags `extension` and `agent` of a dependency, so with `Multicluster` a chart without one goes to every cluster, and no condition switches it off.",
            "Helm 总会安装这样的 chart。KubeSphere 通过依赖的标签 `extension` 和 `agent` 区分 host 集群与其他集群，因此在 `Multicluster` 模式下，没有依赖的 chart 会安装到每个集群，并且无法用条件关闭。",
        ),
        severity: Bilingual::fixed(
            "Information: in a package for the host cluster alone this may be meant.",
            "信息：对于只安装在 host 集群的扩展组件，这可能正是所需。",
        ),
        fix: Bilingual::fixed(
            "Name the chart in `dependencies`, with its tag.",
            "在 `dependencies` 中列出该 chart 及其标签。",
        ),
        bad: Example::with_files(
            "dependencies:\n  - name: frontend\n",
            &[
                (
                    "charts/frontend/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: frontend\nversion: 1.0.0\n"),
                ),
                (
                    "charts/backend/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: backend\nversion: 1.0.0\n"),
                ),
            ],
        ),
        good: Example::with_files(
            "dependencies:\n  - name: frontend\n    tags: [extension]\n  - name: backend\n    tags: [extension]\n",
            &[
                (
                    "charts/frontend/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: frontend\nversion: 1.0.0\n"),
                ),
                (
                    "charts/backend/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: backend\nversion: 1.0.0\n"),
                ),
            ],
        ),
        sources: &[
            "Helm v3.18.1 pkg/chartutil/dependencies.go `processDependencyEnabled`",
            "KubeSphere pkg/controller/core/installplan_controller.go `getOverrides`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    finding(cx).into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let package = dependencies::package_chart(cx)?;
    let dependencies = dependencies::all(cx.manifest);
    let is_named = |chart: &Chart| {
        let mut names = dependencies.iter().map(|dependency| &dependency.name.value);
        names.any(|name| name == chart.name())
    };
    let is_meant = |chart: &&Chart| {
        // Another rule tells of a dependency whose name is wrong, with the chart that may be meant.
        let unfulfilled = dependencies
            .iter()
            .any(|dependency| dependency.charts(package).next().is_none());
        !is_named(chart) && !chart.is_library() && !unfulfilled
    };
    let unnamed: Vec<&Chart> = package.subcharts.iter().filter(is_meant).collect();
    let names: Vec<_> = unnamed
        .iter()
        .map(|chart| format!("`{}`", chart.name()))
        .collect();
    let (en_where, zh_where) = if dependencies::is_multicluster(cx.manifest) {
        (", in every cluster", "到每个集群")
    } else {
        ("", "")
    };
    let message = match &names[..] {
        [] => return None,
        [name] => bilingual!(
            "no dependency names the chart {name}; it is always installed{en_where}, and no tag or condition switches it off",
            "没有依赖对应 chart {name}；它总会安装{zh_where}，无法用标签或条件关闭",
        ),
        names => {
            let (en, zh) = (names.join(", "), names.join("、"));
            bilingual!(
                "no dependency names the charts {en}; they are always installed{en_where}, and no tag or condition switches them off",
                "没有依赖对应 chart {zh}；它们总会安装{zh_where}，无法用标签或条件关闭",
            )
        }
    };
    let mut finding = RULE.finding(dependencies::key_span(cx.manifest), message);
    for chart in &unnamed {
        let name = chart.name();
        let message = bilingual!("the chart `{name}`", "chart `{name}`");
        finding = finding.related_to(Location::start_of(&chart.source), message);
    }
    let Some(edit) = new_items(cx.manifest, &unnamed) else {
        return Some(finding);
    };
    let title = Bilingual::fixed("Add to `dependencies`", "添加到 `dependencies`");
    Some(finding.fixed_by(Safety::Unsafe, title, [edit]))
}

/// Items for the charts, behind the last one; `None` where a line of its own does not fit.
fn new_items(manifest: &Manifest, charts: &[&Chart]) -> Option<TextEdit> {
    let text = manifest.text();
    let entry = manifest.entry("dependencies")?;
    let node = manifest.tree().node(entry.value.node);
    let Kind::Sequence { items, flow: false } = &node.kind else {
        return None;
    };
    let first = manifest.span(*items.first()?);
    let start = line_start(text, first.start);
    let indent = text.get(start..first.start)?.strip_suffix("- ")?;
    if !indent.trim_start_matches(' ').is_empty() {
        return None;
    }
    let rest = text.get(node.span.end..)?;
    let end = node.span.end + rest.find(['\r', '\n']).unwrap_or(rest.len());
    let line_break = line_break(text);
    let item = |chart: &&Chart| {
        format!(
            "{line_break}{indent}- name: {}",
            dependencies::written(chart.name())
        )
    };
    Some(TextEdit {
        span: Span::empty(end),
        text: charts.iter().map(item).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::findings_with_files;

    #[test]
    fn where_it_goes_depends_on_the_mode() {
        let chart = "apiVersion: v2\nname: 采集\nversion: 1.0.0\n";
        let files = [("charts/a/Chart.yaml", Entry::Text(chart))];
        for (mode, everywhere) in [
            ("", false),
            ("installationMode: HostOnly\n", false),
            ("installationMode: Multicluster\n", true),
        ] {
            let findings = findings_with_files(mode, &files);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            let message = &own.expect("a finding").message;
            assert_eq!(
                message.en.contains("every cluster"),
                everywhere,
                "{message:?}"
            );
            assert_eq!(message.zh.contains("每个集群"), everywhere, "{message:?}");
        }
    }
}
