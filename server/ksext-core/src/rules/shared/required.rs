//! Required fields that are not there, and whether another finding tells why.

use super::{keys, unread};
use crate::manifest::Step;
use crate::rules::Context;
use crate::schema::{self, Keyword};

/// The required fields that the manifest lacks. In text with a syntax error they may stand where the
/// reader could not go: none then.
pub(in crate::rules) fn missing<'c>(cx: &Context<'c>) -> Vec<&'c str> {
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let fields = cx
        .violations
        .iter()
        .filter_map(|violation| match &violation.keyword {
            Keyword::Required { field } if violation.path.is_empty() => Some(field.as_str()),
            _ => None,
        });
    fields.collect()
}

/// The required fields that the manifest lacks for no other reason than that they are not written:
/// neither misspelt nor at a wrong level nor behind the end of the document.
pub(in crate::rules) fn forgotten<'c>(cx: &Context<'c>) -> Vec<&'c str> {
    let mut missing = missing(cx);
    if missing.is_empty() {
        return missing;
    }
    let unknown = keys::unknown(cx);
    missing.retain(|field| {
        let misspelt = unknown.iter().any(|key| stands_for(key, field));
        !(misspelt || is_taken_for_language(cx, field) || unread::holds(cx.manifest, field))
    });
    missing
}

/// Whether an unknown key is the top-level field `field`, misspelt or at a wrong level.
pub(in crate::rules) fn stands_for(unknown: &keys::UnknownKey<'_>, field: &str) -> bool {
    if unknown.path.is_empty() {
        unknown.meant == Some(field)
    } else {
        unknown.key == field
    }
}

/// Whether the top-level field `field` stands where ksbuilder looks for a language code.
fn is_taken_for_language(cx: &Context<'_>, field: &str) -> bool {
    cx.violations.iter().any(|violation| {
        matches!(&violation.keyword, Keyword::UnknownName { key } if key == field)
            && is_indented_field(cx, &violation.path, field)
    })
}

/// Whether `key`, in the map by language at `path`, is a field that the whole manifest lacks: it is
/// indented too far.
pub(in crate::rules) fn is_indented_field(cx: &Context<'_>, path: &[Step], key: &str) -> bool {
    let map = path.first().map_or("", Step::segment);
    schema::field(&[key]).is_some()
        && schema::field(&[map, "en", key]).is_none()
        && cx.manifest.entry(key).is_none()
}
