//! `missing-readme`: a package without the page that the Marketplace shows of it.

use super::shared::documents::{Document, text_in};
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "missing-readme",
    severity: Severity::Information,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "The package has no README, or none in a language that `displayName` has.",
            "扩展组件包没有 README，或缺少 `displayName` 中某种语言的 README。",
        ),
        why: Bilingual::fixed(
            "The extension's page in the Marketplace and in the console shows it: for a user whose language is `zh` `README_zh.md` (or `README-zh.md`, `README.zh.md`), and `README.md` where there is none in the user's language. ksbuilder does not ask for it, though `ksbuilder create` makes both.",
            "扩展市场和控制台的扩展组件页面会显示 README：语言为 `zh` 的用户看到 `README_zh.md`（或 `README-zh.md`、`README.zh.md`），没有用户所用语言的版本时显示 `README.md`。`ksbuilder create` 会创建这两个文件，但 ksbuilder 并不要求有。",
        ),
        severity: Bilingual::fixed(
            "Information: push goes through, and the reviewers look at that page.",
            "信息：推送会成功，但审核人员会查看该页面。",
        ),
        fix: Bilingual::fixed("Write the file.", "补上该文件。"),
        bad: Example {
            without: &["README_zh.md"],
            ..Example::manifest("")
        },
        good: Example::with_files("", &[("readme.zh.md", Entry::Text("# 示例\n"))]),
        sources: &[
            "KubeSphere dev-guide, packaging: the files of a package",
            "KubeSphere console packages/core/src/containers/Extensions/utils/extension.tsx `getLocaleFile`",
        ],
    },
    check,
};

static README: Document = Document {
    stem: "README",
    template,
    without: Bilingual::fixed(
        "its page in the Marketplace stays empty",
        "扩展市场中的页面将是空的",
    ),
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    README.missing(&RULE, cx)
}

fn template(cx: &Context<'_>, language: Option<&str>) -> String {
    let title = text_in(cx, "displayName", language);
    let description = text_in(cx, "description", language);
    format!("# {title}\n\n{description}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::{check_files, findings_with_files};

    const TEXT: Entry = Entry::Text("# Demo\n");

    #[test]
    fn the_language_is_marked_whose_readme_is_missing() {
        check_files(
            "displayName: {zh: 示例, en: Demo}\n",
            &[("README_zh.md", TEXT)],
            &["missing-readme: en"],
        );
        check_files(
            "displayName: {zh: 示例, en: Demo}\n",
            &[("readme.MD", TEXT)],
            &["missing-readme: zh"],
        );
        check_files(
            "displayName: {zh: 示例, en: Demo}\n",
            &[("README-en.md", TEXT), ("README.zh.md", TEXT)],
            &[],
        );
        check_files("", &[("README.txt", TEXT)], &["missing-readme: en"]);
    }

    #[test]
    fn of_one_language_any_readme_will_do() {
        for name in ["README.md", "README_en.md"] {
            check_files(
                "displayName: {en: Demo}\ndescription: {en: a}\nprovider: {en: {name: a}}\n",
                &[(name, TEXT)],
                &[],
            );
        }
    }

    #[test]
    fn one_that_is_left_out_is_missing_and_not_made_anew() {
        let files = [
            ("README.md", TEXT),
            ("README_zh.md", TEXT),
            (".helmignore", Entry::Text("README_zh.md\n")),
        ];
        let findings = findings_with_files("", &files);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].fixes, []);
    }

    #[test]
    fn a_new_one_begins_with_what_the_manifest_says() {
        let findings = findings_with_files("", &[("README.md", TEXT)]);
        let (path, edit) = &findings[0].fixes[0].edits[0];
        assert_eq!(path.to_string(), "README_zh.md");
        assert_eq!(edit.text, "# 示例\n\n一个示例。\n");
    }
}
