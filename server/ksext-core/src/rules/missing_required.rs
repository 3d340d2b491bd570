//! `missing-required`: a field without which ksbuilder takes no manifest.

use super::shared::required;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Step;
use crate::schema::Keyword;
use crate::text::{Span, TextEdit, line_break, line_start};

pub(super) static RULE: Rule = Rule {
    id: "missing-required",
    severity: Severity::Error,
    fix: Some(Safety::Safe),
    page: Page {
        summary: Bilingual::fixed(
            "A required field is missing or empty.",
            "缺少必填字段，或其值为空。",
        ),
        why: Bilingual::fixed(
            "ksbuilder asks for `apiVersion`, `name`, `version`, `displayName`, `description`, `category`, `provider` and `icon`. A text must not be empty; a map may be `{}`. ksbuilder names the fields as its Go source does (`Metadata.APIVersion`), without a line.",
            "ksbuilder 要求 `apiVersion`、`name`、`version`、`displayName`、`description`、`category`、`provider` 和 `icon`。文本不能为空；映射可以是 `{}`。ksbuilder 用 Go 源码中的名称（如 `Metadata.APIVersion`）报告字段，而且没有行号。",
        ),
        severity: Bilingual::fixed(
            "Error: push stops before it uploads anything.",
            "错误：推送在上传之前就会停止。",
        ),
        fix: Bilingual::fixed("Add the field.", "补上该字段。"),
        bad: Example {
            without: &["category"],
            ..Example::manifest("")
        },
        good: Example::manifest("category: dev-tools\n"),
        sources: &["ksbuilder pkg/api/metadata.go `Metadata`, `Validate`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    // In broken text the field may stand where the reader could not go.
    if !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let empty = cx.violations.iter().filter_map(|violation| {
        match (&violation.keyword, &violation.path[..]) {
            (Keyword::TooShort { .. }, [Step::Key(field)]) => Some(field.as_str()),
            _ => None,
        }
    });
    let fields = required::forgotten(cx).into_iter().chain(empty);
    fields.map(|field| missing(cx, field)).collect()
}

fn missing(cx: &Context<'_>, field: &str) -> Finding {
    if let Some(entry) = cx.manifest.entry(field) {
        let message = bilingual!(
            "`{field}` is empty; push needs a value",
            "`{field}` 为空；推送需要一个值",
        );
        return RULE.finding(cx.manifest.span(entry.value.node), message);
    }
    let message = bilingual!(
        "`{field}` is missing; push refuses a manifest without it",
        "缺少 `{field}`；没有它，推送会拒绝该清单",
    );
    let place = cx.manifest.first_key();
    let finding = RULE.finding(place, message);
    // Only this field has one right value, and a line for it fits only among lines.
    let root = cx.manifest.place(&[]);
    if field != "apiVersion" || !root.block {
        return finding;
    }
    let title = Bilingual::fixed("Add `apiVersion`", "补上 `apiVersion`");
    let line_break = line_break(cx.manifest.text());
    let column = place.start - line_start(cx.manifest.text(), place.start);
    let indent = " ".repeat(column);
    let text = format!("apiVersion: kubesphere.io/v1alpha1{line_break}{indent}");
    finding.fixed_by(
        Safety::Safe,
        title,
        [TextEdit {
            span: Span::empty(place.start),
            text,
        }],
    )
}
