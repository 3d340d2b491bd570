//! `path-escapes-package`: a value or link that leads out of the package.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Severity};
use crate::lang::Bilingual;
use crate::package::fs::LookupError;
use crate::package::local::Missing;
use crate::package::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "path-escapes-package",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A path in the manifest or a link leads out of the package.",
            "清单中的路径或某个链接指向扩展组件包之外。",
        ),
        why: Bilingual::fixed(
            "Push copies the package to a temporary folder and follows what it finds there. An icon or screenshot with `..` uploads a file of the machine that is none of the package's; a `staticFileDirectory` that leaves the package is deleted, wherever it is; an absolute link puts foreign files into the archive, and one called `Chart.yaml`, `extension.yaml` or like the archive is written through. An absolute link to a place in the package itself harms nobody, but it works only where the package lies now.",
            "推送会把扩展组件包复制到临时文件夹，并顺着其中的路径和链接操作。带 `..` 的图标或截图会上传本机上不属于该包的文件；指向包外的 `staticFileDirectory` 无论在哪里都会被删除；绝对链接会把外部文件放进归档；名为 `Chart.yaml`、`extension.yaml` 或与归档同名的绝对链接，其目标会被改写。指向包内的绝对链接虽然无害，但只在扩展组件包位于当前位置时有效。",
        ),
        severity: Bilingual::fixed(
            "Error, although ksbuilder may go through with it: something is leaked or destroyed. Of an absolute link into the package it is a warning.",
            "错误，尽管 ksbuilder 可能照常执行：会有内容被泄露或破坏。指向包内的绝对链接为警告。",
        ),
        fix: Bilingual::fixed(
            "Put the file into the package and name it from there.",
            "把文件放进扩展组件包，并使用包内路径。",
        ),
        bad: Example::manifest("icon: ../logo.svg\n"),
        good: Example::with_files(
            "icon: ./logo.svg\n",
            &[(
                "logo.svg",
                Entry::Text("<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"),
            )],
        ),
        sources: &[
            "ksbuilder cmd/push.go, pkg/utils `CopyDir`",
            "Helm v3.18.1 internal/sympath/walk.go",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = problems::findings(&RULE, cx, words);
    for (file, found) in &cx.named_files {
        let (field, value) = (file.field, &file.value);
        let message = match found {
            Err(Missing::Escapes(_)) => bilingual!(
                "`{field}` points to `{value}`, which lies outside of the package; push would upload it or fail on it",
                "`{field}` 指向的 `{value}` 位于扩展组件包之外；推送会上传它，或因此失败",
            ),
            Err(Missing::Lookup(LookupError::Escapes { link })) => bilingual!(
                "`{field}` points to `{value}`, and the link `{link}` leads out of the package; push would upload what is there",
                "`{field}` 指向 `{value}`，而链接 `{link}` 指向扩展组件包之外；推送会上传链接的目标",
            ),
            _ => continue,
        };
        findings.push(RULE.finding(file.span, message));
    }
    let inside = cx.contents.map(|contents| &contents.absolute_links[..]);
    for (link, target) in inside.unwrap_or_default() {
        let message = bilingual!(
            "`{link}` is an absolute link to `{target}` in this package, so it breaks wherever else the package lies; make it a relative one",
            "`{link}` 是指向扩展组件包中 `{target}` 的绝对链接，换个位置就会失效；请改为相对链接",
        );
        let mut finding = RULE.finding_at(Location::start_of(link), message);
        finding.severity = Severity::Warning;
        findings.push(finding);
    }
    findings
}

fn words(problem: &Problem) -> Bilingual {
    let path = &problem.path;
    match &problem.kind {
        ProblemKind::StaticDirectoryEscapes => Bilingual::fixed(
            "`staticFileDirectory` lies outside of the package; push would delete what is there",
            "`staticFileDirectory` 位于扩展组件包之外；推送会删除那里的内容",
        ),
        ProblemKind::WrittenThroughLink(_) => bilingual!(
            "`{path}` is a link that is absolute or leads out of the package; push would overwrite the file that it points to",
            "`{path}` 是绝对链接或指向扩展组件包之外的链接；推送会覆盖它所指向的文件",
        ),
        _ => bilingual!(
            "`{path}` is a link that leads out of the package; push would pack what it points to, or fail",
            "`{path}` 是指向扩展组件包之外的链接；推送会打包链接的目标，或因此失败",
        ),
    }
}
