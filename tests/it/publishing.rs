//! What would be published, as files: `package`, `preview`, `manifests` and the dry run of `push`.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use ksext_test_support::{Ksext, Output, PackageDir};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::check::FIXTURES;
use crate::lsp_editor::{Editor, FILES, MANIFEST, capable};

fn ksext<const N: usize>(folder: &Path, args: [&str; N]) -> Output {
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
    ksext.current_dir(folder).args(args).run()
}

/// A folder with the package `demo` in it, which has this manifest.
fn folder(manifest: &str) -> PackageDir {
    let folder = PackageDir::new(&[("demo/extension.yaml", manifest)]);
    for (path, text) in FILES {
        folder.write(&format!("demo/{path}"), text);
    }
    folder
}

/// The answer of a run that goes well.
#[track_caller]
fn answer<const N: usize>(folder: &PackageDir, args: [&str; N]) -> Value {
    let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext"));
    // Paths as they are.
    let command = ksext.args(args).args(["--format", "json"]).command();
    let mut command = command;
    let output = command
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["version"], 1);
    answer
}

/// A run that cannot be done: exit status 3, nothing on stdout, and these words on stderr.
#[track_caller]
fn check_refused(output: &Output, words: &[&str]) {
    assert_eq!((output.code, &output.stdout[..]), (Some(3), ""), "{output}");
    for word in words {
        assert!(output.stderr.contains(word), "{word} is not in: {output}");
    }
}

/// The entries of an archive, as text.
fn entries(archive: &[u8]) -> Vec<(String, String)> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let entry = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry: tar::Entry<'_, flate2::read::GzDecoder<&[u8]>> = entry.expect("an entry");
        let name = String::from_utf8(entry.path_bytes().into_owned()).expect("UTF-8");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("content");
        (name, String::from_utf8(content).expect("UTF-8"))
    };
    archive.entries().expect("entries").map(entry).collect()
}

fn content<'e>(entries: &'e [(String, String)], name: &str) -> &'e str {
    let found = entries.iter().find(|(path, _)| path == name);
    &found.unwrap_or_else(|| panic!("no {name}")).1
}

/// What lies in a folder.
fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = names
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_package_keeps_its_files_and_has_its_icon_in_the_chart() {
    let manifest = format!("\u{feff}{MANIFEST}# 注释\r\n");
    let folder = folder(&manifest);
    let answer = answer(&folder, ["package", "demo", "-o", "out/包"]);
    let archive = fs::read(folder.join("out/包/demo-0.1.0.tgz")).expect("an archive");
    let hash = format!("{:x}", Sha256::digest(&archive));
    assert_eq!(
        answer,
        json!({
            "version": 1,
            "path": folder.join("out/包/demo-0.1.0.tgz"),
            "size": archive.len(),
            "sha256": hash,
            "earlierArchives": [],
        })
    );
    let entries = entries(&archive);
    assert_eq!(
        content(&entries, "demo/extension.yaml"),
        &manifest[3..],
        "the bytes without byte order mark"
    );
    assert_eq!(
        content(&entries, "demo/static/图标.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"
    );
    let chart = content(&entries, "demo/Chart.yaml");
    assert!(
        chart.contains("icon: data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4K\n"),
        "{chart}"
    );

    // People are told the same, and the same input gives the same bytes.
    let output = ksext(folder.path(), ["package", "demo"]);
    assert_eq!(
        (output.code, output.stdout),
        (
            Some(0),
            format!(
                "wrote @@DIR@@/demo-0.1.0.tgz ({} B)\nsha256 {hash}\n",
                archive.len()
            )
        )
    );
    assert!(fs::read(folder.join("demo-0.1.0.tgz")).expect("an archive") == archive);
}

#[test]
fn an_archive_that_lies_in_the_package_is_mentioned() {
    let folder = folder(MANIFEST);
    let package = folder.join("demo");
    let first = ksext(&package, ["package"]);
    assert_eq!((first.code, &first.stderr[..]), (Some(0), ""), "{first}");
    let second = ksext(&package, ["package"]);
    assert_eq!(second.code, Some(0), "{second}");
    for word in ["demo-0.1.0.tgz", "`*.tgz`", "`.helmignore`"] {
        assert!(second.stderr.contains(word), "{second}");
    }
    let archive = fs::read(package.join("demo-0.1.0.tgz")).expect("an archive");
    let held = entries_names(&archive);
    assert!(held.contains(&"demo/demo-0.1.0.tgz".to_owned()), "{held:?}");

    folder.write("demo/.helmignore", "*.tgz\n");
    let third = answer(&folder, ["package", "demo", "-o", "demo"]);
    assert_eq!(third["earlierArchives"], json!([]));
}

fn entries_names(archive: &[u8]) -> Vec<String> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let names = archive.entries().expect("entries").map(|entry| {
        let entry = entry.expect("an entry");
        String::from_utf8(entry.path_bytes().into_owned()).expect("UTF-8")
    });
    names.collect()
}

#[test]
fn what_push_alone_refuses_is_packed() {
    let manifest = format!("{MANIFEST}screenshots: [none.png]\n");
    let folder = folder(&manifest);
    let output = ksext(folder.path(), ["package", "demo"]);
    assert_eq!(output.code, Some(0), "{output}");
    check_refused(
        &ksext(folder.path(), ["push", "demo", "--dry-run"]),
        &["[missing-screenshot]"],
    );
}

#[test]
fn an_earlier_archive_survives_what_goes_wrong() {
    let folder = folder(MANIFEST);
    folder.write("demo-0.1.0.tgz", "earlier");
    for (path, text, words) in [
        ("demo/charts/README.md", "x", &["charts/README.md"][..]),
        ("demo/values.yaml", "- a\n", &["values.yaml"]),
        (
            "demo/extension.yaml",
            &MANIFEST.replace("./static/图标.svg", "none.svg"),
            &["`demo` 0.1.0", "[missing-icon]", "ksext check demo"],
        ),
        (
            "demo/extension.yaml",
            &MANIFEST.replace("category: dev-tools", "category: ''"),
            &["[missing-required]"],
        ),
        (
            "demo/extension.yaml",
            &MANIFEST.replace("version: 0.1.0", "version: latest"),
            &["latest"],
        ),
    ] {
        let before = fs::read_to_string(folder.join(path)).ok();
        folder.write(path, text);
        for act in ["package", "manifests"] {
            check_refused(&ksext(folder.path(), [act, "demo"]), words);
        }
        match before {
            Some(before) => folder.write(path, before),
            None => folder.remove(path),
        }
    }
    assert_eq!(folder.read("demo-0.1.0.tgz"), "earlier");
    assert_eq!(names(folder.path()), ["demo", "demo-0.1.0.tgz"]);
}

/// A limit on the length of files stands in for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_earlier_archive() {
    let folder = folder(MANIFEST);
    folder.write("demo-0.1.0.tgz", "earlier");
    let noise: Vec<u8> = (0..90_000_u64)
        .map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u8 ^ (n.pow(3) >> 7) as u8)
        .collect();
    folder.write("demo/noise.bin", noise);
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" package demo"])
        .arg(env!("CARGO_BIN_EXE_ksext"))
        .current_dir(folder.path());
    let output = command.output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("demo-0.1.0.tgz"), "{stderr}");
    assert_eq!(folder.read("demo-0.1.0.tgz"), "earlier");
    assert_eq!(names(folder.path()), ["demo", "demo-0.1.0.tgz"]);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let folder = folder(MANIFEST);
    for (args, name) in [
        (&["package", "demo"][..], "demo-0.1.0.tgz"),
        (&["push", "demo", "--dry-run", "-o", "."], "demo-0.1.0.tgz"),
        (&["manifests", "demo"], "ConfigMap.yaml"),
    ] {
        folder.write("precious.txt", "precious");
        let _ = fs::remove_file(folder.join(name));
        std::os::unix::fs::symlink("precious.txt", folder.join(name)).expect("a link");
        let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext")).current_dir(folder.path());
        let output = ksext.args(args).run();
        assert_eq!(output.code, Some(0), "{output}");
        assert_eq!(folder.read("precious.txt"), "precious", "{args:?}");
        let written = fs::symlink_metadata(folder.join(name)).expect("a file");
        assert!(written.is_file(), "{args:?}");
    }
}

#[test]
fn a_name_leads_nowhere_else() {
    for (name, file) in [
        ("..", Some("..-0.1.0.tgz")),
        ("/", Some("-0.1.0.tgz")),
        ("观\u{3000}测", Some("观 测-0.1.0.tgz")),
        ("../evil", None),
        ("/tmp/evil", None),
    ] {
        let folder = folder(&MANIFEST.replace("name: demo", &format!("name: {name}")));
        for args in [
            ["package", "demo", "-o", "out/a"].to_vec(),
            ["push", "demo", "--dry-run", "-o", "out/a"].to_vec(),
        ] {
            let ksext = Ksext::new(env!("CARGO_BIN_EXE_ksext")).current_dir(folder.path());
            let output = ksext.args(args).run();
            match file {
                Some(file) => {
                    assert_eq!(output.code, Some(0), "{output}");
                    assert!(folder.join(&format!("out/a/{file}")).is_file(), "{output}");
                    assert_eq!(names(&folder.join("out")), ["a"]);
                    fs::remove_dir_all(folder.join("out")).expect("gone");
                }
                None => check_refused(&output, &["`/`"]),
            }
            assert_eq!(names(folder.path()), ["demo"], "{name}");
        }
    }
}

#[test]
fn what_cannot_be_written_or_packed_is_told() {
    let folder = folder(MANIFEST);
    folder.write("file", "");
    fs::create_dir_all(folder.join("taken/demo-0.1.0.tgz/x")).expect("a folder");
    for (args, words) in [
        (
            ["package", "demo", "-o", "file"],
            &["cannot write", "demo-0.1.0.tgz"][..],
        ),
        (["package", "demo", "-o", "file/deeper"], &["cannot write"]),
        (["package", "demo", "-o", "taken"], &["cannot write"]),
        (
            ["manifests", "demo", "-o", "file"],
            &["cannot write", "Extension.yaml"],
        ),
        (["push", "demo", "--dry-run", "-ofile"], &["cannot write"]),
        (["package", "nowhere", "-o", "out"], &["nowhere"]),
    ] {
        check_refused(&ksext(folder.path(), args), words);
    }
    assert_eq!(names(&folder.join("taken")), ["demo-0.1.0.tgz"]);
    assert_eq!(ksext(folder.path(), ["package", "demo"]).code, Some(0));
    check_refused(
        &ksext(folder.path(), ["package", "demo-0.1.0.tgz"]),
        &["archive already"],
    );
    // As objects an archive is as good as a folder.
    assert_eq!(
        ksext(folder.path(), ["manifests", "demo-0.1.0.tgz"]).code,
        Some(0)
    );
}

#[test]
fn a_preview_is_a_diff_and_the_entries() {
    let folder = folder(MANIFEST);
    let seen = ksext(folder.path(), ["preview", "demo"]);
    assert_eq!((seen.code, &seen.stderr[..]), (Some(0), ""), "{seen}");
    for line in [
        "--- a/extension.yaml",
        "+++ b/extension.yaml",
        "-icon: ./static/图标.svg",
        "+installationMode: HostOnly",
        "--- /dev/null",
        "+++ b/Chart.yaml",
        "+apiVersion: v2",
    ] {
        assert!(
            seen.stdout.lines().any(|seen| seen == line),
            "{line}: {seen}"
        );
    }
    let zh = ksext(folder.path(), ["preview", "demo", "--lang", "zh"]);
    assert!(zh.stdout.contains("9 个条目"), "{zh}");

    let preview = answer(&folder, ["preview", "demo"]);
    let paths = |list: &Value| -> Vec<String> {
        let paths = list.as_array().expect("a list").iter();
        paths
            .map(|one| one["path"].as_str().expect("a path").to_owned())
            .collect()
    };
    assert_eq!(paths(&preview["files"]), ["Chart.yaml", "extension.yaml"]);
    assert_eq!(
        paths(&preview["entries"]),
        [
            "Chart.yaml",
            "values.yaml",
            "CHANGELOG.md",
            "CHANGELOG_zh.md",
            "README.md",
            "README_zh.md",
            "extension.yaml",
            "permissions.yaml",
            "charts/frontend/Chart.yaml",
        ]
    );
    // It is what the dry run writes.
    let dry = ksext(folder.path(), ["push", "demo", "--dry-run", "-o", "dry"]);
    assert_eq!(dry.code, Some(0), "{dry}");
    assert!(dry.stdout.contains("made up"), "{dry}");
    let archive = fs::read(folder.join("dry/demo-0.1.0.tgz")).expect("an archive");
    assert_eq!(preview["projected"], archive.len());
    let entries = entries(&archive);
    for file in preview["files"].as_array().expect("files") {
        let path = file["path"].as_str().expect("a path");
        let text = content(&entries, &format!("demo/{path}"));
        assert_eq!(file["text"], text, "{path}");
    }
}

#[test]
fn a_preview_of_what_push_refuses_says_so() {
    let folder = folder(&MANIFEST.replace("category: dev-tools\n", ""));
    let seen = ksext(folder.path(), ["preview", "demo"]);
    assert_eq!(seen.code, Some(0), "{seen}");
    assert!(seen.stderr.contains("1 error, see `ksext check`"), "{seen}");
    folder.write("demo/extension.yaml", format!("{MANIFEST}broken: \"\n"));
    let broken = ksext(folder.path(), ["preview", "demo"]);
    check_refused(&broken, &["not valid YAML", "ksext check demo"]);
}

#[test]
fn the_objects_for_a_cluster_hold_the_package() {
    let folder = folder(MANIFEST);
    folder.write(
        "demo/applicationclass.yaml",
        "name: redis\npackageVersion: 1.0.0\n",
    );
    let seen = answer(&folder, ["manifests", "demo", "-o", "out"]);
    let kinds: Vec<_> = seen["files"].as_array().expect("files").iter().collect();
    assert_eq!(
        kinds
            .iter()
            .map(|file| (&file["kind"], &file["name"]))
            .collect::<Vec<_>>(),
        [
            (&json!("Extension"), &json!("demo")),
            (&json!("ExtensionVersion"), &json!("demo-0.1.0")),
            (&json!("ConfigMap"), &json!("extension-demo-0.1.0-chart")),
        ]
    );
    for file in &kinds {
        let path = file["path"].as_str().expect("a path");
        assert!(folder.join(path).is_file(), "{path}");
    }
    let map = folder.read("out/ConfigMap.yaml");
    let archive = map
        .lines()
        .find_map(|line| line.strip_prefix("  chart.tgz: "))
        .expect("an archive");
    let archive = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, archive)
        .expect("base64");
    assert_eq!(seen["size"], archive.len());
    let held = entries_names(&archive);
    for name in [
        "demo/static/图标.svg",
        "demo/charts/redis/templates/applicationclass.yaml",
    ] {
        assert!(held.contains(&name.to_owned()), "{held:?}");
    }
    let human = ksext(folder.path(), ["manifests", "demo", "-o", "out"]);
    let hint = "kubectl apply --server-side -f out/Extension.yaml -f ";
    assert!(human.stdout.contains(hint), "{human}");
}

#[test]
fn what_no_config_map_holds_is_no_object() {
    let folder = folder(MANIFEST);
    let noise: Vec<u8> = (0..1_500_000_u64)
        .map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_mul(n | 1) >> 40) as u8)
        .collect();
    folder.write("demo/noise.bin", noise);
    check_refused(
        &ksext(folder.path(), ["manifests", "demo", "-o", "out"]),
        &["a ConfigMap holds 1.0 MB"],
    );
    assert_eq!(names(folder.path()), ["demo"]);
    assert_eq!(ksext(folder.path(), ["package", "demo"]).code, Some(0));
}

/// Runs a command of the language server.
#[track_caller]
fn execute(editor: &mut Editor, command: &str, argument: Value) -> Result<Value, Value> {
    let params = json!({"command": command, "arguments": [argument]});
    editor.client.request("workspace/executeCommand", params)
}

#[test]
fn an_editor_packages_what_is_saved() {
    let mut editor = Editor::open(capable(), MANIFEST);
    let out = PackageDir::new(&[]);
    let argument = json!({"uri": editor.uri, "directory": out.uri("dist")});
    let answer = execute(&mut editor, "ksext.package", argument.clone()).expect("an archive");
    assert_eq!(answer["path"], json!(out.join("dist/demo-0.1.0.tgz")));
    let archive = fs::read(out.join("dist/demo-0.1.0.tgz")).expect("an archive");
    assert_eq!(answer["size"], archive.len());
    assert_eq!(answer["sha256"], format!("{:x}", Sha256::digest(&archive)));

    // A folder may be given by its path, and is never guessed.
    let by_path = json!({"uri": editor.uri, "directory": out.path()});
    let answer = execute(&mut editor, "ksext.package", by_path).expect("an archive");
    assert_eq!(answer["path"], json!(out.join("demo-0.1.0.tgz")));
    let relative = json!({"uri": editor.uri, "directory": "dist"});
    let error = execute(&mut editor, "ksext.package", relative).expect_err("a refusal");
    assert_eq!(error["code"], -32602, "{error}");

    editor.change(json!([{"text": MANIFEST.replace("0.1.0", "0.2.0")}]));
    let error = execute(&mut editor, "ksext.package", argument).expect_err("a refusal");
    assert_eq!(error["data"]["kind"], "invalid-package", "{error}");
    let message = error["message"].as_str().expect("a message");
    assert!(message.contains("`extension.yaml`"), "{message}");
    assert!(!out.join("dist/demo-0.2.0.tgz").exists());
}

#[test]
fn an_editor_previews_what_it_shows() {
    let mut editor = Editor::open(capable(), MANIFEST);
    editor.change(json!([{"text": MANIFEST.replace("0.1.0", "0.2.0")}]));
    let argument = json!({"uri": editor.uri});
    let preview = execute(&mut editor, "ksext.preview", argument.clone()).expect("a preview");
    let files = preview["files"].as_array().expect("files");
    let text = |path: &str| {
        let file = files.iter().find(|file| file["path"] == path);
        file.expect(path)["text"]
            .as_str()
            .expect("a text")
            .to_owned()
    };
    assert!(text("extension.yaml").contains("version: 0.2.0\n"));
    assert!(text("Chart.yaml").contains("version: 0.2.0\n"));
    let sizes = preview["entries"].as_array().expect("entries");
    let written = sizes.iter().find(|entry| entry["path"] == "extension.yaml");
    assert_eq!(written.expect("it")["size"], text("extension.yaml").len());

    editor.change(json!([{"text": "name: \"\n"}]));
    let error = execute(&mut editor, "ksext.preview", argument).expect_err("a refusal");
    assert_eq!(error["data"]["kind"], "invalid-package", "{error}");
}

#[test]
fn a_fixture_packs_to_what_its_bytes_say() {
    let out = PackageDir::new(&[]);
    let package = Path::new(FIXTURES).join("crlf-and-bom");
    let path = package.to_string_lossy().into_owned();
    let output = ksext(out.path(), ["package", &path]);
    assert_eq!(output.code, Some(0), "{output}");
    let name = names(out.path()).remove(0);
    let entries = entries(&fs::read(out.join(&name)).expect("an archive"));
    let source = fs::read(package.join("extension.yaml")).expect("a manifest");
    let manifest = entries
        .iter()
        .find(|(name, _)| name.ends_with("/extension.yaml"));
    assert_eq!(manifest.expect("it").1.as_bytes(), &source[3..]);
}
