//! `unknown-tag`: a tag of a chart that KubeSphere does not set.

use super::shared::{dependencies, scalar, spelling};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::yaml::Value;

pub(super) static RULE: Rule = Rule {
    id: "unknown-tag",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A tag of a chart is neither `extension` nor `agent`, nor set in `values.yaml`.",
            "chart 的标签既不是 `extension` 或 `agent`，也没有在 `values.yaml` 中设置。",
        ),
        why: Bilingual::fixed(
            "KubeSphere installs an extension in the host cluster with the tag `extension` on and `agent` off, and in the clusters that the user chooses the other way round. Helm leaves out a chart if tags of it are off and none is on. A tag that nobody sets does nothing: a chart with no other is always installed, with `Multicluster` in every cluster.",
            "KubeSphere 在 host 集群安装扩展组件时启用 `extension` 标签、停用 `agent` 标签，在用户选择的集群中则相反。如果一个 chart 有被停用的标签而没有被启用的标签，Helm 就会跳过它。没有人设置的标签不起作用：只有这种标签的 chart 总会安装，在 `Multicluster` 模式下会安装到每个集群。",
        ),
        severity: Bilingual::fixed(
            "Warning where the tag is nearly one that KubeSphere sets: push goes through, and the chart goes elsewhere than it is meant to. Otherwise information, as the chart may be meant to be installed always; a hint where another tag says where it goes.",
            "如果标签与 KubeSphere 设置的标签只差一点，则为警告：推送会成功，但 chart 的安装位置与预期不同。否则为信息，因为该 chart 可能本来就总要安装；如果另有标签指明位置，则仅为提示。",
        ),
        fix: Bilingual::fixed("Correct the tag, or delete it.", "更正标签，或删除它。"),
        bad: Example::with_files(
            "dependencies:\n  - name: web\n    tags: [extention]\n",
            &CHARTS,
        ),
        good: Example::with_files(
            "dependencies:\n  - name: web\n    tags: [extension]\n",
            &CHARTS,
        ),
        sources: &[
            "KubeSphere pkg/controller/core/installplan_controller.go `getOverrides`",
            "Helm v3.18.1 pkg/chartutil/dependencies.go `processDependencyTags`",
        ],
    },
    check,
};

/// The chart of the examples.
const CHARTS: [(&str, Entry); 1] = [(
    "charts/web/Chart.yaml",
    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
)];

const TAGS: [&str; 2] = ["extension", "agent"];

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(listed) = cx.manifest.entry("dependencies") else {
        return Vec::new();
    };
    // Values that are not known may set a tag.
    let Some(set_in_values) = dependencies::tags_in_values(cx) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for dependency in listed.value.items() {
        let tags = dependency.get("tags").map(|tags| tags.value.items());
        let tags: Vec<_> = tags
            .unwrap_or_default()
            .iter()
            .filter_map(|tag| Some((tag, scalar::text_as_written(cx, tag)?)))
            .collect();
        let is_placed = tags.iter().any(|(_, tag)| TAGS.contains(tag));
        for (value, tag) in tags {
            let is_set = TAGS.contains(&tag) || set_in_values.get(tag).is_some();
            if !is_set {
                findings.push(finding(cx, value, tag, is_placed));
            }
        }
    }
    // What an alias names stands in one place.
    findings.sort_by_key(|finding| finding.location.span);
    findings.dedup_by_key(|finding| finding.location.span);
    findings
}

/// What is to say of a tag; `is_placed` says whether its chart has one that KubeSphere sets.
fn finding(cx: &Context<'_>, value: &Value, tag: &str, is_placed: bool) -> Finding {
    let shown = tag.escape_debug();
    let meant = spelling::did_you_mean(tag, TAGS);
    let message = match (meant, is_placed) {
        (Some(meant), _) => bilingual!(
            "KubeSphere knows the tags `extension` and `agent`, not `{shown}`; did you mean `{meant}`?",
            "KubeSphere 只认识标签 `extension` 和 `agent`，不认识 `{shown}`；您是否想写 `{meant}`？",
        ),
        (None, true) => bilingual!(
            "nobody sets the tag `{shown}`: it does nothing; KubeSphere knows `extension` and `agent`",
            "没有人设置标签 `{shown}`，它不起作用；KubeSphere 只认识 `extension` 和 `agent`",
        ),
        (None, false) if dependencies::is_multicluster(cx.manifest) => bilingual!(
            "nobody sets the tag `{shown}`, so the chart is installed in every cluster; KubeSphere knows `extension` and `agent`",
            "没有人设置标签 `{shown}`，因此该 chart 会安装到每个集群；KubeSphere 只认识 `extension` 和 `agent`",
        ),
        (None, false) => bilingual!(
            "nobody sets the tag `{shown}`, so the chart is always installed; KubeSphere knows `extension` and `agent`",
            "没有人设置标签 `{shown}`，因此该 chart 总会安装；KubeSphere 只认识 `extension` 和 `agent`",
        ),
    };
    let mut finding = RULE.finding(cx.manifest.span(value.node), message);
    finding.severity = match (meant, is_placed) {
        (Some(_), _) => Severity::Warning,
        (None, true) => Severity::Hint,
        (None, false) => Severity::Information,
    };
    let Some(meant) = meant else {
        return finding;
    };
    scalar::rewriting(cx, finding, value.node, meant, Safety::Unsafe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_only, findings_with_files};

    #[test]
    fn how_grave_it_is_depends_on_what_is_meant() {
        for (tags, severity) in [
            ("[extention]", Severity::Warning),
            ("[Agent, extension]", Severity::Warning),
            ("[前端]", Severity::Information),
            ("[前端, agent, extension]", Severity::Hint),
        ] {
            let manifest = format!("dependencies: [{{name: a, tags: {tags}}}]\n");
            let findings = findings_with_files(&manifest, &[]);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            assert_eq!(own.expect("a finding").severity, severity, "{tags}");
        }
    }

    #[test]
    fn only_some_extensions_go_to_every_cluster() {
        for (mode, everywhere) in [("HostOnly", false), ("Multicluster", true)] {
            let manifest =
                format!("installationMode: {mode}\ndependencies: [{{name: a, tags: [b]}}]\n",);
            let findings = findings_with_files(&manifest, &[]);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            let message = &own.expect("a finding").message;
            assert_eq!(
                message.en.contains("every cluster"),
                everywhere,
                "{message:?}"
            );
        }
    }

    #[test]
    fn a_tag_is_marked_unless_values_set_it() {
        let manifest =
            "dependencies:\r\n  - name: web\r\n    tags: [extension, '前端', Agent] # 😀\r\n";
        check_only(&RULE, manifest, &[], &["'前端'", "Agent"]);
        check_only(
            &RULE,
            manifest,
            &[("values.yaml", Entry::Text("a: 1\ntags:\n  前端: true\n"))],
            &["Agent"],
        );
        check_only(
            &RULE,
            "dependencies: [{name: a, tags: &t [b]}, {name: c, tags: *t}, {name: d, tags: [~]}]\n",
            &[("values.yaml", Entry::Text("web:\n  tags: {b: true}\n"))],
            &["b"],
        );
        check_only(&RULE, "dependencies: [{name: a, tags: [[b]]}]\n", &[], &[]);
    }
}
