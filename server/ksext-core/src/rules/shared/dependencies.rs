//! The dependencies of a manifest and the charts that Helm finds for them (pkg/chartutil
//! dependencies.go).

use crate::manifest::{Manifest, Text};
use crate::package::chart::Chart;
use crate::package::{PkgPath, ProblemKind};
use crate::rules::Context;
use crate::text::Span;
use crate::yaml::{Resolved, Value, resolve_plain};

/// A dependency with a name.
pub(in crate::rules) struct Dependency {
    /// The chart's own name.
    pub(in crate::rules) name: Text,
    /// What it is called in this package.
    pub(in crate::rules) alias: Option<Text>,
    /// Which versions will do.
    pub(in crate::rules) version: Option<Text>,
    /// The paths in values.yaml that switch it on or off.
    pub(in crate::rules) condition: Option<Text>,
    /// Whether tags switch it too.
    pub(in crate::rules) has_tags: bool,
}

impl Dependency {
    fn read(manifest: &Manifest, value: &Value) -> Option<Self> {
        let text = |key: &str| {
            let text = manifest.as_text(&value.get(key)?.value)?;
            (!text.value.is_empty()).then_some(text)
        };
        Some(Self {
            name: text("name")?,
            alias: text("alias"),
            version: text("version"),
            condition: text("condition"),
            has_tags: value
                .get("tags")
                .is_some_and(|tags| !tags.value.items().is_empty()),
        })
    }

    /// The name that it goes by in values.yaml.
    pub(in crate::rules) fn key(&self) -> &str {
        &self.alias.as_ref().unwrap_or(&self.name).value
    }

    /// The charts of its name, whatever their version.
    pub(in crate::rules) fn charts<'c>(
        &self,
        package: &'c Chart,
    ) -> impl Iterator<Item = &'c Chart> {
        let charts = package.subcharts.iter();
        charts.filter(|chart| chart.name() == self.name.value)
    }
}

/// The dependencies that the manifest names, nameless ones left out.
pub(in crate::rules) fn all(manifest: &Manifest) -> Vec<Dependency> {
    let items = manifest.items("dependencies").iter();
    items
        .filter_map(|item| Dependency::read(manifest, item))
        .collect()
}

/// Whether KubeSphere installs the extension in other clusters than the host cluster too.
pub(in crate::rules) fn is_multicluster(manifest: &Manifest) -> bool {
    let mode = manifest.text_of("installationMode");
    mode.is_some_and(|mode| mode.value == "Multicluster")
}

/// What values.yaml says of tags, for Helm to read: a map, or null where it says nothing; `None` while
/// it is not known. KubeSphere sets `extension` and `agent` itself, whatever stands there.
pub(in crate::rules) fn tags_in_values<'c>(cx: &Context<'c>) -> Option<&'c serde_json::Value> {
    let contents = cx.contents?;
    let values = PkgPath::from("values.yaml");
    let is_unclear = contents
        .problems
        .iter()
        .any(|problem| problem.path == values);
    let chart = contents.chart.as_ref().filter(|_| !is_unclear)?;
    Some(&chart.defaults["tags"])
}

/// A name, version or path as YAML, in quotes if it needs them.
pub(in crate::rules) fn written(text: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    let begins = text.starts_with(|char: char| char.is_ascii_alphabetic());
    if begins && text.chars().all(plain) && resolve_plain(text) == Resolved::Text {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// Where to say something of the dependencies as a whole: their key, or the first one.
pub(in crate::rules) fn key_span(manifest: &Manifest) -> Span {
    let entry = manifest.entry("dependencies");
    entry.map_or_else(
        || manifest.first_key(),
        |entry| manifest.span(entry.key_node),
    )
}

/// The package's chart with all charts in it; `None` while it is not known for certain which charts
/// there are and what the manifest asks for.
pub(in crate::rules) fn package_chart<'c>(cx: &Context<'c>) -> Option<&'c Chart> {
    let contents = cx.contents?;
    let charts = PkgPath::from("charts");
    let hides_charts = |path: &PkgPath, kind: &ProblemKind| {
        *path == charts
            || path.below(&charts).is_some()
            || path.name() == b"values.yaml"
            || matches!(
                kind,
                ProblemKind::TooManyEntries | ProblemKind::PathTooLong | ProblemKind::Ignore(_)
            )
    };
    let mut problems = contents.problems.iter();
    let is_unclear = problems.any(|problem| hides_charts(&problem.path, &problem.kind))
        || contents.dropped.iter().any(|dropped| dropped.path == charts)
        // It is laid over the dependencies of the manifest.
        || contents.text(&PkgPath::from("requirements.yaml")).is_some()
        || !cx.manifest.tree().errors().is_empty();
    contents.chart.as_ref().filter(|_| !is_unclear)
}
