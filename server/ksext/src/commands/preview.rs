//! `ksext.preview`: what would be published, to the letter.

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use ksext_core::manifest::FILE_NAME;
use ksext_core::package::archive;
use ksext_core::package::{PkgPath, Urls};
use ksext_core::text::unified;
use serde::{Deserialize, Serialize};

use super::shared::unfit::cannot;
use super::size::{Entry, measure, obstacles};
use super::{Command, Described, Refusal, Said, Session, Target, erased, object, work};
use crate::workspace::Package;

pub(super) static COMMAND: Command = Command {
    id: "ksext.preview",
    title: Bilingual::fixed("Preview what is published", "预览发布内容"),
    summary: Bilingual::fixed(
        "Shows extension.yaml and Chart.yaml as push rewrites them, and every entry of the archive.",
        "显示推送改写后的 extension.yaml 和 Chart.yaml，以及打包文件中的所有条目。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| erased("ksext.preview", ui, value, |args| run(session, args)),
};

/// The files that push writes itself.
const WRITTEN: [&str; 2] = [FILE_NAME, "Chart.yaml"];

/// Lines of a diff that are shown around a change.
const AROUND: u32 = 3;

object! {
    /// Which package.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The manifest, another file of the package, or its folder.
        #[zh = "清单、扩展组件包中的其他文件，或其文件夹。"]
        pub(crate) uri: Target,
    }
}

object! {
    /// What would be published.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The files that push writes itself: extension.yaml and Chart.yaml.
        #[zh = "推送时改写的文件：extension.yaml 和 Chart.yaml。"]
        pub(crate) files: Vec<File>,
        /// All entries of the archive, in their order.
        #[zh = "打包文件中的所有条目，按其顺序。"]
        pub(crate) entries: Vec<Entry>,
        /// Length of the archive in bytes.
        #[zh = "打包文件的字节数。"]
        pub(crate) projected: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        pub(crate) projected_text: String,
        /// How many errors keep push from publishing it.
        #[zh = "会阻止推送的错误数量。"]
        pub(crate) errors: usize,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let (count, size) = (self.entries.len(), show_size(self.projected));
        match self.errors {
            0 => bilingual!(
                "would publish {size} with {count} entries",
                "将发布 {size}，{count} 个条目",
            ),
            errors => bilingual!(
                "would publish {size} with {count} entries; errors that keep push from it: {errors}",
                "将发布 {size}，{count} 个条目；有 {errors} 个错误会阻止推送",
            ),
        }
    }
}

object! {
    /// A file as push writes it. URLs that only the cloud can give are made up.
    #[derive(Debug, Serialize)]
    pub(crate) struct File {
        /// Its path in the package.
        #[zh = "在扩展组件包中的路径。"]
        pub(crate) path: String,
        /// Its text. URLs that only the cloud can give are made up.
        #[zh = "文件内容。只有云端才能提供的网址以示例代替。"]
        pub(crate) text: String,
        /// How it differs from the author's file, as a unified diff.
        #[zh = "与作者文件的差异（unified diff）。"]
        pub(crate) diff: String,
    }
}

/// Shows the package as an editor shows it.
///
/// # Errors
/// `invalid-package` if there is none, its manifest is not YAML or it cannot be packed.
pub(crate) async fn run(session: &Session, args: Args) -> Result<Answer, Refusal> {
    let session = session.clone();
    work::aside(move |cancelled| {
        let package = session.package_as_shown(&args.uri)?;
        show(&session, &package, cancelled)
    })
    .await
}

fn show(
    session: &Session,
    package: &Package,
    cancelled: &dyn Fn() -> bool,
) -> Result<Answer, Refusal> {
    let act = Bilingual::fixed("preview", "预览");
    if !package.manifest().tree().errors().is_empty() {
        let why = bilingual!(
            "{FILE_NAME} is not valid YAML",
            "{FILE_NAME} 不是有效的 YAML"
        );
        return Err(cannot(&act, package, &why));
    }
    let projection = measure(session, package, cancelled)?;
    let rewritten = package.as_package().rewritten(&Urls::new());
    let loaded = rewritten.load();
    let mut files = Vec::new();
    let entries = loaded.chart.iter().flat_map(archive::entries);
    for entry in entries.filter(|entry| WRITTEN.contains(&&*entry.path)) {
        let text = entry
            .content
            .read(&rewritten.files)
            .map_err(|why| cannot(&act, package, &bilingual!("{why}", "{why}")))?;
        files.push(File::new(package, entry.path, &text));
    }
    let too_large = projection.projected > projection.limit;
    Ok(Answer {
        files,
        entries: projection.entries.iter().map(Entry::from).collect(),
        projected: projection.projected,
        projected_text: show_size(projection.projected),
        errors: obstacles(package, &projection).len() + usize::from(too_large),
    })
}

impl File {
    fn new(package: &Package, path: String, text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text).into_owned();
        let source = package.text_of(&PkgPath::from(&path[..]));
        Self {
            diff: diff(&path, &source, &text),
            path,
            text,
        }
    }
}

/// How `text` differs from its `source`, which is empty if there is none.
pub(super) fn diff(path: &str, source: &str, text: &str) -> String {
    let from = match source {
        "" => "/dev/null".to_owned(),
        _ => format!("a/{path}"),
    };
    let changes = unified(source, text, AROUND);
    if changes.is_empty() {
        return changes;
    }
    format!("--- {from}\n+++ b/{path}\n{changes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_names_both_files() {
        for (source, text, expected) in [
            (
                "# 示例\nname: a\nversion: 1.10",
                "name: a\nversion: \"1.1\"\n",
                "\
--- a/extension.yaml
+++ b/extension.yaml
@@ -1,3 +1,2 @@
-# 示例
 name: a
-version: 1.10
\\ No newline at end of file
+version: \"1.1\"
",
            ),
            (
                "",
                "name: a\n",
                "--- /dev/null\n+++ b/extension.yaml\n@@ -0,0 +1 @@\n+name: a\n",
            ),
            ("name: a\n", "name: a\n", ""),
        ] {
            assert_eq!(diff("extension.yaml", source, text), expected);
        }
    }
}
