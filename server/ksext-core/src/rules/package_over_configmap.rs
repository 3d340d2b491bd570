//! `package-over-configmap`: a package that `ksbuilder publish` cannot bring into a cluster.

use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::{Bilingual, show_size};
use crate::package::cluster::MAX_ARCHIVE;

pub(super) static RULE: Rule = Rule {
    id: "package-over-configmap",
    severity: Severity::Information,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`ksbuilder publish` makes a ConfigMap of the package, and this one is too large for it.",
            "`ksbuilder publish` 会把扩展组件包放进 ConfigMap，而它超过了 ConfigMap 的大小限制。",
        ),
        why: Bilingual::fixed(
            "`publish`, which installs an extension straight into a cluster to try it, uploads no images and removes no static directory: all of it goes into a ConfigMap, which holds 1 MiB at most. Push to KubeSphere Cloud is not concerned.",
            "`publish` 用于把扩展组件直接装入集群试用，它不上传图片，也不移除静态文件目录：全部内容都放进一个最多 1 MiB 的 ConfigMap。推送到 KubeSphere Cloud 不受影响。",
        ),
        severity: Bilingual::fixed(
            "Information: it concerns only those who publish to a cluster.",
            "信息：仅影响发布到集群的人。",
        ),
        fix: Bilingual::fixed(
            "Make the images smaller, or keep them online and write their URLs.",
            "缩小图片，或把图片放在网上并填写其 URL。",
        ),
        bad: Example {
            limit: Some(1_048_576),
            ..Example::with_files(
                "screenshots: [./static/a.png]\nstaticFileDirectory: static\n",
                &[("static/a.png", Entry::Photo(1_100_000))],
            )
        },
        good: Example {
            limit: Some(1_048_576),
            ..Example::manifest("")
        },
        sources: &[
            "ksbuilder cmd/publish.go",
            "Kubernetes pkg/apis/core/validation `ValidateConfigMap`",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let published = cx.contents.and_then(|contents| contents.published);
    let Some(size) = published.filter(|size| *size > MAX_ARCHIVE) else {
        return Vec::new();
    };
    let name = cx.manifest.entry("name");
    let name = name.map(|entry| cx.manifest.span(entry.value.node));
    let place = name.unwrap_or_else(|| cx.manifest.first_key());
    let size = show_size(size);
    let message = bilingual!(
        "`ksbuilder publish` would make {size} of it, images and all, and a ConfigMap holds 1 MiB at most; push is not concerned",
        "`ksbuilder publish` 打包后（含图片）为 {size}，而 ConfigMap 最多容纳 1 MiB；推送不受影响",
    );
    vec![RULE.finding(place, message)]
}
