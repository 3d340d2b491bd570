//! The types of the extension for VS Code that are written by hand, held against what the server answers.

use serde_json::Value;

use crate::docs::page;

/// Fails unless an answer is what an interface of the extension says.
#[track_caller]
pub(crate) fn assert_declared(file: &str, interface: &str, answer: &Value) {
    let source = page(&format!("editors/vscode/src/{file}"));
    let head = format!("export interface {interface} {{\n");
    let (_, body) = source.split_once(&head).expect(interface);
    let (body, _) = body.split_once("\n}").expect("its end");
    let members = body.lines().filter_map(|line| {
        let line = line
            .strip_prefix("  ")
            .filter(|it| !it.starts_with(['/', ' ']))?;
        line.trim_end_matches(';').split_once(": ")
    });
    hold(interface, &members.collect::<Vec<_>>(), answer);
}

/// Members are those of an object, each as `name` or `name?` with its type.
#[track_caller]
fn hold(what: &str, members: &[(&str, &str)], answer: &Value) {
    let fields = answer.as_object().expect(what);
    for (name, _) in members.iter().filter(|(name, _)| !name.ends_with('?')) {
        assert!(
            fields.contains_key(*name),
            "{what} without `{name}`: {answer}"
        );
    }
    for (name, value) in fields {
        let member = members
            .iter()
            .find(|(it, _)| it.trim_end_matches('?') == name);
        let Some((_, kind)) = member else {
            panic!("{what} does not declare `{name}`: {value}")
        };
        // An object that is written in one line.
        if let Some(inner) = kind.strip_prefix("{ ").and_then(|it| it.strip_suffix(" }")) {
            let inner: Vec<_> = inner
                .split("; ")
                .filter_map(|it| it.split_once(": "))
                .collect();
            hold(name, &inner, value);
        }
    }
}
