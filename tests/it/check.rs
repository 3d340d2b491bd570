//! `ksext check`, `explain`, `size` and `schema` as a user runs them.

use std::path::{Path, PathBuf};

use expect_test::expect_file;
use ksext_test_support::{Ksext, Output, PackageDir};
use serde_json::Value;

pub(crate) const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");

pub(crate) fn ksext<const N: usize>(folder: impl AsRef<Path>, args: [&str; N]) -> Output {
    let folder = folder.as_ref();
    Ksext::new(env!("CARGO_BIN_EXE_ksext"))
        .args(args)
        .current_dir(folder)
        .run()
}

/// The report of a run with `--format json`.
pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {output}"))
}

/// A package that has nothing but a manifest, complete but for what `changed` replaces.
pub(crate) fn package(changed: &str) -> PackageDir {
    let fields = [
        "apiVersion: kubesphere.io/v1alpha1\n",
        "name: demo\n",
        "version: 1.0.0\n",
        "displayName: {en: Demo, zh: 示例}\n",
        "description: {en: An example., zh: 一个示例。}\n",
        "category: dev-tools\n",
        "provider: {en: {name: Example}, zh: {name: 示例}}\n",
        "icon: https://example.com/icon.svg\n",
    ];
    let key = |line: &str| line.split(':').next().map(str::to_owned);
    let given: Vec<_> = changed.lines().filter_map(key).collect();
    let rest = fields
        .into_iter()
        .filter(|field| !key(field).is_some_and(|key| given.contains(&key)));
    let text: String = [changed].into_iter().chain(rest).collect();
    PackageDir::new(&[
        ("extension.yaml", text.as_str()),
        ("README.md", "# Demo\n"),
        ("README_zh.md", "# 示例\n"),
        ("CHANGELOG.md", "# Changelog\n"),
        ("CHANGELOG_zh.md", "# 更新日志\n"),
    ])
}

#[test]
fn every_fixture_is_reported_as_recorded() {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(FIXTURES)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("extension.yaml").is_file())
        .collect();
    folders.sort();
    assert!(folders.len() > 8, "{folders:?}");
    for folder in folders {
        let name = folder
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let output = ksext(FIXTURES, ["check", &name]);
        let text = format!(
            "exit code {}\n{}{}",
            output.code.expect("an exit code"),
            output.stdout,
            output.stderr
        );
        expect_file![format!("{FIXTURES}/../it/snapshots/{name}.txt")].assert_eq(&text);
    }
}

#[test]
fn messages_come_in_the_language_that_is_asked_for() {
    let output = ksext(FIXTURES, ["check", "broken-missing-icon", "--lang", "zh"]);
    assert!(output.stdout.contains("错误[missing-icon]"), "{output}");
    assert!(output.stdout.contains("不在扩展组件包中"), "{output}");
}

#[test]
fn the_json_report_names_line_column_and_byte() {
    let package = package("icon: \"./图标/标.svg\" # 😀\n");
    let output = ksext(package.path(), ["check", "--format", "json"]);
    assert_eq!(output.code, Some(1), "{output}");
    let report = json(&output);
    assert_eq!(report["version"], 1);
    assert_eq!(report["packages"][0]["name"], "demo");
    assert_eq!(report["packages"][0]["size"]["limit"], 1_048_576);
    let finding = &report["packages"][0]["findings"][0];
    assert_eq!(finding["rule"], "missing-icon");
    assert_eq!(finding["file"], "extension.yaml");
    let range = serde_json::json!({
        "start": {"line": 1, "column": 7, "offset": 6},
        "end": {"line": 1, "column": 19, "offset": 24},
    });
    assert_eq!(finding["range"], range);
    assert_eq!(report["summary"]["errors"], 1);
}

#[test]
fn a_tree_of_packages_is_checked_as_a_whole() {
    let report = json(&ksext(FIXTURES, ["check", "--format", "json"]));
    let roots: Vec<_> = report["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .filter_map(|package| package["root"].as_str())
        .collect();
    assert!(
        roots.contains(&"./demo") && roots.contains(&"./broken-missing-icon"),
        "{roots:?}"
    );
    assert!(!roots.contains(&"./foreign"), "{roots:?}");
}

#[test]
fn foreign_manifests_and_empty_folders_are_left_alone_with_a_word() {
    let output = ksext(FIXTURES, ["check", "foreign"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stderr.contains("--as-extension"), "{output}");
    let empty = PackageDir::new(&[("notes.txt", "")]);
    let output = ksext(empty.path(), ["check"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(output.stderr.lines().count(), 1, "{output}");
}

#[test]
fn what_is_not_there_is_exit_3_what_is_not_ours_0_and_a_wrong_call_2() {
    let empty = PackageDir::new(&[("notes.txt", "")]);
    for (args, code) in [
        (["check", "no/such/folder"], 3),
        (["check", "notes.txt"], 0),
        (["check", "--format=xml"], 2),
        (["explain", "no-such-rule"], 2),
    ] {
        let output = ksext(empty.path(), args);
        assert_eq!(output.code, Some(code), "{args:?} {output}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn one_bad_package_takes_nothing_from_the_others() {
    let tree = PackageDir::new(&[
        ("bad/extension.yaml", "ksVersion: x\n"),
        ("bad/.ksext.yaml", "lang: [\n"),
    ]);
    let good = package("vendor: x\n").read("extension.yaml");
    tree.write("good/extension.yaml", &good);
    let output = ksext(tree.path(), ["check", "--format", "json"]);
    assert_eq!(output.code, Some(3), "{output}");
    assert_eq!(
        json(&output)["packages"][0]["findings"][0]["rule"],
        "unknown-key",
        "{output}"
    );
    assert!(output.stderr.contains("bad/.ksext.yaml"), "{output}");
}

#[test]
fn what_helm_would_fail_over_is_told_at_the_file_at_fault() {
    let package = package("name: demo\n");
    package.write("charts/web/Chart.yaml", "name: web\nversion: 观测\n");
    let report = json(&ksext(package.path(), ["check", "--format", "json"]));
    let finding = &report["packages"][0]["findings"][0];
    assert_eq!(finding["rule"], "invalid-chart", "{report}");
    assert_eq!(finding["file"], "charts/web/Chart.yaml");
    let range = &finding["range"];
    assert_eq!(
        range["start"],
        serde_json::json!({"line": 2, "column": 10, "offset": 19})
    );
    assert_eq!(
        range["end"],
        serde_json::json!({"line": 2, "column": 12, "offset": 25})
    );
}

#[test]
fn what_strangers_wrote_does_not_steer_the_terminal() {
    let package = package("name: \"\\e[31mred\"\n");
    let output = ksext(package.path(), ["check", "--color", "never"]);
    assert!(!output.stdout.contains('\u{1b}'), "{output}");
}

#[test]
fn a_manifest_on_stdin_is_checked_beside_its_files() {
    let package = package("icon: a.svg\n");
    let call = |icon: &str| {
        Ksext::new(env!("CARGO_BIN_EXE_ksext"))
            .args([
                "check",
                "-",
                "--stdin-filename",
                "extension.yaml",
                "--format",
                "json",
            ])
            .stdin(package.read("extension.yaml").replace("a.svg", icon))
            .current_dir(package.path())
            .run()
    };
    package.write("b.svg", "<svg/>");
    assert_eq!(json(&call("b.svg"))["summary"]["errors"], 0);
    assert_eq!(json(&call("c.svg"))["summary"]["errors"], 1);
}

#[test]
fn strict_makes_warnings_fail() {
    let package = package("vendor: x\n");
    assert_eq!(ksext(package.path(), ["check"]).code, Some(0));
    assert_eq!(ksext(package.path(), ["check", "--strict"]).code, Some(1));
}

#[test]
fn a_project_turns_rules_off_and_lowers_the_limit() {
    let package = package("vendor: x\n");
    package.write(
        ".ksext.yaml",
        "rules:\n  unknown-key: off\nsize:\n  limit: 100\n",
    );
    let report = json(&ksext(package.path(), ["check", "--format", "json"]));
    let findings = report["packages"][0]["findings"]
        .as_array()
        .expect("findings");
    let rules: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding["rule"].as_str())
        .collect();
    assert_eq!(rules, ["package-too-large"]);
}

#[test]
fn settings_that_set_nothing_are_found_where_they_stand() {
    let package = package("vendor: x\n");
    package.write(
        ".ksext.yaml",
        "# 服务器\nserver: https://example.com\nrules: {unknwon-key: off}\n",
    );
    let findings = |args| -> Vec<String> {
        let report = json(&ksext(package.path(), args));
        let findings = report["packages"][0]["findings"].as_array().cloned();
        let about = ["project-settings", "unknown-rule", "unknown-key"];
        let is_wanted = |it: &&Value| it["rule"].as_str().is_some_and(|it| about.contains(&it));
        let shown = |it: &Value| {
            let text = |it: &Value| it.as_str().expect("a text").to_owned();
            format!(
                "{}:{}: {}",
                text(&it["file"]),
                it["range"]["start"]["line"],
                text(&it["rule"])
            )
        };
        let findings = findings.expect("findings");
        findings.iter().filter(is_wanted).map(shown).collect()
    };
    assert_eq!(
        findings(["check", ".", "--format", "json", "--lang=en"]),
        [
            ".ksext.yaml:2: project-settings",
            ".ksext.yaml:3: unknown-rule",
            "extension.yaml:1: unknown-key",
        ]
    );
    package.write(
        "other.yaml",
        "size: {limits: 3}\nrules: {unknown-key: off}\n",
    );
    let args = ["check", "--config", "other.yaml", "--format", "json"];
    assert_eq!(findings(args), ["extension.yaml:1: project-settings"]);
    let output = ksext(package.path(), ["check", "--config", "other.yaml"]);
    assert!(
        output
            .stdout
            .contains("other.yaml: there is no setting `size.limits`"),
        "{output}"
    );
}

#[test]
fn a_package_that_two_paths_lead_to_is_reported_once() {
    let package = package("vendor: x\n");
    package.write("again/extension.yaml", package.read("extension.yaml"));
    for (args, count) in [
        (["check", ".", "extension.yaml", "--format", "json"], 1),
        (["check", "again/..", "again", "--format", "json"], 2),
    ] {
        let report = json(&ksext(package.path(), args));
        assert_eq!(report["summary"]["packages"], count, "{report}");
    }
}

#[test]
fn bad_input_is_a_finding_and_never_a_crash() {
    let deep = format!("name: {}\n", "[".repeat(100_000));
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (letter, before) in ('b'..='i').zip('a'..) {
        let aliases = vec![format!("*{before}"); 10].join(", ");
        bomb.push_str(&format!("{letter}: &{letter} [{aliases}]\n"));
    }
    let large =
        "keywords:\n".to_owned() + &"  - 观测观测观测观测观测观测观测观测\n".repeat(100_000);
    for (what, text, rule) in [
        ("nesting", deep.into_bytes(), "yaml-syntax"),
        ("aliases", bomb.into_bytes(), "yaml-syntax"),
        ("no UTF-8", b"name: \xff\xfe\n".to_vec(), "yaml-syntax"),
        ("a NUL", b"name: a\0b\n".to_vec(), "yaml-syntax"),
        ("a tab", b"name: a\n\tversion: 1\n".to_vec(), "yaml-syntax"),
        ("nothing", Vec::new(), "missing-required"),
        ("5 MB", large.into_bytes(), "missing-required"),
    ] {
        let package = PackageDir::new(&[]);
        std::fs::write(package.join("extension.yaml"), text).expect("written");
        let output = ksext(
            package.path(),
            ["check", "--as-extension", "--format", "json"],
        );
        assert_eq!(output.code, Some(1), "{what}");
        let report = json(&output);
        let findings = report["packages"][0]["findings"]
            .as_array()
            .expect("findings");
        assert!(
            findings.iter().any(|finding| finding["rule"] == rule),
            "{what}: {report}"
        );
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_or_nowhere_end_in_bounded_time_and_read_nothing() {
    use std::os::unix::fs::symlink;
    let package = package("icon: a.svg\nscreenshots: [b.png]\n");
    let outside = PackageDir::new(&[("secret.svg", "secret")]);
    symlink(outside.join("secret.svg"), package.join("a.svg")).expect("a link");
    symlink("b.png", package.join("b.png")).expect("a link");
    symlink(".", package.join("loop")).expect("a link");
    let output = ksext(package.path(), ["check", "--format", "json"]);
    assert_eq!(output.code, Some(1), "{output}");
    assert!(!output.stdout.contains("secret\""), "{output}");
}

#[test]
fn a_misnamed_manifest_is_pointed_out() {
    for name in ["extension.yml", "Extension.YAML"] {
        let folder = PackageDir::new(&[(name, "ksVersion: \">=4.1.0-0\"\n")]);
        let output = ksext(folder.path(), ["check"]);
        assert_eq!(output.code, Some(0), "{output}");
        let told = format!("`{name}` is there; rename it");
        assert!(output.stderr.contains(&told), "{output}");
    }
}

#[test]
fn a_packed_chart_is_no_package_of_ours() {
    let folder = PackageDir::new(&[("web/Chart.yaml", "name: web\nversion: 1.0.0\n")]);
    let status = std::process::Command::new("tar")
        .args(["-czf", "web.tgz", "web"])
        .current_dir(folder.path())
        .status()
        .expect("tar runs");
    assert!(status.success());
    let output = ksext(folder.path(), ["check", "web.tgz"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stderr.contains("web.tgz is not checked"), "{output}");
}

#[test]
fn a_packed_package_is_read_like_its_folder() {
    let folder = json(&ksext(FIXTURES, ["check", "demo", "--format", "json"]));
    let archive = PackageDir::new(&[]);
    let status = std::process::Command::new("tar")
        .args(["-czf", "demo.tgz", "-C", FIXTURES, "demo"])
        .current_dir(archive.path())
        .status()
        .expect("tar runs");
    assert!(status.success());
    let packed = json(&ksext(
        archive.path(),
        ["check", "demo.tgz", "--format", "json"],
    ));
    assert_eq!(packed["packages"][0]["size"], folder["packages"][0]["size"]);
    assert_eq!(
        packed["packages"][0]["findings"],
        folder["packages"][0]["findings"]
    );
}

#[test]
fn explain_prints_a_page_in_both_languages() {
    let output = ksext(FIXTURES, ["explain", "missing-icon"]);
    assert!(output.stdout.starts_with("# missing-icon\n"), "{output}");
    let output = ksext(FIXTURES, ["explain", "missing-icon", "--lang", "zh"]);
    assert!(output.stdout.contains("## 如何修复"), "{output}");
    let all = ksext(FIXTURES, ["explain", "--all"]).stdout;
    assert!(all.matches("\n## ").count() >= 8 * 6, "{all}");
}

#[test]
fn size_adds_up_and_says_what_leaves_the_package() {
    let report = json(&ksext(FIXTURES, ["size", "demo", "--format", "json"]));
    let entries = report["entries"].as_array().expect("entries");
    let sum = |key: &str| {
        entries
            .iter()
            .filter_map(|entry| entry[key].as_u64())
            .sum::<u64>()
    };
    assert_eq!(report["projected"], sum("packed"));
    assert_eq!(report["unpacked"], sum("size"));
    assert_eq!(report["uploads"][0]["field"], "icon");
    assert_eq!(report["dropped"][0]["why"], "static-directory");
    let paths: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry["path"].as_str())
        .collect();
    assert_eq!(paths[..2], ["Chart.yaml", "values.yaml"]);
    assert!(
        !paths.iter().any(|path| path.starts_with("static/")),
        "{paths:?}"
    );
}

#[test]
fn a_package_over_the_limit_is_an_error_and_one_near_it_a_warning() {
    // Incompressible: a generator whose output gzip cannot shorten.
    let noise = |len: usize| -> Vec<u8> {
        let mut state = 1u64;
        (0..len)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 56) as u8
            })
            .collect()
    };
    for (len, severity) in [
        (900_000, None),
        (1_030_000, Some("warning")),
        (1_100_000, Some("error")),
    ] {
        let package = package("name: demo\n");
        std::fs::write(package.join("noise.bin"), noise(len)).expect("written");
        let report = json(&ksext(package.path(), ["check", "--format", "json"]));
        let finding = &report["packages"][0]["findings"][0];
        assert_eq!(finding["severity"].as_str(), severity, "{len}: {report}");
        if severity.is_some() {
            assert_eq!(finding["rule"], "package-too-large");
        }
    }
}

#[test]
fn the_schema_is_installed_for_other_tools() {
    let home = ksext_test_support::PackageDir::new(&[]);
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
    let output = ksext
        .env("XDG_DATA_HOME", home.path())
        .args(["schema", "--install"])
        .run();
    assert_eq!(output.code, Some(0), "{output}");
    for file in ["extension.schema.json", "extension-by-content.schema.json"] {
        let published = Path::new(FIXTURES).join("../../schemas").join(file);
        let published = std::fs::read_to_string(published).expect("a schema");
        assert_eq!(home.read(&format!("ksext/{file}")), published, "{file}");
    }
    let modeline = format!(
        "# yaml-language-server: $schema={}",
        home.uri("ksext/extension.schema.json")
    );
    assert!(output.stdout.contains(&modeline), "{output}");
    let association = format!(
        "\"yaml.schemas\": {{ \"{}\": \"**/extension.yaml\" }}",
        home.uri("ksext/extension-by-content.schema.json")
    );
    assert!(output.stdout.contains(&association), "{output}");
}

#[test]
fn the_schema_is_printed_as_published() {
    let output = ksext(FIXTURES, ["schema"]);
    let published =
        std::fs::read_to_string(Path::new(FIXTURES).join("../../schemas/extension.schema.json"));
    assert_eq!(output.stdout, published.expect("the schema"));
}
