//! The documentation of every rule, run: its bad example is reported, its good one is not, and its
//! fix leads from one to the other.

use std::collections::BTreeMap;

use crate::check::{Settings, check};
use crate::finding::{Finding, Safety};
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::fs::Irregular;
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
            Entry::Pipe => files.with_irregular(*path, Irregular::Pipe),
            Entry::Png(width, height) => files.with_file(*path, png(width, height)),
        };
    }
    files
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

/// What the rules say of a package with these files beside a manifest whose missing required fields
/// are filled in, as `rule: file: text at the place`.
fn check_files(manifest: &str, entries: &[(&str, &str)], expected: &[&str]) {
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
    check_files(declared, &[logo], &[]);
    check_files(
        declared,
        &[logo, ("static/.gitkeep", ""), ("static/notes.txt", "x")],
        &[],
    );
    check_files(
        declared,
        &[logo, ("static/旧图.svg", SVG)],
        &["lost-static-file: extension.yaml: \"./static/\""],
    );
    check_files(
        declared,
        &[("static/旧图.svg", SVG)],
        &["missing-icon: extension.yaml: ./static/图标.svg"],
    );
    check_files(
        declared,
        &[
            logo,
            ("static/a.svg", SVG),
            ("README.md", "😀 ![图](static/a.svg)\r\n"),
        ],
        &["broken-readme-image: README.md: ![图](static/a.svg)"],
    );
    check_files(
        "staticFileDirectory: charts/a\n",
        &[(
            "charts/a/Chart.yaml",
            "apiVersion: v2\nname: a\nversion: 1.0.0\n",
        )],
        &["static-directory-takes: extension.yaml: charts/a"],
    );
    check_files(
        "staticFileDirectory: README.md\n",
        &[],
        &["static-directory-takes: extension.yaml: README.md"],
    );
    check_files(
        "staticFileDirectory: Static\n",
        &[("static/a.txt", "x")],
        &["missing-static-directory: extension.yaml: Static"],
    );
}

#[test]
fn a_folder_is_offered_as_static_directory_only_if_nothing_else_needs_it() {
    let icon = "icon: ./static/logo.svg\n";
    let logo = ("static/logo.svg", SVG);
    check_files(
        icon,
        &[logo],
        &["undeclared-static-directory: extension.yaml: icon"],
    );
    check_files(icon, &[logo, ("static/data.json", "{}")], &[]);
    check_files(icon, &[logo, (".helmignore", "static/\n")], &[]);
    check_files(icon, &[logo, ("link.svg", "-> static/logo.svg")], &[]);
    check_files(
        icon,
        &[logo, ("README.md", "<img src=static/logo.svg>\n")],
        &[],
    );
    check_files("icon: ./logo.svg\n", &[("logo.svg", SVG)], &[]);
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
        check_files(&manifest(file), &[(file, content)], expected);
    }
}

#[test]
fn ignore_lines_are_told_at_their_patterns() {
    check_files(
        "",
        &[(".helmignore", "# 注释\r\n./docs \r\n!*.yaml\r\n")],
        &[
            "idle-ignore-line: .helmignore: ./docs",
            "inverted-ignore: .helmignore: !*.yaml",
        ],
    );
    check_files(
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
    check_files("", &[("docs/a.md", "-> ../README.md")], &[]);
    check_files(
        "staticFileDirectory: real/sub\nicon: pub/sub/a.svg\n",
        &[
            ("real/sub/a.svg", SVG),
            ("pub", "-> real"),
            ("b.svg", "-> pub/sub/a.svg"),
        ],
        &["broken-link: b.svg: "],
    );
}
