//! What stands under the cursor: which field of the manifest, its key or its value.
//!
//! Answers for what is there. What could be written in a place where nothing is yet is another
//! question.

use crate::manifest::{Manifest, Step};
use crate::text::Span;
use crate::yaml::{Data, MapEntry, NodeId, Value};

/// What stands under the cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Target<'a> {
    /// The way to it: canonical keys and indices. For a key, its own is the last.
    pub path: Vec<Step>,
    /// The key or value itself.
    pub part: Part<'a>,
    /// Its node in the tree.
    pub node: NodeId,
    /// Where it is written.
    pub span: Span,
}

/// Which side of the colon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'a> {
    /// The key of this entry.
    Key(&'a MapEntry),
    /// A value that is neither a list nor a map, as ksbuilder decodes it.
    Value(&'a Value),
}

impl Target<'_> {
    /// The path as [`schema::field`](crate::schema::field) takes it.
    pub fn segments(&self) -> Vec<&str> {
        self.path.iter().map(Step::segment).collect()
    }
}

/// The key or value that the cursor at the byte `offset` touches; `None` between them, in comments,
/// and on a key that a later one overrides.
pub fn target_at(manifest: &Manifest, offset: usize) -> Option<Target<'_>> {
    let mut path = Vec::new();
    let mut value = manifest.value()?;
    loop {
        let touches = |value: &Value| manifest.span(value.node).touches(offset);
        match &value.data {
            Data::Map(entries) => {
                let on_key = |entry: &&MapEntry| manifest.span(entry.key_node).touches(offset);
                if let Some(entry) = entries.iter().find(on_key) {
                    path.push(Step::Key(entry.key.clone()));
                    let (part, node) = (Part::Key(entry), entry.key_node);
                    return Some(Target {
                        path,
                        part,
                        node,
                        span: manifest.span(node),
                    });
                }
                let entry = entries.iter().find(|entry| touches(&entry.value))?;
                path.push(Step::Key(entry.key.clone()));
                value = &entry.value;
            }
            Data::List(items) => {
                let index = items.iter().position(touches)?;
                path.push(Step::Index(index));
                value = &items[index];
            }
            _ if touches(value) => {
                let (part, node) = (Part::Value(value), value.node);
                return Some(Target {
                    path,
                    part,
                    node,
                    span: manifest.span(node),
                });
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `marked` has the cursor as `|`; `expected` is the path, a colon behind a key, and the text.
    fn check(marked: &str, expected: Option<(&str, &str)>) {
        let offset = marked.find('|').expect("a cursor");
        let text = marked.replacen('|', "", 1);
        let manifest = Manifest::from_text(&text);
        let found = target_at(&manifest, offset).map(|target| {
            let colon = if matches!(target.part, Part::Key(_)) {
                ":"
            } else {
                ""
            };
            let path = target.segments().join(".") + colon;
            (path, target.span.of(&text).to_owned())
        });
        let found = found.as_ref().map(|(path, text)| (&path[..], &text[..]));
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn a_cursor_touches_a_key_or_a_value() {
        check("na|me: demo\n", Some(("name:", "name")));
        check("name|: demo\n", Some(("name:", "name")));
        check("name: |demo\n", Some(("name", "demo")));
        check("name: demo|", Some(("name", "demo")));
        check("name: |\n", None);
        check("name: demo # 名|称\n", None);
        check("|\nname: demo\n", None);
    }

    #[test]
    fn places_inside_lists_and_maps_have_a_path() {
        check(
            "displayName:\n  z|h: 观测\n",
            Some(("displayName.zh:", "zh")),
        );
        check(
            "displayName: {zh: 观|测}\n",
            Some(("displayName.zh", "观测")),
        );
        check(
            "keywords:\n  - 日志\n  - 监|控\n",
            Some(("keywords.*", "监控")),
        );
        check(
            "dependencies:\n- name: a\n  ta|gs: [host]\n",
            Some(("dependencies.*.tags:", "tags")),
        );
        check(
            "DisplayName:\r\n  en: |A\r\n",
            Some(("displayName.en", "A")),
        );
    }

    #[test]
    fn a_broken_line_leaves_the_others() {
        check("icon: \"a\" b\nname: de|mo\n", Some(("name", "demo")));
        check("provider: [\nname: de|mo\n", Some(("name", "demo")));
        check("a|", Some(("", "a")));
    }

    #[test]
    fn an_alias_is_a_value_of_its_own() {
        check("name: &n demo\nhome: *|n\n", Some(("home", "*n")));
        check("name: &n de|mo\nhome: *n\n", Some(("name", "demo")));
    }
}
