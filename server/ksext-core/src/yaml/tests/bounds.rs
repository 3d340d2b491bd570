//! Texts made to hurt: they end, in memory that their size accounts for.

use super::super::{ErrorKind, Tree, parse};

const LEVELS: usize = 100_000;

/// Reads a text that go-yaml refuses for `expected`.
fn check(text: &str, expected: &ErrorKind) -> Tree {
    let tree = parse(text);
    assert_eq!(
        tree.errors().first().map(|error| &error.kind),
        Some(expected)
    );
    tree
}

#[test]
fn nesting_ends_at_go_yamls_limit() {
    check(&"[".repeat(LEVELS), &ErrorKind::TooDeep);
    check(&"{a: ".repeat(LEVELS), &ErrorKind::TooDeep);
    check(&"- ".repeat(LEVELS), &ErrorKind::TooDeep);
    let indented: String = (0..3_000)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .collect();
    assert_eq!(parse(&indented).errors(), &[]);
}

#[test]
fn aliases_do_not_unfold_without_end() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = level - 1;
        let items = vec![format!("*a{below}"); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    let tree = check(&bomb, &ErrorKind::ExcessiveAliasing);
    assert!(tree.nodes().count() < 1_000);
    check("a: &a [*a]\n", &ErrorKind::AliasInItself("a".to_owned()));
    check(
        "a: &a\n  <<: *a\n",
        &ErrorKind::AliasInItself("a".to_owned()),
    );
}

#[test]
fn a_large_manifest_is_read_whole() {
    let mut text = "name: large\nkeywords:\n".to_owned();
    let mut count = 0;
    while text.len() < 5_000_000 {
        text.push_str(&format!("  - 关键词 {count} # keyword\n"));
        count += 1;
    }
    text.push_str("icon: a.svg\n");
    let tree = parse(&text);
    assert_eq!(tree.errors(), &[]);
    assert_eq!(tree.comments().len(), count);
    let root = tree.root().expect("a map");
    assert_eq!(tree.pairs(root).len(), 3);
    assert_eq!(tree.items(tree.pairs(root)[1].value).len(), count);
}

#[test]
fn a_large_broken_text_is_given_up_in_time() {
    let text = "name: \"a\nb: [\n".repeat(300_000);
    assert!(!parse(&text).errors().is_empty());
    let text = "\t- x\n".repeat(500_000);
    assert!(!parse(&text).errors().is_empty());
}
