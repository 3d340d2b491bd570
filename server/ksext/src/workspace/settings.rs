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

    /// The nearest settings file at or above `folder`.
    pub(crate) fn file_for(folder: &Path) -> Option<PathBuf> {
        let folder = files::real_path(folder);
        let mut places = folder.ancestors().map(|above| above.join(FILE_NAME));
        places.find(|path| files::is_file(path))
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
        let owned = || path.to_owned();
        let bytes = files::read(path, MAX_SETTINGS).map_err(|source| SettingsError::Read {
            path: owned(),
            source,
        })?;
        let text = String::from_utf8_lossy(&bytes);
        let content: Option<_> =
            serde_yaml::from_str(&text).map_err(|source| SettingsError::Parse {
                path: owned(),
                source,
            })?;
        let given = settings::of_project(&FILE_NAME.into(), &text, &content.unwrap_or_default());
        Ok(Self {
            lang: given.lang,
            check: given.check,
        })
    }
}

/// Moves a finding about the settings at `path` to the manifest: it has no place in the package.
fn tell_at_manifest(finding: &mut Finding, path: &Path) {
    let (path, en, zh) = (path.display(), &finding.message.en, &finding.message.zh);
    finding.message = bilingual!("{path}: {en}", "{path}：{zh}");
    finding.location = Location::start_of(&PkgPath::from(manifest::FILE_NAME));
    finding.fixes.clear();
}
