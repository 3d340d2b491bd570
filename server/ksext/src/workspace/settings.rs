//! `.ksext.yaml`: what a project sets for its packages, from the nearest such file at a package or above
//! it. What may stand in it is [`ksext_core::settings`]' to say.

use std::path::{Path, PathBuf};

use ksext_core::bilingual;
use ksext_core::check::Settings;
use ksext_core::finding::{Finding, Location};
use ksext_core::lang::Lang;
use ksext_core::manifest;
use ksext_core::package::PkgPath;
use ksext_core::settings;

use crate::host::files;

/// The most that the file may hold, in bytes.
const MAX_SETTINGS: u64 = 1 << 20;
/// The name of the file.
pub(crate) const FILE_NAME: &str = settings::FILE_NAME;

/// What a project sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProjectSettings {
    /// The language of messages.
    pub(crate) lang: Option<Lang>,
    /// What the check is asked for, and what is wrong with the settings themselves.
    pub(crate) check: Settings,
}

/// Why a settings file says nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("cannot read the settings {path}: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("cannot read the settings {path}: {source}")]
    Parse {
        path: PathBuf,
        source: serde_yaml::Error,
    },
}

/// A settings file, open or on the disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct SettingsFile {
    /// The language that it sets.
    pub(crate) lang: Option<Lang>,
    /// Its text; empty if it cannot be read.
    pub(crate) text: String,
    /// What is wrong with it, at its own places and its own severities.
    pub(crate) findings: Vec<Finding>,
}

impl ProjectSettings {
    /// The settings for the package in `folder`: those of the nearest file above it, or none.
    pub(crate) fn for_package(folder: &Path) -> Result<Self, SettingsError> {
        match Self::file_for(folder) {
            None => Ok(Self::default()),
            Some(path) if path.parent() == Some(&files::real_path(folder)) => {
                Self::read_in_package(&path)
            }
            Some(path) => Self::read(&path),
        }
    }

    /// The same as an editor shows it, and the file that they stand in: `shown` is the text of an open
    /// file. What is wrong with them is for [`SettingsFile`] to say; a file that cannot be used sets
    /// nothing.
    pub(crate) fn in_force(
        folder: &Path,
        shown: &dyn Fn(&Path) -> Option<String>,
    ) -> (Self, Option<PathBuf>) {
        let open = folder
            .ancestors()
            .map(|above| above.join(FILE_NAME))
            .find_map(|path| Some((shown(&path)?, path)));
        let real = files::real_path(folder);
        let saved = nearest(&real).map(|path| named(&path, folder, &real));
        let depth = |path: &Path| path.components().count();
        let (text, path) = match (open, saved) {
            // A file that is not saved yet counts where it is the nearest.
            (Some((text, open)), Some(saved)) if depth(&open) >= depth(&saved) => (Ok(text), open),
            (Some((text, open)), None) => (Ok(text), open),
            (_, Some(saved)) => (read(&saved), saved),
            (None, None) => return (Self::default(), None),
        };
        let settings = text.and_then(|text| Self::parse(&path, &text));
        let mut settings = settings.unwrap_or_default();
        settings.check.findings.clear();
        (settings, Some(path))
    }

    /// The nearest settings file at or above `folder`.
    pub(crate) fn file_for(folder: &Path) -> Option<PathBuf> {
        nearest(&files::real_path(folder))
    }

    /// The settings in a file outside of the package. What is wrong with them is told at its
    /// manifest.
    pub(crate) fn read(path: &Path) -> Result<Self, SettingsError> {
        let mut settings = Self::read_in_package(path)?;
        for finding in &mut settings.check.findings {
            tell_at_manifest(finding, path);
        }
        Ok(settings)
    }

    fn read_in_package(path: &Path) -> Result<Self, SettingsError> {
        Self::parse(path, &read(path)?)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, SettingsError> {
        let content: Option<_> =
            serde_yaml::from_str(text).map_err(|source| SettingsError::Parse {
                path: path.to_owned(),
                source,
            })?;
        let given = settings::of_project(&FILE_NAME.into(), text, &content.unwrap_or_default());
        Ok(Self {
            lang: given.lang,
            check: given.check,
        })
    }
}

impl SettingsFile {
    /// Looks at the file at `path`, whose text is `shown` if it is open.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn look(path: &Path, shown: Option<String>) -> Result<Self, SettingsError> {
        let text = match shown {
            Some(text) => text,
            None => read(path)?,
        };
        let mut lang = None;
        let mut findings = match ProjectSettings::parse(path, &text) {
            Ok(settings) => {
                lang = settings.lang;
                settings.check.told()
            }
            Err(SettingsError::Parse { source, .. }) => {
                let at = source.location().map_or(0, |place| place.index());
                vec![settings::unreadable(
                    &FILE_NAME.into(),
                    &text,
                    at,
                    &source.to_string(),
                )]
            }
            Err(error) => return Err(error),
        };
        findings.sort_by_key(|finding| finding.location.span);
        Ok(Self {
            lang,
            text,
            findings,
        })
    }
}

/// The settings file that counts for the package in `folder`, a path without links.
fn nearest(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .map(|above| above.join(FILE_NAME))
        .find(|path| files::is_file(path))
}

/// The file at `path` as it is called beside `folder`, whose path without links is `real`.
fn named(path: &Path, folder: &Path, real: &Path) -> PathBuf {
    let levels = real.components().count() + 1 - path.components().count();
    let beside = folder.ancestors().nth(levels);
    let beside = beside.map(|above| above.join(FILE_NAME));
    beside
        .filter(|beside| files::real_path(beside) == *path)
        .unwrap_or_else(|| path.to_owned())
}

fn read(path: &Path) -> Result<String, SettingsError> {
    let bytes = files::read(path, MAX_SETTINGS).map_err(|source| SettingsError::Read {
        path: path.to_owned(),
        source,
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Moves a finding about the settings at `path` to the manifest: it has no place in the package.
fn tell_at_manifest(finding: &mut Finding, path: &Path) {
    let (path, en, zh) = (path.display(), &finding.message.en, &finding.message.zh);
    finding.message = bilingual!("{path}: {en}", "{path}：{zh}");
    finding.location = Location::start_of(&PkgPath::from(manifest::FILE_NAME));
    finding.fixes.clear();
}
