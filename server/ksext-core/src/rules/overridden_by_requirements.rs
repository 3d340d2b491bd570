//! `overridden-by-requirements`: a `requirements.yaml` that changes what extension.yaml says.

use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Severity};
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::package::load::Why;
use crate::package::requirements::{FILE_NAME, overrides};

pub(super) static RULE: Rule = Rule {
    id: "overridden-by-requirements",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`requirements.yaml` changes what extension.yaml says.",
            "`requirements.yaml` 会改变 extension.yaml 的内容。",
        ),
        why: Bilingual::fixed(
            "Helm still reads the `requirements.yaml` of its second version, and lays all that stands in it over the Chart.yaml that push makes of extension.yaml: dependencies, and name and version too. The archive is then called otherwise than the extension that it is uploaded to.",
            "Helm 仍会读取第二版遗留的 `requirements.yaml`，并把其中的全部内容覆盖到推送根据 extension.yaml 生成的 Chart.yaml 上：不仅是依赖，还有名称和版本。于是归档的名称会与上传到的扩展组件不一致。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and the chart is not what extension.yaml says.",
            "警告：推送会成功，但 chart 与 extension.yaml 不一致。",
        ),
        fix: Bilingual::fixed(
            "Move the dependencies to extension.yaml and delete `requirements.yaml`.",
            "把依赖移到 extension.yaml，并删除 `requirements.yaml`。",
        ),
        bad: Example::with_files(
            "",
            &[("requirements.yaml", Entry::Text("version: 2.0.0\n"))],
        ),
        good: Example::manifest(""),
        sources: &["Helm v3.18.1 pkg/chart/loader/load.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let file = PkgPath::from(FILE_NAME);
    let Some(contents) = cx
        .contents
        .filter(|_| cx.manifest.tree().errors().is_empty())
    else {
        return Vec::new();
    };
    let is_left_out = contents
        .dropped
        .iter()
        .any(|dropped| dropped.path == file && dropped.why != Why::Merged);
    let Some(source) = contents.text(&file).filter(|_| !is_left_out) else {
        return Vec::new();
    };
    let overrides = overrides(cx.manifest, source).into_iter();
    overrides
        .map(|over| {
            let key = over.key;
            let message = bilingual!(
                "`{key}` here replaces that of extension.yaml; move it there and delete this file",
                "此处的 `{key}` 会取代 extension.yaml 中的内容；请移到那里并删除此文件",
            );
            let location = Location {
                file: file.clone(),
                span: over.span,
            };
            RULE.finding_at(location, message)
        })
        .collect()
}
