//! What lies in a package beside its manifest: read after a file has changed, and kept while the
//! manifest is being typed.

use std::collections::BTreeMap;

use super::archive::ArchiveError;
use super::changelog::{self, Changelog};
use super::chart::Chart;
use super::fs::{Kind, lookup};
use super::load::Dropped;
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};
use super::rewrite::Urls;
use super::size::{LIMIT, Projection, SizeError};
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
    /// The CHANGELOGs that name versions.
    pub changelogs: Vec<Changelog>,
    /// The archive in numbers; `None` if it is not known or there is none.
    pub projection: Option<Projection>,
    texts: BTreeMap<PkgPath, Source>,
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
            Ok(projection) => contents.projection = projection,
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
        let texts = texts(package);
        Self {
            problems: loaded.problems.into_iter().filter(is_of_a_file).collect(),
            chart: loaded.chart,
            dropped: [&rewritten.dropped[..], &loaded.dropped].concat(),
            changelogs: changelogs(&texts),
            projection: None,
            texts,
        }
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
