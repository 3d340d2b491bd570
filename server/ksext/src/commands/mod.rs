//! THE list of commands: what a user can ask ksext to do, one file each, shared by the command line
//! and the language server.
//!
//! A command takes its arguments as data, asks and reports through a [`Ui`], and answers data or a
//! [`Refusal`]. It neither prints nor knows a protocol. Each file holds
//! * `Args`, the one argument, and `Answer`, both of the shapes that the protocol promises and with
//!   what the reference says of them,
//! * `run`, typed, for the command line,
//! * `COMMAND`, the same without types, for `workspace/executeCommand`, if editors have it.
//!
//! What they share stands in `shared`.

pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod manifests;
mod marketplace;
pub(crate) mod new;
pub(crate) mod package;
pub(crate) mod preview;
pub(crate) mod push;
mod shared;
pub(crate) mod size;
pub(crate) mod status;
pub(crate) mod submit;
pub(crate) mod unpush;
pub(crate) mod watch;
pub(crate) mod whoami;

use std::future::Future;
use std::pin::Pin;

use ksext_core::lang::Bilingual;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use shared::object::object;
pub(crate) use shared::object::{Described, Flag, IS_TOLD, Kind, Member, Need};
pub(crate) use shared::refusal::Refusal;
pub(crate) use shared::session::{OpenBuffers, Session, UserSettings};
pub(crate) use shared::state_word::{Tone, state_word};
pub(crate) use shared::target::Target;
pub(crate) use shared::ui::{Choice, Chosen, Confirmation, Edited, Stage, Ui};
pub(crate) use shared::{age, charts, last_known, review};
use shared::{packing, session, work};

/// Every command, in the order in which references list them.
pub(crate) static COMMANDS: &[&Command] = &[
    &login::COMMAND,
    &logout::COMMAND,
    &whoami::COMMAND,
    &push::COMMAND,
    &status::COMMAND,
    &list::COMMAND,
    &unpush::COMMAND,
    &submit::COMMAND,
    &size::COMMAND,
    &preview::COMMAND,
    &marketplace::COMMAND,
    &diff::COMMAND,
    &package::COMMAND,
    &new::COMMAND,
];

/// An answer that can be told in one sentence, to whoever started the command from a terminal, a lens
/// or a menu. Names in it are as the cloud wrote them, status words in the
/// user's language ([`state_word()`]).
pub(crate) trait Said {
    /// The sentence, without a full stop.
    fn said(&self) -> Bilingual;
}

/// What a command has done.
#[derive(Debug)]
pub(crate) struct Done {
    /// An object, for programs.
    pub(crate) answer: Value,
    /// See [`Said`].
    pub(crate) said: Bilingual,
}

/// What a command has done, or why not.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Done, Refusal>> + Send + 'a>>;

/// A command as others list and run it.
pub(crate) struct Command {
    /// Its name for `workspace/executeCommand`.
    pub(crate) id: &'static str,
    /// What a menu calls it.
    pub(crate) title: Bilingual,
    /// What it does, in a sentence.
    pub(crate) summary: Bilingual,
    /// Its one argument.
    pub(crate) takes: Kind,
    /// The object that it answers.
    pub(crate) answers: Kind,
    run: for<'a> fn(&'a Session, &'a dyn Ui, Value) -> Answer<'a>,
}

impl Command {
    /// Runs it with its one argument, an object; `null` stands for an empty one.
    ///
    /// Dropping the future stops the work without a word. To be told what already stands on the
    /// server, let [`Ui::cancelled`] end instead.
    pub(crate) fn run<'a>(&self, session: &'a Session, ui: &'a dyn Ui, value: Value) -> Answer<'a> {
        (self.run)(session, ui, value)
    }
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Command").field(&self.id).finish()
    }
}

/// The command with the name `id`.
pub(crate) fn find(id: &str) -> Option<&'static Command> {
    COMMANDS.iter().copied().find(|command| command.id == id)
}

/// Takes the types off a command: reads its argument, does the work until the user stops it, and
/// writes and words the answer.
fn erased<'a, A, T, F>(
    id: &'static str,
    ui: &'a dyn Ui,
    value: Value,
    run: impl FnOnce(A) -> F,
) -> Answer<'a>
where
    A: DeserializeOwned,
    T: Serialize + Said + 'a,
    F: Future<Output = Result<T, Refusal>> + Send + 'a,
{
    ending_itself(id, value, move |args| work::until_cancelled(ui, run(args)))
}

/// The same for a command that ends by itself when the user stops it, after it has found out what
/// stands on the server.
fn ending_itself<'a, A, T, F>(
    id: &'static str,
    value: Value,
    run: impl FnOnce(A) -> F,
) -> Answer<'a>
where
    A: DeserializeOwned,
    T: Serialize + Said,
    F: Future<Output = Result<T, Refusal>> + Send + 'a,
{
    let work = arguments(id, value).map(run);
    Box::pin(async move { Ok(done(&work?.await?)) })
}

fn done(answer: &(impl Serialize + Said)) -> Done {
    Done {
        said: answer.said(),
        // Answers are plain structs of texts and numbers, which JSON can always hold.
        answer: serde_json::to_value(answer).unwrap_or_default(),
    }
}

/// Reads the argument of a command. What is wrong with it is said without repeating its values: one
/// of them may be a key.
fn arguments<A: DeserializeOwned>(id: &str, value: Value) -> Result<A, Refusal> {
    let fields = match value {
        Value::Null => serde_json::Map::new(),
        Value::Object(fields) => fields,
        _ => {
            return Err(Refusal::new(
                "invalid-argument",
                ksext_core::bilingual!(
                    "cannot run `{id}`: its argument must be an object",
                    "无法运行 `{id}`：参数必须是一个对象",
                ),
            ));
        }
    };
    serde_json::from_value(Value::Object(fields)).map_err(|why| {
        Refusal::new(
            "invalid-argument",
            ksext_core::bilingual!("cannot run `{id}`: {why}", "无法运行 `{id}`：{why}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed_once_and_speaks_both_languages() {
        for (index, command) in COMMANDS.iter().enumerate() {
            assert!(command.id.starts_with("ksext."), "{command:?}");
            assert!(
                COMMANDS[index + 1..]
                    .iter()
                    .all(|other| other.id != command.id),
                "{command:?}"
            );
            for text in [&command.title, &command.summary] {
                assert!(
                    !text.en.is_empty() && !text.zh.is_ascii(),
                    "{command:?}: {text:?}"
                );
            }
            assert_eq!(find(command.id).map(|found| found.id), Some(command.id));
        }
    }

    #[test]
    fn what_was_done_is_one_sentence_in_both_languages() {
        let check = |answer: &dyn Said, en: &str, zh: &str| {
            let said = answer.said();
            assert_eq!((said.en.as_ref(), said.zh.as_ref()), (en, zh));
        };
        let named = |name: Option<&str>| login::Answer {
            server: "https://a".to_owned(),
            user: Some(login::Account {
                id: "u-100".to_owned(),
                name: name.map(str::to_owned),
            }),
        };
        check(
            &named(Some("演示")),
            "logged in to https://a as 演示 (u-100)",
            "已登录 https://a，账号 演示 (u-100)",
        );
        check(
            &named(None),
            "logged in to https://a as u-100",
            "已登录 https://a，账号 u-100",
        );
        let snapshot = status::Snapshot {
            id: "5".to_owned(),
            version: "0.1.0".to_owned(),
            status: "active".to_owned(),
            updated_at: None,
            reason: None,
        };
        let extension = |snapshots| status::Answer {
            name: "demo".to_owned(),
            id: "42".to_owned(),
            status: "ready".to_owned(),
            latest_version: None,
            snapshots,
        };
        check(
            &extension(vec![snapshot]),
            "demo (ready): 0.1.0 is active",
            "demo（已上架）：0.1.0 已上架",
        );
        check(
            &extension(vec![]),
            "demo (ready): no version was pushed",
            "demo（已上架）：没有推送过版本",
        );
        let listed = |name: &str| list::Extension {
            id: "42".to_owned(),
            name: name.to_owned(),
            status: "draft".to_owned(),
            status_text: "draft".to_owned(),
            tone: Tone::Draft,
            latest_version: None,
        };
        check(
            &list::Answer {
                extensions: vec![listed("a"), listed("b")],
            },
            "2 extensions: a, b",
            "共 2 个扩展组件：a、b",
        );
    }

    #[test]
    fn a_wrong_argument_is_named_without_its_value() {
        let check = |value: Value, expected: &str| {
            let refusal = arguments::<login::Args>("ksext.login", value)
                .err()
                .expect("refused");
            assert_eq!(
                (refusal.kind, refusal.message.en.as_ref()),
                ("invalid-argument", expected)
            );
        };
        check(
            serde_json::json!("kck-secret"),
            "cannot run `ksext.login`: its argument must be an object",
        );
        check(
            serde_json::json!({"tokn": "kck-secret"}),
            "cannot run `ksext.login`: unknown field `tokn`, expected one of `token`, `server`, `store`, `verify`",
        );
        check(
            serde_json::json!({"token": "kck-secret\n1"}),
            "cannot run `ksext.login`: the key contains a line end or another control character; paste it without line breaks",
        );
        check(
            serde_json::json!({"token": ["kck-secret"]}),
            "cannot run `ksext.login`: invalid type: sequence, expected a key as text",
        );
    }
}
