//! `broken-readme-image`: an image in README or CHANGELOG that is not in the published package.

use super::shared::static_directory::removed;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Severity};
use crate::lang::Bilingual;
use crate::package::contents::Image;
use crate::package::load::Why;
use crate::package::{Contents, PkgPath};

pub(super) static RULE: Rule = Rule {
    id: "broken-readme-image",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "README or CHANGELOG shows an image that the published package does not hold.",
            "README 或 CHANGELOG 引用的图片不在发布的扩展组件包中。",
        ),
        why: Bilingual::fixed(
            "Push uploads icon and screenshots only, and deletes the static directory. An image in it that a README shows is nowhere afterwards, and push does not rewrite Markdown. An image outside of the package's folder never was in it.",
            "推送只上传图标和截图，然后删除静态文件目录。README 引用的该目录中的图片此后不再存在，而推送不会改写 Markdown。扩展组件包文件夹之外的图片从未包含在内。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and readers see a broken image.",
            "警告：推送会成功，但读者看到的是损坏的图片。",
        ),
        fix: Bilingual::fixed(
            "Write the URL of an image that is online, or correct the path and keep the image outside of the static directory.",
            "填写已在线的图片 URL；或修正路径，并把图片放在静态文件目录之外。",
        ),
        bad: Example::with_files(
            "",
            &[(
                "README.md",
                Entry::Text("# Demo\n\n![Overview](./docs/overview.png)\n"),
            )],
        ),
        good: Example::with_files(
            "",
            &[
                (
                    "README.md",
                    Entry::Text("# Demo\n\n![Overview](./docs/overview.png)\n"),
                ),
                ("docs/overview.png", Entry::Png(1200, 800)),
            ],
        ),
        sources: &["ksbuilder cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(contents) = cx.contents else {
        return Vec::new();
    };
    let removed = removed(cx).map(|(_, path)| path);
    let shown = contents.shown.iter();
    shown
        .filter(|(file, _)| !is_left_out(contents, file))
        .filter_map(|(file, image)| {
            let message = broken(contents, removed.as_ref(), image)?;
            let location = Location {
                file: file.clone(),
                span: image.shown.span,
            };
            Some(RULE.finding_at(location, message))
        })
        .collect()
}

/// Why an image is not there when the package is published; `None` if it is.
fn broken(contents: &Contents, removed: Option<&PkgPath>, image: &Image) -> Option<Bilingual> {
    let target = &image.shown.target;
    let Some(path) = image.shown.path.as_ref().filter(|_| image.exists) else {
        return Some(bilingual!(
            "`{target}` is not in the package; readers see a broken image",
            "`{target}` 不在扩展组件包中；读者会看到损坏的图片",
        ));
    };
    if removed.is_some_and(|folder| path.below(folder).is_some()) {
        return Some(bilingual!(
            "`{target}` lies in the static directory, which push removes without uploading it; readers see a broken image",
            "`{target}` 位于静态文件目录中，推送会将其移除且不会上传；读者会看到损坏的图片",
        ));
    }
    is_left_out(contents, path).then(|| {
        bilingual!(
            "`.helmignore` leaves `{target}` out of the package; readers see a broken image",
            "`.helmignore` 把 `{target}` 排除在扩展组件包之外；读者会看到损坏的图片",
        )
    })
}

/// Whether an ignore rule keeps the file at `path` out of the archive.
fn is_left_out(contents: &Contents, path: &PkgPath) -> bool {
    let mut dropped = contents.dropped.iter();
    dropped.any(|dropped| {
        matches!(dropped.why, Why::Ignored(_)) && path.below(&dropped.path).is_some()
    })
}
