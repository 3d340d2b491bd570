//! The schema file held against itself, draft-07 and ksbuilder's Go types.

use serde_json::{Map, Value, json};

use super::{Field, Keys, Kind, field, fields_of, languages, source};
use crate::manifest::fields::MANIFEST;
use crate::manifest::shape::Shape;

fn schema() -> Value {
    serde_json::from_str(source()).expect("the schema is JSON")
}

/// Calls `visit` with every schema in the file and its place.
fn each_schema(node: &Value, place: &str, visit: &mut dyn FnMut(&Map<String, Value>, &str)) {
    let Value::Object(schema) = node else { return };
    visit(schema, place);
    for group in ["properties", "definitions"] {
        for (key, inner) in schema
            .get(group)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            each_schema(inner, &format!("{place}/{key}"), visit);
        }
    }
    let branches = schema.get("anyOf").and_then(Value::as_array);
    for (index, branch) in branches.into_iter().flatten().enumerate() {
        each_schema(branch, &format!("{place}/anyOf/{index}"), visit);
    }
    for keyword in ["items", "additionalProperties", "propertyNames"] {
        if let Some(inner) = schema.get(keyword) {
            each_schema(inner, &format!("{place}/{keyword}"), visit);
        }
    }
}

/// Calls `visit` with every documented field below `field` and its path.
fn each_field(field: &Field, path: &str, visit: &mut dyn FnMut(&Field, &str)) {
    visit(field, path);
    match &field.kind {
        Kind::Object(fields) | Kind::Any(fields) => {
            for inner in fields {
                each_field(inner, &format!("{path}/{}", inner.key), visit);
            }
        }
        Kind::List(inner) | Kind::Map { value: inner, .. } => {
            each_field(inner, &format!("{path}/*"), visit);
        }
        Kind::Text | Kind::Bool => {}
    }
}

#[test]
fn is_valid_draft_07() {
    let schema = schema();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    if let Err(error) = jsonschema::draft7::meta::validate(&schema) {
        panic!("{error} at {}", error.instance_path());
    }
}

#[test]
fn uses_only_the_keywords_that_are_read() {
    let known = [
        // Told by `validate`.
        "additionalProperties",
        "anyOf",
        "enum",
        "maxLength",
        "minLength",
        "minProperties",
        "pattern",
        "propertyNames",
        "required",
        "type",
        // Structure.
        "$id",
        "$ref",
        "$schema",
        "definitions",
        "items",
        "properties",
        // Words.
        "default",
        "description",
        "enumDescriptions",
        "examples",
        "title",
        "x-zh",
    ];
    each_schema(&schema(), "", &mut |schema, place| {
        for keyword in schema.keys() {
            assert!(known.contains(&keyword.as_str()), "{keyword} at {place}");
        }
    });
}

#[test]
fn every_field_has_words_in_both_languages() {
    let is_chinese = |text: &str| {
        text.chars()
            .any(|char| ('\u{4e00}'..='\u{9fff}').contains(&char))
    };
    each_field(field(&[]).expect("the root"), "", &mut |field, path| {
        for text in [&field.title, &field.description] {
            assert!(
                !text.en.is_empty() && !is_chinese(&text.en),
                "{path}: {:?}",
                text.en
            );
            assert!(is_chinese(&text.zh), "{path}: {:?}", text.zh);
        }
        assert!(field.description.en.ends_with('.'), "{path}");
        assert!(field.description.zh.ends_with('。'), "{path}");
    });
}

#[test]
fn every_named_field_has_examples_and_they_fit() {
    let whole = schema();
    each_schema(&whole, "", &mut |schema, place| {
        let named = place.rsplit('/').nth(1).is_some() && schema.contains_key("title");
        let examples = schema.get("examples").and_then(Value::as_array);
        assert!(
            examples.is_some() || !named || place.starts_with("/languageCode"),
            "{place}"
        );
        let mut alone = schema.clone();
        alone.insert("definitions".to_owned(), whole["definitions"].clone());
        alone.remove("$id");
        let validator = jsonschema::draft7::new(&Value::Object(alone)).expect("a schema");
        for value in examples.into_iter().flatten().chain(schema.get("default")) {
            assert!(validator.is_valid(value), "{place}: {value}");
        }
    });
}

#[test]
fn every_choice_is_explained_in_both_languages() {
    each_schema(&schema(), "", &mut |schema, place| {
        let count = |list: Option<&Value>| list.and_then(Value::as_array).map_or(0, Vec::len);
        let choices = count(schema.get("enum"));
        assert_eq!(count(schema.get("enumDescriptions")), choices, "{place}");
        let zh = schema.get("x-zh").and_then(|zh| zh.get("enumDescriptions"));
        assert_eq!(count(zh), choices, "{place} x-zh");
    });
}

#[test]
fn has_the_fields_and_types_of_ksbuilder() {
    fn compare(shape: &Shape, field: &Field, path: &str) {
        match (shape, &field.kind) {
            (Shape::Text, Kind::Text) | (Shape::Bool, Kind::Bool) | (Shape::Any, Kind::Any(_)) => {}
            (Shape::List(shape), Kind::List(field)) => compare(shape, field, &format!("{path}/*")),
            (Shape::Map(shape), Kind::Map { value, .. }) => {
                compare(shape, value, &format!("{path}/*"));
            }
            (Shape::Struct(wanted), Kind::Object(fields)) => {
                let sorted = |mut keys: Vec<&str>| {
                    keys.sort_unstable();
                    keys.join(" ")
                };
                assert_eq!(
                    sorted(fields.iter().map(|field| field.key.as_str()).collect()),
                    sorted(wanted.iter().map(|field| field.key).collect()),
                    "{path}"
                );
                for field in fields {
                    let shape = wanted.iter().find(|shape| shape.key == field.key);
                    let shape = &shape.expect("same keys").shape;
                    compare(shape, field, &format!("{path}/{}", field.key));
                }
            }
            (shape, kind) => panic!("{path}: {shape:?} in Go, {kind:?} in the schema"),
        }
    }
    compare(&MANIFEST, field(&[]).expect("the root"), "");
}

#[test]
fn requires_what_ksbuilder_always_writes_and_has_no_default_for() {
    let Shape::Struct(fields) = &MANIFEST else {
        panic!("the manifest is a struct");
    };
    for shape in *fields {
        let field = field(&[shape.key]).expect("in the schema");
        let expected = !shape.omit_empty && field.default.is_none();
        assert_eq!(field.required, expected, "{}", shape.key);
    }
}

#[test]
fn fields_come_in_the_order_of_the_guide() {
    let keys: Vec<&str> = fields_of(&[])
        .iter()
        .map(|field| field.key.as_str())
        .collect();
    assert_eq!(
        keys.join(" "),
        "apiVersion name version displayName description category keywords home sources docs \
         kubeVersion ksVersion maintainers provider staticFileDirectory icon screenshots \
         dependencies installationMode namespace images externalDependencies annotations"
    );
}

#[test]
fn a_path_leads_through_lists_and_maps() {
    for (path, title) in [
        (vec!["icon"], Some("Icon")),
        (vec!["displayName", "zh"], Some("Display name")),
        (vec!["provider", "en", "email"], Some("E-mail address")),
        (vec!["dependencies", "*", "tags", "0"], Some("Tags")),
        (
            vec!["dependencies", "*", "import-values", "*", "child"],
            Some("Path in the chart"),
        ),
        (vec!["annotations", "example.com/team"], Some("Annotations")),
        (vec!["icon", "x"], None),
        (vec!["screenshoots"], None),
    ] {
        let found = field(&path).map(|field| &*field.title.en);
        assert_eq!(found, title, "{path:?}");
    }
    assert!(
        fields_of(&["maintainers", "*"])
            .iter()
            .any(|field| field.key == "email")
    );
    assert!(fields_of(&["maintainers"]).is_empty());
}

#[test]
fn choices_and_defaults_are_at_hand() {
    let mode = field(&["installationMode"]).expect("a field");
    assert_eq!(mode.default, Some(json!("HostOnly")));
    let category = &field(&["category"]).expect("a field").choices[4];
    assert_eq!(category.value, "integration-delivery");
    assert_eq!(
        (&*category.meaning.en, &*category.meaning.zh),
        ("CI / CD", "集成和交付")
    );
}

/// CRC-32 of the codes of ksbuilder's table (pkg/iso639/languages.go), sorted, each with a line feed.
const CRC_OF_KSBUILDERS_CODES: u32 = 0xd33ebd5e;

#[test]
fn languages_are_those_of_ksbuilder() {
    let codes: Vec<&str> = languages()
        .iter()
        .map(|choice| choice.value.as_str())
        .collect();
    assert_eq!(codes.len(), 184);
    assert!(codes.is_sorted());
    let mut crc = flate2::Crc::new();
    for code in &codes {
        crc.update(code.as_bytes());
        crc.update(b"\n");
    }
    assert_eq!(crc.sum(), CRC_OF_KSBUILDERS_CODES);

    let zh = languages()
        .iter()
        .find(|choice| choice.value == "zh")
        .expect("a code");
    assert_eq!((&*zh.meaning.en, &*zh.meaning.zh), ("Chinese", "中文"));
    let Kind::Map { keys, .. } = &field(&["provider"]).expect("a field").kind else {
        panic!("provider is a map");
    };
    assert_eq!(*keys, Keys::Language);
}
