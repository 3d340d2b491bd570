//! `image-content`: an image file that is not what it should be.

use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::{Bilingual, show_size};
use crate::package::LocalFile;
use crate::package::local::{Field, Upload};
use crate::package::picture::{Content, Format, Picture};

/// The largest icon in bytes that nothing is said of: `package` and `publish` write it into Chart.yaml.
const MAX_ICON: u64 = 256 * 1024;
/// The largest screenshot in bytes that nothing is said of.
const MAX_SCREENSHOT: u64 = 5 * 1024 * 1024;
/// The longest side of an icon in pixels that nothing is said of.
const MAX_ICON_SIDE: f64 = 1024.0;
/// How much longer than the other a side of a square may be.
const SQUARE: f64 = 1.05;

pub(super) static RULE: Rule = Rule {
    id: "image-content",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "An image file holds something else than its name says, or is unfit for its place.",
            "图片文件的内容与文件名不符，或不适合其用途。",
        ),
        why: Bilingual::fixed(
            "ksbuilder never looks into images: what a browser is told about a file comes from its name. A PNG that is called `.svg`, a web page saved by mistake or a Git LFS pointer shows as a broken image on the Marketplace. Icons are shown in a square, and a large one makes every list of extensions slow; `ksbuilder publish` writes it into Chart.yaml.",
            "ksbuilder 从不查看图片内容：浏览器得到的文件类型来自文件名。名为 `.svg` 的 PNG、误存的网页或 Git LFS 指针文件，在扩展市场中都会显示为损坏的图片。图标显示在正方形区域中，过大的图标会拖慢所有扩展组件列表；`ksbuilder publish` 还会把它写入 Chart.yaml。",
        ),
        severity: Bilingual::fixed(
            "Warning for an empty file, a web page and a Git LFS pointer: what is published is no image. Otherwise information, as only the first bytes of the file are looked at and reviewers may see it otherwise.",
            "空文件、网页和 Git LFS 指针文件为警告：发布的不是图片。其他情况为信息，因为只查看文件的开头部分，审核人员可能有不同判断。",
        ),
        fix: Bilingual::fixed(
            "Export the image again in the format of its name; for an icon as a square SVG, or a PNG of some hundred pixels.",
            "按文件名对应的格式重新导出图片；图标请导出为正方形 SVG 或几百像素的 PNG。",
        ),
        bad: Example::with_files(
            "icon: ./static/logo.svg\nstaticFileDirectory: ./static\n",
            &[("static/logo.svg", Entry::Png(64, 64))],
        ),
        good: Example::with_files(
            "icon: ./static/logo.png\nstaticFileDirectory: ./static\n",
            &[("static/logo.png", Entry::Png(64, 64))],
        ),
        sources: &["ksbuilder pkg/utils, pkg/cloud/cloud.go `UploadFiles`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(contents) = cx.contents else {
        return Vec::new();
    };
    let named = cx.named_files.iter();
    named
        .filter_map(|(file, found)| {
            let upload = found.as_ref().ok()?;
            let picture = contents.pictures.get(&upload.source)?;
            let message =
                wrong_content(file, upload, picture).or_else(|| unfit(file, upload, picture))?;
            let mut finding = RULE.finding(file.span, message);
            finding.severity = severity(picture.content);
            Some(finding)
        })
        .collect()
}

/// How grave it is that something is to say of a file with this content.
fn severity(content: Content) -> Severity {
    match content {
        Content::Empty | Content::Html | Content::LfsPointer => Severity::Warning,
        Content::Image(_) | Content::Text | Content::Unknown => Severity::Information,
    }
}

/// What is to say of a file that is no image, or not the one that its name promises.
fn wrong_content(file: &LocalFile, upload: &Upload, picture: &Picture) -> Option<Bilingual> {
    let path = &file.value;
    let promised = Format::of_name(upload.path.name());
    Some(match picture.content {
        Content::Image(format) => {
            let name = promised.filter(|promised| *promised != format)?.as_str();
            let format = format.as_str();
            bilingual!(
                "`{path}` has a name for {name}, and its content is {format}; name it after its content",
                "`{path}` 的文件名表示 {name}，内容却是 {format}；请按内容命名",
            )
        }
        Content::Empty => bilingual!("`{path}` is empty", "`{path}` 是空文件"),
        Content::LfsPointer => bilingual!(
            "`{path}` holds a Git LFS pointer instead of the image; run `git lfs pull`",
            "`{path}` 是 Git LFS 指针而不是图片；请运行 `git lfs pull`",
        ),
        Content::Html => bilingual!(
            "`{path}` holds a web page instead of an image",
            "`{path}` 的内容是网页而不是图片",
        ),
        Content::Text => bilingual!(
            "`{path}` holds a text that is no image",
            "`{path}` 的内容是文本而不是图片",
        ),
        Content::Unknown => return None,
    })
}

/// What is to say of an image that does not fit its place.
fn unfit(file: &LocalFile, upload: &Upload, picture: &Picture) -> Option<Bilingual> {
    let path = &file.value;
    let is_icon = file.field == Field::Icon;
    let most = if is_icon { MAX_ICON } else { MAX_SCREENSHOT };
    if upload.size > most {
        let (size, most) = (show_size(upload.size), show_size(most));
        return Some(bilingual!(
            "`{path}` has {size}; more than {most} is slow to load",
            "`{path}` 大小为 {size}；超过 {most} 会加载缓慢",
        ));
    }
    let (width, height) = picture.size.filter(|_| is_icon)?;
    let (long, short) = (width.max(height), width.min(height));
    if long > short * SQUARE {
        return Some(bilingual!(
            "`{path}` is {width:.0} × {height:.0}; icons are shown in a square",
            "`{path}` 尺寸为 {width:.0} × {height:.0}；图标显示在正方形区域中",
        ));
    }
    let is_pixels = picture.content != Content::Image(Format::Svg);
    (is_pixels && long > MAX_ICON_SIDE).then(|| {
        bilingual!(
            "`{path}` is {width} × {height} pixels; icons are shown small",
            "`{path}` 尺寸为 {width} × {height} 像素；图标显示得很小",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::findings_with_files;

    #[test]
    fn what_is_certainly_no_image_is_graver() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
        for (content, severity) in [
            (Entry::Text(""), Severity::Warning),
            (
                Entry::Text("<!DOCTYPE html><html></html>"),
                Severity::Warning,
            ),
            (Entry::Text(pointer), Severity::Warning),
            (Entry::Text("图标"), Severity::Information),
            (Entry::Png(64, 32), Severity::Information),
        ] {
            let manifest = "icon: ./static/logo.png\nstaticFileDirectory: ./static\n";
            let findings = findings_with_files(manifest, &[("static/logo.png", content)]);
            let own = findings.iter().find(|finding| finding.rule == RULE.id);
            let own = own.expect("a finding");
            assert_eq!(own.severity, severity, "{}", own.message.en);
        }
    }
}
