//! `ignored-node-selector`: charts that do not heed `global.nodeSelector`.

use super::shared::globals;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "ignored-node-selector",
    severity: Severity::Hint,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A chart's templates never mention `global.nodeSelector`.",
            "chart 的模板从未提到 `global.nodeSelector`。",
        ),
        why: Bilingual::fixed(
            "KubeSphere hands `global.nodeSelector` to every extension, so that an administrator decides on which nodes extensions run. `ksbuilder lint` renders the charts to see whether they heed it; here their templates are searched.",
            "KubeSphere 会把 `global.nodeSelector` 传给每个扩展组件，由管理员决定扩展组件运行在哪些节点上。`ksbuilder lint` 会渲染 chart 来检查；这里则搜索 chart 的模板。",
        ),
        severity: Bilingual::fixed(
            "Hint: it concerns only platforms that set the value.",
            "提示：只与设置了该值的平台有关。",
        ),
        fix: Bilingual::fixed(
            "Add `global.nodeSelector` to the `nodeSelector` of the pods.",
            "把 `global.nodeSelector` 加入 Pod 的 `nodeSelector`。",
        ),
        bad: Example::with_files(
            "dependencies:\n  - name: web\n",
            &[
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
                ),
                (
                    "charts/web/templates/deployment.yaml",
                    Entry::Text(
                        "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: {{ .Values.global.imageRegistry }}/{{ .Values.image }}\n",
                    ),
                ),
            ],
        ),
        good: Example::with_files(
            "dependencies:\n  - name: web\n",
            &[
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
                ),
                (
                    "charts/web/templates/deployment.yaml",
                    Entry::Text(
                        "kind: Deployment\nspec:\n  template:\n    spec:\n      nodeSelector: {{ toJson .Values.global.nodeSelector }}\n      containers:\n        - image: {{ .Values.global.imageRegistry }}/{{ .Values.image }}\n",
                    ),
                ),
            ],
        ),
        sources: &[
            "ksbuilder pkg/extension/lint.go `lintGlobalNodeSelector`",
            "KubeSphere pkg/controller/core/installplan_controller.go `getOverrides`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    globals::findings(&RULE, cx, |chart| chart.ignores_selector, words)
}

fn words(en: &str, zh: &str) -> Bilingual {
    bilingual!(
        "workloads of {en} seem to run on any node whatever `global.nodeSelector` says",
        "{zh} 中的工作负载似乎没有使用 `global.nodeSelector`，可能运行在任意节点上",
    )
}
