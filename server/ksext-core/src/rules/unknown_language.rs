//! `unknown-language`: a key of a localised field that is not a language code.

use super::shared::required;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Step;
use crate::schema::{self, Keyword};
use crate::text::TextEdit;

pub(super) static RULE: Rule = Rule {
    id: "unknown-language",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A key of `displayName`, `description` or `provider` is not a language code.",
            "`displayName`、`description` 或 `provider` 的键不是语言代码。",
        ),
        why: Bilingual::fixed(
            "ksbuilder takes the 184 two-letter codes of ISO 639-1, in lower case and without region: `zh`, not `zh-CN` or `ZH`. Norwegian is a trap: YAML reads an unquoted `no` as `false`.",
            "ksbuilder 接受 ISO 639-1 的 184 个双字母代码，必须小写且不带地区：写 `zh`，而不是 `zh-CN` 或 `ZH`。挪威语是个陷阱：YAML 会把未加引号的 `no` 读作 `false`。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails with `invalid language code`.",
            "错误：推送会失败，提示 `invalid language code`。",
        ),
        fix: Bilingual::fixed(
            "Write the two-letter code; put `no` in quotes.",
            "写双字母代码；`no` 要加引号。",
        ),
        bad: Example::manifest("displayName:\n  en: Demo\n  zh-CN: 示例\n"),
        good: Example::manifest("displayName:\n  en: Demo\n  zh: 示例\n"),
        sources: &["ksbuilder pkg/api/metadata.go `Validate`, pkg/iso639"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let unknown = cx
        .violations
        .iter()
        .filter_map(|violation| match &violation.keyword {
            Keyword::UnknownName { key } => finding(cx, &violation.path, key),
            _ => None,
        });
    unknown.collect()
}

fn finding(cx: &Context<'_>, path: &[Step], code: &str) -> Option<Finding> {
    let Some(Step::Key(field)) = path.first() else {
        return None;
    };
    let map = &cx.manifest.entry(field)?.value;
    let span = cx.manifest.span(map.get(code)?.key_node);
    let written = span.of(cx.manifest.text());
    if matches!(written, "no" | "No" | "NO") {
        let message = bilingual!(
            "YAML reads `{written}` without quotes as `false`, which is not a language code; push fails",
            "YAML 把未加引号的 `{written}` 读作 `false`，它不是语言代码；推送会失败",
        );
        let title = Bilingual::fixed("Write `\"no\"`, Norwegian", "改写为 `\"no\"`（挪威语）");
        let edit = TextEdit {
            span,
            text: "\"no\"".to_owned(),
        };
        return Some(
            RULE.finding(span, message)
                .fixed_by(Safety::Safe, title, [edit]),
        );
    }
    if let Some(message) = words_of_field(cx, path, code) {
        return Some(RULE.finding(span, message));
    }
    let primary = code
        .split(['-', '_'])
        .next()
        .unwrap_or(code)
        .to_ascii_lowercase();
    let meant = schema::is_language(&primary).then_some(primary);
    let Some(meant) = meant.filter(|meant| map.get(meant).is_none()) else {
        let message = bilingual!(
            "`{code}` is not a language code of ISO 639-1 (two letters, lower case); push fails",
            "`{code}` 不是 ISO 639-1 语言代码（两个小写字母）；推送会失败",
        );
        return Some(RULE.finding(span, message));
    };
    let message = bilingual!(
        "`{code}` is no language code that ksbuilder takes, so push fails; write `{meant}`",
        "`{code}` 不是 ksbuilder 接受的语言代码，推送会失败；请改为 `{meant}`",
    );
    let title = bilingual!("Write `{meant}`", "改写为 `{meant}`");
    // Some codes are words of YAML: `no` is `false` unless it is quoted.
    let text = if meant == "no" {
        "\"no\"".to_owned()
    } else {
        meant
    };
    let edit = TextEdit { span, text };
    Some(
        RULE.finding(span, message)
            .fixed_by(Safety::Unsafe, title, [edit]),
    )
}

/// What to say of a key that is a field of the whole manifest or of the values of this map.
fn words_of_field(cx: &Context<'_>, path: &[Step], code: &str) -> Option<Bilingual> {
    if required::is_indented_field(cx, path, code) {
        return Some(bilingual!(
            "`{code}` is a field of the whole manifest and stands where languages are expected, so push fails; correct its indentation",
            "`{code}` 是清单的顶层字段，却位于应为语言代码的位置，推送会失败；请更正缩进",
        ));
    }
    let map = path.first()?.segment();
    schema::field(&[map, "en", code])?;
    Some(bilingual!(
        "`{map}` is a map by language, and `{code}` belongs one level below, as in `{map}.en.{code}`; push fails",
        "`{map}` 是按语言区分的映射，`{code}` 应位于下一层，例如 `{map}.en.{code}`；推送会失败",
    ))
}

#[cfg(test)]
mod tests {
    use crate::finding::Safety;
    use crate::rules::tests::findings_with_files;

    #[test]
    fn norwegian_gets_quotes() {
        let manifest = "displayName: {en: Demo, zh: 示例, no: Demo}\n";
        let findings = findings_with_files(manifest, &[]);
        let fixes: Vec<_> = findings
            .iter()
            .flat_map(|finding| &finding.fixes)
            .map(|fix| (fix.safety, fix.edits[0].1.text.as_str()))
            .collect();
        assert_eq!(fixes, [(Safety::Safe, "\"no\"")]);
    }
}
