//! One check of one state of a manifest: what goes in, what comes out.
//!
//! An [`Input`] is a copy that owns all it needs, so the check runs in a thread of its own, however
//! long a disk takes to answer.

use std::path::PathBuf;
use std::sync::Arc;

use ksext_core::bilingual;
use ksext_core::check;
use ksext_core::finding::Finding;
use ksext_core::lang::Bilingual;
use ksext_core::manifest::Recognition;
use ksext_core::package::{Contents, PkgPath, Size};
use ksext_core::text::Document;
use ksext_core::yaml::Source;

use super::documents::Buffer;
use super::packages::Home;
use super::proto::Uri;
use crate::commands::Session;
use crate::workspace::{MAX_MANIFEST, Package, ProjectSettings};

/// The state of a package at one moment.
#[derive(Debug)]
pub(super) struct Input {
    /// Where the package is.
    pub(super) home: Home,
    /// The manifest, as the client calls it.
    pub(super) uri: Uri,
    /// See [`KnownPackage::number`](super::packages::KnownPackage::number).
    pub(super) number: u64,
    /// See [`KnownPackage::inputs`](super::packages::KnownPackage::inputs).
    pub(super) inputs: u64,
    /// The version of the manifest's text; `None` if it is not open.
    pub(super) version: Option<i32>,
    /// The manifest's text; empty if it is not open and not read yet.
    pub(super) document: Document,
    /// The package's folder.
    pub(super) root: PathBuf,
    /// The open texts of the package, the manifest's among them if it is open.
    pub(super) buffers: Vec<Buffer>,
    /// The open texts of settings files, by their paths.
    pub(super) settings: Vec<(PathBuf, String)>,
    /// What lies in the package beside the manifest, if it is known; it may be older than the rest.
    pub(super) contents: Option<Arc<Contents>>,
    /// How much is looked at.
    pub(super) depth: Depth,
}

/// How much a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// At the manifest, and at what is known of the files beside it: the typing path.
    Glance,
    /// At the files too, unless they are known.
    Files,
}

/// What a check has found.
#[derive(Debug)]
pub(super) struct Analysis {
    /// What was checked.
    pub(super) input: Input,
    /// The package; `None` if it is not ours, which ends everything else.
    pub(super) package: Option<Package>,
    /// Its findings.
    pub(super) findings: Vec<Finding>,
    /// The settings in force.
    pub(super) settings: ProjectSettings,
    /// The settings file in force, if there is one.
    pub(super) settings_file: Option<PathBuf>,
    /// Why the package is not looked at although it is ours.
    pub(super) refused: Option<Bilingual>,
    /// There is no manifest.
    pub(super) is_gone: bool,
}

impl Input {
    /// The package in this state.
    ///
    /// # Errors
    /// If the manifest is neither open nor readable, or longer than anything that is read.
    pub(super) fn package(&self) -> anyhow::Result<Package> {
        if let Home::Text(_) = self.home {
            let source = Source::from_text(self.document.text());
            return Ok(Package::without_files(source));
        }
        let buffers = self.buffers.iter();
        let buffers = buffers.map(|buffer| (buffer.path.clone(), buffer.text.text()));
        Package::open_buffered(&self.root, buffers)
    }

    /// Whether the manifest is open.
    fn is_open(&self) -> bool {
        self.version.is_some()
    }

    /// What is said of a text that is too long to be looked at, if it seems to be ours.
    fn too_long(&self) -> Option<Bilingual> {
        /// As much as tells whose the manifest is.
        const START: usize = 64 << 10;
        if self.document.len() as u64 <= MAX_MANIFEST {
            return None;
        }
        let start = self.document.text();
        let start = start.get(..start.floor_char_boundary(START))?;
        let package = Package::without_files(Source::from_text(start.to_owned()));
        let (shown, most) = (self.root.display(), MAX_MANIFEST >> 20);
        (package.recognition() == Recognition::Ours).then(|| {
            bilingual!(
                "cannot check the manifest in {shown}: it is larger than {most} MB",
                "无法检查 {shown} 中的清单：它超过 {most} MB",
            )
        })
    }
}

impl Analysis {
    /// Checks. Looks at files on the disk, so it may take as long as the disk does.
    pub(super) fn of(input: Input, session: &Session) -> Self {
        let mut analysis = Self::unchecked(input, session);
        if let Some(package) = &analysis.package {
            let settings = &analysis.settings.check;
            if analysis.input.depth == Depth::Files && analysis.input.contents.is_none() {
                let contents = package.contents_below(check::limit(settings));
                analysis.input.contents = contents.map(Arc::new);
            }
            analysis.findings = package.check(settings, analysis.input.contents.as_deref());
        }
        analysis
    }

    /// Reads, and runs no rule: for questions that no finding answers.
    pub(super) fn unchecked(input: Input, session: &Session) -> Self {
        let mut analysis = Self {
            refused: input.too_long(),
            input,
            package: None,
            findings: Vec::new(),
            settings: ProjectSettings::default(),
            settings_file: None,
            is_gone: false,
        };
        if analysis.refused.is_some() {
            return analysis;
        }
        let package = match analysis.input.package() {
            Ok(package) => package,
            Err(error) => {
                let uri = analysis.input.uri.as_str();
                tracing::debug!(uri, "cannot check this: {error:#}");
                analysis.is_gone = true;
                return analysis;
            }
        };
        if !package.recognition().is_ours() {
            return analysis;
        }
        if let Home::Folder(_) = analysis.input.home {
            let input = &analysis.input;
            let shown = |path: &std::path::Path| {
                let mut open = input.settings.iter();
                open.find(|(open, _)| open == path)
                    .map(|(_, text)| text.clone())
            };
            (analysis.settings, analysis.settings_file) =
                ProjectSettings::in_force(&input.root, &shown);
        }
        analysis.settings = session.under_users(analysis.settings);
        if !analysis.input.is_open() {
            analysis.input.document = Document::new(package.manifest().text());
        }
        analysis.package = Some(package);
        analysis
    }

    /// An open text of the package, by the client's name of it.
    pub(super) fn buffer(&self, uri: &Uri) -> Option<&Buffer> {
        self.input.buffers.iter().find(|buffer| buffer.uri == *uri)
    }

    /// The same file open under other names, with the same text.
    pub(super) fn rivals<'a>(&'a self, buffer: &'a Buffer) -> impl Iterator<Item = &'a Buffer> {
        let others = self.input.buffers.iter();
        let others = others.filter(|other| other.path == buffer.path && other.uri != buffer.uri);
        others.filter(|other| other.text.text() == buffer.text.text())
    }

    /// Where a document is in the package; `None` if it is not open or no part of it.
    pub(super) fn path_of(&self, uri: &Uri) -> Option<PkgPath> {
        self.buffer(uri).map(|buffer| buffer.path.clone())
    }

    /// The text of a file beside the manifest as the check saw it, if it did.
    pub(super) fn seen_text(&self, file: &PkgPath) -> Option<&str> {
        let contents = self.input.contents.as_deref()?;
        contents.text(file).map(|source| source.text())
    }

    /// The package's size and its limit, if the size is known.
    pub(super) fn size(&self) -> Option<Size> {
        let projected = self.input.contents.as_ref()?.projected()?;
        Some(Size {
            projected,
            limit: check::limit(&self.settings.check),
        })
    }
}
