//! `condition-not-boolean`: a condition that leads to something else than true or false.

use serde_json::Value as Json;

use super::shared::conditions::{self, Values};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::manifest::Text;

pub(super) static RULE: Rule = Rule {
    id: "condition-not-boolean",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "The value of a dependency's condition is neither true nor false.",
            "依赖的条件对应的值不是 true 或 false。",
        ),
        why: Bilingual::fixed(
            "Helm takes nothing but a boolean for an answer; `\"false\"` in quotes is a text. It logs a warning that nobody sees and installs the chart.",
            "Helm 只接受布尔值；带引号的 `\"false\"` 是文本。Helm 只会记录一条没人看到的警告，然后照常安装该 chart。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and the switch does not work.",
            "警告：推送会成功，但这个开关不起作用。",
        ),
        fix: Bilingual::fixed(
            "Write `true` or `false` without quotes in values.yaml.",
            "在 values.yaml 中写不带引号的 `true` 或 `false`。",
        ),
        bad: Example::with_files(
            "dependencies:\n  - name: web\n    condition: web.enabled\n",
            &[
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
                ),
                ("values.yaml", Entry::Text("web:\n  enabled: \"false\"\n")),
            ],
        ),
        good: Example::with_files(
            "dependencies:\n  - name: web\n    condition: web.enabled\n",
            &[
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
                ),
                ("values.yaml", Entry::Text("web:\n  enabled: false\n")),
            ],
        ),
        sources: &["Helm v3.18.1 pkg/chartutil/dependencies.go `processDependencyConditions`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    conditions::findings(cx, |values, dependency| {
        finding(values, dependency.key(), dependency.condition.as_ref()?)
    })
}

fn finding(values: &Values<'_>, chart: &str, condition: &Text) -> Option<Finding> {
    let paths = condition.value.trim().split(',');
    let answers: Vec<_> = paths
        .filter_map(|path| Some((path, values.answer(path)?)))
        .collect();
    if answers.iter().any(|(_, answer)| answer.is_boolean()) {
        return None;
    }
    let (path, answer) = answers.first()?;
    let (en, zh) = match answer {
        Json::String(_) => ("the text", "文本"),
        Json::Number(_) => ("the number", "数字"),
        _ => ("the list", "列表"),
    };
    let answer = shortened(&answer.to_string());
    let message = bilingual!(
        "`{path}` in values.yaml is {en} `{answer}`, and Helm takes only `true` or `false`: `{chart}` is installed whatever it says",
        "values.yaml 中的 `{path}` 是{zh} `{answer}`，而 Helm 只接受 `true` 或 `false`：无论其值如何都会安装 `{chart}`",
    );
    Some(RULE.finding(condition.span, message))
}

/// The most characters of a value that a message shows.
const MAX_SHOWN: usize = 40;

/// The beginning of a value that is long.
fn shortened(value: &str) -> String {
    match value.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut_between_characters() {
        for (value, shown) in [
            ("观".repeat(40), "观".repeat(40)),
            ("观".repeat(41), format!("{}…", "观".repeat(40))),
        ] {
            assert_eq!(shortened(&value), shown);
        }
    }
}
