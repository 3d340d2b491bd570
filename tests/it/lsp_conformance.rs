//! The life of `ksext lsp` as the protocol wants it, whatever the client does.
//!
//! What needs handlers that misbehave is tested in `server/ksext/src/lsp/transport/tests.rs`.

use std::process::{Command, Stdio};
use std::time::Duration;

use ksext_test_support::{Ksext, LspClient, PATIENCE, Reply};
use serde_json::{Value, json};

const URI: &str = "file:///demo/extension.yaml";

fn start() -> LspClient {
    Ksext::new(env!("CARGO_BIN_EXE_ksext")).lsp()
}

fn start_initialized() -> LspClient {
    let mut client = start();
    client.initialize(json!({}));
    client
}

/// Asks something that needs no document, so that an answer means: alive and well.
#[track_caller]
fn check_alive(client: &mut LspClient) {
    let params = json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}});
    let answer = client.request("textDocument/hover", params);
    assert!(answer.is_ok(), "{answer:?}");
}

#[track_caller]
fn check_error(answer: Result<Value, Value>, code: i64) {
    let error = answer.expect_err("the answer is an error");
    assert_eq!(error["code"], code, "{error}");
}

#[test]
fn serves_a_client_without_any_capability() {
    let mut client = start();
    let result = client.initialize(json!({}));
    assert_eq!(result["serverInfo"]["name"], "ksext");
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-16");
    client.open(URI, "name: demo\nversion: 0.1.0\n");
    client.change(URI, 2, json!([{"text": "name: 观测\n"}]));
    check_alive(&mut client);
    client.close(URI);
    client.shut_down();
    assert_eq!(client.exit_code_within(PATIENCE), Some(0));
    // Registrations, configuration and progress were not declared, so they are not asked for.
    for method in [
        "client/registerCapability",
        "workspace/configuration",
        "window/workDoneProgress/create",
    ] {
        assert_eq!(
            client.server_requests(method),
            Vec::<Value>::new(),
            "{method}"
        );
    }
}

#[test]
fn takes_the_first_position_encoding_of_the_client_that_it_knows() {
    for (offered, agreed) in [
        (json!(["utf-8", "utf-16"]), "utf-8"),
        (json!(["utf-16", "utf-8"]), "utf-16"),
        (json!(["utf-7", "utf-32", "utf-8"]), "utf-32"),
        (json!(["utf-7"]), "utf-16"),
        (json!([]), "utf-16"),
    ] {
        let result = start().initialize(json!({"general": {"positionEncodings": offered}}));
        assert_eq!(
            result["capabilities"]["positionEncoding"], agreed,
            "{offered}"
        );
    }
}

#[test]
fn columns_are_counted_as_the_command_line_says_for_editors_that_cannot() {
    for (offered, agreed) in [
        (json!({}), "utf-8"),
        (
            json!({"general": {"positionEncodings": ["utf-16"]}}),
            "utf-8",
        ),
    ] {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
        let mut client = ksext.args(["lsp", "--position-encoding", "utf-8"]).lsp();
        let result = client.initialize(offered);
        assert_eq!(result["capabilities"]["positionEncoding"], agreed);
    }
}

#[test]
fn refuses_requests_outside_the_session() {
    let mut client = start();
    let hover = json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}});
    check_error(client.request("textDocument/hover", hover.clone()), -32002);
    client.open(URI, "not yet\n");
    client.initialize(json!({}));
    check_error(
        client.request("initialize", json!({"capabilities": {}})),
        -32600,
    );
    check_error(client.request("ksext/noSuchMethod", json!({})), -32601);
    client.notify("$/noSuchNotification", json!({}));
    check_alive(&mut client);
    assert_eq!(client.request("shutdown", Value::Null), Ok(Value::Null));
    check_error(client.request("textDocument/hover", hover), -32600);
    check_error(client.request("shutdown", Value::Null), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code_within(PATIENCE), Some(0));
}

#[test]
fn the_exit_code_says_whether_there_was_a_shutdown() {
    let mut client = start_initialized();
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code_within(PATIENCE), Some(1), "exit alone");

    let mut client = start();
    client.notify("exit", Value::Null);
    assert_eq!(
        client.exit_code_within(PATIENCE),
        Some(1),
        "exit before initialize"
    );

    let mut client = start_initialized();
    client.shut_down();
    assert_eq!(
        client.exit_code_within(PATIENCE),
        Some(0),
        "shutdown and exit, stdin open"
    );

    let mut client = start_initialized();
    client.close_stdin();
    assert_eq!(
        client.exit_code_within(PATIENCE),
        Some(1),
        "end of the input alone"
    );

    let mut client = start_initialized();
    assert_eq!(client.request("shutdown", json!({})), Ok(Value::Null));
    client.close_stdin();
    assert_eq!(
        client.exit_code_within(PATIENCE),
        Some(0),
        "shutdown, then end of the input"
    );
}

#[test]
fn everything_sent_before_the_end_of_the_input_is_answered() {
    let mut client = start();
    let initialize = client.start_request("initialize", json!({"capabilities": {}}));
    let hover = json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}});
    let hovers: Vec<_> = (0..100)
        .map(|_| client.start_request("textDocument/hover", hover.clone()))
        .collect();
    client.close_stdin();
    assert!(client.wait_response(initialize).is_ok());
    for id in hovers {
        assert!(client.wait_response(id).is_ok());
    }
    assert_eq!(client.exit_code_within(PATIENCE), Some(1));
}

#[test]
fn survives_bytes_that_are_no_message() {
    for (name, bytes, error) in [
        (
            "broken JSON",
            LspClient::frame("{\"jsonrpc\":\"2.0\",\"method\":"),
            Some(-32700),
        ),
        (
            "bad UTF-8",
            LspClient::frame(b"{\"method\":\"\xff\xfe\"}"),
            Some(-32700),
        ),
        (
            "deep nesting",
            LspClient::frame("[".repeat(100_000)),
            Some(-32700),
        ),
        ("a batch", LspClient::frame("[]"), Some(-32600)),
        ("an object", LspClient::frame("{}"), Some(-32600)),
        ("an empty body", LspClient::frame(""), None),
        ("garbage", b"hello\r\n\r\nthere".to_vec(), None),
        (
            "a length that is none",
            b"Content-Length: many\r\n\r\n{}".to_vec(),
            None,
        ),
        (
            "8 GB announced",
            b"Content-Length: 8000000000\r\n\r\n{\"a\":".to_vec(),
            Some(-32600),
        ),
        (
            "80 MB sent",
            LspClient::frame(" ".repeat(80 << 20)),
            Some(-32600),
        ),
    ] {
        let mut client = start_initialized();
        client.send_raw(bytes);
        check_alive(&mut client);
        if let Some(code) = error {
            assert_eq!(client.wait_stray_error()["code"], code, "{name}");
        }
        client.shut_down();
        assert_eq!(client.exit_code_within(PATIENCE), Some(0), "{name}");
    }
}

#[test]
fn accepts_headers_of_any_case_number_and_order() {
    let client = start();
    let body =
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}});
    let body = body.to_string();
    client.send_raw(format!(
        "content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: {}\r\nX-Trace: 1\r\n\r\n{body}",
        body.len()
    ));
    assert!(client.wait_response(1).is_ok());
    let body = json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}).to_string();
    for byte in format!("CONTENT-LENGTH: {}\n\n{body}", body.len()).as_bytes() {
        client.send_raw([*byte]);
    }
    assert_eq!(client.wait_response(2), Ok(Value::Null));
}

#[test]
fn survives_edits_that_fit_no_text() {
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut client = start();
        client.initialize(json!({"general": {"positionEncodings": [encoding]}}));
        client.open(URI, "zh: 😀观\r\nb: 1\n");
        let at = |line: u32, character: u32| json!({"line": line, "character": character});
        for (version, (start, end)) in (2..).zip([
            (at(0, 5), at(0, 5)),
            (at(0, 5), at(0, 7)),
            (at(1, 99), at(99, 99)),
            (at(99, 0), at(0, 0)),
            (at(u32::MAX, u32::MAX), at(u32::MAX, u32::MAX)),
        ]) {
            client.change(
                URI,
                version,
                json!([{"range": {"start": start, "end": end}, "text": "图"}]),
            );
        }
        client.change("file:///unknown.yaml", 7, json!([{"text": "a"}]));
        client.close("file:///unknown.yaml");
        client.open(URI, "opened twice: true\n");
        check_alive(&mut client);
    }
}

#[test]
fn answers_thousands_of_requests_among_thousands_of_edits() {
    let mut client = start_initialized();
    client.open(URI, "name: demo\n");
    let hover = json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}});
    let ids: Vec<_> = (0..5_000)
        .map(|n| {
            client.change(URI, n + 2, json!([{"text": format!("name: demo{n}\n")}]));
            client.start_request("textDocument/hover", hover.clone())
        })
        .collect();
    for id in ids {
        assert!(client.wait_response(id).is_ok());
    }
}

#[test]
fn survives_a_client_that_refuses_or_ignores_every_request() {
    let willing = json!({
        "workspace": {
            "configuration": true,
            "didChangeConfiguration": {"dynamicRegistration": true},
            "didChangeWatchedFiles": {"dynamicRegistration": true},
        },
        "window": {"workDoneProgress": true},
    });
    for reply in [
        Reply::refuse(),
        Reply::Ignore,
        Reply::Result(json!("nonsense")),
    ] {
        let mut client = start();
        let said = reply.clone();
        client.respond(move |_, _| said.clone());
        client.initialize(willing.clone());
        client.wait_server_request("client/registerCapability");
        client.open(URI, "name: demo\n");
        check_alive(&mut client);
        client.shut_down();
        assert_eq!(client.exit_code_within(PATIENCE), Some(0), "{reply:?}");
    }
}

#[cfg(unix)]
#[test]
fn ends_when_the_editor_has_died_and_the_pipe_is_still_open() {
    let mut editor = Command::new("sleep")
        .arg("600")
        .stdin(Stdio::null())
        .spawn()
        .expect("sleep is everywhere");
    let mut client = start();
    client.initialize_with(json!({"processId": editor.id(), "capabilities": {}}));
    std::thread::sleep(Duration::from_millis(50));
    assert!(client.is_running());
    editor.kill().expect("it is ours");
    // Not collected yet: a zombie is as dead.
    assert_eq!(client.exit_code_within(PATIENCE), Some(1));
    editor.wait().expect("it is ours");
}
