//! One check of one state of a manifest: what goes in, what comes out.
//!
//! An [`Input`] is a copy that owns all it needs, so the check runs in a thread of its own, however
//! long a disk takes to answer.

use std::path::PathBuf;
use std::sync::Arc;

use ksext_core::check;
use ksext_core::finding::Finding;
use ksext_core::package::{Contents, PkgPath, Size};
use ksext_core::text::Document;

use super::documents::Buffer;
use super::proto::Uri;
use crate::commands::{Refusal, Session};
use crate::workspace::{Package, ProjectSettings};

/// The state of an open manifest and its package at one moment.
#[derive(Debug)]
pub(super) struct Input {
    /// The manifest.
    pub(super) uri: Uri,
    /// See [`OpenManifest::opening`](super::state::OpenManifest::opening).
    pub(super) opening: u64,
    /// See [`OpenManifest::inputs`](super::state::OpenManifest::inputs).
    pub(super) inputs: u64,
    /// The version of its text.
    pub(super) version: i32,
    /// Its text.
    pub(super) document: Document,
    /// The package's folder.
    pub(super) root: PathBuf,
    /// The open texts of the package, the manifest's among them.
    pub(super) buffers: Vec<Buffer>,
    /// What lies in the package beside the manifest, if it is known; it may be older than the rest.
    pub(super) contents: Option<Arc<Contents>>,
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
    /// Why the project's settings say nothing.
    pub(super) settings_refused: Option<Refusal>,
}

impl Input {
    /// The package in this state.
    ///
    /// # Errors
    /// If the manifest is longer than anything that is read.
    pub(super) fn package(&self) -> anyhow::Result<Package> {
        let buffers = self.buffers.iter();
        let buffers = buffers.map(|buffer| (buffer.path.clone(), buffer.text.text()));
        Package::open_buffered(&self.root, buffers)
    }
}

impl Analysis {
    /// Checks. Looks at files on the disk, so it may take as long as the disk does.
    pub(super) fn of(input: Input, session: &Session) -> Self {
        let mut analysis = Self::unchecked(input, session);
        if let Some(package) = &analysis.package {
            let contents = analysis.input.contents.as_deref();
            analysis.findings = package.check(&analysis.settings.check, contents);
        }
        analysis
    }

    /// Reads, and runs no rule: for questions that no finding answers.
    pub(super) fn unchecked(input: Input, session: &Session) -> Self {
        let package = match input.package() {
            Ok(package) => package.recognition().is_ours().then_some(package),
            Err(error) => {
                tracing::warn!(uri = input.uri.as_str(), "cannot check this: {error:#}");
                None
            }
        };
        let mut analysis = Self {
            input,
            package: None,
            findings: Vec::new(),
            settings: ProjectSettings::default(),
            settings_refused: None,
        };
        let Some(package) = package else {
            return analysis;
        };
        match session.settings_for(&analysis.input.root) {
            Ok(settings) => analysis.settings = settings,
            Err(refusal) => {
                analysis.settings_refused = Some(refusal);
                analysis.settings.check = session.settings().check;
            }
        }
        analysis.package = Some(package);
        analysis
    }

    /// An open text of the package, by the client's name of it.
    pub(super) fn buffer(&self, uri: &Uri) -> Option<&Buffer> {
        self.input.buffers.iter().find(|buffer| buffer.uri == *uri)
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
