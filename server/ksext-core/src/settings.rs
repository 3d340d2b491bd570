//! THE table of settings: what can be set, by whom, and what it does. The project's file, the
//! editor's section, the reference and the published schema all follow it.
//!
//! A setting that cannot be used is left out and told; the others count.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::bilingual;
use crate::check;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::{Bilingual, Lang};
use crate::package::PkgPath;
use crate::package::size::LIMIT;
use crate::rules::{self, RULES, RuleSet};
use crate::text::{Span, TextEdit};
use crate::yaml::{self, Kind as NodeKind, Tree};

/// The name of a project's file.
pub const FILE_NAME: &str = ".ksext.yaml";

/// The words for the severity of a rule.
pub(crate) const LEVELS: [&str; 5] = ["off", "error", "warning", "information", "hint"];

/// How often the cloud is asked about a review at first, where the user says nothing of it.
const POLL: Duration = Duration::from_secs(15);

/// The longest that can be set between two questions, in seconds.
const LONGEST_POLL: f64 = 86_400.0;

/// First names of what editors keep in our section for themselves: how the program is started, where
/// they keep the login, and what is logged.
const OF_THE_EDITOR: [&str; 9] = [
    "args",
    "command",
    "enable",
    "enabled",
    "env",
    "executable",
    "login",
    "path",
    "trace",
];

/// Every setting, in the order of the reference.
pub static SETTINGS: &[Setting] = &[
    Setting {
        key: "lang",
        scope: Scope::Project,
        kind: Kind::Words(&["en", "zh"]),
        default: Bilingual::fixed("that of the editor or the locale", "编辑器或系统区域的语言"),
        summary: Bilingual::fixed("The language of messages.", "消息的语言。"),
        set: |given, value| {
            given.lang = Some(match value.as_str()? {
                "en" => Lang::En,
                "zh" => Lang::Zh,
                _ => return None,
            });
            Some(())
        },
    },
    Setting {
        key: "ruleSet",
        scope: Scope::Project,
        kind: Kind::Words(&RuleSet::WORDS),
        default: Bilingual::fixed("`recommended`", "`recommended`"),
        summary: Bilingual::fixed(
            "Which rules are on where `rules` does not name them: the recommended ones, or all.",
            "`rules` 未提及的规则中启用哪些：推荐的规则，或全部规则。",
        ),
        set: |given, value| {
            given.check.rule_set = Some(RuleSet::from_word(value.as_str()?)?);
            Some(())
        },
    },
    Setting {
        key: "rules",
        scope: Scope::Project,
        kind: Kind::Severities,
        default: Bilingual::fixed("each rule's own", "各规则自己的级别"),
        summary: Bilingual::fixed(
            "The severity of single rules, by their ids; `off` turns one off. Push fails over what it cannot take all the same.",
            "按 id 设置单条规则的级别；`off` 关闭规则。推送无法接受的内容仍会失败。",
        ),
        set: |_, value| value.is_object().then_some(()),
    },
    Setting {
        key: "size.limit",
        scope: Scope::Project,
        kind: Kind::Bytes,
        default: Bilingual::fixed("1048576", "1048576"),
        summary: Bilingual::fixed(
            "The most bytes that the packed package may have. It can only be lowered below the limit of KubeSphere Cloud.",
            "打包后的扩展组件包的字节数上限，只能低于 KubeSphere Cloud 的上限。",
        ),
        set: |given, value| {
            given.check.size_limit = Some(value.as_u64().filter(|limit| *limit <= LIMIT)?);
            Some(())
        },
    },
    Setting {
        key: "server",
        scope: Scope::User,
        kind: Kind::Address,
        default: Bilingual::fixed("KubeSphere Cloud", "KubeSphere Cloud"),
        summary: Bilingual::fixed(
            "The server to log in to and push to.",
            "登录和推送所用的服务器。",
        ),
        set: |given, value| {
            let address = value.as_str()?;
            given.server = (!address.is_empty()).then(|| address.to_owned());
            Some(())
        },
    },
    Setting {
        key: "push.confirm",
        scope: Scope::User,
        kind: Kind::Flag,
        default: Bilingual::fixed("`true`", "`true`"),
        summary: Bilingual::fixed("Whether push asks first.", "推送前是否询问。"),
        set: |given, value| {
            given.push_confirm = Some(value.as_bool()?);
            Some(())
        },
    },
    Setting {
        key: "diagnostics.workspace",
        scope: Scope::User,
        kind: Kind::Flag,
        default: Bilingual::fixed("`true`", "`true`"),
        summary: Bilingual::fixed(
            "Whether the editor shows findings of all packages in the workspace, or only of those of which a file is open.",
            "编辑器是显示工作区中所有扩展组件包的问题，还是仅显示有文件打开的扩展组件包的问题。",
        ),
        set: |given, value| {
            given.workspace_diagnostics = Some(value.as_bool()?);
            Some(())
        },
    },
    Setting {
        key: "diagnostics.otherYamlServer",
        scope: Scope::User,
        kind: Kind::Flag,
        default: Bilingual::fixed("`false`", "`false`"),
        summary: Bilingual::fixed(
            "Whether another YAML server looks at the same manifests, such as Red Hat's: what it is certain to report too is left to it.",
            "是否有其他 YAML 语言服务器（如 Red Hat 的 YAML 扩展）检查同样的清单：它必定也会报告的问题不再重复显示。",
        ),
        set: |given, value| {
            given.other_yaml_server = Some(value.as_bool()?);
            Some(())
        },
    },
    Setting {
        key: "status.poll",
        scope: Scope::User,
        kind: Kind::Interval,
        default: Bilingual::fixed("`15`", "`15`"),
        summary: Bilingual::fixed(
            "How many seconds after a push the server is first asked for the review status; then ever more rarely, up to twenty times as long. `off` never asks. Nothing is asked before you have logged in, pushed or asked for a status.",
            "推送后隔多少秒首次查询审核状态；之后间隔逐渐加长，最长为其二十倍。`off` 表示从不查询。在您登录、推送或查看状态之前不会发送任何请求。",
        ),
        set: |given, value| {
            given.status_poll = Some(Poll::of(value)?);
            Some(())
        },
    },
    Setting {
        key: "status.hint",
        scope: Scope::User,
        kind: Kind::Flag,
        default: Bilingual::fixed("`true`", "`true`"),
        summary: Bilingual::fixed(
            "Whether the review status stands behind `version`, in editors with inlay hints.",
            "在支持内嵌提示的编辑器中，是否在 `version` 之后显示审核状态。",
        ),
        set: |given, value| {
            given.status_hint = Some(value.as_bool()?);
            Some(())
        },
    },
];

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name; a dot leads to a value inside another: `size.limit` is `{"size": {"limit": …}}`.
    pub key: &'static str,
    /// Who may set it.
    pub scope: Scope,
    /// What it takes.
    pub kind: Kind,
    /// What counts where nothing is set, for the reference.
    pub default: Bilingual,
    /// What it does.
    pub summary: Bilingual,
    set: fn(&mut Given, &Value) -> Option<()>,
}

/// Who may set a [`Setting`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A project for all who work on it, and a user for all projects.
    Project,
    /// The user alone.
    User,
}

/// What a [`Setting`] takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these words.
    Words(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A number of bytes, which no archive may exceed.
    Bytes,
    /// The address of a server.
    Address,
    /// A number of seconds, or `off`.
    Interval,
    /// A map from the ids of rules to severities or `off`.
    Severities,
}

/// What somebody has set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The language of messages.
    pub lang: Option<Lang>,
    /// What is asked of the check.
    pub check: check::Settings,
    /// The server, as it is written.
    pub server: Option<String>,
    /// Whether push asks first.
    pub push_confirm: Option<bool>,
    /// Whether an editor shows findings of packages that are not open.
    pub workspace_diagnostics: Option<bool>,
    /// Whether another YAML server looks at the same manifests.
    pub other_yaml_server: Option<bool>,
    /// How often reviews are asked about.
    pub status_poll: Option<Poll>,
    /// Whether the review stands behind `version`.
    pub status_hint: Option<bool>,
}

/// How often the cloud is asked about a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll {
    /// Never.
    Off,
    /// After this long at first.
    Every(Duration),
}

impl Default for Poll {
    fn default() -> Self {
        Self::Every(POLL)
    }
}

impl Poll {
    fn of(value: &Value) -> Option<Self> {
        if value == "off" || *value == false {
            return Some(Self::Off);
        }
        if *value == true {
            return Some(Self::default());
        }
        let seconds = value.as_f64().filter(|seconds| *seconds > 0.0)?;
        Some(Self::Every(Duration::from_secs_f64(
            seconds.min(LONGEST_POLL),
        )))
    }
}

/// Something that sets nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    /// The keys that lead to it.
    path: Vec<String>,
    why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    /// The value must be this.
    Value(Bilingual),
    /// There is no such rule.
    NoRule,
    /// There is no such setting, but perhaps this one was meant.
    NoSetting(Option<String>),
    /// Only a user may set it.
    UsersAlone,
}

impl Kind {
    /// What a value must be, as the end of a sentence.
    pub fn wanted(self) -> Bilingual {
        match self {
            Self::Words(words) => one_of(words),
            Self::Flag => one_of(&["true", "false"]),
            Self::Bytes => bilingual!(
                "a number of bytes, at most {LIMIT}",
                "不超过 {LIMIT} 的字节数"
            ),
            Self::Address => Bilingual::fixed("an address", "一个地址"),
            Self::Interval => Bilingual::fixed("a number of seconds or `off`", "秒数或 `off`"),
            Self::Severities => {
                let levels = one_of(&LEVELS);
                let (en, zh) = (levels.en, levels.zh);
                bilingual!("a map from rules to {en}", "从规则到{zh} 的映射")
            }
        }
    }

    /// What it takes, as a JSON Schema.
    pub fn schema(self) -> Value {
        match self {
            Self::Words(words) => json!({ "enum": words }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Bytes => json!({ "type": "integer", "minimum": 0, "maximum": LIMIT }),
            Self::Address => json!({ "type": "string" }),
            Self::Interval => json!({
                "anyOf": [{ "enum": ["off"] }, { "type": "number", "exclusiveMinimum": 0 }]
            }),
            Self::Severities => {
                let rules = RULES.iter().map(|rule| {
                    let (en, zh) = (&rule.page.summary.en, &rule.page.summary.zh);
                    let level = json!({ "enum": LEVELS, "description": en, "x-zh": zh });
                    (rule.id.to_owned(), level)
                });
                let rules: Map<_, _> = rules.collect();
                json!({ "type": "object", "properties": rules, "additionalProperties": false })
            }
        }
    }
}

/// `` `a`, `b` or `c` ``
fn one_of(words: &[&str]) -> Bilingual {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    let (last, others) = quoted
        .split_last()
        .map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
    let (en, zh) = (others.join(", "), others.join("、"));
    bilingual!("{en} or {last}", " {zh} 或 {last}")
}

/// What the section of an editor sets, in nested form, and what in it says nothing. The editor keeps
/// settings of its own there, which are left alone.
pub fn of_user(section: &Value) -> (Given, Vec<Bilingual>) {
    let mut reader = Reader::default();
    for setting in SETTINGS {
        reader.take(section, setting);
    }
    reader.look_at_users_keys(section);
    let problems = reader.problems.iter().map(|problem| {
        let key = problem.path.join(".");
        let Bilingual { en, zh } = match &problem.why {
            Why::Value(wanted) => wanted.clone(),
            Why::NoSetting(meant) => return unknown_of_user(&key, meant.as_deref()),
            _ => Bilingual::fixed("about a rule that exists", "关于已有规则的设置"),
        };
        bilingual!(
            "the setting `ksext.{key}` is ignored: it must be {en}",
            "已忽略设置 `ksext.{key}`：它必须是{zh}",
        )
    });
    let problems = problems.collect();
    (reader.given, problems)
}

fn unknown_of_user(key: &str, meant: Option<&str>) -> Bilingual {
    match meant {
        Some(meant) => bilingual!(
            "there is no setting `ksext.{key}`, so it changes nothing. Did you mean `{meant}`?",
            "没有设置项 `ksext.{key}`，它不起作用。您是否想写 `{meant}`？",
        ),
        None => bilingual!(
            "there is no setting `ksext.{key}`, so it changes nothing",
            "没有设置项 `ksext.{key}`，它不起作用",
        ),
    }
}

/// What the project's file at `path` sets: `content`, which was read from `text`. What in it sets
/// nothing is among the findings of [`check::Settings`].
pub fn of_project(path: &PkgPath, text: &str, content: &Value) -> Given {
    let mut reader = Reader::default();
    match content {
        Value::Null => {}
        Value::Object(fields) => {
            let of_projects = |setting: &&Setting| setting.scope == Scope::Project;
            for setting in SETTINGS.iter().filter(of_projects) {
                reader.take(content, setting);
            }
            reader.look_at_keys(fields);
        }
        _ => reader.refuse(&[], Why::Value(map_of_settings())),
    }
    let mut given = reader.given;
    if !reader.problems.is_empty() {
        let tree = yaml::parse(text);
        let problems = reader.problems.iter();
        given.check.findings = problems
            .map(|problem| finding(problem, path, text, &tree))
            .collect();
    }
    given
}

/// That the project's file at `path` says nothing, because its text is not YAML: the place of the
/// first mistake, or else `at`, the byte where a reader that said `why` has stopped.
pub fn unreadable(path: &PkgPath, text: &str, at: usize, why: &str) -> Finding {
    let (span, words) = rules::first_syntax_error(text).unwrap_or_else(|| {
        let at = text.floor_char_boundary(at);
        (Span::empty(at), bilingual!("{why}", "{why}"))
    });
    let (en, zh) = (words.en, words.zh);
    let location = Location {
        file: path.clone(),
        span,
    };
    rules::ignored_setting(
        location,
        bilingual!(
            "these settings are ignored: the file is not YAML: {en}",
            "已忽略这些设置：文件不是有效的 YAML：{zh}",
        ),
    )
}

fn map_of_settings() -> Bilingual {
    Bilingual::fixed("a map of settings", "设置项的映射")
}

#[derive(Default)]
struct Reader {
    given: Given,
    problems: Vec<Problem>,
}

impl Reader {
    fn refuse(&mut self, path: &[&str], why: Why) {
        let path = path.iter().map(|&key| key.to_owned()).collect();
        self.problems.push(Problem { path, why });
    }

    /// Takes one setting out of `content`, if it is there. Editors write null for what is not set.
    fn take(&mut self, content: &Value, setting: &Setting) {
        let pointer = format!("/{}", setting.key.replace('.', "/"));
        let Some(value) = content.pointer(&pointer).filter(|value| !value.is_null()) else {
            return;
        };
        if (setting.set)(&mut self.given, value).is_none() {
            let path: Vec<_> = setting.key.split('.').collect();
            self.refuse(&path, Why::Value(setting.kind.wanted()));
        }
        if setting.kind == Kind::Severities {
            for (rule, level) in value.as_object().into_iter().flatten() {
                self.take_severity(setting.key, rule, level);
            }
        }
    }

    fn take_severity(&mut self, key: &str, rule: &str, level: &Value) {
        let severity = level.as_str().and_then(|word| match word {
            "off" => Some(None),
            word => Severity::from_word(word).map(Some),
        });
        match severity {
            _ if level.is_null() => {}
            _ if rules::find(rule).is_none() => self.refuse(&[key, rule], Why::NoRule),
            Some(severity) => {
                let severities = &mut self.given.check.severities;
                severities.insert(rule.to_owned(), severity);
            }
            None => self.refuse(&[key, rule], Why::Value(one_of(&LEVELS))),
        }
    }

    /// Looks for keys in a user's section that set nothing and are not the editor's.
    fn look_at_users_keys(&mut self, section: &Value) {
        for (key, value) in section.as_object().into_iter().flatten() {
            let inner = format!("{key}.");
            let known: Vec<&str> = keys()
                .filter_map(|(known, _)| known.strip_prefix(&inner))
                .collect();
            let names = value.as_object().filter(|_| !known.is_empty());
            for name in names.into_iter().flat_map(Map::keys) {
                if !known.contains(&name.as_str()) {
                    let meant = rules::did_you_mean(name, known.iter().copied());
                    let meant = meant.map(str::to_owned);
                    self.refuse(&[key, name], Why::NoSetting(meant));
                }
            }
            // Editors write null for what is not set.
            let is_known = value.is_null()
                || !known.is_empty()
                || OF_THE_EDITOR.contains(&key.as_str())
                || keys().any(|(known, _)| known == key);
            if !is_known {
                let firsts = keys().filter_map(|(known, _)| known.split('.').next());
                let meant = rules::did_you_mean(key, firsts).map(str::to_owned);
                self.refuse(&[key], Why::NoSetting(meant));
            }
        }
    }

    /// Looks for keys in a project's file that set nothing.
    fn look_at_keys(&mut self, fields: &Map<String, Value>) {
        for (key, value) in fields {
            let inner = format!("{key}.");
            let known: Vec<&str> = keys()
                .filter_map(|(known, _)| known.strip_prefix(&inner))
                .collect();
            match value {
                _ if known.is_empty() => self.look_at_key(&[key], first_keys()),
                Value::Object(fields) => {
                    for name in fields.keys() {
                        self.look_at_key(&[key, name], known.iter().copied());
                    }
                }
                Value::Null => {}
                _ => self.refuse(&[key], Why::Value(map_of_settings())),
            }
        }
    }

    fn look_at_key<'k>(&mut self, path: &[&str], known: impl Iterator<Item = &'k str>) {
        let key = path.join(".");
        let found = keys().find(|(known, _)| *known == key);
        match found {
            Some((_, Scope::Project)) => {}
            Some((_, Scope::User)) => self.refuse(path, Why::UsersAlone),
            None => {
                let name = path.last().copied().unwrap_or_default();
                let meant = rules::did_you_mean(name, known).map(str::to_owned);
                self.refuse(path, Why::NoSetting(meant));
            }
        }
    }
}

/// Every key, and who may set it.
fn keys() -> impl Iterator<Item = (&'static str, Scope)> {
    SETTINGS.iter().map(|setting| (setting.key, setting.scope))
}

/// The keys at the top of a project's file.
fn first_keys() -> impl Iterator<Item = &'static str> {
    keys()
        .filter(|(_, scope)| *scope == Scope::Project)
        .filter_map(|(key, _)| key.split('.').next())
}

/// A problem as a finding at its key or value.
fn finding(problem: &Problem, file: &PkgPath, text: &str, tree: &Tree) -> Finding {
    let place = place(tree, &problem.path);
    let at = |span| Location {
        file: file.clone(),
        span,
    };
    let key = problem.path.join(".");
    match &problem.why {
        Why::NoRule => {
            let id = problem.path.last().map_or("", String::as_str);
            rules::unknown_rule(id, at(place.key))
        }
        Why::Value(wanted) => {
            let (en, zh) = (&wanted.en, &wanted.zh);
            let message = if key.is_empty() {
                bilingual!(
                    "these settings are ignored: the file must be {en}",
                    "已忽略这些设置：文件必须是{zh}",
                )
            } else {
                bilingual!(
                    "the setting `{key}` is ignored: it must be {en}",
                    "已忽略设置 `{key}`：它必须是{zh}",
                )
            };
            rules::ignored_setting(at(place.value), message)
        }
        Why::UsersAlone => {
            let message = bilingual!(
                "the setting `{key}` is ignored: only a user may set it, not a project",
                "已忽略设置 `{key}`：它只能由用户设定，项目不能设定",
            );
            rules::ignored_setting(at(place.key), message)
        }
        Why::NoSetting(None) => {
            let message = bilingual!(
                "there is no setting `{key}`, so it changes nothing",
                "没有设置项 `{key}`，它不起作用",
            );
            rules::ignored_setting(at(place.key), message)
        }
        Why::NoSetting(Some(meant)) => {
            let message = bilingual!(
                "there is no setting `{key}`, so it changes nothing. Did you mean `{meant}`?",
                "没有设置项 `{key}`，它不起作用。您是否想写 `{meant}`？",
            );
            let title = bilingual!("Rename to `{meant}`", "改名为 `{meant}`");
            let quoted = place.key.of(text).starts_with(['"', '\'']);
            let edit = TextEdit {
                span: place.key,
                text: if quoted {
                    format!("\"{meant}\"")
                } else {
                    meant.clone()
                },
            };
            rules::ignored_setting(at(place.key), message).fixed_by(Safety::Unsafe, title, [edit])
        }
    }
}

/// Where a key of a project's file stands, and its value.
struct Place {
    key: Span,
    value: Span,
}

fn place(tree: &Tree, path: &[String]) -> Place {
    let root = tree.root();
    let span = root.map_or(Span::empty(0), |root| tree.span(root));
    let mut place = Place {
        key: span,
        value: span,
    };
    let mut node = root;
    for name in path {
        let pairs = node.map_or(&[][..], |node| tree.pairs(node));
        // As in every map, the last one counts.
        let mut pairs = pairs.iter().rev();
        let found = pairs.find(|pair| tree.scalar(pair.key) == Some(name));
        let Some(pair) = found else { break };
        place = Place {
            key: tree.span(pair.key),
            value: tree.span(pair.value),
        };
        node = Some(pair.value);
    }
    // A value of many lines is named by its key.
    if matches!(
        node.map(|node| &tree.node(node).kind),
        Some(NodeKind::Mapping { flow: false, .. } | NodeKind::Sequence { flow: false, .. })
    ) {
        place.value = place.key;
    }
    place
}

/// The JSON Schema of a project's file.
pub fn schema() -> Value {
    let mut root = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": crate::schema::address("settings.schema.json"),
        "title": "Settings of a project for ksext",
        "description": "The file .ksext.yaml, beside a package or above it.",
        "x-zh": "扩展组件包旁边或上级目录中的 .ksext.yaml 文件。",
        "type": "object",
        "properties": {},
        "additionalProperties": false,
    });
    let of_projects = |setting: &&Setting| setting.scope == Scope::Project;
    for setting in SETTINGS.iter().filter(of_projects) {
        let mut schema = setting.kind.schema();
        schema["description"] = setting.summary.en.clone().into();
        schema["x-zh"] = setting.summary.zh.clone().into();
        let mut at = &mut root;
        let mut names = setting.key.split('.').peekable();
        while let Some(name) = names.next() {
            at = &mut at["properties"][name];
            if names.peek().is_none() {
                *at = schema.take();
            } else if at.is_null() {
                *at = json!({"type": "object", "properties": {}, "additionalProperties": false});
            }
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_user_of(section: Value, expected: &Given, problems: &[&str]) {
        let (given, found) = of_user(&section);
        assert_eq!(given, *expected, "{section}");
        let found: Vec<_> = found.iter().map(|problem| problem.en.as_ref()).collect();
        assert_eq!(found, problems, "{section}");
    }

    #[test]
    fn a_user_sets_everything() {
        let mut expected = Given {
            lang: Some(Lang::Zh),
            server: Some("http://127.0.0.1:1".to_owned()),
            push_confirm: Some(false),
            status_poll: Some(Poll::Every(Duration::from_millis(500))),
            status_hint: Some(false),
            ..Given::default()
        };
        expected.check.size_limit = Some(5);
        expected.check.rule_set = Some(RuleSet::All);
        let severities = &mut expected.check.severities;
        severities.insert("unknown-key".to_owned(), None);
        severities.insert("missing-icon".to_owned(), Some(Severity::Hint));
        let section = json!({
            "lang": "zh", "server": "http://127.0.0.1:1", "push": {"confirm": false},
            "status": {"poll": 0.5, "hint": false}, "size": {"limit": 5}, "ruleSet": "all",
            "rules": {"unknown-key": "off", "missing-icon": "hint"},
        });
        of_user_of(section, &expected, &[]);
        for nothing in [
            json!(null),
            json!({}),
            json!({"lang": null, "server": "", "push": null, "rules": {"unknown-key": null}}),
        ] {
            of_user_of(nothing, &Given::default(), &[]);
        }
    }

    #[test]
    fn a_review_is_asked_about_after_some_seconds_or_never() {
        let every = |seconds| Some(Poll::Every(Duration::from_secs(seconds)));
        for (value, expected) in [
            (json!("off"), Some(Poll::Off)),
            (json!(false), Some(Poll::Off)),
            (json!(true), every(15)),
            (json!(60), every(60)),
            (json!(1e300), every(86_400)),
            (json!(0), None),
            (json!(-1), None),
            (json!("on"), None),
            (json!([]), None),
        ] {
            assert_eq!(Poll::of(&value), expected, "{value}");
        }
    }

    #[test]
    fn a_wrong_value_of_a_user_is_named_and_the_others_count() {
        let expected = Given {
            push_confirm: Some(false),
            status_poll: Some(Poll::Every(Duration::from_secs(3))),
            ..Given::default()
        };
        of_user_of(
            json!({
                "lang": "fr", "push": {"confirm": false}, "size": {"limit": -1}, "ruleSet": "some",
                "rules": {"no-such-rule": "off", "unknown-key": "loud"}, "trace": {"server": "off"},
                "diagnostics": {"workspaces": true}, "ruleset": "all", "status": {"poll": 3},
            }),
            &expected,
            &[
                "the setting `ksext.lang` is ignored: it must be `en` or `zh`",
                "the setting `ksext.ruleSet` is ignored: it must be `recommended` or `all`",
                "the setting `ksext.rules.no-such-rule` is ignored: it must be about a rule that exists",
                "the setting `ksext.rules.unknown-key` is ignored: it must be `off`, `error`, `warning`, `information` or `hint`",
                "the setting `ksext.size.limit` is ignored: it must be a number of bytes, at most 1048576",
                "there is no setting `ksext.diagnostics.workspaces`, so it changes nothing. Did you mean `workspace`?",
                "there is no setting `ksext.ruleset`, so it changes nothing. Did you mean `ruleSet`?",
            ],
        );
    }

    fn project(text: &str) -> Given {
        // Settings are YAML 1.2, in which `off` is a word.
        let content: Option<_> = serde_yaml::from_str(text).expect("YAML");
        of_project(&FILE_NAME.into(), text, &content.unwrap_or_default())
    }

    /// The findings about a project's file, as `rule: text at the place: fix`.
    fn check_project(text: &str, expected: &[&str]) {
        let findings = project(text).check.findings;
        let seen: Vec<_> = findings
            .iter()
            .map(|finding| {
                let fix = finding.fixes.first().map_or("", |fix| &fix.title.en);
                let at = finding.location.span.of(text);
                format!("{}: {at}: {fix}", finding.rule)
            })
            .collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn a_project_sets_rules_language_and_a_lower_limit() {
        let text = "lang: zh\nsize:\n  limit: 500000\nruleSet: all\nrules:\n  unknown-key: off\n  missing-icon: \"warning\"\n";
        let given = project(text);
        assert_eq!(given.lang, Some(Lang::Zh));
        assert_eq!(given.check.size_limit, Some(500_000));
        assert_eq!(given.check.rule_set, Some(RuleSet::All));
        assert_eq!(given.check.severities["unknown-key"], None);
        assert_eq!(
            given.check.severities["missing-icon"],
            Some(Severity::Warning)
        );
        check_project(text, &[]);
        for nothing in ["", "# nothing\n", "rules:\nsize:\n"] {
            assert_eq!(project(nothing), Given::default(), "{nothing}");
        }
    }

    #[test]
    fn what_sets_nothing_in_a_project_is_found_at_its_place() {
        check_project(
            "\u{feff}server: https://example.com\r\n",
            &["project-settings: server: "],
        );
        check_project("push: {confirm: false}\n", &["project-settings: confirm: "]);
        check_project("status:\n  poll: 3\n", &["project-settings: poll: "]);
        check_project(
            "\"ruleset\": all # 全部\n",
            &["project-settings: \"ruleset\": Rename to `ruleSet`"],
        );
        check_project(
            "size: {limits: 3}\n",
            &["project-settings: limits: Rename to `limit`"],
        );
        check_project("size: 3\n", &["project-settings: 3: "]);
        check_project("观测: 3\n", &["project-settings: 观测: "]);
        check_project("lang: \"fr\"\n", &["project-settings: \"fr\": "]);
        check_project("size:\n  limit:\n    - 1\n", &["project-settings: limit: "]);
        check_project("size: {limit: 1048577}\n", &["project-settings: 1048577: "]);
        check_project(
            "rules: {mising-icon: off, missing-icon: loud}\n",
            &[
                "unknown-rule: mising-icon: Write `missing-icon`",
                "project-settings: loud: ",
            ],
        );
        check_project("[]\n", &["project-settings: []: "]);
    }

    #[test]
    fn what_a_project_may_not_set_is_not_set() {
        let given = project("server: https://example.com\npush: {confirm: false}\n");
        assert_eq!((given.server, given.push_confirm), (None, None));
    }

    #[test]
    fn the_schema_takes_what_a_project_may_set() {
        let schema = schema();
        assert_eq!(
            schema["properties"]["size"]["properties"]["limit"]["type"],
            "integer"
        );
        assert_eq!(schema["properties"]["lang"]["enum"], json!(["en", "zh"]));
        assert_eq!(schema["properties"].get("server"), None);
        let rules = &schema["properties"]["rules"]["properties"];
        assert_eq!(rules["missing-icon"]["enum"], json!(LEVELS));
    }
}
