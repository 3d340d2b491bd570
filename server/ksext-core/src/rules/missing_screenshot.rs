//! `missing-screenshot`: a screenshot that is a path to nothing.

use super::shared::image;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::local::Field;

pub(super) static RULE: Rule = Rule {
    id: "missing-screenshot",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "An item of `screenshots` is a path, and there is no such file in the package.",
            "`screenshots` 的某一项是路径，但扩展组件包中没有这个文件。",
        ),
        why: Bilingual::fixed(
            "Push uploads the icon first and then the screenshots, so it has already left files on the server when it finds that a screenshot is missing. No other command of ksbuilder looks at screenshots.",
            "推送先上传图标，再上传截图；发现截图缺失时，服务器上已经留下了文件。ksbuilder 的其他命令都不检查截图。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails with `no such file or directory`.",
            "错误：推送会失败，提示 `no such file or directory`。",
        ),
        fix: Bilingual::fixed(
            "Correct the path, add the file, or delete the item.",
            "修正路径、添加该文件，或删除这一项。",
        ),
        bad: Example::manifest("screenshots:\n  - ./static/screenshots/overview.png\n"),
        good: Example::with_files(
            "screenshots:\n  - ./static/screenshots/overview.png\nstaticFileDirectory: ./static\n",
            &[("static/screenshots/overview.png", Entry::Png(1200, 800))],
        ),
        sources: &["ksbuilder cmd/push.go, pkg/cloud/cloud.go `UploadFiles`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    image::missing(&RULE, cx, |field| matches!(field, Field::Screenshot(_)))
}
