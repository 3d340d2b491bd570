//! `unused-image`: a listed image that no chart uses.

use std::collections::HashMap;

use super::shared::{images, scalar};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Text;
use crate::package::PkgPath;
use crate::package::image_name::ImageName;
use crate::package::usage::Usage;

pub(super) static RULE: Rule = Rule {
    id: "unused-image",
    severity: Severity::Information,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "A listed image occurs in no chart, or only with another tag.",
            "列出的镜像没有出现在任何 chart 中，或仅以其他标签出现。",
        ),
        why: Bilingual::fixed(
            "The list tells who installs without access to the internet which images to copy. When a chart moves on and the list does not, the image that is needed is missing there. `ksbuilder lint` warns likewise, after rendering the charts; here their values and templates are searched.",
            "这个列表告诉离线安装的人需要同步哪些镜像。如果 chart 更新了而列表没有更新，所需的镜像就会缺失。`ksbuilder lint` 渲染 chart 之后也会给出同样的警告；这里则搜索 chart 的值和模板。",
        ),
        severity: Bilingual::fixed(
            "Information: an image may be named where it cannot be seen without rendering.",
            "信息：镜像可能以不渲染就看不到的方式出现。",
        ),
        fix: Bilingual::fixed(
            "Correct the name or tag, or delete the item.",
            "更正名称或标签，或删除该项。",
        ),
        bad: Example::with_files(
            "dependencies: [{name: web}]\nimages:\n  - docker.io/kubesphere/kubectl:v1.27.4\n",
            &[
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
                ),
                (
                    "charts/web/values.yaml",
                    Entry::Text("image:\n  repository: kubesphere/kubectl\n  tag: v1.27.12\n"),
                ),
            ],
        ),
        good: Example::with_files(
            "dependencies: [{name: web}]\nimages:\n  - docker.io/kubesphere/kubectl:v1.27.12\n",
            &[
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
                ),
                (
                    "charts/web/values.yaml",
                    Entry::Text("image:\n  repository: kubesphere/kubectl\n  tag: v1.27.12\n"),
                ),
            ],
        ),
        sources: &["ksbuilder pkg/extension/lint.go `lintExtensionsImages`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(usage) = images::usage(cx) else {
        return Vec::new();
    };
    let used = images::by_last(images::used(usage));
    let listed = images::listed(cx.manifest);
    listed
        .iter()
        .filter_map(|image| finding(cx, usage, &used, image))
        .collect()
}

/// What the charts use, by the last part of its path.
type Used<'u> = HashMap<&'u str, Vec<(ImageName<'u>, &'u PkgPath)>>;

fn finding(cx: &Context<'_>, usage: &Usage, used: &Used<'_>, image: &Text) -> Option<Finding> {
    let name = ImageName::parse(&image.value)?;
    let text = &image.value;
    if !usage.mentions(name.last()) {
        let message = bilingual!(
            "no chart's values or templates name `{text}`",
            "没有 chart 的值或模板提到 `{text}`",
        );
        return Some(RULE.finding(image.span, message));
    }
    let tag = name.tag.filter(|tag| !usage.mentions(tag))?;
    let mut alike = used.get(name.last())?.iter();
    let (used, place) =
        alike.find(|(used, _)| used.tag.is_some() && images::are_alike(used, &name))?;
    let used = used.tag?;
    let message = bilingual!(
        "the charts use `{used}` of this image, not `{tag}`",
        "chart 使用的是该镜像的 `{used}`，而不是 `{tag}`",
    );
    let finding = RULE.finding(image.span, message).related_to(
        Location::start_of(place),
        bilingual!("uses `{used}`", "使用 `{used}`"),
    );
    let Some(before) = text.strip_suffix(tag).filter(|_| name.digest.is_none()) else {
        return Some(finding);
    };
    let title = bilingual!("Write `{used}`", "改写为 `{used}`");
    let text = format!("{before}{used}");
    let safety = Safety::Unsafe;
    Some(scalar::replacing(
        cx, finding, image.node, &text, safety, title,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::findings_with_files;

    #[test]
    fn the_fix_keeps_the_quotes_and_leaves_anchors_alone() {
        for (written, fixed) in [
            (
                "'kubesphere/kubectl:v1.27.4'",
                &["'kubesphere/kubectl:v1.27.12'"][..],
            ),
            (
                "kubesphere/kubectl:v1.27.4",
                &["kubesphere/kubectl:v1.27.12"],
            ),
            ("&a kubesphere/kubectl:v1.27.4", &[]),
        ] {
            let manifest = format!("dependencies: [{{name: web}}]\nimages: [{written}]\n");
            let findings = findings_with_files(&manifest, RULE.page.bad.files);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            let fixes = &own.expect("a finding").fixes;
            let edits = fixes.iter().flat_map(|fix| &fix.edits);
            let texts: Vec<_> = edits.map(|(_, edit)| edit.text.as_str()).collect();
            assert_eq!(texts, fixed, "{manifest}");
        }
    }
}
