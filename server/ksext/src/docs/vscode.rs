//! The parts of the extension for VS Code that are declared here: its settings, and what its menus call
//! our commands, as values in its `package.json` and its texts.

use std::collections::BTreeMap;

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::settings::{Kind, SETTINGS, Scope, Setting};
use serde_json::{Map, Value, json};

use crate::commands::COMMANDS;

/// Where the extension is.
const FOLDER: &str = "editors/vscode";

/// A setting that the extension itself reads; the server leaves it alone
/// ([`of_user`](ksext_core::settings::of_user)).
struct EditorSetting {
    key: &'static str,
    /// What it can be, each with what it means; any text if there are none.
    choices: &'static [(&'static str, Bilingual)],
    default: &'static str,
    /// Who may set it, in VS Code's words.
    scope: &'static str,
    summary: Bilingual,
}

/// Every such setting.
static EDITOR_SETTINGS: [EditorSetting; 3] = [
    EditorSetting {
        key: "path",
        choices: &[],
        default: "",
        scope: "machine-overridable",
        summary: Bilingual::fixed(
            "The ksext program. Empty means the one that comes with the extension, else the one on the `PATH`.",
            "ksext 程序的路径。留空则使用扩展自带的程序，没有自带程序时使用 `PATH` 中的程序。",
        ),
    },
    EditorSetting {
        key: "login.store",
        choices: &[
            (
                "editor",
                Bilingual::fixed(
                    "In the editor's secret storage, for this editor alone.",
                    "保存在编辑器的机密存储中，仅供此编辑器使用。",
                ),
            ),
            (
                "ksbuilder",
                Bilingual::fixed(
                    "In the file that ksbuilder and `ksext` in a terminal use too.",
                    "保存在与 ksbuilder 和终端中的 `ksext` 共用的文件中。",
                ),
            ),
        ],
        default: "editor",
        scope: "application",
        summary: Bilingual::fixed(
            "Where the API key for KubeSphere Cloud is kept.",
            "KubeSphere Cloud 的 API 密钥保存在何处。",
        ),
    },
    EditorSetting {
        key: "trace.server",
        choices: &[
            ("off", Bilingual::fixed("Nothing.", "不记录。")),
            (
                "messages",
                Bilingual::fixed("Which messages there are.", "记录有哪些消息。"),
            ),
            (
                "verbose",
                Bilingual::fixed("What is in the messages too.", "同时记录消息的内容。"),
            ),
        ],
        default: "off",
        scope: "window",
        summary: Bilingual::fixed(
            "What of the messages between editor and language server is logged.",
            "在日志中记录编辑器与语言服务器之间消息的哪些内容。",
        ),
    },
];

/// The commands that the extension offers under the server's title. It signs in and out in its own way,
/// and marks with an ellipsis what asks for more.
const OFFERED: [&str; 10] = [
    "ksext.push",
    "ksext.status",
    "ksext.list",
    "ksext.unpush",
    "ksext.submit",
    "ksext.size",
    "ksext.preview",
    "ksext.marketplace",
    "ksext.diff",
    "ksext.package",
];

/// The values, as JSON, by the file in the repository and the place in it: `FILE#/json/pointer`.
pub(crate) fn pages() -> BTreeMap<String, String> {
    let configuration = format!("{FOLDER}/package.json#/contributes/configuration");
    let mut pages = BTreeMap::from([(configuration, format!("{:#}", configuration_value()))]);
    let version = json!(env!("CARGO_PKG_VERSION")).to_string();
    for place in [
        "package.json#/version",
        "package-lock.json#/version",
        "package-lock.json#/packages//version",
    ] {
        pages.insert(format!("{FOLDER}/{place}"), version.clone());
    }
    for (key, text) in texts() {
        for (file, lang) in [("package.nls", Lang::En), ("package.nls.zh-cn", Lang::Zh)] {
            let page = format!("{FOLDER}/{file}.json#/{key}");
            pages.insert(page, json!(text.get(lang)).to_string());
        }
    }
    pages
}

/// The texts, by their keys.
fn texts() -> Vec<(String, Bilingual)> {
    let mut texts = Vec::new();
    let offered = COMMANDS.iter().filter(|it| OFFERED.contains(&it.id));
    for command in offered {
        let name = command.id.trim_start_matches("ksext.");
        texts.push((format!("commands.{name}"), command.title.clone()));
    }
    for setting in SETTINGS {
        texts.push((text_key(setting.key), described(setting)));
    }
    for setting in &EDITOR_SETTINGS {
        let key = text_key(setting.key);
        for (choice, meaning) in setting.choices {
            texts.push((format!("{key}.{choice}"), meaning.clone()));
        }
        texts.push((key, setting.summary.clone()));
    }
    texts
}

fn text_key(setting: &str) -> String {
    format!("settings.{setting}")
}

/// What a setting does, and what counts without it where no value says so.
fn described(setting: &Setting) -> Bilingual {
    if default_value(setting).is_some() {
        return setting.summary.clone();
    }
    let (summary, default) = (&setting.summary, &setting.default);
    let (en, zh) = (&summary.en, &summary.zh);
    let (default_en, default_zh) = (&default.en, &default.zh);
    bilingual!("{en} Default: {default_en}.", "{zh}默认：{default_zh}。")
}

/// What counts where nothing is set, if that is a value and not a rule.
fn default_value(setting: &Setting) -> Option<Value> {
    let written = setting.default.en.trim_matches('`');
    match setting.kind {
        Kind::Words(words) => words.contains(&written).then(|| json!(written)),
        _ => serde_json::from_str(written).ok(),
    }
}

fn configuration_value() -> Value {
    let ours = SETTINGS.iter().map(|it| (it.key, property(it)));
    let editors = EDITOR_SETTINGS
        .iter()
        .map(|it| (it.key, editor_property(it)));
    let all = ours.chain(editors).zip(0..);
    let properties: Map<_, _> = all
        .map(|((key, mut property), order)| {
            property["order"] = json!(order);
            property["markdownDescription"] = json!(format!("%{}%", text_key(key)));
            (format!("ksext.{key}"), property)
        })
        .collect();
    json!({"title": "KubeSphere", "properties": properties})
}

fn property(setting: &Setting) -> Value {
    let mut property = match (setting.kind, default_value(setting)) {
        // Nothing set is what nobody else can say.
        (Kind::Words(words), None) => {
            let nothing = std::iter::once(Value::Null);
            let all: Vec<_> = nothing
                .chain(words.iter().map(|word| json!(word)))
                .collect();
            json!({"type": ["string", "null"], "enum": all, "default": null})
        }
        (Kind::Words(_), Some(_)) => json!({"type": "string"}),
        (Kind::Address, _) => json!({"default": ""}),
        (Kind::Severities, _) => return severities(setting),
        _ => json!({}),
    };
    for (key, value) in setting.kind.schema().as_object().into_iter().flatten() {
        if property.get(key).is_none() {
            property[key] = value.clone();
        }
    }
    if let Some(default) = default_value(setting) {
        property["default"] = default;
    }
    property["scope"] = json!(scope(setting));
    property
}

/// The rules by their ids alone: what each is about stands in the reference.
fn severities(setting: &Setting) -> Value {
    let schema = setting.kind.schema();
    let rules = schema["properties"].as_object();
    let level = rules.and_then(|rules| rules.values().next());
    let levels = level.map(|level| level["enum"].clone());
    let ids: Vec<&String> = rules.into_iter().flat_map(Map::keys).collect();
    json!({
        "type": "object", "default": {}, "scope": scope(setting),
        "propertyNames": {"enum": ids},
        "additionalProperties": {"type": "string", "enum": levels},
    })
}

/// A workspace comes from somebody else: what a project must not set, it must not either. The server
/// asks for the settings of the window, not for those of one of its folders.
fn scope(setting: &Setting) -> &'static str {
    match setting.scope {
        Scope::Project => "window",
        Scope::User => "application",
    }
}

fn editor_property(setting: &EditorSetting) -> Value {
    let mut property = json!({
        "type": "string", "default": setting.default, "scope": setting.scope,
    });
    if !setting.choices.is_empty() {
        let key = text_key(setting.key);
        let choices = setting.choices.iter();
        let (words, texts): (Vec<_>, Vec<_>) = choices
            .map(|(choice, _)| (*choice, format!("%{key}.{choice}%")))
            .unzip();
        property["enum"] = json!(words);
        property["markdownEnumDescriptions"] = json!(texts);
    }
    property
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_takes_its_own_default_and_says_who_may_set_it() {
        let configuration = configuration_value();
        let properties = configuration["properties"].as_object().expect("settings");
        for (key, default, scope) in [
            ("ksext.lang", json!(null), "window"),
            ("ksext.ruleSet", json!("recommended"), "window"),
            ("ksext.rules", json!({}), "window"),
            ("ksext.size.limit", json!(1_048_576), "window"),
            ("ksext.server", json!(""), "application"),
            ("ksext.push.confirm", json!(true), "application"),
            ("ksext.status.poll", json!(15), "application"),
            ("ksext.path", json!(""), "machine-overridable"),
            ("ksext.login.store", json!("editor"), "application"),
        ] {
            let property = &properties[key];
            assert_eq!(
                (&property["default"], &property["scope"]),
                (&default, &json!(scope)),
                "{key}"
            );
        }
        for (key, property) in properties {
            let schema = jsonschema::validator_for(property).expect(key);
            assert!(schema.is_valid(&property["default"]), "{key}: {property}");
        }
        assert_eq!(
            properties["ksext.rules"]["additionalProperties"]["enum"][0],
            "off"
        );
    }

    #[test]
    fn an_editor_that_sends_its_defaults_sets_nothing_wrong() {
        let configuration = configuration_value();
        let properties = configuration["properties"].as_object().expect("settings");
        let mut section = json!({});
        for (key, property) in properties {
            let key = key.trim_start_matches("ksext.");
            let (first, second) = key.split_once('.').unwrap_or((key, ""));
            match second {
                "" => section[first] = property["default"].clone(),
                second => section[first][second] = property["default"].clone(),
            }
        }
        let (_, problems) = ksext_core::settings::of_user(&section);
        assert_eq!(problems, []);
    }
}
