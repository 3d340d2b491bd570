//! What a `requirements.yaml` in the package's root changes: Helm lays it over the Chart.yaml that push
//! makes of extension.yaml (pkg/chart/loader/load.go).

use serde_json::{Map, Value, json};

use super::marshal::marshal;
use super::rewrite::chart_of;
use super::yaml_file::{decode, lay_over};
use crate::manifest::fields::CHART;
use crate::manifest::{Manifest, shape};
use crate::text::Span;
use crate::yaml::{self, Source};

/// The name of the file.
pub const FILE_NAME: &str = "requirements.yaml";

/// A field of Chart.yaml that ends up other than extension.yaml says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The field.
    pub key: String,
    /// Its key in requirements.yaml.
    pub span: Span,
}

/// What `requirements` overrides of what `manifest` says; nothing if it cannot be read.
pub fn overrides(manifest: &Manifest, requirements: &Source) -> Vec<Override> {
    let Ok(new) = decode(&CHART, requirements.text().as_bytes()) else {
        return Vec::new();
    };
    let before = chart_of(manifest);
    let mut after = before.clone();
    let tree = yaml::parse_source(requirements);
    let Some(root) = tree.value().map(|value| shape::decode(&CHART, value)) else {
        return Vec::new();
    };
    if new.is_object() {
        lay_over(&CHART, &mut after, new.clone());
    }
    let keys = new.as_object().into_iter().flat_map(Map::keys);
    keys.filter(|key| written(&before, key) != written(&after, key))
        .filter_map(|key| {
            let span = tree.span(root.get(key)?.key_node);
            let key = key.clone();
            Some(Override { key, span })
        })
        .collect()
}

/// How one field of a chart is written.
fn written(chart: &Value, key: &str) -> String {
    let value = chart.get(key).cloned().unwrap_or_default();
    yaml::write(&marshal(&CHART, &json!({ key: value })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(requirements: &str, expected: &[&str]) {
        let manifest = Manifest::from_text(
            "name: demo\nversion: 1.0.0\ndependencies:\n  - name: backend\n    tags: [agent]\n",
        );
        let source = Source::from_text(requirements.to_owned());
        let seen: Vec<_> = overrides(&manifest, &source)
            .iter()
            .map(|over| over.span.of(requirements).to_owned())
            .collect();
        assert_eq!(seen, expected, "{requirements}");
    }

    #[test]
    fn what_differs_is_told_at_its_key() {
        check("name: other\nversion: 1.0.0\n", &["name"]);
        check("# 注释\r\nVersion: 2.0.0\r\n", &["Version"]);
        check("dependencies:\n  - name: backend\n", &[]);
        check("dependencies:\n  - name: frontend\n", &["dependencies"]);
        check(
            "dependencies:\n  - name: backend\n  - name: frontend\n",
            &["dependencies"],
        );
        check("dependencies: []\n", &["dependencies"]);
        check("apiVersion: v1\n", &["apiVersion"]);
        check("name: ''\nunknown: x\n", &["name"]);
        check("", &[]);
        check("- a\n", &[]);
        check("name: [\n", &[]);
    }
}
