//! `unlisted-image`: images that the charts use and the manifest does not list.

use super::shared::images;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Severity};
use crate::lang::Bilingual;
use crate::package::image_name::ImageName;

/// How many images a message names.
const NAMED: usize = 3;

pub(super) static RULE: Rule = Rule {
    id: "unlisted-image",
    severity: Severity::Information,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "Charts use images that `images` does not list.",
            "chart 使用了 `images` 未列出的镜像。",
        ),
        why: Bilingual::fixed(
            "The list tells who installs without access to the internet which images to copy; one that is missing cannot be pulled there. Looked at are values in force of the usual forms and plain names in templates; what is switched off by `enabled: false` or a condition is passed over.",
            "这个列表告诉离线安装的人需要同步哪些镜像；缺失的镜像在那里无法拉取。检查的是生效的常见形式的值和模板中的明文名称；被 `enabled: false` 或条件关闭的部分会被跳过。",
        ),
        severity: Bilingual::fixed(
            "Information: an image may belong to a part that is never installed.",
            "信息：镜像可能属于从不安装的部分。",
        ),
        fix: Bilingual::fixed(
            "List the images that an installation needs.",
            "列出安装所需的镜像。",
        ),
        bad: Example::with_files(
            "dependencies: [{name: web}]\nimages:\n  - docker.io/kubesphere/kubectl:v1.27.12\n",
            &[
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
                ),
                (
                    "charts/web/values.yaml",
                    Entry::Text(
                        "image: docker.io/example/web:v1\nkubectlImage: docker.io/kubesphere/kubectl:v1.27.12\n",
                    ),
                ),
            ],
        ),
        good: Example::with_files(
            "dependencies: [{name: web}]\nimages:\n  - docker.io/kubesphere/kubectl:v1.27.12\n  - docker.io/example/web:v1\n",
            &[
                (
                    "charts/web/Chart.yaml",
                    Entry::Text("apiVersion: v2\nname: web\nversion: 1.0.0\n"),
                ),
                (
                    "charts/web/values.yaml",
                    Entry::Text(
                        "image: docker.io/example/web:v1\nkubectlImage: docker.io/kubesphere/kubectl:v1.27.12\n",
                    ),
                ),
            ],
        ),
        sources: &["KubeSphere extension developer guide, Package Extensions"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    finding(cx).into_iter().collect()
}

fn finding(cx: &Context<'_>) -> Option<Finding> {
    let listed = images::listed(cx.manifest);
    let known: Vec<_> = listed
        .iter()
        .filter_map(|image| ImageName::parse(&image.value))
        .collect();
    // Without a list, or with one that cannot be read, there is nothing to compare with.
    if known.is_empty() || known.len() < listed.len() {
        return None;
    }
    let usage = images::usage(cx)?;
    let known = images::by_last(known.into_iter().map(|name| (name, ())));
    let is_listed = |name: &ImageName<'_>| {
        let mut alike = known.get(name.last()).into_iter().flatten();
        alike.any(|(known, ())| images::are_alike(known, name))
    };
    let images = usage.images.iter();
    let unlisted: Vec<_> = images
        .filter(|(name, _)| ImageName::parse(name).is_some_and(|name| !is_listed(&name)))
        .collect();
    let named = unlisted.iter().take(NAMED);
    let named: Vec<_> = named.map(|(name, _)| format!("`{name}`")).collect();
    let more = unlisted.len() - named.len();
    let (en, zh) = (named.join(", "), named.join("、"));
    let message = match (named.len(), more) {
        (0, _) => return None,
        (1, _) => bilingual!(
            "the charts use {en}, which is not listed",
            "chart 使用了未列出的镜像 {zh}",
        ),
        (_, 0) => bilingual!(
            "the charts use {en}, which are not listed",
            "chart 使用了未列出的镜像 {zh}",
        ),
        (_, more) => bilingual!(
            "the charts use {en} and {more} more that are not listed",
            "chart 使用了 {zh} 等镜像，另有 {more} 个也未列出",
        ),
    };
    let key = cx.manifest.entry("images")?.key_node;
    let mut finding = RULE.finding(cx.manifest.span(key), message);
    for (name, source) in unlisted {
        finding = finding.related_to(
            Location::start_of(source),
            bilingual!("uses `{name}`", "使用 `{name}`"),
        );
    }
    Some(finding)
}
