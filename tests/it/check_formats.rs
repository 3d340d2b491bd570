//! The reports of `ksext check` for other programs, read as those read them.

use ksext_test_support::{Ksext, Output, PackageDir};
use serde_json::Value;

use crate::check::package;

/// A package in whose path, texts and messages stands what formats have to escape.
fn awkward() -> PackageDir {
    let tree = PackageDir::new(&[]);
    let manifest = package("icon: \"a<b>&'%25\\\"]]>,:图标.svg\"\n\"k\\e[31m%:\\n,\": 😀\n");
    tree.write("扩展 a,b:c/extension.yaml", manifest.read("extension.yaml"));
    tree.write(
        "扩展 a,b:c/values.yaml",
        "# 注释\n# ksext: ignore[missing-icon]\na: 1\n",
    );
    tree
}

fn check(tree: &PackageDir, format: &str, lang: &str) -> Output {
    Ksext::new(env!("CARGO_BIN_EXE_ksext"))
        .args(["check", "--format", format, "--lang", lang])
        .current_dir(tree.path())
        .run()
}

#[test]
fn sarif_is_valid_and_findings_do_not_change_the_exit_status() {
    // One of its patterns has a bracket too many, which not every library takes for itself.
    let schema = include_str!("../schemas/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for lang in ["en", "zh"] {
        let output = check(&awkward(), "sarif", lang);
        assert_eq!(output.code, Some(0), "{output}");
        let log: Value = serde_json::from_str(&output.stdout).expect("JSON");
        let errors: Vec<_> = schema.iter_errors(&log).map(|it| it.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{log:#}");

        let run = &log["runs"][0];
        let results = run["results"].as_array().expect("results");
        let of = |rule: &str| {
            let found = results.iter().find(|result| result["ruleId"] == rule);
            found.unwrap_or_else(|| panic!("no {rule} in {results:?}"))
        };
        for result in results {
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(
                run["tool"]["driver"]["rules"][index]["id"],
                result["ruleId"]
            );
        }
        let icon = of("missing-icon");
        assert_eq!(
            (&icon["ruleId"], &icon["level"]),
            (&"missing-icon".into(), &"error".into())
        );
        let place = &icon["locations"][0]["physicalLocation"];
        assert_eq!(
            place["artifactLocation"]["uri"],
            "%E6%89%A9%E5%B1%95%20a%2Cb%3Ac/extension.yaml"
        );
        // Counted in characters, the quotes included.
        assert_eq!(place["region"]["startColumn"], 7);
        assert_eq!(place["region"]["endColumn"], 31);
        let unused = &of("unused-suppression")["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(unused["deletedRegion"]["startLine"], 2);
        assert_eq!(unused["insertedContent"]["text"], "");
    }
}

#[test]
fn sarif_of_nothing_is_valid_too() {
    let empty = PackageDir::new(&[]);
    let output = check(&empty, "sarif", "en");
    let log: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}

/// A workflow command, unescaped: name, properties and message.
type Command = (String, Vec<(String, String)>, String);

/// A workflow command as GitHub's runner reads it (actions/runner `ActionCommand.cs`).
fn parse_command(line: &str) -> Option<Command> {
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ')?;
    let unescape = |text: &str| {
        [
            ("%0D", "\r"),
            ("%0A", "\n"),
            ("%3A", ":"),
            ("%2C", ","),
            ("%25", "%"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (escaped, char)| {
            text.replace(escaped, char)
        })
    };
    let properties = properties.split(',').filter_map(|property| {
        let (key, value) = property.split_once('=')?;
        Some((key.to_owned(), unescape(value)))
    });
    Some((name.to_owned(), properties.collect(), unescape(message)))
}

#[test]
fn github_gets_one_command_for_each_finding() {
    let output = check(&awkward(), "github", "zh");
    assert_eq!(output.code, Some(1), "{output}");
    let commands: Vec<_> = output
        .stdout
        .lines()
        .map(|line| parse_command(line).unwrap_or_else(|| panic!("no command: {line}")))
        .collect();
    let names: Vec<_> = commands.iter().map(|(name, _, _)| name.as_str()).collect();
    assert_eq!(names[..2], ["error", "warning"], "{output}");
    assert_eq!(names.last(), Some(&"notice"), "{output}");
    let (_, properties, message) = &commands[0];
    let expected = [
        ("file", "扩展 a,b:c/extension.yaml"),
        ("line", "1"),
        ("endLine", "1"),
        ("col", "7"),
        ("endColumn", "31"),
        ("title", "ksext (missing-icon)"),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(*properties, expected);
    assert!(message.contains("`a<b>&'%25\"]]>,:图标.svg`"), "{message}");
    assert!(!output.stdout.contains('\u{1b}'), "{output}");
}

#[test]
fn gitlab_gets_issues_that_it_knows_again() {
    let tree = awkward();
    let issues =
        |output: &Output| -> Vec<Value> { serde_json::from_str(&output.stdout).expect("JSON") };
    let fingerprints = |issues: &[Value]| -> std::collections::BTreeSet<String> {
        issues
            .iter()
            .map(|issue| issue["fingerprint"].to_string())
            .collect()
    };
    let output = check(&tree, "gitlab", "zh");
    assert_eq!(output.code, Some(1), "{output}");
    let before = issues(&output);
    for issue in &before {
        for field in ["check_name", "description", "fingerprint"] {
            assert!(
                issue[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field}: {issue}"
            );
        }
        let severity = issue["severity"].as_str().expect("a severity");
        assert!(
            ["info", "minor", "major", "critical"].contains(&severity),
            "{issue}"
        );
        assert!(
            issue["location"]["lines"]["begin"].as_u64() > Some(0),
            "{issue}"
        );
    }
    let icon = before
        .iter()
        .find(|issue| issue["check_name"] == "missing-icon")
        .expect("the icon");
    assert_eq!(icon["severity"], "critical");
    assert_eq!(icon["location"]["path"], "扩展 a,b:c/extension.yaml");
    assert_eq!(fingerprints(&before).len(), before.len(), "{output}");

    // Whatever is written above it.
    let path = "扩展 a,b:c/extension.yaml";
    tree.write(path, format!("# 注释\n\n{}", tree.read(path)));
    let after = issues(&check(&tree, "gitlab", "zh"));
    assert_eq!(fingerprints(&after), fingerprints(&before));
}

#[test]
fn any_file_of_a_package_means_the_package() {
    let tree = awkward();
    tree.write(
        "扩展 a,b:c/charts/web/templates/extension.yaml",
        "kind: ConfigMap\n",
    );
    tree.write("README.md", "观测\n");
    let run = |path: &str, at: &str| {
        Ksext::new(env!("CARGO_BIN_EXE_ksext"))
            .args(["check", "--quiet", "--format", "github", path])
            .current_dir(tree.join(at))
            .run()
    };
    let whole = run("扩展 a,b:c", "");
    assert_eq!(whole.code, Some(1), "{whole}");
    for file in [
        "extension.yaml",
        "values.yaml",
        "charts/web/templates/extension.yaml",
    ] {
        let output = run(&format!("扩展 a,b:c/{file}"), "");
        assert_eq!(output.stdout, whole.stdout, "{file}");
    }
    let inside = run("values.yaml", "扩展 a,b:c");
    assert!(
        inside.stdout.contains("::error file=extension.yaml,"),
        "{inside}"
    );
    let below = run("web/templates/extension.yaml", "扩展 a,b:c/charts");
    assert!(below.stdout.contains("(missing-icon)"), "{below}");
    let outside = run("README.md", "");
    assert_eq!(
        (
            outside.code,
            outside.stdout.as_str(),
            outside.stderr.as_str()
        ),
        (Some(0), "", "")
    );
}

#[test]
fn junit_is_read_by_its_readers() {
    let tree = awkward();
    tree.write("good/extension.yaml", package("").read("extension.yaml"));
    let output = check(&tree, "junit", "zh");
    assert_eq!(output.code, Some(1), "{output}");
    let suites = junit_parser::from_reader(output.stdout.as_bytes()).expect("JUnit XML");
    assert_eq!((suites.failures, suites.errors), (1, 0));
    let bad = suites
        .suites
        .iter()
        .find(|suite| suite.name.contains("扩展"));
    let bad = bad.expect("the suite of the package");
    assert_eq!((bad.tests as usize, bad.failures), (bad.cases.len(), 1));
    assert!(bad.cases.len() >= 3, "{bad:?}");
    let icon = &bad.cases[0];
    assert_eq!(icon.original_name, "missing-icon");
    assert_eq!(icon.classname.as_deref(), Some("扩展 a,b:c/extension.yaml"));
    assert!(icon.status.is_failure(), "{icon:?}");
    let message = &icon.status.failure_as_ref().message;
    assert!(message.contains("图标.svg"), "{message}");
    assert!(bad.cases[1..].iter().all(|case| case.status.is_success()));

    let good = suites
        .suites
        .iter()
        .find(|suite| suite.name.contains("good"));
    let good = good.expect("the other suite");
    assert!(!good.cases.is_empty() && good.failures == 0, "{good:?}");
}
