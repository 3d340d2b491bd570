//! The documentation of every rule, run: its bad example is reported, its good one is not, and its
//! fix leads from one to the other.

use std::collections::BTreeMap;

use crate::check::{Settings, check, errors};
use crate::finding::{Finding, Safety, Severity};
use crate::fix::fix;
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::fs::Irregular;
use crate::package::{LIMIT, MemoryFs, Package, PkgPath};
use crate::settings;
use crate::text::{TextEdit, apply_edits};
use crate::yaml::Source;

use super::{Entry, Example, RULES, Rule, RuleSet};

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
    (
        "provider",
        "provider:\n  en:\n    name: Example\n  zh:\n    name: 示例\n",
    ),
    ("icon", "icon: https://example.com/icon.svg\n"),
];

/// The files that every package should have.
const FILES: [(&str, &str); 4] = [
    ("README.md", "# Demo\n"),
    ("README_zh.md", "# 示例\n"),
    ("CHANGELOG.md", "# Changelog\n"),
    ("CHANGELOG_zh.md", "# 更新日志\n"),
];

/// The package of an example; its manifest is apart.
fn files(example: &Example) -> MemoryFs {
    let mut files = MemoryFs::default();
    for (path, text) in FILES {
        if !example.without.contains(&path) {
            files = files.with_file(path, text.as_bytes());
        }
    }
    let files = with_charts(files, example.manifest, example.files);
    let given = example.files.iter();
    given.fold(files, |files, (path, entry)| {
        with_entry(files, path, *entry)
    })
}

/// With a chart for each dependency of a manifest, unless some charts are among the files `given`.
fn with_charts(files: MemoryFs, manifest: &str, given: &[(&str, Entry)]) -> MemoryFs {
    if given.iter().any(|(path, _)| path.starts_with("charts/")) {
        return files;
    }
    let manifest = Manifest::from_text(manifest);
    let dependencies = manifest.entry("dependencies").into_iter();
    let names = dependencies
        .flat_map(|entry| entry.value.items())
        .filter_map(|item| item.get("name")?.value.to_text());
    names.fold(files, |files, name| {
        let (path, content) = chart(&name, "1.0.0");
        files.with_file(path.as_str(), content.as_bytes())
    })
}

fn with_entry(files: MemoryFs, path: &str, entry: Entry) -> MemoryFs {
    match entry {
        Entry::Text(text) => files.with_file(path, text.as_bytes()),
        Entry::Zeros(len) => files.with_file(path, vec![0; len]),
        Entry::Photo(len) => files.with_file(path, photo(len)),
        Entry::Files(count) => (0..count).fold(files, |files, index| {
            files.with_file(format!("{path}/{index}").as_str(), *b"")
        }),
        Entry::Folder => files.with_directory(path),
        Entry::Link(target) => files.with_symlink(path, target),
        Entry::Pipe => files.with_irregular(path, Irregular::Pipe),
        Entry::Png(width, height) => files.with_file(path, png(width, height)),
    }
}

/// A PNG as far as its size, and then what looks like noise (xorshift).
fn photo(len: usize) -> Vec<u8> {
    let mut bytes = png(1280, 800);
    let mut state = 42_u64;
    bytes.extend(
        std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        })
        .take(len - bytes.len()),
    );
    bytes
}

/// The start of a PNG, as far as its size.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0");
    bytes
}

fn findings(example: &Example, manifest: &str) -> Vec<Finding> {
    findings_in(files(example), example.limit, manifest)
}

fn findings_in(files: MemoryFs, limit: Option<u64>, manifest: &str) -> Vec<Finding> {
    let files = files.with_file(FILE_NAME, manifest.as_bytes());
    let manifest = Manifest::from_text(manifest);
    findings_of_package(&Package::new(&files, &manifest), limit)
}

fn findings_of_package(package: &Package<'_>, limit: Option<u64>) -> Vec<Finding> {
    let path = PkgPath::from(settings::FILE_NAME);
    let project = package.files().read(&path, 1 << 20).unwrap_or_default();
    let project = str::from_utf8(&project).expect("a text");
    let content: Option<_> = serde_yaml::from_str(project).expect("YAML");
    let given = settings::of_project(&path, project, &content.unwrap_or_default());
    let settings = Settings {
        size_limit: limit.or(given.check.size_limit),
        rule_set: Some(RuleSet::All),
        ..given.check
    };
    let contents = match limit {
        Some(_) => package.measured_contents(&|| false),
        None => Some(package.contents()),
    };
    check(package, &settings, contents.as_ref())
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

/// A manifest of which `manifest` is the beginning, and the required fields that it lacks the end.
fn with_required(manifest: &str) -> String {
    let given = |key: &str| {
        manifest
            .lines()
            .any(|line| line.split(':').next() == Some(key))
    };
    let rest = FIELDS
        .iter()
        .filter(|(key, _)| !given(key))
        .map(|(_, text)| *text);
    [manifest].into_iter().chain(rest).collect()
}

/// What the rules say of a manifest whose missing required fields are filled in, as
/// `rule: text at the place`.
pub(super) fn check_text(manifest: &str, expected: &[&str]) {
    check_whole(&with_required(manifest), expected);
}

/// What the rules say of a whole manifest, as `rule: text at the place`.
pub(super) fn check_whole(text: &str, expected: &[&str]) {
    let seen: Vec<_> = findings_of(text)
        .iter()
        .map(|finding| format!("{}: {}", finding.rule, finding.location.span.of(text)))
        .collect();
    assert_eq!(seen, expected, "{text}");
}

/// What the rules say of such a manifest and of nothing but these files beside it, README or
/// CHANGELOG apart where there is none of the kind among them.
pub(super) fn findings_with_files(manifest: &str, files: &[(&str, Entry)]) -> Vec<Finding> {
    let is_given = |name: &str| {
        let stem = |name: &str| {
            name.to_ascii_lowercase()
                .chars()
                .take(6)
                .collect::<String>()
        };
        files.iter().any(|(path, _)| stem(path) == stem(name))
    };
    let usual = FILES.iter().filter(|(name, _)| !is_given(name));
    let usual = usual.map(|(name, text)| (*name, Entry::Text(text)));
    let all = files.iter().copied().chain(usual);
    let charts = with_charts(MemoryFs::default(), manifest, files);
    let files = all.fold(charts, |files, (path, entry)| {
        with_entry(files, path, entry)
    });
    findings_in(files, None, &with_required(manifest))
}

/// Where `rule` alone finds something, on the same.
pub(super) fn check_only(rule: &Rule, manifest: &str, files: &[(&str, Entry)], expected: &[&str]) {
    let text = with_required(manifest);
    let findings = findings_with_files(manifest, files);
    let own = findings.iter().filter(|finding| finding.rule == rule.id);
    let seen: Vec<_> = own.map(|finding| finding.location.span.of(&text)).collect();
    assert_eq!(seen, expected, "{text}");
}

/// The same, as `rule: text at the place`.
pub(super) fn check_files(manifest: &str, files: &[(&str, Entry)], expected: &[&str]) {
    let text = with_required(manifest);
    let seen: Vec<_> = findings_with_files(manifest, files)
        .iter()
        .map(|finding| format!("{}: {}", finding.rule, finding.location.span.of(&text)))
        .collect();
    assert_eq!(seen, expected, "{text}");
}

/// What the rules say of a whole manifest while nothing is known of what lies beside it.
pub(super) fn findings_of(text: &str) -> Vec<Finding> {
    let files = files(&Example::manifest(""));
    let manifest = Manifest::from_text(text);
    check(&Package::new(&files, &manifest), &Settings::default(), None)
}

/// The first finding of `rule` on a manifest whose missing required fields are filled in.
pub(super) fn first_of(rule: &Rule, manifest: &str) -> Finding {
    let text = with_required(manifest);
    let mut findings = findings_of(&text).into_iter();
    let first = findings.find(|finding| finding.rule == rule.id);
    first.unwrap_or_else(|| panic!("no {} on\n{text}", rule.id))
}

/// What each fix of the first finding of `rule` makes of `manifest`, whose missing required fields are
/// filled in while it is looked at.
pub(super) fn check_fixes(rule: &Rule, manifest: &str, expected: &[&str]) {
    let text = with_required(manifest);
    let rest = &text[manifest.len()..];
    let fixes = first_of(rule, manifest).fixes.into_iter();
    let fixed: Vec<_> = fixes
        .map(|fix| {
            let edits: Vec<_> = fix.edits.into_iter().map(|(_, edit)| edit).collect();
            let fixed = apply_edits(&text, &edits).expect("edits that fit");
            fixed.strip_suffix(rest).expect("the same end").to_owned()
        })
        .collect();
    assert_eq!(fixed, expected, "{manifest}");
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
        "maintainers:\n  - name: Example\n    mail: a@example.com\n",
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
        &[
            "changed-text: .inf",
            "changed-text: .nan",
            "unknown-key: vendor",
            "wrong-type: .inf",
        ],
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
            &["invalid-constraint: latest"],
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
        let about = [
            "dependency-without-chart",
            "chart-without-dependency",
            "ignored-alias",
            "unanswered-condition",
        ];
        let finding = findings
            .iter()
            .find(|finding| about.contains(&finding.rule));
        let finding = finding.expect("a finding about dependencies");
        let fixed = apply_first_fix(finding, &text, files);
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
        "dependencies: [{name: web, condition: \"x.y,a-b.enabled\"}]\n",
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
fn what_a_setting_asks_for_counts_for_every_finding_of_a_rule() {
    // A misspelt required key is an error, another one a warning.
    let text = with_required("vendor: x\n").replace("category:", "categroy:");
    let manifest = Manifest::from_text(&text);
    let files = MemoryFs::default();
    for (set, seen) in [
        (None, [Severity::Warning, Severity::Error]),
        (Some(Severity::Warning), [Severity::Warning; 2]),
        (Some(Severity::Hint), [Severity::Hint; 2]),
    ] {
        let severities = set.map(|severity| ("unknown-key".to_owned(), Some(severity)));
        let settings = Settings {
            severities: severities.into_iter().collect(),
            ..Settings::default()
        };
        let found = check(&Package::new(&files, &manifest), &settings, None);
        let found: Vec<_> = found.iter().map(|finding| finding.severity).collect();
        assert_eq!(found, seen, "{set:?}");
    }
}

#[test]
fn errors_are_errors_whatever_is_silenced() {
    let silenced = with_required("# ksext: ignore[missing-icon]\nicon: ./a.svg\n");
    let manifest = Manifest::from_text(&silenced);
    let files = MemoryFs::default();
    let package = Package::new(&files, &manifest);
    let rules = |findings: Vec<Finding>| -> Vec<_> {
        findings.iter().map(|finding| finding.rule).collect()
    };
    assert_eq!(rules(check(&package, &Settings::default(), None)), [""; 0]);
    assert_eq!(rules(errors(&package, None, LIMIT)), ["missing-icon"]);
}

#[test]
fn a_comment_on_the_line_or_above_suppresses() {
    check_files("# ksext: ignore[unknown-key]\r\nvendor: x\r\n", &[], &[]);
    check_files("vendor: x # ksext: ignore[unknown-key]\n", &[], &[]);
    check_files(
        "# ksext: ignore[missing-icon, unknown-key]\nvendor: x\n",
        &[],
        &["unused-suppression: missing-icon"],
    );
    check_files(
        "# ksext: ignore[missing-icon]\nvendor: x\n",
        &[],
        &["unused-suppression: missing-icon", "unknown-key: vendor"],
    );
    check_files(
        "# ksext: ignore[unknwon-key]\nvendor: x\n",
        &[],
        &["unknown-rule: unknwon-key", "unknown-key: vendor"],
    );
    // A comment can silence what is said of comments.
    check_files(
        "# ksext: ignore[missing-icon, unused-suppression]\nname: demo\n",
        &[],
        &[],
    );
}

/// The files of an example, the manifest among them, with all fixes made that are `safety` safe.
fn fixed(files: &MemoryFs, safety: Safety, limit: Option<u64>) -> MemoryFs {
    let text = files.get(&FILE_NAME.into()).expect("a manifest");
    let manifest = Manifest::read(Source::from_bytes(text));
    let package = Package::new(files, &manifest);
    let fixed = fix(&package, safety, &|_| true, &|package| {
        findings_of_package(package, limit)
    });
    let texts = fixed.texts.into_iter();
    texts.fold(files.clone(), |files, (path, text)| {
        files.with_file(path, text.into_bytes())
    })
}

/// The findings as `file: rule: message`, sorted.
fn shown(files: &MemoryFs, limit: Option<u64>) -> Vec<String> {
    let text = files.get(&FILE_NAME.into()).expect("a manifest");
    let manifest = Manifest::read(Source::from_bytes(text));
    let findings = findings_of_package(&Package::new(files, &manifest), limit);
    let shown = findings.iter().map(|finding| {
        let file = &finding.location.file;
        format!("{file}: {}: {}", finding.rule, finding.message.en)
    });
    let mut shown: Vec<_> = shown.collect();
    shown.sort();
    shown
}

#[test]
fn safe_fixes_add_no_finding_and_change_nothing_the_second_time() {
    for rule in RULES {
        let limit = rule.page.bad.limit;
        let bad = whole(&rule.page.bad);
        for bad in [bad.replace('\n', "\r\n"), format!("\u{feff}{bad}"), bad] {
            let before = files(&rule.page.bad).with_file(FILE_NAME, bad.into_bytes());
            let after = fixed(&before, Safety::Safe, limit);
            let known = shown(&before, limit);
            let found = shown(&after, limit);
            let added: Vec<_> = found.iter().filter(|it| !known.contains(it)).collect();
            assert!(added.is_empty(), "{}: {added:?}", rule.id);
            let again = fixed(&after, Safety::Safe, limit);
            assert_eq!(format!("{again:?}"), format!("{after:?}"), "{}", rule.id);
        }
    }
}

#[test]
fn rules_outside_of_the_recommended_set_are_on_when_asked_for() {
    assert!(super::NOT_RECOMMENDED.is_sorted());
    for rule in RULES {
        let settings = |severity: Option<Option<Severity>>, set| Settings {
            severities: severity
                .map(|severity| (rule.id.to_owned(), severity))
                .into_iter()
                .collect(),
            rule_set: set,
            ..Settings::default()
        };
        let is_recommended = !super::NOT_RECOMMENDED.contains(&rule.id);
        let own = Some(rule.severity);
        for (set, severity, expected) in [
            (None, None, own.filter(|_| is_recommended)),
            (Some(RuleSet::All), None, own),
            (Some(RuleSet::All), Some(None), None),
            (None, Some(Some(Severity::Hint)), Some(Severity::Hint)),
        ] {
            let settings = settings(severity, set);
            assert_eq!(
                settings.severity(rule),
                expected,
                "{} {settings:?}",
                rule.id
            );
        }
    }
}

/// What the rules say of a package with these files beside a manifest whose missing required fields
/// are filled in, as `rule: file: text at the place`.
fn check_texts_in(manifest: &str, entries: &[(&str, &str)], expected: &[&str]) {
    let example = Example {
        manifest: "",
        without: &[],
        files: &[],
        limit: None,
    };
    let given = |key: &str| {
        let mut lines = manifest.lines();
        lines.any(|line| line.split(':').next() == Some(key))
    };
    let rest = FIELDS.iter().filter(|(key, _)| !given(key));
    let text: String = [manifest]
        .into_iter()
        .chain(rest.map(|(_, text)| *text))
        .collect();
    let mut files = files(&example);
    for (path, content) in entries {
        files = match content.strip_prefix("-> ") {
            Some(target) => files.with_symlink(*path, target),
            None => files.with_file(*path, content.as_bytes()),
        };
    }
    let seen: Vec<_> = findings_in(files.clone(), None, &text)
        .iter()
        .map(|finding| {
            let file = &finding.location.file;
            let content = files
                .get(file)
                .map(|content| String::from_utf8_lossy(content));
            let content = content.unwrap_or_else(|| text.clone().into());
            let place = finding
                .location
                .span
                .of(content.trim_start_matches('\u{feff}'));
            format!("{}: {file}: {place}", finding.rule)
        })
        .collect();
    assert_eq!(seen, expected, "{text}{entries:?}");
}

const SVG: &str = "<svg/>";

#[test]
fn the_static_directory_is_held_against_what_lies_in_it() {
    let icon = "icon: ./static/图标.svg\n";
    let declared = &format!("{icon}staticFileDirectory: \"./static/\" # 静态文件\n");
    let logo = ("static/图标.svg", SVG);
    check_texts_in(declared, &[logo], &[]);
    check_texts_in(
        declared,
        &[logo, ("static/.gitkeep", ""), ("static/notes.txt", "x")],
        &[],
    );
    check_texts_in(
        declared,
        &[logo, ("static/旧图.svg", SVG)],
        &["lost-static-file: extension.yaml: \"./static/\""],
    );
    check_texts_in(
        declared,
        &[("static/旧图.svg", SVG)],
        &["missing-icon: extension.yaml: ./static/图标.svg"],
    );
    check_texts_in(
        declared,
        &[
            logo,
            ("static/a.svg", SVG),
            ("README.md", "😀 ![图](static/a.svg)\r\n"),
        ],
        &["broken-readme-image: README.md: ![图](static/a.svg)"],
    );
    check_texts_in(
        "staticFileDirectory: charts/a\n",
        &[(
            "charts/a/Chart.yaml",
            "apiVersion: v2\nname: a\nversion: 1.0.0\n",
        )],
        &["static-directory-takes: extension.yaml: charts/a"],
    );
    check_texts_in(
        "staticFileDirectory: README.md\n",
        &[],
        &["static-directory-takes: extension.yaml: README.md"],
    );
    check_texts_in(
        "staticFileDirectory: Static\n",
        &[("static/a.txt", "x")],
        &["missing-static-directory: extension.yaml: Static"],
    );
}

#[test]
fn a_folder_is_offered_as_static_directory_only_if_nothing_else_needs_it() {
    let icon = "icon: ./static/logo.svg\n";
    let logo = ("static/logo.svg", SVG);
    check_texts_in(
        icon,
        &[logo],
        &["undeclared-static-directory: extension.yaml: icon"],
    );
    check_texts_in(icon, &[logo, ("static/data.json", "{}")], &[]);
    check_texts_in(icon, &[logo, (".helmignore", "static/\n")], &[]);
    check_texts_in(icon, &[logo, ("link.svg", "-> static/logo.svg")], &[]);
    check_texts_in(
        icon,
        &[logo, ("README.md", "<img src=static/logo.svg>\n")],
        &[],
    );
    check_texts_in("icon: ./logo.svg\n", &[("logo.svg", SVG)], &[]);
}

#[test]
fn images_are_held_against_their_names() {
    let manifest = |file: &str| format!("icon: ./{file} # 图标\n");
    for (file, content, told) in [
        ("a.svg", SVG, false),
        ("a.png", SVG, true),
        ("a.svg", "", true),
        ("a.svg", "<!doctype html>", true),
        (
            "a.svg",
            "version https://git-lfs.github.com/spec/v1\n",
            true,
        ),
        ("a.svg", "<svg viewBox='0 0 100 20'/>", true),
        ("a.svg", "<svg viewBox='0 0 100 98'/>", false),
        ("a", SVG, false),
    ] {
        let place = format!("image-content: extension.yaml: ./{file}");
        let expected = if told { &[&place[..]][..] } else { &[] };
        check_texts_in(&manifest(file), &[(file, content)], expected);
    }
}

#[test]
fn ignore_lines_are_told_at_their_patterns() {
    check_texts_in(
        "",
        &[(".helmignore", "# 注释\r\n./docs \r\n!*.yaml\r\n")],
        &[
            "idle-ignore-line: .helmignore: ./docs",
            "inverted-ignore: .helmignore: !*.yaml",
        ],
    );
    check_texts_in(
        "",
        &[(".helmignore", "!README.md\n")],
        &[
            "chart-ignored: .helmignore: !README.md",
            "manifest-ignored: .helmignore: !README.md",
        ],
    );
}

#[test]
fn links_are_judged_by_where_they_lead() {
    check_texts_in("", &[("docs/a.md", "-> ../README.md")], &[]);
    check_texts_in(
        "staticFileDirectory: real/sub\nicon: pub/sub/a.svg\n",
        &[
            ("real/sub/a.svg", SVG),
            ("pub", "-> real"),
            ("b.svg", "-> pub/sub/a.svg"),
        ],
        &["broken-link: b.svg: "],
    );
}
