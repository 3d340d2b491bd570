//! `ambiguous-key`: keys that differ in YAML and are one to push.

use super::shared::deletion::deletion;
use super::shared::read::{self, Entry, Map};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::FILE_NAME;
use crate::manifest::shape::Shape;
use crate::text::TextEdit;

pub(super) static RULE: Rule = Rule {
    id: "ambiguous-key",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "Two keys of one map are different in YAML and the same to push.",
            "同一映射中的两个键在 YAML 中不同，对推送来说却相同。",
        ),
        why: Bilingual::fixed(
            "Push turns keys into text: the number `1` and the text `\"1\"`, or `yes` and `\"true\"`, become one key, and which value is published is random from run to run. Fields match whatever their case: of `Home` and `home` the one is laid over the other, maps and lists are even merged.",
            "推送会把键转换为文本：数字 `1` 和文本 `\"1\"`，或 `yes` 和 `\"true\"`，会成为同一个键，发布哪个值每次运行都是随机的。字段不区分大小写：`Home` 与 `home` 会相互覆盖，映射和列表甚至会合并。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and part of what is written is not published.",
            "警告：推送会成功，但所写的部分内容不会发布。",
        ),
        fix: Bilingual::fixed("Keep one of them.", "只保留其中一个。"),
        bad: Example::manifest("annotations:\n  1: first\n  \"1\": second\n"),
        good: Example::manifest("annotations:\n  \"1\": second\n"),
        sources: &[
            "sigs.k8s.io/yaml v1.4.0 yaml.go `convertToJSONableObject`",
            "Go encoding/json decode.go `object`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // What was left out behind an error may have kept two maps apart.
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let maps = read::read(cx.manifest).maps;
    maps.iter()
        .flat_map(|map| {
            let groups = map.by_name().into_iter();
            groups
                .filter_map(|(name, group)| finding(cx, map, name, &group))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What is to say of the entries that are all `name` to push.
fn finding(cx: &Context<'_>, map: &Map, name: &str, group: &[&Entry]) -> Option<Finding> {
    let (first, rest) = group.split_first()?;
    let other = rest.iter().rev().find(|entry| entry.key != first.key)?;
    let manifest = cx.manifest;
    let written = |entry: &Entry| manifest.span(entry.pair.key).of(manifest.text());
    let (a, b) = (written(first), written(other));
    let message = if matches!(map.shape, Shape::Struct(_)) {
        let wins = if first.key.text > other.key.text {
            a
        } else {
            b
        };
        bilingual!(
            "`{a}` and `{b}` are the same field to ksbuilder, and `{wins}` wins; keep one of them",
            "对 ksbuilder 来说 `{a}` 和 `{b}` 是同一个字段，`{wins}` 会覆盖另一个；请只保留一个",
        )
    } else {
        bilingual!(
            "`{a}` and `{b}` both become the key `{name}`, and which of them push publishes is random; keep one of them",
            "`{a}` 和 `{b}` 都会成为键 `{name}`，推送发布哪一个是随机的；请只保留一个",
        )
    };
    let words = bilingual!("the other one, `{a}`", "另一个键 `{a}`");
    let location = Location {
        file: FILE_NAME.into(),
        span: manifest.span(first.pair.key),
    };
    let mut finding = RULE
        .finding(manifest.span(other.pair.key), message)
        .related_to(location, words);
    for kept in [other, first] {
        let gone = group.iter().filter(|entry| entry.pair.key != kept.pair.key);
        let edits: Option<Vec<TextEdit>> = gone
            .map(|entry| deletion(manifest, map.node, entry.pair))
            .collect();
        if let Some(edits) = edits {
            let kept = written(kept);
            let title = bilingual!("Keep `{kept}` only", "只保留 `{kept}`");
            finding = finding.fixed_by(Safety::Unsafe, title, edits);
        }
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_fixes, check_text, first_of};

    #[test]
    fn keys_that_are_one_to_push_are_told_once() {
        check_text("annotations: {1: a, 1.0: b}\n", &["ambiguous-key: 1.0"]);
        check_text(
            "annotations: {yes: a, 'true': b}\n",
            &["ambiguous-key: 'true'"],
        );
        check_text(
            "Namespace: a\r\nnamespace: b\r\n",
            &["ambiguous-key: namespace"],
        );
        check_text(
            "maintainers: [{name: 甲, NAME: 乙, name: 丙}]\n",
            &["ambiguous-key: NAME", "duplicate-key: name"],
        );
    }

    #[test]
    fn keys_that_stay_two_are_left_alone() {
        check_text("annotations: {a: 1, A: 2, \"2\": a, 3: b}\n", &[]);
        check_text(
            "vendor: a\nVendor: b\n",
            &["unknown-key: vendor", "unknown-key: Vendor"],
        );
    }

    #[test]
    fn the_message_says_which_spelling_wins() {
        let message = first_of(&RULE, "home: a\nHome: b\n").message;
        assert!(message.en.contains("and `home` wins"), "{}", message.en);
        check_fixes(&RULE, "home: a\nHome: b\n", &["Home: b\n", "home: a\n"]);
    }
}
