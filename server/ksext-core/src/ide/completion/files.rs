//! Files and folders of the package.

use super::values::{is_listed, value};
use super::{At, Proposal, ProposalKind, View};
use crate::lang::{Lang, show_size};
use crate::manifest::Manifest;
use crate::package::fs::{FileSystem, Kind};
use crate::package::local::is_local;
use crate::package::picture::Format;
use crate::package::{PkgPath, rewrite};

/// The most entries of folders that are looked at.
const MAX_ENTRIES: usize = 2_000;
/// The most folders on the way to a file.
const MAX_DEPTH: usize = 6;
/// The most files that are proposed.
const MAX_FILES: usize = 200;

/// The images of the package, those that the manifest does not name yet first.
pub(super) fn images(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let named = named(view.package.manifest());
    let is_icon = at.path == ["icon"];
    let current = PkgPath::resolve_local(at.word()).ok();
    let found = all_images(view.package.files());
    let mut found: Vec<_> = found
        .into_iter()
        .filter_map(|(path, len)| {
            let shown = spelt(at, &path)?;
            let is_named = named.contains(&path) && current.as_ref() != Some(&path);
            if is_listed(at, &shown) {
                return None;
            }
            Some((
                is_named,
                is_icon && !is_like_an_icon(&path),
                path,
                shown,
                len,
            ))
        })
        .collect();
    found.sort();
    let fresh = found.iter().filter(|found| !found.0).count();
    let mut proposals: Vec<_> = found
        .into_iter()
        .take(MAX_FILES)
        .map(|(_, _, _, shown, len)| value(at, &shown, ProposalKind::File).detailed(show_size(len)))
        .collect();
    if let (1, Some(first)) = (fresh, proposals.first_mut()) {
        first.is_obvious = true;
    }
    proposals
}

/// The folders that push may remove as static files.
pub(super) fn folders(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let files = view.package.files();
    let images = all_images(files);
    let mut found: Vec<_> = folders_of(files)
        .into_iter()
        .filter(|folder| is_safe(files, folder))
        .filter_map(|folder| {
            let shown = spelt(at, &folder)?;
            let count = images
                .iter()
                .filter(|(path, _)| path.below(&folder).is_some())
                .count();
            Some((count == 0, folder, shown, count))
        })
        .collect();
    found.sort();
    let likely = found.iter().filter(|found| !found.0).count();
    let mut proposals: Vec<_> = found
        .into_iter()
        .map(|(_, _, shown, count)| {
            let detail = match (count, at.ask.lang) {
                (0, _) => String::new(),
                (1, Lang::En) => "1 image".to_owned(),
                (_, Lang::En) => format!("{count} images"),
                (_, Lang::Zh) => format!("{count} 张图片"),
            };
            value(at, &shown, ProposalKind::Folder).detailed(detail)
        })
        .collect();
    if let (1, Some(first)) = (likely, proposals.first_mut()) {
        first.is_obvious = true;
    }
    proposals
}

/// The image that is most likely the icon.
pub(super) fn icon(files: &dyn FileSystem) -> Option<PkgPath> {
    let images = all_images(files).into_iter().map(|(path, _)| path);
    images.min_by_key(|path| (!is_like_an_icon(path), path.clone()))
}

/// Whether push may take a folder out of the package: nothing but static files is in there.
pub(super) fn is_safe(files: &dyn FileSystem, folder: &PkgPath) -> bool {
    let first = folder.components().next().unwrap_or_default();
    let is_charts = [&b"charts"[..], b"templates", b"crds"].contains(&first);
    let Some(shown) = str::from_utf8(folder.as_bytes()).ok() else {
        return false;
    };
    !is_charts && rewrite::static_directory(files, shown).is_ok_and(|found| found.is_some())
}

/// The files that the manifest names.
fn named(manifest: &Manifest) -> Vec<PkgPath> {
    let screenshots = manifest.screenshots().into_iter().map(|(_, text)| text);
    let values = manifest
        .icon()
        .into_iter()
        .chain(screenshots)
        .map(|text| text.value);
    let local = values.filter(|value| is_local(value));
    local
        .filter_map(|value| PkgPath::resolve_local(value).ok())
        .collect()
}

/// A path as people write it, in the way that the word at the place begins.
fn spelt(at: &At<'_>, path: &PkgPath) -> Option<String> {
    let path = str::from_utf8(path.as_bytes()).ok()?;
    let typed = at.typed();
    let start = match typed.chars().next() {
        None | Some('.') => "./",
        Some('/') => "/",
        Some(_) => "",
    };
    Some(format!("{start}{path}"))
}

fn is_like_an_icon(path: &PkgPath) -> bool {
    let name = String::from_utf8_lossy(path.name()).to_lowercase();
    ["icon", "logo", "图标"]
        .iter()
        .any(|word| name.contains(word))
}

fn all_images(files: &dyn FileSystem) -> Vec<(PkgPath, u64)> {
    let mut images = Vec::new();
    walk(files, &mut |path, kind| {
        let shown = Format::of_name(path.name());
        let shown = shown.filter(|format| !matches!(format, Format::Heic | Format::Tiff));
        if let (Kind::File { len: 1.. }, Some(_)) = (kind, shown)
            && let Kind::File { len } = kind
        {
            images.push((path.clone(), *len));
        }
    });
    images
}

fn folders_of(files: &dyn FileSystem) -> Vec<PkgPath> {
    let mut folders = Vec::new();
    walk(files, &mut |path, kind| {
        if *kind == Kind::Directory {
            folders.push(path.clone());
        }
    });
    folders
}

/// Shows files and folders of the package to `see`. Charts, hidden folders and what links lead to are
/// left out.
fn walk(files: &dyn FileSystem, see: &mut dyn FnMut(&PkgPath, &Kind)) {
    let mut folders = vec![(PkgPath::root(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = folders.pop() {
        for name in files.list(&folder).unwrap_or_default() {
            let path = folder.child(&name);
            seen += 1;
            let is_passed = name.starts_with(b".")
                || (depth == 0 && name == b"charts")
                || name == b"node_modules";
            if seen > MAX_ENTRIES {
                return;
            }
            let Ok(kind) = files.kind(&path) else {
                continue;
            };
            if is_passed {
                continue;
            }
            see(&path, &kind);
            if kind == Kind::Directory && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            }
        }
    }
}
