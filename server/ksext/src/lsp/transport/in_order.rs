//! Starts a handler the moment its message arrives, and turns its panic into an error answer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use serde_json::json;
use tower::Service;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp::{ExitedError, LanguageServer, LspService};

type Handler = Pin<Box<dyn Future<Output = Result<Option<Response>, ExitedError>> + Send>>;

/// What became of a handler by the first poll.
pub(super) enum Started {
    /// It has finished: the answer, if one is due.
    Done(Option<Response>),
    /// It awaits something.
    Running(Guarded),
}

/// Calls the handler of `request` and runs it up to its first `.await` that is not ready.
///
/// Called for one message after the other this makes every handler's first part run in the order of
/// arrival, which is what text synchronisation and `$/cancelRequest` rely on.
pub(super) fn start<S: LanguageServer>(service: &mut LspService<S>, request: Request) -> Started {
    let mut guarded = Guarded {
        method: request.method().to_owned(),
        id: request.id().cloned(),
        handler: Box::pin(std::future::pending()),
    };
    // A waker that does nothing: whoever gets the future polls it again.
    let mut cx = Context::from_waker(Waker::noop());
    match catch_unwind(AssertUnwindSafe(|| {
        // The service is always ready, until `exit`, after which nothing is started.
        let _ = service.poll_ready(&mut cx);
        service.call(request)
    })) {
        Ok(handler) => guarded.handler = handler,
        Err(panic) => return Started::Done(guarded.panicked(panic)),
    }
    match Pin::new(&mut guarded).poll(&mut cx) {
        Poll::Ready(answer) => Started::Done(answer),
        Poll::Pending => Started::Running(guarded),
    }
}

/// The library's answer to a cancelled request, with the word that errors of commands carry.
fn with_kind(answer: Response) -> Response {
    let (id, result) = answer.into_parts();
    let result = result.map_err(|error| match error {
        Error {
            code: ErrorCode::RequestCancelled,
            data: None,
            message,
        } => Error {
            code: ErrorCode::RequestCancelled,
            data: Some(json!({"kind": "cancelled"})),
            message,
        },
        other => other,
    });
    Response::from_parts(id, result)
}

/// A handler whose panic ends nothing but itself.
pub(super) struct Guarded {
    method: String,
    id: Option<Id>,
    handler: Handler,
}

impl Guarded {
    /// The answer of a handler that panicked. The panic itself has been logged by the hook of
    /// [`super::log_panics`], with its place.
    fn panicked(&mut self, _panic: Box<dyn Any + Send>) -> Option<Response> {
        tracing::error!(
            method = self.method,
            "the handler panicked; the server goes on"
        );
        self.id.take().map(|id| {
            let message = format!("`{}` failed because of a defect in ksext", self.method);
            let error = Error {
                message: message.into(),
                ..Error::internal_error()
            };
            Response::from_error(id, error)
        })
    }
}

impl Future for Guarded {
    type Output = Option<Response>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let handler = &mut self.handler;
        match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
            Ok(poll) => poll.map(|answer| answer.unwrap_or_default().map(with_kind)),
            Err(panic) => Poll::Ready(self.panicked(panic)),
        }
    }
}
