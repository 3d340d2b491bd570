//! `ksext check --fix`, `--diff` and baselines, as a user runs them.

use std::path::Path;

use ksext_test_support::{Ksext, Output, PackageDir};
use serde_json::Value;

use crate::check::{FIXTURES, json, ksext, package};

/// A fixture's copy, to be changed.
fn copy(fixture: &str) -> PackageDir {
    let copy = PackageDir::new(&[]);
    let from = Path::new(FIXTURES).join(fixture);
    copy_below(&from, &from, &copy);
    copy
}

fn copy_below(root: &Path, folder: &Path, copy: &PackageDir) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            copy_below(root, &path, copy);
            continue;
        }
        let below = path.strip_prefix(root).expect("below").to_string_lossy();
        let content = std::fs::read(&path).expect("a file");
        copy.write(&below.replace('\\', "/"), content);
    }
}

/// The findings of a report that are errors or warnings, as `file: rule: message`. What is said to guide
/// a review may come up once a text can be read.
fn findings(output: &Output) -> Vec<String> {
    let report = json(output);
    let packages = report["packages"].as_array().expect("packages");
    let findings = packages
        .iter()
        .flat_map(|package| package["findings"].as_array().expect("findings"));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let matters = |it: &&Value| it["severity"] == "error" || it["severity"] == "warning";
    findings
        .filter(matters)
        .map(|it| {
            format!(
                "{}: {}: {}",
                text(&it["file"]),
                text(&it["rule"]),
                text(&it["message"])
            )
        })
        .collect()
}

#[test]
fn safe_fixes_of_every_fixture_add_nothing_and_are_made_once() {
    let mut made = 0;
    for entry in std::fs::read_dir(FIXTURES).expect("the fixtures") {
        let entry = entry.expect("an entry");
        if !entry.path().join("extension.yaml").is_file() {
            continue;
        }
        let copy = copy(&entry.file_name().to_string_lossy());
        let before = findings(&ksext(copy.path(), ["check", "--format", "json"]));
        let output = ksext(copy.path(), ["check", "--fix", "--format", "json"]);
        made += json(&output)["summary"]["fixed"]
            .as_u64()
            .expect("a number");
        for finding in findings(&output) {
            assert!(before.contains(&finding), "{entry:?} {finding}");
        }
        let again = ksext(copy.path(), ["check", "--diff"]);
        assert_eq!(
            (again.code, again.stdout.as_str()),
            (Some(0), ""),
            "{again}"
        );
    }
    assert!(made >= 2, "{made}");
}

#[test]
fn a_diff_shows_what_fix_would_write_and_writes_nothing() {
    let text = "displayName:\r\n  en: Demo # 😀\r\n  no: 示例\r\n";
    let package = package(text);
    let before = package.read("extension.yaml");
    let output = ksext(package.path(), ["check", "--diff"]);
    assert_eq!(output.code, Some(1), "{output}");
    let expected = "\
        --- extension.yaml\n\
        +++ extension.yaml\n\
        @@ -1,6 +1,6 @@\n \
        displayName:\r\n   \
          en: Demo # 😀\r\n\
        -  no: 示例\r\n\
        +  \"no\": 示例\r\n ";
    assert!(output.stdout.starts_with(expected), "{output}");
    assert_eq!(package.read("extension.yaml"), before);

    let output = ksext(package.path(), ["check", "--fix", "--lang", "zh"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stdout.contains("已修复 1 个问题"), "{output}");
    assert_eq!(
        package.read("extension.yaml"),
        before.replace("no:", "\"no\":")
    );
}

#[test]
fn guesses_are_made_when_asked_for() {
    let package = package("keyword: [demo]\n");
    let unfixed = ksext(package.path(), ["check", "--fix"]);
    assert!(unfixed.stdout.contains("unknown-key"), "{unfixed}");
    let fixed = ksext(package.path(), ["check", "--fix", "--unsafe-fixes"]);
    assert!(!fixed.stdout.contains("unknown-key"), "{fixed}");
    assert!(
        package
            .read("extension.yaml")
            .starts_with("keywords: [demo]\n")
    );
    let alone = ksext(package.path(), ["check", "--unsafe-fixes"]);
    assert_eq!(alone.code, Some(2), "{alone}");
}

#[cfg(unix)]
#[test]
fn fixed_files_keep_their_rights_and_links_stay_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let package = package("name: demo # ksext: ignore[unknown-key]\n");
    let manifest = package.join("extension.yaml");
    let rights = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::rename(&manifest, package.join("real.yaml")).expect("moved");
    symlink("real.yaml", &manifest).expect("a link");
    std::fs::set_permissions(package.join("real.yaml"), rights(0o640)).expect("set");
    let output = ksext(package.path(), ["check", "--fix"]);
    assert!(output.stdout.contains("fixed 1"), "{output}");
    assert!(package.read("real.yaml").starts_with("name: demo\n"));
    assert!(manifest.symlink_metadata().expect("there").is_symlink());
    let found = package.join("real.yaml").metadata().expect("there");
    assert_eq!(found.permissions().mode() & 0o777, 0o640);

    let outside = PackageDir::new(&[("values.yaml", "# ksext: ignore[missing-icon]\na: 1\n")]);
    symlink(outside.join("values.yaml"), package.join("values.yaml")).expect("a link");
    ksext(package.path(), ["check", "--fix", "--unsafe-fixes"]);
    assert!(outside.read("values.yaml").starts_with('#'));

    package.write("permissions.yaml", "# ksext: ignore[missing-icon]\na: 1\n");
    let locked = package.join("permissions.yaml");
    std::fs::set_permissions(&locked, rights(0o444)).expect("set");
    package.remove("values.yaml");
    let output = ksext(package.path(), ["check", "--fix"]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(output.stderr.contains("permissions.yaml"), "{output}");
}

#[test]
fn a_manifest_from_stdin_is_fixed_to_stdout() {
    let package = package("name: demo # ksext: ignore[missing-icon]\nvendor: 观测\n");
    let text = package.read("extension.yaml");
    let call = |text: &str, more: &str| {
        Ksext::new(env!("CARGO_BIN_EXE_ksext"))
            .args(["check", "-", "--stdin-filename", "extension.yaml", more])
            .stdin(text)
            .current_dir(package.path())
            .run()
    };
    let fixed = text.replace(" # ksext: ignore[missing-icon]", "");
    let output = call(&text, "--fix");
    assert_eq!(output.stdout, fixed);
    assert!(output.stderr.contains("unknown-key"), "{output}");
    assert_eq!(package.read("extension.yaml"), text);
    // What has nothing to fix, or is not ours, comes out as it went in.
    assert_eq!(call(&fixed, "--fix").stdout, fixed);
    assert_eq!(call("foreign: true\n", "--fix").stdout, "foreign: true\n");
    let diff = call(&text, "--diff");
    assert_eq!(diff.code, Some(1), "{diff}");
    assert!(diff.stdout.starts_with("--- extension.yaml\n"), "{diff}");
}

#[test]
fn a_packed_package_is_not_fixed() {
    let folder = PackageDir::new(&[]);
    let status = std::process::Command::new("tar")
        .args(["-czf", "demo.tgz", "-C", FIXTURES, "demo"])
        .current_dir(folder.path())
        .status()
        .expect("tar runs");
    assert!(status.success());
    let output = ksext(folder.path(), ["check", "demo.tgz", "--fix"]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(output.stderr.contains("it is packed"), "{output}");
}

#[test]
fn a_baseline_hides_what_is_known_and_tells_what_is_gone() {
    let tree = PackageDir::new(&[]);
    let text = package("icon: 图标.svg\n").read("extension.yaml");
    tree.write("扩展/extension.yaml", format!("{text}vendor: x\n"));
    let output = ksext(tree.path(), ["check", "--write-baseline", "known.json"]);
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (Some(0), ""),
        "{output}"
    );
    assert!(
        output.stderr.contains(" findings to known.json"),
        "{output}"
    );

    // From wherever it is started, wherever the lines have gone.
    tree.write(
        "扩展/extension.yaml",
        format!("# 注释\n{text}vendor: x\nowner: y\n"),
    );
    let args = ["check", "--baseline", "../known.json", "--format", "json"];
    let output = ksext(tree.join("扩展"), args);
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(findings(&output).len(), 1, "{output}");
    assert!(findings(&output)[0].contains("`owner`"), "{output}");
    assert_eq!(output.stderr, "");

    tree.write(
        "扩展/extension.yaml",
        text.replace("图标.svg", "https://example.com/a.svg"),
    );
    let output = ksext(tree.path(), ["check", "--baseline", "known.json"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert!(
        output
            .stderr
            .contains("2 of the findings in known.json are gone"),
        "{output}"
    );
    let output = ksext(tree.path(), ["check", "--baseline", "none.json"]);
    assert_eq!(output.code, Some(3), "{output}");
}

#[test]
fn what_a_baseline_knows_is_not_fixed() {
    let package = package("name: demo # ksext: ignore[unknown-key]\n");
    ksext(package.path(), ["check", "--write-baseline", "known.json"]);
    let before = package.read("extension.yaml");
    let output = ksext(
        package.path(),
        ["check", "--fix", "--baseline", "known.json"],
    );
    assert!(output.stdout.contains("no findings"), "{output}");
    assert_eq!(package.read("extension.yaml"), before);
}
