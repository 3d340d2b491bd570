//! The list of images in a manifest, and what the charts use of it.

use std::collections::HashMap;

use super::dependencies;
use crate::manifest::{Manifest, Text};
use crate::package::PkgPath;
use crate::package::image_name::ImageName;
use crate::package::usage::Usage;
use crate::rules::Context;

/// The images that the manifest lists, in its order; null is the empty text.
pub(in crate::rules) fn listed(manifest: &Manifest) -> Vec<Text> {
    let items = manifest.items("images").iter();
    items.filter_map(|item| manifest.as_text(item)).collect()
}

/// What the charts use; `None` while it is not known for certain, or without a list of images.
pub(in crate::rules) fn usage<'c>(cx: &Context<'c>) -> Option<&'c Usage> {
    let package = dependencies::package_chart(cx)?;
    let dependencies = dependencies::all(cx.manifest);
    let mut charts = dependencies
        .iter()
        .map(|dependency| dependency.charts(package).next());
    let has_all = charts.all(|chart| chart.is_some());
    let has_some = !package.subcharts.is_empty() || !package.templates.is_empty();
    let usage = &cx.contents?.usage;
    (has_all && has_some && usage.is_complete).then_some(usage)
}

/// Names by the last part of their path, which all that are alike share.
pub(in crate::rules) fn by_last<'t, T>(
    names: impl IntoIterator<Item = (ImageName<'t>, T)>,
) -> HashMap<&'t str, Vec<(ImageName<'t>, T)>> {
    let mut groups: HashMap<_, Vec<_>> = HashMap::new();
    for (name, rest) in names {
        groups.entry(name.last()).or_default().push((name, rest));
    }
    groups
}

/// The names of the images that the charts use for certain, with where.
pub(in crate::rules) fn used(usage: &Usage) -> impl Iterator<Item = (ImageName<'_>, &PkgPath)> {
    let images = usage.images.iter();
    images.filter_map(|(name, source)| Some((ImageName::parse(name)?, source)))
}

/// Whether two paths may be those of one image. A namespace may be missing in one: charts often
/// keep it apart.
pub(in crate::rules) fn are_alike(one: &ImageName<'_>, other: &ImageName<'_>) -> bool {
    let ends = |long: &str, short: &str| {
        let before = long.strip_suffix(short);
        before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    ends(one.path(), other.path()) || ends(other.path(), one.path())
}
