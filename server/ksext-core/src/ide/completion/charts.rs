//! What the charts of the package offer: names, versions, switches, images.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::values::{is_listed, value};
use super::{At, Proposal, ProposalKind, Slot, Template, View, scalar};
use crate::lang::Lang;
use crate::manifest::Manifest;
use crate::package::PkgPath;
use crate::package::chart::Chart as Loaded;
use crate::package::fs::{FileSystem, Kind, lookup};
use crate::package::image_name::ImageName;
use crate::yaml;

/// The most bytes of a Chart.yaml that are read.
const MAX_CHART: u64 = 64 * 1024;
/// The most charts that are looked for on the disk.
const MAX_CHARTS: usize = 100;
/// The most keys on the way to a switch.
const MAX_DEPTH: usize = 4;
/// The most switches that are proposed.
const MAX_SWITCHES: usize = 200;

/// A chart under charts/.
struct Chart<'c> {
    name: String,
    version: String,
    /// What its values.yaml says; null if that is not known.
    defaults: &'c Json,
}

/// The charts in `charts/`, by what was loaded or else by their folders.
fn charts<'c>(view: &View<'c>) -> Vec<Chart<'c>> {
    let loaded = view.contents.and_then(|contents| contents.chart.as_ref());
    let charts = loaded.map_or_else(
        || on_disk(view.package.files()),
        |chart| chart.subcharts.iter().map(of_loaded).collect(),
    );
    charts
        .into_iter()
        .filter(|chart| !chart.name.is_empty())
        .collect()
}

/// Names of the charts that a manifest could depend on.
pub(super) fn chart_names(view: &View<'_>) -> Vec<String> {
    charts(view).into_iter().map(|chart| chart.name).collect()
}

fn of_loaded(chart: &Loaded) -> Chart<'_> {
    Chart {
        name: chart.name().to_owned(),
        version: chart.version().to_owned(),
        defaults: &chart.defaults,
    }
}

fn on_disk(files: &dyn FileSystem) -> Vec<Chart<'static>> {
    let folder = PkgPath::from("charts");
    let names = files
        .list(&folder)
        .unwrap_or_default()
        .into_iter()
        .take(MAX_CHARTS);
    let read = |name: Vec<u8>| {
        let path = folder.child(&name).child(b"Chart.yaml");
        let found = lookup(files, &path).ok()?;
        let Kind::File { .. } = found.kind else {
            return None;
        };
        let content = files.read(&found.path, MAX_CHART).ok()?;
        let tree = yaml::parse(&String::from_utf8_lossy(&content));
        let text = |key: &str| Some(tree.value()?.get(key)?.value.to_text()?.to_string());
        Some(Chart {
            name: text("name")?,
            version: text("version").unwrap_or_default(),
            defaults: &Json::Null,
        })
    };
    names.filter_map(read).collect()
}

/// The names that the dependencies of the manifest have, and whether an alias stands beside.
fn depended_on(manifest: &Manifest) -> Vec<(String, bool)> {
    let items = manifest.items("dependencies").iter();
    let names = items.filter_map(|item| {
        let name = item.get("name")?.value.to_text()?.to_string();
        Some((name, item.get("alias").is_some()))
    });
    names.collect()
}

/// The charts, those that no dependency names first.
fn by_use<'c>(at: &At<'_>, view: &View<'c>) -> Vec<(bool, Chart<'c>)> {
    let taken = depended_on(view.package.manifest());
    let is_taken = |name: &str| taken.iter().any(|(taken, _)| taken == name) && name != at.word();
    let mut charts: Vec<_> = charts(view)
        .into_iter()
        .map(|chart| (is_taken(&chart.name), chart))
        .collect();
    charts.sort_by_key(|(is_taken, _)| *is_taken);
    charts
}

/// Names for a dependency: of a chart that goes by its own name already, only beside an alias, without
/// which Helm refuses a second one.
pub(super) fn names(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let charts = by_use(at, view);
    let fresh = charts.iter().filter(|(is_taken, _)| !is_taken).count();
    let named = depended_on(view.package.manifest());
    let fits = |name: &str| {
        let mut others = named.iter().filter(|(other, _)| other == name);
        at.place.around.has("alias") || others.all(|(_, has_alias)| *has_alias)
    };
    let mut proposals: Vec<_> = charts
        .into_iter()
        .filter(|(is_taken, chart)| !is_taken || fits(&chart.name))
        .map(|(_, chart)| value(at, &chart.name, ProposalKind::Reference).detailed(chart.version))
        .collect();
    if let (1, Some(first)) = (fresh, proposals.first_mut()) {
        first.is_obvious = true;
    }
    proposals
}

/// Versions for the dependency around the place.
pub(super) fn versions(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let Some(name) = at.place.around.get("name") else {
        return Vec::new();
    };
    let charts = charts(view)
        .into_iter()
        .filter(|chart| chart.name == name && !chart.version.is_empty());
    let detail = match at.ask.lang {
        Lang::En => "the chart in the package",
        Lang::Zh => "包内 chart 的版本",
    };
    charts
        .map(|chart| value(at, &chart.version, ProposalKind::Reference).detailed(detail))
        .collect()
}

/// Paths in values.yaml to booleans, those of the chart around the place first.
pub(super) fn conditions(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let around = &at.place.around;
    let own = around.get("alias").or_else(|| around.get("name"));
    let mut found = switches(view, at);
    let is_foreign = |path: &str| own.is_some_and(|own| path.split('.').next() != Some(own));
    let charts = chart_names(view);
    found.retain(|path, _| !is_of_another_chart(path, own, &charts));
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(path, _)| (is_foreign(path), !path.ends_with(".enabled"), path.clone()));
    let mut proposals: Vec<_> = found
        .into_iter()
        .take(MAX_SWITCHES)
        .map(|(path, on)| value(at, &path, ProposalKind::Reference).detailed(on.to_string()))
        .collect();
    let enabled = own.map(|own| format!("{own}.enabled"));
    if let Some(first) = proposals.first_mut() {
        first.is_obvious = enabled.as_ref() == Some(&first.label);
    }
    proposals
}

/// Whether a path belongs to a chart that goes by another name than the dependency around.
fn is_of_another_chart(path: &str, own: Option<&str>, charts: &[String]) -> bool {
    let first = path.split('.').next().unwrap_or_default();
    own.is_some_and(|own| own != first) && charts.iter().any(|chart| chart == first)
}

/// All paths to booleans, with what they are: of the package's values.yaml, then of the charts' own.
fn switches(view: &View<'_>, at: &At<'_>) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    let around = &at.place.around;
    for chart in charts(view) {
        let alias = around
            .get("alias")
            .filter(|_| around.get("name") == Some(&chart.name));
        let name = alias.unwrap_or(&chart.name).to_owned();
        booleans(chart.defaults, &name, 1, &mut found);
    }
    let loaded = view.contents.and_then(|contents| contents.chart.as_ref());
    if let Some(chart) = loaded {
        booleans(&chart.defaults, "", 0, &mut found);
    }
    // Helm gives tags a meaning of their own.
    found.retain(|path, _| !path.starts_with("tags."));
    found
}

fn booleans(value: &Json, path: &str, depth: usize, found: &mut BTreeMap<String, bool>) {
    match value {
        Json::Bool(on) if depth > 0 => {
            found.insert(path.to_owned(), *on);
        }
        Json::Object(entries) if depth < MAX_DEPTH => {
            // A dot or comma in a key would be read as the end of it.
            for (key, value) in entries.iter().filter(|(key, _)| !key.contains(['.', ','])) {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                booleans(value, &path, depth + 1, found);
            }
        }
        _ => {}
    }
}

/// Tags that values.yaml sets, beside those of KubeSphere.
pub(super) fn tags(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let loaded = view.contents.and_then(|contents| contents.chart.as_ref());
    let tags = loaded.and_then(|chart| chart.defaults.get("tags")?.as_object());
    let tags = tags
        .into_iter()
        .flatten()
        .filter(|(tag, on)| on.is_boolean() && !is_listed(at, tag));
    let known = |tag: &str| at.field.choices.iter().any(|choice| choice.value == tag);
    tags.filter(|(tag, _)| !known(tag))
        .map(|(tag, on)| {
            value(at, tag, ProposalKind::Reference).detailed(format!("values.yaml: {on}"))
        })
        .collect()
}

/// The images that the charts use, those that are not listed yet.
pub(super) fn images(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let Some(contents) = view.contents else {
        return Vec::new();
    };
    let listed: Vec<_> = at
        .place
        .around
        .items
        .iter()
        .filter_map(|item| ImageName::parse(item))
        .collect();
    let used = contents.usage.images.iter().filter_map(|(image, source)| {
        let name = ImageName::parse(image)?;
        let is_listed = listed
            .iter()
            .any(|listed| listed.canonical() == name.canonical());
        (!is_listed).then_some((image, source))
    });
    used.map(|(image, source)| {
        value(at, image, ProposalKind::Reference).detailed(source.to_string())
    })
    .collect()
}

/// Whole dependencies, and whole external ones, for a place where an item begins.
pub(super) fn items(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let column = match at.place.slot {
        Slot::Item => at.place.column + 2,
        _ => at.place.column,
    };
    match at.segments()[..] {
        ["dependencies", "*"] => {
            let fresh = by_use(at, view)
                .into_iter()
                .filter(|(is_taken, _)| !is_taken);
            let switches = switches(view, at);
            fresh
                .map(|(_, chart)| dependency(at, &chart, &switches, column))
                .collect()
        }
        ["externalDependencies", "*"] => {
            let known = at.ask.extensions.iter();
            known
                .map(|(name, version)| external(at, name, version, column))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whole items where a dash stands and nothing of the item yet.
pub(super) fn whole_items(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let is_new = at.place.around.entries.is_empty()
        && !at.place.in_flow
        && !at.place.has_colon
        && !at.place.has_children
        && at.place.slot == Slot::Key;
    if is_new { items(at, view) } else { Vec::new() }
}

fn dependency(
    at: &At<'_>,
    chart: &Chart<'_>,
    switches: &BTreeMap<String, bool>,
    column: usize,
) -> Proposal {
    let name = scalar(&chart.name, at.place.in_flow);
    let switch = format!("{}.enabled", chart.name);
    let condition = switches
        .contains_key(&switch)
        .then(|| ("condition", scalar(&switch, at.place.in_flow)));
    let fields = [("name", name)].into_iter().chain(condition);
    Proposal::new(&chart.name, ProposalKind::Snippet, item(at, fields, column))
        .detailed(&chart.version)
        .about(at.about(None))
}

fn external(at: &At<'_>, name: &str, version: &str, column: usize) -> Proposal {
    let fields = [
        ("name", scalar(name, at.place.in_flow)),
        ("type", "extension".to_owned()),
        ("version", scalar(&format!(">={version}"), at.place.in_flow)),
        ("required", "true".to_owned()),
    ];
    Proposal::new(name, ProposalKind::Snippet, item(at, fields, column))
        .detailed(version)
        .about(at.about(None))
}

/// The fields of an item, its dash apart.
fn item(
    at: &At<'_>,
    fields: impl IntoIterator<Item = (&'static str, String)>,
    column: usize,
) -> Template {
    let fields = fields
        .into_iter()
        .map(|(key, value)| format!("{key}: {value}"));
    let (before, after) = (at.place.before, at.place.after);
    if at.place.in_flow {
        let fields: Vec<_> = fields.collect();
        return Template::text(format!("{before}{{{}}}{after}", fields.join(", ")));
    }
    let mut template = Template::text(before);
    for (index, field) in fields.enumerate() {
        template = if index == 0 {
            template
        } else {
            template.line(column)
        };
        template = template.and(field);
    }
    template
}
