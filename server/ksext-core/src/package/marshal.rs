//! How Go writes a struct as JSON: fields that are always there, and fields that go when empty.

use serde_json::{Map, Value};

use crate::manifest::shape::{FieldShape, Shape};

/// Go's zero time.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// `value` as encoding/json writes a Go value of this shape: what is missing and has no `omitempty`
/// stands there empty, what is empty and has it goes.
pub(super) fn marshal(shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::Struct(fields), Value::Object(values)) => struct_of(fields, values),
        (Shape::List(item), Value::Array(items)) => {
            items.iter().map(|value| element(item, value)).collect()
        }
        (Shape::Map(item), Value::Object(values)) => values
            .iter()
            .map(|(key, value)| (key.clone(), element(item, value)))
            .collect::<Map<_, _>>()
            .into(),
        (Shape::Time, Value::String(text)) => time(text).into(),
        (_, Value::Null) => zero(shape),
        (_, value) => value.clone(),
    }
}

/// A missing value. Slices, maps and pointers are nil.
fn zero(shape: &Shape) -> Value {
    match shape {
        Shape::Text => "".into(),
        Shape::Bool => false.into(),
        Shape::Time => ZERO_TIME.into(),
        Shape::Any | Shape::List(_) | Shape::Map(_) | Shape::Struct(_) => Value::Null,
    }
}

fn element(shape: &Shape, value: &Value) -> Value {
    marshal(shape, value)
}

fn struct_of(fields: &[FieldShape], values: &Map<String, Value>) -> Value {
    let mut result = Map::new();
    for field in fields {
        let value = marshal(&field.shape, values.get(field.key).unwrap_or(&Value::Null));
        if !(field.omit_empty && is_empty(&value)) {
            result.insert(field.key.to_owned(), value);
        }
    }
    result.into()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Number(_) => false,
    }
}

/// A time in RFC 3339 as Go prints it again: zeros at the end of the fraction gone, `Z` for UTC.
fn time(text: &str) -> String {
    let zone = text
        .find(['Z', '+'])
        .or_else(|| text.rfind('-').filter(|&at| at > 10));
    let (clock, zone) = text.split_at(zone.unwrap_or(text.len()));
    let clock = match clock.find('.') {
        Some(_) => clock.trim_end_matches('0').trim_end_matches('.'),
        None => clock,
    };
    let zone = if matches!(zone, "+00:00" | "-00:00") {
        "Z"
    } else {
        zone
    };
    format!("{clock}{zone}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::manifest::fields::{CHART, CHART_LOCK, MANIFEST};

    #[test]
    fn empty_fields_go_and_required_ones_stay() {
        let manifest = json!({"name": "demo", "keywords": [], "home": "", "sources": ["a"],
            "dependencies": [{"enabled": false, "tags": ["agent"]}, null], "provider": {"en": null}});
        assert_eq!(
            marshal(&MANIFEST, &manifest),
            json!({"apiVersion": "", "name": "demo", "version": "", "displayName": null,
                "description": null, "category": "", "provider": {"en": null}, "icon": "",
                "installationMode": "", "sources": ["a"],
                "dependencies": [{"name": "", "repository": "", "tags": ["agent"]}, null]})
        );
        assert_eq!(
            marshal(&CHART, &json!({"name": "demo", "tags": ""})),
            json!({"name": "demo"})
        );
    }

    #[test]
    fn a_lock_has_all_its_fields() {
        assert_eq!(
            marshal(&CHART_LOCK, &json!({})),
            json!({"generated": "0001-01-01T00:00:00Z", "digest": "", "dependencies": null})
        );
        for (written, expected) in [
            (
                "2024-01-02T03:04:05.120+08:00",
                "2024-01-02T03:04:05.12+08:00",
            ),
            ("2024-01-02T03:04:05.000Z", "2024-01-02T03:04:05Z"),
            ("2024-01-02T03:04:05+00:00", "2024-01-02T03:04:05Z"),
            ("2024-01-02T03:04:00-07:00", "2024-01-02T03:04:00-07:00"),
        ] {
            let lock = marshal(&CHART_LOCK, &json!({ "generated": written }));
            assert_eq!(lock["generated"], expected);
        }
    }
}
