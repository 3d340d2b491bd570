//! `duplicate-key`: a key that stands in one map more than once.

use super::shared::deletion::deletion;
use super::shared::read::{self, Entry, Map, merged_by};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::{FILE_NAME, Manifest};
use crate::text::TextEdit;
use crate::yaml::{Key, NodeId, Tree};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-key",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A key stands in one map more than once.",
            "同一映射中的键重复出现。",
        ),
        why: Bilingual::fixed(
            "ksbuilder takes the last one, with its whole value, and drops the others without a word; other tools take the first, or refuse the file. A `<<` counts in its place too: what it merges replaces the same keys above it.",
            "ksbuilder 采用最后一个键及其整个值，其余的会被悄悄丢弃；其他工具可能采用第一个，或拒绝该文件。`<<` 也按其位置计算：它合并的内容会替换其上方相同的键。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and part of what is written is not published. A hint if all values are the same.",
            "警告：推送会成功，但所写的部分内容不会发布。如果各个值相同，则为提示。",
        ),
        fix: Bilingual::fixed("Keep one of them.", "只保留其中一个。"),
        bad: Example::manifest("home: https://example.com\nhome: https://example.com/demo\n"),
        good: Example::manifest("home: https://example.com/demo\n"),
        sources: &["sigs.k8s.io/yaml v1.4.0 goyaml.v2/decode.go `mapping`, `merge`"],
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
            let repeated = repeated(map).into_iter();
            let repeated = repeated.filter_map(|same| finding(cx.manifest, map, &same));
            let replaced = replaced_by_merge(cx.manifest, map).into_iter();
            repeated.chain(replaced).collect::<Vec<_>>()
        })
        .collect()
}

/// The entries of a map whose keys are the same to go-yaml, where there are several.
fn repeated(map: &Map) -> Vec<Vec<&Entry>> {
    let mut all = Vec::new();
    for (_, group) in map.by_name() {
        let mut classes: Vec<Vec<&Entry>> = Vec::new();
        for entry in group {
            match classes.iter_mut().find(|class| class[0].key == entry.key) {
                Some(class) => class.push(entry),
                None => classes.push(vec![entry]),
            }
        }
        all.extend(classes.into_iter().filter(|class| class.len() > 1));
    }
    all
}

fn finding(manifest: &Manifest, map: &Map, same: &[&Entry]) -> Option<Finding> {
    let (last, earlier) = same.split_last()?;
    let (first, later) = same.split_first()?;
    let key = &last.key.text;
    let message = bilingual!(
        "`{key}` stands in this map already; push publishes this value and drops the one above",
        "此映射中已有 `{key}`；推送会发布这里的值，丢弃上面的值",
    );
    let mut finding = RULE.finding(manifest.span(last.pair.key), message);
    let value = |entry: &Entry| manifest.span(entry.pair.value).of(manifest.text());
    if earlier.iter().all(|entry| value(entry) == value(last)) {
        finding.severity = Severity::Hint;
    }
    for entry in earlier {
        let words = bilingual!("`{key}` also here", "此处也有 `{key}`");
        finding = finding.related_to(location(manifest, entry.pair.key), words);
    }
    let without = |entries: &[&Entry]| -> Option<Vec<TextEdit>> {
        let deletions = entries.iter();
        deletions
            .map(|entry| deletion(manifest, map.node, entry.pair))
            .collect()
    };
    let (at_last, at_first) = (line(manifest, last), line(manifest, first));
    for (edits, title) in [
        (
            without(earlier),
            bilingual!(
                "Keep the last `{key}`, of line {at_last}",
                "保留最后一个 `{key}`（第 {at_last} 行）",
            ),
        ),
        (
            without(later),
            bilingual!(
                "Keep the first `{key}`, of line {at_first}",
                "保留第一个 `{key}`（第 {at_first} 行）",
            ),
        ),
    ] {
        if let Some(edits) = edits {
            finding = finding.fixed_by(Safety::Unsafe, title, edits);
        }
    }
    Some(finding)
}

fn location(manifest: &Manifest, node: NodeId) -> Location {
    Location {
        file: FILE_NAME.into(),
        span: manifest.span(node),
    }
}

/// The line of an entry, counted from 1.
fn line(manifest: &Manifest, entry: &Entry) -> usize {
    let before = &manifest.text()[..manifest.span(entry.pair.key).start];
    before.matches('\n').count() + 1
}

/// Keys above a `<<` that it replaces by others.
fn replaced_by_merge(manifest: &Manifest, map: &Map) -> Vec<Finding> {
    let tree = manifest.tree();
    let mut findings = Vec::new();
    for merge in tree.pairs(map.node) {
        if !tree.is_merge(merge.key) {
            continue;
        }
        for merged in merged_by(tree, merge.value) {
            for pair in tree.pairs(merged) {
                let above = map.entries.iter().find(|entry| {
                    entry.pair.key < merge.key
                        && Some(&entry.key) == Key::of(tree, pair.key).as_ref()
                });
                let differs =
                    |entry: &&Entry| !is_same(tree, manifest, entry.pair.value, pair.value);
                if let Some(entry) = above.filter(differs) {
                    findings.push(replaced(manifest, entry, pair.key));
                }
            }
        }
    }
    findings
}

fn is_same(tree: &Tree, manifest: &Manifest, a: NodeId, b: NodeId) -> bool {
    let text = |node| tree.span(tree.follow(node)).of(manifest.text());
    text(a) == text(b)
}

fn replaced(manifest: &Manifest, entry: &Entry, by: NodeId) -> Finding {
    let key = &entry.key.text;
    let message = bilingual!(
        "`<<` below brings another `{key}`, which push publishes in place of this one; move `<<` to the top of its map",
        "下面的 `<<` 带来另一个 `{key}`，推送会用它代替这里的值；请把 `<<` 移到映射的开头",
    );
    let words = bilingual!("the `{key}` that is published", "实际发布的 `{key}`");
    RULE.finding(manifest.span(entry.pair.key), message)
        .related_to(location(manifest, by), words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_fixes, check_text, first_of};

    #[test]
    fn at_any_level_the_last_one_is_marked() {
        check_text(
            "namespace: a\nkeywords: [b]\nnamespace: c\nnamespace: d\n",
            &["duplicate-key: namespace"],
        );
        check_text(
            "maintainers:\r\n- name: 甲\r\n  \"name\": 乙\r\n",
            &["duplicate-key: \"name\""],
        );
        check_text("annotations: {1: a, 0x1: b}\n", &["duplicate-key: 0x1"]);
        check_text(
            "dependencies: [{name: a, import-values: [{child: b, child: c}]}]\n",
            &["duplicate-key: child"],
        );
    }

    #[test]
    fn what_is_dropped_anyway_is_not_looked_into() {
        check_text("vendor: {a: 1, a: 2}\n", &["unknown-key: vendor"]);
        check_text(
            "annotations: {a: 1, a: 2}\nannotations: {b: 1}\n",
            &["duplicate-key: annotations"],
        );
    }

    #[test]
    fn both_ends_are_told_and_either_can_stay() {
        let text = "home: a # 一\nkeywords: [b]\nhome:\n  c\n";
        let finding = first_of(&RULE, text);
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.related[0].location.span.of(text), "home");
        assert_eq!(finding.related[0].location.span.start, 0);
        assert_eq!(finding.related[0].message.en, "`home` also here");
        check_fixes(
            &RULE,
            text,
            &[
                "keywords: [b]\nhome:\n  c\n",
                "home: a # 一\nkeywords: [b]\n",
            ],
        );
        assert_eq!(
            first_of(&RULE, "home: a\nhome: a\n").severity,
            Severity::Hint
        );
    }

    #[test]
    fn a_merge_replaces_what_stands_above_it() {
        let base = "annotations: &base {a: 1}\n";
        check_text(
            &format!("{base}dependencies: [{{name: b, import-values: [{{a: 2, <<: *base}}]}}]\n"),
            &["duplicate-key: a"],
        );
        for same in [
            "{<<: *base, a: 2}",
            "{a: 1, <<: *base}",
            "{b: 1, <<: [*base]}",
        ] {
            check_text(
                &format!("{base}dependencies: [{{name: b, import-values: [{same}]}}]\n"),
                &[],
            );
        }
    }
}
