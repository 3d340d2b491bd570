//! `irregular-file`: a named pipe, socket or device in the package.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::fs::Irregular;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "irregular-file",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "Something in the package is neither a file nor a folder nor a link.",
            "扩展组件包中有既不是文件、也不是文件夹或链接的条目。",
        ),
        why: Bilingual::fixed(
            "Helm refuses what is no regular file. A named pipe is worse: where ksbuilder opens one, it waits for ever. A socket cannot even be copied, so neither `.helmignore` nor the static directory helps.",
            "Helm 拒绝非普通文件。命名管道更糟：ksbuilder 打开它时会一直等待下去。套接字连复制都无法完成，因此 `.helmignore` 和静态文件目录都无济于事。",
        ),
        severity: Bilingual::fixed("Error: push fails or hangs.", "错误：推送会失败或挂起。"),
        fix: Bilingual::fixed("Delete it.", "将其删除。"),
        bad: Example::with_files("", &[("queue", Entry::Pipe)]),
        good: Example::with_files("", &[("queue", Entry::Text("text\n"))]),
        sources: &[
            "Helm v3.18.1 pkg/chart/loader/directory.go",
            "ksbuilder pkg/utils `CopyDir`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(problem: &Problem) -> Bilingual {
    let path = &problem.path;
    match problem.kind {
        ProblemKind::Irregular(Irregular::Socket) => bilingual!(
            "`{path}` is a socket, which push cannot copy, even if it is ignored",
            "`{path}` 是套接字，即使被忽略，推送也无法复制它",
        ),
        ProblemKind::Irregular(Irregular::Device) => bilingual!(
            "`{path}` leads to a device, which push leaves out; then it fails on the link",
            "`{path}` 指向设备，推送会排除该设备，随后因链接失效而失败",
        ),
        _ => bilingual!(
            "`{path}` is a named pipe; push fails on it or hangs",
            "`{path}` 是命名管道；推送会失败或挂起",
        ),
    }
}
