//! Whether an `extension.yaml` is a KubeSphere manifest: a pure function of its text and its folder.
//!
//! Firebase, Netlify, Dynatrace, Playnite and others have files of this name. On those ksext is
//! silent.

use super::Manifest;
use super::fields::MANIFEST;
use crate::yaml::Data;

/// What stands beside a manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// A folder `charts`.
    pub charts: bool,
    /// A file `values.yaml`.
    pub values: bool,
    /// A file `permissions.yaml`.
    pub permissions: bool,
    /// The manifest lies below the `templates` folder of a Helm chart.
    pub in_templates: bool,
}

/// Whose manifest it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// KubeSphere's.
    Ours,
    /// Somebody else's: the text has content, but no key that only a KubeSphere manifest has.
    Foreign,
    /// A template of a Helm chart.
    Template,
    /// Nothing in text or folder says whose it is.
    Unknown,
}

impl Recognition {
    /// Whether ksext has something to say about the file.
    pub fn is_ours(self) -> bool {
        self == Self::Ours
    }
}

/// Top-level keys that no other `extension.yaml` has.
pub const OUR_KEYS: [&str; 8] = [
    "ksVersion",
    "kubeVersion",
    "installationMode",
    "provider",
    "category",
    "staticFileDirectory",
    "screenshots",
    "externalDependencies",
];

/// Top-level keys that others have too, with a text where ours have a map.
pub const OUR_MAPS: [&str; 2] = ["displayName", "description"];

/// Whose manifest it is.
pub fn recognize(manifest: &Manifest, folder: Folder) -> Recognition {
    if folder.in_templates {
        return Recognition::Template;
    }
    let tree = manifest.tree();
    let entries = tree.value().map_or(&[][..], |value| value.entries());
    let ours = entries.iter().any(|entry| {
        OUR_KEYS.contains(&entry.key.as_str())
            || (OUR_MAPS.contains(&entry.key.as_str()) && matches!(entry.value.data, Data::Map(_)))
    });
    // In text that is broken, or ends early for the reader, the keys count as they stand there.
    if ours || manifest.text().lines().any(begins_with_our_key) {
        return Recognition::Ours;
    }
    // The beginning of a manifest, or the rest of one that is being rewritten.
    let unfinished = !tree.errors().is_empty()
        || entries
            .iter()
            .all(|entry| MANIFEST.field(&entry.key).is_some());
    let evidence = [folder.charts, folder.values, folder.permissions];
    let looks_like_a_package = evidence.iter().filter(|found| **found).count() >= 2;
    match (unfinished, looks_like_a_package) {
        (true, true) => Recognition::Ours,
        (true, false) => Recognition::Unknown,
        (false, _) => Recognition::Foreign,
    }
}

/// Whether a line is one of [`OUR_KEYS`] at its start, or holds one in double quotes as JSON does.
fn begins_with_our_key(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}');
    OUR_KEYS.iter().any(|key| {
        let plain = line.strip_prefix(key);
        let quoted = line
            .split_once(&format!("\"{key}\""))
            .map(|(_, rest)| rest.trim_start());
        plain.or(quoted).is_some_and(|rest| rest.starts_with(':'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: Folder = Folder {
        charts: false,
        values: false,
        permissions: false,
        in_templates: false,
    };
    const PACKAGE: Folder = Folder {
        charts: true,
        values: true,
        ..BARE
    };

    #[test]
    fn text_decides_and_the_folder_where_there_is_little_text() {
        for (text, folder, expected) in [
            ("name: a\nksVersion: '>=4.0.0-0'\n", BARE, Recognition::Ours),
            ("displayName:\n  zh: 观测\n", BARE, Recognition::Ours),
            (
                "displayName: Podman Hello\nicon: icon.png\n",
                BARE,
                Recognition::Unknown,
            ),
            (
                "specVersion: v1beta\nname: firestore\n",
                PACKAGE,
                Recognition::Foreign,
            ),
            ("", PACKAGE, Recognition::Ours),
            ("", BARE, Recognition::Unknown),
            ("na", PACKAGE, Recognition::Ours),
            ("name: demo\nversion: 1.0.0\n", PACKAGE, Recognition::Ours),
            ("name: [\n", PACKAGE, Recognition::Ours),
            ("- a\n- b\n", BARE, Recognition::Unknown),
            ("- a\nname: b\nprovider: {}\n", BARE, Recognition::Ours),
            ("name: b\n---\nksVersion: '>=4'\n", BARE, Recognition::Ours),
            (
                "{\"icon\": \"a\\/b\", \"provider\": {}}\n",
                BARE,
                Recognition::Ours,
            ),
            (
                "ksVersion: x\n",
                Folder {
                    in_templates: true,
                    ..PACKAGE
                },
                Recognition::Template,
            ),
        ] {
            assert_eq!(
                recognize(&Manifest::from_text(text), folder),
                expected,
                "{text:?}"
            );
        }
    }
}
