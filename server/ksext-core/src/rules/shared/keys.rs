//! Keys that ksbuilder does not know, and what was probably meant.

use std::collections::HashMap;

use super::spelling;
use crate::manifest::fields::MANIFEST;
use crate::manifest::shape::Shape;
use crate::manifest::{Manifest, Step};
use crate::rules::Context;
use crate::schema::{self, Keyword, Violation};
use crate::text::Span;
use crate::yaml::{NodeId, Value};

/// A key that ksbuilder does not know.
pub(in crate::rules) struct UnknownKey<'c> {
    /// The key.
    pub key: &'c str,
    /// The way to the map that has it.
    pub path: &'c [Step],
    /// Its place.
    pub span: Span,
    /// The field of this map that it probably means. The map does not have it yet.
    pub meant: Option<&'static str>,
}

/// The unknown keys of the manifest, in the order of their maps.
pub(in crate::rules) fn unknown<'c>(cx: &Context<'c>) -> Vec<UnknownKey<'c>> {
    cx.violations
        .chunk_by(|a, b| a.path == b.path)
        .flat_map(|map| unknown_in(cx.manifest, map).unwrap_or_default())
        .collect()
}

/// The unknown keys of one map; `map` are the violations in it.
fn unknown_in<'c>(manifest: &'c Manifest, map: &'c [Violation]) -> Option<Vec<UnknownKey<'c>>> {
    let path = &map.first()?.path;
    let keys: Vec<&str> = map
        .iter()
        .filter_map(|violation| match &violation.keyword {
            Keyword::UnknownKey { key } => Some(key.as_str()),
            _ => None,
        })
        .collect();
    if keys.is_empty() {
        return None;
    }
    let entries = value_at(manifest.value()?, path)?.entries();
    let known: HashMap<&str, NodeId> = entries
        .iter()
        .map(|entry| (entry.key.as_str(), entry.key_node))
        .collect();
    let segments: Vec<_> = path.iter().map(Step::segment).collect();
    let absent: Vec<&'static str> = schema::fields_of(&segments)
        .iter()
        .map(|field| field.key.as_str())
        .filter(|field| !known.contains_key(field))
        .collect();
    let unknown = keys.into_iter().filter_map(|key| {
        let span = manifest.span(*known.get(key)?);
        let meant = spelling::did_you_mean(key, absent.iter().copied());
        Some(UnknownKey {
            key,
            path,
            span,
            meant,
        })
    });
    Some(unknown.collect())
}

/// Where ksbuilder knows a key of this name, one level below the map at the top or, for other maps,
/// at the top: `dependencies[]`, and an empty text for the top. Not where it stands already.
pub(in crate::rules) fn known_at(key: &str, path: &[Step]) -> Vec<String> {
    if !path.is_empty() {
        return MANIFEST
            .field(key)
            .map(|_| String::new())
            .into_iter()
            .collect();
    }
    let Shape::Struct(fields) = MANIFEST else {
        return Vec::new();
    };
    let below = fields.iter().filter_map(|field| {
        let (item, place) = match field.shape {
            Shape::List(item) => (item, format!("{}[]", field.key)),
            Shape::Map(item) => (item, format!("{}.en", field.key)),
            _ => return None,
        };
        item.field(key).map(|_| place)
    });
    below.collect()
}

fn value_at<'a>(mut value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    for step in path {
        value = match step {
            Step::Key(key) => &value.get(key)?.value,
            Step::Index(index) => value.items().get(*index)?,
        };
    }
    Some(value)
}
