//! `unused-suppression`: a comment that silences nothing.

use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::text::TextEdit;

pub(super) static RULE: Rule = Rule {
    id: "unused-suppression",
    severity: Severity::Hint,
    fix: Some(Safety::Safe),
    page: Page {
        summary: Bilingual::fixed(
            "A comment `# ksext: ignore[…]` silences nothing.",
            "注释 `# ksext: ignore[…]` 没有忽略任何问题。",
        ),
        why: Bilingual::fixed(
            "The rule that it names has nothing to say on its line and the line below. The defect is mended, or the comment stands in the wrong place. Left there, it would hide the next defect of that kind.",
            "它所指定的规则在这一行和下一行没有问题可报告：缺陷已修复，或注释放错了位置。保留它会掩盖以后出现的同类缺陷。",
        ),
        severity: Bilingual::fixed(
            "Hint: it changes nothing of what is published.",
            "提示：不影响发布的内容。",
        ),
        fix: Bilingual::fixed("Delete the comment.", "删除该注释。"),
        bad: Example::manifest("# ksext: ignore[unknown-key]\nname: demo\n"),
        good: Example::manifest("# ksext: ignore[unknown-key]\nvendor: Example\n"),
        sources: &["server/docs/reference/rules.md"],
    },
    check,
};

/// Only who knows all findings can tell.
fn check(_: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}

/// The finding about the id at `location`; `edit` takes it out.
pub(crate) fn unused_suppression(id: &str, location: Location, edit: TextEdit) -> Finding {
    let message = bilingual!(
        "`{id}` has nothing to report here, so this comment silences nothing; delete it",
        "`{id}` 在这里没有问题可报告，这条注释不起作用；请删除",
    );
    let title = bilingual!("Stop ignoring `{id}`", "不再忽略 `{id}`");
    RULE.finding_at(location, message)
        .fixed_by(Safety::Safe, title, [edit])
}
