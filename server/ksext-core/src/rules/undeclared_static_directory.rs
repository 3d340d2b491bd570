//! `undeclared-static-directory`: uploaded images that stay in the package too.

use std::collections::BTreeMap;

use super::shared::static_directory::{KEY, is_shown, with_declaration};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::{Bilingual, show_size};
use crate::package::chart::{Chart, ChartFile, Content};
use crate::package::picture::Format;
use crate::package::{Contents, PkgPath};

pub(super) static RULE: Rule = Rule {
    id: "undeclared-static-directory",
    severity: Severity::Information,
    fix: Some(crate::finding::Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "Images that push uploads stay in the package as well.",
            "推送已上传的图片仍留在扩展组件包中。",
        ),
        why: Bilingual::fixed(
            "Push uploads icon and screenshots and puts their URLs into the manifest. The files themselves leave the package only with `staticFileDirectory`; without it they count for the limit of 1 MB. What `ksbuilder create` makes does not declare it.",
            "推送会上传图标和截图，并把它们的 URL 写入清单。只有声明了 `staticFileDirectory`，这些文件才会离开扩展组件包；否则它们会计入 1 MB 的限制。`ksbuilder create` 生成的清单没有声明它。",
        ),
        severity: Bilingual::fixed(
            "Information: push goes through, with a larger package than needed.",
            "信息：推送会成功，只是扩展组件包比需要的大。",
        ),
        fix: Bilingual::fixed(
            "Declare the folder of the images as `staticFileDirectory`.",
            "把图片所在的文件夹声明为 `staticFileDirectory`。",
        ),
        bad: Example::with_files(
            "icon: ./static/logo.png\n",
            &[("static/logo.png", Entry::Png(64, 64))],
        ),
        good: Example::with_files(
            "icon: ./static/logo.png\nstaticFileDirectory: ./static\n",
            &[("static/logo.png", Entry::Png(64, 64))],
        ),
        sources: &["ksbuilder cmd/push.go, cmd/create.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some((contents, chart)) = cx
        .contents
        .and_then(|found| Some((found, found.chart.as_ref()?)))
    else {
        return Vec::new();
    };
    if cx.manifest.entry(KEY).is_some() || !cx.manifest.tree().errors().is_empty() {
        return Vec::new();
    }
    let Some((folder, bytes)) = best_folder(cx, contents, chart) else {
        return Vec::new();
    };
    let size = show_size(bytes);
    let message = bilingual!(
        "the images in `{folder}` are uploaded and yet add {size} to the package; declare it as `staticFileDirectory`, and push leaves them out",
        "`{folder}` 中的图片会被上传，却仍使扩展组件包增加 {size}；把它声明为 `staticFileDirectory`，推送就会将其排除",
    );
    let finding = RULE.finding(cx.manifest.first_key(), message);
    let title = bilingual!("Declare `{folder}`", "声明 `{folder}`");
    vec![with_declaration(cx, finding, &folder, title)]
}

/// The folder with most bytes that holds nothing but images, some of them uploaded.
fn best_folder(cx: &Context<'_>, contents: &Contents, chart: &Chart) -> Option<(PkgPath, u64)> {
    let uploads = cx
        .named_files
        .iter()
        .filter_map(|(_, found)| found.as_ref().ok());
    let mut folders: BTreeMap<PkgPath, u64> = BTreeMap::new();
    for upload in uploads {
        let mut above = upload.path.parent();
        while let Some(folder) = above.filter(|folder| !folder.is_root()) {
            above = folder.parent();
            let size = size_of_images(contents, chart, &folder).unwrap_or_default();
            folders.insert(folder, size);
        }
    }
    // Of folders in each other that hold the same, the outermost comes first.
    let folders = folders.into_iter().filter(|(_, size)| *size > 0);
    folders.reduce(|best, other| if other.1 > best.1 { other } else { best })
}

/// The bytes that the package loses without `folder`; `None` if that takes away more than images
/// that nobody looks for in the package.
fn size_of_images(contents: &Contents, chart: &Chart, folder: &PkgPath) -> Option<u64> {
    let mut size = 0;
    for file in all_files(chart) {
        let Content::File { path: real, len } = &file.content else {
            continue;
        };
        let inside = file.source.below(folder).is_some();
        if !inside && real.below(folder).is_some() {
            return None;
        }
        if inside {
            let is_image = Format::of_name(file.source.name()).is_some();
            if !is_image || is_shown(contents, &file.source) {
                return None;
            }
            size += len;
        }
    }
    Some(size)
}

/// The files of a chart that lie outside of the charts in it.
fn all_files(chart: &Chart) -> impl Iterator<Item = &ChartFile> {
    let named = chart.values.iter().chain(&chart.schema);
    named.chain(&chart.templates).chain(&chart.files)
}
