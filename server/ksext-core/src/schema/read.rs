//! The schema file turned into [`Field`]s.
//!
//! English stands in the keywords of draft-07 and in `enumDescriptions`, which editors know; Chinese
//! in keywords of the same names below `x-zh`. Constraints are `validate`'s and are not read here: of
//! several types the first counts, of `anyOf` the first branch, which says what authors should write.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::docs::{Choice, Field, Keys, Kind};
use crate::lang::Bilingual;

/// All that the schema says about fields.
pub(super) struct Docs {
    /// The whole file.
    pub(super) root: Field,
    /// The language codes.
    pub(super) languages: Vec<Choice>,
}

/// Reads a schema of the form of `schemas/extension.schema.json`.
pub(super) fn read(source: &str) -> serde_json::Result<Docs> {
    let mut root: Node = serde_json::from_str(source)?;
    let languages = root.definitions.language_code.take().unwrap_or_default();
    let nothing_above = Bilingual::fixed("", "");
    Ok(Docs {
        root: root.into_field(
            String::new(),
            false,
            &(nothing_above.clone(), nothing_above),
        ),
        languages: choices(languages.r#enum, languages.enum_descriptions, languages.zh),
    })
}

/// The schema of one value.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Node {
    title: String,
    description: String,
    enum_descriptions: Vec<String>,
    #[serde(rename = "x-zh")]
    zh: Chinese,
    r#type: Option<Types>,
    any_of: Vec<OrBool>,
    properties: Properties,
    items: Option<Box<Node>>,
    additional_properties: OrBool,
    property_names: Option<IgnoredAny>,
    required: Vec<String>,
    r#enum: Vec<String>,
    examples: Vec<Value>,
    default: Option<Value>,
    definitions: Definitions,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Chinese {
    title: String,
    description: String,
    enum_descriptions: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Definitions {
    language_code: Option<Box<Node>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    One(String),
    Several(Vec<String>),
}

impl Types {
    fn first(&self) -> Option<&str> {
        match self {
            Self::One(name) => Some(name),
            Self::Several(names) => names.first().map(String::as_str),
        }
    }
}

/// A schema, or whether anything is allowed.
#[derive(Deserialize)]
#[serde(untagged)]
enum OrBool {
    Allowed(#[expect(dead_code, reason = "only tells that there is no schema")] bool),
    Hold(Box<Node>),
}

impl Default for OrBool {
    fn default() -> Self {
        Self::Allowed(true)
    }
}

/// `properties` in the order of the file, which is the documented one; a map of serde_json would
/// sort them.
#[derive(Default)]
struct Properties(Vec<(String, Node)>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Properties;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("schemas by key")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Vec::new();
                while let Some(property) = map.next_entry()? {
                    properties.push(property);
                }
                Ok(Properties(properties))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl Node {
    /// This schema as the field `key`; `above` are title and description of what holds it.
    fn into_field(mut self, key: String, required: bool, above: &(Bilingual, Bilingual)) -> Field {
        if let Some(OrBool::Hold(branch)) = self.any_of.drain(..).next() {
            self.properties = branch.properties;
            self.r#enum = branch.r#enum;
            self.enum_descriptions = branch.enum_descriptions;
            self.zh.enum_descriptions = branch.zh.enum_descriptions;
        }
        let (title, description) = if self.title.is_empty() {
            above.clone()
        } else {
            let zh = std::mem::take(&mut self.zh.title);
            let zh_description = std::mem::take(&mut self.zh.description);
            (both(self.title, zh), both(self.description, zh_description))
        };
        let words = (title, description);
        let inner = |node: Node| Box::new(node.into_field(String::new(), false, &words));
        let fields: Vec<Field> = self
            .properties
            .0
            .into_iter()
            .map(|(key, node)| {
                let required = self.required.contains(&key);
                node.into_field(key, required, &words)
            })
            .collect();
        let kind = match (
            self.r#type.as_ref().and_then(Types::first),
            self.additional_properties,
        ) {
            (None, _) => Kind::Any(fields),
            (Some("object"), OrBool::Hold(value)) => Kind::Map {
                keys: match self.property_names {
                    Some(_) => Keys::Language,
                    None => Keys::Any,
                },
                value: inner(*value),
            },
            (Some("object"), OrBool::Allowed(_)) => Kind::Object(fields),
            (Some("array"), _) => Kind::List(inner(*self.items.unwrap_or_default())),
            (Some("boolean"), _) => Kind::Bool,
            (Some(_), _) => Kind::Text,
        };
        let (title, description) = words;
        Field {
            key,
            title,
            description,
            examples: self.examples,
            choices: choices(self.r#enum, self.enum_descriptions, self.zh),
            default: self.default,
            required,
            kind,
        }
    }
}

fn both(en: String, zh: String) -> Bilingual {
    Bilingual {
        en: en.into(),
        zh: zh.into(),
    }
}

fn choices(values: Vec<String>, en: Vec<String>, zh: Chinese) -> Vec<Choice> {
    values
        .into_iter()
        .zip(en.into_iter().zip(zh.enum_descriptions))
        .map(|(value, (en, zh))| Choice {
            value,
            meaning: both(en, zh),
        })
        .collect()
}
