//! `changed-text`: a text without quotes that YAML turns into another one.

use super::shared::read::{self, Map};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::shape::Shape;
use crate::semver::Version;
use crate::text::{Span, TextEdit};
use crate::yaml::{Data, Kind, NodeId, Style, Value};

pub(super) static RULE: Rule = Rule {
    id: "changed-text",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A text without quotes is published as another text.",
            "未加引号的文本会以另一种文本发布。",
        ),
        why: Bilingual::fixed(
            "YAML 1.1 takes `1.10`, `0x10`, `010`, `1_000` and `1e3` for numbers, and `yes`, `on` and `n` for booleans. Where a text is wanted ksbuilder writes the value back as Go prints it: `1.10` becomes `1.1`, `010` becomes `8`, `yes` becomes `true`, and digits that a 32-bit number cannot hold are lost. So an extension of version `1.10` is published as `1.1`.",
            "YAML 1.1 把 `1.10`、`0x10`、`010`、`1_000`、`1e3` 当作数字，把 `yes`、`on`、`n` 当作布尔值。在需要文本的地方，ksbuilder 会按 Go 的格式把值写回：`1.10` 变成 `1.1`，`010` 变成 `8`，`yes` 变成 `true`，32 位浮点数放不下的数字会丢失。因此版本为 `1.10` 的扩展组件会以 `1.1` 发布。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through and publishes something else than what is written.",
            "警告：推送会成功，但发布的内容与所写的不同。",
        ),
        fix: Bilingual::fixed(
            "Put the text in quotes, or write what is meant.",
            "给文本加上引号，或改写为真正想要的内容。",
        ),
        bad: Example::manifest("version: 1.10\n"),
        good: Example::manifest("version: \"1.10\"\n"),
        sources: &[
            "sigs.k8s.io/yaml v1.4.0 yaml.go `convertToJSONableObject`, goyaml.v2/resolve.go",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let read = read::read(cx.manifest);
    let version = cx.manifest.entry("version").map(|entry| {
        let tree = cx.manifest.tree();
        tree.follow(entry.value.node)
    });
    let mut findings = Vec::new();
    for node in &read.texts {
        let Some(change) = change(cx, *node) else {
            continue;
        };
        let is_version = Some(*node) == version;
        if is_version && Version::parse(&change.published).is_none() {
            continue;
        }
        let quotable = !is_version || Version::parse(change.written).is_some();
        findings.push(change.finding(cx, quotable));
    }
    for map in &read.maps {
        findings.extend(changed_keys(cx, map));
    }
    findings
}

/// The keys of a map that are texts of the author's choice, languages apart, and change.
fn changed_keys(cx: &Context<'_>, map: &Map) -> Vec<Finding> {
    if !matches!(map.shape, Shape::Map(Shape::Text) | Shape::Any) || has_languages(cx, map) {
        return Vec::new();
    }
    let alone = map
        .by_name()
        .into_iter()
        .filter(|(_, same)| same.len() == 1);
    let changes = alone.filter_map(|(_, same)| change(cx, same[0].pair.key));
    changes.map(|change| change.finding(cx, true)).collect()
}

fn has_languages(cx: &Context<'_>, map: &Map) -> bool {
    ["displayName", "description"].iter().any(|field| {
        let entry = cx.manifest.entry(field);
        entry.is_some_and(|entry| cx.manifest.tree().follow(entry.value.node) == map.node)
    })
}

struct Change<'m> {
    node: NodeId,
    written: &'m str,
    published: String,
    is_bool: bool,
}

/// What becomes of the scalar at `node`, if it is something else than what is written.
fn change<'m>(cx: &Context<'m>, node: NodeId) -> Option<Change<'m>> {
    let tree = cx.manifest.tree();
    let scalar = tree.node(node);
    let Kind::Scalar {
        text,
        style: Style::Plain,
    } = &scalar.kind
    else {
        return None;
    };
    let value = Value::of_scalar(tree, node)?;
    let published = value.to_text()?;
    let changed = scalar.tag.is_none() && published != *text;
    changed.then_some(Change {
        node,
        written: text,
        published,
        is_bool: matches!(value.data, Data::Bool(_)),
    })
}

impl Change<'_> {
    fn finding(self, cx: &Context<'_>, quotable: bool) -> Finding {
        let (written, published) = (self.written, &self.published);
        let message = if self.is_bool {
            bilingual!(
                "without quotes, `{written}` is a boolean in YAML, and push publishes `{published}`; put it in quotes",
                "未加引号的 `{written}` 在 YAML 中是布尔值，推送会发布 `{published}`；请加上引号",
            )
        } else {
            bilingual!(
                "without quotes, `{written}` is a number in YAML, and push publishes `{published}`; put it in quotes",
                "未加引号的 `{written}` 在 YAML 中是数字，推送会发布 `{published}`；请加上引号",
            )
        };
        let node = cx.manifest.tree().node(self.node);
        let finding = RULE.finding(node.span, message);
        // Aliases may stand where the boolean or the number itself is wanted.
        if !quotable || node.anchor.is_some() {
            return finding;
        }
        // Readers of annotations look for `true`: the boolean may be what is meant.
        let safety = if self.is_bool && is_annotation(cx, node.span) {
            Safety::Unsafe
        } else {
            Safety::Safe
        };
        let title = bilingual!("Quote `{written}`", "给 `{written}` 加上引号");
        let edit = TextEdit {
            span: node.span,
            text: format!("\"{written}\""),
        };
        finding.fixed_by(safety, title, [edit])
    }
}

/// Whether a place is one in `annotations`.
fn is_annotation(cx: &Context<'_>, place: Span) -> bool {
    let annotations = cx.manifest.entry("annotations");
    annotations.is_some_and(|entry| {
        let span = cx.manifest.span(entry.value.node);
        span.start <= place.start && place.end <= span.end
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_fixes, check_text, first_of};

    #[test]
    fn only_what_is_published_otherwise_is_told() {
        check_text(
            "home: 1_000\r\nkeywords: [1.10, yes, 观测, 1.1, 010]\r\n",
            &[
                "changed-text: 1_000",
                "changed-text: 1.10",
                "changed-text: yes",
                "changed-text: 010",
            ],
        );
        check_text(
            "keywords: [8, 1.5, true, \"1.10\", 'yes', !!str 1.10, 2024-01-01, 12:30, 1.2.3, ~x]\n",
            &[],
        );
        check_text(
            "namespace: |\n  1.10\nvendor: 1.10\n",
            &["unknown-key: vendor"],
        );
        check_text(
            "\u{feff}maintainers:\n- {name: 0x10, url: https://example.com/😀}\n",
            &["changed-text: 0x10"],
        );
        check_text("home: 123456789.125\n", &["changed-text: 123456789.125"]);
        check_text(
            "dependencies:\n- name: a\n  version: 1.10\n  enabled: yes\n  import-values: [1.10]\n",
            &["changed-text: 1.10"],
        );
    }

    #[test]
    fn keys_of_the_authors_choice_are_texts_too() {
        check_text(
            "annotations: {on: a, 1: b, \"off\": c}\n",
            &["changed-text: on"],
        );
        check_text("displayName: {no: Demo}\n", &["unknown-language: no"]);
        check_fixes(
            &RULE,
            "annotations: {1.0: a}\n",
            &["annotations: {\"1.0\": a}\n"],
        );
    }

    #[test]
    fn a_boolean_may_be_what_an_annotation_is_to_say() {
        for (manifest, safety) in [
            ("annotations:\r\n  a: yes\r\n", Safety::Unsafe),
            ("annotations: {a: True}\n", Safety::Unsafe),
            ("annotations: {on: a}\n", Safety::Unsafe),
            ("annotations: {a: 1.10}\n", Safety::Safe),
            ("keywords: [yes]\n", Safety::Safe),
        ] {
            let fixes = first_of(&RULE, manifest).fixes;
            let offered: Vec<_> = fixes.iter().map(|fix| fix.safety).collect();
            assert_eq!(offered, [safety], "{manifest}");
        }
    }

    #[test]
    fn one_cause_makes_one_finding() {
        check_text("version: 1e6\n", &["invalid-version: 1e6"]);
        check_text(
            "annotations: {yes: a, \"true\": b}\n",
            &["ambiguous-key: \"true\""],
        );
    }

    #[test]
    fn it_is_quoted_where_that_is_surely_right() {
        check_fixes(&RULE, "version: 1.10 # 一\n", &["version: \"1.10\" # 一\n"]);
        check_fixes(&RULE, "version: 0x10\n", &[]);
        check_fixes(
            &RULE,
            "home: &a yes\ndependencies: [{name: b, enabled: *a}]\n",
            &[],
        );
    }

    #[test]
    fn the_message_says_what_is_published() {
        let message = first_of(&RULE, "keywords: [100000000000000000000]\n").message;
        assert!(message.en.contains("`1e+20`") && message.zh.contains("`1e+20`"));
    }
}
