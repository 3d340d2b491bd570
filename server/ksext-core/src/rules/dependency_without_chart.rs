//! `dependency-without-chart`: a dependency for which the package holds no chart.

use super::shared::dependencies::{self, Dependency};
use super::shared::{scalar, spelling};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Text;
use crate::package::chart::Chart;
use crate::semver::{Constraint, Version};

pub(super) static RULE: Rule = Rule {
    id: "dependency-without-chart",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A dependency has no chart under charts/, or none of its version.",
            "依赖在 charts/ 下没有对应的 chart，或没有符合其版本的 chart。",
        ),
        why: Bilingual::fixed(
            "Push fetches nothing: a chart that is not under charts/, as a folder or packed, is not in the package. Helm goes by the `name` in the chart's own Chart.yaml, not by that of its folder. KubeSphere installs with `helm upgrade --install`, which refuses a package that lacks a chart. Where only the version does not match, Helm takes the chart all the same, but not under its `alias`.",
            "推送不会下载任何内容：不在 charts/ 下的 chart（无论是文件夹还是打包文件）不会进入扩展组件包。Helm 依据的是 chart 自身 Chart.yaml 中的 `name`，而不是文件夹名。KubeSphere 使用 `helm upgrade --install` 安装，缺少 chart 的扩展组件包会被拒绝。如果只是版本不符，Helm 仍会使用该 chart，但不会应用它的 `alias`。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and the extension cannot be installed. Information where only a version does not match that nothing depends on.",
            "警告：推送会成功，但扩展组件无法安装。如果只是版本不符且不影响安装，则为信息。",
        ),
        fix: Bilingual::fixed(
            "Put the chart under charts/ (`helm dependency update` fetches it), correct the name or version, or delete the dependency.",
            "把 chart 放到 charts/ 下（`helm dependency update` 可以下载），更正名称或版本，或删除该依赖。",
        ),
        bad: Example::with_files(
            "dependencies:\n  - name: frontned\n",
            &[(
                "charts/frontend/Chart.yaml",
                Entry::Text("apiVersion: v2\nname: frontend\nversion: 1.0.0\n"),
            )],
        ),
        good: Example::with_files(
            "dependencies:\n  - name: frontend\n",
            &[(
                "charts/frontend/Chart.yaml",
                Entry::Text("apiVersion: v2\nname: frontend\nversion: 1.0.0\n"),
            )],
        ),
        sources: &[
            "Helm v3.18.1 pkg/action/install.go `CheckDependencies`, pkg/chartutil/dependencies.go `getAliasDependency`",
            "KubeSphere staging/src/kubesphere.io/utils/helm/executor.go",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(package) = dependencies::package_chart(cx) else {
        return Vec::new();
    };
    let dependencies = dependencies::all(cx.manifest);
    let finding = |dependency: &Dependency| {
        let charts: Vec<_> = dependency.charts(package).collect();
        match &charts[..] {
            [] => Some(missing(cx, dependency, &dependencies, package)),
            charts => other_version(dependency, dependency.version.as_ref()?, charts),
        }
    };
    dependencies.iter().filter_map(finding).collect()
}

fn missing(
    cx: &Context<'_>,
    dependency: &Dependency,
    all: &[Dependency],
    package: &Chart,
) -> Finding {
    let name = &dependency.name.value;
    let span = dependency.name.span;
    let is_free = |chart: &&Chart| all.iter().all(|other| other.name.value != chart.name());
    let free: Vec<&Chart> = package.subcharts.iter().filter(is_free).collect();
    let in_folder = free.iter().find(|chart| {
        let folder = chart.source.parent().unwrap_or_default();
        folder.name() == name.as_bytes()
    });
    let similar = spelling::did_you_mean(name, free.iter().map(|chart| chart.name()));
    let similar = free.iter().find(|chart| Some(chart.name()) == similar);
    let Some(meant) = in_folder.or(similar) else {
        let message = bilingual!(
            "no chart under charts/ is called `{name}`; push goes through, but the extension cannot be installed",
            "charts/ 下没有名为 `{name}` 的 chart；推送会成功，但扩展组件无法安装",
        );
        return RULE.finding(span, message);
    };
    let (other, source) = (meant.name(), &meant.source);
    let message = bilingual!(
        "no chart under charts/ is called `{name}`, so the extension cannot be installed; the one in `{source}` is called `{other}`",
        "charts/ 下没有名为 `{name}` 的 chart，扩展组件将无法安装；`{source}` 中的 chart 名为 `{other}`",
    );
    let finding = RULE.finding(span, message).related_to(
        Location::start_of(source),
        Bilingual::fixed("the chart that may be meant", "可能要使用的 chart"),
    );
    scalar::rewriting(cx, finding, dependency.name.node, other, Safety::Unsafe)
}

/// What is to be said if no chart of the right name is of the right version.
fn other_version(dependency: &Dependency, version: &Text, charts: &[&Chart]) -> Option<Finding> {
    // What is no constraint is told as that.
    let constraint = Constraint::parse(&version.value)?;
    let fits = |chart: &&Chart| {
        let version = Version::parse(chart.version());
        version.is_some_and(|version| constraint.accepts(&version))
    };
    if charts.iter().any(fits) {
        return None;
    }
    let chart = charts.first()?;
    let (name, wanted, found) = (&dependency.name.value, &version.value, chart.version());
    let mut finding = match &dependency.alias {
        Some(alias) => {
            let alias = &alias.value;
            let message = bilingual!(
                "the chart `{name}` is of version {found}, which `{wanted}` does not match, so Helm ignores the alias `{alias}`: values, condition and tags under that name reach nothing",
                "chart `{name}` 的版本是 {found}，与 `{wanted}` 不符，因此 Helm 会忽略别名 `{alias}`：该名称下的值、条件和标签都不起作用",
            );
            RULE.finding(version.span, message)
        }
        None => {
            let message = bilingual!(
                "the chart `{name}` is of version {found}, which `{wanted}` does not match; it is installed all the same",
                "chart `{name}` 的版本是 {found}，与 `{wanted}` 不符；但仍会被安装",
            );
            let mut finding = RULE.finding(version.span, message);
            finding.severity = Severity::Information;
            finding
        }
    };
    finding = finding.related_to(
        Location::start_of(&chart.source),
        bilingual!("version {found}", "版本 {found}"),
    );
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::findings_with_files;

    #[test]
    fn the_fix_keeps_the_quotes_and_leaves_anchors_alone() {
        for (written, fixed) in [
            ("'frontned'", &["'frontend'"][..]),
            ("\"frontned\"", &["\"frontend\""]),
            ("frontned", &["frontend"]),
            ("&a frontned", &[]),
        ] {
            let manifest = format!("dependencies: [{{name: {written}}}]\n");
            let findings = findings_with_files(&manifest, RULE.page.bad.files);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            let fixes = &own.expect("a finding").fixes;
            let edits = fixes.iter().flat_map(|fix| &fix.edits);
            let texts: Vec<_> = edits.map(|(_, edit)| edit.text.as_str()).collect();
            assert_eq!(texts, fixed, "{manifest}");
        }
    }
}
