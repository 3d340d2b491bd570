//! `unknown-rule`: a comment or a setting that names a rule that does not exist.

use super::{Context, Example, Page, RULES, Rule, did_you_mean};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::text::TextEdit;

pub(super) static RULE: Rule = Rule {
    id: "unknown-rule",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A comment or a setting names a rule that does not exist.",
            "注释或设置中的规则不存在。",
        ),
        why: Bilingual::fixed(
            "`# ksext: ignore[…]` and the setting `rules` take the ids of rules. An id that no rule has silences nothing and changes nothing: what it was meant for is still reported.",
            "`# ksext: ignore[…]` 和设置项 `rules` 使用规则的 id。写错的 id 不会忽略或更改任何规则，原本的问题仍会报告。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, but the check is not the one that was asked for.",
            "警告：推送会成功，但检查并未按要求进行。",
        ),
        fix: Bilingual::fixed(
            "Write the id as the report shows it, or delete it.",
            "按报告中显示的 id 书写，或将其删除。",
        ),
        bad: Example::manifest("# ksext: ignore[no-such-rule]\nname: demo\n"),
        good: Example::manifest("# ksext: ignore[unknown-key]\nvendor: Example\n"),
        sources: &["server/docs/reference/rules.md"],
    },
    check,
};

/// Whoever reads the comments and the settings tells.
fn check(_: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}

/// The finding about the id at `location`, with a fix that writes the one that was meant.
pub(crate) fn unknown_rule(id: &str, location: Location) -> Finding {
    let ids = RULES.iter().map(|rule| rule.id);
    let Some(meant) = did_you_mean(id, ids) else {
        let message = bilingual!(
            "there is no rule `{id}`; `ksext explain --all` lists them",
            "没有规则 `{id}`；`ksext explain --all` 会列出所有规则",
        );
        return RULE.finding_at(location, message);
    };
    let message = bilingual!(
        "there is no rule `{id}`. Did you mean `{meant}`?",
        "没有规则 `{id}`。您是否想写 `{meant}`？",
    );
    let edit = TextEdit {
        span: location.span,
        text: meant.to_owned(),
    };
    let title = bilingual!("Write `{meant}`", "改写为 `{meant}`");
    RULE.finding_at(location, message)
        .fixed_by(Safety::Unsafe, title, [edit])
}
