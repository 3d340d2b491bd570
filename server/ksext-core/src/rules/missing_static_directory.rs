//! `missing-static-directory`: a declared static directory that is not there.

use super::shared::static_directory::without_declaration;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::package::rewrite::static_directory;
use crate::package::{FileSystem, PkgPath};

pub(super) static RULE: Rule = Rule {
    id: "missing-static-directory",
    severity: Severity::Information,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`staticFileDirectory` names a folder that does not exist.",
            "`staticFileDirectory` 指向不存在的文件夹。",
        ),
        why: Bilingual::fixed(
            "Push removes nothing then and says nothing. If the folder is only misspelled, images that were uploaded stay in the package and count for its size. Case counts, and `*` has no meaning.",
            "此时推送不会移除任何内容，也没有提示。如果只是拼写有误，已上传的图片会留在扩展组件包中并计入大小。名称区分大小写，`*` 没有特殊含义。",
        ),
        severity: Bilingual::fixed(
            "Information: push goes through, and nothing is lost.",
            "信息：推送会成功，也不会丢失内容。",
        ),
        fix: Bilingual::fixed(
            "Correct the name, or delete the line.",
            "修正名称，或删除该行。",
        ),
        bad: Example::manifest("staticFileDirectory: ./static\n"),
        good: Example::with_files(
            "icon: ./static/logo.svg\nstaticFileDirectory: ./static\n",
            &[("static/logo.svg", Entry::Text("<svg/>\n"))],
        ),
        sources: &["ksbuilder cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let (Some(value), Some(files)) = (cx.manifest.static_directory(), cx.files) else {
        return Vec::new();
    };
    let (Ok(None), Ok(path)) = (
        static_directory(files, &value.value),
        PkgPath::resolve_local(&value.value),
    ) else {
        return Vec::new();
    };
    let written = &value.value;
    let message = match other_case(files, &path) {
        Some(actual) => bilingual!(
            "there is no folder `{written}`, so push removes nothing; it is called `{actual}`, and case counts",
            "没有文件夹 `{written}`，推送不会移除任何内容；它的名称是 `{actual}`，区分大小写",
        ),
        None => bilingual!(
            "there is no folder `{written}`, so push removes nothing",
            "没有文件夹 `{written}`，推送不会移除任何内容",
        ),
    };
    vec![without_declaration(cx, RULE.finding(value.span, message))]
}

/// What differs from `path` only in the case of its own name.
fn other_case(files: &dyn FileSystem, path: &PkgPath) -> Option<PkgPath> {
    let folder = path.parent()?;
    let names = files.list(&folder).ok()?;
    let name = names
        .iter()
        .find(|name| name.eq_ignore_ascii_case(path.name()))?;
    Some(folder.child(name))
}
