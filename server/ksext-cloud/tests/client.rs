//! The client against the sandbox, and against servers that answer nothing a cloud should.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use ksext_cloud::{
    Client, Error, ErrorKind, Server, SnapshotId, Timeouts, Token, UploadFile, User,
};
use ksext_sandbox::{Fault, FaultAnswer, Options, Running, Sandbox};

const KEY: &str = "kck-1e63267b-cb3c-4757-b739-3d94a06781aa";
const GZIP: &[u8] = b"\x1f\x8b\x08\x00rest";
const USER: &str = "/apis/user/v1/user";

fn client(url: &str) -> Client {
    let patience = Duration::from_secs(20);
    impatient(
        url,
        Timeouts {
            connect: patience,
            call: patience,
            idle: patience,
            ..quick()
        },
    )
}

/// Pauses that nobody notices.
fn quick() -> Timeouts {
    Timeouts {
        pause: Duration::from_millis(1),
        ..Timeouts::default()
    }
}

fn impatient(url: &str, timeouts: Timeouts) -> Client {
    Client::with_timeouts(
        Server::parse(url).unwrap(),
        Token::new(KEY).unwrap(),
        timeouts,
    )
}

async fn sandbox(faults: Vec<Fault>) -> (Running, Client) {
    let sandbox = Sandbox::start(Options {
        faults,
        ..Options::default()
    })
    .await
    .unwrap();
    let client = client(&sandbox.url());
    (sandbox, client)
}

/// A server that gives each connection the next of `answers` and tells what it was sent.
fn raw_server(answers: Vec<Vec<u8>>) -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let _ = tell.send(head(&mut stream));
            let _ = stream.write_all(&answer);
        }
    });
    (address, told)
}

/// Reads the head of a request.
fn head(stream: &mut TcpStream) -> String {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(length) if length > 0 => request.extend_from_slice(&piece[..length]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&request).into_owned()
}

fn ok(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The error's kind and words; looks for the key in every text an error can give on the way.
#[track_caller]
fn check(error: &Error, kind: ErrorKind, status: Option<u16>, words: [&str; 2]) {
    let message = error.message();
    assert_eq!(
        (error.kind(), error.status()),
        (kind, status),
        "{message:?}"
    );
    assert!(message.en.contains(words[0]), "{}", message.en);
    assert!(message.zh.contains(words[1]), "{}", message.zh);
    assert!(
        message.en.starts_with("cannot ") && message.zh.starts_with("无法"),
        "{message:?}"
    );
    assert_eq!(error.to_string(), message.en);
    let everything = format!("{error} {error:?} {error:#?} {message:?}");
    assert!(!everything.contains("1e63267b"), "{everything}");
}

fn demo() -> User {
    User {
        id: "u-100".to_owned(),
        name: None,
    }
}

fn file(base_name: &str, bytes: &[u8]) -> UploadFile {
    UploadFile {
        base_name: base_name.to_owned(),
        bytes: bytes.to_vec(),
    }
}

#[tokio::test]
async fn a_version_goes_from_push_to_active() {
    let (sandbox, client) = sandbox(vec![]).await;
    let user = client.user().await.unwrap();
    assert_eq!(user.name.as_deref(), Some("Sandbox user"));
    let files = vec![file("标志 1.svg", b"<svg/>"), file("b\".png", b"png")];
    let urls = client
        .upload_files(&user, "可观测", "1.0.0", files)
        .await
        .unwrap();
    assert_eq!(urls.len(), 2);
    assert!(
        urls[0].ends_with("/1.0.0/%E6%A0%87%E5%BF%97%201.svg"),
        "{urls:?}"
    );
    let id = client
        .upload_package(&user, "可观测", "1.0.0+b.1", GZIP.to_vec())
        .await
        .unwrap();
    let status = async || {
        let summary = client.summary("可观测").await.unwrap();
        let snapshot = client.locate("可观测", "1.0.0+b.1").await.unwrap();
        let of_name = client.snapshots("可观测").await.unwrap();
        assert_eq!(of_name, std::slice::from_ref(&snapshot));
        let of_user = client.search(&user).await.unwrap();
        assert_eq!(of_user, std::slice::from_ref(&summary));
        assert_eq!(
            (&snapshot.id, &*snapshot.version, &*summary.name),
            (&id, "1.0.0+b.1", "可观测")
        );
        assert!(snapshot.updated_at.unwrap().ends_with('Z'));
        (snapshot.status, summary.status, summary.latest_version)
    };
    let expect = |snapshot: &str, summary: &str, latest: Option<&str>| {
        (
            snapshot.to_owned(),
            summary.to_owned(),
            latest.map(str::to_owned),
        )
    };
    assert_eq!(status().await, expect("draft", "draft", None));
    client.submit(&user, &id).await.unwrap();
    assert_eq!(status().await, expect("submitted", "draft", None));
    client.cancel_submit(&user, &id).await.unwrap();
    assert_eq!(status().await, expect("draft", "draft", None));
    client.submit(&user, &id).await.unwrap();
    approve(&sandbox, &id).await;
    assert_eq!(status().await, expect("active", "ready", Some("1.0.0+b.1")));
    sandbox.shutdown().await;
}

/// The reviewer, who has no key and uses no client of ours.
async fn approve(sandbox: &Running, id: &SnapshotId) {
    let (address, id) = (sandbox.address(), id.clone());
    let act = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /review/{id}/approve HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = tokio::task::spawn_blocking(act).await.unwrap();
    assert!(answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn sends_what_ksbuilder_sends() {
    let (address, told) = raw_server(vec![ok(r#"{"user_id":"u-100"}"#)]);
    client(&format!("http://{address}/base/"))
        .user()
        .await
        .unwrap();
    let request = told.recv().unwrap().to_ascii_lowercase();
    assert!(
        request.starts_with("get /base/apis/user/v1/user http/1.1\r\n"),
        "{request}"
    );
    for header in [
        format!("authorization: bearer {KEY}"),
        format!("user-agent: ksext/{}", env!("CARGO_PKG_VERSION")),
        format!("host: {address}"),
        "accept-encoding: gzip".to_owned(),
    ] {
        assert!(
            request.contains(&format!("\r\n{header}\r\n")),
            "{header}: {request}"
        );
    }
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let (sandbox, client) = sandbox(vec![]).await;
    let user = client.user().await.unwrap();
    for number in 0..41 {
        client
            .upload_package(&user, &format!("demo{number:02}"), "1.0.0", GZIP.to_vec())
            .await
            .unwrap();
    }
    let before = sandbox.requests().len();
    let names: Vec<String> = client
        .search(&user)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.name)
        .collect();
    assert_eq!(
        names,
        (0..41)
            .map(|number| format!("demo{number:02}"))
            .collect::<Vec<_>>()
    );
    assert_eq!(sandbox.requests().len() - before, 3);
}

#[tokio::test]
async fn pages_come_in_order_however_late_they_are_and_the_first_alone() {
    let page = |number: u8| {
        let rows = match number {
            // Pushed while the list was read, `2` is on the next page again.
            3 => r#"{"extension_id":"2","name":"2"},{"extension_id":"3","name":"3"}"#.to_owned(),
            _ => format!(r#"{{"extension_id":"{number}","name":"{number}"}}"#),
        };
        format!(r#"{{"extensions":[{rows}],"paginator":{{"total_pages":4}}}}"#)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("http://{}", listener.local_addr().unwrap()));
    let serve = async move {
        let mut waiting = Vec::new();
        // The first page alone, then the others together, answered from the last to the first.
        for together in [1, 3] {
            while waiting.len() < together {
                let (stream, _) = listener.accept().await.unwrap();
                waiting.push(read_page(stream).await);
            }
            waiting.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
            for (number, stream) in waiting.drain(..) {
                write_page(stream, &page(number)).await;
            }
        }
    };
    let read = async {
        let user = demo();
        let mut pages = client.search_pages(&user);
        let mut names = Vec::new();
        while let Some(page) = pages.next().await.unwrap() {
            names.push(page.into_iter().map(|row| row.name).collect::<String>());
        }
        assert_eq!(pages.next().await, Ok(None));
        names
    };
    let (names, ()) = tokio::join!(read, serve);
    assert_eq!(names, ["1", "2", "3", "4"]);
}

/// A request for a page of the list, and which.
async fn read_page(mut stream: tokio::net::TcpStream) -> (u8, tokio::net::TcpStream) {
    use tokio::io::AsyncReadExt as _;
    let mut request = String::new();
    while !request.ends_with('}') {
        let mut piece = [0; 4096];
        let length = stream.read(&mut piece).await.unwrap();
        assert!(length > 0, "{request}");
        request.push_str(std::str::from_utf8(&piece[..length]).unwrap());
    }
    let number = request.split_once(r#""paginator":{"page":"#);
    let number = number.map_or(1, |(_, rest)| rest[..1].parse().unwrap());
    (number, stream)
}

async fn write_page(mut stream: tokio::net::TcpStream, body: &str) {
    use tokio::io::AsyncWriteExt as _;
    stream.write_all(&ok(body)).await.unwrap();
    stream.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_list_ends_even_if_the_server_speaks_of_more() {
    let page = |body: &str| FaultAnswer::json(200, body);
    for (answers, expected) in [
        (vec![page("null")], Ok(0)),
        (vec![page("{}")], Ok(0)),
        (vec![page(r#"{"extensions":[null,{"name":"a"}]}"#)], Ok(1)),
        (
            vec![
                page(r#"{"extensions":[{"name":"a"}],"paginator":{"total_pages":9}}"#),
                page(r#"{"paginator":{"total_pages":9}}"#),
            ],
            Ok(1),
        ),
        (
            vec![page(
                r#"{"extensions":[{"name":"a"}],"paginator":{"total_pages":1000000}}"#,
            )],
            Err(ErrorKind::Server),
        ),
    ] {
        // The first fault that still has an answer gives it.
        let faults = answers
            .into_iter()
            .map(|answer| Fault::on_nth("/search", 1, answer))
            .collect();
        let (sandbox, client) = sandbox(faults).await;
        let found = client
            .search(&demo())
            .await
            .map(|rows| rows.len())
            .map_err(|error| error.kind());
        assert_eq!(found, expected);
        assert!(sandbox.requests().len() <= 7);
    }
}

#[tokio::test]
async fn a_status_becomes_what_the_user_can_do() {
    for (status, kind, words) in [
        (
            401,
            ErrorKind::Auth,
            ["create one at https://", "创建新的密钥"],
        ),
        (
            403,
            ErrorKind::Forbidden,
            ["the key is not accepted", "密钥未被接受"],
        ),
        (
            404,
            ErrorKind::NotFound,
            ["check the server address", "请检查服务器地址"],
        ),
        (409, ErrorKind::Conflict, ["review status", "审核状态"]),
        (413, ErrorKind::TooLarge, ["smaller", "减小"]),
        (429, ErrorKind::RateLimited, ["wait a while", "稍候"]),
        (407, ErrorKind::Network, ["proxy", "代理"]),
        (408, ErrorKind::Timeout, ["try again", "请重试"]),
        (500, ErrorKind::Server, ["try again later", "稍后重试"]),
        (503, ErrorKind::Server, ["try again later", "稍后重试"]),
        (
            599,
            ErrorKind::Server,
            ["the server answered 599, `", "服务器回答 599：`"],
        ),
        (
            400,
            ErrorKind::Server,
            ["400 Bad Request, `", "400 Bad Request：`"],
        ),
        (201, ErrorKind::Server, ["201 Created", "201 Created"]),
        (204, ErrorKind::Server, ["204 No Content", "204 No Content"]),
        (300, ErrorKind::Server, ["300 Multiple Choices", "300"]),
    ] {
        let answer = FaultAnswer::json(
            status,
            if status == 204 {
                ""
            } else {
                r#"{"message":"因为\r\n\u001b[31m so"}"#
            },
        );
        let (sandbox, client) = sandbox(vec![Fault::on(USER, answer)]).await;
        let error = client.user().await.unwrap_err();
        check(&error, kind, Some(status), words);
        assert!(
            error
                .summary()
                .en
                .starts_with(&format!("cannot check the key at {}: ", sandbox.url())),
            "{error}"
        );
        assert!(
            status == 204 || error.to_string().contains("`因为 [31m so`"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn every_body_of_a_refusal_is_survived() {
    for (body, expected) in [
        (
            r#"{"message":"invalid token"}"#,
            "the server answered 401 Unauthorized, `invalid token`; ",
        ),
        (
            r#"{"message":null}"#,
            "the server answered 401 Unauthorized; ",
        ),
        ("null", "the server answered 401 Unauthorized; "),
        ("", "the server answered 401 Unauthorized; "),
        ("[]", "the server answered 401 Unauthorized, `[]`; "),
        (
            r#"{"message":5}"#,
            "the server answered 401 Unauthorized, `{\"message\":5}`; ",
        ),
        (
            "Unauthorized\n",
            "the server answered 401 Unauthorized, `Unauthorized`; ",
        ),
        (
            "\n<html>",
            "the server answered 401 Unauthorized with a web page; ",
        ),
    ] {
        let (_sandbox, client) = sandbox(vec![Fault::on(USER, FaultAnswer::json(401, body))]).await;
        let error = client.user().await.unwrap_err();
        check(
            &error,
            ErrorKind::Auth,
            Some(401),
            [expected, "服务器回答 401 Unauthorized"],
        );
    }
}

#[tokio::test]
async fn a_rate_limit_tells_how_long() {
    // Longer than the default patience, so that nobody waits for it.
    for (value, expected) in [("170", Some(Duration::from_secs(170))), ("soon", None)] {
        let answer = FaultAnswer::with_header(429, "retry-after", value, "");
        let (_sandbox, client) = sandbox(vec![Fault::on(USER, answer)]).await;
        let error = client.user().await.unwrap_err();
        check(&error, ErrorKind::RateLimited, Some(429), ["again", "请"]);
        assert_eq!(error.retry_after(), expected);
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_as_the_real_cloud_tells_it() {
    let sandbox = Sandbox::start(Options {
        token: Some("kck-other".to_owned()),
        ..Options::default()
    })
    .await
    .unwrap();
    let error = client(&sandbox.url()).user().await.unwrap_err();
    check(
        &error,
        ErrorKind::Forbidden,
        Some(403),
        [
            "403 Forbidden, `permission denied`",
            "403 Forbidden：`permission denied`",
        ],
    );
}

#[tokio::test]
async fn a_good_status_with_a_bad_body_is_the_servers_fault() {
    for (body, words) in [
        (
            "<!DOCTYPE html>",
            [
                "a web page came back instead of data",
                "返回的是网页而不是数据",
            ],
        ),
        ("", ["the answer was empty", "服务器的回答是空的"]),
        (
            r#"{"user_id":7}"#,
            [
                "not the JSON it should be (invalid type: integer `7`",
                "不是预期的 JSON",
            ],
        ),
        (
            r#"{"user_id":"a"} x"#,
            [
                "not the JSON it should be (trailing characters",
                "不是预期的 JSON",
            ],
        ),
        (
            r#"{"user_id":"a""#,
            ["not the JSON it should be (EOF", "不是预期的 JSON（第 1 行"],
        ),
        ("null", ["the answer names no user", "没有用户"]),
    ] {
        let (_sandbox, client) = sandbox(vec![Fault::on(USER, FaultAnswer::json(200, body))]).await;
        let error = client.user().await.unwrap_err();
        let status = (body != "null").then_some(200);
        check(&error, ErrorKind::Server, status, words);
        check(
            &error,
            ErrorKind::Server,
            status,
            ["check the server address", "请检查服务器地址"],
        );
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_makes_no_sense_or_never_ends_is_none() {
    let head = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}\r\n\r\n");
    let endless = [
        head("Content-Length: 1100000").into_bytes(),
        vec![b' '; 1_100_000],
    ]
    .concat();
    for (answer, kind, words) in [
        (
            head("Content-Length: 100").into_bytes(),
            ErrorKind::Network,
            ["broke off (tried 4 times)", "中断（已尝试 4 次）"],
        ),
        (
            head("Transfer-Encoding: chunked\r\n\r\nzz").into_bytes(),
            ErrorKind::Server,
            ["garbled", "已损坏"],
        ),
        (
            [
                head("Content-Encoding: gzip\r\nContent-Length: 5").into_bytes(),
                b"plain".to_vec(),
            ]
            .concat(),
            ErrorKind::Server,
            ["garbled", "已损坏"],
        ),
        (
            endless,
            ErrorKind::Server,
            ["longer than 1048576 bytes", "超过 1048576 字节"],
        ),
    ] {
        let (address, _told) = raw_server(vec![answer; 4]);
        let error = client(&format!("http://{address}"))
            .user()
            .await
            .unwrap_err();
        check(&error, kind, Some(200), words);
    }
    let (address, _told) = raw_server(vec![b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(); 4]);
    let error = client(&format!("http://{address}"))
        .user()
        .await
        .unwrap_err();
    check(
        &error,
        ErrorKind::Server,
        None,
        ["does not speak HTTP", "不是 HTTP"],
    );
}

#[tokio::test]
async fn odd_but_whole_answers_are_taken() {
    let body = r#"{"user_id":"u-1","name":null,"user_id":"u-100"}"#;
    let length = body.len();
    for head in [
        format!("HTTP/1.1 200 好\r\nContent-Length: {length}"),
        format!(
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}"
        ),
        "HTTP/1.0 200 OK".to_owned(),
    ] {
        let (address, _told) = raw_server(vec![format!("{head}\r\n\r\n{body}").into_bytes()]);
        let user = client(&format!("http://{address}")).user().await;
        assert_eq!(user, Ok(demo()), "{head}");
    }
}

#[tokio::test]
async fn no_connection_is_a_matter_of_the_network() {
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let error = client(&format!("http://{nobody}"))
        .user()
        .await
        .unwrap_err();
    check(
        &error,
        ErrorKind::Network,
        None,
        [
            "no connection (connection refused)",
            "无法连接（连接被拒绝）",
        ],
    );
    assert!(error.left_no_trace());

    let (_sandbox, client) = sandbox(vec![Fault::on(USER, FaultAnswer::Close)]).await;
    let error = client.user().await.unwrap_err();
    check(
        &error,
        ErrorKind::Network,
        None,
        [
            "the connection broke (it was closed without an answer) (tried 4 times)",
            "连接中断（对方未作回答即关闭）（已尝试 4 次）",
        ],
    );
    assert!(!error.left_no_trace());
}

#[tokio::test]
async fn what_may_arrive_twice_is_sent_again_after_a_while() {
    let faults = [
        "user@1:status=503",
        "user@1:reset=before",
        "user@1:truncate",
    ];
    let faults = faults.map(|rule| rule.parse().unwrap()).to_vec();
    let (sandbox, client) = sandbox(faults).await;
    let (tell, told) = mpsc::channel();
    let client = client.on_wait(move |wait| tell.send(wait.clone()).unwrap());
    assert!(client.user().await.is_ok());
    assert_eq!(sandbox.requests().len(), 4);
    let told: Vec<_> = told.try_iter().collect();
    let words: Vec<_> = told
        .iter()
        .map(|wait| (wait.error.kind(), wait.error.status()))
        .collect();
    assert_eq!(
        words,
        [
            (ErrorKind::Server, Some(503)),
            (ErrorKind::Network, None),
            (ErrorKind::Network, Some(200)),
        ]
    );
    assert!(told.is_sorted_by_key(|wait| wait.length));
    let message = told[0].message();
    assert!(
        message
            .en
            .starts_with("the server is busy, trying again in ")
            && message.zh.starts_with("服务器繁忙，"),
        "{message:?}"
    );
}

#[tokio::test]
async fn a_package_that_may_have_arrived_is_not_sent_again() {
    for (rule, sent, no_trace) in [
        ("package:status=503", 1, false),
        ("package:status=429,retry-after=0", 4, true),
        ("package:status=409", 1, true),
        ("package:reset=after", 1, false),
    ] {
        let (sandbox, client) = sandbox(vec![rule.parse().unwrap()]).await;
        let error = client
            .upload_package(&demo(), "demo", "1.0.0", GZIP.to_vec())
            .await
            .unwrap_err();
        assert_eq!(
            (sandbox.requests().len(), error.left_no_trace()),
            (sent, no_trace),
            "{rule}"
        );
    }
}

#[tokio::test]
async fn nobody_waits_longer_than_they_want() {
    let (sandbox, _) = sandbox(vec!["user:status=429,retry-after=2".parse().unwrap()]).await;
    let repeat = Duration::from_secs(1);
    let client = impatient(
        &sandbox.url(),
        Timeouts {
            repeat,
            ..Timeouts::default()
        },
    );
    let error = client.user().await.unwrap_err();
    check(
        &error,
        ErrorKind::RateLimited,
        Some(429),
        ["try again in 2 s", "请在 2 秒后重试"],
    );
    assert_eq!(sandbox.requests().len(), 1);
}

#[tokio::test]
async fn a_pause_ends_when_the_call_is_dropped() {
    let (sandbox, client) = sandbox(vec!["user:status=429,retry-after=15".parse().unwrap()]).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let client = client.on_wait(move |wait| tell.send(wait.length).unwrap());
    tokio::select! {
        user = client.user() => panic!("{user:?}"),
        length = told.recv() => assert_eq!(length, Some(Duration::from_secs(15))),
    }
    assert_eq!(sandbox.requests().len(), 1);
}

#[tokio::test]
async fn an_answer_is_quoted_with_its_id_and_a_page_with_its_title() {
    let tagged =
        FaultAnswer::with_header(500, "x-request-id", "7f-1\t3", "{\"message\":\"no disk\"}");
    for (answer, words) in [
        (
            tagged,
            [
                "500 Internal Server Error, `no disk` (request id `7f-1 3`) (tried 4 times); ",
                "500 Internal Server Error：`no disk`（请求 ID `7f-1 3`）（已尝试 4 次）；",
            ],
        ),
        (
            FaultAnswer::html(502),
            [
                "502 Bad Gateway with a web page called `Sign in`",
                "502 Bad Gateway（一个网页“Sign in”）",
            ],
        ),
        (
            FaultAnswer::html(200),
            [
                "a web page called `Sign in` came back instead of data; open a browser",
                "返回的是网页“Sign in”而不是数据；请打开浏览器",
            ],
        ),
    ] {
        let (_sandbox, client) = sandbox(vec![Fault::on(USER, answer)]).await;
        let error = client.user().await.unwrap_err();
        check(&error, ErrorKind::Server, error.status(), words);
    }
}

#[tokio::test]
async fn the_hint_fits_the_call() {
    for (rule, words) in [
        (
            "upload:status=413",
            ["icon or screenshot smaller", "减小图标或截图"],
        ),
        (
            "package:status=413",
            ["; what was sent holds 8 bytes", "；发送的内容有 8 字节"],
        ),
        ("package:status=409", ["raise `version`", "提高 `version`"]),
        (
            "package:status=403",
            ["become a partner yet (https://", "尚未入驻扩展市场"],
        ),
        ("submit:status=404", ["snapshot's id", "快照的 ID"]),
        ("submit:status=409", ["review status", "审核状态"]),
    ] {
        let (_sandbox, client) = sandbox(vec![rule.parse().unwrap()]).await;
        let user = client.user().await.unwrap();
        let error = match rule.split_once(':').unwrap().0 {
            "upload" => {
                let files = vec![file("a.svg", b"<svg/>")];
                let urls = client.upload_files(&user, "demo", "1.0.0", files).await;
                urls.unwrap_err()
            }
            "package" => {
                let id = client.upload_package(&user, "demo", "1.0.0", GZIP.to_vec());
                id.await.unwrap_err()
            }
            _ => {
                let id = SnapshotId::new("1");
                client.submit(&user, &id).await.unwrap_err()
            }
        };
        check(&error, error.kind(), error.status(), words);
    }
}

#[tokio::test]
async fn a_server_may_be_an_ipv6_address() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else {
        // A machine without IPv6.
        return;
    };
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        head(&mut stream);
        let _ = stream.write_all(&ok(r#"{"user_id":"u-100"}"#));
    });
    assert_eq!(
        client(&format!("http://{address}")).user().await,
        Ok(demo())
    );
}

#[tokio::test]
async fn an_untrusted_server_is_a_matter_of_tls() {
    // The sandbox speaks plain HTTP where this client expects a handshake.
    let (sandbox, _) = sandbox(vec![]).await;
    let error = client(&sandbox.url().replace("http:", "https:"))
        .user()
        .await
        .unwrap_err();
    check(
        &error,
        ErrorKind::Tls,
        None,
        [
            "no trusted connection (what answers there does not speak TLS)",
            "无法建立可信连接（该端口上的服务不使用 TLS）",
        ],
    );
}

#[tokio::test]
async fn a_hanging_server_is_left_after_the_time_out() {
    let short = Duration::from_millis(50);
    let faults = vec![
        Fault::on("GET /apis/user", FaultAnswer::Hang),
        Fault::on("/action:", FaultAnswer::Hang),
        Fault::on("/package", FaultAnswer::Hang),
    ];
    let (sandbox, _) = sandbox(faults).await;
    let client = impatient(
        &sandbox.url(),
        Timeouts {
            call: short,
            idle: short,
            ..quick()
        },
    );
    let id = SnapshotId::new("1");
    // Far more than the socket's buffers hold, so that sending itself stalls.
    let big = vec![0; 30_000_000];
    let [user, submit, package] = [
        client.user().await.unwrap_err(),
        client.submit(&demo(), &id).await.unwrap_err(),
        client
            .upload_package(&demo(), "demo", "1.0.0", big)
            .await
            .unwrap_err(),
    ];
    for error in [user, submit, package] {
        check(
            &error,
            ErrorKind::Timeout,
            None,
            [" 0.05 s", "0.05 秒内没有"],
        );
    }
}

#[tokio::test]
async fn an_answer_that_stalls_in_the_middle_is_left_too() {
    let (keep, kept) = mpsc::channel();
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec();
    let address = hasty_server(half, move |stream| {
        let _ = keep.send(stream);
    });
    let idle = Duration::from_millis(50);
    let client = impatient(
        &format!("http://{address}"),
        Timeouts {
            idle,
            ..Timeouts::default()
        },
    );
    let error = client.user().await.unwrap_err();
    check(
        &error,
        ErrorKind::Timeout,
        None,
        ["nothing came back for 0.05 s", "0.05 秒内没有回应"],
    );
    drop(kept);
}

#[tokio::test]
async fn uploads_are_believed_as_far_as_they_are_checked() {
    let wrong_count = ["URLs for 2 files", "个 URL"];
    let wrong_url = ["as the URL of a file", "文件 URL 是"];
    for (body, words) in [
        (
            r#"{"files":[{"url":"https://x/1"}]}"#,
            [
                "the server gave 1 URLs for 2 files",
                "为 2 个文件返回了 1 个 URL",
            ],
        ),
        (
            r#"{"files":[{"url":"https://x/1"},{"url":"https://x/2"},{"url":"https://x/3"}]}"#,
            wrong_count,
        ),
        ("null", wrong_count),
        (r#"{"files":null}"#, wrong_count),
        (r#"{"files":[{"url":"https://x/1"},{"url":""}]}"#, wrong_url),
        (r#"{"files":[{"url":"https://x/1"},null]}"#, wrong_url),
        (
            r#"{"files":[{"url":"https://x/1"},{"url":"../../etc/passwd"}]}"#,
            wrong_url,
        ),
        (
            r#"{"files":[{"url":"https://x/1"},{"url":"https://x/\nname: evil"}]}"#,
            wrong_url,
        ),
        (r#"{"files":{}}"#, ["not the JSON", "不是预期的 JSON"]),
    ] {
        let (sandbox, client) =
            sandbox(vec![Fault::on("/files", FaultAnswer::json(200, body))]).await;
        sandbox.clear_faults();
        sandbox.inject(Fault::on_nth("POST", 1, FaultAnswer::json(200, body)));
        let user = client.user().await.unwrap();
        let files = vec![file("a.png", b"1"), file("b.png", b"2")];
        let error = client
            .upload_files(&user, "demo", "1.0.0", files)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Server);
        check(&error, ErrorKind::Server, error.status(), words);
        assert!(
            error
                .to_string()
                .starts_with("cannot upload 2 files at http://"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn no_files_make_no_request() {
    let (sandbox, client) = sandbox(vec![]).await;
    assert_eq!(
        client.upload_files(&demo(), "demo", "1.0.0", vec![]).await,
        Ok(vec![])
    );
    assert!(sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_push_without_a_snapshot_is_no_push() {
    for body in [
        "null",
        "{}",
        r#"{"snapshot":null}"#,
        r#"{"snapshot":{"snapshot_id":""}}"#,
    ] {
        let (_sandbox, client) =
            sandbox(vec![Fault::on("/package", FaultAnswer::json(200, body))]).await;
        let error = client
            .upload_package(&demo(), "demo", "1.0.0", GZIP.to_vec())
            .await
            .unwrap_err();
        check(
            &error,
            ErrorKind::Server,
            None,
            ["the answer names no snapshot", "没有快照"],
        );
    }
}

#[tokio::test]
async fn a_package_above_the_limit_is_told_as_too_large() {
    let (_sandbox, client) = sandbox(vec![]).await;
    let user = client.user().await.unwrap();
    let big = [GZIP, &vec![0; 3_000_000]].concat();
    let error = client
        .upload_package(&user, "demo", "1.0.0", big)
        .await
        .unwrap_err();
    check(
        &error,
        ErrorKind::TooLarge,
        Some(413),
        ["exceeds the limit", "请减小扩展组件包"],
    );
}

#[tokio::test]
async fn an_act_needs_no_body_in_its_answer() {
    for (status, body, expected) in [
        (200, "", Ok(())),
        (200, "{", Ok(())),
        // The word of a network's sign-in page or a gateway.
        (200, "<html>", Err(ErrorKind::Server)),
        (201, r#"{"message":"ok"}"#, Ok(())),
        (204, "", Ok(())),
        (202, "{}", Err(ErrorKind::Server)),
        (409, "{}", Err(ErrorKind::Conflict)),
    ] {
        let (_sandbox, client) =
            sandbox(vec![Fault::on("/action:", FaultAnswer::json(status, body))]).await;
        let id = SnapshotId::new("516955082311396155");
        let found = client
            .submit(&demo(), &id)
            .await
            .map_err(|error| error.kind());
        assert_eq!(found, expected, "{status}");
        assert_eq!(
            client
                .cancel_submit(&demo(), &id)
                .await
                .map_err(|error| error.kind()),
            expected
        );
    }
}

#[tokio::test]
async fn nothing_there_is_not_found() {
    let (_sandbox, client) = sandbox(vec![Fault::on(
        "/versions/",
        FaultAnswer::json(200, "null"),
    )])
    .await;
    let error = client.locate("demo", "1.0.0").await.unwrap_err();
    check(
        &error,
        ErrorKind::NotFound,
        None,
        ["look up `demo` 1.0.0", "查询 `demo` 1.0.0"],
    );
    let error = client.summary("没有").await.unwrap_err();
    check(
        &error,
        ErrorKind::NotFound,
        Some(404),
        ["extension 没有 not found", "查询 `没有`"],
    );
}

#[tokio::test]
async fn a_name_stays_one_step_of_the_path() {
    let (sandbox, client) = sandbox(vec![]).await;
    for name in ["a/b", "../x", "a?b", "a#b", "a%2Fb", "中文", "a+b"] {
        assert_eq!(
            client.summary(name).await.unwrap_err().kind(),
            ErrorKind::NotFound
        );
    }
    let paths: Vec<String> = sandbox
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    let expected = [
        "a%2Fb",
        "..%2Fx",
        "a%3Fb",
        "a%23b",
        "a%252Fb",
        "%E4%B8%AD%E6%96%87",
        "a+b",
    ]
    .map(|name| format!("/apis/extension/v1/extensions/{name}/summary"));
    assert_eq!(paths, expected);
    for name in ["", ".", ".."] {
        let error = client.summary(name).await.unwrap_err();
        check(
            &error,
            ErrorKind::NotFound,
            None,
            ["cannot be a name", "不可能是"],
        );
    }
    assert_eq!(sandbox.requests().len(), expected.len());
}

#[tokio::test]
async fn nothing_is_uploaded_to_a_path_that_climbs() {
    let (sandbox, client) = sandbox(vec![]).await;
    let user = client.user().await.unwrap();
    for (name, version, base_name) in [
        ("..", "1.0.0", "a.svg"),
        ("demo", "../1.0.0", "a.svg"),
        ("demo", "1.0.0", "../a.svg"),
        ("demo", "1.0.0", "..\\a.svg"),
        ("demo", "1.0.0", ""),
    ] {
        let error = client
            .upload_files(&user, name, version, vec![file(base_name, b"")])
            .await
            .unwrap_err();
        check(
            &error,
            ErrorKind::NotFound,
            None,
            ["cannot be a name", "不可能是"],
        );
    }
    let error = client
        .upload_package(&user, "demo", "1/0", GZIP.to_vec())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let posts = sandbox
        .requests()
        .into_iter()
        .filter(|request| request.method == "POST");
    assert_eq!(posts.count(), 0);
}

#[tokio::test]
async fn a_get_is_redirected_within_its_server_only() {
    let (elsewhere, told) = raw_server(vec![ok("{}")]);
    let to = |location: &str| Fault::on(USER, FaultAnswer::redirect(302, location));
    let (sandbox, client) = sandbox(vec![]).await;

    sandbox.inject(Fault::on_nth(
        USER,
        1,
        FaultAnswer::redirect(307, "/apis/user/v1/user?again"),
    ));
    assert!(client.user().await.is_ok());
    sandbox.clear_faults();

    let port = sandbox.address().port();
    for (location, requests) in [
        (format!("http://{elsewhere}{USER}"), 1),
        (format!("//{elsewhere}{USER}"), 1),
        (format!("https://127.0.0.1:{port}{USER}"), 1),
        (format!("http://localhost:{port}{USER}"), 1),
        (USER.to_owned(), 4),
    ] {
        sandbox.inject(to(&location));
        let before = sandbox.requests().len();
        let error = client.user().await.unwrap_err();
        check(
            &error,
            ErrorKind::Server,
            None,
            ["redirects to `", "重定向"],
        );
        assert_eq!(sandbox.requests().len() - before, requests, "{location}");
        sandbox.clear_faults();
    }
    assert!(told.try_recv().is_err(), "nobody else was asked");
}

#[tokio::test]
async fn a_post_is_not_redirected_at_all() {
    for status in [301, 302, 303, 307, 308] {
        let answer = || FaultAnswer::redirect(status, "/elsewhere");
        let (sandbox, client) = sandbox(vec![Fault::on("POST", answer())]).await;
        let id = SnapshotId::new("1");
        let submit = client.submit(&demo(), &id).await.unwrap_err();
        let package = client
            .upload_package(&demo(), "demo", "1.0.0", GZIP.to_vec())
            .await
            .unwrap_err();
        for error in [submit, package] {
            check(
                &error,
                ErrorKind::Server,
                None,
                ["redirects to `/elsewhere`", "重定向到 `/elsewhere`"],
            );
        }
        assert_eq!(sandbox.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_server_that_echoes_the_key_does_not_get_it_into_an_error() {
    // Long enough that shortening the message cuts through the key.
    let echo = format!("{}{KEY} {KEY}", "x".repeat(290));
    for answer in [
        FaultAnswer::json(401, &format!(r#"{{"message":"no such key {KEY}"}}"#)),
        FaultAnswer::json(401, &format!(r#"{{"message":"{echo}"}}"#)),
        FaultAnswer::json(500, &echo),
        FaultAnswer::json(200, &format!(r#"{{"user_id":{{"{KEY}":1}}}}"#)),
        FaultAnswer::json(200, &format!(r#""{KEY}""#)),
        FaultAnswer::redirect(302, &format!("http://127.0.0.1:1/?key={KEY}")),
    ] {
        let (_sandbox, client) = sandbox(vec![Fault::on(USER, answer)]).await;
        let error = client.user().await.unwrap_err();
        check(
            &error,
            error.kind(),
            error.status(),
            ["check the key", "验证密钥"],
        );
        assert!(!format!("{client:?}").contains("1e63267b"));
    }
}

#[tokio::test]
async fn a_dropped_call_ends_its_request() {
    let (sandbox, client) = sandbox(vec![Fault::on_nth(USER, 1, FaultAnswer::Hang)]).await;
    let stopped = tokio::time::timeout(Duration::from_millis(50), client.user()).await;
    assert!(stopped.is_err());
    assert!(client.user().await.is_ok());
    assert_eq!(sandbox.requests().len(), 2);
    let error = Error::cancelled(ksext_cloud::Message::new("push `demo`", "推送 `demo`"));
    check(
        &error,
        ErrorKind::Cancelled,
        None,
        [
            "cannot push `demo`: it was cancelled",
            "无法推送 `demo`：操作已取消",
        ],
    );
}

#[test]
fn the_words_for_kinds_are_those_of_the_contract() {
    assert_eq!(
        ErrorKind::ALL.map(ErrorKind::as_str),
        [
            "auth",
            "forbidden",
            "not-found",
            "conflict",
            "too-large",
            "rate-limited",
            "network",
            "timeout",
            "tls",
            "server",
            "cancelled"
        ]
    );
}

/// A server that answers as soon as it has read the head of a request, and goes on as `then` says.
fn hasty_server(answer: Vec<u8>, then: impl FnOnce(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        head(&mut stream);
        stream.write_all(&answer).unwrap();
        then(stream);
    });
    address
}

#[tokio::test]
async fn a_refusal_is_heard_before_all_is_sent() {
    // Gateways look at the length alone, answer, and throw away what still comes.
    let answer =
        b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let address = hasty_server(answer.to_vec(), |mut stream| {
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let error = client(&format!("http://{address}"))
        .upload_package(&demo(), "demo", "1.0.0", vec![0; 30_000_000])
        .await
        .unwrap_err();
    check(
        &error,
        ErrorKind::TooLarge,
        Some(413),
        ["what was sent holds 30 000 000 bytes", "30 000 000 字节"],
    );
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let (tell, told) = mpsc::channel();
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n";
    let address = hasty_server(head.to_vec(), move |mut stream| {
        let piece = [0; 1 << 16];
        let mut sent = 0;
        while sent < 1 << 31 && stream.write_all(&piece).is_ok() {
            sent += piece.len();
        }
        tell.send(sent).unwrap();
    });
    let client = client(&format!("http://{address}"));
    let error = client.user().await.unwrap_err();
    check(&error, ErrorKind::Server, Some(200), ["longer", "超过"]);
    let sent = tokio::task::spawn_blocking(move || told.recv().unwrap());
    let sent = sent.await.unwrap();
    // What the client took and what lies in the sockets' buffers.
    assert!(sent < 64 << 20, "{sent} bytes were sent");
}
