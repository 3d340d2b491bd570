//! What the program is made of, for programs: a CycloneDX document.

use serde_json::{Value, json};

use super::crates::Crate;

/// The document (CycloneDX 1.6, JSON): each crate with its licence, checksum and what it calls in turn.
///
/// It has neither a time nor a random number: the same sources have the same document.
pub(crate) fn document(crates: &[Crate], version: &str) -> Value {
    let components: Vec<Value> = crates
        .iter()
        .filter(|it| it.name != "ksext")
        .map(component)
        .collect();
    let needs: Vec<Value> = crates
        .iter()
        .map(|it| {
            let needs: Vec<String> = it
                .needs
                .iter()
                .map(|(name, version)| purl(name, version))
                .collect();
            json!({"ref": purl(&it.name, &it.version), "dependsOn": needs})
        })
        .collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": purl("ksext", version),
                "name": "ksext",
                "version": version,
                "licenses": [{"expression": env!("CARGO_PKG_LICENSE")}],
                "purl": purl("ksext", version),
                "externalReferences": [{"type": "vcs", "url": env!("CARGO_PKG_REPOSITORY")}],
            },
        },
        "components": components,
        "dependencies": needs,
    })
}

fn component(it: &Crate) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(&it.name, &it.version),
        "name": it.name,
        "version": it.version,
        "scope": "required",
        // SPDX has no `/`.
        "licenses": [{"expression": it.licence.replace('/', " OR ")}],
        "purl": purl(&it.name, &it.version),
    });
    if let Some(sha256) = &it.sha256 {
        component["hashes"] = json!([{"alg": "SHA-256", "content": sha256}]);
    }
    if !it.repository.is_empty() {
        component["externalReferences"] = json!([{"type": "vcs", "url": it.repository}]);
    }
    component
}

fn purl(name: &str, version: &str) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}
