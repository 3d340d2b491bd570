//! Turns message bodies into requests, notifications and responses, and forgives what clients get
//! wrong without harm.
//!
//! Parameters are decoded by tower-lsp-server, per method.

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

/// A message from the client.
#[derive(Debug, PartialEq)]
pub(super) enum Message {
    /// A request, or a notification if it has no id.
    Request(Request),
    /// The answer to one of our requests.
    Response {
        id: Id,
        outcome: Result<Value, Error>,
    },
}

/// A body that is no message.
#[derive(Debug)]
pub(super) struct Rejected {
    /// Why, for the log; quotes nothing from the body.
    pub(super) reason: String,
    /// What JSON-RPC 2.0 section 5 wants the sender to be told.
    pub(super) answer: Response,
}

/// The message in `body`.
pub(super) fn decode(body: &[u8]) -> Result<Message, Rejected> {
    let text = str::from_utf8(body).map_err(|error| unreadable(format!("not UTF-8: {error}")))?;
    let value = parse(text).map_err(|error| unreadable(format!("not JSON: {error}")))?;
    let Value::Object(mut members) = value else {
        return Err(no_message(Id::Null, "not an object"));
    };

    // JSON-RPC 1.0 marked notifications by a null id, and LSP has no null ids.
    let id = match members.remove("id").filter(|id| !id.is_null()).map(read_id) {
        Some(None) => {
            return Err(no_message(
                Id::Null,
                "an id that is neither integer nor string",
            ));
        }
        Some(Some(id)) => Some(id),
        None => None,
    };

    match (members.remove("method"), id) {
        (Some(Value::String(method)), id) => {
            let mut request = Request::build(method.clone());
            if let Some(params) = params_of(&method, members.remove("params")) {
                request = request.params(params);
            }
            if let Some(id) = id {
                request = request.id(id);
            }
            Ok(Message::Request(request.finish()))
        }
        (Some(_), id) => Err(no_message(
            id.unwrap_or_default(),
            "a method that is not a string",
        )),
        (None, Some(id)) => {
            let outcome = match members.remove("error").filter(|error| !error.is_null()) {
                Some(error) => Err(read_error(error)),
                // Some clients leave out a result that is null.
                None => Ok(members.remove("result").unwrap_or_default()),
            };
            Ok(Message::Response { id, outcome })
        }
        (None, None) => Err(no_message(Id::Null, "neither method nor id")),
    }
}

/// The rejection of a body of `length` bytes that was not read.
pub(super) fn too_long(length: u64) -> Rejected {
    no_message(
        Id::Null,
        &format!("{length} bytes, more than a message may have"),
    )
}

fn unreadable(reason: String) -> Rejected {
    Rejected {
        reason,
        answer: Response::from_error(Id::Null, Error::parse_error()),
    }
}

fn no_message(id: Id, reason: &str) -> Rejected {
    let error = Error {
        message: reason.to_owned().into(),
        ..Error::invalid_request()
    };
    Rejected {
        reason: reason.to_owned(),
        answer: Response::from_error(id, error),
    }
}

/// `text` as JSON, with half surrogate pairs replaced.
fn parse(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text).or_else(|error| match replace_lone_surrogates(text) {
        Some(repaired) => serde_json::from_str(&repaired),
        None => Err(error),
    })
}

/// `text` with each escape of half a surrogate pair turned into that of U+FFFD, or `None` if it has
/// no such escape.
///
/// JavaScript clients send `\ud83d` alone when an edit splits an emoji, and serde_json refuses it.
/// U+FFFD is one UTF-16 code unit as well, so later positions stay right.
fn replace_lone_surrogates(text: &str) -> Option<String> {
    const REPLACEMENT: &str = "\\ufffd";
    let mut result = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        let escape = at + found;
        at = match (unit(text, escape), unit(text, escape + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => escape + 12,
            (Some(0xd800..=0xdfff), _) => {
                result.push_str(&text[kept..escape]);
                result.push_str(REPLACEMENT);
                kept = escape + 6;
                kept
            }
            // What the backslash escapes may itself be a backslash.
            _ => escape + 1 + text[escape + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    result.push_str(&text[kept..]);
    (kept > 0).then_some(result)
}

/// The UTF-16 code unit that the `\uXXXX` escape at byte `at` stands for.
fn unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}

fn read_id(id: Value) -> Option<Id> {
    match id {
        Value::String(id) => Some(Id::String(id)),
        Value::Number(id) => id.as_i64().map(Id::Number),
        _ => None,
    }
}

/// A client's error object, whatever is missing or too much in it.
fn read_error(mut error: Value) -> Error {
    Error {
        code: ErrorCode::from(
            error["code"]
                .as_i64()
                .unwrap_or(ErrorCode::InternalError.code()),
        ),
        message: error["message"]
            .as_str()
            .unwrap_or("the client gave no reason")
            .to_owned()
            .into(),
        data: error.get_mut("data").map(Value::take),
    }
}

/// The parameters as the protocol has them for three methods where clients differ and
/// tower-lsp-server is strict.
fn params_of(method: &str, params: Option<Value>) -> Option<Value> {
    match method {
        "shutdown" | "exit" => None,
        "initialized" => Some(
            params
                .filter(Value::is_object)
                .unwrap_or_else(|| serde_json::json!({})),
        ),
        _ => params,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn request(body: &str, method: &str, params: Option<Value>, id: Option<Id>) {
        let Ok(Message::Request(seen)) = decode(body.as_bytes()) else {
            panic!("no request: {body}")
        };
        assert_eq!(seen.method(), method);
        assert_eq!((seen.params(), seen.id()), (params.as_ref(), id.as_ref()));
    }

    #[track_caller]
    fn response(body: &str, id: i64, outcome: Result<Value, (i64, &str)>) {
        let Ok(Message::Response {
            id: seen_id,
            outcome: seen,
        }) = decode(body.as_bytes())
        else {
            panic!("no response: {body}")
        };
        assert_eq!(seen_id, Id::Number(id));
        let seen = seen.map_err(|error| (error.code.code(), error.message.into_owned()));
        assert_eq!(
            seen,
            outcome.map_err(|(code, message)| (code, message.to_owned()))
        );
    }

    #[track_caller]
    fn rejected(body: impl AsRef<[u8]>, id: Value, code: i64) {
        let rejected = decode(body.as_ref()).expect_err("this is no message");
        let answer = serde_json::to_value(&rejected.answer).expect("a response is JSON");
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&id, &json!(code))
        );
    }

    #[test]
    fn reads_requests_and_notifications() {
        request(
            r#"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"a":"观测"}}"#,
            "textDocument/hover",
            Some(json!({"a": "观测"})),
            Some(Id::Number(1)),
        );
        request(
            r#"{"jsonrpc":"2.0","id":"x","method":"m"}"#,
            "m",
            None,
            Some("x".into()),
        );
        request(
            r#"{"jsonrpc":"2.0","method":"m","params":[1]}"#,
            "m",
            Some(json!([1])),
            None,
        );
    }

    #[test]
    fn forgives_what_clients_get_wrong() {
        let empty = || Some(json!({}));
        request(r#"{"method":"initialized"}"#, "initialized", empty(), None);
        request(
            r#"{"method":"initialized","params":null,"id":null}"#,
            "initialized",
            empty(),
            None,
        );
        request(
            r#"{"id":3,"method":"shutdown","params":{}}"#,
            "shutdown",
            None,
            Some(3.into()),
        );
        request(r#"{"method":"exit","params":null}"#, "exit", None, None);
        request(
            r#"{"method":"a","method":"b","params":1,"params":2}"#,
            "b",
            Some(json!(2)),
            None,
        );
    }

    #[test]
    fn reads_responses_of_every_shape() {
        response(
            r#"{"jsonrpc":"2.0","id":1,"result":[null]}"#,
            1,
            Ok(json!([null])),
        );
        response(r#"{"id":1,"result":null,"error":null}"#, 1, Ok(Value::Null));
        response(r#"{"id":1}"#, 1, Ok(Value::Null));
        response(
            r#"{"id":1,"result":1,"error":{"code":-32601,"message":"no"}}"#,
            1,
            Err((-32601, "no")),
        );
        response(
            r#"{"id":1,"error":{"code":5,"message":"no","stack":"…"}}"#,
            1,
            Err((5, "no")),
        );
        response(
            r#"{"id":1,"error":"no"}"#,
            1,
            Err((-32603, "the client gave no reason")),
        );
    }

    #[test]
    fn keeps_an_edit_that_splits_an_emoji() {
        for (sent, kept) in [
            (r"\ud83d", "\u{fffd}"),
            (r"\uDE00!", "\u{fffd}!"),
            (r"\ud83d\ude00", "😀"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
            (r"\\ud83d\ud83d", "\\ud83d\u{fffd}"),
            (r"观\ud83d测\n", "观\u{fffd}测\n"),
        ] {
            let body = format!(r#"{{"method":"m","params":["{sent}"]}}"#);
            request(&body, "m", Some(json!([kept])), None);
        }
    }

    #[test]
    fn tells_broken_json_from_json_that_is_no_message() {
        rejected(r#"{"jsonrpc":"2.0","method":"#, Value::Null, -32700);
        rejected(b"{\"method\":\"\xff\"}", Value::Null, -32700);
        rejected("{\"method\":\"\\观\"}", Value::Null, -32700);
        rejected(
            format!("{{\"params\":{}", "[".repeat(100_000)),
            Value::Null,
            -32700,
        );
        rejected("[]", Value::Null, -32600);
        rejected("{}", Value::Null, -32600);
        rejected(r#"{"id":4,"method":7}"#, json!(4), -32600);
        rejected(r#"{"id":1.5,"method":"m"}"#, Value::Null, -32600);
        rejected(r#"{"id":{},"method":"m"}"#, Value::Null, -32600);
    }

    proptest::proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
            let _ = decode(&body);
        }

        #[test]
        fn no_text_with_backslashes_panics(text in "[\\\\ud8c0-9\"观😀]{0,30}") {
            let _ = replace_lone_surrogates(&text);
        }
    }
}
