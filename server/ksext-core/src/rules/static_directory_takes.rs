//! `static-directory-takes`: a static directory that is more than images.

use super::shared::listing::some_of;
use super::shared::static_directory::{gone, removed};
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::package::picture::Format;
use crate::package::prose::is_prose;

pub(super) static RULE: Rule = Rule {
    id: "static-directory-takes",
    severity: Severity::Warning,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`staticFileDirectory` takes charts, templates or documents of the package with it.",
            "`staticFileDirectory` 会连带移除扩展组件包的 chart、模板或文档。",
        ),
        why: Bilingual::fixed(
            "Push deletes the static directory with all that is in it, before it packs. It does not ask what that is: without its charts, values or README the package still loads, and is published.",
            "推送在打包之前删除静态文件目录及其中的全部内容，不问内容是什么：即使缺少 chart、values 或 README，扩展组件包仍能加载，并被发布。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and a part of the extension is missing.",
            "警告：推送会成功，但扩展组件缺少一部分内容。",
        ),
        fix: Bilingual::fixed(
            "Put the images into a folder of their own and name that.",
            "把图片放到单独的文件夹，并填写该文件夹。",
        ),
        bad: Example::with_files(
            "staticFileDirectory: ./templates\n",
            &[("templates/config.yaml", Entry::Text("kind: ConfigMap\n"))],
        ),
        good: Example::with_files(
            "icon: ./static/logo.svg\nstaticFileDirectory: ./static\n",
            &[
                ("static/logo.svg", Entry::Text("<svg/>\n")),
                ("templates/config.yaml", Entry::Text("kind: ConfigMap\n")),
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
    let gone = gone(contents, &folder).map(|file| &file.path);
    let taken: Vec<&PkgPath> = gone.filter(|path| belongs(path)).collect();
    if taken.is_empty() {
        return Vec::new();
    }
    let words = some_of(taken);
    let (en, zh) = (words.en, words.zh);
    let message = bilingual!(
        "push deletes `{folder}` before it packs, and {en} with it; the package is published without",
        "推送在打包前删除 `{folder}`，{zh} 也随之移除；发布的扩展组件包中将没有它们",
    );
    vec![RULE.finding(value.span, message)]
}

/// Whether the file at `path` is a part of the extension, not an image beside it.
fn belongs(path: &PkgPath) -> bool {
    let mut names = path.components();
    match (names.next().unwrap_or_default(), names.next()) {
        (b"charts" | b"templates" | b"crds", Some(_)) => Format::of_name(path.name()).is_none(),
        (
            b"values.yaml"
            | b"values.schema.json"
            | b"permissions.yaml"
            | b".helmignore"
            | b"applicationclass.yaml"
            | b"Chart.lock"
            | b"requirements.yaml"
            | b"requirements.lock",
            None,
        ) => true,
        (name, None) => is_prose(name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_extension_are_told_from_images() {
        for path in [
            "charts/a/Chart.yaml",
            "crds/x.yaml",
            "values.yaml",
            "README_zh.md",
        ] {
            assert!(belongs(&path.into()), "{path}");
        }
        for path in [
            "charts/a/图.png",
            "static/values.yaml",
            "static/README.md",
            "charts",
            "x.txt",
        ] {
            assert!(!belongs(&path.into()), "{path}");
        }
    }
}
