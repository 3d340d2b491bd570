//! `published-junk`: what a tool has left in the package.

use super::shared::ignoring::with_ignore_line;
use super::{Context, Entry, Example, Page, Rule};
use crate::bilingual;
use crate::finding::{Finding, Location, Safety, Severity};
use crate::lang::{Bilingual, show_size};
use crate::package::unwanted::{Unwanted, What};

pub(super) static RULE: Rule = Rule {
    id: "published-junk",
    severity: Severity::Warning,
    fix: Some(Safety::Unsafe),
    page: Page {
        summary: Bilingual::fixed(
            "Something that a tool has left in the folder would be published.",
            "工具遗留在文件夹中的内容会被发布。",
        ),
        why: Bilingual::fixed(
            "Push packs everything that no line of `.helmignore` leaves out, hidden folders too: `.git` with the whole history, `node_modules`, settings and backups of editors, archives of earlier versions. `ksbuilder create` leaves no `.helmignore`. A backup among templates is even rendered a second time.",
            "推送会打包 `.helmignore` 未排除的所有内容，包括隐藏文件夹：含完整历史的 `.git`、`node_modules`、编辑器的设置和备份、以前版本的归档。`ksbuilder create` 不会生成 `.helmignore`。模板中的备份文件甚至会被再次渲染。",
        ),
        severity: Bilingual::fixed(
            "Warning: push goes through, and publishes what nobody wants to publish.",
            "警告：推送会成功，并发布无人想发布的内容。",
        ),
        fix: Bilingual::fixed(
            "Leave it out with a line in `.helmignore`, or delete it.",
            "在 `.helmignore` 中用一行排除它，或将其删除。",
        ),
        bad: Example::with_files("", &[(".idea/workspace.xml", Entry::Text("<project/>\n"))]),
        good: Example::with_files(
            "",
            &[
                (".idea/workspace.xml", Entry::Text("<project/>\n")),
                (".helmignore", Entry::Text(".idea/\n")),
            ],
        ),
        sources: &[
            "Helm v3.18.1 pkg/ignore/rules.go `AddDefaults`",
            "ksbuilder cmd/create.go",
        ],
    },
    check,
};

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let unwanted = cx.contents.map(|contents| &contents.unwanted[..]);
    let unwanted = unwanted.unwrap_or_default().iter();
    unwanted
        .filter_map(|found| {
            let location = Location::start_of(&found.path);
            let finding = RULE.finding_at(location, words(cx, found)?);
            Some(with_ignore_line(cx, finding, &found.path))
        })
        .collect()
}

fn words(cx: &Context<'_>, found: &Unwanted) -> Option<Bilingual> {
    let what = match found.what {
        What::Repository => Bilingual::fixed("the history of the sources", "源代码的版本历史"),
        What::NodeModules => Bilingual::fixed("packages of Node.js", "Node.js 的依赖包"),
        What::EditorSettings => Bilingual::fixed("settings of an editor", "编辑器的设置"),
        What::EditorBackup => Bilingual::fixed("a backup by an editor", "编辑器的备份文件"),
        What::DesktopFile => {
            Bilingual::fixed("a file left by the desktop system", "桌面系统的遗留文件")
        }
        What::Archive if is_of_this_extension(cx, found) => {
            Bilingual::fixed("an archive of this extension", "此扩展组件的归档")
        }
        _ => return None,
    };
    let (path, size) = (&found.path, show_size(found.size));
    let (en, zh) = (what.en, what.zh);
    Some(bilingual!(
        "`{path}` is {en} and would be published, {size} in all; leave it out by `.helmignore`",
        "`{path}` 是{zh}，共 {size}，会被发布；请用 `.helmignore` 排除",
    ))
}

/// Whether an archive is called like those that `ksbuilder package` makes of this extension.
fn is_of_this_extension(cx: &Context<'_>, found: &Unwanted) -> bool {
    let name = cx
        .manifest
        .name()
        .map(|name| name.value)
        .unwrap_or_default();
    let rest = found.path.name().strip_prefix(name.as_bytes());
    let version = rest.and_then(|rest| rest.strip_prefix(b"-"));
    let digit = version.map(|version| version.strip_prefix(b"v").unwrap_or(version));
    digit.is_some_and(|digit| digit.first().is_some_and(u8::is_ascii_digit))
}
