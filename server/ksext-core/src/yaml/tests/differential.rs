//! The same texts through libyaml (in serde_yaml) and yaml-rust2.
//!
//! libyaml has go-yaml's grammar but for what `soup` leaves out: `?` in flow, `%` lines, `"\/"`, byte
//! order marks. What serde_yaml refuses above the grammar, and go-yaml does not, is named here.

use proptest::prelude::*;
use serde_json::{Map, Value as Json};
use yaml_rust2::parser::{Event, Parser};

use super::super::{ErrorKind, Kind, NodeId, Style, Tree, parse, write};
use super::{manifest, soup};

/// What our reader makes of a text, as JSON.
fn ours(text: &str) -> Result<Json, ErrorKind> {
    let tree = parse(text);
    match tree.errors().first() {
        Some(error) => Err(error.kind.clone()),
        None => Ok(tree.value().map_or(Json::Null, |value| value.to_json())),
    }
}

/// What serde_yaml makes of it; `Err` with its words.
fn theirs(text: &str) -> Result<Json, String> {
    let value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    json(value).ok_or_else(|| "a key that JSON has not".to_owned())
}

/// As JSON, keys as text; `None` for a key that is no text, number or boolean.
fn json(value: serde_yaml::Value) -> Option<Json> {
    use serde_yaml::Value;
    Some(match value {
        Value::Sequence(items) => items
            .into_iter()
            .map(json)
            .collect::<Option<Vec<_>>>()?
            .into(),
        Value::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let key = match key {
                    Value::String(key) => key,
                    Value::Number(key) => key.to_string(),
                    Value::Bool(key) => key.to_string(),
                    _ => return None,
                };
                map.insert(key, json(value)?);
            }
            map.into()
        }
        scalar => serde_json::to_value(scalar).ok()?,
    })
}

/// Whether the readers may differ on a text: two anchors of one name (go-yaml lets an alias mean the
/// anchor that it has read last, serde_yaml refuses some), and aliases of what they stand in.
fn may_differ(text: &str) -> bool {
    text.matches("&n").count() > 1
}

fn check(text: &str) -> Result<(), TestCaseError> {
    if may_differ(text) {
        return Ok(());
    }
    match (ours(text), theirs(text)) {
        (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs, "{:?}", text),
        (Err(_), Err(_)) => {}
        // Above the grammar: JSON has no such key.
        (Err(ErrorKind::CollectionAsKey | ErrorKind::UnsupportedKey), Ok(_)) => {}
        (Err(error), Ok(theirs)) => prop_assert!(false, "{text:?}: {error:?}, but {theirs}"),
        (Ok(_), Err(why)) => {
            let known = [
                "duplicate entry",
                "more than one document",
                "a key that JSON has not",
            ];
            // go-yaml reads the first document and looks at nothing behind it.
            let reads_on = !text[parse(text).end()..].trim().is_empty();
            prop_assert!(
                reads_on || known.iter().any(|known| why.contains(known)),
                "{text:?}: {why}"
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn libyaml_gives_the_same_verdict_and_value(text in soup()) {
        check(&text)?;
    }

    #[test]
    fn libyaml_reads_manifests_alike(text in manifest()) {
        prop_assert!(ours(&text).is_ok(), "{text}");
        check(&text)?;
        check(&text.replace('\n', "\r\n"))?;
    }

    #[test]
    fn libyaml_reads_back_what_we_write(text in manifest()) {
        let value = ours(&text).expect("well-formed");
        prop_assert_eq!(theirs(&write(&value)), Ok(value));
    }

    #[test]
    fn yaml_rust2_places_scalars_alike(text in prop_oneof![soup(), manifest()]) {
        let tree = parse(&text);
        // It does not know what go-yaml makes of tabs, drops carriage returns in other places, and
        // reads on where go-yaml is done (`{}: a` is `{}`).
        let reads_on = !text[tree.end()..].trim().is_empty();
        if text.contains(['\t', '\r']) || !tree.errors().is_empty() || reads_on {
            return Ok(());
        }
        let Some(theirs) = scalars(&text) else { return Ok(()) };
        let mut ours = Vec::new();
        collect(&tree, tree.root(), &mut ours);
        prop_assert_eq!(ours, theirs, "{:?}", text);
    }
}

/// A scalar: its text, and where it begins in bytes if that can be compared. Block scalars lack their
/// last line ends, with which yaml-rust2 is not exact.
type Placed = (String, Option<usize>);

fn placed(value: &str, is_block: bool, start: usize) -> Placed {
    // An empty value is `~` for yaml-rust2 and has the mark of the next token; a block scalar has that
    // of its content.
    match value {
        "~" => (String::new(), None),
        _ if is_block => (value.trim_end().to_owned(), None),
        _ => (value.to_owned(), (!value.is_empty()).then_some(start)),
    }
}

/// What yaml-rust2 says of the first document; `None` if it refuses the text.
fn scalars(text: &str) -> Option<Vec<Placed>> {
    let offsets: Vec<usize> = text
        .char_indices()
        .map(|(offset, _)| offset)
        .chain([text.len()])
        .collect();
    let mut parser = Parser::new_from_str(text);
    let mut found = Vec::new();
    loop {
        let (event, mark) = parser.next_token().ok()?;
        match event {
            Event::Scalar(value, style, ..) => {
                use yaml_rust2::scanner::TScalarStyle::{Folded, Literal};
                found.push(placed(
                    &value,
                    matches!(style, Literal | Folded),
                    offsets[mark.index()],
                ));
            }
            Event::DocumentEnd | Event::StreamEnd => return Some(found),
            _ => {}
        }
    }
}

/// The same of our tree, in the order of the text.
fn collect(tree: &Tree, node: Option<NodeId>, found: &mut Vec<Placed>) {
    let Some(node) = node else { return };
    match &tree.node(node).kind {
        Kind::Alias { .. } => {}
        Kind::Scalar { text, style } => {
            let is_block = matches!(style, Style::Literal | Style::Folded);
            found.push(placed(text, is_block, tree.span(node).start));
        }
        Kind::Sequence { items, .. } => items
            .iter()
            .for_each(|item| collect(tree, Some(*item), found)),
        Kind::Mapping { pairs, .. } => {
            for pair in pairs {
                collect(tree, Some(pair.key), found);
                collect(tree, Some(pair.value), found);
            }
        }
    }
}
