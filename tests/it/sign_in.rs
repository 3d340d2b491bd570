//! Logging in and out at a terminal, what is kept of it, and what `whoami` and `doctor` say of it.

use ksext_test_support::{KEY, Ksext, Output, SandboxProcess};
use serde_json::{Value, json};

use crate::check::FIXTURES;

const WRONG: &str = "kck-2e63267b-cb3c-4757-b739-3d94a06782aa";
/// What ksbuilder keeps for the key.
const KEPT: &str = "{\"token\": \"a2NrLTFlNjMyNjdiLWNiM2MtNDc1Ny1iNzM5LTNkOTRhMDY3ODFhYQ==\", \"server\": \"SERVER\", \"theme\": \"深\"}";

/// A machine with a home, and a cloud that knows one key.
struct Machine {
    sandbox: SandboxProcess,
    ksext: Ksext,
}

impl Machine {
    fn new() -> Self {
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext")).current_dir(FIXTURES);
        let sandbox = SandboxProcess::start(ksext.clone(), &["--token", KEY]);
        Self { sandbox, ksext }
    }

    /// With the file as ksbuilder writes it, which others can read.
    fn with_ksbuilder() -> Self {
        let machine = Self::new();
        machine.keep(&KEPT.replace("SERVER", &machine.sandbox.url()));
        machine
    }

    fn keep(&self, text: &str) {
        let folder = self.ksext.home().join(".ksbuilder");
        std::fs::create_dir_all(&folder).expect("made");
        std::fs::write(folder.join("config.json"), text).expect("written");
    }

    fn kept(&self) -> Option<String> {
        std::fs::read_to_string(self.ksext.home().join(".ksbuilder/config.json")).ok()
    }

    fn run<const N: usize>(&self, args: [&str; N]) -> Output {
        self.ksext.clone().args(args).run()
    }

    fn log_in(&self) -> Output {
        self.sandbox.log_in(&self.ksext, KEY)
    }

    /// The checks of `ksext doctor`, by name.
    #[track_caller]
    fn doctor(&self, ksext: &Ksext, code: i32) -> Value {
        let args = ["doctor", "demo", "--format", "json"];
        let output = ksext.clone().args(args).run();
        assert_eq!(output.code, Some(code), "{output}");
        let answer: Value = serde_json::from_str(&output.stdout).expect("JSON");
        assert_eq!(
            (&answer["version"], &answer["ok"]),
            (&json!(1), &json!(code == 0))
        );
        let checks = answer["checks"].as_array().expect("a list").iter();
        let by_name = checks.map(|check| {
            (
                check["check"].as_str().expect("a name").to_owned(),
                check.clone(),
            )
        });
        Value::Object(by_name.collect())
    }
}

#[test]
fn whoami_says_where_the_key_comes_from() {
    let machine = Machine::with_ksbuilder();
    let url = machine.sandbox.url();
    let whoami = |ksext: Ksext| {
        let output = ksext.args(["whoami", "--format", "json"]).run();
        let answer: Value = serde_json::from_str(&output.stdout).expect("JSON");
        (answer["server"].clone(), answer["source"].clone())
    };
    assert_eq!(whoami(machine.ksext.clone()), (json!(url), json!("file")));
    let set = machine
        .ksext
        .clone()
        .env("KSEXT_TOKEN", KEY)
        .env("KSEXT_SERVER", &url);
    assert_eq!(whoami(set.clone()), (json!(url), json!("environment")));
    let output = set.args(["whoami", "--lang", "zh"]).run();
    assert!(
        output
            .stdout
            .ends_with(&format!("，{url}（密钥来自环境变量 `KSEXT_TOKEN`）\n")),
        "{output}"
    );
}

#[test]
fn a_broken_file_is_in_the_way_of_no_login() {
    for broken in ["", "{\"token\": \"a2", "[]", "{\"token\": 5}"] {
        let machine = Machine::new();
        machine.keep(broken);
        let output = machine.run(["doctor", "demo"]);
        let told = output.stdout.matches("log in again to replace it").count();
        assert_eq!(told, 1, "{output}");
        let output = machine.run(["list"]);
        assert!(
            output.code == Some(3) && output.stderr.contains("log in again to replace it"),
            "{output}"
        );
        let output = machine.log_in();
        assert_eq!(output.code, Some(0), "{output}");
        assert!(
            output.stderr.contains("could not be read and was replaced"),
            "{output}"
        );
        assert_eq!(machine.run(["whoami"]).code, Some(0));
    }
}

#[test]
fn a_key_is_taken_out_of_what_a_file_or_a_page_puts_around_it() {
    for (piped, lang, code, expected) in [
        ("\u{feff}KEY\r\n".as_bytes(), "en", 0, "logged in to"),
        ("\u{200b}KEY\u{200b}".as_bytes(), "en", 0, "logged in to"),
        ("KEY\nKEY".as_bytes(), "zh", 3, "密钥中含有换行符"),
        (
            b"\xff\xfeK\0",
            "zh",
            3,
            "无法从标准输入读取密钥：它不是 UTF-8 文本",
        ),
        // Of a word in place of a key nothing is cut out of the answer.
        (b"n", "en", 3, "the server answered 403 Forbidden"),
    ] {
        let machine = Machine::new();
        let url = machine.sandbox.url();
        let piped = match std::str::from_utf8(piped) {
            Ok(text) => text.replace("KEY", KEY).into_bytes(),
            Err(_) => piped.to_owned(),
        };
        let login = ["login", "--token-stdin", "--server", &url, "--lang", lang];
        let output = machine.ksext.clone().args(login).stdin(piped).run();
        assert_eq!(output.code, Some(code), "{output}");
        let said = format!("{}{}", output.stdout, output.stderr);
        assert!(said.contains(expected), "{expected} is not in: {output}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_as_one_behind_a_command_that_is_done() {
    let machine = Machine::with_ksbuilder();
    let mut command = machine
        .ksext
        .clone()
        .args(["whoami", "--lang", "zh"])
        .command();
    let full = std::fs::File::create("/dev/full").expect("opened");
    let output = command.stdout(full).output().expect("run");
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("命令已执行完毕，但无法写入其输出"),
        "{stderr}"
    );
}

#[test]
fn a_login_that_cannot_be_kept_says_what_to_do() {
    let machine = Machine::new();
    std::fs::write(machine.ksext.home().join(".ksbuilder"), "").expect("written");
    let output = machine.log_in();
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (Some(3), ""),
        "{output}"
    );
    for word in [
        "@@HOME@@/.ksbuilder/config.json",
        "is a file",
        "`KSEXT_TOKEN`",
    ] {
        assert!(output.stderr.contains(word), "{word} is not in: {output}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_told_until_a_login_tightens_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let machine = Machine::with_ksbuilder();
    let path = machine.ksext.home().join(".ksbuilder/config.json");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
    let output = machine.run(["list"]);
    assert_eq!(
        output
            .stderr
            .matches("`chmod 600 @@HOME@@/.ksbuilder/config.json`")
            .count(),
        1,
        "{output}"
    );
    let output = machine.run(["list", "--quiet"]);
    assert_eq!(
        (output.code, output.stderr.as_str()),
        (Some(0), ""),
        "{output}"
    );
    let checks = machine.doctor(&machine.ksext, 0);
    assert_eq!(
        (
            &checks["credentials"]["state"],
            &checks["credentials"]["details"]["mode"]
        ),
        (&json!("warn"), &json!("644"))
    );

    assert_eq!(machine.log_in().code, Some(0));
    assert!(
        machine
            .kept()
            .is_some_and(|text| text.contains("\"theme\": \"深\""))
    );
    assert_eq!(
        machine.run(["list"]).stderr,
        "no extension was pushed from this account\n"
    );
    let checks = machine.doctor(&machine.ksext, 0);
    assert_eq!(
        (
            &checks["credentials"]["state"],
            &checks["credentials"]["details"]["mode"]
        ),
        (&json!("ok"), &json!("600"))
    );
}

#[test]
fn doctor_tells_what_is_wrong_and_what_to_do() {
    let machine = Machine::new();
    let url = machine.sandbox.url();
    let here = machine.ksext.clone().env("KSEXT_SERVER", &url);
    let checks = machine.doctor(&here, 0);
    assert_eq!(checks["key"]["state"], "warn", "not logged in");
    assert_eq!(checks["server"]["state"], "ok");
    assert!(checks["server"]["details"]["milliseconds"].is_u64());
    assert!(checks.get("account").is_none());
    assert_eq!(checks["rules"]["state"], "ok");
    assert_eq!(checks["state"]["state"], "ok");

    let checks = machine.doctor(&here.clone().env("KSEXT_TOKEN", KEY), 0);
    assert_eq!(
        checks["key"]["details"],
        json!({"source": "environment", "server": url})
    );
    assert!(
        checks["account"]["details"]["user"]["id"].is_string(),
        "{checks}"
    );

    let checks = machine.doctor(&here.clone().env("KSEXT_TOKEN", WRONG), 3);
    assert_eq!(
        (
            &checks["account"]["state"],
            &checks["account"]["details"]["kind"]
        ),
        (&json!("fail"), &json!("forbidden"))
    );
    assert!(checks["account"]["hint"].is_string());

    // Nobody listens there any more.
    drop(machine.sandbox);
    let output = here
        .clone()
        .env("KSEXT_TOKEN", KEY)
        .args(["doctor", "demo", "--lang", "zh"])
        .run();
    assert_eq!(output.code, Some(3), "{output}");
    assert!(
        output.stdout.contains("\n失败  ") && output.stdout.contains("\n      → "),
        "{output}"
    );
    // That breaks nothing for who is not logged in.
    let output = here.clone().args(["doctor", "demo"]).run();
    assert_eq!(output.code, Some(0), "{output}");
    assert!(
        output.stdout.contains(&format!("warn  cannot reach {url}")),
        "{output}"
    );
    let output = here.clone().args(["doctor", "demo", "--offline"]).run();
    assert_eq!(output.code, Some(0), "{output}");
    let output = here
        .env("KSEXT_LOG", "a=b=c")
        .args(["doctor", "nowhere", "--offline"])
        .run();
    assert_eq!(output.code, Some(3), "{output}");
    assert!(
        output.stdout.contains("fail  there is nothing at nowhere"),
        "{output}"
    );
    assert!(
        output
            .stdout
            .contains("warn  `KSEXT_LOG=a=b=c` is no log filter"),
        "{output}"
    );
}

#[cfg(unix)]
mod at_a_terminal {
    use std::io::{Read as _, Write as _};
    use std::process::Child;

    use pty_process::blocking::{Command, Pty, open};
    use rustix::termios::{LocalModes, tcgetattr};

    use super::*;

    /// A program at a terminal, and what stands there.
    struct Terminal {
        pty: Pty,
        child: Child,
        shown: String,
    }

    impl Terminal {
        fn start(ksext: &Ksext) -> Self {
            let (pty, pts) = open().expect("a terminal");
            let child = Command::from(ksext.command()).spawn(pts).expect("started");
            Self {
                pty,
                child,
                shown: String::new(),
            }
        }

        /// Types once the question stands there for the time that `count` says, and what is typed does
        /// not show any more.
        fn answer(&mut self, question: &str, count: usize, typed: &str) {
            while self.shown.matches(question).count() < count {
                assert!(self.read(), "no {question}: {}", self.shown);
            }
            let is_shown = |pty| {
                let modes = tcgetattr(pty).expect("a terminal").local_modes;
                modes.contains(LocalModes::ECHO)
            };
            while is_shown(&self.pty) {
                std::thread::yield_now();
            }
            self.pty.write_all(typed.as_bytes()).expect("it reads");
        }

        /// Reads on; whether there was more.
        fn read(&mut self) -> bool {
            let mut bytes = [0; 1024];
            // A terminal that nobody writes to any more is an error on Linux.
            let read = self.pty.read(&mut bytes).unwrap_or_default();
            self.shown
                .push_str(&String::from_utf8_lossy(&bytes[..read]));
            read > 0
        }

        fn end(mut self) -> (Option<i32>, String) {
            while self.read() {}
            (self.child.wait().expect("ended").code(), self.shown)
        }
    }

    fn login(machine: &Machine) -> Terminal {
        let url = machine.sandbox.url();
        Terminal::start(&machine.ksext.clone().args(["login", "--server", &url]))
    }

    const QUESTION: &str = "(not shown): ";

    #[test]
    fn a_wrong_key_is_asked_for_again_and_none_is_shown() {
        let machine = Machine::new();
        let mut terminal = login(&machine);
        terminal.answer(QUESTION, 1, "\n");
        terminal.answer(QUESTION, 2, &format!("{WRONG}\n"));
        terminal.answer(QUESTION, 3, &format!("{KEY}\n"));
        let (code, shown) = terminal.end();
        assert_eq!(code, Some(0), "{shown}");
        for word in [
            "the key is empty",
            "403",
            "create a key at https://",
            "logged in to",
        ] {
            assert!(shown.contains(word), "{word} is not in: {shown}");
        }
        assert!(!shown.contains("kck-"), "{shown}");
        assert_eq!(machine.run(["whoami"]).code, Some(0));
    }

    #[test]
    fn after_three_wrong_keys_nothing_is_kept() {
        let machine = Machine::new();
        let mut terminal = login(&machine);
        for count in 1..=3 {
            terminal.answer(QUESTION, count, &format!("{WRONG}\n"));
        }
        let (code, shown) = terminal.end();
        assert_eq!((code, machine.kept()), (Some(3), None), "{shown}");
        assert!(shown.contains("may be wrong or expired"), "{shown}");
    }

    #[test]
    fn a_server_that_says_nothing_can_be_left() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", silent.local_addr().expect("an address"));
        let machine = Machine::new();
        let login = machine.ksext.clone().args(["login", "--server", &url]);
        let mut terminal = Terminal::start(&login);
        terminal.answer(QUESTION, 1, &format!("{KEY}\n"));
        let _asked = silent.accept().expect("a connection");
        terminal.pty.write_all(b"\x03").expect("it reads");
        let (code, shown) = terminal.end();
        assert_eq!((code, machine.kept()), (Some(3), None), "{shown}");
        assert!(shown.contains("cannot log in: cancelled"), "{shown}");
    }

    #[test]
    fn a_question_without_an_answer_leaves_everything_as_it_is() {
        for key in ["\u{4}", "\u{3}"] {
            let machine = Machine::with_ksbuilder();
            let before = machine.kept();
            let mut terminal = login(&machine);
            terminal.answer(QUESTION, 1, key);
            let (code, shown) = terminal.end();
            assert_eq!(code, Some(3), "{shown}");
            assert!(shown.contains("cannot log in: cancelled"), "{shown}");
            assert_eq!(machine.kept(), before);
            assert_eq!(
                machine.sandbox.requests(),
                [""; 0],
                "the kept key was verified"
            );
        }
    }
}
