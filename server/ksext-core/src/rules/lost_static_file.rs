//! `lost-static-file`: files in the static directory that nothing uploads.

use super::shared::listing::some_of;
use super::shared::static_directory::{gone, is_shown, is_uploaded, removed};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::package::picture::Format;

pub(super) static RULE: Rule = Rule {
    id: "lost-static-file",
    severity: Severity::Hint,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "Images in the static directory are neither icon nor screenshot.",
            "静态文件目录中有既不是图标也不是截图的图片。",
        ),
        why: Bilingual::fixed(
            "Push uploads icon and screenshots, and then deletes the static directory. Whatever else lies in it is nowhere afterwards: neither in the package nor at the cloud.",
            "推送上传图标和截图之后会删除静态文件目录。其中的其他文件此后不再存在：既不在扩展组件包中，也不在云端。",
        ),
        severity: Bilingual::fixed(
            "Hint: such files are often leftovers that nobody misses.",
            "提示：这类文件往往是无人需要的遗留文件。",
        ),
        fix: Bilingual::fixed(
            "List the image in `screenshots`, move it out of the static directory, or delete it.",
            "把图片列入 `screenshots`、移出静态文件目录，或将其删除。",
        ),
        bad: Example::with_files(
            "icon: ./static/logo.svg\nstaticFileDirectory: ./static\n",
            &[
                ("static/logo.svg", Entry::Text("<svg/>\n")),
                ("static/overview.png", Entry::Png(1200, 800)),
            ],
        ),
        good: Example::with_files(
            "icon: ./static/logo.svg\nscreenshots:\n  - ./static/overview.png\nstaticFileDirectory: ./static\n",
            &[
                ("static/logo.svg", Entry::Text("<svg/>\n")),
                ("static/overview.png", Entry::Png(1200, 800)),
            ],
        ),
        sources: &["ksbuilder cmd/push.go"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let (Some(contents), Some((value, folder))) = (cx.contents, removed(cx)) else {
        return Vec::new();
    };
    // It may be the image that is missed under another name, or the icon that is not named yet.
    let is_missed = cx.named_files.iter().any(|(_, found)| found.is_err());
    if is_missed || cx.manifest.icon().is_none() {
        return Vec::new();
    }
    // What a README shows breaks there, which is told at that place.
    let is_lost = |path: &&PkgPath| {
        Format::of_name(path.name()).is_some()
            && !is_uploaded(cx, path)
            && !is_shown(contents, path)
    };
    let gone = gone(contents, &folder).map(|file| &file.path);
    let lost: Vec<&PkgPath> = gone.filter(is_lost).collect();
    if lost.is_empty() {
        return Vec::new();
    }
    let words = some_of(lost);
    let (en, zh) = (words.en, words.zh);
    let message = bilingual!(
        "push removes {en} with the static directory and does not upload it",
        "推送会随静态文件目录移除 {zh}，且不会上传",
    );
    vec![RULE.finding(value.span, message)]
}
