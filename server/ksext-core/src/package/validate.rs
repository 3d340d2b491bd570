//! What Helm demands of a chart's metadata (pkg/chart/metadata.go and dependency.go `Validate`).

use std::collections::HashSet;

use serde_json::Value;

use super::chart::text;
use crate::manifest::Step;
use crate::semver::Version;

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
    /// The alias holds other characters than letters, digits, `_` and `-`: `dependency "N" has
    /// disallowed characters in the alias`.
    AliasInvalid(String),
    /// `more than one dependency with name or alias "K"`.
    DuplicateDependency(String),
}

/// The faults of `metadata`, cleaned and with its apiVersion set, each with the path of the value at
/// fault, in the order in which Helm finds them.
pub fn faults(metadata: &Value) -> Vec<(MetadataFault, Vec<Step>)> {
    let mut faults = Vec::new();
    let name = match text(metadata, "name") {
        "" => Some(MetadataFault::NameMissing),
        "/" => None,
        name => name
            .contains('/')
            .then(|| MetadataFault::NameInvalid(name.into())),
    };
    let version = match text(metadata, "version") {
        "" => Some(MetadataFault::VersionMissing),
        version if Version::parse(version).is_some() => None,
        version => Some(MetadataFault::VersionInvalid(version.into())),
    };
    let kind = match text(metadata, "type") {
        "" | "application" | "library" => None,
        other => Some(MetadataFault::TypeInvalid(other.into())),
    };
    for (fault, key) in [(name, "name"), (version, "version"), (kind, "type")] {
        faults.extend(fault.map(|fault| (fault, vec![Step::Key(key.into())])));
    }
    for (index, maintainer) in items(metadata, "maintainers").enumerate() {
        if maintainer.is_null() {
            let path = vec![Step::Key("maintainers".into()), Step::Index(index)];
            faults.push((MetadataFault::NullMaintainer, path));
        }
    }
    faults.extend(dependency_faults(metadata));
    faults
}

fn dependency_faults(metadata: &Value) -> Vec<(MetadataFault, Vec<Step>)> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (index, dependency) in items(metadata, "dependencies").enumerate() {
        let mut fault = |fault, field: Option<&str>| {
            let mut path = vec![Step::Key("dependencies".into()), Step::Index(index)];
            path.extend(field.map(|field| Step::Key(field.into())));
            faults.push((fault, path));
        };
        if dependency.is_null() {
            fault(MetadataFault::NullDependency, None);
            continue;
        }
        let (name, alias) = (text(dependency, "name"), text(dependency, "alias"));
        let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
        if !alias.chars().all(allowed) {
            fault(MetadataFault::AliasInvalid(alias.into()), Some("alias"));
        }
        let (key, field) = match alias {
            "" => (name, "name"),
            alias => (alias, "alias"),
        };
        if !seen.insert(key) {
            fault(MetadataFault::DuplicateDependency(key.into()), Some(field));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_come_in_helms_order() {
        let found = |metadata| -> Vec<_> {
            let faults = faults(&metadata).into_iter();
            let path = |path: Vec<Step>| -> String {
                let steps = path.iter().map(|step| match step {
                    Step::Key(key) => key.clone(),
                    Step::Index(index) => index.to_string(),
                });
                steps.collect::<Vec<_>>().join(".")
            };
            faults.map(|(fault, at)| (fault, path(at))).collect()
        };
        assert_eq!(found(json!({"name": "观测 ..", "version": "1"})), []);
        assert_eq!(
            found(json!({
                "name": "a/b", "version": "x", "type": "lib", "maintainers": [null],
                "dependencies": [
                    {"name": "a"}, null, {"name": "b", "alias": "a.b"}, {"name": "c", "alias": "a"},
                ],
            })),
            [
                (MetadataFault::NameInvalid("a/b".into()), "name".into()),
                (MetadataFault::VersionInvalid("x".into()), "version".into()),
                (MetadataFault::TypeInvalid("lib".into()), "type".into()),
                (MetadataFault::NullMaintainer, "maintainers.0".into()),
                (MetadataFault::NullDependency, "dependencies.1".into()),
                (
                    MetadataFault::AliasInvalid("a.b".into()),
                    "dependencies.2.alias".into()
                ),
                (
                    MetadataFault::DuplicateDependency("a".into()),
                    "dependencies.3.alias".into()
                ),
            ]
        );
        assert_eq!(
            found(json!({})),
            [
                (MetadataFault::NameMissing, "name".into()),
                (MetadataFault::VersionMissing, "version".into())
            ]
        );
    }
}
