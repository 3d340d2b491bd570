//! What values.yaml answers to a path that switches a dependency (Helm pkg/chartutil values.go
//! `PathValue`, coalesce.go).

use serde_json::Value as Json;

use super::dependencies::{self, Dependency};
use super::spelling;
use crate::finding::Finding;
use crate::package::chart::Chart;
use crate::rules::Context;

/// What `finding` says of each dependency that has a chart in the package; nothing where the charts are
/// not known for certain.
pub(in crate::rules) fn findings(
    cx: &Context<'_>,
    finding: impl Fn(&Values<'_>, &Dependency) -> Option<Finding>,
) -> Vec<Finding> {
    let Some(package) = dependencies::package_chart(cx) else {
        return Vec::new();
    };
    let dependencies = dependencies::all(cx.manifest);
    let values = Values::of(package, &dependencies);
    let there = dependencies
        .iter()
        .filter(|dependency| dependency.charts(package).next().is_some());
    there
        .filter_map(|dependency| finding(&values, dependency))
        .collect()
}

/// The charts of a package with the names that they go by.
pub(in crate::rules) struct Values<'c> {
    chart: &'c Chart,
    dependencies: &'c [Dependency],
    children: Vec<(&'c str, &'c Chart)>,
}

impl<'c> Values<'c> {
    /// The values of a package with these dependencies.
    fn of(chart: &'c Chart, dependencies: &'c [Dependency]) -> Self {
        let named = |dependency: &'c Dependency| {
            let charts = dependency.charts(chart);
            charts.map(|chart| (dependency.key(), chart))
        };
        let mut children: Vec<_> = dependencies.iter().flat_map(named).collect();
        children.extend(chart.subcharts.iter().map(|chart| (chart.name(), chart)));
        Self {
            chart,
            dependencies,
            children,
        }
    }

    /// The value at a path, with the defaults of the charts in the package; `None` if there is none,
    /// or none but null or a map, which Helm does not count.
    pub(in crate::rules) fn answer(&self, path: &str) -> Option<&'c Json> {
        let keys: Vec<_> = path.split('.').collect();
        lookup(&self.chart.defaults, &self.children, &keys)
    }

    /// The path to a boolean that the author may have meant.
    pub(in crate::rules) fn meant(&self, path: &str) -> Option<String> {
        let wanted: Vec<_> = path.trim().split('.').collect();
        let mut found = Vec::new();
        switches(
            &self.chart.defaults,
            wanted.len(),
            &mut Vec::new(),
            &mut found,
        );
        found.into_iter().find_map(|keys| {
            let mut different = keys
                .iter()
                .zip(&wanted)
                .filter(|(key, wanted)| key != wanted);
            let alike = match (different.next(), different.next()) {
                (None, _) => true,
                (Some((key, wanted)), None) => are_alike(key, wanted),
                _ => false,
            };
            let path = keys.join(".");
            (alike && !self.is_of_another(&path, wanted.first()?)).then_some(path)
        })
    }
}

impl Values<'_> {
    /// Whether a path has a use of its own: it belongs to another chart than that of `key`, or is
    /// the condition of some dependency.
    fn is_of_another(&self, path: &str, key: &str) -> bool {
        let first = path.split('.').next().unwrap_or_default();
        let conditions = self
            .dependencies
            .iter()
            .filter_map(|one| one.condition.as_ref());
        (first != key && self.children.iter().any(|(name, _)| *name == first))
            || conditions
                .flat_map(|condition| condition.value.split(','))
                .any(|other| other == path)
    }
}

fn are_alike(key: &str, wanted: &str) -> bool {
    let bare = |text: &str| text.replace(['-', '_'], "").to_lowercase();
    bare(key) == bare(wanted) || spelling::did_you_mean(wanted, [key]).is_some()
}

fn lookup<'c>(values: &'c Json, children: &[(&str, &'c Chart)], path: &[&str]) -> Option<&'c Json> {
    let (key, rest) = path.split_first()?;
    let own = values.get(*key);
    match own {
        Some(value) if !rest.is_empty() => match value {
            Json::Object(_) => {}
            // What the outer chart says, null too, hides what the inner one says.
            _ => return None,
        },
        Some(Json::Null | Json::Object(_)) => return None,
        Some(value) => return Some(value),
        None => {}
    }
    if rest.is_empty() {
        return None;
    }
    if let Some(found) = own.and_then(|own| lookup(own, &[], rest)) {
        return Some(found);
    }
    children
        .iter()
        .filter(|(name, _)| name == key)
        .find_map(|(_, chart)| {
            let children: Vec<_> = chart
                .subcharts
                .iter()
                .map(|chart| (chart.name(), chart))
                .collect();
            lookup(&chart.defaults, &children, rest)
        })
}

/// The paths of `depth` keys that lead to a boolean.
fn switches<'v>(
    values: &'v Json,
    depth: usize,
    path: &mut Vec<&'v str>,
    found: &mut Vec<Vec<&'v str>>,
) {
    if path.len() == depth {
        if values.is_boolean() {
            found.push(path.clone());
        }
        return;
    }
    for (key, value) in values.as_object().into_iter().flatten() {
        path.push(key);
        switches(value, depth, path, found);
        path.pop();
    }
}
