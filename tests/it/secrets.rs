//! The key of a whole session, looked for in everything that the program leaves behind. It may stand in
//! the file that keeps it, and nowhere else.

use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};

use ksext_test_support::{KEY, Ksext, LspClient, PackageDir, Reply, SandboxProcess};
use serde_json::{Value, json};

use crate::lsp_editor::{FILES, MANIFEST, capable};

const WRONG: &str = "kck-5a0dd5b1-77aa-4c5e-8a33-0f2f64b01c11";

/// The keys in every form in which one could slip out: whole, without what all keys have, and in the
/// base64 in which it is kept, of either alphabet and whatever stands before it.
fn secrets() -> Vec<String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let mut all = Vec::new();
    for key in [KEY, WRONG] {
        let uuid = &key["kck-".len()..];
        all.extend([uuid.to_owned(), uuid.to_uppercase(), uuid.replace('-', "")]);
        for before in 0..3 {
            // Those of the digits that depend on the key alone.
            let text = format!("{}{uuid}", " ".repeat(before));
            for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                let digits = engine.encode(&text);
                all.push(digits[4..digits.len() - 4].to_owned());
            }
        }
        all.push(STANDARD_NO_PAD.encode(key)[..48].to_owned());
    }
    all
}

/// Everything that was seen, by where.
#[derive(Default)]
struct Seen(Vec<(String, String)>);

impl Seen {
    fn note(&mut self, place: impl Into<String>, text: impl Into<String>) {
        self.0.push((place.into(), text.into()));
    }

    /// All files below `folder`.
    fn note_files(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                self.note_files(&path);
            } else {
                let bytes = std::fs::read(&path).expect("a file");
                self.note(path.display().to_string(), String::from_utf8_lossy(&bytes));
            }
        }
    }

    /// Where the key stands.
    fn places(&self) -> Vec<&str> {
        let secrets = secrets();
        let holds = |text: &str| secrets.iter().any(|secret| text.contains(secret));
        let found = self.0.iter().filter(|(_, text)| holds(text));
        found.map(|(place, _)| place.as_str()).collect()
    }
}

/// Writes down what it reads.
struct Tee<R>(R, Arc<Mutex<Vec<u8>>>);

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1.lock().expect("no panic").extend(&buffer[..read]);
        Ok(read)
    }
}

/// Programs on the PATH that write down what they are told.
fn tattling_tools(folder: &Path) -> PathBuf {
    let tools = folder.join("tools");
    std::fs::create_dir(&tools).expect("made");
    #[cfg(unix)]
    for name in ["git", "helm", "ksbuilder"] {
        use std::os::unix::fs::PermissionsExt as _;
        let path = tools.join(name);
        let script = "#!/bin/sh\n{ echo \"$0 $*\"; export -p; } >>\"$0.told\"\necho 1.0\n";
        std::fs::write(&path, script).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("set");
    }
    tools
}

fn in_the_terminal(ksext: &Ksext, url: &str, package: &str, seen: &mut Seen) {
    let mut run = |place: &str, ksext: Ksext| {
        let output = ksext.args(["-vv"]).run();
        seen.note(place, output.to_string());
        output.stdout
    };
    let server = ["--server", url];
    let login = |key: &str| {
        ksext
            .clone()
            .args(["login", "--token-stdin"])
            .args(server)
            .stdin(key)
    };
    run("a wrong login", login(WRONG));
    run("a broken login", login(&format!("{KEY}\n{KEY}")));
    run("a login", login(KEY));
    for args in [
        &["whoami"][..],
        &["whoami", "--format", "json"],
        &["doctor", package],
        &["doctor", package, "--format", "json", "--lang", "zh"],
        &["push", package, "--yes", "--no-submit"],
        &["submit", package],
        &["get", "demo"],
        &["list"],
        &["unpush", package],
        &["unpush", package],
    ] {
        let told = run(args[0], ksext.clone().args(args));
        assert!(!told.is_empty() || args[0] == "unpush", "{args:?}");
    }
    for key in [KEY, WRONG, "kck-\u{7f}"] {
        let set = ksext
            .clone()
            .env("KSEXT_TOKEN", key)
            .env("KSEXT_SERVER", url);
        for args in [
            &["whoami"][..],
            &["list"],
            &["doctor"],
            &["login"],
            &["logout"],
        ] {
            run("the environment", set.clone().args(args));
        }
    }
    // A server that says what it was told.
    let echo = Echo::start();
    let echoed = ksext
        .clone()
        .env("KSEXT_TOKEN", KEY)
        .env("KSEXT_SERVER", &echo.0);
    for args in [
        &["whoami"][..],
        &["get", "demo"],
        &["push", package, "--yes"],
        &["doctor"],
    ] {
        run("an echo", echoed.clone().args(args));
    }
    run("a login again", login(KEY));
}

/// A server that answers every request with its head.
struct Echo(String);

impl Echo {
    fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut head = vec![0; 4096];
                let read = stream.read(&mut head).unwrap_or_default();
                let body = json!({"message": String::from_utf8_lossy(&head[..read])}).to_string();
                // A client that has gone away needs no answer.
                let _ = write!(
                    stream,
                    "HTTP/1.1 403 Forbidden\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self(address)
    }
}

fn in_the_editor(ksext: &Ksext, url: &str, seen: &mut Seen) {
    let package = PackageDir::new(&FILES);
    package.write("extension.yaml", MANIFEST);
    let mut command = ksext.clone().args(["lsp"]).command();
    let mut child: Child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let sent = Arc::new(Mutex::new(Vec::new()));
    let stdout = Tee(child.stdout.take().expect("a pipe"), Arc::clone(&sent));
    let mut client = LspClient::over(stdout, child.stdin.take().expect("a pipe"));
    let mut stderr = child.stderr.take().expect("a pipe");
    let log = std::thread::spawn(move || {
        let mut text = Vec::new();
        // What came before an error is what there is.
        let _ = stderr.read_to_end(&mut text);
        text
    });
    client.respond(|method, params| match method {
        "window/showDocument" => {
            let page = params["uri"].as_str().expect("an address").to_owned();
            std::thread::spawn(move || {
                for key in [WRONG, KEY] {
                    enter(&page, key);
                }
            });
            Reply::Result(json!({"success": true}))
        }
        _ => Reply::Result(Value::Null),
    });
    let options = json!({"server": url, "push": {"confirm": false}});
    client.initialize_with(json!({
        "processId": null, "trace": "verbose", "capabilities": capable(), "initializationOptions": options,
    }));
    client.notify("$/setTrace", json!({"value": "verbose"}));
    let uri = package.uri("extension.yaml");
    client.open(&uri, MANIFEST);
    for (command, argument) in [
        ("ksext.login", json!({"token": WRONG})),
        ("ksext.login", json!({"token": format!("{KEY}\n")})),
        ("ksext.login", json!({"token": [KEY]})),
        ("ksext.login", json!({"tokn": KEY})),
        (
            "ksext.login",
            json!({"server": "https://x", "token": {"key": KEY}}),
        ),
        ("ksext.login", json!({"token": KEY, "verify": false})),
        (
            "ksext.login",
            json!({"token": WRONG, "store": false, "verify": false}),
        ),
        ("ksext.whoami", json!({})),
        ("ksext.login", json!({"token": KEY, "store": false})),
        ("ksext.list", json!({})),
        ("ksext.push", json!({"uri": uri})),
        ("ksext.status", json!({"uri": uri})),
        ("ksext.unpush", json!({"uri": uri})),
        ("ksext.logout", json!({})),
        ("ksext.login", json!({})),
    ] {
        let params = json!({"command": command, "arguments": [argument]});
        // Some are refused, and what they say is what this is about.
        let _ = client.request("workspace/executeCommand", params);
    }
    #[cfg(target_os = "linux")]
    for file in ["cmdline", "environ"] {
        let path = format!("/proc/{}/{file}", child.id());
        let bytes = std::fs::read(&path).expect("a process");
        seen.note(path, String::from_utf8_lossy(&bytes));
    }
    client.shut_down();
    child.wait().expect("ended");
    let sent = sent.lock().expect("no panic").clone();
    let log = String::from_utf8_lossy(&log.join().expect("no panic")).into_owned();
    let sent = String::from_utf8_lossy(&sent).into_owned();
    assert!(
        sent.contains("submitted") && log.contains("TRACE"),
        "{sent}\n{log}"
    );
    seen.note("what the server sent", sent);
    seen.note("what the server logged", log);
}

/// Enters a key on the sign-in page.
fn enter(page: &str, key: &str) {
    let (host, path) = page
        .strip_prefix("http://")
        .and_then(|page| page.split_once('/'))
        .expect("an address");
    let body = format!("key={key}");
    let mut stream = std::net::TcpStream::connect(host).expect("it listens");
    write!(
        stream,
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(!answer.contains(key), "{answer}");
}

#[test]
fn the_key_stands_in_the_file_that_keeps_it_and_nowhere_else() {
    let mut seen = Seen::default();
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext")).env("KSEXT_LOG", "trace");
    let home = ksext.home().to_owned();
    let tools = tattling_tools(&home);
    let ksext = ksext.env("PATH", &tools).current_dir(&home);
    let sandbox = SandboxProcess::start(ksext.clone(), &["--token", KEY]);
    let package = PackageDir::new(&FILES);
    package.write("extension.yaml", MANIFEST);
    let folder = package.path().to_string_lossy().into_owned();
    in_the_terminal(&ksext, &sandbox.url(), &folder, &mut seen);
    in_the_editor(&ksext, &sandbox.url(), &mut seen);
    seen.note_files(&home);
    seen.note_files(package.path());
    #[cfg(unix)]
    assert!(tools.join("git.told").is_file(), "no child was started");

    // The search itself is sound: it finds the one place.
    let file = home
        .join(".ksbuilder")
        .join("config.json")
        .display()
        .to_string();
    assert_eq!(seen.places(), [file]);
}
