//! The program in front of a cloud, a proxy or a network that misbehaves: it says what is wrong, leaves nothing half done, and the same
//! command works once the trouble is over. Every fault against every call is tested in ksext-cloud.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use ksext_test_support::{KEY, Ksext, Output, SandboxProcess};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::check::FIXTURES;

fn ksext() -> Ksext {
    Ksext::new(env!("CARGO_BIN_EXE_ksext")).current_dir(FIXTURES)
}

/// Logged in to a sandbox that breaks these rules; the login is its first `user` call.
#[track_caller]
fn logged_in(rules: &[&str]) -> (SandboxProcess, Ksext) {
    let ksext = ksext();
    let rules: Vec<_> = rules.iter().flat_map(|rule| ["--fault", rule]).collect();
    let sandbox = SandboxProcess::start(ksext.clone(), &rules);
    let login = sandbox.log_in(&ksext, KEY);
    assert_eq!(login.code, Some(0), "{login}");
    (sandbox, ksext)
}

/// Exit status 3, nothing on stdout, these words on stderr, and nowhere the key.
#[track_caller]
fn check_refused(output: &Output, words: &[&str]) {
    let Output { stdout, code, .. } = output;
    assert_eq!((*code, stdout.as_str()), (Some(3), ""), "{output}");
    for word in words {
        assert!(output.stderr.contains(word), "{word} is not in: {output}");
    }
    assert!(!output.stderr.contains("1e63267b"), "{output}");
}

#[test]
fn an_act_whose_answer_is_lost_is_told_by_what_the_cloud_has() {
    for (rule, act, code, expected) in [
        ("submit@2:reset=after", "submit", 0, ": submitted"),
        ("submit@2:reset=before", "submit", 3, "the connection broke"),
        ("cancel:reset=after", "unpush", 0, ": draft"),
        ("cancel:reset=before", "unpush", 3, "the connection broke"),
    ] {
        let (_sandbox, ksext) = logged_in(&[rule]);
        let run = |args: &[&str]| ksext.clone().args(args).run();
        assert_eq!(run(&["push", "demo", "--yes"]).code, Some(0));
        if act == "submit" {
            assert_eq!(run(&["unpush", "./demo"]).code, Some(0));
        }
        let output = run(&[act, "./demo"]);
        assert_eq!(output.code, Some(code), "{rule}: {output}");
        let said = format!("{}{}", output.stdout, output.stderr);
        assert!(said.contains(expected), "{rule}: {output}");
    }
}

#[test]
fn a_command_that_failed_works_once_the_trouble_is_over() {
    for (rule, args, words) in [
        (
            "user@2:status=403",
            &["whoami"][..],
            &["403 Forbidden", "https://kubesphere.cloud/user/setting/"][..],
        ),
        (
            "user@2:body=html",
            &["whoami", "--lang", "zh"],
            &["返回的是网页“Sign in”而不是数据；请打开浏览器"],
        ),
        (
            "user@2x4:reset=before",
            &["whoami"],
            &[
                "the connection failed, trying again in ",
                "it was closed without an answer) (tried 4 times)",
            ],
        ),
        (
            "search@1:huge",
            &["list"],
            &["the answer is longer than 1048576 bytes"],
        ),
        (
            "search@1:redirect=loop",
            &["list", "--format", "json"],
            &["the server redirects to `/apis/extension/v1/extensions/search`"],
        ),
        (
            "upload@1:status=413,body=html",
            &["push", "demo", "--yes"],
            &[
                "413 Payload Too Large with a web page",
                "; what was sent holds ",
            ],
        ),
        (
            "package@1:status=409",
            &["push", "demo", "--yes"],
            &["409 Conflict, `fault 409`", "raise `version`"],
        ),
        (
            "submit@1:status=429,retry-after=3600",
            &["push", "demo", "--yes"],
            &["429 Too Many Requests", "as snapshot "],
        ),
    ] {
        let (_sandbox, ksext) = logged_in(&[rule]);
        let login = ksext.home().join(".ksbuilder/config.json");
        let before = std::fs::read(&login).expect("the login");
        check_refused(&ksext.clone().args(["-vv"]).args(args).run(), words);
        let after = std::fs::read(&login).expect("the login");
        assert_eq!(after, before, "{rule}");
        let again = ksext.clone().args(args).run();
        assert_eq!(again.code, Some(0), "{rule}: {again}");
    }
}

#[test]
fn a_login_that_fails_leaves_no_login() {
    let ksext = ksext();
    let sandbox = SandboxProcess::start(
        ksext.clone(),
        &[
            "--fault",
            "user@1:truncate",
            "--fault",
            "user@1x3:status=503",
        ],
    );
    let url = sandbox.url();
    let args = ["login", "--token-stdin", "--server", &url];
    let login = ksext.clone().args(args).stdin(format!("{KEY}\n"));
    check_refused(
        &login.run(),
        &["503 Service Unavailable", "try again later"],
    );
    assert!(!ksext.home().join(".ksbuilder").exists());
    let again = login.run();
    assert_eq!(again.code, Some(0), "{again}");
}

#[test]
fn a_busy_server_is_waited_for() {
    let rules = [
        "user@2:status=429,retry-after=1",
        "package@1:status=429,retry-after=0",
    ];
    let (_sandbox, ksext) = logged_in(&rules);
    let pushed = ksext.clone().args(["push", "demo", "--yes"]).run();
    assert_eq!(pushed.code, Some(0), "{pushed}");
    for note in ["trying again in 1 s", "trying again"] {
        let note = format!("the server is busy, {note}\n");
        assert!(pushed.stderr.contains(&note), "{pushed}");
    }
}

#[test]
fn the_first_rows_are_shown_before_the_last_are_there() {
    let first = r#"search@1:body={"extensions":[{"extension_id":"1","name":"第一"}],"paginator":{"total_pages":2}}"#;
    let (_sandbox, ksext) = logged_in(&[first, "search:hang"]);
    let mut command = ksext.clone().args(["list"]).command();
    let mut listing = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let stdout = BufReader::new(listing.stdout.take().expect("a pipe"));
    let lines: Vec<_> = stdout
        .lines()
        .take(2)
        .map(|line| line.expect("text"))
        .collect();
    // It waits for the second page, which never comes.
    let ended = listing.try_wait().expect("its state");
    listing.kill().expect("it can be ended");
    listing.wait().expect("it ends");
    assert_eq!(
        lines,
        ["ID  NAME  STATUS   LATEST VERSION", "1   第一  unknown"]
    );
    assert_eq!(ended, None);
}

#[test]
fn the_key_goes_to_no_other_server() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = elsewhere.local_addr().expect("an address");
    let rule = format!("any:redirect=http://{address}/stolen");
    let ksext = ksext();
    let sandbox = SandboxProcess::start(ksext.clone(), &["--fault", &rule]);
    let ksext = ksext
        .env("KSEXT_SERVER", sandbox.url())
        .env("KSEXT_TOKEN", KEY);
    for args in [
        &["whoami"][..],
        &["list"],
        &["get", "demo"],
        &["push", "demo", "--yes"],
    ] {
        check_refused(
            &ksext.clone().args(args).run(),
            &["where the key must not go"],
        );
    }
    elsewhere
        .set_nonblocking(true)
        .expect("a socket that does not wait");
    let nobody = elsewhere.accept().expect_err("nobody came");
    assert_eq!(nobody.kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_proxy_in_the_way_is_named_without_its_password() {
    let asks_for_more =
        proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    let refuses = proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let gone = nobody.local_addr().expect("an address");
    drop(nobody);
    for (address, lang, words) in [
        (asks_for_more, "en", "it wants a user and password"),
        (asks_for_more, "zh", "它要求用户名和密码"),
        (refuses, "en", "it could not connect"),
        (gone, "zh", "连接被拒绝"),
    ] {
        let output = ksext()
            .env("KSEXT_SERVER", "https://cloud.invalid")
            .env("KSEXT_TOKEN", KEY)
            .env("HTTPS_PROXY", format!("http://me:hunter2@{address}"))
            .args(["whoami", "--lang", lang])
            .run();
        check_refused(
            &output,
            &[&format!("`http://{address}`"), words, "NO_PROXY"],
        );
        assert!(!output.stderr.contains("hunter2"), "{output}");
    }
}

#[test]
fn this_machine_and_what_no_proxy_names_are_reached_without_the_proxy() {
    let asked = TcpListener::bind("127.0.0.1:0").expect("a port");
    let proxy = format!("http://{}", asked.local_addr().expect("an address"));
    let proxied = ksext()
        .env("HTTPS_PROXY", &proxy)
        .env("HTTP_PROXY", &proxy)
        .env("ALL_PROXY", &proxy);
    let sandbox = SandboxProcess::start(ksext(), &[]);
    let here = proxied
        .clone()
        .env("KSEXT_SERVER", sandbox.url())
        .env("KSEXT_TOKEN", KEY)
        .args(["whoami"])
        .run();
    assert_eq!(here.code, Some(0), "{here}");
    let direct = proxied
        .env("NO_PROXY", "localhost,.invalid")
        .env("KSEXT_SERVER", "https://cloud.invalid")
        .env("KSEXT_TOKEN", KEY)
        .args(["whoami"])
        .run();
    check_refused(&direct, &["the server's name was not found"]);
    asked
        .set_nonblocking(true)
        .expect("a socket that does not wait");
    assert!(asked.accept().is_err(), "the proxy was asked");
}

/// A proxy that gives every request this answer.
fn proxy(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn a_certificate_is_trusted_or_told_what_is_wrong_with_it() {
    let authority = Authority::new("Ours");
    let folder = tempfile::tempdir().expect("a folder");
    let ours = folder.path().join("ours/ca.pem");
    let others = folder.path().join("其他.pem");
    std::fs::create_dir(folder.path().join("ours")).expect("a folder");
    std::fs::write(&ours, &authority.pem).expect("written");
    std::fs::write(&others, Authority::new("Others").pem).expect("written");
    let good = authority.server("127.0.0.1", 2096);
    let expired = authority.server("127.0.0.1", 2020);
    let misnamed = authority.server("cloud.example", 2096);
    let ours_dir = folder.path().join("ours");
    let missing = folder.path().join("没有.pem");
    let unknown = format!(
        "an authority that `{}` (SSL_CERT_FILE) does not hold",
        others.display()
    );
    for (port, variable, path, expected) in [
        (good, "SSL_CERT_FILE", &ours, None),
        (good, "SSL_CERT_DIR", &ours_dir, None),
        (good, "SSL_CERT_FILE", &others, Some(unknown.as_str())),
        (
            good,
            "SSL_CERT_FILE",
            &missing,
            Some("named by SSL_CERT_FILE, cannot be used: there is no such file"),
        ),
        (
            expired,
            "SSL_CERT_FILE",
            &ours,
            Some("its certificate has expired); check this machine's clock"),
        ),
        (
            misnamed,
            "SSL_CERT_FILE",
            &ours,
            Some("its certificate is for another name"),
        ),
    ] {
        let output = whoami(port, variable, path);
        match expected {
            None => assert_eq!(output.code, Some(0), "{output}"),
            Some(words) => check_refused(&output, &[words]),
        }
    }
    let chinese = whoami_in("zh", good, "SSL_CERT_FILE", &others);
    check_refused(
        &chinese,
        &[
            "无法建立可信连接",
            "中没有签发其证书的机构",
            "SSL_CERT_FILE",
        ],
    );
}

fn whoami(port: u16, variable: &str, path: &Path) -> Output {
    whoami_in("en", port, variable, path)
}

fn whoami_in(lang: &str, port: u16, variable: &str, path: &Path) -> Output {
    ksext()
        .env("KSEXT_SERVER", format!("https://127.0.0.1:{port}"))
        .env("KSEXT_TOKEN", KEY)
        .env(variable, path)
        .args(["whoami", "--lang", lang])
        .run()
}

/// Who signs certificates, as a company does for its own network.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([]).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("a certificate").pem();
        let issuer = Issuer::new(params, key);
        Self { pem, issuer }
    }

    /// Answers the port of a cloud with a certificate for `name`, good until that year.
    fn server(&self, name: &str, until: i32) -> u16 {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            );
        let config = Arc::new(config.expect("a configuration"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that does not trust us is gone by then.
                let _ = answer(Arc::clone(&config), stream);
            }
        });
        port
    }
}

fn answer(config: Arc<ServerConfig>, stream: TcpStream) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut request = [0; 4096];
    let _ = stream.read(&mut request)?;
    let body = r#"{"user_id":"u-100"}"#;
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    stream.conn.send_close_notify();
    stream.flush()
}

#[test]
fn the_help_names_every_call_and_fault_that_a_rule_may_name() {
    let ksext = ksext();
    let help = ksext.clone().args(["sandbox", "--help"]).run().stdout;
    for (rule, before) in [
        ("none:hang", "is no call; there are "),
        ("user:none", "is no fault; there are "),
    ] {
        let refused = ksext.clone().args(["sandbox", "--fault", rule]).run();
        assert_eq!(refused.code, Some(2), "{refused}");
        let (_, names) = refused.stderr.split_once(before).expect("a list");
        let names = names.lines().next().expect("a list").split(", ");
        for name in names {
            let name = name.split(['=', '[']).next().expect("a word");
            assert!(help.contains(name), "{name} is not in: {help}");
        }
    }
}
