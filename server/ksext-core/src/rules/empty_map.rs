//! `empty-map`: `{}` where something is meant to be said.

use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::manifest::Step;
use crate::schema::{self, Keyword};
use crate::yaml::{Data, MapEntry};

pub(super) static RULE: Rule = Rule {
    id: "empty-map",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`displayName`, `description`, `provider` or a provider has nothing in it.",
            "`displayName`、`description`、`provider` 或某个提供商是空的。",
        ),
        why: Bilingual::fixed(
            "ksbuilder asks for these maps and is content with `{}`, and with a provider that is `{}` or nothing at all. The extension is then published without a name, a description or a provider.",
            "ksbuilder 要求有这些映射，但 `{}` 就能通过，提供商写成 `{}` 或什么都不写也能通过。这样发布的扩展组件没有名称、描述或提供商。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and what is published lacks what the console shows.",
            "警告：推送会成功，但发布的内容缺少控制台要显示的信息。",
        ),
        fix: Bilingual::fixed(
            "Fill in a text for each language, and a name for each provider.",
            "为每种语言填写文本，为每个提供商填写名称。",
        ),
        bad: Example::manifest("description: {}\n"),
        good: Example::manifest("description:\n  en: An example.\n  zh: 一个示例。\n"),
        sources: &["ksbuilder pkg/api/metadata.go `Metadata`, `Validate`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // What was left out behind an error may have stood in the map.
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let maps = cx.violations.iter().filter_map(|violation| {
        match (&violation.keyword, &violation.path[..]) {
            (Keyword::TooFewEntries { .. }, [Step::Key(field)]) => {
                let span = cx.manifest.place(&violation.path).value;
                Some(RULE.finding(span, words(field)))
            }
            _ => None,
        }
    });
    let providers = cx.manifest.entry("provider").into_iter();
    let providers = providers.flat_map(|entry| entry.value.entries());
    maps.chain(providers.filter_map(|entry| provider(cx, entry)))
        .collect()
}

fn words(field: &str) -> Bilingual {
    bilingual!(
        "`{field}` has no entry; push takes it, and the extension is published without; write one entry for each language",
        "`{field}` 中没有任何条目；推送会接受，但发布的扩展组件将缺少这项内容；请为每种语言写一个条目",
    )
}

/// What is to say of a provider that says nothing.
fn provider(cx: &Context<'_>, entry: &MapEntry) -> Option<Finding> {
    let code = &entry.key;
    let is_empty = match &entry.value.data {
        Data::Null => true,
        Data::Map(fields) => fields.is_empty(),
        _ => false,
    };
    if !is_empty || !schema::is_language(code) {
        return None;
    }
    let value = cx.manifest.span(entry.value.node);
    let span = if value.is_empty() {
        cx.manifest.span(entry.key_node)
    } else {
        value
    };
    let message = bilingual!(
        "`provider.{code}` is empty; push takes it, and the extension is published without a provider in this language; give it a `name`",
        "`provider.{code}` 为空；推送会接受，但发布的扩展组件在该语言下没有提供商；请填写 `name`",
    );
    Some(RULE.finding(span, message))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::check_text;

    #[test]
    fn the_map_is_marked_or_the_key_of_what_is_not_there() {
        check_text("displayName: {} # 一\n", &["empty-map: {}"]);
        check_text(
            "description: &a {}\nprovider: *a\n",
            &["empty-map: {}", "empty-map: *a"],
        );
        check_text(
            "provider:\r\n  zh:\r\n  en: {}\r\n",
            &["empty-map: zh", "empty-map: {}"],
        );
        check_text("provider: {en: ~, zh: {name: 示例}}\n", &["empty-map: ~"]);
    }

    #[test]
    fn one_cause_makes_one_finding() {
        check_text("displayName:\n", &["missing-required: "]);
        check_text("provider: {name: {}}\n", &["unknown-language: name"]);
        check_text("provider:\n  en: @\n", &["yaml-syntax: @"]);
    }
}
