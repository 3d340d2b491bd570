//! `unreadable-file`: a file that cannot be read.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::fs::FsErrorKind;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "unreadable-file",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A file or folder of the package cannot be read, or not changed where push must.",
            "扩展组件包中的某个文件或文件夹无法读取，或无法按推送的需要修改。",
        ),
        why: Bilingual::fixed(
            "Push copies the whole folder first, ignored files and the static directory included, and stops at the first that it may not read. The copies keep their rights, so it cannot write a read-only extension.yaml or Chart.yaml nor empty a read-only static directory. A path may have 4096 bytes at most.",
            "推送会先复制整个文件夹，包括被忽略的文件和静态文件目录，遇到第一个无权读取的条目就会停止。副本保留原有权限，因此推送无法写入只读的 extension.yaml 或 Chart.yaml，也无法清空只读的静态文件目录。路径最长 4096 字节。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it copies the package.",
            "错误：推送在复制扩展组件包时失败。",
        ),
        fix: Bilingual::fixed(
            "Give yourself the right to read and write it, or move it out of the package.",
            "授予自己读写权限，或把它移出扩展组件包。",
        ),
        bad: Example::with_files("", &[("Chart.yaml", Entry::Folder)]),
        good: Example::manifest(""),
        sources: &["ksbuilder pkg/utils `CopyDir`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(problem: &Problem) -> Bilingual {
    let path = &problem.path;
    match &problem.kind {
        ProblemKind::Unreadable(FsErrorKind::Denied) => bilingual!(
            "you have no permission to read `{path}`; push fails",
            "您没有读取 `{path}` 的权限；推送会失败",
        ),
        ProblemKind::Unreadable(FsErrorKind::NotFound) => {
            bilingual!(
                "`{path}` disappeared while it was read",
                "`{path}` 在读取过程中消失了"
            )
        }
        ProblemKind::Unreadable(FsErrorKind::WrongKind) => bilingual!(
            "`{path}` is a folder where a file is needed; push fails",
            "`{path}` 应为文件，实际是文件夹；推送会失败",
        ),
        ProblemKind::ReadOnly => bilingual!(
            "`{path}` is read-only, and so is the copy of it that push has to change; push fails",
            "`{path}` 是只读的，推送需要修改的副本也是只读的；推送会失败",
        ),
        ProblemKind::PathTooLong => bilingual!(
            "`{path}` holds a path that is too long; push fails",
            "`{path}` 中有过长的路径；推送会失败",
        ),
        _ => bilingual!(
            "`{path}` cannot be read; push fails",
            "无法读取 `{path}`；推送会失败",
        ),
    }
}
