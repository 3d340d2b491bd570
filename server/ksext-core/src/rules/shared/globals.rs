//! Which dependencies have charts that ignore one of KubeSphere's global values.

use super::dependencies;
use crate::finding::Finding;
use crate::lang::Bilingual;
use crate::package::usage::ChartUsage;
use crate::rules::{Context, Rule};
use crate::text::Span;

/// One finding of `rule` for each dependency, or for the package, with charts that ignore a global
/// value; `words` is told their names.
pub(in crate::rules) fn findings(
    rule: &Rule,
    cx: &Context<'_>,
    ignores: fn(&ChartUsage) -> bool,
    words: fn(&str, &str) -> Bilingual,
) -> Vec<Finding> {
    let (Some(_), Some(contents)) = (dependencies::package_chart(cx), cx.contents) else {
        return Vec::new();
    };
    if !contents.usage.is_complete {
        return Vec::new();
    }
    let dependencies = dependencies::all(cx.manifest);
    let place = |chart: Option<&String>| {
        let mut named = dependencies.iter();
        let named = named.find(|dependency| Some(&dependency.name.value) == chart);
        match (named, chart) {
            (Some(dependency), _) => dependency.name.span,
            (None, Some(_)) => dependencies::key_span(cx.manifest),
            (None, None) => {
                let name = cx.manifest.name();
                name.map_or_else(|| cx.manifest.first_key(), |name| name.span)
            }
        }
    };
    let mut places: Vec<(Span, Vec<String>)> = Vec::new();
    for chart in contents.usage.charts.iter().filter(|chart| ignores(chart)) {
        let span = place(chart.path.first());
        let name = match &chart.path[..] {
            [] => "`templates/`".to_owned(),
            path => format!("`{}`", path.join("/")),
        };
        match places.iter_mut().find(|(place, _)| *place == span) {
            Some((_, names)) => names.push(name),
            None => places.push((span, vec![name])),
        }
    }
    places
        .into_iter()
        .map(|(span, names)| rule.finding(span, words(&names.join(", "), &names.join("、"))))
        .collect()
}
