//! `ksext new`, and the pages and scripts that come out of the command line's declaration.

use ksext_test_support::{Ksext, LspClient, PackageDir};
use serde_json::json;

fn ksext() -> Ksext {
    Ksext::new(env!("CARGO_BIN_EXE_ksext"))
}

#[test]
fn a_new_package_is_valid_at_once() {
    let folder = PackageDir::new(&[]);
    let ksext = ksext().current_dir(folder.path());
    let made = ksext
        .clone()
        .args(["new", "kube-events", "--title-zh", "集群事件"])
        .run();
    assert_eq!(made.code, Some(0), "{made}");
    let checked = ksext.clone().args(["check", "--strict"]).run();
    assert_eq!(checked.code, Some(0), "{checked}");
    assert!(
        checked.stdout.contains("kube-events 0.1.0: no findings"),
        "{checked}"
    );
    let again = ksext.args(["--lang", "zh", "new", "kube-events"]).run();
    assert_eq!(again.code, Some(3), "{again}");
    assert!(again.stderr.contains("已存在"), "{again}");
}

#[test]
fn an_editor_makes_one_too() {
    let folder = PackageDir::new(&[]);
    let mut client: LspClient = ksext().lsp();
    client.initialize(json!({}));
    let answer = client.request(
        "workspace/executeCommand",
        json!({"command": "ksext.new", "arguments": [{"name": "demo-2", "directory": folder.uri("")}]}),
    );
    let answer = answer.expect("made");
    assert!(
        answer["files"]
            .as_array()
            .is_some_and(|files| files.contains(&json!("extension.yaml"))),
        "{answer}"
    );
    assert!(
        folder
            .path()
            .join("demo-2/charts/backend/Chart.yaml")
            .is_file()
    );
}

#[test]
fn every_command_is_completed_and_has_its_page() {
    let folder = PackageDir::new(&[]);
    let help = ksext().args(["--help"]).run();
    let commands: Vec<&str> = help
        .stdout
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.contains(&"push"), "{help}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = ksext().args(["completions", shell]).run();
        for command in &commands {
            assert!(script.stdout.contains(command), "{shell}: {command}");
        }
    }
    let man = ksext()
        .current_dir(folder.path())
        .args(["man", "-o", "man"])
        .run();
    assert_eq!(man.code, Some(0), "{man}");
    for command in commands {
        let page = std::fs::read_to_string(folder.path().join(format!("man/ksext-{command}.1")));
        assert!(page.expect(command).contains(".SH NAME"), "{command}");
    }
}
