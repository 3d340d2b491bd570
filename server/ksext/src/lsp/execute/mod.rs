//! `workspace/executeCommand`: runs a command for the client, with progress, and until it is stopped.
//!
//! A command runs in a task of its own. Cancelling the request or its progress lets it end by itself,
//! so that it can say what already stands on the server.

mod progress;
mod stop;
mod ui;

use std::sync::Arc;

use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

pub(super) use stop::Running;

use self::progress::Progress;
use self::stop::Stop;
use self::ui::EditorUi;
use super::features::offers::SIZE;
use super::proto::{ExecuteCommandParams, MessageType};
use super::state::Shared;
use crate::commands::{self, Command, Done, Refusal};
use ksext_core::lang::Lang;

/// LSP 3.17, `ErrorCodes.RequestFailed`: the request was fine, what was asked for was not to be had.
pub(super) const REQUEST_FAILED: i64 = -32803;

impl Shared {
    /// Runs a command and answers its result; with `background` in its argument, at once.
    pub(super) async fn execute(
        self: Arc<Self>,
        params: ExecuteCommandParams,
    ) -> Result<Option<Value>> {
        let Some(command) = commands::find(&params.command) else {
            return Err(invalid(format!("there is no command `{}`", params.command)));
        };
        let (argument, background) = split(params.arguments)?;
        let stop = Stop::new();
        let lang = self.state().lang_for(&argument);
        // A request's own token ends with its answer (LSP 3.17, "Client Initiated Progress").
        let token = params.work_done_progress_params.work_done_token;
        let token = token.filter(|_| !background);
        let title = command.title.get(lang).to_owned();
        let progress = Progress::begin(&self, title, token, &stop);
        let ui = EditorUi::new(Arc::clone(&self), lang, progress, stop.clone());

        let task = tokio::spawn(Arc::clone(&self).run(command, argument, ui, background));
        if background {
            return Ok(Some(json!({"started": true})));
        }
        // The library drops this future when the client cancels the request.
        let _stopped_on_drop = stop.on_drop();
        match task.await {
            Ok(Ok(answer)) => Ok(Some(answer)),
            Ok(Err(refusal)) => Err(refused(&refusal, lang)),
            // The transport answers for a panic.
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Error::internal_error()),
            },
        }
    }

    /// Runs a command to its end; whoever does not wait for the answer, or not any more, is told by a
    /// message: what already stands on a server must not go unsaid.
    async fn run(
        self: Arc<Self>,
        command: &'static Command,
        argument: Value,
        ui: EditorUi,
        tell: bool,
    ) -> std::result::Result<Value, Refusal> {
        let lang = ui.language();
        let acting = self.acting(command.id);
        let session = self.session.clone().telling_of_waits(ui.waits());
        let done = command.run(&session, &ui, argument).await;
        let said = match &done {
            Ok(Done { said, .. }) => said.get(lang).to_owned(),
            Err(refusal) => refusal.text(lang),
        };
        ui.end(&said);
        if let Ok(Done { answer, .. }) = &done {
            self.heard(command.id, answer).await;
        }
        drop(acting);
        if command.id != SIZE {
            self.refresh_reviews();
        }
        if tell || ui.is_unheard() {
            self.show(message_type(&done), said);
        }
        done.map(|done| done.answer)
    }
}

fn message_type(done: &std::result::Result<Done, Refusal>) -> MessageType {
    match done {
        Ok(_) => MessageType::INFO,
        Err(refusal) if refusal.kind == "cancelled" => MessageType::INFO,
        Err(_) => MessageType::ERROR,
    }
}

/// The command's own argument, and whether the client does not want to wait.
fn split(mut arguments: Vec<Value>) -> Result<(Value, bool)> {
    if arguments.len() > 1 {
        return Err(invalid(
            "a command takes one object as its only argument".to_owned(),
        ));
    }
    let mut argument = arguments.pop().unwrap_or(Value::Null);
    let background = match argument
        .as_object_mut()
        .and_then(|fields| fields.remove("background"))
    {
        None => false,
        Some(Value::Bool(background)) => background,
        Some(_) => return Err(invalid("`background` must be `true` or `false`".to_owned())),
    };
    Ok((argument, background))
}

fn invalid(message: String) -> Error {
    Error {
        code: ErrorCode::InvalidParams,
        message: message.into(),
        data: None,
    }
}

/// A refusal as the protocol has errors. The message says all, for clients that show nothing else.
fn refused(refusal: &Refusal, lang: Lang) -> Error {
    let code = if refusal.kind == "invalid-argument" {
        ErrorCode::InvalidParams
    } else {
        ErrorCode::ServerError(REQUEST_FAILED)
    };
    let mut data = json!({ "kind": refusal.kind });
    if let Some(hint) = &refusal.hint {
        data["hint"] = json!(hint.get(lang));
    }
    if let Some(status) = refusal.status {
        data["status"] = json!(status);
    }
    Error {
        code,
        message: refusal.text(lang).into(),
        data: Some(data),
    }
}

#[cfg(test)]
mod tests {
    use ksext_core::lang::Bilingual;

    use super::*;

    #[test]
    fn background_is_ours_and_the_rest_is_the_commands() {
        let check = |arguments: Vec<Value>, expected: Option<(Value, bool)>| {
            assert_eq!(split(arguments).ok(), expected);
        };
        check(vec![], Some((Value::Null, false)));
        check(
            vec![json!({"uri": "u", "background": true})],
            Some((json!({"uri": "u"}), true)),
        );
        check(vec![json!({"background": false})], Some((json!({}), false)));
        check(vec![json!({"background": 1})], None);
        check(vec![json!("text")], Some((json!("text"), false)));
        check(vec![json!({}), json!({})], None);
    }

    #[test]
    fn a_refusal_tells_programs_and_people() {
        let refusal = Refusal {
            kind: "conflict",
            message: Bilingual::fixed("it is active", "已上架"),
            hint: Some(Bilingual::fixed("raise `version`", "请提高 `version`")),
            status: Some(409),
        };
        let error = refused(&refusal, Lang::Zh);
        assert_eq!(
            (error.code.code(), &*error.message),
            (-32803, "已上架；请提高 `version`")
        );
        let data = json!({"kind": "conflict", "hint": "请提高 `version`", "status": 409});
        assert_eq!(error.data, Some(data));
    }
}
