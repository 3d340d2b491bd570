//! `malformed-image`: an item of `images` that is no image name.

use super::shared::{images, scalar};
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Safety, Severity};
use crate::lang::Bilingual;
use crate::manifest::Text;
use crate::package::image_name::ImageName;

pub(super) static RULE: Rule = Rule {
    id: "malformed-image",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "An item of `images` is not the name of a container image.",
            "`images` 中的某一项不是容器镜像名称。",
        ),
        why: Bilingual::fixed(
            "Push publishes the list as it is. Whoever copies the images to a registry without access to the internet works through it, and the item fails there: a stray quote, a blank, `https://` in front, capital letters in the path.",
            "推送会原样发布这个列表。为离线环境同步镜像的人会逐项使用它，而这一项会失败：多余的引号或空格、开头的 `https://`、路径中的大写字母等。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and the published list has an image that cannot be pulled.",
            "警告：推送会成功，但发布的列表中有无法拉取的镜像。",
        ),
        fix: Bilingual::fixed(
            "Write the name as `docker pull` takes it: `registry/path/name:tag`.",
            "按 `docker pull` 接受的形式书写：`registry/path/name:tag`。",
        ),
        bad: Example::manifest("images:\n  - docker.io/kubesphere/kubectl:v1.27.12\"\n"),
        good: Example::manifest("images:\n  - docker.io/kubesphere/kubectl:v1.27.12\n"),
        sources: &["distribution/reference reference.go, normalize.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let listed = images::listed(cx.manifest);
    let malformed = listed
        .iter()
        .filter(|image| ImageName::parse(&image.value).is_none());
    malformed.map(|image| finding(cx, image)).collect()
}

fn finding(cx: &Context<'_>, image: &Text) -> Finding {
    let name = &image.value;
    if name.is_empty() {
        let message = Bilingual::fixed(
            "this item is empty; write an image name or delete it",
            "此项为空；请填写镜像名称或删除它",
        );
        return RULE.finding(image.span, message);
    }
    let message = bilingual!(
        "`{name}` is not the name of an image such as `docker.io/kubesphere/kubectl:v1.27.12`, and cannot be pulled",
        "`{name}` 不是 `docker.io/kubesphere/kubectl:v1.27.12` 这样的镜像名称，无法拉取",
    );
    let finding = RULE.finding(image.span, message);
    let bare = name.trim_matches(|char: char| char.is_whitespace() || "\"'`,;".contains(char));
    let bare = ["https://", "http://", "docker://"]
        .iter()
        .find_map(|scheme| bare.strip_prefix(scheme))
        .unwrap_or(bare);
    if ImageName::parse(bare).is_none() {
        return finding;
    }
    scalar::rewriting(cx, finding, image.node, bare, Safety::Unsafe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::check_fixes;

    #[test]
    fn the_fix_keeps_the_quotes_and_leaves_anchors_alone() {
        for (item, fixed) in [
            ("'https://nginx:1.27'", Some("'nginx:1.27'")),
            ("\"nginx:1.27 \"", Some("\"nginx:1.27\"")),
            ("https://nginx:1.27", Some("nginx:1.27")),
            ("&a https://nginx:1.27", None),
            ("!!str https://nginx:1.27", None),
        ] {
            let fixed: Vec<_> = fixed
                .iter()
                .map(|fixed| format!("images: [{fixed}]\n"))
                .collect();
            let fixed: Vec<_> = fixed.iter().map(String::as_str).collect();
            check_fixes(&RULE, &format!("images: [{item}]\n"), &fixed);
        }
    }
}
