//! `tag-mode-conflict`: charts that the installation mode keeps from where their tags send them.

use super::shared::{dependencies, scalar};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::FILE_NAME;
use crate::package::{Contents, PkgPath};
use crate::yaml::Value;

pub(super) static RULE: Rule = Rule {
    id: "tag-mode-conflict",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "By `installationMode` and tags, a chart is installed nowhere, or nothing in the clusters that the user chooses.",
            "按照 `installationMode` 和标签，某个 chart 不会安装到任何地方，或用户选择的集群中不会安装任何内容。",
        ),
        why: Bilingual::fixed(
            "With `HostOnly`, which counts where nothing is written, KubeSphere installs in the host cluster alone and turns the tag `agent` off there: a chart with this tag only is never installed. With `Multicluster` the user chooses clusters, in which `extension` is off: if all charts have this tag only, nothing comes into them. A chart with another tag that values.yaml turns on is installed in all of them.",
            "`HostOnly`（不写时的默认值）模式下，KubeSphere 只安装到 host 集群，并在其中停用 `agent` 标签：只有这个标签的 chart 永远不会安装。`Multicluster` 模式下由用户选择集群，这些集群中 `extension` 标签被停用：如果所有 chart 都只有这个标签，这些集群中就什么都不会安装。如果 values.yaml 启用了某个 chart 的另一个标签，该 chart 就会安装到所有这些地方。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and what is installed lacks a part.",
            "警告：推送会成功，但安装的内容会有缺失。",
        ),
        fix: Bilingual::fixed(
            "Choose the mode that the charts need, or tag them otherwise.",
            "选择符合这些 chart 的安装模式，或修改标签。",
        ),
        bad: Example::with_files(
            "installationMode: HostOnly\ndependencies:\n  - name: web\n    tags: [extension]\n  - name: collector\n    tags: [agent]\n",
            &CHARTS,
        ),
        good: Example::with_files(
            "installationMode: Multicluster\ndependencies:\n  - name: web\n    tags: [extension]\n  - name: collector\n    tags: [agent]\n",
            &CHARTS,
        ),
        sources: &[
            "KubeSphere pkg/controller/core/installplan_controller.go `getOverrides`",
            "KubeSphere dev-guide, packaging: `installationMode`",
            "Helm v3.18.1 pkg/chartutil/dependencies.go `processDependencyTags`",
        ],
    },
    check,
};

/// The charts of the examples.
const CHARTS: [(&str, Entry); 2] = [
    (
        "charts/web/Chart.yaml",
        Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
    ),
    (
        "charts/collector/Chart.yaml",
        Entry::Text("apiVersion: v2\nname: collector\nversion: 1.0.0\n"),
    ),
];

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // In broken text a tag may stand where the reader could not go.
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    finding(cx).into_iter().collect()
}

/// A chart with the tags that it has.
struct Tagged<'c> {
    name: String,
    tags: Vec<(&'c Value, &'c str)>,
}

impl Tagged<'_> {
    fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|(_, known)| *known == tag)
    }

    /// Whether it is installed wherever the package is: one tag that is on is enough for Helm.
    /// `None` while values.yaml is not known and could say so.
    fn is_on(&self, cx: &Context<'_>) -> Option<bool> {
        let mut others = self
            .tags
            .iter()
            .map(|(_, tag)| *tag)
            .filter(|tag| !["extension", "agent"].contains(tag))
            .peekable();
        if others.peek().is_none() {
            return Some(false);
        }
        let set = dependencies::tags_in_values(cx)?;
        Some(others.any(|tag| set[tag] == true))
    }

    /// Whether only KubeSphere sets its tags, for certain.
    fn is_placed(&self, cx: &Context<'_>) -> bool {
        self.is_on(cx) == Some(false)
    }
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let charts = tagged(cx);
    let mode = cx.manifest.entry("installationMode");
    let written = cx.manifest.text_of("installationMode");
    match written.as_ref().map(|mode| mode.value.as_str()) {
        None | Some("HostOnly") => {
            let lost: Vec<_> = charts
                .iter()
                .filter(|chart| chart.has("agent") && !chart.has("extension"))
                .filter(|chart| chart.is_placed(cx))
                .collect();
            let mode = mode.map(|entry| &entry.value).filter(|_| written.is_some());
            never_installed(cx, mode, &lost)
        }
        Some("Multicluster") => {
            let only_host = |chart: &Tagged<'_>| {
                chart.has("extension") && !chart.has("agent") && chart.is_placed(cx)
            };
            let is_empty = !charts.is_empty() && charts.iter().all(only_host);
            (is_empty && nothing_else(cx.contents?, charts.len()))
                .then(|| nothing_in_clusters(cx, &mode?.value))?
        }
        Some(_) => None,
    }
}

/// What is to say of charts that no cluster gets; `mode` is what is written.
fn never_installed(
    cx: &Context<'_>,
    mode: Option<&Value>,
    lost: &[&Tagged<'_>],
) -> Option<Finding> {
    let all_tags = lost.iter().flat_map(|chart| &chart.tags);
    let agent = all_tags.filter(|(_, tag)| *tag == "agent");
    let mut tags: Vec<&Value> = agent.map(|(value, _)| *value).collect();
    // What an alias names stands in one place.
    tags.sort_by_key(|tag| tag.node);
    tags.dedup_by_key(|tag| tag.node);
    let first = cx.manifest.span(tags.first()?.node);
    let names: Vec<_> = lost
        .iter()
        .map(|chart| format!("`{}`", chart.name))
        .collect();
    let (en, zh) = (names.join(", "), names.join("、"));
    let Some(mode) = mode else {
        let message = bilingual!(
            "without `installationMode: Multicluster` KubeSphere never installs {en}, tagged `agent`",
            "没有 `installationMode: Multicluster` 时，KubeSphere 永远不会安装带 `agent` 标签的 {zh}",
        );
        return Some(retagged(cx, RULE.finding(first, message), &tags));
    };
    let message = bilingual!(
        "with `HostOnly` KubeSphere never installs {en}, tagged `agent`; write `Multicluster`, or the tag `extension`",
        "`HostOnly` 模式下，KubeSphere 永远不会安装带 `agent` 标签的 {zh}；请改为 `Multicluster`，或把标签改为 `extension`",
    );
    let mut finding = RULE.finding(cx.manifest.span(mode.node), message);
    for tag in &tags {
        let location = Location {
            file: PkgPath::from(FILE_NAME),
            span: cx.manifest.span(tag.node),
        };
        let message = Bilingual::fixed(
            "this tag is off in the host cluster",
            "host 集群中此标签被停用",
        );
        finding = finding.related_to(location, message);
    }
    if let Some(edit) = scalar::replacement(cx, mode, "Multicluster") {
        let title = Bilingual::fixed("Write `Multicluster`", "改写为 `Multicluster`");
        finding = finding.fixed_by(Safety::Unsafe, title, [edit]);
    }
    Some(retagged(cx, finding, &tags))
}

/// The finding with a fix that writes `extension` for each of these tags.
fn retagged(cx: &Context<'_>, finding: Finding, tags: &[&Value]) -> Finding {
    let edits = tags
        .iter()
        .map(|tag| scalar::replacement(cx, tag, "extension"));
    match edits.collect::<Option<Vec<_>>>() {
        Some(edits) => {
            let title = Bilingual::fixed("Write the tag `extension`", "把标签改为 `extension`");
            finding.fixed_by(Safety::Unsafe, title, edits)
        }
        None => finding,
    }
}

fn nothing_in_clusters(cx: &Context<'_>, mode: &Value) -> Option<Finding> {
    let message = Bilingual::fixed(
        "no chart is tagged `agent`: nothing is installed in the clusters that the user chooses; write `HostOnly`, or tag what belongs there",
        "没有任何 chart 带 `agent` 标签：用户选择的集群中不会安装任何内容；请改为 `HostOnly`，或给要安装到那里的 chart 加上标签",
    );
    let finding = RULE.finding(cx.manifest.span(mode.node), message);
    let (node, safety) = (mode.node, Safety::Unsafe);
    Some(scalar::rewriting(cx, finding, node, "HostOnly", safety))
}

/// Whether the package installs nothing beside `count` charts that its manifest lists: neither charts
/// that it does not list, which no tag keeps back, nor templates of its own.
fn nothing_else(contents: &Contents, count: usize) -> bool {
    let chart = contents.chart.as_ref();
    chart.is_none_or(|chart| chart.templates.is_empty() && chart.subcharts.len() <= count)
}

fn tagged<'c>(cx: &Context<'c>) -> Vec<Tagged<'c>> {
    let items = cx.manifest.items("dependencies");
    let text = |value: &Value, key: &str| value.get(key).and_then(|entry| entry.value.to_text());
    let chart = |item: &'c Value| {
        let tags = item.get("tags").map(|entry| entry.value.items());
        let tags = tags.unwrap_or_default().iter();
        Tagged {
            name: text(item, "alias")
                .or_else(|| text(item, "name"))
                .unwrap_or_default(),
            tags: tags
                .filter_map(|tag| Some((tag, scalar::text_as_written(cx, tag)?)))
                .collect(),
        }
    };
    items.iter().map(chart).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::check_only;

    #[test]
    fn agents_need_other_clusters() {
        for (manifest, marked) in [
            (
                "dependencies:\r\n  - name: 采集 # 😀\r\n    tags: [agent]\r\n",
                &["agent"][..],
            ),
            (
                "installationMode: 'HostOnly'\ndependencies: [{name: a, tags: [agent]}, {name: b, tags: [agent]}]\n",
                &["'HostOnly'"],
            ),
            (
                "dependencies: [{name: a, tags: &t [agent]}, {name: b, tags: *t}]\n",
                &["agent"],
            ),
            ("dependencies: [{name: a, tags: [agent, extension]}]\n", &[]),
            // What is wrong with the mode is another defect.
            (
                "installationMode: agent\ndependencies: [{name: a, tags: [agent]}]\n",
                &[],
            ),
        ] {
            check_only(&RULE, manifest, &[], marked);
        }
    }

    #[test]
    fn a_tag_that_values_turn_on_is_enough() {
        for (mode, tag) in [("HostOnly", "agent"), ("Multicluster", "extension")] {
            let manifest = format!(
                "installationMode: {mode}\ndependencies: [{{name: a, tags: [{tag}, 采集]}}]\n",
            );
            for (values, marked) in [
                ("tags: {采集: true}\n", &[][..]),
                ("tags: {采集: false}\n", &[mode]),
                ("tags: {采集: 'true'}\n", &[mode]),
                // KubeSphere sets these itself.
                ("tags: {agent: true, extension: true}\n", &[mode]),
                // Nobody can tell.
                ("tags: [\n", &[]),
            ] {
                let values = ("values.yaml", Entry::Text(values));
                check_only(&RULE, &manifest, &[values], marked);
            }
        }
    }

    #[test]
    fn other_clusters_need_something_to_install() {
        let multi =
            "installationMode: Multicluster\ndependencies: [{name: a, tags: [extension]}]\n";
        check_only(&RULE, multi, &[], &["Multicluster"]);
        let template = ("templates/a.yaml", Entry::Text("a: b\n"));
        check_only(&RULE, multi, &[template], &[]);
        check_only(&RULE, multi, &CHARTS, &[]);
        for dependencies in [
            "",
            "dependencies: [{name: a}]\n",
            "dependencies: [{name: a, tags: [extension, agent]}]\n",
        ] {
            let manifest = format!("installationMode: Multicluster\n{dependencies}");
            check_only(&RULE, &manifest, &[], &[]);
        }
    }
}
