//! What lies in a package beside its manifest: read after a file has changed, and kept while the
//! manifest is being typed.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::ArchiveError;
use super::changelog::{self, Changelog};
use super::chart::Chart;
use super::cluster::MAX_ARCHIVE;
use super::fs::{FileSystem, Kind, lookup};
use super::load::Dropped;
use super::local::Upload;
use super::path::PkgPath;
use super::permissions::{self, Permissions};
use super::picture::{self, Picture};
use super::problem::{Problem, ProblemKind};
use super::prose::{self, Shown};
use super::rewrite::Urls;
use super::size::{LIMIT, Projection, SizeError};
use super::unwanted::{Unwanted, unwanted};
use super::usage::Usage;
use super::{Loaded, Package, Rewritten, ignore};
use crate::manifest::FILE_NAME;
use crate::yaml::Source;

/// The longest text in bytes that rules look into.
const MAX_TEXT: u64 = 1024 * 1024;

/// What the rules on files look at. It owns all that it says, so it outlives a state of the
/// manifest; whatever depends on more of the manifest than its `staticFileDirectory` is not here.
#[derive(Debug, Default)]
pub struct Contents {
    /// What push would refuse or fail over in the files.
    pub problems: Vec<Problem>,
    /// The chart that Helm loads, charts in it and all; `None` if there is none.
    pub chart: Option<Chart>,
    /// What does not come into the archive.
    pub dropped: Vec<Dropped>,
    /// Absolute links that lead into the package, and where each leads: they work only where the
    /// package lies now.
    pub absolute_links: Vec<(PkgPath, PkgPath)>,
    /// What comes into the archive and rather should not.
    pub unwanted: Vec<Unwanted>,
    /// What the files are that the manifest names and push uploads, by where they really lie.
    pub pictures: BTreeMap<PkgPath, Picture>,
    /// The images in README and CHANGELOG, by the file that shows them.
    pub shown: Vec<(PkgPath, Image)>,
    /// The CHANGELOGs that name versions.
    pub changelogs: Vec<Changelog>,
    /// The archive in numbers; `None` if it is not known or there is none.
    pub projection: Option<Projection>,
    /// What permissions.yaml grants; `None` if there is none or it does not come into the archive.
    pub permissions: Option<Permissions>,
    /// What the charts use; nothing if there is none.
    pub usage: Usage,
    /// The length in bytes of the archive that `ksbuilder publish` makes, where it may be too much for
    /// a ConfigMap and that of push is not.
    pub published: Option<u64>,
    texts: BTreeMap<PkgPath, Source>,
}

/// An image that a text in the package shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Where it is shown.
    pub shown: Shown,
    /// Whether there is such a file, before push changes the package.
    pub exists: bool,
}

impl Contents {
    /// Reads the contents of `package`, the archive's length apart.
    pub(super) fn read(package: &Package<'_>) -> Self {
        let rewritten = package.rewritten(&Urls::new());
        let loaded = rewritten.load();
        Self::new(package, &rewritten, loaded)
    }

    /// Reads the contents of `package` and packs it for its length; `None` if that was cancelled.
    pub(super) fn measure(package: &Package<'_>, cancelled: &dyn Fn() -> bool) -> Option<Self> {
        let rewritten = package.rewritten(&Urls::new());
        let loaded = rewritten.load();
        let projection = rewritten.projection(&loaded, LIMIT, cancelled);
        let mut contents = Self::new(package, &rewritten, loaded);
        match projection {
            Ok(projection) => {
                contents.published = published(package, projection.as_ref(), cancelled);
                contents.projection = projection;
            }
            Err(SizeError::Cancelled) => return None,
            Err(SizeError::Archive(ArchiveError::Read(error))) => {
                let problem = Problem::new(&error.path, ProblemKind::Unreadable(error.kind));
                contents.problems.push(problem);
            }
            Err(SizeError::Archive(ArchiveError::Write(_))) => {}
        }
        Some(contents)
    }

    /// The contents of `package` as another command than push packs it: `packed` and, of that, `loaded`.
    pub(super) fn of(package: &Package<'_>, packed: &Rewritten<'_>, mut loaded: Loaded) -> Self {
        loaded.problems.extend_from_slice(&packed.problems);
        Self::new(package, packed, loaded)
    }

    /// The length of the archive in bytes, if it is known.
    pub fn projected(&self) -> Option<u64> {
        self.projection
            .as_ref()
            .map(|projection| projection.projected)
    }

    fn new(package: &Package<'_>, rewritten: &Rewritten<'_>, loaded: Loaded) -> Self {
        // What is wrong with what push writes from the manifest is asked for with each state of it.
        let is_of_a_file =
            |problem: &Problem| ![FILE_NAME, "Chart.yaml"].contains(&&*problem.path.to_string());
        let problems = loaded
            .problems
            .into_iter()
            .chain(rewritten.copy_problems.clone());
        let files = package.files();
        let texts = texts(package);
        let header = |upload: &Upload| {
            let start = files.start(&upload.source, picture::HEADER).ok()?;
            Some((upload.source.clone(), picture::recognize(&start)))
        };
        let dropped = [&rewritten.dropped[..], &loaded.dropped].concat();
        let granted = PkgPath::from(permissions::FILE_NAME);
        let granted = texts
            .get(&granted)
            .filter(|_| dropped.iter().all(|dropped| dropped.path != granted));
        let chart = loaded.chart.as_ref();
        Self {
            usage: chart.map_or_else(Usage::default, |chart| Usage::of(chart, &rewritten.files)),
            permissions: granted.map(permissions::read),
            problems: problems.filter(is_of_a_file).collect(),
            unwanted: chart.map_or_else(Vec::new, |chart| unwanted(chart, files)),
            chart: loaded.chart,
            dropped,
            absolute_links: loaded.absolute_links,
            pictures: rewritten.uploads.iter().filter_map(header).collect(),
            shown: shown(files, &texts),
            changelogs: changelogs(&texts),
            projection: None,
            published: None,
            texts,
        }
    }

    /// Whether README or CHANGELOG show the image at `path`.
    pub fn shows(&self, path: &PkgPath) -> bool {
        let mut shown = self.shown.iter();
        shown.any(|(_, image)| image.shown.path.as_ref() == Some(path))
    }

    /// The text of a file in the package's root that is prose, YAML or `.helmignore`; not that of the
    /// manifest. `None` if there is none or it is too long to look into.
    pub fn text(&self, path: &PkgPath) -> Option<&Source> {
        self.texts.get(path)
    }

    /// Those texts, by path.
    pub fn texts(&self) -> impl Iterator<Item = (&PkgPath, &Source)> {
        self.texts.iter()
    }
}

fn changelogs(texts: &BTreeMap<PkgPath, Source>) -> Vec<Changelog> {
    texts
        .iter()
        .filter(|(path, _)| changelog::is_changelog(path.name()))
        .filter_map(|(path, source)| changelog::read(path, source.text()))
        .collect()
}

/// See [`Contents::published`]. A second packing, so it is done only where the images that push leaves
/// out could make the difference, unpacked as they are, the icon once more as text in Chart.yaml.
fn published(
    package: &Package<'_>,
    projection: Option<&Projection>,
    cancelled: &dyn Fn() -> bool,
) -> Option<u64> {
    let projection = projection?;
    let left_out: u64 = projection.dropped.iter().map(|dropped| dropped.size).sum();
    let uploads: u64 = projection.uploads.iter().map(|upload| upload.size).sum();
    let most = projection.projected + left_out + 2 * uploads;
    // What is too large for push is told as that.
    if most <= MAX_ARCHIVE || projection.projected > MAX_ARCHIVE {
        return None;
    }
    let published = package.as_published();
    published
        .projected(&published.load().chart?, cancelled)
        .ok()
}

/// The files that README or CHANGELOG show as images.
pub(super) fn shown_images(package: &Package<'_>) -> BTreeSet<PkgPath> {
    let shown = shown(package.files(), &texts(package));
    shown
        .into_iter()
        .filter_map(|(_, image)| image.shown.path)
        .collect()
}

/// The images in the texts that the Marketplace shows.
fn shown(files: &dyn FileSystem, texts: &BTreeMap<PkgPath, Source>) -> Vec<(PkgPath, Image)> {
    let is_there = |path: &PkgPath| {
        lookup(files, path).is_ok_and(|found| matches!(found.kind, Kind::File { .. }))
    };
    let prose = texts
        .iter()
        .filter(|(path, _)| prose::is_prose(path.name()));
    let images = prose.flat_map(|(path, source)| {
        let shown = prose::images(source.text()).into_iter();
        shown.map(|shown| (path.clone(), shown))
    });
    let image = |(path, shown): (PkgPath, Shown)| {
        let exists = shown.path.as_ref().is_some_and(is_there);
        (path, Image { shown, exists })
    };
    images.map(image).collect()
}

fn texts(package: &Package<'_>) -> BTreeMap<PkgPath, Source> {
    let files = package.files();
    let names = files.list(&PkgPath::root()).unwrap_or_default();
    let wanted = |name: &Vec<u8>| {
        let is_manifest = name == FILE_NAME.as_bytes();
        // The console finds README.MD too.
        let is_text = name.to_ascii_lowercase().ends_with(b".md") || name.ends_with(b".yaml");
        (is_text && !is_manifest) || name == ignore::FILE_NAME.as_bytes()
    };
    let text = |name: Vec<u8>| {
        let path = PkgPath::root().child(&name);
        let found = lookup(files, &path).ok()?;
        let Kind::File { .. } = found.kind else {
            return None;
        };
        let content = files.read(&found.path, MAX_TEXT).ok()?;
        Some((path, Source::from_bytes(&content)))
    };
    names.into_iter().filter(wanted).filter_map(text).collect()
}
