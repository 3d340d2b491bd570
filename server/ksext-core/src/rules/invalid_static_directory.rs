//! `invalid-static-directory`: a `staticFileDirectory` that cannot be removed.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "invalid-static-directory",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`staticFileDirectory` is the package itself, or lies below a file.",
            "`staticFileDirectory` 是扩展组件包本身，或位于某个文件之下。",
        ),
        why: Bilingual::fixed(
            "Push deletes the static directory after it has uploaded the images. With `.` or `/` it deletes all that it wanted to send.",
            "推送在上传图片之后删除静态文件目录。如果写成 `.` 或 `/`，要发送的全部内容都会被删除。",
        ),
        severity: Bilingual::fixed("Error: push fails.", "错误：推送会失败。"),
        fix: Bilingual::fixed(
            "Name a folder of the package that holds nothing but images for the Marketplace.",
            "填写扩展组件包中只存放扩展市场图片的文件夹。",
        ),
        bad: Example::manifest("staticFileDirectory: .\n"),
        good: Example::with_files(
            "icon: ./static/logo.svg\nstaticFileDirectory: ./static\n",
            &[("static/logo.svg", Entry::Text("<svg/>\n"))],
        ),
        sources: &["ksbuilder cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(problem: &Problem) -> Bilingual {
    match problem.kind {
        ProblemKind::StaticDirectoryIsPackage => Bilingual::fixed(
            "this is the whole package, and push deletes the static directory; name a folder in it",
            "这是整个扩展组件包，而推送会删除静态文件目录；请填写其中的某个文件夹",
        ),
        ProblemKind::StaticDirectoryMisnamed => Bilingual::fixed(
            "no folder can have this name: it is longer than 255 bytes or holds a NUL character; push fails",
            "文件夹不能使用此名称：它超过 255 字节或含有 NUL 字符；推送会失败",
        ),
        _ => Bilingual::fixed(
            "this lies below a file, so it is no folder; push fails",
            "它位于某个文件之下，不是文件夹；推送会失败",
        ),
    }
}
