//! `ksext size` for people and as a page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ksext_test_support::{Ksext, Output, PackageDir};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::lsp_editor::{FILES, MANIFEST};

fn package(files: &[(&str, &str)]) -> PackageDir {
    let package = PackageDir::new(&FILES);
    package.write("extension.yaml", MANIFEST);
    for (path, content) in files {
        package.write(path, content);
    }
    package
}

fn size<const N: usize>(package: &PackageDir, args: [&str; N]) -> Output {
    Ksext::new(env!("CARGO_BIN_EXE_ksext"))
        .args(["size"])
        .args(args)
        .current_dir(package.path())
        .run()
}

/// What stands between `start` and `end`, which are there once.
#[track_caller]
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    assert_eq!(page.matches(start).count(), 1, "{start}");
    let (_, rest) = page.split_once(start).expect("a start");
    rest.split_once(end).expect("an end").0
}

/// The data that a page draws.
#[track_caller]
fn data(page: &str) -> Value {
    let text = between(
        page,
        "<script id=\"data\" type=\"application/json\">",
        "</script>",
    );
    serde_json::from_str(text).expect("data")
}

#[test]
fn a_pipe_gets_plain_text_and_forced_colours_bring_bars() {
    let package = package(&[("docs/a.md", "a"), (".helmignore", "docs/\n")]);
    let plain = size(&package, []);
    assert_eq!(plain.code, Some(0), "{plain}");
    assert!(plain.stdout.starts_with("demo 0.1.0: "), "{plain}");
    for line in [
        "Uploaded on their own",
        "      42 B  static/图标.svg (icon)",
        "Left out: removed with `staticFileDirectory`",
        "Left out: ignored by `docs/` in .helmignore",
        "       1 B  docs",
    ] {
        assert!(
            plain.stdout.lines().any(|seen| seen == line),
            "{line}: {plain}"
        );
    }
    assert!(!plain.stdout.contains(['\u{1b}', '█']), "{plain}");

    let colored = size(&package, ["--color", "always", "--lang", "zh"]);
    assert!(colored.stdout.contains('█'), "{colored}");
    assert!(
        colored
            .stdout
            .contains("不打包：被 .helmignore 中的 `docs/` 忽略"),
        "{colored}"
    );
}

#[test]
fn it_says_what_would_make_the_package_smaller() {
    let package = package(&[(".idea/workspace.xml", "x"), ("docs/a.md", "a")]);
    package.write(
        "extension.yaml",
        MANIFEST.replace("staticFileDirectory: static\n", ""),
    );
    let output = size(&package, []);
    for tip in [
        "Declare `staticFileDirectory: static`, which saves ",
        "Ignore `docs/` in .helmignore, which saves ",
        "Ignore `.idea/` in .helmignore, which saves ",
    ] {
        assert!(output.stdout.contains(tip), "{tip}: {output}");
    }
}

#[test]
fn a_pull_request_gets_what_changed() {
    let package = package(&[
        ("docs/a.md", "观测\n"),
        ("docs/b|`.md", "b\n"),
        ("docs/c.md", "c\n"),
    ]);
    let base = size(&package, ["--format", "json"]).stdout;
    package.write("base.json", "");
    let new = size(
        &package,
        [
            "--format",
            "markdown",
            "--base",
            "base.json",
            "--lang",
            "zh",
        ],
    );
    assert!(
        new.stdout
            .starts_with("| 扩展组件包 | 大小 | 变化 | 上限 | 已用 |\n"),
        "{new}"
    );
    assert!(new.stdout.contains(" | 新增 | 1.0 MB | "), "{new}");
    assert!(!new.stdout.contains("变化的条目"), "{new}");

    // Beside the package, which would hold it otherwise.
    let elsewhere = PackageDir::new(&[("base.json", &base)]);
    let file = elsewhere.join("base.json");
    let file = file.to_str().expect("text");
    package.remove("base.json");
    let same = size(&package, ["--format", "markdown", "--base", file]);
    assert!(same.stdout.contains(" | ±0 | "), "{same}");
    assert!(!same.stdout.contains("what changed"), "{same}");

    package.write("docs/a.md", "观测 😀\n".repeat(9));
    package.write("docs/d.md", "d\n");
    package.remove("docs/b|`.md");
    let changed = size(&package, ["--format", "markdown", "--base", file]).stdout;
    let changes = between(&changed, "what changed</summary>", "</details>");
    let rows: Vec<_> = changes
        .lines()
        .filter(|row| row.starts_with("| `"))
        .collect();
    let names: Vec<_> = rows.iter().map(|row| row.split('`').nth(1)).collect();
    for (name, before, after) in [
        ("docs/a.md", "", "| +"),
        ("docs/b\\|'.md", "", "| – | −"),
        ("docs/d.md", "| – |", "| +"),
    ] {
        let row = rows.iter().find(|row| row.contains(&format!("`{name}`")));
        let row = row.unwrap_or_else(|| panic!("{name}: {names:?}"));
        assert!(row.contains(before) && row.contains(after), "{row}");
    }
    assert_eq!(rows.len(), 3, "{changes}");

    let plain = size(&package, ["--format", "markdown"]).stdout;
    assert!(
        plain.starts_with(
            "| Package | Size | Limit | Used |\n|---|---:|---:|---:|\n| `demo 0.1.0` | "
        ),
        "{plain}"
    );
    for (args, code) in [
        (["--format", "json", "--base", file], 2),
        (["--format", "markdown", "--base", "none"], 3),
    ] {
        let output = size(&package, args);
        assert_eq!(output.code, Some(code), "{output}");
    }
}

#[test]
fn a_package_that_cannot_be_packed_is_refused_with_every_reason() {
    let package = package(&[(".helmignore", "*.yaml\n")]);
    for (lang, reasons) in [
        (
            "en",
            [
                ".helmignore:1: this line hides the Chart.yaml",
                ".helmignore:1: this line hides extension.yaml",
            ],
        ),
        (
            "zh",
            [
                ".helmignore:1：这一行隐藏了推送写出的 Chart.yaml",
                ".helmignore:1：这一行隐藏了 extension.yaml",
            ],
        ),
    ] {
        let output = size(&package, ["--lang", lang]);
        assert_eq!(output.code, Some(3), "{output}");
        for reason in reasons {
            assert!(output.stderr.contains(reason), "{reason}: {output}");
        }
    }
}

#[test]
fn what_push_would_fail_over_stands_beside_the_numbers() {
    let package = package(&[("charts/web/values.yaml", "a: 1\n")]);
    let output = size(&package, []);
    assert_eq!(output.code, Some(0), "{output}");
    let told = "\nPush would fail: `charts/web` has no Chart.yaml";
    assert!(output.stdout.contains(told), "{output}");

    package.remove("charts/web/values.yaml");
    std::fs::remove_dir(package.join("charts/web")).expect("removed");
    package.remove("static/图标.svg");
    let output = size(&package, ["--lang", "zh"]);
    let told = "推送会失败：extension.yaml:16：`icon` 指向的";
    assert!(output.stdout.contains(told), "{output}");
}

#[test]
fn a_size_that_ksbuilder_may_not_reach_is_told_with_both_numbers() {
    let mut state = 1u64;
    let noise: Vec<u8> = (0..1_040_000)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        })
        .collect();
    let package = package(&[]);
    package.write("noise.bin", noise);
    let output = size(&package, []);
    assert!(
        output
            .stdout
            .contains("ksbuilder compresses otherwise: its archive may have up to 1 05")
            && output
                .stdout
                .contains("and the limit is 1 048 576; ours has 1 04"),
        "{output}"
    );
}

#[test]
fn the_page_holds_what_the_report_says() {
    let package = package(&[("docs/a.md", "a"), (".helmignore", "docs/\n")]);
    let report = size(&package, ["--format", "json"]);
    let report: Value = serde_json::from_str(&report.stdout).expect("JSON");
    let page = data(&size(&package, ["--format", "html"]).stdout);
    assert_eq!(page["title"], "demo 0.1.0");
    assert_eq!(page["meter"]["projected"], report["projected"]);
    assert_eq!(page["meter"]["limit"], 1_048_576);
    let ids: Vec<_> = page["views"]
        .as_array()
        .expect("views")
        .iter()
        .map(|view| view["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids, ["packed", "uploaded", "dropped"]);
    for (view, key, bytes) in [
        (0, "entries", "packed"),
        (1, "uploads", "size"),
        (2, "dropped", "size"),
    ] {
        let facts = |list: &Value, bytes: &str| -> Vec<(Value, Value)> {
            let list = list.as_array().expect("a list");
            assert!(!list.is_empty(), "{key}");
            list.iter()
                .map(|one| (one["path"].clone(), one[bytes].clone()))
                .collect()
        };
        assert_eq!(
            facts(&page["views"][view]["files"], "bytes"),
            facts(&report[key], bytes)
        );
    }
    assert_eq!(
        page["views"][2]["files"][1]["more"],
        "ignored by `docs/` in .helmignore"
    );
}

#[test]
fn the_page_speaks_both_languages() {
    let package = package(&[]);
    for (lang, html, title, view) in [
        (
            "en",
            "<html lang=\"en\">",
            "demo 0.1.0: package size",
            "Left out",
        ),
        (
            "zh",
            "<html lang=\"zh-CN\">",
            "demo 0.1.0：扩展组件包大小",
            "不打包",
        ),
    ] {
        let page = size(&package, ["--format", "html", "--lang", lang]).stdout;
        assert!(page.contains(html), "{lang}");
        assert_eq!(between(&page, "<title>", "</title>"), title);
        assert_eq!(data(&page)["views"][2]["name"], view);
    }
}

/// Names that would end the data, begin a script or stand for a part of the page.
#[cfg(unix)]
#[test]
fn names_are_data_whatever_they_look_like() {
    let hostile = [
        "files/</script><script>alert(1)<!--.txt",
        "files/{{script}}{{data}}.txt",
        "files/\"'&amp;\u{2028}\\.txt",
        "files/<img src=x onerror=alert(1)>.md",
    ];
    let package = package(&hostile.map(|path| (path, "x")));
    let name = "</title><script>alert(1)</script>{{script}}";
    package.write(
        "extension.yaml",
        MANIFEST.replace("name: demo", &format!("name: \"{name}\"")),
    );
    let page = size(&package, ["--format", "html"]).stdout;
    let data = data(&page);
    assert_eq!(data["title"], format!("{name} 0.1.0"));
    let paths: Vec<_> = data["views"][0]["files"]
        .as_array()
        .expect("files")
        .iter()
        .filter_map(|file| file["path"].as_str())
        .collect();
    for path in hostile {
        assert!(paths.contains(&path), "{path}: {paths:?}");
    }
    for (part, count) in [
        ("<script", 2),
        ("</script", 2),
        ("<!--", 0),
        ("<img", 0),
        ("</title", 1),
    ] {
        assert_eq!(page.matches(part).count(), count, "{part}");
    }
}

#[test]
fn the_page_loads_nothing_and_runs_its_own_script_alone() {
    let page = size(&package(&[]), ["--format", "html"]).stdout;
    let policy = between(
        &page,
        "http-equiv=\"Content-Security-Policy\" content=\"",
        "\"",
    );
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let style = hash(between(&page, "<style>", "</style>"));
    let script = hash(between(&page, "<script>", "</script>"));
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
        )
    );
    // The policy leaves neither attributes with styles nor such with handlers.
    for part in [
        "http://",
        "https://",
        " src=",
        " href=",
        "url(",
        " style=",
        " onclick=",
        "{{",
        "\r",
    ] {
        assert!(!page.contains(part), "{part}");
    }
}

#[test]
fn the_report_goes_into_a_file_if_one_is_named() {
    let package = package(&[]);
    let output = size(&package, ["--format", "html", "-o", "报告/size.html"]);
    assert_eq!((output.code, &output.stdout[..]), (Some(0), ""), "{output}");
    assert!(
        output.stderr.contains("报告/size.html is written"),
        "{output}"
    );
    let written = package.read("报告/size.html");
    assert!(written.starts_with("<!doctype html>"), "{written}");

    let output = size(&package, ["-o", "values.yaml/size.txt", "--lang", "zh"]);
    assert_eq!(output.code, Some(3), "{output}");
    assert!(
        output.stderr.contains("无法写入 values.yaml/size.txt："),
        "{output}"
    );
}
