//! The objects from which KubeSphere offers an extension in a cluster, as `ksbuilder publish` makes
//! them (pkg/api/extension.go `ToKubernetesResources`; the types are those of KubeSphere's
//! api/core/v1alpha1/types.go).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::fs::FileSystem;
use super::marshal::marshal;
use super::packaged::metadata;
use crate::manifest::Manifest;
use crate::manifest::fields::MANIFEST;
use crate::yaml;

/// The namespace that the package is kept in.
const NAMESPACE: &str = "kubesphere-system";

/// The key under which the package is kept.
const ARCHIVE: &str = "chart.tgz";

/// The most bytes that a ConfigMap takes (k8s.io/api core/v1 `MaxSecretSize`, which holds for it
/// too).
pub const MAX_ARCHIVE: u64 = 1024 * 1024;

/// An object for a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// `Extension`, `ExtensionVersion` or `ConfigMap`.
    pub kind: &'static str,
    /// Its name in the cluster.
    pub name: String,
    /// All of it, as YAML.
    pub yaml: String,
}

impl Object {
    fn new(kind: &'static str, name: String, mut content: Value) -> Self {
        content["kind"] = kind.into();
        content["metadata"]["name"] = name.clone().into();
        content["metadata"]["creationTimestamp"] = Value::Null;
        Self {
            kind,
            name,
            yaml: yaml::write(&content),
        }
    }

    /// The name of the file that ksbuilder keeps it in.
    pub fn file_name(&self) -> String {
        format!("{}.yaml", self.kind)
    }
}

/// The objects for the package in `files`, whose `archive` is that of `ksbuilder publish`, in the
/// order in which they are applied. `created` is a time in RFC 3339.
pub(super) fn objects(
    files: &dyn FileSystem,
    manifest: &Manifest,
    archive: &[u8],
    created: &str,
) -> [Object; 3] {
    let (fields, _) = metadata(files, manifest);
    let fields = marshal(&MANIFEST, &fields.into());
    let text = |key: &str| fields[key].as_str().unwrap_or_default();
    let (name, version, category) = (text("name"), text("version"), text("category"));
    let version_name = format!("{name}-{version}");
    let config_map = format!("extension-{version_name}-chart");

    let mut info = picked(&fields, &["description", "displayName", "icon", "provider"]);
    info.insert("created".into(), created.into());
    let mut version_spec = picked(
        &fields,
        &[
            "installationMode",
            "docs",
            "namespace",
            "home",
            "keywords",
            "ksVersion",
            "kubeVersion",
            "sources",
            "version",
            "category",
            "screenshots",
            "externalDependencies",
        ],
    );
    version_spec.extend(info.clone());
    let reference = json!({"name": config_map, "namespace": NAMESPACE, "key": ARCHIVE});
    version_spec.insert("chartDataRef".into(), reference);

    let extension = json!({
        "apiVersion": "kubesphere.io/v1alpha1",
        "metadata": {
            "labels": {"kubesphere.io/category": category, "kubesphere.io/managed": "true"},
        },
        "spec": info,
        "status": picked_as(&fields, "version", "recommendedVersion"),
    });
    let mut metadata = picked(&fields, &["annotations"]);
    let labels = json!({"kubesphere.io/extension-ref": name, "kubesphere.io/category": category});
    metadata.insert("labels".into(), labels);
    let extension_version = json!({
        "apiVersion": "kubesphere.io/v1alpha1",
        "metadata": metadata,
        "spec": version_spec,
    });
    let package = json!({
        "apiVersion": "v1",
        "metadata": {"namespace": NAMESPACE},
        "binaryData": {ARCHIVE: STANDARD.encode(archive)},
    });
    [
        Object::new("Extension", name.to_owned(), extension),
        Object::new("ExtensionVersion", version_name, extension_version),
        Object::new("ConfigMap", config_map, package),
    ]
}

/// The fields with these keys that are not empty: none of the objects' fields is written when it is.
fn picked(fields: &Value, keys: &[&str]) -> Map<String, Value> {
    keys.iter()
        .flat_map(|key| picked_as(fields, key, key))
        .collect()
}

/// The field `key` as `name`, likewise.
fn picked_as(fields: &Value, key: &str, name: &str) -> Map<String, Value> {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    let value = fields.get(key).filter(|value| !is_empty(value));
    value
        .map(|value| (name.to_owned(), value.clone()))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::memory::MemoryFs;
    use super::*;

    #[test]
    fn an_extension_is_three_objects() {
        let files = MemoryFs::from([("图.svg", "<svg/>")]);
        let manifest = Manifest::from_text(
            "\
apiVersion: v1
name: demo
version: 1.0.0
displayName: {zh: 示例, en: Demo}
description: {}
category: dev-tools
provider: {en: {name: Example}, zh: ~}
icon: 图.svg
screenshots: []
externalDependencies: [{name: a, version: 1}]
annotations: {a: b}
",
        );
        let all = objects(&files, &manifest, b"archive", "2025-01-02T03:04:05Z");
        let all: String = all
            .iter()
            .map(|object| format!("# {}: {}\n{}", object.file_name(), object.name, object.yaml))
            .collect();
        expect![[r##"
            # Extension.yaml: demo
            apiVersion: kubesphere.io/v1alpha1
            kind: Extension
            metadata:
              creationTimestamp: null
              labels:
                kubesphere.io/category: dev-tools
                kubesphere.io/managed: "true"
              name: demo
            spec:
              created: "2025-01-02T03:04:05Z"
              displayName:
                en: Demo
                zh: 示例
              icon: data:image/svg+xml;base64,PHN2Zy8+
              provider:
                en:
                  name: Example
                zh: null
            status:
              recommendedVersion: 1.0.0
            # ExtensionVersion.yaml: demo-1.0.0
            apiVersion: kubesphere.io/v1alpha1
            kind: ExtensionVersion
            metadata:
              annotations:
                a: b
              creationTimestamp: null
              labels:
                kubesphere.io/category: dev-tools
                kubesphere.io/extension-ref: demo
              name: demo-1.0.0
            spec:
              category: dev-tools
              chartDataRef:
                key: chart.tgz
                name: extension-demo-1.0.0-chart
                namespace: kubesphere-system
              created: "2025-01-02T03:04:05Z"
              displayName:
                en: Demo
                zh: 示例
              externalDependencies:
              - name: a
                required: false
                version: "1"
              icon: data:image/svg+xml;base64,PHN2Zy8+
              installationMode: HostOnly
              provider:
                en:
                  name: Example
                zh: null
              version: 1.0.0
            # ConfigMap.yaml: extension-demo-1.0.0-chart
            apiVersion: v1
            binaryData:
              chart.tgz: YXJjaGl2ZQ==
            kind: ConfigMap
            metadata:
              creationTimestamp: null
              name: extension-demo-1.0.0-chart
              namespace: kubesphere-system
        "##]]
        .assert_eq(&all);
    }
}
