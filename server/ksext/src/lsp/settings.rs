//! The user's settings: where they come from, and what they say.
//!
//! The client brings them as the section `ksext`: with `initialize`, on our question, or on its own.
//! What a project sets stands in its `.ksext.yaml` and is read with each check.

use std::sync::Arc;

use ksext_core::lang::{Bilingual, Lang};
use ksext_core::settings::Poll;
use serde_json::{Map, Value};

use super::checking::Cause;
use super::proto::notification::{DidChangeConfiguration, Notification as _};
use super::proto::request::{RegisterCapability, WorkspaceConfiguration};
use super::proto::{ConfigurationItem, ConfigurationParams, Registration, RegistrationParams};
use super::reports::{Owner, Said};
use super::server::CLIENT_PATIENCE;
use super::state::Shared;
use crate::commands::UserSettings;

/// The name of our section.
const SECTION: &str = "ksext";

/// What the user has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    lang: Option<Lang>,
    /// Whether packages are checked that are not open.
    workspace: bool,
    other_yaml_server: bool,
    user: UserSettings,
    poll: Poll,
    hint: Option<bool>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            poll: Poll::default(),
            hint: None,
            other_yaml_server: false,
            lang: None,
            workspace: true,
            user: UserSettings::default(),
        }
    }
}

impl Shared {
    /// Asks the client for the settings, if it can be asked.
    pub(super) fn pull_settings(self: &Arc<Self>) {
        if !self.abilities().configuration {
            return;
        }
        let item = ConfigurationItem {
            scope_uri: None,
            section: Some(SECTION.to_owned()),
        };
        let params = ConfigurationParams { items: vec![item] };
        let answer = self
            .client
            .request::<WorkspaceConfiguration>(params, CLIENT_PATIENCE);
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            match answer.await {
                Ok(sections) => shared.apply_settings(sections.first().unwrap_or(&Value::Null)),
                Err(error) => tracing::warn!(%error, "the editor's settings are not known"),
            }
        });
    }

    /// Asks to be told when settings change, if the client wants to be asked.
    pub(super) fn watch_settings(&self) {
        if !self.abilities().register_configuration {
            return;
        }
        let answer = self.client.request::<RegisterCapability>(
            RegistrationParams {
                registrations: vec![Registration {
                    id: DidChangeConfiguration::METHOD.to_owned(),
                    method: DidChangeConfiguration::METHOD.to_owned(),
                    register_options: Some(serde_json::json!({ "section": SECTION })),
                }],
            },
            CLIENT_PATIENCE,
        );
        tokio::spawn(async move {
            if let Err(error) = answer.await {
                tracing::warn!(%error, "changes of settings are not told");
            }
        });
    }

    /// Takes over a section over the one of `initialize`, and checks anew what is open.
    pub(super) fn apply_settings(self: &Arc<Self>, section: &Value) {
        let mut state = self.state();
        let mut content = state.initial_settings.clone();
        lay_over(&mut content, &content_of(section));
        let (settings, problems) = read(&content);
        for problem in &problems {
            self.warn_once(&mut state, problem);
        }
        drop(state);
        let reviews = self.set_review_settings(settings.poll, settings.hint.unwrap_or(true));
        let mut state = self.state();
        let is_same = self.session.settings() == settings.user
            && state.set_lang == settings.lang
            && state.checks_workspace == settings.workspace
            && state.other_yaml_server == settings.other_yaml_server;
        if is_same {
            drop(state);
            if reviews {
                self.refresh_reviews();
            }
            return;
        }
        self.session.set(settings.user);
        state.set_lang = settings.lang;
        state.checks_workspace = settings.workspace;
        state.other_yaml_server = settings.other_yaml_server;
        for home in state.packages.homes() {
            if !settings.workspace && !state.is_open(&home) {
                self.say(
                    &mut state,
                    &Owner::Package(home.clone()),
                    Said::new(),
                    Cause::Unseen,
                );
            }
            self.check(&mut state, &home, Cause::Outside);
        }
        for path in state.settings_looks.keys().cloned().collect::<Vec<_>>() {
            self.check_settings_file(&mut state, &path);
        }
        drop(state);
        self.refresh_reviews();
    }
}

/// The content of our section, in nested form: `{"size.limit": 1}` is `{"size": {"limit": 1}}`.
pub(super) fn content_of(section: &Value) -> Value {
    let section = section
        .get(SECTION)
        .filter(|inner| inner.is_object())
        .unwrap_or(section);
    let mut content = Value::Object(Map::new());
    for (key, value) in section.as_object().into_iter().flatten() {
        let names = key.split('.').rev();
        let nested = names.fold(
            value.clone(),
            |value, name| serde_json::json!({ name: value }),
        );
        lay_over(&mut content, &nested);
    }
    content
}

fn lay_over(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                lay_over(below.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        // Editors write null for what is not set.
        (_, Value::Null) => {}
        (below, above) => *below = above.clone(),
    }
}

/// What `content` sets, and what in it says nothing.
fn read(content: &Value) -> (Settings, Vec<Bilingual>) {
    let (given, problems) = ksext_core::settings::of_user(content);
    let before = UserSettings::default();
    let settings = Settings {
        lang: given.lang,
        workspace: given.workspace_diagnostics.unwrap_or(true),
        other_yaml_server: given.other_yaml_server.unwrap_or_default(),
        poll: given.status_poll.unwrap_or_default(),
        hint: given.status_hint,
        user: UserSettings {
            server: given.server,
            push_confirm: given.push_confirm.unwrap_or(before.push_confirm),
            check: given.check,
        },
    };
    (settings, problems)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(section: Value, expected: &Settings, problems: &[&str]) {
        let (settings, found) = read(&content_of(&section));
        assert_eq!(settings, *expected, "{section}");
        let found: Vec<_> = found.iter().map(|problem| problem.en.as_ref()).collect();
        assert_eq!(found, problems, "{section}");
    }

    fn all() -> Settings {
        let mut settings = Settings {
            lang: Some(Lang::Zh),
            ..Settings::default()
        };
        settings.user.server = Some("http://127.0.0.1:1".to_owned());
        settings.user.push_confirm = false;
        settings.user.check.size_limit = Some(5);
        settings
            .user
            .check
            .severities
            .insert("unknown-key".to_owned(), None);
        settings
    }

    #[test]
    fn a_section_is_nested_or_flat_with_or_without_its_name() {
        let nested = json!({
            "lang": "zh", "server": "http://127.0.0.1:1", "push": {"confirm": false},
            "size": {"limit": 5}, "rules": {"unknown-key": "off"},
        });
        check(nested.clone(), &all(), &[]);
        check(json!({ "ksext": nested }), &all(), &[]);
        check(
            json!({
                "lang": "zh", "server": "http://127.0.0.1:1", "push.confirm": false,
                "size.limit": 5, "rules.unknown-key": "off",
            }),
            &all(),
            &[],
        );
    }

    #[test]
    fn what_is_no_section_sets_nothing() {
        for section in [
            json!(null),
            json!({}),
            json!([]),
            json!("x"),
            json!({"ksext": null}),
        ] {
            check(section, &Settings::default(), &[]);
        }
    }

    #[test]
    fn a_later_section_lies_over_that_of_initialize() {
        let mut content = content_of(&json!({"lang": "zh", "size": {"limit": 5}}));
        lay_over(
            &mut content,
            &content_of(&json!({"lang": null, "size.limit": 7, "push.confirm": true})),
        );
        assert_eq!(
            content,
            json!({"lang": "zh", "size": {"limit": 7}, "push": {"confirm": true}})
        );
    }
}
