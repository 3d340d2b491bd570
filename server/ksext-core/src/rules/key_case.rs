//! `key-case`: a key that matches its field only whatever the case.

use super::shared::read;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::shape::Shape;
use crate::text::TextEdit;
use crate::yaml::{Kind, NodeId, Style, Tree};

pub(super) static RULE: Rule = Rule {
    id: "key-case",
    severity: Severity::Hint,
    fix: Some(Safety::Safe),
    page: Page {
        summary: Bilingual::fixed(
            "A key differs from its field in case.",
            "键与对应字段的大小写不同。",
        ),
        why: Bilingual::fixed(
            "ksbuilder matches fields whatever their case and writes them in the right one when it pushes. Other tools that read the manifest, schemas among them, know `displayName` and not `displayname`.",
            "ksbuilder 匹配字段时不区分大小写，推送时会写成正确的形式。但读取清单的其他工具（包括 schema）只认识 `displayName`，不认识 `displayname`。",
        ),
        severity: Bilingual::fixed(
            "Hint: what push publishes is the same.",
            "提示：推送发布的内容相同。",
        ),
        fix: Bilingual::fixed(
            "Write the key as the field is called.",
            "按字段名称书写键。",
        ),
        bad: Example::manifest("Home: https://example.com\n"),
        good: Example::manifest("home: https://example.com\n"),
        sources: &["Go encoding/json decode.go `object`, fold.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let tree = cx.manifest.tree();
    let maps = read::read(cx.manifest).maps;
    let structs = maps
        .iter()
        .filter(|map| matches!(map.shape, Shape::Struct(_)));
    structs
        .flat_map(|map| map.by_name())
        .filter(|(_, group)| group.len() == 1)
        .filter_map(|(field, group)| {
            let entry = group[0];
            (entry.key.text != field).then(|| finding(tree, entry.pair.key, &entry.key.text, field))
        })
        .collect()
}

fn finding(tree: &Tree, node: NodeId, written: &str, field: &str) -> Finding {
    let message = bilingual!(
        "ksbuilder reads `{written}` as `{field}`; other tools do not: write `{field}`",
        "ksbuilder 会把 `{written}` 读作 `{field}`，但其他工具不会；请写成 `{field}`",
    );
    let span = tree.span(node);
    let finding = RULE.finding(span, message);
    let text = match tree.node(node).kind {
        Kind::Scalar {
            style: Style::Plain,
            ..
        } => field.to_owned(),
        Kind::Scalar {
            style: Style::DoubleQuoted,
            ..
        } => format!("\"{field}\""),
        Kind::Scalar {
            style: Style::SingleQuoted,
            ..
        } => format!("'{field}'"),
        _ => return finding,
    };
    let title = bilingual!("Write `{field}`", "改写为 `{field}`");
    finding.fixed_by(Safety::Safe, title, [TextEdit { span, text }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_fixes, check_text};

    #[test]
    fn fields_of_every_level_have_one_spelling() {
        check_text(
            "KEYWORDS: [a]\nmaintainers: [{Name: 甲}]\nkubeverſion: '>=1'\n",
            &[
                "key-case: KEYWORDS",
                "key-case: Name",
                "key-case: kubeverſion",
            ],
        );
        check_text("annotations: {Name: a, displayname: b}\n", &[]);
    }

    #[test]
    fn the_quotes_stay() {
        check_fixes(&RULE, "\"HOME\": 😀\r\n", &["\"home\": 😀\r\n"]);
        check_fixes(&RULE, "'Home': a\n", &["'home': a\n"]);
    }
}
