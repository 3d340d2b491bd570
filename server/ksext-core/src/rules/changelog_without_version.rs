//! `changelog-without-version`: a CHANGELOG that does not tell about the version to be pushed.

use super::shared::scalar;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Fix, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::changelog::Changelog;
use crate::semver::Version;
use crate::text::{Span, TextEdit};

pub(super) static RULE: Rule = Rule {
    id: "changelog-without-version",
    severity: Severity::Hint,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A CHANGELOG has headings for versions, and none for this one.",
            "CHANGELOG 中有各版本的标题，但没有当前版本的标题。",
        ),
        why: Bilingual::fixed(
            "Users look there before they update, and reviewers before they approve. It is easily forgotten when `version` is raised. A heading for the release does for its pre-releases, and one for what is unreleased does for all; a CHANGELOG without such headings is left alone.",
            "用户升级之前、审核人员批准之前都会查看 CHANGELOG，而修改 `version` 时很容易忘记更新它。正式版本的标题也适用于它的预发布版本，“未发布”的标题适用于所有版本；没有版本标题的 CHANGELOG 不检查。",
        ),
        severity: Bilingual::fixed(
            "Hint: push goes through, and nothing is lost.",
            "提示：推送会成功，内容不受影响。",
        ),
        fix: Bilingual::fixed(
            "Add a heading for this version and say what has changed.",
            "添加当前版本的标题，并写明变更内容。",
        ),
        bad: Example::with_files(
            "version: 1.1.0\n",
            &[(
                "CHANGELOG.md",
                Entry::Text("# Changelog\n\n## v1.0.0\n\n- First version\n"),
            )],
        ),
        good: Example::with_files(
            "version: 1.1.0\n",
            &[(
                "CHANGELOG.md",
                Entry::Text(
                    "# Changelog\n\n## v1.1.0\n\n- Faster\n\n## v1.0.0\n\n- First version\n",
                ),
            )],
        ),
        sources: &[
            "KubeSphere console packages/core/src/containers/Extensions/components/ExtensionDetail/Tabs.tsx",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    finding(cx).into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let value = &cx.manifest.entry("version")?.value;
    let shown = scalar::text_as_written(cx, value)?;
    let version = Version::parse(shown)?;
    let changelogs = cx.contents?.changelogs.iter();
    let silent: Vec<_> = changelogs
        .filter(|changelog| !changelog.tells_about(&version))
        .collect();
    if silent.is_empty() {
        return None;
    }
    let names: Vec<_> = silent
        .iter()
        .map(|changelog| format!("`{}`", changelog.path))
        .collect();
    let (en, zh) = (names.join(" and "), names.join(" 和 "));
    let message = bilingual!(
        "there is no heading for version {shown} in {en}; say there what has changed",
        "{zh} 中没有版本 {shown} 的标题；请写明变更内容",
    );
    let mut finding = RULE.finding(cx.manifest.span(value.node), message);
    for changelog in &silent {
        let location = Location {
            file: changelog.path.clone(),
            span: Span::empty(changelog.top),
        };
        let message = Bilingual::fixed("a heading for it belongs here", "标题应添加在这里");
        finding = finding.related_to(location, message);
    }
    let edit = |changelog: &&Changelog| {
        let edit = TextEdit {
            span: Span::empty(changelog.top),
            text: changelog.heading(shown.trim_start_matches('v')),
        };
        (changelog.path.clone(), edit)
    };
    finding.fixes.push(Fix {
        title: bilingual!("Add a heading for {shown}", "添加 {shown} 的标题"),
        safety: Safety::Unsafe,
        edits: silent.iter().map(edit).collect(),
    });
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_files, findings_with_files};

    const ENGLISH: Entry = Entry::Text("## 1.0.0\r\n");
    const CHINESE: Entry = Entry::Text("# 更新日志\n\n## v1.0.0\n");

    #[test]
    fn the_version_is_marked_once_for_all_languages() {
        let files = [
            ("README.md", Entry::Text("")),
            ("README_zh.md", Entry::Text("")),
            ("CHANGELOG.md", ENGLISH),
            ("CHANGELOG_zh.md", CHINESE),
        ];
        check_files(
            "version: \"v1.0.1\" # 😀\n",
            &files,
            &["changelog-without-version: \"v1.0.1\""],
        );
        check_files("version: 1.0.0-rc.1\n", &files, &[]);
        check_files("version: 1.0.01\n", &files, &["invalid-version: 1.0.01"]);
        let findings = findings_with_files("version: 1.0.1\n", &files);
        let edits: Vec<_> = findings[0].fixes[0]
            .edits
            .iter()
            .map(|(path, edit)| (path.to_string(), edit.span.start, edit.text.as_str()))
            .collect();
        assert_eq!(
            edits,
            [
                ("CHANGELOG.md".into(), 0, "## 1.0.1\r\n\r\n"),
                ("CHANGELOG_zh.md".into(), 16, "## v1.0.1\n\n"),
            ]
        );
    }
}
