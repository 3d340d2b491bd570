//! `missing-changelog`: a package that does not say what has changed.

use super::shared::documents::Document;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Text;
use crate::semver::Version;

pub(super) static RULE: Rule = Rule {
    id: "missing-changelog",
    severity: Severity::Hint,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "The package has no CHANGELOG, or none in a language that `displayName` has.",
            "扩展组件包没有 CHANGELOG，或缺少 `displayName` 中某种语言的 CHANGELOG。",
        ),
        why: Bilingual::fixed(
            "The extension's page in the Marketplace and in the console has a tab for it: for a user whose language is `zh` with `CHANGELOG_zh.md` (or `CHANGELOG-zh.md`, `CHANGELOG.zh.md`), and with `CHANGELOG.md` where there is none in the user's language. Without it there is no tab. Other names, such as `CHANGE.md`, are not looked for.",
            "扩展市场和控制台的扩展组件页面有一个更新日志标签页：语言为 `zh` 的用户看到 `CHANGELOG_zh.md`（或 `CHANGELOG-zh.md`、`CHANGELOG.zh.md`），没有用户所用语言的版本时显示 `CHANGELOG.md`；没有文件就没有这个标签页。`CHANGE.md` 等其他名称不会被识别。",
        ),
        severity: Bilingual::fixed(
            "Hint: push goes through, and a first version has little to tell.",
            "提示：推送会成功，而且首个版本没有多少变更可写。",
        ),
        fix: Bilingual::fixed("Write the file.", "补上该文件。"),
        bad: Example {
            without: &["CHANGELOG_zh.md"],
            ..Example::manifest("")
        },
        good: Example::with_files("", &[("CHANGELOG_zh.md", Entry::Text("# 更新日志\n"))]),
        sources: &[
            "KubeSphere console packages/core/src/containers/Extensions/components/ExtensionDetail/Tabs.tsx",
            "KubeSphere dev-guide, examples: Gatekeeper",
        ],
    },
    check,
};

static CHANGELOG: Document = Document {
    stem: "CHANGELOG",
    template,
    without: Bilingual::fixed(
        "its page in the Marketplace does not tell what has changed",
        "扩展市场的页面不会显示更新日志",
    ),
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    CHANGELOG.missing(&RULE, cx)
}

fn template(cx: &Context<'_>, language: Option<&str>) -> String {
    let title = match language {
        Some("zh") => "更新日志",
        _ => "Changelog",
    };
    let fit = |version: &Text| {
        // A version that is read as another one, or is none, is to be mended first.
        let written = version
            .span
            .of(cx.manifest.text())
            .trim_matches(['"', '\'']);
        written == version.value && Version::parse(written).is_some()
    };
    match cx.manifest.version().filter(fit) {
        Some(version) => format!("# {title}\n\n## {}\n", version.value),
        None => format!("# {title}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_files, findings_with_files};

    const TEXT: Entry = Entry::Text("");

    #[test]
    fn the_language_is_marked_whose_changelog_is_missing() {
        check_files(
            "displayName: {zh: 示例, en: Demo}\n",
            &[("changelog_zh.md", TEXT), ("CHANGE.md", TEXT)],
            &["missing-changelog: en"],
        );
        check_files(
            "displayName: {zh: 示例, en: Demo}\n",
            &[("CHANGELOG.md", TEXT)],
            &["missing-changelog: zh"],
        );
    }

    #[test]
    fn a_new_one_begins_with_this_version() {
        let findings = findings_with_files("version: 1.2.0\n", &[("CHANGELOG.md", TEXT)]);
        let (path, edit) = &findings[0].fixes[0].edits[0];
        assert_eq!(path.to_string(), "CHANGELOG_zh.md");
        assert_eq!(edit.text, "# 更新日志\n\n## 1.2.0\n");
    }
}
