//! `untagged-image`: a listed image without a tag, or with `latest`.

use super::shared::images;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::image_name::ImageName;

pub(super) static RULE: Rule = Rule {
    id: "untagged-image",
    severity: Severity::Information,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "A listed image has no tag, or `latest`.",
            "列出的镜像没有标签，或标签为 `latest`。",
        ),
        why: Bilingual::fixed(
            "What such a name means changes with every release of the image: who copies it later gets another one than was tested.",
            "这样的名称所指的内容会随镜像的每次发布而变化：以后同步的人得到的镜像与测试时的不同。",
        ),
        severity: Bilingual::fixed(
            "Information: guidance for the review.",
            "信息：供审核参考。",
        ),
        fix: Bilingual::fixed(
            "Write the tag that the charts use, or a digest.",
            "写明 chart 使用的标签，或使用摘要。",
        ),
        bad: Example::manifest("images:\n  - docker.io/kubesphere/kubectl\n"),
        good: Example::manifest("images:\n  - docker.io/kubesphere/kubectl:v1.27.12\n"),
        sources: &["Kubernetes documentation, Images"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let listed = images::listed(cx.manifest);
    let finding = |image: &crate::manifest::Text| {
        let name = ImageName::parse(&image.value)?;
        let text = &image.value;
        let message = match (name.tag, name.digest) {
            (None, None) => bilingual!(
                "`{text}` has no tag, which means `latest`: another image with each release",
                "`{text}` 没有标签，即 `latest`：每次发布都是不同的镜像",
            ),
            (Some("latest"), None) => bilingual!(
                "`{text}` is another image with each release; write the tag that was tested",
                "`{text}` 在每次发布时都是不同的镜像；请写明测试过的标签",
            ),
            _ => return None,
        };
        Some(RULE.finding(image.span, message))
    };
    listed.iter().filter_map(finding).collect()
}
