//! `image-name-clash`: two images that take each other's place at the cloud.

use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Severity};
use crate::lang::Bilingual;
use crate::manifest::FILE_NAME;
use crate::package::local::{Field, Upload, clashes};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "image-name-clash",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "Two different images have the same file name.",
            "两张不同的图片文件名相同。",
        ),
        why: Bilingual::fixed(
            "Push uploads images by their file name alone, without their folders. The second of two that are called the same takes the place of the first, so the Marketplace shows one image twice. The icon is uploaded before the screenshots.",
            "推送上传图片时只使用文件名，不带文件夹。同名图片中后上传的会替换先上传的，扩展市场会把同一张图片显示两次。图标先于截图上传。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and one image is lost.",
            "警告：推送会成功，但会丢失一张图片。",
        ),
        fix: Bilingual::fixed("Rename one of the files.", "给其中一个文件改名。"),
        bad: Example::with_files(
            "icon: ./static/logo.svg\nscreenshots:\n  - ./static/overview/logo.svg\nstaticFileDirectory: ./static\n",
            &[
                ("static/logo.svg", Entry::Text("<svg id=\"a\"/>\n")),
                ("static/overview/logo.svg", Entry::Text("<svg id=\"b\"/>\n")),
            ],
        ),
        good: Example::with_files(
            "icon: ./static/logo.svg\nscreenshots:\n  - ./static/overview/large.svg\nstaticFileDirectory: ./static\n",
            &[
                ("static/logo.svg", Entry::Text("<svg id=\"a\"/>\n")),
                (
                    "static/overview/large.svg",
                    Entry::Text("<svg id=\"b\"/>\n"),
                ),
            ],
        ),
        sources: &["ksbuilder pkg/cloud/cloud.go `UploadFiles`, cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let found = cx
        .named_files
        .iter()
        .filter_map(|(_, found)| found.as_ref().ok());
    let uploads: Vec<Upload> = found.cloned().collect();
    clashes(&uploads)
        .into_iter()
        .filter(|(earlier, later)| earlier.source != later.source)
        .filter_map(|(earlier, later)| {
            let (first, second) = (&earlier.path, &later.path);
            let name = later.file_name();
            let message = bilingual!(
                "`{second}` and `{first}` are both called `{name}` at the cloud, where this one takes the other's place; rename one of them",
                "`{second}` 与 `{first}` 在云端都名为 `{name}`，后者会被前者替换；请给其中一个改名",
            );
            let finding = RULE.finding(span(cx, later.field)?, message);
            let other = Location {
                file: FILE_NAME.into(),
                span: span(cx, earlier.field)?,
            };
            let words = Bilingual::fixed("the other image", "另一张图片");
            Some(finding.related_to(other, words))
        })
        .collect()
}

fn span(cx: &Context<'_>, field: Field) -> Option<Span> {
    let mut files = cx.named_files.iter();
    let (file, _) = files.find(|(file, _)| file.field == field)?;
    Some(file.span)
}
