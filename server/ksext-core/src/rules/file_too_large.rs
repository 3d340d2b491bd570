//! `file-too-large`: a file that is larger than Helm loads.

use super::shared::ignoring;
use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::lang::show_size;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "file-too-large",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed("A file is larger than 5 MiB.", "文件大于 5 MiB。"),
        why: Bilingual::fixed(
            "Helm loads no file of more than 5 242 880 bytes, however well it would compress.",
            "无论压缩率多高，Helm 都不会加载超过 5 242 880 字节的文件。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it loads the package.",
            "错误：推送在加载扩展组件包时失败。",
        ),
        fix: Bilingual::fixed(
            "Move the file out of the package, or leave it out by `.helmignore`.",
            "把文件移出扩展组件包，或用 `.helmignore` 排除它。",
        ),
        bad: Example::with_files("", &[("dump.sql", Entry::Zeros(5_242_881))]),
        good: Example::with_files("", &[("dump.sql", Entry::Zeros(5_242_880))]),
        sources: &["Helm v3.18.1 pkg/chart/loader/archive.go `MaxDecompressedFileSize`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::of(&RULE, cx)
        .map(|problem| {
            let finding = RULE.finding_at(problems::location(problem), words(problem));
            ignoring::with_ignore_line(cx, finding, &problem.path)
        })
        .collect()
}

fn words(problem: &Problem) -> Bilingual {
    let path = &problem.path;
    let size = match problem.kind {
        ProblemKind::FileTooLarge { len } => show_size(len),
        _ => String::new(),
    };
    bilingual!(
        "`{path}` has {size}, and Helm takes 5 MiB at most; push fails",
        "`{path}` 大小为 {size}，而 Helm 最多接受 5 MiB；推送会失败",
    )
}
