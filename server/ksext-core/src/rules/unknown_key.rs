//! `unknown-key`: a key that ksbuilder does not know and push drops.

use std::collections::HashMap;

use super::shared::spelling;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Step;
use crate::schema::{self, Keyword, Violation};
use crate::text::{Span, TextEdit};
use crate::yaml::{NodeId, Value};

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
            "Warning: push goes through, and what is published lacks what the author wrote.",
            "警告：推送会成功，但发布的内容缺少作者所写的部分。",
        ),
        fix: Bilingual::fixed(
            "Correct the spelling, or delete the key.",
            "更正拼写，或删除该键。",
        ),
        bad: Example::manifest("screenshoots: []\n"),
        good: Example::manifest("screenshots: []\n"),
        sources: &["ksbuilder pkg/api/metadata.go `LoadMetadata`, cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for map in cx.violations.chunk_by(|a, b| a.path == b.path) {
        findings.extend(unknown_keys(cx, map).into_iter().flatten());
    }
    findings
}

/// What is to say of the unknown keys of one map; `map` are the violations in it.
fn unknown_keys(cx: &Context<'_>, map: &[Violation]) -> Option<Vec<Finding>> {
    let path = &map.first()?.path;
    let entries = value_at(cx.manifest.value()?, path)?.entries();
    let segments: Vec<_> = path.iter().map(Step::segment).collect();
    let known: HashMap<&str, NodeId> = entries
        .iter()
        .map(|entry| (entry.key.as_str(), entry.key_node))
        .collect();
    let absent: Vec<&str> = schema::fields_of(&segments)
        .iter()
        .map(|field| field.key.as_str())
        .filter(|field| !known.contains_key(field))
        .collect();
    let unknown = map.iter().filter_map(|violation| match &violation.keyword {
        Keyword::UnknownKey { key } => Some((key, cx.manifest.span(*known.get(key.as_str())?))),
        _ => None,
    });
    Some(
        unknown
            .map(|(key, span)| finding(key, span, &absent))
            .collect(),
    )
}

fn finding(key: &str, span: Span, absent: &[&str]) -> Finding {
    let Some(meant) = spelling::did_you_mean(key, absent.iter().copied()) else {
        let message = bilingual!(
            "ksbuilder does not know `{key}`; push drops it",
            "ksbuilder 不认识 `{key}`；推送会丢弃它",
        );
        return RULE.finding(span, message);
    };
    let message = bilingual!(
        "ksbuilder does not know `{key}`; push drops it. Did you mean `{meant}`?",
        "ksbuilder 不认识 `{key}`；推送会丢弃它。您是否想写 `{meant}`？",
    );
    let title = bilingual!("Rename to `{meant}`", "改名为 `{meant}`");
    let edit = TextEdit {
        span,
        text: meant.to_owned(),
    };
    RULE.finding(span, message)
        .fixed_by(Safety::Unsafe, title, [edit])
}

fn value_at<'a>(mut value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    for step in path {
        value = match step {
            Step::Key(key) => &value.get(key)?.value,
            Step::Index(index) => value.items().get(*index)?,
        };
    }
    Some(value)
}
