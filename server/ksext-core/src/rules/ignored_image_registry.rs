//! `ignored-image-registry`: charts that do not heed `global.imageRegistry`.

use super::shared::globals;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;

pub(super) static RULE: Rule = Rule {
    id: "ignored-image-registry",
    severity: Severity::Hint,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A chart's templates never mention `global.imageRegistry`.",
            "chart 的模板从未提到 `global.imageRegistry`。",
        ),
        why: Bilingual::fixed(
            "KubeSphere hands its own registry to every extension as `global.imageRegistry`, so that an installation without access to the internet pulls from there. `ksbuilder lint` renders the charts to see whether they heed it; here their templates are searched.",
            "KubeSphere 会把自己的镜像仓库以 `global.imageRegistry` 传给每个扩展组件，使离线环境从该仓库拉取镜像。`ksbuilder lint` 会渲染 chart 来检查；这里则搜索 chart 的模板。",
        ),
        severity: Bilingual::fixed(
            "Hint: it concerns only platforms that set the value.",
            "提示：只与设置了该值的平台有关。",
        ),
        fix: Bilingual::fixed(
            "Put `global.imageRegistry`, where it is set, in front of the images.",
            "在设置了 `global.imageRegistry` 时，将其加到镜像名称之前。",
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
                        "kind: Deployment\nspec:\n  template:\n    spec:\n      nodeSelector: {{ toJson .Values.global.nodeSelector }}\n      containers:\n        - image: {{ .Values.image }}\n",
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
            "ksbuilder pkg/extension/lint.go `lintGlobalImageRegistry`",
            "KubeSphere pkg/controller/core/installplan_controller.go `getOverrides`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    globals::findings(&RULE, cx, |chart| chart.ignores_registry, words)
}

fn words(en: &str, zh: &str) -> Bilingual {
    bilingual!(
        "workloads of {en} seem to pull their images whatever `global.imageRegistry` says",
        "{zh} 中的工作负载拉取镜像时似乎没有使用 `global.imageRegistry`",
    )
}
