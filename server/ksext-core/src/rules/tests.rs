//! The documentation of every rule, run: its bad example is reported, its good one is not, and its
//! fix leads from one to the other.

use std::collections::BTreeMap;

use crate::check::{Settings, check};
use crate::finding::{Finding, Safety};
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{MemoryFs, Package, PkgPath};
use crate::text::{TextEdit, apply_edits};

use super::{Entry, Example, RULES, Rule};

/// The required fields, all right.
const FIELDS: [(&str, &str); 8] = [
    ("apiVersion", "apiVersion: kubesphere.io/v1alpha1\n"),
    ("name", "name: demo\n"),
    ("version", "version: 1.0.0\n"),
    ("displayName", "displayName:\n  en: Demo\n  zh: 示例\n"),
    (
        "description",
        "description:\n  en: An example.\n  zh: 一个示例。\n",
    ),
    ("category", "category: dev-tools\n"),
    ("provider", "provider:\n  en:\n    name: Example\n"),
    ("icon", "icon: https://example.com/icon.svg\n"),
];

/// The files that every package should have.
const FILES: [(&str, &str); 1] = [("README.md", "# Demo\n")];

/// The package of an example; its manifest is apart.
fn files(example: &Example) -> MemoryFs {
    let mut files = MemoryFs::default();
    for (path, text) in FILES {
        if !example.without.contains(&path) {
            files = files.with_file(path, text.as_bytes());
        }
    }
    for (path, entry) in example.files {
        files = match *entry {
            Entry::Text(text) => files.with_file(*path, text.as_bytes()),
            Entry::Zeros(len) => files.with_file(*path, vec![0; len]),
            Entry::Files(count) => (0..count).fold(files, |files, index| {
                files.with_file(format!("{path}/{index}").as_str(), *b"")
            }),
            Entry::Folder => files.with_directory(*path),
            Entry::Link(target) => files.with_symlink(*path, target),
            Entry::Pipe => files.with_irregular(*path),
        };
    }
    files
}

fn findings(example: &Example, manifest: &str) -> Vec<Finding> {
    findings_in(files(example), example.limit, manifest)
}

fn findings_in(files: MemoryFs, limit: Option<u64>, manifest: &str) -> Vec<Finding> {
    let files = files.with_file(FILE_NAME, manifest.as_bytes());
    let settings = Settings {
        size_limit: limit,
        ..Settings::default()
    };
    let manifest = Manifest::from_text(manifest);
    let package = Package::new(&files, &manifest);
    let mut contents = package.contents();
    contents.projected = limit.map(|limit| limit + 1);
    check(&package, &settings, Some(&contents))
}

fn whole(example: &Example) -> String {
    let given = |key: &str| {
        example
            .manifest
            .lines()
            .any(|line| line.split(':').next() == Some(key))
    };
    let rest = FIELDS
        .iter()
        .filter(|(key, _)| !example.without.contains(key) && !given(key));
    rest.map(|(_, text)| *text)
        .chain([example.manifest])
        .collect()
}

/// The manifest and the files with the first fix of a finding applied; `None` without a fix.
fn apply_first_fix(
    finding: &Finding,
    manifest: &str,
    mut files: MemoryFs,
) -> Option<(String, MemoryFs)> {
    let mut manifest = manifest.to_owned();
    let mut by_file: BTreeMap<PkgPath, Vec<TextEdit>> = BTreeMap::new();
    for (file, edit) in &finding.fixes.first()?.edits {
        by_file.entry(file.clone()).or_default().push(edit.clone());
    }
    for (file, edits) in by_file {
        if file == PkgPath::from(FILE_NAME) {
            manifest = apply_edits(&manifest, &edits)?;
            continue;
        }
        let before = files.get(&file).map_or_else(String::new, |content| {
            String::from_utf8(content.to_vec()).expect("a text")
        });
        files.insert(file, apply_edits(&before, &edits)?.into_bytes().into());
    }
    Some((manifest, files))
}

fn check_rule(rule: &Rule) {
    let bad = whole(&rule.page.bad);
    let reported = findings(&rule.page.bad, &bad);
    let ids: Vec<_> = reported.iter().map(|finding| finding.rule).collect();
    assert_eq!(ids, [rule.id], "the bad example of {}:\n{bad}", rule.id);
    let good = whole(&rule.page.good);
    assert_eq!(
        findings(&rule.page.good, &good),
        [],
        "the good example of {}:\n{good}",
        rule.id
    );

    let fixed = apply_first_fix(&reported[0], &bad, files(&rule.page.bad));
    let Some((fixed, fixed_files)) = fixed else {
        return;
    };
    let weakest = rule.fix == Some(Safety::Unsafe);
    let offered = reported.iter().flat_map(|finding| &finding.fixes);
    assert!(
        weakest || offered.into_iter().all(|fix| fix.safety == Safety::Safe),
        "{}",
        rule.id
    );
    assert!(
        rule.fix.is_some(),
        "{} offers a fix and does not say so",
        rule.id
    );
    assert_eq!(
        findings_in(fixed_files, rule.page.bad.limit, &fixed),
        [],
        "the fix of {}:\n{fixed}",
        rule.id
    );
}

#[test]
fn every_example_does_what_its_page_says() {
    for rule in RULES {
        check_rule(rule);
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "compares the list with the folder"
)]
fn the_list_is_sorted_and_names_every_file_of_the_folder() {
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    let shared = ["mod", "tests"];
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of the rules")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .filter_map(|name| name.strip_suffix(".rs").map(|stem| stem.replace('_', "-")))
        .filter(|stem| !shared.contains(&stem.as_str()))
        .collect();
    files.sort();
    assert_eq!(ids, files);
}

#[test]
fn every_page_says_everything_in_both_languages() {
    for rule in RULES {
        let page = &rule.page;
        for text in [&page.summary, &page.why, &page.severity, &page.fix] {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{}", rule.id);
            assert_ne!(text.en, text.zh, "{}", rule.id);
        }
        assert!(!page.sources.is_empty(), "{}", rule.id);
    }
}

/// What the rules say of a manifest whose missing required fields are filled in, as
/// `rule: text at the place`.
fn check_text(manifest: &str, expected: &[&str]) {
    let example = Example {
        manifest: "",
        without: &[],
        files: &[],
        limit: None,
    };
    let given = |key: &str| {
        manifest
            .lines()
            .any(|line| line.split(':').next() == Some(key))
    };
    let rest = FIELDS
        .iter()
        .filter(|(key, _)| !given(key))
        .map(|(_, text)| *text);
    let text: String = [manifest].into_iter().chain(rest).collect();
    let seen: Vec<_> = findings(&example, &text)
        .iter()
        .map(|finding| format!("{}: {}", finding.rule, finding.location.span.of(&text)))
        .collect();
    assert_eq!(seen, expected, "{text}");
}

#[test]
fn places_are_exact_to_the_character() {
    check_text(
        "icon: \"./图标.svg\" # 😀\n",
        &["missing-icon: \"./图标.svg\""],
    );
    check_text(
        "screenshots: [./a.png, https://example.com/b.png, ]\n",
        &["missing-screenshot: ./a.png"],
    );
    check_text("name:\n", &["missing-required: "]);
    check_text("name: ''\n", &["missing-required: ''"]);
    check_text(
        "displayName:\n  zh-CN: 示例\n",
        &["unknown-language: zh-CN"],
    );
    check_text(
        "provider:\n  en:\n    mail: a@example.com\n",
        &["unknown-key: mail"],
    );
    check_text(
        "maintainers:\n  name: Example\n",
        &["wrong-type: maintainers"],
    );
    check_text("keywords: {a: b}\n", &["wrong-type: {a: b}"]);
    check_text(
        "dependencies:\n  - name: a\n    tags: agent\n",
        &["wrong-type: agent"],
    );
    check_text("name: [[ .Name ]]\n", &["wrong-type: [[ .Name ]]"]);
    check_text("name: {{ .Name }}\n", &["yaml-syntax: { .Name }"]);
    check_text(
        "home: .inf\ndocs: .nan\nvendor: .inf\n",
        &["unknown-key: vendor", "wrong-type: .inf"],
    );
}

/// A chart of this name and version in a folder of its name.
fn chart(name: &str, version: &str) -> (String, String) {
    (
        format!("charts/{name}/Chart.yaml"),
        format!("apiVersion: v2\nname: {name}\nversion: {version}\n"),
    )
}

/// What the rules say of a package, as `rule: text at the place`, information and hints too.
#[track_caller]
fn check_package(manifest: &str, others: &[(String, String)], expected: &[&str]) {
    let rest = FIELDS.iter().map(|(_, text)| *text);
    let text: String = [manifest].into_iter().chain(rest).collect();
    let mut files = MemoryFs::from(FILES);
    for (path, content) in others {
        files = files.with_file(path.as_str(), content.as_bytes());
    }
    let seen: Vec<_> = findings_in(files, None, &text)
        .iter()
        .map(|finding| {
            let file = finding.location.file.to_string();
            let other = others.iter().find(|(path, _)| *path == file);
            let text = other.map_or(&text, |(_, content)| content);
            format!("{}: {}", finding.rule, finding.location.span.of(text))
        })
        .collect();
    assert_eq!(seen, expected, "{text}");
}

#[test]
fn dependencies_are_matched_as_helm_matches_them() {
    let packed = ("charts/_old/Chart.yaml".to_owned(), "x: y\n".to_owned());
    for (manifest, version, expected) in [
        ("dependencies: [{name: web}]\r\n", "1.0.0", &[][..]),
        (
            "dependencies:\n- name: '网页' # 😀\n- name: web\n",
            "1.0.0",
            &["dependency-without-chart: '网页'"],
        ),
        (
            "dependencies: [{name: web, version: '2.x'}]\n",
            "1.0.0",
            &["dependency-without-chart: '2.x'"],
        ),
        (
            "dependencies: [{name: web, version: latest}]\n",
            "1.0.0",
            &["dependency-without-chart: latest"],
        ),
        (
            "dependencies: [{name: web, version: '>=1.0.0-0'}]\n",
            "1.0.0-rc.1",
            &[],
        ),
        ("dependencies: [{name: web, alias: web}]\n", "1.0.0", &[]),
        (
            "dependencies: [{name: web, alias: api}]\n",
            "1.0.0",
            &["ignored-alias: api"],
        ),
        (
            "dependencies: [{name: web, alias: api, version: 2}]\n",
            "1.0.0",
            &["dependency-without-chart: 2"],
        ),
        (
            "dependencies: []\n",
            "1.0.0",
            &["chart-without-dependency: dependencies"],
        ),
        (
            "dependencies: [{name: api}]\n",
            "1.0.0",
            &["dependency-without-chart: api"],
        ),
        (
            "dependencies: [{name: [api}]\n",
            "1.0.0",
            &["yaml-syntax: }"],
        ),
    ] {
        let files = [chart("web", version), packed.clone()];
        check_package(manifest, &files, expected);
    }
    let broken = [("charts/web/Chart.yaml".to_owned(), "- a\n".to_owned())];
    check_package(
        "dependencies: [{name: api}]\n",
        &broken,
        &["invalid-chart: - a"],
    );
}

#[test]
fn conditions_are_answered_as_helm_answers_them() {
    let check = |condition: &str, values: &str, defaults: &str, expected: &[&str]| {
        let manifest = format!("dependencies: [{{name: web, condition: '{condition}'}}]\n");
        let files = [
            chart("web", "1.0.0"),
            ("charts/web/values.yaml".to_owned(), defaults.to_owned()),
            ("values.yaml".to_owned(), values.to_owned()),
        ];
        check_package(&manifest, &files, expected);
    };
    check("web.enabled", "\u{feff}web: {enabled: no}\r\n", "", &[]);
    check("web.enabled", "", "enabled: true\n", &[]);
    check(
        "web.enabled",
        "web: ~\n",
        "enabled: true\n",
        &["unanswered-condition: 'web.enabled'"],
    );
    check("a.b,web.enabled", "", "enabled: true\n", &[]);
    check(
        "a.b, web.enabled",
        "",
        "enabled: true\n",
        &["unanswered-condition: 'a.b, web.enabled'"],
    );
    check(
        "web",
        "web: {enabled: true}\n",
        "",
        &["unanswered-condition: 'web'"],
    );
    check(
        "web.enabled",
        "web: {enabled: 'true'}\n",
        "",
        &["condition-not-boolean: 'web.enabled'"],
    );
    check(
        "web.enabled",
        "web: {enabled: [观测]}\n",
        "",
        &["condition-not-boolean: 'web.enabled'"],
    );
    check(
        "a.b,web.enabled",
        "a: {b: x}\nweb: {enabled: true}\n",
        "",
        &[],
    );
    check("网页.启用", "网页: {启用: false}\n", "", &[]);
    check("web.enabled", "- a\n", "", &["invalid-values: - a"]);
}

#[test]
fn fixes_of_dependencies_fit_the_text_around() {
    let check = |manifest: &str, charts: &[(&str, &str)], expected: &str| {
        let rest: String = FIELDS.iter().map(|(_, text)| *text).collect();
        let mut files = MemoryFs::default().with_file("values.yaml", *b"a-b: {enabled: true}\n");
        for (name, version) in charts {
            let (path, content) = chart(name, version);
            files = files.with_file(path.as_str(), content.as_bytes());
        }
        let text = format!("{rest}{manifest}");
        let findings = findings_in(files.clone(), None, &text);
        let fixed = apply_first_fix(&findings[0], &text, files);
        let fixed = fixed.map(|(fixed, _)| fixed.replacen(&rest, "", 1));
        assert_eq!(fixed.as_deref(), Some(expected), "{manifest}");
    };
    let alias = "dependencies:\r\n  - name: web\r\n    alias: api # 别名\r\n";
    let line = "    version: \"*\"\r\n";
    check(alias, &[("web", "1.0.0")], &format!("{alias}{line}"));
    check(
        "dependencies:\n- alias: api\n  name: web\n",
        &[("web", "1.0.0-rc.1")],
        "dependencies:\n- alias: api\n  version: \">=0.0.0-0\"\n  name: web\n",
    );
    check(
        "dependencies:\n- name: web # 前端\n\n# 注释",
        &[("web", "1.0.0"), ("yes", "1.0.0"), ("网页", "1.0.0")],
        "dependencies:\n- name: web # 前端\n- name: 'true'\n- name: '网页'\n\n# 注释",
    );
    check(
        "dependencies: [{name: web, condition: \"x.y, aB.enabled\"}]\n",
        &[("web", "1.0.0")],
        "dependencies: [{name: web, condition: 'x.y,a-b.enabled'}]\n",
    );
}

#[test]
fn images_are_told_at_their_item() {
    for (manifest, expected) in [
        ("images:\n", &[][..]),
        (
            "images: [a/b:1, 'a/b:1']\r\n",
            &["duplicate-image: 'a/b:1'"],
        ),
        (
            "images:\n- \"a b\" # 镜像\n- 观测\n",
            &["malformed-image: \"a b\"", "malformed-image: 观测"],
        ),
        (
            "images: [a, b:latest, c@sha256:0123456789abcdef0123456789abcdef]\n",
            &["untagged-image: a", "untagged-image: b:latest"],
        ),
        ("images: [&x a/b:1, *x]\n", &["duplicate-image: *x"]),
        ("images: a/b:1\n", &["wrong-type: a/b:1"]),
        ("images: [{a: b}]\n", &["wrong-type: {a: b}"]),
    ] {
        check_package(manifest, &[], expected);
    }
}

#[test]
fn permissions_are_told_in_their_file() {
    for (text, expected) in [
        (
            "kind: Role\nrules: [{verbs: ['*'], apiGroups: ['*'], resources: [secrets]}]\n",
            &[][..],
        ),
        (
            "kind: ClusterRole\r\nrules: [{verbs: ['*'], apiGroups: [\"*\"], resources: ['*']}]\r\n",
            &["permissions-wildcard: \"*\""],
        ),
        (
            "kind: ClusterRole\nrules:\n- {verbs: [bind], apiGroups: [a], resources: [secrets]}\n- {verbs: [get], apiGroups: ['']\n  , resources: [secrets]}\n",
            &[
                "permissions-sensitive: bind",
                "permissions-sensitive: secrets",
            ],
        ),
        (
            "# 注释\n---\nkind: ClusterRoleBinding\n---\nrules: 1\n",
            &[
                "permissions-kind: ClusterRoleBinding",
                "invalid-permissions: 1",
            ],
        ),
    ] {
        check_package(
            "",
            &[("permissions.yaml".to_owned(), text.to_owned())],
            expected,
        );
    }
}

#[test]
fn a_class_without_a_name_is_none() {
    let class = "applicationclass.yaml".to_owned();
    for (text, expected) in [
        ("# nothing\n", &[][..]),
        ("packageVersion: latest\n", &[]),
        (
            "name: a/b\npackageVersion: 1\n",
            &["invalid-application-class: a/b"],
        ),
        (
            "appVersion: '1'\nname: a\n",
            &["invalid-application-class: appVersion"],
        ),
        (
            "name: a\npackageVersion: 1.0\nprovisioner: kubesphere.io/helm-application\n",
            &["invalid-application-class: kubesphere.io/helm-application"],
        ),
        ("- a\n", &["invalid-application-class: - a"]),
        ("a: b: c\n", &["invalid-application-class: :"]),
    ] {
        check_package("", &[(class.clone(), text.to_owned())], expected);
    }
}

#[test]
fn one_cause_makes_one_finding() {
    check_text("icon:\n", &["missing-required: "]);
    check_text("icon: {a: b}\n", &["wrong-type: {a: b}"]);
    check_text("icon\n", &["yaml-syntax: icon"]);
    check_text("description: text\n", &["wrong-type: text"]);
}

#[test]
fn the_missing_line_is_added_only_where_a_line_fits() {
    let fixed = |manifest: &str| {
        let example = Example {
            manifest: "",
            without: &[],
            files: &[],
            limit: None,
        };
        let findings = findings(&example, manifest);
        let missing = findings
            .iter()
            .find(|finding| finding.message.en.contains("apiVersion"));
        let missing = missing.expect("apiVersion is missing");
        let fixed = apply_first_fix(missing, manifest, files(&example));
        fixed.map(|(manifest, _)| manifest)
    };
    assert_eq!(fixed("{name: a, ksVersion: b}\n"), None);
    assert_eq!(
        fixed("# 注释\r\n  name: a\r\n  home: b\r\n").as_deref(),
        Some("# 注释\r\n  apiVersion: kubesphere.io/v1alpha1\r\n  name: a\r\n  home: b\r\n")
    );
    assert_eq!(
        fixed("\u{feff}name: a\n").as_deref(),
        Some("\u{feff}apiVersion: kubesphere.io/v1alpha1\nname: a\n")
    );
}

#[test]
fn a_comment_on_the_line_or_above_suppresses() {
    check_text("# ksext: ignore[unknown-key]\r\nvendor: x\r\n", &[]);
    check_text("vendor: x # ksext: ignore[unknown-key]\n", &[]);
    check_text(
        "# ksext: ignore[missing-icon, unknown-key]\nvendor: x\n",
        &[],
    );
    check_text(
        "# ksext: ignore[missing-icon]\nvendor: x\n",
        &["unknown-key: vendor"],
    );
}

#[test]
fn safe_fixes_change_nothing_the_second_time() {
    for rule in RULES {
        let bad = whole(&rule.page.bad);
        for finding in findings(&rule.page.bad, &bad) {
            let safe = finding.fixes.iter().any(|fix| fix.safety == Safety::Safe);
            let fixed = apply_first_fix(&finding, &bad, files(&rule.page.bad));
            if let (true, Some((fixed, files))) = (safe, fixed) {
                let again = findings_in(files, rule.page.bad.limit, &fixed);
                assert!(
                    again.iter().all(|other| other.rule != finding.rule),
                    "{}",
                    rule.id
                );
            }
        }
    }
}
