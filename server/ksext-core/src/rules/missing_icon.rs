//! `missing-icon`: an icon that is a path to nothing.

use super::shared::image;
use super::{Context, Entry, Example, Page, Rule};
use crate::finding::{Finding, Severity};
use crate::lang::Bilingual;
use crate::package::local::Field;

pub(super) static RULE: Rule = Rule {
    id: "missing-icon",
    severity: Severity::Error,
    fix: None,
    page: Page {
        summary: Bilingual::fixed(
            "`icon` is a path, and there is no such file in the package.",
            "`icon` 是一个路径，但扩展组件包中没有这个文件。",
        ),
        why: Bilingual::fixed(
            "A value that does not begin with `http://`, `https://` or `data:image` is a file to upload. Push opens it below the package's folder, a leading `/` included, and fails if it is not there. Case counts.",
            "不以 `http://`、`https://` 或 `data:image` 开头的值被视为要上传的文件。推送会在扩展组件包目录下打开它（开头的 `/` 也从该目录算起），找不到就失败。路径区分大小写。",
        ),
        severity: Bilingual::fixed(
            "Error: push fails with `no such file or directory`.",
            "错误：推送会失败，提示 `no such file or directory`。",
        ),
        fix: Bilingual::fixed(
            "Correct the path, add the file, or write the URL of an icon that is already online.",
            "修正路径、添加该文件，或填写已在线的图标的 URL。",
        ),
        bad: Example::manifest("icon: ./static/logo.svg\n"),
        good: Example::with_files(
            "icon: ./static/logo.svg\nstaticFileDirectory: ./static\n",
            &[(
                "static/logo.svg",
                Entry::Text("<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"),
            )],
        ),
        sources: &["ksbuilder cmd/push.go, pkg/api/metadata.go `isLocalFile`"],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    image::missing(&RULE, cx, |field| matches!(field, Field::Icon))
}
