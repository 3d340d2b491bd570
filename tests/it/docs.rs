//! The generated pages are those of the program as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ksext_test_support::{Ksext, Page};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A page of the repository.
#[track_caller]
pub(crate) fn page(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}

#[test]
fn generated_pages_are_up_to_date() {
    let output = Ksext::new(env!("CARGO_BIN_EXE_ksext")).args(["docs"]).run();
    assert_eq!(output.code, Some(0), "{output}");
    let pages: BTreeMap<String, String> = serde_json::from_str(&output.stdout).expect("pages");
    assert!(pages.len() >= 5, "{:?}", pages.keys());
    let root = root();
    let stale: Vec<&String> = pages
        .iter()
        .filter(|(name, text)| {
            let page = Page::of(&root, name, text).expect(name);
            page.present != page.wanted
        })
        .map(|(name, _)| name)
        .collect();
    assert!(stale.is_empty(), "stale: {stale:?}; run `cargo xtask gen`");
}

#[test]
fn the_published_schema_takes_the_settings_of_a_project() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let schema = std::fs::read_to_string(folder.join("settings.schema.json")).expect("a file");
    let schema = serde_json::from_str(&schema).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for (settings, valid) in [
        (
            serde_json::json!({"lang": "zh", "size": {"limit": 9}}),
            true,
        ),
        (serde_json::json!({"rules": {"unknown-key": "off"}}), true),
        (serde_json::json!({"rules": {"no-such-rule": "off"}}), false),
        (serde_json::json!({"server": "https://example.com"}), false),
        (serde_json::json!({"size": {"limit": "9"}}), false),
    ] {
        assert_eq!(schema.is_valid(&settings), valid, "{settings}");
    }
}

#[test]
fn every_rule_has_a_page_in_both_languages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference");
    for page in ["rules.md", "rules_zh.md"] {
        let text = std::fs::read_to_string(folder.join(page)).expect("a page");
        for rule in ksext_core::rules::RULES {
            // The link of a finding leads to this heading.
            assert!(
                text.contains(&format!("\n## {}\n", rule.id)),
                "{page}: {}",
                rule.id
            );
        }
    }
}

#[test]
fn every_capability_names_a_test_that_is_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = here.join("../docs/reference/capabilities.md");
    let page = std::fs::read_to_string(page).expect("a page");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let mut count = 0;
    for row in rows {
        let test = row.rsplit('`').nth(1).expect(row);
        let (module, name) = test.split_once("::").expect(row);
        let source = here.join(format!("../../tests/it/{module}.rs"));
        let source = std::fs::read_to_string(source).expect(row);
        assert!(source.contains(&format!("#[test]\nfn {name}()")), "{row}");
        count += 1;
    }
    assert!(count > 5, "{page}");
}

#[test]
fn both_readmes_name_every_command_of_the_terminal() {
    let reference = page("server/docs/reference/cli.md");
    let commands = reference
        .lines()
        .filter_map(|it| it.strip_prefix("## ksext "));
    let commands: Vec<&str> = commands.collect();
    assert!(commands.len() > 20, "{commands:?}");
    for readme in ["README.md", "README_zh.md"] {
        let text = page(readme);
        for command in &commands {
            let is_named = ["ksext", "--"]
                .iter()
                .any(|before| text.contains(&format!("{before} {command}")));
            assert!(is_named, "{readme} has no `ksext {command}`");
        }
    }
}

/// Each ✓ links to a test of that editor; nothing else is written in its place but that it does not work,
/// or that nobody has looked.
#[test]
fn what_works_in_an_editor_is_what_a_test_of_it_shows() {
    let text = page("editors/README.md");
    let tests: BTreeMap<&str, (&str, &str)> = text
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: ../tests/e2e/"))
        .filter_map(|(key, rest)| Some((key, rest.trim_end_matches('"').split_once(" \"")?)))
        .collect();
    let sections = text.split("\n## ");
    let table = sections.filter(|it| it.starts_with("What works where"));
    let table = table.last().expect("a table");
    let mut rows = table.lines().filter(|line| line.starts_with('|'));
    let editors: Vec<&str> = rows
        .next()
        .expect("a head")
        .split('|')
        .map(str::trim)
        .collect();
    // Where the tests of a column are.
    let folders = [
        "vscode/",
        "neovim/",
        "emacs/eglot",
        "emacs/lsp-mode",
        "vim/",
        "kakoune/",
    ];
    assert_eq!(editors.len(), folders.len() + 3, "{editors:?}");
    let mut shown = BTreeSet::new();
    for row in rows.skip(1) {
        let cells: Vec<&str> = row.split('|').map(str::trim).skip(2).collect();
        assert_eq!(cells.len(), folders.len() + 1, "{row}");
        for (cell, folder) in cells.iter().zip(folders) {
            if ["–", "not tested"].contains(cell) {
                continue;
            }
            let key = cell
                .strip_prefix("[✓][")
                .and_then(|it| it.strip_suffix(']'));
            let key = key.unwrap_or_else(|| panic!("`{cell}` names no test: {row}"));
            let (path, title) = tests
                .get(key)
                .unwrap_or_else(|| panic!("no test [{key}]: {row}"));
            assert!(path.starts_with(folder), "{path} is not of {folder}: {row}");
            let source = page(&format!("tests/e2e/{path}"));
            // Some are written once for several cases, which stand in parentheses.
            let is_there = source.contains(&format!("test('{title}',"))
                // As those in VS Code's own process are listed.
                || source.contains(&format!("\n  '{title}': async"))
                || source.contains(&format!("test(`{title} ("));
            assert!(is_there, "{path} has no test {title}");
            shown.insert(key);
        }
    }
    let unused: Vec<_> = tests.keys().filter(|key| !shown.contains(*key)).collect();
    assert!(unused.is_empty() && shown.len() > 20, "{unused:?}");
}

/// Those of editors that no test runs are JSON at least.
#[test]
fn settings_that_nobody_runs_can_be_read() {
    let text = page("editors/README.md");
    let pieces: Vec<&str> = text
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(pieces.len() > 3, "{text}");
    for piece in pieces {
        let settings: serde_json::Value = serde_json::from_str(piece).expect(piece);
        assert!(settings.to_string().contains(r#""ksext""#), "{piece}");
    }
}

/// The table's paths are below the last one without a dot in front, or below the folder that its head
/// names.
#[test]
fn the_page_about_the_architecture_names_what_is_there() {
    let text = page("server/docs/architecture.md");
    let mut base = PathBuf::new();
    let mut named = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cell = line.split('|').nth(1).expect(line);
        if cell == " Folder " {
            base.clear();
            continue;
        }
        if let Some(folder) = cell.strip_prefix(" In `") {
            base = folder.trim_end_matches(['`', ' ']).into();
            continue;
        }
        let is_in_lsp = base.ends_with("lsp");
        for path in cell.split('`').skip(1).step_by(2) {
            let below = path.strip_prefix("· ");
            let place = match below {
                Some(below) => base.join(below),
                None if is_in_lsp => base.join(path),
                None => {
                    base = path.into();
                    base.clone()
                }
            };
            assert!(root().join(&place).exists(), "{}", place.display());
            named.insert(place.with_extension(""));
        }
    }
    for folder in ["server/ksext-core/src", "server/ksext/src"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("sources") {
            let name = entry.expect("an entry").file_name();
            let module = Path::new(folder).join(name).with_extension("");
            let is_root = module.ends_with("lib") || module.ends_with("main");
            let module_is_named = named.contains(&module);
            assert!(is_root || module_is_named, "{}", module.display());
        }
    }
}

#[test]
fn the_page_about_the_architecture_names_every_task() {
    let source = page("server/xtask/src/main.rs");
    let usage = between(&source, "\nconst USAGE: &str = \"", "\";\n");
    let lines = usage.lines().filter_map(|line| line.strip_prefix("  "));
    let tasks: Vec<&str> = lines
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(tasks.len() > 10, "{tasks:?}");
    let text = page("server/docs/architecture.md");
    let row = between(&text, "\n| `server/xtask` |", "\n");
    for task in tasks {
        let is_named = [task, &format!("cargo xtask {task}")]
            .iter()
            .any(|it| row.contains(&format!("`{it}`")));
        assert!(is_named, "{task}");
    }
}

#[test]
fn every_decision_has_a_number_of_its_own() {
    let folder = root().join("server/docs/decisions");
    let entries = std::fs::read_dir(&folder).expect("decisions");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("text"));
    let mut numbers = BTreeSet::new();
    for name in names.filter(|name| name != "README.md") {
        let number: u32 = name[..4].parse().expect(&name);
        assert!(numbers.insert(number), "{name}");
        let text = std::fs::read_to_string(folder.join(&name)).expect(&name);
        assert!(text.starts_with(&format!("# {number}. ")), "{name}");
    }
    let gapless = (1..)
        .zip(&numbers)
        .all(|(expected, number)| expected == *number);
    assert!(gapless && numbers.len() > 5, "{numbers:?}");
}

/// The text of every literal in the sources, by the line that it begins in, with what is filled in later
/// as `{…}`.
fn literals() -> Vec<String> {
    let mut literals = Vec::new();
    let mut folders: Vec<PathBuf> = ["ksext", "ksext-cloud", "ksext-core"]
        .map(|package| root().join("server").join(package).join("src"))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let source = std::fs::read_to_string(&path).expect("a source");
                literals.extend(source.split('"').map(joined));
            }
        }
    }
    literals
}

/// A literal whose lines end in a backslash, as one line.
fn joined(literal: &str) -> String {
    let mut lines = literal.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.trim_start())
}

/// Whether `text` holds the pieces in their order.
fn holds(text: &str, pieces: &[&str]) -> bool {
    let mut rest = text;
    pieces.iter().all(|piece| {
        let found = rest.split_once(piece);
        rest = found.map_or("", |(_, behind)| behind);
        found.is_some()
    })
}

/// What a reader is to look for is what the program prints: its own words, `…` for what it fills in.
#[test]
fn messages_in_the_headings_on_trouble_are_those_of_the_program() {
    let literals = literals();
    assert!(holds("a b c", &["a", "c"]) && !holds("c a", &["a", "c"]));
    for name in ["troubleshooting.md", "troubleshooting_zh.md"] {
        let text = page(&format!("server/docs/{name}"));
        let headings = text.lines().filter_map(|line| line.strip_prefix("### `"));
        let messages: Vec<&str> = headings
            .filter_map(|heading| heading.strip_suffix('`'))
            .collect();
        assert!(messages.len() > 15, "{messages:?}");
        for message in messages {
            let pieces: Vec<&str> = message.split('…').map(str::trim).collect();
            let is_ours = literals.iter().any(|literal| holds(literal, &pieces));
            assert!(is_ours, "{name}: the program never says `{message}`");
        }
    }
}

/// Each claim names tests that are there: those of `tests/it` as cargo calls them, others with a link.
#[test]
fn what_is_said_of_security_is_what_tests_show() {
    let mut shown = Vec::new();
    for name in ["security.md", "security_zh.md"] {
        let text = page(&format!("server/docs/{name}"));
        let cells = text
            .lines()
            .filter(|line| line.starts_with("| ") && line.ends_with(" |"))
            .filter_map(|row| row.trim_end_matches(" |").rsplit(" | ").next());
        let mut tests = Vec::new();
        for cell in cells.filter(|cell| !["Shown by", "验证"].contains(cell)) {
            for word in cell.split('`').skip(1).step_by(2) {
                let (module, test) = word.split_once("::").expect(word);
                let source = page(&format!("tests/it/{module}.rs"));
                assert!(source.contains(&format!("\nfn {test}()")), "{name}: {word}");
                tests.push(word.to_owned());
            }
            if let Some((test, file)) = cell.trim_start_matches('[').split_once("](../") {
                let source = page(&format!("server/{}", file.trim_end_matches(')')));
                let is_there = source.contains(&format!("test('{test}'"))
                    || source.contains(&format!("fn {test}()"));
                assert!(is_there, "{name}: {cell}");
                tests.push(test.to_owned());
            }
            assert!(cell.contains(['`', '[']), "{name}: `{cell}` names no test");
        }
        assert!(tests.len() > 20, "{tests:?}");
        shown.push(tests);
    }
    assert_eq!(shown[0], shown[1], "both pages name the same tests");
}

/// Headings by their depth, and blocks with what is run or written.
fn shape(text: &str) -> (Vec<usize>, Vec<&str>) {
    let (mut headings, mut blocks) = (Vec::new(), Vec::new());
    for (index, piece) in text.split("```").enumerate() {
        if index % 2 == 1 {
            blocks.push(piece.lines().next().unwrap_or_default());
        } else {
            let lines = piece.lines().filter(|line| line.starts_with('#'));
            headings.extend(lines.map(|line| line.bytes().take_while(|it| *it == b'#').count()));
        }
    }
    (headings, blocks)
}

#[test]
fn pages_in_both_languages_have_the_same_parts() {
    let mut pages = vec![
        ("README.md".to_owned(), "README_zh.md".to_owned()),
        (
            "editors/README.md".to_owned(),
            "editors/README_zh.md".to_owned(),
        ),
    ];
    let entries = std::fs::read_dir(root().join("server/docs")).expect("pages");
    for entry in entries {
        let name = entry.expect("an entry").file_name();
        let name = name.into_string().expect("text");
        if let Some(name) = name.strip_suffix("_zh.md") {
            let of = |suffix| format!("server/docs/{name}{suffix}");
            pages.push((of(".md"), of("_zh.md")));
        }
    }
    assert!(pages.len() > 5, "{pages:?}");
    for (english, chinese) in pages {
        let (one, other) = (page(&english), page(&chinese));
        assert_eq!(shape(&one), shape(&other), "{english} and {chinese}");
    }
}

/// What an editor is told is the same in each language.
#[test]
fn both_pages_about_editors_have_the_same_settings() {
    let [english, chinese] = ["editors/README.md", "editors/README_zh.md"].map(page);
    let blocks = |text: &str| {
        let pieces = text.split("```").skip(1).step_by(2);
        pieces.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(blocks(&english), blocks(&chinese));
    assert!(blocks(&english).len() > 8);
}

/// What stands between `before` and `after`, which are in the text once.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let pieces: Vec<&str> = text.split(before).collect();
    assert_eq!(pieces.len(), 2, "{before}");
    pieces[1].split(after).next().unwrap_or_default()
}

/// Each says so for itself, to somebody who reads nothing else.
#[test]
fn pages_name_the_oldest_rust_and_the_weight_that_are_held() {
    let manifest = page("Cargo.toml");
    let rust = between(&manifest, "\nrust-version = \"", "\"");
    let workflow = page(".github/workflows/ci.yml");
    let installed = between(&workflow, "rustup toolchain install 1", " ");
    assert_eq!(format!("1{installed}"), rust);
    assert_eq!(between(&workflow, "cargo +", " "), rust);
    let task = page("server/xtask/src/test.rs");
    let limit = between(&task, "PROGRAM_LIMIT: u64 = ", " << 20;");
    for name in ["README", "CONTRIBUTING", "server/docs/install"] {
        for name in [format!("{name}.md"), format!("{name}_zh.md")] {
            let text = page(&name);
            let mut lines = text.lines();
            let line = lines.find(|line| line.contains("[Rust](https://rustup.rs)"));
            let words = line
                .expect(&name)
                .split(|char: char| !char.is_ascii_digit() && char != '.');
            // A dot alone is that of an address.
            let versions = words.filter(|word| word.len() > 1 && word.contains('.'));
            let versions: Vec<&str> = versions.collect();
            assert_eq!(versions, [rust], "{name}");
            assert_eq!(weights(&text), [limit], "{name}");
        }
    }
}

/// The numbers before `MiB`.
fn weights(text: &str) -> Vec<&str> {
    let pieces: Vec<&str> = text.split(" MiB").collect();
    let before = &pieces[..pieces.len() - 1];
    let words = before.iter().map(|piece| piece.rsplit(' ').next());
    words.map(Option::unwrap_or_default).collect()
}

#[test]
fn the_index_of_the_documentation_names_every_page() {
    for (index, is_chinese) in [("README.md", false), ("README_zh.md", true)] {
        let text = page(&format!("server/docs/{index}"));
        for folder in ["", "reference/"] {
            let path = root().join("server/docs").join(folder);
            let entries = std::fs::read_dir(path).expect("pages");
            let names = entries.map(|entry| entry.expect("an entry").file_name());
            for name in names.filter_map(|name| name.into_string().ok()) {
                let is_of_this = name.ends_with(".md") && name.ends_with("_zh.md") == is_chinese;
                if is_of_this && !name.starts_with("README") {
                    assert!(
                        text.contains(&format!("]({folder}{name})")),
                        "{index}: {name}"
                    );
                }
            }
        }
    }
}
