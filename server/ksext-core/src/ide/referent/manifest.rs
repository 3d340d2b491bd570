//! What a manifest names.

use super::charts::in_dependencies;
use super::{Mention, Referent, Role, Text};
use crate::manifest::{Manifest, Text as Value};
use crate::package::PkgPath;
use crate::package::local::is_local;
use crate::schema::{self, Keys, Kind};
use crate::yaml;

/// Everything that the manifest names.
pub(super) fn mentions(manifest: &Manifest, file: &PkgPath) -> Vec<Mention> {
    let text = Text {
        file,
        text: manifest.text(),
        tree: manifest.tree(),
    };
    let mut found = urls(&text);
    found.extend(files(manifest, &text));
    found.extend(languages(manifest, &text));
    if let Some(entry) = manifest.entry("dependencies") {
        found.extend(in_dependencies(&text, &entry.value));
    }
    let others = manifest.items("externalDependencies").iter();
    found.extend(others.filter_map(|item| {
        let name = manifest.as_text(&item.get("name")?.value)?;
        let referent = Referent::Extension(name.value.clone());
        (!name.value.is_empty())
            .then(|| text.mention(name.node, &name.value, referent, Role::Request))
    }));
    found
}

fn files(manifest: &Manifest, text: &Text<'_>) -> Vec<Mention> {
    let screenshots = manifest.screenshots().into_iter().map(|(_, text)| text);
    let pictures = manifest.icon().into_iter().chain(screenshots);
    let pictures = pictures.filter(|value| is_local(&value.value));
    let all = pictures.chain(manifest.static_directory());
    let mention = |value: Value| {
        let path = PkgPath::resolve_local(&value.value).ok()?;
        let named = !path.is_root();
        named.then(|| {
            text.mention(
                value.node,
                &value.value,
                Referent::Path(path),
                Role::Request,
            )
        })
    };
    all.filter_map(mention).collect()
}

/// The keys that are codes of languages.
fn languages(manifest: &Manifest, text: &Text<'_>) -> Vec<Mention> {
    let fields = manifest
        .value()
        .map_or(&[][..], yaml::Value::entries)
        .iter();
    let by_language = fields.filter(|field| {
        let field = schema::field(&[&field.key]);
        field.is_some_and(|field| {
            matches!(
                field.kind,
                Kind::Map {
                    keys: Keys::Language,
                    ..
                }
            )
        })
    });
    let keys = by_language.flat_map(|field| field.value.entries());
    keys.map(|entry| {
        let referent = Referent::Language(entry.key.clone());
        let mut mention = text.mention(entry.key_node, &entry.key, referent, Role::Request);
        mention.whole = mention.whole.cover(text.tree.span(entry.value.node));
        mention
    })
    .collect()
}

/// The values of a YAML text that are web addresses.
pub(super) fn urls(text: &Text<'_>) -> Vec<Mention> {
    let nodes = text.tree.nodes();
    let urls = nodes.filter_map(|(node, found)| {
        let yaml::Kind::Scalar { text: value, .. } = &found.kind else {
            return None;
        };
        let is_url = ["http://", "https://"].iter().any(|scheme| {
            value
                .strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty())
        }) && !value.contains(char::is_whitespace);
        is_url.then(|| text.mention(node, value, Referent::Url(value.clone()), Role::Request))
    });
    urls.collect()
}
