//! The table of settings as fields, so that a settings file is completed as a manifest is.

use std::sync::LazyLock;

use crate::lang::Bilingual;
use crate::rules::RULES;
use crate::schema::{Choice, Field, Kind};
use crate::settings::{self, LEVELS, SETTINGS, Scope, Setting};

static ROOT: LazyLock<Field> = LazyLock::new(|| {
    let of_projects = SETTINGS
        .iter()
        .filter(|setting| setting.scope == Scope::Project);
    let mut fields: Vec<Field> = Vec::new();
    for setting in of_projects {
        match setting.key.split_once('.') {
            None => fields.push(leaf(setting.key, setting)),
            Some((outer, inner)) => {
                let inner = leaf(inner, setting);
                let known = fields.iter_mut().find(|field| field.key == outer);
                match known.map(|field| &mut field.kind) {
                    Some(Kind::Object(fields)) => fields.push(inner),
                    _ => fields.push(field(outer, &setting.summary, Kind::Object(vec![inner]))),
                }
            }
        }
    }
    field("", &Bilingual::fixed("", ""), Kind::Object(fields))
});

/// What a project's settings file may hold.
pub(super) fn root() -> &'static Field {
    &ROOT
}

fn field(key: &str, text: &Bilingual, kind: Kind) -> Field {
    Field {
        key: key.to_owned(),
        title: text.clone(),
        description: text.clone(),
        examples: Vec::new(),
        choices: Vec::new(),
        default: None,
        required: false,
        kind,
    }
}

fn leaf(key: &str, setting: &Setting) -> Field {
    let text = &setting.summary;
    match setting.kind {
        settings::Kind::Words(words) => Field {
            choices: words.iter().map(|word| choice(word)).collect(),
            ..field(key, text, Kind::Text)
        },
        settings::Kind::Flag => field(key, text, Kind::Bool),
        settings::Kind::Interval | settings::Kind::Bytes | settings::Kind::Address => {
            field(key, text, Kind::Text)
        }
        settings::Kind::Severities => {
            let rules = RULES.iter().map(|rule| Field {
                choices: LEVELS.iter().map(|level| choice(level)).collect(),
                description: rule.page.why.clone(),
                ..field(rule.id, &rule.page.summary, Kind::Text)
            });
            field(key, text, Kind::Object(rules.collect()))
        }
    }
}

fn choice(word: &str) -> Choice {
    Choice {
        value: word.to_owned(),
        meaning: Bilingual::fixed("", ""),
    }
}
