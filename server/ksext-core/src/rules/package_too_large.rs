//! `package-too-large`: a package that is over the limit after push has rewritten it.

use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::{Bilingual, show_size};
use crate::package;

pub(super) static RULE: Rule = Rule {
    id: "package-too-large",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "The package that push would send is larger than KubeSphere Cloud takes.",
            "推送将要发送的扩展组件包超过了 KubeSphere Cloud 的大小限制。",
        ),
        why: Bilingual::fixed(
            "The limit of 1 MB counts for the packed archive after icon and screenshots are replaced by URLs and the static directory is removed. ksbuilder shows no size and checks none; the refusal comes after everything was uploaded. ksext builds the very archive in memory to know its size.",
            "1 MB 的限制针对打包后的归档文件：图标和截图已替换为 URL，静态文件目录已移除。ksbuilder 既不显示也不检查大小，直到全部上传之后才会被拒绝。ksext 会在内存中生成同样的归档以得知其大小。",
        ),
        severity: Bilingual::fixed(
            "Error above 1 048 576 bytes: the package is refused. Between 1 000 000 and 1 048 576 bytes it is a warning, since the documentation does not say which of the two 1 MB means.",
            "超过 1 048 576 字节为错误：扩展组件包会被拒绝。1 000 000 到 1 048 576 字节之间为警告，因为文档没有说明 1 MB 指的是哪一个。",
        ),
        fix: Bilingual::fixed(
            "Run `ksext size` to see what weighs most. Declare `staticFileDirectory`, so that uploaded images leave the package; keep documents, sources and earlier archives out with `.helmignore`.",
            "运行 `ksext size` 查看占用最多的内容。声明 `staticFileDirectory`，让已上传的图片离开扩展组件包；用 `.helmignore` 排除文档、源码和以前的归档文件。",
        ),
        bad: Example {
            limit: Some(100),
            ..Example::manifest("")
        },
        good: Example::manifest(""),
        sources: &["KubeSphere extension development guide, packaging and release"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(size) = cx.contents.and_then(|contents| contents.projected) else {
        return Vec::new();
    };
    let place = cx
        .manifest
        .entry("name")
        .map(|entry| cx.manifest.span(entry.value.node));
    let place = place.unwrap_or_else(|| cx.manifest.first_key());
    let projected = show_size(size);
    if size > cx.limit {
        let limit = show_size(cx.limit);
        let over = show_size(size - cx.limit);
        let message = bilingual!(
            "the package would be {projected} after push has rewritten it, {over} over the limit of {limit}",
            "推送改写之后扩展组件包大小为 {projected}，超出 {limit} 的限制 {over}",
        );
        return vec![RULE.finding(place, message)];
    }
    if size > package::WARNING {
        let message = bilingual!(
            "the package would be {projected} after push has rewritten it; the limit of 1 MB may mean 1 000 000 bytes",
            "推送改写之后扩展组件包大小为 {projected}；1 MB 的限制可能指 1 000 000 字节",
        );
        let mut finding = RULE.finding(place, message);
        finding.severity = Severity::Warning;
        return vec![finding];
    }
    Vec::new()
}
