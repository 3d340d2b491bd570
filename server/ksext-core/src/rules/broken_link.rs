//! `broken-link`: a symbolic link that leads nowhere.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::fs::LookupError;
use crate::package::rewrite::static_directory;
use crate::package::{PkgPath, Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    id: "broken-link",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A symbolic link points at nothing, or in a circle.",
            "符号链接指向不存在的目标，或形成循环。",
        ),
        why: Bilingual::fixed(
            "Helm follows every link in the package, even those that `.helmignore` leaves out, and refuses the package at the first that leads nowhere. Push removes the static directory before that, so a link into it leads nowhere by then.",
            "Helm 会跟随扩展组件包中的每个链接，包括 `.helmignore` 排除的链接；遇到第一个失效的链接就会拒绝整个扩展组件包。推送在此之前会移除静态文件目录，因此指向其中的链接届时也会失效。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it loads the package.",
            "错误：推送在加载扩展组件包时失败。",
        ),
        fix: Bilingual::fixed(
            "Replace the link by the file that it should point to, or delete it.",
            "用链接应指向的文件替换它，或将其删除。",
        ),
        bad: Example::with_files("", &[("docs.md", Entry::Link("nowhere.md"))]),
        good: Example::with_files("", &[("docs.md", Entry::Link("README.md"))]),
        sources: &["Helm v3.18.1 internal/sympath/walk.go `symwalk`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let value = cx.manifest.static_directory();
    let removed = value.and_then(|text| static_directory(cx.files?, &text.value).ok()?);
    problems::of(&RULE, cx)
        .map(|problem| {
            RULE.finding_at(
                problems::location(problem),
                words(problem, removed.as_ref()),
            )
        })
        .collect()
}

fn words(problem: &Problem, removed: Option<&PkgPath>) -> Bilingual {
    let path = &problem.path;
    let (ProblemKind::Link(error) | ProblemKind::WrittenThroughLink(error)) = &problem.kind else {
        return bilingual!(
            "`{path}` cannot be followed; push fails",
            "无法跟随 `{path}`；推送会失败"
        );
    };
    match error {
        LookupError::Dangling { target, .. }
            if removed.is_some_and(|folder| target.below(folder).is_some()) =>
        {
            bilingual!(
                "`{path}` is a link to `{target}`, which push removes with the static directory; then push fails",
                "`{path}` 是指向 `{target}` 的链接，推送会随静态文件目录一起移除该目标，随后推送失败",
            )
        }
        LookupError::Dangling { target, .. } => bilingual!(
            "`{path}` is a link to `{target}`, which does not exist; push fails, even if the link is ignored",
            "`{path}` 是指向 `{target}` 的链接，而该目标不存在；即使链接被忽略，推送也会失败",
        ),
        LookupError::Loop { .. } => bilingual!(
            "`{path}` is a link that leads in a circle; push fails",
            "`{path}` 是形成循环的链接；推送会失败",
        ),
        _ => bilingual!(
            "`{path}` is a link that cannot be followed; push fails",
            "`{path}` 是无法跟随的链接；推送会失败",
        ),
    }
}
