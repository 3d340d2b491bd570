//! The static directory: what push removes with it, and the line that declares it.

use crate::finding::{Finding, Safety};
use crate::lang::Bilingual;
use crate::manifest::{Step, Text};
use crate::package::load::{Dropped, Why};
use crate::package::rewrite::static_directory;
use crate::package::{Contents, PkgPath};
use crate::rules::Context;
use crate::text::{Span, TextEdit, line_break, line_start};

/// The key.
pub(in crate::rules) const KEY: &str = "staticFileDirectory";

/// The value of `staticFileDirectory` and the place that push removes for it, if there is one.
pub(in crate::rules) fn removed(cx: &Context<'_>) -> Option<(Text, PkgPath)> {
    let value = cx.manifest.static_directory()?;
    let path = static_directory(cx.files?, &value.value).ok()??;
    Some((value, path))
}

/// The files that go with what is `removed`.
pub(in crate::rules) fn gone<'c>(
    contents: &'c Contents,
    removed: &PkgPath,
) -> impl Iterator<Item = &'c Dropped> {
    contents
        .dropped
        .iter()
        .filter(move |file| file.why == Why::StaticDirectory && file.path.below(removed).is_some())
}

/// Whether README or CHANGELOG shows the file at `path`.
pub(in crate::rules) fn is_shown(contents: &Contents, path: &PkgPath) -> bool {
    contents.shows(path)
}

/// Whether push has the file at `path` uploaded.
pub(in crate::rules) fn is_uploaded(cx: &Context<'_>, path: &PkgPath) -> bool {
    let mut uploads = cx
        .named_files
        .iter()
        .filter_map(|(_, found)| found.as_ref().ok());
    uploads.any(|upload| upload.path == *path || upload.source == *path)
}

/// The finding with a fix that declares `folder`, in a line above the icon.
pub(in crate::rules) fn with_declaration(
    cx: &Context<'_>,
    finding: Finding,
    folder: &PkgPath,
    title: Bilingual,
) -> Finding {
    let value = folder.to_string();
    let is_plain = value
        .chars()
        .all(|char| char.is_alphanumeric() || "._-/".contains(char));
    let icon = cx.manifest.place(&[Step::Key("icon".to_owned())]).key;
    let (Some(key), true) = (icon, is_plain && cx.manifest.place(&[]).block) else {
        return finding;
    };
    let text = cx.manifest.text();
    let start = line_start(text, key.start);
    let indent = Span::new(start, key.start).of(text);
    if !indent.chars().all(|char| char == ' ') {
        return finding;
    }
    let line_break = line_break(text);
    let edit = TextEdit {
        span: Span::empty(key.start),
        text: format!("{KEY}: ./{value}{line_break}{indent}"),
    };
    finding.fixed_by(Safety::Unsafe, title, [edit])
}

/// The finding with a fix that deletes the line of `staticFileDirectory`.
pub(in crate::rules) fn without_declaration(cx: &Context<'_>, finding: Finding) -> Finding {
    let place = cx.manifest.place(&[Step::Key(KEY.to_owned())]);
    let (Some(key), false, true) = (place.key, place.shared, cx.manifest.place(&[]).block) else {
        return finding;
    };
    let text = cx.manifest.text();
    let start = line_start(text, key.start);
    let rest = text.get(place.value.end..).unwrap_or_default();
    let end = place.value.end + rest.find('\n').map_or(rest.len(), |at| at + 1);
    let before = Span::new(start, key.start).of(text);
    let value = Span::new(key.start, place.value.end).of(text);
    if !before.chars().all(|char| char == ' ') || value.contains(['\n', '\r']) {
        return finding;
    }
    let title = Bilingual::fixed("Delete this line", "删除这一行");
    let edit = TextEdit {
        span: Span::new(start, end),
        text: String::new(),
    };
    finding.fixed_by(Safety::Unsafe, title, [edit])
}
