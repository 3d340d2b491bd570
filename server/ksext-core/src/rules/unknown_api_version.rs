//! `unknown-api-version`: a manifest that says to be of another format.

use super::shared::scalar;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "unknown-api-version",
    severity: Severity::Information,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "`apiVersion` is not `kubesphere.io/v1alpha1`.",
            "`apiVersion` 不是 `kubesphere.io/v1alpha1`。",
        ),
        why: Bilingual::fixed(
            "It names the format of extension.yaml, and there is one: `kubesphere.io/v1alpha1`, which `ksbuilder create` writes. `v1` and `v2` are those of a Chart.yaml; older guides show them. Nothing reads the value today; a tool that tells formats apart one day will.",
            "它表示 extension.yaml 的格式，目前只有 `kubesphere.io/v1alpha1` 一种，`ksbuilder create` 写的就是它。`v1` 和 `v2` 是 Chart.yaml 的取值，旧文档中出现过。现在没有程序读取这个值，但将来区分格式的工具会读取。",
        ),
        severity: Bilingual::fixed(
            "Information: ksbuilder only wants it not to be empty, and nothing that is published depends on it.",
            "信息：ksbuilder 只要求它不为空，发布的内容不受影响。",
        ),
        fix: Bilingual::fixed(
            "Write `kubesphere.io/v1alpha1`.",
            "填写 `kubesphere.io/v1alpha1`。",
        ),
        bad: Example::manifest("apiVersion: v1\n"),
        good: Example::manifest("apiVersion: kubesphere.io/v1alpha1\n"),
        sources: &["ksbuilder pkg/extension/templates/extension.yaml, pkg/api/metadata.go"],
    },
    check,
};

const FORMAT: &str = "kubesphere.io/v1alpha1";

fn check(cx: &Context<'_>) -> Vec<Finding> {
    finding(cx).into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let value = &cx.manifest.entry("apiVersion")?.value;
    let version = scalar::text_as_written(cx, value).filter(|version| *version != FORMAT)?;
    let shown = version.escape_debug();
    let message = bilingual!(
        "`{shown}` is not a format of extension.yaml; the only one is `{FORMAT}`",
        "`{shown}` 不是 extension.yaml 的格式；唯一的格式是 `{FORMAT}`",
    );
    let finding = RULE.finding(cx.manifest.span(value.node), message);
    // Those of charts say nothing here; whatever else may be a format that ksext does not know yet.
    let safety = match version {
        "v1" | "v2" => Safety::Safe,
        _ => Safety::Unsafe,
    };
    Some(scalar::rewriting(cx, finding, value.node, FORMAT, safety))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::check_text;

    #[test]
    fn the_value_is_marked() {
        check_text("apiVersion: 'v2' # 😀\r\n", &["unknown-api-version: 'v2'"]);
        check_text(
            "apiVersion: kubesphere.io/v1beta1\n",
            &["unknown-api-version: kubesphere.io/v1beta1"],
        );
        check_text("apiVersion: \"kubesphere.io/v1alpha1\"\n", &[]);
        check_text("apiVersion: ''\n", &["missing-required: ''"]);
    }
}
