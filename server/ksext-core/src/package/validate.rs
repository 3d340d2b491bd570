//! What Helm demands of a chart's metadata (pkg/chart/metadata.go and dependency.go `Validate`).

use std::collections::HashSet;

use serde_json::Value;

use super::chart::text;

/// What is wrong with a chart's metadata. Helm names the first only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataFault {
    /// `chart.metadata.name is required`.
    NameMissing,
    /// The name holds a `/`: `chart.metadata.name "X" is invalid`.
    NameInvalid(String),
    /// `chart.metadata.version is required`.
    VersionMissing,
    /// `chart.metadata.version "X" is invalid`.
    VersionInvalid(String),
    /// `chart.metadata.type must be application or library`.
    TypeInvalid(String),
    /// `maintainers must not contain empty or null nodes`.
    NullMaintainer,
    /// `dependencies must not contain empty or null nodes`.
    NullDependency,
    /// `dependency "N" has disallowed characters in the alias`.
    AliasInvalid(String),
    /// `more than one dependency with name or alias "K"`.
    DuplicateDependency(String),
}

/// The faults of `metadata`, cleaned and with its apiVersion set, in the order in which Helm finds
/// them.
pub fn faults(metadata: &Value) -> Vec<MetadataFault> {
    let mut faults = Vec::new();
    match text(metadata, "name") {
        "" => faults.push(MetadataFault::NameMissing),
        "/" => {}
        name if name.contains('/') => faults.push(MetadataFault::NameInvalid(name.into())),
        _ => {}
    }
    match text(metadata, "version") {
        "" => faults.push(MetadataFault::VersionMissing),
        version if !is_semver(version) => {
            faults.push(MetadataFault::VersionInvalid(version.into()));
        }
        _ => {}
    }
    match text(metadata, "type") {
        "" | "application" | "library" => {}
        other => faults.push(MetadataFault::TypeInvalid(other.into())),
    }
    if items(metadata, "maintainers").any(Value::is_null) {
        faults.push(MetadataFault::NullMaintainer);
    }
    faults.extend(dependency_faults(metadata));
    faults
}

fn dependency_faults(metadata: &Value) -> Vec<MetadataFault> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for dependency in items(metadata, "dependencies") {
        if dependency.is_null() {
            faults.push(MetadataFault::NullDependency);
            continue;
        }
        let (name, alias) = (text(dependency, "name"), text(dependency, "alias"));
        let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
        if !alias.chars().all(allowed) {
            faults.push(MetadataFault::AliasInvalid(name.into()));
        }
        let key = if alias.is_empty() { name } else { alias };
        if !seen.insert(key) {
            faults.push(MetadataFault::DuplicateDependency(key.into()));
        }
    }
    faults
}

fn items<'v>(metadata: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    metadata
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Whether Helm takes `version` for one (Masterminds/semver v3.3.1 `NewVersion`): `v` and all but
/// the first number may be missing, leading zeros may not be there.
pub fn is_semver(version: &str) -> bool {
    let version = version.strip_prefix('v').unwrap_or(version);
    let (version, build) = match version.split_once('+') {
        Some((version, build)) => (version, Some(build)),
        None => (version, None),
    };
    let (core, pre_release) = match version.split_once('-') {
        Some((core, pre_release)) => (core, Some(pre_release)),
        None => (version, None),
    };
    let numbers: Vec<_> = core.split('.').collect();
    let identifier = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.len() <= 3
        && numbers.iter().all(|number| {
            !number.is_empty()
                && numeric(number)
                && !leads_with_zero(number)
                && number.parse::<u64>().is_ok()
        })
        && pre_release.is_none_or(|text| {
            text.split('.')
                .all(|part| identifier(part) && !(numeric(part) && leads_with_zero(part)))
        })
        && build.is_none_or(|text| text.split('.').all(identifier))
}

fn leads_with_zero(number: &str) -> bool {
    number.len() > 1 && number.starts_with('0')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_are_read_as_helm_reads_them() {
        for version in [
            "1",
            "v1",
            "1.2",
            "1.2.3",
            "1-alpha",
            "1.2-rc.1",
            "1.2.3+b.01",
            "1.2.3-01a",
            "1.2.3--",
            "2024-01-01",
            "0",
            "0.0.0",
            "18446744073709551615",
        ] {
            assert!(is_semver(version), "{version}");
        }
        for version in [
            "",
            "V1.2.3",
            "vv1",
            "01.2.3",
            "1.02",
            "1.2.3.4",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3-a..b",
            "1.2.3+",
            " 1.2.3",
            "1.2.3 ",
            "latest",
            "1.x",
            "18446744073709551616",
            "1..2",
            "v",
            "1.2.3+a_b",
            "１",
        ] {
            assert!(!is_semver(version), "{version}");
        }
    }

    #[test]
    fn faults_come_in_helms_order() {
        assert_eq!(faults(&json!({"name": "观测 ..", "version": "1"})), []);
        assert_eq!(
            faults(&json!({
                "name": "a/b", "version": "x", "type": "lib", "maintainers": [null],
                "dependencies": [
                    {"name": "a"}, null, {"name": "b", "alias": "a.b"}, {"name": "c", "alias": "a"},
                ],
            })),
            [
                MetadataFault::NameInvalid("a/b".into()),
                MetadataFault::VersionInvalid("x".into()),
                MetadataFault::TypeInvalid("lib".into()),
                MetadataFault::NullMaintainer,
                MetadataFault::NullDependency,
                MetadataFault::AliasInvalid("b".into()),
                MetadataFault::DuplicateDependency("a".into()),
            ]
        );
        assert_eq!(
            faults(&json!({})),
            [MetadataFault::NameMissing, MetadataFault::VersionMissing]
        );
    }
}
