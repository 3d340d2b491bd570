//! Go struct types as data, and how sigs.k8s.io/yaml and encoding/json fill them.
//!
//! A [`Shape`] says of what type a value is wanted; [`decode`] lays a value into it: keys match
//! whatever their case, numbers and booleans become text where text is wanted, null leaves a field
//! alone. What does not fit stays as it is, for [`schema`](crate::schema) to name.

use crate::yaml::{Data, MapEntry, Value};

/// The type of a Go struct field, as far as decoding depends on it.
#[derive(Debug)]
pub enum Shape {
    /// `string`, or a named string type.
    Text,
    /// `bool`.
    Bool,
    /// `interface{}`: anything.
    Any,
    /// `time.Time`: text in RFC 3339.
    Time,
    /// A slice of this.
    List(&'static Shape),
    /// A map from text to this.
    Map(&'static Shape),
    /// A struct, or a pointer to one.
    Struct(&'static [FieldShape]),
}

/// A field of a [`Shape::Struct`].
#[derive(Debug)]
pub struct FieldShape {
    /// The key in its canonical spelling.
    pub key: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether encoding/json leaves it out when it is empty (`omitempty`): `""`, `false`, an empty
    /// list or map, nothing.
    pub omit_empty: bool,
}

impl Shape {
    /// The field that a key of this struct means: the exact one, else the first that is equal but
    /// for its case (encoding/json `foldName`).
    pub fn field(&self, key: &str) -> Option<&'static FieldShape> {
        let Self::Struct(fields) = *self else {
            return None;
        };
        let exact = fields.iter().find(|field| field.key == key);
        exact.or_else(|| fields.iter().find(|field| folds_to(key, field.key)))
    }

    /// What a Go variable of this type holds at first, as JSON.
    fn zero(&self) -> Data {
        match self {
            Self::Text => Data::Text(String::new()),
            Self::Bool => Data::Bool(false),
            Self::List(_) => Data::List(Vec::new()),
            Self::Map(_) | Self::Struct(_) => Data::Map(Vec::new()),
            Self::Any | Self::Time => Data::Null,
        }
    }
}

/// Whether `key` is `canonical` in another case. Two letters outside ASCII fold to ASCII ones too:
/// long s and the Kelvin sign.
fn folds_to(key: &str, canonical: &str) -> bool {
    let fold = |char: char| match char {
        'ſ' => 's',
        '\u{212a}' => 'k',
        _ => char.to_ascii_lowercase(),
    };
    key.chars().map(fold).eq(canonical.chars().map(fold))
}

/// Lays `value` into `shape`.
///
/// Keys of structs take their canonical spelling; of two spellings of one key the bytewise greater
/// wins as encoding/json merges them. Unknown keys stay, behind the known ones in no particular
/// order: [`to_json`] leaves them out.
pub fn decode(shape: &Shape, value: &Value) -> Value {
    let data = match (shape, &value.data) {
        (Shape::Text, data) if !matches!(data, Data::Null) => {
            value.to_text().map_or_else(|| data.clone(), Data::Text)
        }
        (Shape::List(item), Data::List(items)) => {
            Data::List(items.iter().map(|value| decode(item, value)).collect())
        }
        (Shape::Map(item), Data::Map(entries)) => {
            let entry = |entry: &MapEntry| entry.with_value(decode(item, &entry.value));
            Data::Map(entries.iter().map(entry).collect())
        }
        (Shape::Struct(_), Data::Map(entries)) => Data::Map(decode_fields(shape, entries)),
        (_, data) => data.clone(),
    };
    Value {
        node: value.node,
        data,
    }
}

fn decode_fields(shape: &Shape, entries: &[MapEntry]) -> Vec<MapEntry> {
    let mut fields: Vec<MapEntry> = Vec::with_capacity(entries.len());
    let mut sorted: Vec<&MapEntry> = entries.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    for entry in sorted {
        let Some(field) = shape.field(&entry.key) else {
            fields.push(entry.clone());
            continue;
        };
        let value = decode(&field.shape, &entry.value);
        match fields.iter_mut().find(|known| known.key == field.key) {
            Some(known) => lay_over(&field.shape, known, entry, value),
            None => {
                let mut entry = entry.with_value(value);
                entry.key = field.key.to_owned();
                fields.push(entry);
            }
        }
    }
    fields
}

/// A later spelling of a key over an earlier one, as encoding/json fills a field twice.
fn lay_over(shape: &Shape, known: &mut MapEntry, entry: &MapEntry, value: Value) {
    known.key_node = entry.key_node;
    match (shape, &mut known.value.data, value.data) {
        // Null leaves text and booleans alone and empties lists and maps.
        (Shape::Text | Shape::Bool, _, Data::Null) => {}
        (Shape::Map(_), Data::Map(old), Data::Map(new)) => {
            known.value.node = value.node;
            merge_entries(old, new);
        }
        (Shape::List(item), Data::List(old), Data::List(new)) => {
            known.value.node = value.node;
            let earlier = std::mem::take(old);
            let mut earlier = earlier.into_iter();
            *old = new
                .into_iter()
                .map(|new| lay_item(item, earlier.next(), new))
                .collect();
        }
        (_, data, new) => {
            known.value.node = value.node;
            *data = new;
        }
    }
}

/// An item of a later list over the one at the same place in an earlier list.
fn lay_item(shape: &Shape, old: Option<Value>, new: Value) -> Value {
    match (shape, old, &new.data) {
        (Shape::Text | Shape::Bool, Some(old), Data::Null) => old,
        (
            Shape::Struct(_),
            Some(Value {
                data: Data::Map(mut old),
                ..
            }),
            Data::Map(fields),
        ) => {
            // Null leaves a text or boolean of the earlier item alone.
            let fields = fields.iter().filter(|entry| {
                let field = shape.field(&entry.key).map(|field| &field.shape);
                let keeps = matches!(field, Some(Shape::Text | Shape::Bool));
                !(keeps && matches!(entry.value.data, Data::Null))
            });
            merge_entries(&mut old, fields.cloned().collect());
            Value {
                node: new.node,
                data: Data::Map(old),
            }
        }
        _ => new,
    }
}

fn merge_entries(old: &mut Vec<MapEntry>, new: Vec<MapEntry>) {
    for entry in new {
        match old.iter_mut().find(|known| known.key == entry.key) {
            Some(known) => *known = entry,
            None => old.push(entry),
        }
    }
}

/// The decoded value as a Go program holds it: fields that are null or unknown are absent, null
/// items and map values are the empty value of their type.
pub fn to_json(shape: &Shape, value: &Value) -> serde_json::Value {
    json(shape, value, false)
}

/// Like [`to_json`], with the unknown keys: what the schema is held against.
pub fn to_instance(shape: &Shape, value: &Value) -> serde_json::Value {
    json(shape, value, true)
}

fn json(shape: &Shape, value: &Value, keep_unknown: bool) -> serde_json::Value {
    match (shape, &value.data) {
        (_, Data::Null) => Value {
            node: value.node,
            data: shape.zero(),
        }
        .to_json(),
        (Shape::List(item), Data::List(items)) => items
            .iter()
            .map(|value| json(item, value, keep_unknown))
            .collect(),
        (Shape::Map(item), Data::Map(entries)) => entries
            .iter()
            .map(|entry| (entry.key.clone(), json(item, &entry.value, keep_unknown)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        (Shape::Struct(_), Data::Map(entries)) => {
            let mut fields = serde_json::Map::new();
            for entry in entries {
                match shape.field(&entry.key) {
                    Some(_) if matches!(entry.value.data, Data::Null) => {}
                    Some(field) => {
                        let value = json(&field.shape, &entry.value, keep_unknown);
                        fields.insert(entry.key.clone(), value);
                    }
                    // Nothing is said about what stands below an unknown key.
                    None if keep_unknown => {
                        fields.insert(entry.key.clone(), serde_json::Value::Null);
                    }
                    None => {}
                }
            }
            fields.into()
        }
        _ => value.to_json(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::MANIFEST;
    use super::*;
    use crate::yaml::parse;

    fn check(text: &str, expected: serde_json::Value) {
        let tree = parse(text);
        let value = decode(&MANIFEST, tree.value().expect("a value"));
        assert_eq!(to_json(&MANIFEST, &value), expected, "{text}");
    }

    #[test]
    fn numbers_become_the_text_of_their_value() {
        check(
            "version: 1.10\nname: 0x10\nkeywords: [1.0, yes, ~]\n",
            serde_json::json!({
                "version": "1.1", "name": "16", "keywords": ["1", "true", ""],
            }),
        );
    }

    #[test]
    fn keys_match_in_any_case_and_unknown_ones_fall_away() {
        check(
            "Name: a\nKUBEVERSION: b\ndiſplayName: {en: 1, zh: ~}\nvendor: x\n",
            serde_json::json!({
                "name": "a", "kubeVersion": "b", "displayName": {"en": "1", "zh": ""},
            }),
        );
    }

    #[test]
    fn of_two_spellings_the_bytewise_greater_is_laid_over_the_other() {
        check("name: a\nName: b\n", serde_json::json!({"name": "a"}));
        check(
            "Provider: {en: {name: a}, zh: {name: z}}\nprovider: {en: {url: u}}\n",
            serde_json::json!({
                "provider": {"en": {"url": "u"}, "zh": {"name": "z"}},
            }),
        );
        check(
            "Dependencies: [{name: a, enabled: yes, tags: [a, b]}]\ndependencies: [{version: 1, tags: [c]}]\n",
            serde_json::json!({"dependencies": [{"name": "a", "enabled": true, "version": "1", "tags": ["c"]}]}),
        );
    }

    #[test]
    fn null_is_no_value() {
        check(
            "name: ~\nkeywords:\nprovider: {en: ~}\nhome: null\n",
            serde_json::json!({"provider": {"en": {}}}),
        );
    }
}
