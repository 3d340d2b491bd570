//! The schema as other tools get it: where it is published, and the variant for those that go by a
//! file's name alone.

use serde_json::{Map, Value, json};

use super::source;
use crate::manifest::{OUR_KEYS, OUR_MAPS};

/// Where a file of the folder `schemas` is published, which is its `$id`: on the main branch of the
/// repository that Cargo.toml names.
pub fn address(file: &str) -> String {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let raw = repository.replace("//github.com/", "//raw.githubusercontent.com/");
    format!("{raw}/main/schemas/{file}")
}

/// The schema for every file called `extension.yaml`: it asks for nothing unless the file has a key
/// that only a KubeSphere manifest has, as [`recognize`](crate::manifest::recognize) does. Other
/// products have files of this name.
///
/// # Errors
///
/// None in practice: if the schema that is compiled in were no JSON object.
pub fn by_content() -> serde_json::Result<Value> {
    let mut manifest: Map<String, Value> = serde_json::from_str(source())?;
    let dialect = manifest.remove("$schema");
    manifest.remove("$id");
    let mut definitions = manifest.remove("definitions").unwrap_or_else(|| json!({}));
    definitions["manifest"] = manifest.into();
    for_editors(&mut definitions);
    // Says nothing of `properties`, which editors would offer in every file.
    let maps = format!("^({})$", OUR_MAPS.join("|"));
    let foreign = json!({
        "type": "object",
        "propertyNames": {"not": {"enum": OUR_KEYS}},
        "patternProperties": {maps: {"not": {"type": "object"}}},
    });
    Ok(json!({
        "$schema": dialect,
        "$id": address("extension-by-content.schema.json"),
        "if": {"type": "object", "not": foreign},
        "then": {"$ref": "#/definitions/manifest"},
        "definitions": definitions,
    }))
}

/// Leaves out Chinese, which no editor shows, and says again as Markdown what is meant as such.
fn for_editors(node: &mut Value) {
    match node {
        Value::Object(schema) => {
            schema.remove("x-zh");
            for (plain, markdown) in [
                ("description", "markdownDescription"),
                ("enumDescriptions", "markdownEnumDescriptions"),
            ] {
                let words = schema.get(plain).filter(|words| !words.is_object());
                if let Some(words) = words.filter(|words| words.to_string().contains('`')) {
                    let words = words.clone();
                    schema.insert(markdown.to_owned(), words);
                }
            }
            schema.values_mut().for_each(for_editors);
        }
        Value::Array(items) => items.iter_mut().for_each(for_editors),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_each_schema_follows_from_the_repository() {
        let own: Value = serde_json::from_str(source()).expect("JSON");
        assert_eq!(own["$id"], address("extension.schema.json"));
        assert_eq!(
            crate::settings::schema()["$id"],
            address("settings.schema.json")
        );
        assert!(address("x").starts_with("https://raw."), "{}", address("x"));
    }

    #[test]
    fn what_has_a_key_of_ours_is_held_against_the_schema_and_nothing_else() {
        let schema = by_content().expect("a schema");
        let schema = jsonschema::draft7::new(&schema).expect("a schema");
        for (manifest, valid) in [
            (json!(null), true),
            (json!([1]), true),
            (
                json!({"name": "demo", "displayName": "Demo", "description": "x"}),
                true,
            ),
            (json!({"displayName": {"en": "Demo"}}), false),
            (json!({"description": {}}), false),
            (json!({"name": "demo", "ksVersion": null}), false),
        ] {
            assert_eq!(schema.is_valid(&manifest), valid, "{manifest}");
        }
        let mut manifest = json!({
            "apiVersion": "kubesphere.io/v1alpha1", "name": "demo", "version": "0.1.0",
            "displayName": {"en": "Demo"}, "description": {"en": "Shows."}, "category": "dev-tools",
            "provider": {"en": {"name": "Example Inc."}}, "icon": "./icon.svg",
        });
        assert!(schema.is_valid(&manifest));
        manifest["displayName"] = json!({"zh-CN": "示例"});
        assert!(!schema.is_valid(&manifest));
    }
}
