//! `archive-name-too-long`: a name and version that make no file name.

use super::shared::problems;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::{Problem, ProblemKind};

/// A version of 256 bytes less what the name in the tests takes.
const LONG: &str = concat!(
    "version: 1.0.0-",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "a\n",
);

pub(super) static RULE: Rule = Rule {
    id: "archive-name-too-long",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`name` and `version` together are too long for a file's name.",
            "`name` 和 `version` 合起来超过了文件名的长度限制。",
        ),
        why: Bilingual::fixed(
            "Push packs into a file called `<name>-<version>.tgz`. A file's name has 255 bytes at most; a Chinese character counts three.",
            "推送打包成名为 `<name>-<version>.tgz` 的文件。文件名最长 255 字节，一个汉字占 3 字节。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails with `file name too long`.",
            "错误：推送会失败，提示 `file name too long`。",
        ),
        fix: Bilingual::fixed("Shorten the longer of the two.", "缩短两者中较长的一个。"),
        bad: Example::manifest(LONG),
        good: Example::manifest("version: 1.0.0-aaaa\n"),
        sources: &["Helm v3.18.1 pkg/chartutil/save.go `Save`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(problem: &Problem) -> Bilingual {
    let len = match problem.kind {
        ProblemKind::ArchiveNameTooLong { len } => len,
        _ => 0,
    };
    bilingual!(
        "`<name>-<version>.tgz` would have {len} bytes, and a file's name has 255 at most; push fails",
        "`<name>-<version>.tgz` 将有 {len} 字节，而文件名最长 255 字节；推送会失败",
    )
}
