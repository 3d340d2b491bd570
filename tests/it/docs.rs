//! The generated pages are those of the program as it is.

use std::collections::BTreeMap;
use std::path::Path;

use ksext_test_support::Ksext;

#[test]
fn generated_pages_are_up_to_date() {
    let output = Ksext::new(env!("CARGO_BIN_EXE_ksext")).args(["docs"]).run();
    assert_eq!(output.code, Some(0), "{output}");
    let pages: BTreeMap<String, String> = serde_json::from_str(&output.stdout).expect("pages");
    assert!(pages.len() >= 5, "{:?}", pages.keys());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let stale: Vec<&String> = pages
        .iter()
        .filter(|(path, text)| {
            // A checkout on Windows may have other line ends.
            let present = std::fs::read_to_string(root.join(path)).unwrap_or_default();
            present.replace("\r\n", "\n") != **text
        })
        .map(|(path, _)| path)
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
