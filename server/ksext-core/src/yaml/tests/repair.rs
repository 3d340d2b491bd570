//! What a broken line costs: nothing but itself.

use proptest::prelude::*;

use super::super::parse;
use super::manifest;

/// Ways in which a line that is being typed is broken.
const BROKEN: [&str; 14] = [
    "versi",
    "name: \"观测",
    "name: 'x",
    "name: [a, b",
    "name: {a: b",
    "name: a: b",
    "name: @x",
    "name: *nope",
    "name: \"a\\/b\"",
    "name: &",
    "name: |x",
    "\tname: x",
    "name: [a]]",
    "%name",
];

fn keys(text: &str) -> Vec<String> {
    let tree = parse(text);
    let Some(root) = tree.root() else {
        return Vec::new();
    };
    let keys = tree
        .pairs(root)
        .iter()
        .filter_map(|pair| tree.scalar(pair.key));
    keys.map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_other_key_survives_a_broken_line(
        before in manifest(),
        broken in proptest::sample::select(&BROKEN[..]),
        after in manifest(),
    ) {
        // A quote that is never closed ends at the next one, and what is quoted behind it then is not.
        let after = after.replace("key", "later").replace(['"', '\''], "");
        let mut expected = keys(&before);
        expected.extend(keys(&after));
        let text = format!("{before}{broken}\n{after}");
        prop_assert!(!parse(&text).errors().is_empty(), "{}", text);
        let mut seen = keys(&text);
        seen.retain(|key| key != "name");
        prop_assert_eq!(seen, expected, "{}", text);
    }

    #[test]
    fn any_text_has_a_tree(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let source = super::super::Source::from_bytes(&bytes);
        let tree = super::super::parse_source(&source);
        for (_, node) in tree.nodes() {
            prop_assert!(node.span.end <= source.text().len());
        }
    }
}
