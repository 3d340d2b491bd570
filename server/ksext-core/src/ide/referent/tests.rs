//! Places, what they name, and where else that is named.

use crate::ide::sample::Sample;
use crate::ide::{LinkTarget, Role, definitions, highlights, links, references};

/// Definitions of what stands at `|` in a file: files with the text there.
#[track_caller]
fn defined(sample: &Sample, file: &str, marked: &str, expected: &[(&str, &str)]) {
    let opened = sample.open(file);
    let found = definitions(&opened.view(), sample.offset(file, marked));
    let shown: Vec<_> = found
        .iter()
        .map(|found| {
            let path = found.file.to_string();
            let text = found.whole.of(sample.text(&path)).to_owned();
            (path, text)
        })
        .collect();
    let shown: Vec<_> = shown
        .iter()
        .map(|(path, text)| (&path[..], &text[..]))
        .collect();
    assert_eq!(shown, expected, "{file}: {marked}");
}

#[test]
fn a_dependency_and_its_chart_lead_to_each_other() {
    let sample = Sample::new();
    let chart = ("charts/frontend/Chart.yaml", "name: 'frontend'");
    let check = |file: &str, marked: &str, expected: &[(&str, &str)]| {
        defined(&sample, file, marked, expected);
    };
    check("extension.yaml", "\"front|end\"", &[chart]);
    check(
        "charts/frontend/Chart.yaml",
        "'front|end'",
        &[("extension.yaml", "\"frontend\"")],
    );
    check("values.yaml", "front|end:", &[chart]);
    check(
        "extension.yaml",
        "version: 0.1|.0",
        &[("charts/frontend/Chart.yaml", "version: 0.1.0")],
    );
    check(
        "charts/frontend/Chart.yaml",
        "version: |0.1.0",
        &[("extension.yaml", "0.1.0")],
    );
    // The folder may have another name.
    let other = ("charts/server/Chart.yaml", "name: backend");
    check("extension.yaml", "{name: back|end", &[other]);
    check("extension.yaml", "alias: 'ap|i'", &[other]);
    check("values.yaml", "'a|pi':", &[other]);
    check("extension.yaml", "category: dev|-tools", &[]);
    check("extension.yaml", "{name: ot|her", &[]);
}

#[test]
fn a_condition_leads_to_the_value_that_counts() {
    let sample = Sample::new();
    let check = |file: &str, marked: &str, expected: &[(&str, &str)]| {
        defined(&sample, file, marked, expected);
    };
    check(
        "extension.yaml",
        "condition: front|end.enabled",
        &[("values.yaml", "enabled: true")],
    );
    check(
        "extension.yaml",
        ".enabled,global.ac|tive",
        &[("values.yaml", "active: false")],
    );
    check(
        "extension.yaml",
        "\"api.en|abled\"",
        &[("values.yaml", "enabled: yes")],
    );
    check(
        "values.yaml",
        "enab|led: true",
        &[("extension.yaml", "frontend.enabled,global.active")],
    );
    check(
        "charts/server/values.yaml",
        "enab|led",
        &[("extension.yaml", "\"api.enabled\"")],
    );
    check("values.yaml", "repli|cas", &[]);
    let sample = sample.with("values.yaml", "frontend: {}\n");
    defined(
        &sample,
        "extension.yaml",
        "frontend.ena|bled",
        &[("charts/frontend/values.yaml", "enabled: false")],
    );
    let sample = sample.with("charts/frontend/values.yaml", "");
    // Better the chart than nothing.
    defined(
        &sample,
        "extension.yaml",
        "condition: fro|ntend.enabled",
        &[("charts/frontend/Chart.yaml", "name: 'frontend'")],
    );
}

#[test]
fn paths_lead_to_files_and_not_to_folders() {
    let sample = Sample::new();
    let check = |file: &str, marked: &str, expected: &[(&str, &str)]| {
        defined(&sample, file, marked, expected);
    };
    let icon = ("static/图 标.svg", "");
    check("extension.yaml", "'./static/图| 标", &[icon]);
    check(
        "extension.yaml",
        "- /static/a.s|vg",
        &[("static/a.svg", "")],
    );
    check("README.md", "static/%E5|%9B", &[icon]);
    check(
        "README.md",
        "'./static/a.svg?raw|=true'",
        &[("static/a.svg", "")],
    );
    check(
        "README.md",
        "logo.s|vg#x",
        &[("charts/frontend/logo.svg", "")],
    );
    check("README_zh.md", "图 |标", &[icon]);
    check("extension.yaml", "./sta|tic\r", &[]);
    let sample = sample.with("extension.yaml", "ksVersion: x\nicon: gone.svg\nname: ~\n");
    defined(&sample, "extension.yaml", "go|ne", &[]);
}

/// All that names what stands at `|` in a file: files with the text there.
#[track_caller]
fn named(file: &str, marked: &str, expected: &[(&str, &str)]) {
    let sample = Sample::new();
    let opened = sample.open(file);
    let offset = sample.offset(file, marked);
    let found = references(&opened.view(), offset);
    let shown: Vec<_> = found
        .iter()
        .map(|found| {
            let path = found.file.to_string();
            let text = found.span.of(sample.text(&path)).to_owned();
            (path, text)
        })
        .collect();
    let shown: Vec<_> = shown
        .iter()
        .map(|(path, text)| (&path[..], &text[..]))
        .collect();
    assert_eq!(shown, expected, "{file}: {marked}");
    let here = expected.iter().filter(|(path, _)| *path == file).count();
    assert_eq!(highlights(&opened.view(), offset).len(), here, "{marked}");
}

#[test]
fn everything_that_names_the_same_is_found() {
    let chart = [
        ("extension.yaml", "frontend"),
        ("extension.yaml", "frontend"),
        ("charts/frontend/Chart.yaml", "frontend"),
        ("values.yaml", "frontend"),
    ];
    named("extension.yaml", "name: \"f|rontend", &chart);
    named("values.yaml", "f|rontend", &chart);
    named("charts/frontend/Chart.yaml", "f|rontend", &chart);
    let alias = [
        ("extension.yaml", "api"),
        ("extension.yaml", "api"),
        ("values.yaml", "api"),
    ];
    named("extension.yaml", "'ap|i'", &alias);
    let condition = [
        ("extension.yaml", "frontend.enabled"),
        ("charts/frontend/values.yaml", "enabled"),
        ("values.yaml", "enabled"),
    ];
    named("extension.yaml", "frontend.ena|bled", &condition);
    named("values.yaml", "ena|bled: true", &condition);
    named("charts/frontend/values.yaml", "ena|bled", &condition);
    let picture = [
        ("extension.yaml", "static/a.svg"),
        ("extension.yaml", "/static/a.svg"),
        ("README.md", "./static/a.svg?raw=true"),
    ];
    named("extension.yaml", "- sta|tic/a.svg", &picture);
    named("README.md", "static/a|.svg", &picture);
    let url = [
        ("extension.yaml", "https://example.com/"),
        ("README.md", "https://example.com/"),
        ("charts/frontend/Chart.yaml", "https://example.com/"),
    ];
    named("extension.yaml", "home: https|://", &url);
    let zh = ("extension.yaml", "zh");
    named("extension.yaml", "z|h: 示例😀", &[zh, zh, zh]);
    named("extension.yaml", "category: dev|-tools", &[]);
}

#[test]
fn a_definition_says_so() {
    let sample = Sample::new();
    let opened = sample.open("extension.yaml");
    let found = references(
        &opened.view(),
        sample.offset("extension.yaml", "\"front|end\""),
    );
    let roles: Vec<_> = found.iter().map(|found| found.role).collect();
    assert_eq!(
        roles,
        [Role::Request, Role::Part, Role::Definition, Role::Part]
    );
}

/// The links of a file: text and where they lead.
#[track_caller]
fn linked(file: &str, expected: &[(&str, &str)]) {
    let sample = Sample::new();
    let opened = sample.open(file);
    let found = links(&opened.view());
    let shown: Vec<_> = found
        .iter()
        .map(|link| {
            let to = match &link.to {
                LinkTarget::File(path) => path.to_string(),
                LinkTarget::Url(url) => url.clone(),
            };
            (link.span.of(sample.text(file)), to)
        })
        .collect();
    let shown: Vec<_> = shown.iter().map(|(text, to)| (*text, &to[..])).collect();
    assert_eq!(shown, expected);
}

#[test]
fn texts_link_to_pages_and_files() {
    linked(
        "extension.yaml",
        &[
            ("https://example.com/", "https://example.com/"),
            ("./static/图 标.svg", "static/图 标.svg"),
            ("static/a.svg", "static/a.svg"),
            ("/static/a.svg", "static/a.svg"),
        ],
    );
    linked(
        "README.md",
        &[
            ("static/%E5%9B%BE%20%E6%A0%87.svg", "static/图 标.svg"),
            ("./static/a.svg?raw=true", "static/a.svg"),
            ("charts/frontend/logo.svg#x", "charts/frontend/logo.svg"),
            ("https://example.com/", "https://example.com/"),
        ],
    );
    linked(
        "charts/frontend/Chart.yaml",
        &[("https://example.com/", "https://example.com/")],
    );
    linked("values.yaml", &[]);
}
