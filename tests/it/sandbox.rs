//! `ksext sandbox` as who starts it meets it: what keeps it from starting, and the reviewer that decides by itself.

use ksext_test_support::{KEY, Ksext, PackageDir, SandboxProcess};

use crate::check::FIXTURES;

fn ksext() -> Ksext {
    Ksext::new(env!("CARGO_BIN_EXE_ksext"))
}

#[test]
fn says_in_both_languages_why_it_cannot_start() {
    let folder = PackageDir::new(&[("broken/state.json", "{"), ("file", "")]);
    let path = |name: &str| folder.join(name).display().to_string();
    let running = SandboxProcess::start(ksext(), &["--state", &path("状态")]);
    let url = running.url();
    let port = url.rsplit(':').next().expect("a port");
    for (args, en, zh) in [
        (
            ["--port", "0", "--state", &path("状态")],
            "another one uses the folder",
            "正被另一个沙箱使用",
        ),
        (
            ["--port", "0", "--state", &path("broken")],
            "state.json` is not what a sandbox writes",
            "不是沙箱写入的内容",
        ),
        (
            ["--port", "0", "--state", &path("file")],
            "it is not a folder",
            "它不是文件夹",
        ),
        (
            ["--port", port, "--review", "manual"],
            "is taken; `--port 0` picks a free one",
            "已被占用；使用 `--port 0` 可自动选择空闲端口",
        ),
    ] {
        for (lang, words) in [("en", en), ("zh", zh)] {
            let output = ksext().args(["--lang", lang, "sandbox"]).args(args).run();
            assert_eq!((output.code, &*output.stdout), (Some(3), ""), "{output}");
            assert!(output.stderr.contains(words), "{words} is not in: {output}");
        }
    }
}

#[test]
fn a_reviewer_that_takes_its_time_leaves_a_push_submitted() {
    for (delay, expected) in [("0", "active"), ("3600", "submitted")] {
        let ksext = ksext().current_dir(FIXTURES);
        let args = ["--review", "approve", "--review-delay", delay];
        let sandbox = SandboxProcess::start(ksext.clone(), &args);
        let output = sandbox.log_in(&ksext, KEY);
        assert_eq!(output.code, Some(0), "{output}");
        let push = ["push", "demo", "--yes", "--format", "json"];
        let output = ksext.clone().args(push).run();
        assert_eq!(output.code, Some(0), "{output}");
        let output = ksext.args(["get", "demo", "--format", "json"]).run();
        let status = format!("\"status\": \"{expected}\"");
        assert!(output.stdout.contains(&status), "{output}");
    }
}
