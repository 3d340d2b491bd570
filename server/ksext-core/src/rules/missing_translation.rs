//! `missing-translation`: a language that one field speaks and another does not.

use super::shared::languages::{has_misspelt, languages_of};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "missing-translation",
    severity: Severity::Information,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A language stands in one of `displayName`, `description` and `provider` and not in another.",
            "某种语言在 `displayName`、`description`、`provider` 中有的有、有的没有。",
        ),
        why: Bilingual::fixed(
            "The Marketplace takes each text by itself in the user's language and else in English. A page comes out in two languages, and where there is no English either, with a gap.",
            "扩展市场对每个字段分别取用户语言的文本，没有时取英文。于是同一页面会混用两种语言；如果连英文也没有，就会留下空缺。",
        ),
        severity: Bilingual::fixed(
            "Information: nothing is lost, but a reviewer may ask for it.",
            "信息：内容没有丢失，但审核时可能会要求补全。",
        ),
        fix: Bilingual::fixed(
            "Write an entry for the language in the other fields too.",
            "在其他字段中也为该语言填写条目。",
        ),
        bad: Example::manifest("provider:\n  en:\n    name: Example\n"),
        good: Example::manifest("provider:\n  en:\n    name: Example\n  zh:\n    name: 示例\n"),
        sources: &[
            "KubeSphere dev-guide, packaging: internationalised fields",
            "KubeSphere console packages/core/src/utils/extension.ts `getLocaleValue`",
        ],
    },
    check,
};

const FIELDS: [&str; 3] = ["displayName", "description", "provider"];

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // In broken text an entry may stand where the reader could not go.
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let by_field = FIELDS.map(|field| {
        let languages = languages_of(cx, field).into_iter();
        let codes: Vec<&str> = languages.map(|language| language.code).collect();
        (field, codes)
    });
    let mut findings = Vec::new();
    for (field, codes) in &by_field {
        if codes.is_empty() || has_misspelt(cx, field) {
            continue;
        }
        let mut absent: Vec<(&str, &str)> = Vec::new();
        for (other, spoken) in &by_field {
            for code in spoken {
                let is_new = !codes.contains(code) && absent.iter().all(|(known, _)| known != code);
                // That English is missing is another defect but for a provider.
                let is_told = *code == "en" && *field != "provider";
                if is_new && !is_told {
                    absent.push((*code, *other));
                }
            }
        }
        findings.extend(finding(cx, field, &absent));
    }
    findings
}

/// What is to say of a field; `absent` are languages and the first field that each stands in.
fn finding(cx: &Context<'_>, field: &str, absent: &[(&str, &str)]) -> Option<Finding> {
    let (_, other) = absent.first()?;
    let shown: Vec<_> = absent.iter().map(|(code, _)| format!("`{code}`")).collect();
    let (en, zh) = (shown.join(", "), shown.join("、"));
    let message = bilingual!(
        "`{field}` has no {en}, which `{other}` has: users of that language see another one here",
        "`{field}` 没有 {zh}，而 `{other}` 有：使用该语言的用户在这里会看到其他语言",
    );
    let key = cx.manifest.entry(field)?.key_node;
    Some(RULE.finding(cx.manifest.span(key), message))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::check_text;

    #[test]
    fn the_field_that_lacks_something_is_marked_once() {
        check_text(
            "description: {en: Demo, zh: 示例, ja: デモ, de: Demo}\r\n",
            &[
                "missing-translation: displayName",
                "missing-translation: provider",
            ],
        );
        check_text(
            "provider: {zh: {name: 示例 😀}}\n",
            &["missing-translation: provider"],
        );
    }

    #[test]
    fn one_cause_makes_one_finding() {
        check_text(
            "displayName: {en: Demo, zh-CN: 示例}\n",
            &["unknown-language: zh-CN"],
        );
        check_text(
            "displayName: {zh: 示例}\n",
            &["missing-english: displayName"],
        );
        check_text("provider: []\n", &["wrong-type: []"]);
    }
}
