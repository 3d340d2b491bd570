//! `blank-text`: a text that people are to read and that has nothing in it.

use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::schema;
use crate::text::Span;
use crate::yaml::{Data, MapEntry, Value};

pub(super) static RULE: Rule = Rule {
    id: "blank-text",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A text that people are to read is empty or has nothing but white space in it.",
            "给人阅读的文本为空，或只有空白字符。",
        ),
        why: Bilingual::fixed(
            "ksbuilder only asks whether there is a map with some language in it; what is written for the language may be blank, and so may a keyword. The console then shows nothing in its place.",
            "ksbuilder 只检查映射是否存在，各语言的内容可以是空白，关键字也一样。控制台会在相应位置什么都不显示。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through and publishes a gap. Information for a description that is empty.",
            "警告：推送会成功，但发布的内容有空缺。描述为空字符串时为信息。",
        ),
        fix: Bilingual::fixed(
            "Write the text, or leave the entry out.",
            "填写文本，或去掉该条目。",
        ),
        bad: Example::manifest("displayName:\n  en: Demo\n  zh: \" \"\n"),
        good: Example::manifest("displayName:\n  en: Demo\n  zh: 示例\n"),
        sources: &["ksbuilder pkg/api/metadata.go `Metadata`, `Validate`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // What was left out behind an error may have been the text.
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for field in ["displayName", "description"] {
        let entries = cx.manifest.entries(field).iter();
        for entry in entries.filter(|entry| schema::is_language(&entry.key)) {
            if is_blank(&entry.value) {
                let mut finding = finding(cx, entry, &format!("{field}.{}", entry.key));
                // An empty description may be wanted; an extension without a name is not.
                if field == "description" && is_empty(&entry.value) {
                    finding.severity = Severity::Information;
                }
                findings.push(finding);
            }
        }
    }
    for (index, keyword) in cx.manifest.items("keywords").iter().enumerate() {
        if is_blank(keyword) {
            let span = cx.manifest.span(keyword.node);
            findings.push(RULE.finding(span, words(&format!("keywords[{index}]"))));
        }
    }
    findings
}

fn finding(cx: &Context<'_>, entry: &MapEntry, place: &str) -> Finding {
    let value: Span = cx.manifest.span(entry.value.node);
    let span = if value.is_empty() {
        cx.manifest.span(entry.key_node)
    } else {
        value
    };
    RULE.finding(span, words(place))
}

fn words(place: &str) -> Bilingual {
    bilingual!(
        "`{place}` is blank, and push publishes it so; write the text, or leave the entry out",
        "`{place}` 是空白的，推送会照样发布；请填写文本，或去掉该条目",
    )
}

fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::Text(text) => text.is_empty(),
        _ => false,
    }
}

fn is_blank(value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::check_text;

    #[test]
    fn blanks_of_every_kind_are_told_where_people_read() {
        check_text(
            "displayName: {en: Demo, zh: '\u{3000}'}\n",
            &["blank-text: '\u{3000}'"],
        );
        check_text("description:\r\n  en: a\r\n  zh:\r\n", &["blank-text: zh"]);
        check_text("description: {en: \"\", zh: 甲}\n", &["blank-text: \"\""]);
        check_text(
            "provider: {en: {name: \"\\t\"}, zh: {name: 示例}}\nmaintainers: [{name: ' '}]\nkeywords: [a, '']\n",
            &[
                "incomplete-person: \"\\t\"",
                "incomplete-person: ' '",
                "blank-text: ''",
            ],
        );
    }

    #[test]
    fn other_texts_may_be_blank() {
        check_text("home: ''\nannotations: {a: ' '}\n", &[]);
        check_text("name: ''\n", &["missing-required: ''"]);
        check_text("displayName: {EN: ' '}\n", &["unknown-language: EN"]);
    }
}
