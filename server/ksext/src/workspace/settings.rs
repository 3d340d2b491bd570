//! `.ksext.yaml`: what a project sets for its packages.
//!
//! The file is found by walking up from a package. Only what a project may decide stands in it;
//! server, confirmation and polling are the user's alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ksext_core::check::Settings;
use ksext_core::finding::Severity;
use ksext_core::lang::Lang;
use ksext_core::rules;
use serde::Deserialize;

use crate::host::files;

/// The most that the file may hold, in bytes.
const MAX_SETTINGS: u64 = 1 << 20;
/// The name of the file.
pub(crate) const FILE_NAME: &str = ".ksext.yaml";

/// What a project sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProjectSettings {
    /// The language of messages.
    pub(crate) lang: Option<Lang>,
    /// What the check is asked for.
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
    #[error(
        "the settings {path} name the rule `{rule}`, which does not exist; see `ksext explain --all`"
    )]
    UnknownRule { path: PathBuf, rule: String },
    #[error("the settings {path} set `{key}`, which only a user may set, not a project")]
    NotForProjects { path: PathBuf, key: &'static str },
}

/// The file as it is written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct File {
    lang: Option<FileLang>,
    #[serde(default)]
    size: Size,
    #[serde(default)]
    rules: BTreeMap<String, Level>,
    server: Option<serde_yaml::Value>,
    push: Option<serde_yaml::Value>,
    status: Option<serde_yaml::Value>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum FileLang {
    En,
    Zh,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Size {
    limit: Option<u64>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Level {
    Off,
    Error,
    Warning,
    Information,
    Hint,
}

impl Level {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Information => Some(Severity::Information),
            Self::Hint => Some(Severity::Hint),
        }
    }
}

impl ProjectSettings {
    /// The settings for the package in `folder`: those of the nearest file above it, or none.
    pub(crate) fn for_package(folder: &Path) -> Result<Self, SettingsError> {
        let folder = files::real_path(folder);
        let path = folder
            .ancestors()
            .map(|above| above.join(FILE_NAME))
            .find(|path| files::is_file(path));
        path.map_or(Ok(Self::default()), |path| Self::read(&path))
    }

    /// The settings in a file.
    pub(crate) fn read(path: &Path) -> Result<Self, SettingsError> {
        let owned = || path.to_owned();
        let bytes = files::read(path, MAX_SETTINGS).map_err(|source| SettingsError::Read {
            path: owned(),
            source,
        })?;
        Self::parse(path, &String::from_utf8_lossy(&bytes))
    }

    fn parse(path: &Path, text: &str) -> Result<Self, SettingsError> {
        let owned = || path.to_owned();
        let file: Option<File> =
            serde_yaml::from_str(text).map_err(|source| SettingsError::Parse {
                path: owned(),
                source,
            })?;
        let file = file.unwrap_or_default();
        for (key, value) in [
            ("server", &file.server),
            ("push", &file.push),
            ("status", &file.status),
        ] {
            if value.is_some() {
                return Err(SettingsError::NotForProjects { path: owned(), key });
            }
        }
        if let Some(rule) = file.rules.keys().find(|rule| rules::find(rule).is_none()) {
            return Err(SettingsError::UnknownRule {
                path: owned(),
                rule: rule.clone(),
            });
        }
        let severities = file
            .rules
            .iter()
            .map(|(rule, level)| (rule.clone(), level.severity()));
        Ok(Self {
            lang: file.lang.map(|lang| match lang {
                FileLang::En => Lang::En,
                FileLang::Zh => Lang::Zh,
            }),
            check: Settings {
                severities: severities.collect(),
                size_limit: file.size.limit,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ProjectSettings, String> {
        ProjectSettings::parse(Path::new(".ksext.yaml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_project_sets_rules_language_and_a_lower_limit() {
        let text = "lang: zh\nsize:\n  limit: 500000\nrules:\n  unknown-key: off\n  missing-icon: warning\n";
        // YAML 1.1 would read `off` as a boolean; the settings are YAML 1.2.
        let settings = parse(text).expect("settings");
        assert_eq!(settings.lang, Some(Lang::Zh));
        assert_eq!(settings.check.size_limit, Some(500_000));
        assert_eq!(settings.check.severities["unknown-key"], None);
        assert_eq!(
            settings.check.severities["missing-icon"],
            Some(Severity::Warning)
        );
        assert_eq!(parse("# nothing\n"), Ok(ProjectSettings::default()));
    }

    #[test]
    fn a_project_cannot_choose_the_server() {
        let error = parse("server: https://example.com\n").expect_err("refused");
        assert!(error.contains("only a user may set"), "{error}");
        let error = parse("rules: {no-such-rule: off}\n").expect_err("refused");
        assert!(error.contains("no-such-rule"), "{error}");
    }
}
