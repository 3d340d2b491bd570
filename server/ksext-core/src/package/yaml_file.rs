//! A YAML file that Helm decodes into a Go struct: Chart.yaml, Chart.lock, values.yaml.

use serde_json::{Map, Value as Json};

use super::problem::ProblemKind;
use crate::manifest::misfit::misfit;
use crate::manifest::shape::{self, Shape};
use crate::manifest::{self, Step};
use crate::text::Span;
use crate::yaml::{self, Data, NodeId, Source, Value};

/// Why a file is not decoded, with the text at fault.
pub(super) struct Refusal {
    pub(super) kind: ProblemKind,
    pub(super) span: Span,
}

/// What `file` says in the form of `shape`: keys in canonical spelling, unknown ones gone. Nulls
/// stay, since they mean something when one file is laid over another. `null` for an empty file.
pub(super) fn decode(shape: &Shape, file: &[u8]) -> Result<Json, Refusal> {
    let tree = yaml::parse_source(&Source::from_bytes(file));
    if let Some(error) = tree.errors().first() {
        let span = error.span;
        let kind = ProblemKind::Syntax(error.kind.clone());
        return Err(Refusal { kind, span });
    }
    let Some(value) = tree.value() else {
        return Ok(Json::Null);
    };
    let refuse = |kind, node: NodeId| Refusal {
        kind,
        span: tree.span(node),
    };
    let value = shape::decode(shape, value);
    if let Some(node) = value.not_finite() {
        return Err(refuse(ProblemKind::NotFinite, node));
    }
    match misfit(shape, &value) {
        Some((wanted, node)) => Err(refuse(ProblemKind::WrongType(wanted), node)),
        None => Ok(to_json(shape, &value)),
    }
}

/// Where the value at `path` is written in `file`; `None` if the file does not say it.
pub(super) fn value_place(shape: &Shape, file: &[u8], path: &[Step]) -> Option<Span> {
    let tree = yaml::parse_source(&Source::from_bytes(file));
    let root = shape::decode(shape, tree.value()?);
    let found = path.iter().try_fold(&root, |value, step| match step {
        Step::Key(key) => Some(&value.get(key)?.value),
        Step::Index(index) => value.items().get(*index),
    });
    Some(tree.span(found?.node))
}

/// Where to say that `file` lacks something: its first key.
pub(super) fn first_key(file: &[u8]) -> Span {
    manifest::first_key(&yaml::parse_source(&Source::from_bytes(file)))
}

/// A decoded value as JSON, nulls kept, unknown keys of structs left out.
pub(super) fn to_json(shape: &Shape, value: &Value) -> Json {
    match (shape, &value.data) {
        (Shape::List(item), Data::List(items)) => {
            items.iter().map(|value| to_json(item, value)).collect()
        }
        (Shape::Map(item), Data::Map(entries)) => entries
            .iter()
            .map(|entry| (entry.key.clone(), to_json(item, &entry.value)))
            .collect::<Map<_, _>>()
            .into(),
        (Shape::Struct(_), Data::Map(entries)) => entries
            .iter()
            .filter_map(|entry| {
                let field = shape.field(&entry.key)?;
                Some((field.key.to_owned(), to_json(&field.shape, &entry.value)))
            })
            .collect::<Map<_, _>>()
            .into(),
        _ => value.to_json(),
    }
}

/// Lays a second file over the struct that a first one has filled, as encoding/json does.
pub(super) fn lay_over(shape: &Shape, known: &mut Json, new: Json) {
    match (shape, &mut *known, new) {
        (Shape::Text | Shape::Bool | Shape::Time, _, Json::Null) => {}
        (Shape::Struct(_), Json::Object(known), Json::Object(new)) => {
            for (key, value) in new {
                match (shape.field(&key), known.get_mut(&key)) {
                    (Some(field), Some(known)) => lay_over(&field.shape, known, value),
                    _ => {
                        known.insert(key, value);
                    }
                }
            }
        }
        (Shape::Map(_), Json::Object(known), Json::Object(new)) => known.extend(new),
        (Shape::List(item), Json::Array(known), Json::Array(new)) => {
            let mut earlier = std::mem::take(known).into_iter();
            *known = new
                .into_iter()
                .map(|value| match earlier.next() {
                    Some(mut known) => {
                        lay_over(item, &mut known, value);
                        known
                    }
                    None => value,
                })
                .collect();
        }
        (_, known, new) => *known = new,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::manifest::fields::{CHART, CHART_LOCK};

    #[track_caller]
    fn check(shape: &Shape, file: &str, expected: Result<Json, &str>) {
        let decoded = decode(shape, file.as_bytes());
        let decoded = decoded.map_err(|refusal| refusal.span.of(file).to_owned());
        assert_eq!(decoded, expected.map_err(str::to_owned), "{file}");
    }

    #[test]
    fn a_chart_file_is_read_into_its_fields() {
        check(
            &CHART,
            "Name: demo\nversion: 1.10\nvendor: x\nmaintainers: [~]\n",
            Ok(json!({"name": "demo", "version": "1.1", "maintainers": [null]})),
        );
        check(&CHART, "# nothing\n", Ok(Json::Null));
        check(&CHART, "- a\n", Err("- a"));
        check(&CHART, "keywords: a\n", Err("a"));
        check(&CHART, "dependencies: [{enabled: 1}]\n", Err("1"));
        check(&CHART, "vendor: .inf\n", Err(".inf"));
        check(&CHART, "a: b: c\n", Err(":"));
    }

    #[test]
    fn a_lock_has_a_time_in_it() {
        for (time, taken) in [
            ("2024-01-02T03:04:05Z", true),
            ("2024-01-02T03:04:05.123456789+08:00", true),
            ("2024-01-02T03:04:05,5Z", true),
            ("2024-02-29T00:00:00Z", true),
            ("2023-02-29T00:00:00Z", false),
            ("2024-04-31T00:00:00Z", false),
            ("2024-01-02T3:04:05Z", true),
            ("2024-01-02T003:04:05Z", false),
            ("2024-01-02T03:04:05+00:60", true),
            ("2024-01-02T03:04:05+24:00", false),
            ("2024-01-02T03:04:05+0:00", false),
            ("2024-01-02T03:04:05.Z", false),
            ("2024-01-02t03:04:05Z", false),
            ("2024-01-02T03:04:05", false),
            ("2024-13-02T03:04:05Z", false),
            ("2024-01-02", false),
            ("观2024-01-02T03:04:05Z", false),
        ] {
            let lock = decode(&CHART_LOCK, format!("generated: \"{time}\"\n").as_bytes());
            assert_eq!(lock.is_ok(), taken, "{time}");
        }
    }

    #[test]
    fn a_second_file_fills_in_what_the_first_has_left() {
        let mut chart = json!({"name": "a", "version": "1", "annotations": {"x": "1"},
            "dependencies": [{"name": "p", "tags": ["t"]}, {"name": "q"}]});
        let requirements = json!({"name": null, "version": "2", "annotations": {"y": "2"},
            "dependencies": [{"alias": "z"}]});
        lay_over(&CHART, &mut chart, requirements);
        assert_eq!(
            chart,
            json!({"name": "a", "version": "2", "annotations": {"x": "1", "y": "2"},
                "dependencies": [{"name": "p", "tags": ["t"], "alias": "z"}]})
        );
    }
}
