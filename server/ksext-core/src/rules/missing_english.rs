//! `missing-english`: a name or description that has no English text to fall back on.

use super::shared::languages::{has_misspelt, languages_of};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "missing-english",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`displayName` or `description` has no `en`.",
            "`displayName` 或 `description` 没有 `en`。",
        ),
        why: Bilingual::fixed(
            "ksbuilder is content with any language. The Marketplace and the console show the user's language and fall back on `en`: without it, users of a language that is not there see no text at all. `description` in Chart.yaml is the `en` entry, and nothing without it.",
            "ksbuilder 只要求有任意一种语言。扩展市场和控制台优先显示用户所用的语言，没有时显示 `en`；如果也没有 `en`，这些用户就看不到任何文本。Chart.yaml 的 `description` 取自 `en`，没有 `en` 就没有描述。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through and publishes a gap.",
            "警告：推送会成功，但发布的内容有空缺。",
        ),
        fix: Bilingual::fixed("Add an English text.", "补上英文文本。"),
        bad: Example::manifest("description:\n  zh: 一个示例。\n"),
        good: Example::manifest("description:\n  zh: 一个示例。\n  en: An example.\n"),
        sources: &[
            "ksbuilder pkg/api/metadata.go `ToChartYaml`",
            "KubeSphere dev-guide, packaging: `en` as the default locale",
            "KubeSphere console packages/core/src/utils/extension.ts `getLocaleValue`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // In broken text the entry may stand where the reader could not go.
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let fields = ["displayName", "description"];
    fields
        .iter()
        .filter_map(|field| finding(cx, field))
        .collect()
}

fn finding(cx: &Context<'_>, field: &str) -> Option<Finding> {
    let languages = languages_of(cx, field);
    let has_english = languages.iter().any(|language| language.code == "en");
    if has_english || languages.is_empty() || has_misspelt(cx, field) {
        return None;
    }
    let message = if field == "description" {
        bilingual!(
            "`{field}` has no `en`: Chart.yaml gets no description, and users of other languages see none; add an English text",
            "`{field}` 没有 `en`：Chart.yaml 中将没有描述，使用其他语言的用户也看不到描述；请补上英文文本",
        )
    } else {
        bilingual!(
            "`{field}` has no `en`, the text that users of other languages see; add it",
            "`{field}` 没有 `en`，而使用其他语言的用户看到的是它；请补上",
        )
    };
    let key = cx.manifest.entry(field)?.key_node;
    Some(RULE.finding(cx.manifest.span(key), message))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::check_text;

    #[test]
    fn the_field_is_marked() {
        check_text(
            "displayName: {zh: 示例} # 一\r\n",
            &["missing-english: displayName"],
        );
        check_text(
            "displayName: &a\n  zh: 示例\ndescription: *a\n",
            &[
                "missing-english: displayName",
                "missing-english: description",
            ],
        );
    }

    #[test]
    fn one_cause_makes_one_finding() {
        check_text(
            "displayName: {EN: Demo, zh: 示例}\n",
            &["unknown-language: EN"],
        );
        check_text("description: text\n", &["wrong-type: text"]);
        check_text("description:\n  zh: @\n", &["yaml-syntax: @"]);
    }
}
