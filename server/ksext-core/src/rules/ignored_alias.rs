//! `ignored-alias`: an alias that Helm does not apply, since the dependency has no version.

use super::shared::dependencies::{self, Dependency};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::{Manifest, Text};
use crate::text::{Span, TextEdit, line_start};

pub(super) static RULE: Rule = Rule {
    id: "ignored-alias",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A dependency has an alias and no version, so Helm ignores the alias.",
            "依赖有别名但没有版本，Helm 会忽略该别名。",
        ),
        why: Bilingual::fixed(
            "Helm gives a chart its alias only if the chart matches the dependency's version, and no version matches nothing. The chart then keeps its own name and is always installed: values, condition and tags under the alias reach nothing.",
            "只有当 chart 与依赖的版本相符时，Helm 才会应用别名，而没有写版本等于不匹配任何版本。此时 chart 保持原名并且总会被安装：别名下的值、条件和标签都不起作用。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and what is installed is not what the manifest says.",
            "警告：推送会成功，但安装的内容与清单所写不符。",
        ),
        fix: Bilingual::fixed(
            "Add a version; `\"*\"` takes any release, `\">=0.0.0-0\"` any version.",
            "补上版本；`\"*\"` 表示任意正式版本，`\">=0.0.0-0\"` 表示任意版本。",
        ),
        bad: Example::with_files(
            "dependencies:\n  - name: web\n    alias: api\n",
            &[(
                "charts/web/Chart.yaml",
                Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
            )],
        ),
        good: Example::with_files(
            "dependencies:\n  - name: web\n    alias: api\n    version: \"*\"\n",
            &[(
                "charts/web/Chart.yaml",
                Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
            )],
        ),
        sources: &[
            "Helm v3.18.1 pkg/chartutil/dependencies.go `getAliasDependency`, compatible.go",
            "Masterminds/semver v3.3.1 constraints.go: an empty constraint is refused",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let dependencies = dependencies::all(cx.manifest);
    let finding = |dependency: &Dependency| {
        let alias = dependency.alias.as_ref()?;
        let changes = alias.value != dependency.name.value;
        (changes && dependency.version.is_none()).then(|| finding(cx, dependency, alias))
    };
    dependencies.iter().filter_map(finding).collect()
}

fn finding(cx: &Context<'_>, dependency: &Dependency, alias: &Text) -> Finding {
    let (name, other) = (&dependency.name.value, &alias.value);
    let message = bilingual!(
        "without a `version` Helm ignores the alias `{other}`: the chart stays `{name}`, and values, condition and tags under `{other}` reach nothing",
        "没有 `version` 时 Helm 会忽略别名 `{other}`：chart 仍为 `{name}`，`{other}` 下的值、条件和标签都不起作用",
    );
    let finding = RULE.finding(alias.span, message);
    // Without the charts at hand a release is likelier.
    let chart = dependencies::package_chart(cx).and_then(|chart| dependency.charts(chart).next());
    let is_release = chart.is_none_or(|chart| !chart.version().contains('-'));
    let version = if is_release { "\"*\"" } else { "\">=0.0.0-0\"" };
    let Some(edit) = version_line(cx.manifest, alias.span, version) else {
        return finding;
    };
    let title = bilingual!("Add `version: {version}`", "添加 `version: {version}`");
    finding.fixed_by(Safety::Unsafe, title, [edit])
}

/// The line `version` below that of the alias; `None` where a line of its own does not fit.
fn version_line(manifest: &Manifest, alias: Span, version: &str) -> Option<TextEdit> {
    let text = manifest.text();
    let start = line_start(text, alias.start);
    let line = text.get(start..alias.start)?;
    let before_key = line.len() - line.trim_start_matches([' ', '-']).len();
    let key = line.get(before_key..)?.trim_end();
    if !key.starts_with(|char: char| char.is_ascii_alphabetic()) || !key.ends_with(':') {
        return None;
    }
    let rest = text.get(alias.end..)?;
    let end = rest.find(['\r', '\n'])?;
    let line_break = if rest[end..].starts_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    Some(TextEdit {
        span: Span::empty(alias.end + end),
        text: format!("{line_break}{}version: {version}", " ".repeat(before_key)),
    })
}
