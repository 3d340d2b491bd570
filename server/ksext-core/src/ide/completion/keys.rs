//! Keys, each with what it needs to hold something.

use super::{At, Proposal, ProposalKind, Template, View, both, charts, scalar, values};
use crate::lang::Lang;
use crate::schema::{self, Field, Keys, Kind};

/// The spaces by which a block is indented where the text does not show it.
const INDENT: usize = 2;

/// The keys that the map at the place lacks, those that it must have first.
pub(super) fn proposals(at: &At<'_>) -> Vec<Proposal> {
    if at.field.has_languages() {
        return languages(at);
    }
    let missing = |field: &&Field| !at.place.around.has(&field.key);
    let fields: Vec<_> = at.field.fields().iter().filter(missing).collect();
    let (required, optional): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|field| field.required);
    let only_one = required.len() == 1;
    let required = required.into_iter().map(|field| Proposal {
        is_obvious: only_one,
        ..key(at, field)
    });
    required
        .chain(optional.into_iter().map(|field| key(at, field)))
        .collect()
}

/// The items of the list at the place, dash and all.
pub(super) fn items(at: &At<'_>, view: &View<'_>) -> Vec<Proposal> {
    let dash = if at.place.in_flow { "" } else { "- " };
    let with_dash = |proposal: Proposal| Proposal {
        template: Template::text(dash).with(proposal.template),
        ..proposal
    };
    let mut items = charts::items(at, view);
    if at.place.in_flow {
        return items;
    }
    if at.field.fields().is_empty() {
        items.extend(values::proposals(at, view));
    } else {
        items.extend(
            at.field
                .fields()
                .iter()
                .filter(|field| field.required)
                .map(|field| key(at, field)),
        );
    }
    items.into_iter().map(with_dash).collect()
}

fn key(at: &At<'_>, field: &Field) -> Proposal {
    let required = match (field.required, at.ask.lang) {
        (true, Lang::En) => " · required",
        (true, Lang::Zh) => " · 必填",
        (false, _) => "",
    };
    let title = field.title.get(at.ask.lang);
    Proposal::new(
        &field.key,
        ProposalKind::Key,
        template(at, &field.key, field),
    )
    .detailed(format!("{title}{required}"))
    .about(at.about(Some(&field.key)))
}

/// Languages that the map lacks: the two that KubeSphere shows, those that other maps of the
/// manifest have, all others.
fn languages(at: &At<'_>) -> Vec<Proposal> {
    let Kind::Map { value, .. } = &at.field.kind else {
        return Vec::new();
    };
    let missing = schema::languages()
        .iter()
        .filter(|language| !at.place.around.has(&language.value));
    let mut missing: Vec<_> = missing.collect();
    let first = first_languages(at.ask.lang);
    missing.sort_by_key(|language| {
        first
            .iter()
            .position(|code| *code == language.value)
            .unwrap_or(first.len())
    });
    let only_one = missing
        .iter()
        .filter(|language| first.contains(&&*language.value))
        .count()
        == 1;
    let mut proposals: Vec<_> = missing
        .into_iter()
        .map(|language| {
            let names = both(&language.meaning);
            let filter = format!("{} {names}", language.value);
            let written = at.written(&language.value);
            Proposal {
                filter,
                ..Proposal::new(
                    &language.value,
                    ProposalKind::Choice,
                    template(at, &written, value),
                )
            }
            .detailed(names)
            .about(at.about(Some(&language.value)))
        })
        .collect();
    if let Some(first) = proposals.first_mut() {
        first.is_obvious = only_one;
    }
    proposals
}

/// The languages that every extension should have, the reader's first.
pub(super) fn first_languages(lang: Lang) -> [&'static str; 2] {
    match lang {
        Lang::En => ["en", "zh"],
        Lang::Zh => ["zh", "en"],
    }
}

/// A key with what it holds, as far as that is still missing.
fn template(at: &At<'_>, key: &str, field: &Field) -> Template {
    let place = &at.place;
    if place.has_colon {
        return Template::text(key);
    }
    let key = Template::text(format!("{}{key}:", place.before));
    if place.has_children {
        return key;
    }
    let layout = &at.layout;
    if place.in_flow {
        in_flow(key.and(" "), field, layout)
    } else {
        let column = match place.slot {
            super::Slot::Item => place.column + 2,
            _ => place.column,
        };
        block(key, field, column, layout)
    }
}

/// How a text is indented, and whose language comes first.
pub(super) struct Layout {
    unit: usize,
    list: usize,
    lang: Lang,
}

impl Layout {
    /// What `text` does already.
    pub(super) fn of(text: &str, lang: Lang) -> Self {
        let unit = unit(text);
        Self {
            unit,
            list: list_indent(text, unit),
            lang,
        }
    }
}

/// `key` and behind it the start of a value as block, where keys stand at `column`.
fn block(key: Template, field: &Field, column: usize, layout: &Layout) -> Template {
    match &field.kind {
        Kind::Text | Kind::Any(_) => scalar_stop(key.and(" "), field),
        Kind::Bool => key
            .and(" ")
            .choose(vec!["true".to_owned(), "false".to_owned()]),
        Kind::List(item) => {
            let dash = column + layout.list;
            block_item(key.line(dash).and("- "), item, dash + 2, layout)
        }
        Kind::Map { keys, value } => {
            let inner = column + layout.unit;
            let key = key.line(inner);
            match keys {
                Keys::Any => key.stop().and(": ").stop(),
                Keys::Language => {
                    let [first, second] = first_languages(layout.lang);
                    let first = block(key.and(format!("{first}:")), value, inner, layout);
                    block(
                        first.line(inner).and(format!("{second}:")),
                        value,
                        inner,
                        layout,
                    )
                }
            }
        }
        Kind::Object(fields) => {
            let inner = column + layout.unit;
            block_fields(key.line(inner), fields, inner, layout)
        }
    }
}

fn block_item(start: Template, item: &Field, column: usize, layout: &Layout) -> Template {
    match &item.kind {
        Kind::Object(fields) => block_fields(start, fields, column, layout),
        _ => scalar_stop(start, item),
    }
}

/// The fields that must be there.
fn block_fields(start: Template, fields: &[Field], column: usize, layout: &Layout) -> Template {
    let mut required = fields.iter().filter(|field| field.required);
    let Some(first) = required.next() else {
        return start.stop();
    };
    let start = block(start.and(format!("{}:", first.key)), first, column, layout);
    required.fold(start, |template, field| {
        block(
            template.line(column).and(format!("{}:", field.key)),
            field,
            column,
            layout,
        )
    })
}

fn in_flow(key: Template, field: &Field, layout: &Layout) -> Template {
    match &field.kind {
        Kind::Text | Kind::Any(_) => scalar_stop(key, field),
        Kind::Bool => key.choose(vec!["true".to_owned(), "false".to_owned()]),
        Kind::List(item) => in_flow(key.and("["), item, layout).and("]"),
        Kind::Map {
            keys: Keys::Any, ..
        } => key.and("{").stop().and("}"),
        Kind::Map { value, .. } => {
            let [first, second] = first_languages(layout.lang);
            let first = in_flow(key.and(format!("{{{first}: ")), value, layout);
            in_flow(first.and(format!(", {second}: ")), value, layout).and("}")
        }
        Kind::Object(fields) => {
            let required = fields.iter().filter(|field| field.required).enumerate();
            let inner = required.fold(key.and("{"), |template, (index, field)| {
                let comma = if index == 0 { "" } else { ", " };
                in_flow(
                    template.and(format!("{comma}{}: ", field.key)),
                    field,
                    layout,
                )
            });
            inner.and("}")
        }
    }
}

/// A text to fill in: the choices if there are few, the only value that there is, or nothing yet.
fn scalar_stop(start: Template, field: &Field) -> Template {
    if !field.choices.is_empty() {
        let choices = field.choices.iter();
        return start.choose(choices.map(|choice| scalar(&choice.value, true)).collect());
    }
    match (&*field.key, &field.examples[..]) {
        ("apiVersion", [only]) => start.and(only.as_str().unwrap_or_default()),
        _ => start.stop(),
    }
}

/// By how many spaces the text indents its blocks.
fn unit(text: &str) -> usize {
    let indents = text
        .lines()
        .filter(|line| !line.trim_start().starts_with(['-', '#']));
    let mut indents = indents.map(|line| line.len() - line.trim_start_matches(' ').len());
    indents
        .find(|&indent| indent > 0)
        .filter(|indent| (2..=8).contains(indent))
        .unwrap_or(INDENT)
}

/// By how many spaces the text indents the dashes of a list below its key.
fn list_indent(text: &str, unit: usize) -> usize {
    let mut lines = text.lines();
    let dash = lines.find(|line| line.trim_start_matches(' ').starts_with("- "));
    match dash.map(|line| line.len() - line.trim_start_matches(' ').len()) {
        Some(0) => 0,
        Some(indent) if indent <= 8 => indent.min(unit),
        _ => INDENT,
    }
}
