//! `unknown-key`: a key that ksbuilder does not know and push drops.

use super::shared::keys::{self, UnknownKey};
use super::shared::required;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::fields::CHART;
use crate::text::TextEdit;

pub(super) static RULE: Rule = Rule {
    id: "unknown-key",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "ksbuilder does not know this key.",
            "ksbuilder 不认识这个键。",
        ),
        why: Bilingual::fixed(
            "Push writes the manifest anew from the fields that it knows. Any other key is dropped without a word, and so is what was meant by it. Keys match whatever their case: `displayname` is known.",
            "推送会根据已知字段重新写出清单，其他键会被悄悄丢弃，原本的意图也随之丢失。键不区分大小写：`displayname` 也能识别。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and what is published lacks what the author wrote. Error if it seems to be a required field, misspelt or at a wrong level, because then push fails.",
            "警告：推送会成功，但发布的内容缺少作者所写的部分。如果它看起来是拼错或放错层级的必填字段，则为错误，因为推送会失败。",
        ),
        fix: Bilingual::fixed(
            "Correct the spelling, move the key to where it belongs, or delete it.",
            "更正拼写，把键移到正确的位置，或将其删除。",
        ),
        bad: Example::manifest("screenshoots: []\n"),
        good: Example::manifest("screenshots: []\n"),
        sources: &["ksbuilder pkg/api/metadata.go `LoadMetadata`, cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let missing = required::missing(cx);
    let unknown = keys::unknown(cx).into_iter();
    unknown.map(|key| finding(&key, &missing)).collect()
}

/// What is to say of an unknown key in a manifest that lacks the required fields `missing`.
fn finding(unknown: &UnknownKey<'_>, missing: &[&str]) -> Finding {
    let UnknownKey { key, span, .. } = *unknown;
    let lost = missing
        .iter()
        .find(|field| required::stands_for(unknown, field));
    let of_chart = unknown.path.is_empty() && CHART.field(key).is_some();
    let places = keys::known_at(key, unknown.path);
    let finding = if let Some(field) = lost {
        let mut finding = RULE.finding(span, words_of_lost(unknown, field));
        finding.severity = Severity::Error;
        finding
    } else if of_chart {
        let message = bilingual!(
            "`{key}` is a field of Chart.yaml, which push writes itself and without it; push drops it",
            "`{key}` 是 Chart.yaml 的字段，而 Chart.yaml 由推送生成，其中没有它；推送会丢弃它",
        );
        RULE.finding(span, message)
    } else if !places.is_empty() {
        RULE.finding(span, words_of_misplaced(key, &places))
    } else if let Some(meant) = unknown.meant {
        let message = bilingual!(
            "ksbuilder does not know `{key}`; push drops it. Did you mean `{meant}`?",
            "ksbuilder 不认识 `{key}`；推送会丢弃它。您是否想写 `{meant}`？",
        );
        RULE.finding(span, message)
    } else {
        let message = bilingual!(
            "ksbuilder does not know `{key}`; push drops it",
            "ksbuilder 不认识 `{key}`；推送会丢弃它",
        );
        RULE.finding(span, message)
    };
    let Some(meant) = unknown.meant.filter(|_| places.is_empty() && !of_chart) else {
        return finding;
    };
    let title = bilingual!("Rename to `{meant}`", "改名为 `{meant}`");
    let text = meant.to_owned();
    finding.fixed_by(Safety::Unsafe, title, [TextEdit { span, text }])
}

/// Of a key that is taken for the required field that is missing.
fn words_of_lost(unknown: &UnknownKey<'_>, field: &str) -> Bilingual {
    let key = unknown.key;
    if unknown.path.is_empty() {
        return bilingual!(
            "ksbuilder does not know `{key}`, so the required `{field}` is missing and push fails. Did you mean `{field}`?",
            "ksbuilder 不认识 `{key}`，因此缺少必填的 `{field}`，推送会失败。您是否想写 `{field}`？",
        );
    }
    bilingual!(
        "ksbuilder knows `{key}` only at the top level, where it is required and missing, so push fails; move it there, or correct the indentation",
        "ksbuilder 只在顶层识别 `{key}`；顶层缺少这个必填字段，推送会失败。请把它移到顶层，或更正缩进",
    )
}

/// Of a key that ksbuilder knows at these places only.
fn words_of_misplaced(key: &str, places: &[String]) -> Bilingual {
    let inside = places.iter().filter(|place| !place.is_empty());
    let inside: Vec<_> = inside.map(|place| format!("`{place}`")).collect();
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    if inside.len() < places.len() {
        en.push("at the top level".to_owned());
        zh.push("顶层".to_owned());
    }
    if !inside.is_empty() {
        en.push(format!("in {}", inside.join(" and ")));
        zh.push(format!(" {} 中", inside.join(" 和 ")));
    }
    let (en, zh) = (en.join(" and "), zh.join("和"));
    bilingual!(
        "ksbuilder knows `{key}` only {en}, not here; push drops it",
        "ksbuilder 只在{zh}识别 `{key}`，此处不识别；推送会丢弃它",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_fixes, check_text, check_whole, findings_of, first_of};

    /// A manifest without a category.
    const BASE: &str = "apiVersion: kubesphere.io/v1alpha1\nname: demo\nversion: 1.0.0\ndisplayName: {en: a}\ndescription: {en: b}\nprovider: {en: {name: c}}\nicon: https://example.com/a.svg\n";

    #[test]
    fn places_are_told_as_people_say_them() {
        for (places, en, zh) in [
            (&[""][..], "only at the top level, not", "只在顶层识别"),
            (
                &["", "provider.en"],
                "only at the top level and in `provider.en`, not",
                "只在顶层和 `provider.en` 中识别",
            ),
            (
                &["maintainers[]", "provider.en"],
                "only in `maintainers[]` and `provider.en`, not",
                "只在 `maintainers[]` 和 `provider.en` 中识别",
            ),
        ] {
            let places: Vec<_> = places.iter().map(|place| (*place).to_owned()).collect();
            let words = words_of_misplaced("home", &places);
            assert!(words.en.contains(en), "{}", words.en);
            assert!(words.zh.contains(zh), "{}", words.zh);
        }
    }

    #[test]
    fn a_required_field_that_is_not_where_it_should_be_is_told_once_and_as_an_error() {
        for (rest, told) in [
            ("catagory: dev-tools\n", "unknown-key: catagory"),
            (
                "maintainers:\n- name: a\n  category: dev-tools\n",
                "unknown-key: category",
            ),
        ] {
            let text = format!("{BASE}{rest}");
            check_whole(&text, &[told]);
            assert_eq!(findings_of(&text)[0].severity, Severity::Error);
        }
        let text = BASE.replace("{name: c}", "{name: c}, category: dev-tools");
        check_whole(&text, &["unknown-language: category"]);
        check_whole(
            &format!("{BASE}vendor: a\n"),
            &["missing-required: apiVersion", "unknown-key: vendor"],
        );
    }

    #[test]
    fn a_key_of_another_level_is_told_as_that() {
        check_fixes(&RULE, "alias: a\n", &[]);
        let en = |text| first_of(&RULE, text).message.en;
        assert!(en("appVersion: 1.0.0\n").contains("a field of Chart.yaml"));
        assert!(en("import-values: []\n").contains("only in `dependencies[]`"));
        assert!(en("email: a\n").contains("only in `maintainers[]` and `provider.en`"));
        assert!(en("dependencies: [{name: a, images: []}]\n").contains("only at the top level"));
        check_text(
            "maintainers: [{name: a, mail: a@example.com}]\n",
            &["unknown-key: mail"],
        );
    }
}
