//! `invalid-values-schema`: a values.schema.json that is not JSON.

use super::shared::problems;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::Problem;

pub(super) static RULE: Rule = Rule {
    id: "invalid-values-schema",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "values.schema.json is not JSON.",
            "values.schema.json 不是 JSON。",
        ),
        why: Bilingual::fixed(
            "Helm checks it when it writes the archive. An empty file counts as none.",
            "Helm 在写归档时检查它。空文件视为没有。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails while it packs.",
            "错误：推送在打包时失败。",
        ),
        fix: Bilingual::fixed(
            "Correct the file, or delete it.",
            "修正该文件，或将其删除。",
        ),
        bad: Example::with_files(
            "",
            &[("values.schema.json", Entry::Text("{type: object}\n"))],
        ),
        good: Example::with_files(
            "",
            &[(
                "values.schema.json",
                Entry::Text("{\"type\": \"object\"}\n"),
            )],
        ),
        sources: &["Helm v3.18.1 pkg/chartutil/save.go `writeTarContents`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    problems::findings(&RULE, cx, words)
}

fn words(problem: &Problem) -> Bilingual {
    let path = &problem.path;
    bilingual!(
        "`{path}` is not JSON; push fails (`invalid JSON in values.schema.json`)",
        "`{path}` 不是 JSON；推送会失败（`invalid JSON in values.schema.json`）",
    )
}
