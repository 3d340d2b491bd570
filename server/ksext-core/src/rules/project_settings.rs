//! `project-settings`: something in `.ksext.yaml` that sets nothing.

use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "project-settings",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`.ksext.yaml` holds something that sets nothing.",
            "`.ksext.yaml` 中有不起作用的内容。",
        ),
        why: Bilingual::fixed(
            "A key that is no setting, or a value that does not fit, is ignored, and the check goes on as if it were not there. Some settings are the user's alone: whoever opens a repository must not be sent to another server by it, or push without being asked.",
            "不是设置项的键，以及不合要求的值，都会被忽略，检查照常进行。有些设置只能由用户本人设定：打开一个代码仓库，不应因此连接到别的服务器，或未经询问就推送。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, but the check is not the one that was asked for.",
            "警告：推送会成功，但检查并未按要求进行。",
        ),
        fix: Bilingual::fixed(
            "Correct the key or the value; move what is the user's alone to the settings of your editor.",
            "更正键或值；只能由用户设定的内容请移到编辑器的设置中。",
        ),
        bad: Example::with_files(
            "",
            &[(
                ".ksext.yaml",
                Entry::Text("server: https://cloud.example.com\n"),
            )],
        ),
        good: Example::with_files(
            "",
            &[(".ksext.yaml", Entry::Text("size:\n  limit: 900000\n"))],
        ),
        sources: &["server/docs/reference/settings.md"],
    },
    check,
};

/// Whoever reads the settings tells.
fn check(_: &Context<'_>) -> Vec<Finding> {
    Vec::new()
}

/// The finding about a setting that is ignored.
pub(crate) fn ignored_setting(location: Location, message: Bilingual) -> Finding {
    RULE.finding_at(location, message)
}
