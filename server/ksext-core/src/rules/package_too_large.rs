//! `package-too-large`: a package that is over the limit after push has rewritten it.

use super::shared::ignoring;
use super::{Context, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::{Bilingual, show_size};
use crate::package::{self, PkgPath, Projection, savings, size};

pub(super) static RULE: Rule = Rule {
    id: "package-too-large",
    severity: Severity::Error,
    fix: Some(Safety::Unsafe),
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

/// How many of the biggest files a finding names.
const NAMED: usize = 5;

/// How many ways to a smaller package a finding offers.
const OFFERED: usize = 3;

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let projection = cx
        .contents
        .and_then(|contents| contents.projection.as_ref());
    let finding = projection.and_then(|projection| finding(cx, projection));
    finding.into_iter().collect()
}

fn finding(cx: &Context<'_>, projection: &Projection) -> Option<Finding> {
    let name = cx.manifest.entry("name");
    let name = name.map(|entry| cx.manifest.span(entry.value.node));
    let place = name.unwrap_or_else(|| cx.manifest.first_key());
    let (severity, message) = words(projection.projected, cx.limit)?;
    let mut finding = RULE.finding(place, message);
    finding.severity = severity;
    let (biggest, _) = size::biggest(&projection.entries, NAMED);
    for entry in biggest {
        let packed = show_size(entry.packed);
        let path = &entry.path;
        let file = entry.author_file().unwrap_or_else(|| entry.source.clone());
        let words = bilingual!(
            "`{path}` takes {packed} of the package",
            "`{path}` 在扩展组件包中占 {packed}",
        );
        finding = finding.related_to(Location::start_of(&file), words);
    }
    let is_shown = |path: &PkgPath| cx.contents.is_some_and(|contents| contents.shows(path));
    let savings = savings::savings(
        cx.manifest,
        &projection.entries,
        &projection.uploads,
        &is_shown,
    );
    for saving in savings.iter().take(OFFERED) {
        let lines = saving.way.ignore_lines();
        if !lines.is_empty() {
            finding = ignoring::with_lines(cx, finding, saving.title(), &lines);
        }
    }
    Some(finding)
}

fn words(projected: u64, limit: u64) -> Option<(Severity, Bilingual)> {
    let shown = show_size(projected);
    if projected > limit {
        let over = show_size(projected - limit);
        let limit_shown = show_size(limit);
        let (en, zh) = across(projected, limit);
        return Some((
            Severity::Error,
            bilingual!(
                "the package would be {shown} after push has rewritten it, {over} over the limit of {limit_shown}{en}",
                "推送改写之后扩展组件包大小为 {shown}，比上限 {limit_shown} 多出 {over}{zh}",
            ),
        ));
    }
    if projected > package::WARNING {
        let (en, zh) = across(projected, limit);
        return Some((
            Severity::Warning,
            bilingual!(
                "the package would be {shown} after push has rewritten it; the limit of 1 MB may mean 1 000 000 bytes{en}",
                "推送改写之后扩展组件包大小为 {shown}；1 MB 的限制可能指 1 000 000 字节{zh}",
            ),
        ));
    }
    None
}

/// What is to be added where ksbuilder, which compresses with another library, may come out on the
/// other side of the limit.
fn across(projected: u64, limit: u64) -> (String, String) {
    let Some(theirs) = size::ksbuilder_across(projected, limit) else {
        return Default::default();
    };
    let (ours, theirs) = (projected, theirs);
    (
        format!(" ({ours} bytes; packed by ksbuilder it may be {theirs})"),
        format!("（{ours} 字节；由 ksbuilder 打包则可能为 {theirs} 字节）"),
    )
}
