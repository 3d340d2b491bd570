//! Values: those that the schema lists, and those that the package has.

use super::{At, Proposal, ProposalKind, Template, View, both, charts, files};
use crate::lang::Lang;
use crate::schema::{Choice, Kind};

/// The texts whose examples fit everybody's manifest.
const EXAMPLES: [&[&str]; 5] = [
    &["apiVersion"],
    &["kubeVersion"],
    &["ksVersion"],
    &["externalDependencies", "*", "type"],
    &["externalDependencies", "*", "version"],
];

/// What the value at the place could be.
pub(super) fn proposals(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let found = match at.segments()[..] {
        ["icon"] | ["screenshots", "*"] => files::images(at, view),
        ["staticFileDirectory"] => files::folders(at, view),
        ["dependencies", "*", "name"] => charts::names(at, view),
        ["dependencies", "*", "version"] => charts::versions(at, view),
        ["dependencies", "*", "condition"] => charts::conditions(at, view),
        ["dependencies", "*", "tags", "*"] => charts::tags(at, view),
        ["images", "*"] => charts::images(at, view),
        ["externalDependencies", "*", "name"] => extensions(at),
        ["externalDependencies", "*", "version"] => extension_versions(at),
        _ => Vec::new(),
    };
    let mut found = obvious(found);
    found.extend(of_schema(at));
    found
}

/// What the schema lists for the place.
pub(super) fn of_schema(at: &At<'_>) -> Vec<Proposal> {
    if matches!(at.field.kind, Kind::Bool) && at.place.quote.is_none() {
        let is_default = |word: &str| {
            at.field
                .default
                .as_ref()
                .is_some_and(|it| it.as_bool() == Some(word == "true"))
        };
        let words = ["true", "false"].map(|word| {
            let detail = if is_default(word) {
                default(at.ask.lang)
            } else {
                ""
            };
            let template = Template::text(format!("{}{word}{}", at.place.before, at.place.after));
            Proposal::new(word, ProposalKind::Choice, template)
                .detailed(detail)
                .about(at.about(None))
        });
        return words.into();
    }
    if !at.field.choices.is_empty() {
        let fresh = |choice: &&Choice| !is_listed(at, &choice.value);
        let choices = at.field.choices.iter().filter(fresh);
        return choices.map(|choice| of_choice(at, choice)).collect();
    }
    if !EXAMPLES.contains(&&at.segments()[..]) {
        return Vec::new();
    }
    let examples = at
        .field
        .examples
        .iter()
        .filter_map(|example| example.as_str());
    let proposals = examples.map(|text| value(at, text, ProposalKind::Value).about(at.about(None)));
    match at.segments()[..] {
        ["apiVersion"] => obvious(proposals.collect()),
        _ => proposals.collect(),
    }
}

fn default(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "default",
        Lang::Zh => "默认",
    }
}

fn of_choice(at: &At<'_>, choice: &Choice) -> Proposal {
    let meaning = both(&choice.meaning);
    let is_default = at.field.default.as_ref().and_then(|it| it.as_str()) == Some(&choice.value);
    let detail = if at.path == ["category"] || meaning.is_empty() {
        meaning.clone()
    } else {
        choice.meaning.get(at.ask.lang).to_owned()
    };
    let detail = match (is_default, at.ask.lang) {
        (false, _) => detail,
        (true, Lang::En) => format!("{detail} (default)"),
        (true, Lang::Zh) => format!("{detail}（默认）"),
    };
    let proposal = value(at, &choice.value, ProposalKind::Choice);
    Proposal {
        filter: format!("{} {meaning}", choice.value).trim_end().to_owned(),
        ..proposal
    }
    .detailed(detail)
    .about(at.about(None))
}

/// A text as the value at the place.
pub(super) fn value(at: &At<'_>, text: &str, kind: ProposalKind) -> Proposal {
    let written = at.written(text);
    let (before, after) = (at.place.before, at.place.after);
    Proposal::new(
        text,
        kind,
        Template::text(format!("{before}{written}{after}")),
    )
}

/// Whether a text is an item of the list at the place already.
pub(super) fn is_listed(at: &At<'_>, text: &str) -> bool {
    at.place.around.items.contains(&text)
}

/// The proposals, of which the only one is hardly to be mistaken.
pub(super) fn obvious(mut proposals: Vec<Proposal>) -> Vec<Proposal> {
    if let [only] = &mut proposals[..] {
        only.is_obvious = true;
    }
    proposals
}

/// Other extensions that are known, those that are not named yet first.
fn extensions(at: &At<'_>) -> Vec<Proposal> {
    let known = at.ask.extensions.iter();
    let mut proposals: Vec<_> = known
        .map(|(name, version)| value(at, name, ProposalKind::Reference).detailed(version))
        .collect();
    proposals.sort_by(|a, b| a.label.cmp(&b.label));
    proposals.dedup_by(|a, b| a.label == b.label);
    proposals
}

/// Versions of the extension that the item names, the known one and all above.
fn extension_versions(at: &At<'_>) -> Vec<Proposal> {
    let Some(name) = at.place.around.get("name") else {
        return Vec::new();
    };
    let known = at.ask.extensions.iter().filter(|(known, _)| known == name);
    known
        .map(|(_, version)| value(at, &format!(">={version}"), ProposalKind::Reference))
        .collect()
}
