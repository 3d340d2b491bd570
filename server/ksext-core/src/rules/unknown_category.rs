//! `unknown-category`: a category that the Marketplace does not have.

use super::shared::{scalar, spelling};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Step;
use crate::schema::{self, Choice, Keyword};

pub(super) static RULE: Rule = Rule {
    id: "unknown-category",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`category` is none of the categories that there are.",
            "`category` 不是现有的分类。",
        ),
        why: Bilingual::fixed(
            "ksbuilder takes any text and makes a label of it. The Marketplace lists an extension under the category that the label names, and knows eleven: `ksbuilder category` prints them. Earlier versions of ksbuilder offered `other`, and before that names such as `Monitoring`; KubeSphere has no such categories any more.",
            "ksbuilder 接受任意文本，并把它写成标签。扩展市场按标签指定的分类列出扩展组件，只认识 11 个分类（可用 `ksbuilder category` 查看）。早期的 ksbuilder 提供过 `other`，更早还有 `Monitoring` 等名称，KubeSphere 已不再有这些分类。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and the extension is found under no category.",
            "警告：推送会成功，但扩展组件不会出现在任何分类下。",
        ),
        fix: Bilingual::fixed("Choose one of the categories.", "选择一个现有的分类。"),
        bad: Example::manifest("category: monitoring\n"),
        good: Example::manifest("category: observability\n"),
        sources: &[
            "ksbuilder cmd/create.go `Categories`, pkg/extension/publish.go",
            "KubeSphere pkg/controller/core/category_controller.go",
        ],
    },
    check,
};

/// Names that were categories once, or that authors use for one, and the category.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("ai", "ai-machine-learning"),
    ("llm", "ai-machine-learning"),
    ("alerting", "observability"),
    ("logging", "observability"),
    ("monitoring", "observability"),
    ("performance", "observability"),
    ("messaging", "streaming-messaging"),
    ("streaming", "streaming-messaging"),
    ("cicd", "integration-delivery"),
    ("devops", "integration-delivery"),
    ("edgecomputing", "computing"),
    ("developertools", "dev-tools"),
];

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let is_told = cx.violations.iter().any(|violation| {
        matches!(violation.keyword, Keyword::NotInEnum { .. })
            && violation.path == [Step::Key("category".into())]
    });
    let finding = is_told.then(|| finding(cx)).flatten();
    finding.into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let value = &cx.manifest.entry("category")?.value;
    let category = scalar::text_as_written(cx, value)?;
    let span = cx.manifest.span(value.node);
    let shown = category.escape_debug();
    let choices = schema::field(&["category"]).map_or(&[][..], |field| &field.choices[..]);
    let Some((meant, safety)) = meant(category, choices) else {
        let message = if matches!(squashed(category).as_str(), "other" | "others") {
            bilingual!(
                "there is no category `{shown}` any more: the Marketplace lists the extension under none; choose the nearest one",
                "分类 `{shown}` 已不存在：扩展市场不会在任何分类下列出此扩展组件；请选择最接近的分类",
            )
        } else {
            bilingual!(
                "there is no category `{shown}`: the Marketplace lists the extension under none; choose one that `ksbuilder category` prints",
                "没有 `{shown}` 这个分类：扩展市场不会在任何分类下列出此扩展组件；请从 `ksbuilder category` 的输出中选择",
            )
        };
        return Some(RULE.finding(span, message));
    };
    let (code, en, zh) = (&meant.value, &meant.meaning.en, &meant.meaning.zh);
    let message = bilingual!(
        "there is no category `{shown}`: the Marketplace lists the extension under none; `{code}` is {en}",
        "没有 `{shown}` 这个分类：扩展市场不会在任何分类下列出此扩展组件；`{code}` 表示“{zh}”",
    );
    let finding = RULE.finding(span, message);
    Some(scalar::rewriting(cx, finding, value.node, code, safety))
}

/// The category that is meant, and whether that is certain: it is where only case, blanks and signs
/// differ from its name in one of the languages.
fn meant<'c>(category: &str, choices: &'c [Choice]) -> Option<(&'c Choice, Safety)> {
    let squashed_category = squashed(category);
    let is_named = |choice: &&Choice| {
        let names = [&choice.value[..], &choice.meaning.en, &choice.meaning.zh];
        !squashed_category.is_empty() && names.map(squashed).contains(&squashed_category)
    };
    if let Some(choice) = choices.iter().find(is_named) {
        return Some((choice, Safety::Safe));
    }
    let other = OTHER_NAMES
        .iter()
        .find(|(name, _)| *name == squashed_category);
    let values = || choices.iter().map(|choice| choice.value.as_str());
    let near = match other {
        Some((_, category)) => category,
        None => spelling::did_you_mean(category, values())?,
    };
    let choice = choices.iter().find(|choice| choice.value == near)?;
    Some((choice, Safety::Unsafe))
}

fn squashed(text: &str) -> String {
    let letters = text.chars().filter(|char| char.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::check_text;

    #[test]
    fn what_is_meant_is_found_by_name_older_name_and_spelling() {
        let choices = &schema::field(&["category"]).expect("a field").choices;
        for (written, category) in [
            ("Dev Tools", Some(("dev-tools", Safety::Safe))),
            ("CI/CD", Some(("integration-delivery", Safety::Safe))),
            ("可观测性", Some(("observability", Safety::Safe))),
            ("Monitoring", Some(("observability", Safety::Unsafe))),
            ("devops", Some(("integration-delivery", Safety::Unsafe))),
            ("databse", Some(("database", Safety::Unsafe))),
            ("other", None),
            ("dmp", None),
            (" ", None),
        ] {
            let found = meant(written, choices);
            let found = found.map(|(choice, safety)| (choice.value.as_str(), safety));
            assert_eq!(found, category, "{written}");
        }
    }

    #[test]
    fn the_value_is_marked() {
        check_text(
            "\u{feff}docs: https://a.io\r\ncategory: '数据 库' # 😀\r\n",
            &["unknown-category: '数据 库'"],
        );
        check_text("category: &a other\n", &["unknown-category: other"]);
        check_text("category: ''\n", &["missing-required: ''"]);
        check_text("category: [a]\n", &["wrong-type: [a]"]);
    }
}
