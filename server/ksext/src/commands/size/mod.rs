//! `ksext.size`: what the package weighs after push has rewritten it.

mod drawing;
mod report;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ksext_core::bilingual;
use ksext_core::check;
use ksext_core::finding::Finding;
use ksext_core::lang::{Bilingual, Lang, show_size};
use ksext_core::manifest::FILE_NAME;
use ksext_core::package::fs::lookup;
use ksext_core::package::load::Dropped;
use ksext_core::package::local::Upload;
use ksext_core::package::size::EntrySize;
use ksext_core::package::{LIMIT, PkgPath, Projection, SizeError, Urls, chart, ignore};
use ksext_core::text::{Document, Encoding};
use serde::{Deserialize, Serialize};

pub(crate) use self::drawing::Drawing;
pub(crate) use self::report::{Report, Standing, Tone, percent, uploaded};

use super::{Command, Described, Flag, Refusal, Said, Session, Target, Ui, erased, object, work};
use crate::workspace::Package;

pub(super) static COMMAND: Command = Command {
    id: "ksext.size",
    title: Bilingual::fixed("Show package size", "查看扩展组件包大小"),
    summary: Bilingual::fixed(
        "Shows what the package weighs after push has rewritten it, and what makes it so.",
        "显示推送改写之后扩展组件包的大小及其构成。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| erased("ksext.size", ui, value, |args| run(session, ui, args)),
};

object! {
    /// Which package.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The manifest, another file of the package, or its folder.
        #[zh = "清单、扩展组件包中的其他文件，或其文件夹。"]
        pub(crate) uri: Target,
        /// Whether the answer is to hold `drawing` too.
        #[zh = "结果中是否包含 `drawing`。"]
        #[serde(default)]
        drawing: Flag<false>,
    }
}

object! {
    /// The answer as programs read it; its shape is a contract. All sizes are bytes.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The version of this shape, 1.
        #[zh = "此格式的版本，为 1。"]
        version: u32,
        /// The package's folder or archive.
        #[zh = "扩展组件包的文件夹或归档文件。"]
        root: String,
        /// The `name` of extension.yaml.
        #[zh = "extension.yaml 的 `name`。"]
        pub(crate) name: Option<String>,
        /// Length in bytes of the archive that push would send.
        #[zh = "推送时打包文件的字节数。"]
        pub(crate) projected: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        projected_text: String,
        /// The most that it may have, in bytes.
        #[zh = "允许的最大字节数。"]
        pub(crate) limit: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        limit_text: String,
        /// What it unpacks to, in bytes.
        #[zh = "解压后的字节数。"]
        pub(crate) unpacked: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        unpacked_text: String,
        /// The entries of the archive, in their order.
        #[zh = "打包文件中的条目，按其顺序。"]
        pub(crate) entries: Vec<Entry>,
        /// The entries by folder, the heaviest first.
        #[zh = "按文件夹汇总的条目，最大的在前。"]
        folders: Vec<Folder>,
        /// What is uploaded beside it.
        #[zh = "另外上传的文件。"]
        pub(crate) uploads: Vec<Uploaded>,
        /// What does not come into the archive.
        #[zh = "不会进入打包文件的内容。"]
        pub(crate) dropped: Vec<LeftOut>,
        /// What the page of `ksext size --format html` draws, if it was asked for. Its shape is not promised.
        #[zh = "`ksext size --format html` 页面所绘制的内容；仅在请求时才有，其格式不作保证。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        drawing: Option<Drawing>,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|entry| Reverse(entry.packed));
        let heaviest = entries.iter().take(3);
        let heaviest = heaviest.map(|entry| format!("{} {}", entry.path, show_size(entry.packed)));
        let heaviest: Vec<_> = heaviest.collect();
        let (projected, limit) = (show_size(self.projected), show_size(self.limit));
        let (en, zh) = (heaviest.join(", "), heaviest.join("、"));
        bilingual!(
            "push would send {projected} of at most {limit}; most of it: {en}",
            "推送时大小为 {projected}，上限 {limit}；其中最大的是：{zh}",
        )
    }
}

object! {
    /// An entry of the archive.
    #[derive(Debug, Serialize)]
    pub(crate) struct Entry {
        /// Its path in the package.
        #[zh = "在扩展组件包中的路径。"]
        pub(crate) path: String,
        /// Its length in bytes.
        #[zh = "字节数。"]
        pub(crate) size: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        size_text: String,
        /// Its share of the archive in bytes; all shares add up to `projected`.
        #[zh = "在打包文件中所占的字节数；总和等于 `projected`。"]
        pub(crate) packed: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        packed_text: String,
    }
}

impl From<&EntrySize> for Entry {
    fn from(entry: &EntrySize) -> Self {
        Self {
            path: entry.path.clone(),
            size: entry.size,
            size_text: show_size(entry.size),
            packed: entry.packed,
            packed_text: show_size(entry.packed),
        }
    }
}

object! {
    /// A folder in the archive.
    #[derive(Debug, PartialEq, Eq, Serialize)]
    struct Folder {
        /// Its path, which ends with `/`; `./` is that of the package itself.
        #[zh = "路径，以 `/` 结尾；`./` 为扩展组件包本身。"]
        path: String,
        /// What lies in it and below takes of the archive, in bytes.
        #[zh = "其中的内容在打包文件中所占的字节数。"]
        packed: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        packed_text: String,
    }
}

impl Folder {
    fn all(entries: &[EntrySize]) -> Vec<Self> {
        let mut sums = BTreeMap::<&str, u64>::new();
        for entry in entries {
            *sums.entry(top_folder(&entry.path)).or_default() += entry.packed;
        }
        let mut folders: Vec<_> = sums
            .into_iter()
            .map(|(path, packed)| Self {
                path: path.to_owned(),
                packed,
                packed_text: show_size(packed),
            })
            .collect();
        folders.sort_by_key(|folder| Reverse(folder.packed));
        folders
    }
}

/// The folder that a path is shown under: that of a chart, or the first.
fn top_folder(path: &str) -> &str {
    let charts = if path.starts_with("charts/") { 7 } else { 0 };
    let end = path[charts..].find('/').map(|at| charts + at);
    match end.or(charts.checked_sub(1)) {
        Some(slash) => &path[..=slash],
        None => "./",
    }
}

object! {
    /// A file that is uploaded beside the archive.
    #[derive(Debug, Serialize)]
    pub(crate) struct Uploaded {
        /// The first value that names it: `icon`, `screenshots[0]`.
        #[zh = "第一个引用它的值，例如 `icon`、`screenshots[0]`。"]
        pub(crate) field: String,
        /// Its path in the package.
        #[zh = "在扩展组件包中的路径。"]
        pub(crate) path: String,
        /// Its length in bytes.
        #[zh = "字节数。"]
        pub(crate) size: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        size_text: String,
    }
}

object! {
    /// What does not come into the archive.
    #[derive(Debug, Serialize)]
    pub(crate) struct LeftOut {
        /// Its path in the package.
        #[zh = "在扩展组件包中的路径。"]
        pub(crate) path: String,
        /// Its length in bytes.
        #[zh = "字节数。"]
        pub(crate) size: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        size_text: String,
        /// Why: `static-directory`, `ignored` or another word.
        #[zh = "原因：`static-directory`、`ignored` 等。"]
        why: &'static str,
        /// The same for people.
        #[zh = "供人阅读的原因。"]
        pub(crate) reason: String,
    }
}

/// Measures the package as an editor shows it.
///
/// # Errors
/// `invalid-package` if there is none or push would refuse it.
pub(crate) async fn run(session: &Session, ui: &dyn Ui, args: Args) -> Result<Answer, Refusal> {
    let (session, lang) = (session.clone(), ui.lang());
    work::aside(move |cancelled| {
        let package = session.package_as_shown(&args.uri)?;
        let projection = measure(&session, &package, cancelled)?;
        if !args.drawing.0 {
            return Ok(Answer::new(&package, &projection, lang));
        }
        let report = Report::new(&package, &projection, lang);
        Ok(Answer {
            drawing: Some(Drawing::of(&report, lang)),
            ..report.answer
        })
    })
    .await
}

/// The archive that push would send, in numbers.
///
/// # Errors
/// `invalid-package` if push would refuse the package.
pub(crate) fn measure(
    session: &Session,
    package: &Package,
    cancelled: &dyn Fn() -> bool,
) -> Result<Projection, Refusal> {
    let limit = check::limit(&session.settings_for(package.root())?.check);
    let root = package.root().display();
    let rewritten = package.as_package().rewritten(&Urls::new());
    let loaded = rewritten.load();
    match rewritten.projection(&loaded, limit, cancelled) {
        Ok(Some(projection)) => Ok(projection),
        Ok(None) => Err(unpackable(package)),
        Err(SizeError::Cancelled) => Err(Refusal::cancelled(&bilingual!(
            "cannot pack {root}",
            "无法打包 {root}",
        ))),
        Err(SizeError::Archive(why)) => Err(Refusal::invalid_package(bilingual!(
            "cannot pack {root}: {why}",
            "无法打包 {root}：{why}",
        ))),
    }
}

/// The refusal of a package of which not even a chart can be loaded, with every reason.
fn unpackable(package: &Package) -> Refusal {
    let root = package.root().display();
    let contents = package.as_package().contents();
    let errors = check::errors(&package.as_package(), Some(&contents), LIMIT);
    // What is wrong in the manifest alone does not keep a chart from being loaded.
    let is_in_manifest = |error: &Finding| error.location.file == PkgPath::from(FILE_NAME);
    let (mut reasons, others): (Vec<_>, Vec<_>) =
        errors.into_iter().partition(|error| !is_in_manifest(error));
    if reasons.is_empty() {
        reasons = others;
    }
    let reasons: Vec<_> = reasons.iter().map(|error| told(package, error)).collect();
    let joined = |text: fn(&Bilingual) -> &str, separator: &str| {
        let texts: Vec<_> = reasons.iter().map(text).collect();
        texts.join(separator)
    };
    let (en, zh) = (joined(|text| &text.en, "; "), joined(|text| &text.zh, "；"));
    Refusal::invalid_package(bilingual!(
        "cannot pack {root}: {en}",
        "无法打包 {root}：{zh}",
    ))
}

/// What push would refuse the package for, its size apart, though it could be measured.
pub(crate) fn obstacles(package: &Package, projection: &Projection) -> Vec<Bilingual> {
    // Without a problem in the files it is the manifest alone that can have an error.
    let contents = (!projection.problems.is_empty()).then(|| package.as_package().contents());
    let errors = check::errors(&package.as_package(), contents.as_ref(), LIMIT);
    errors.iter().map(|error| told(package, error)).collect()
}

/// `.helmignore:3: this line … [chart-ignored]`; the place is left out where the message names the file.
fn told(package: &Package, error: &Finding) -> Bilingual {
    let (en, zh, rule) = (&error.message.en, &error.message.zh, error.rule);
    let file = &error.location.file;
    if en.contains(&format!("`{file}`")) {
        return bilingual!("{en} [{rule}]", "{zh} [{rule}]");
    }
    let text = Document::new(&package.text_of(file));
    let line = text
        .position(error.location.span.start, Encoding::Utf8)
        .line
        + 1;
    bilingual!(
        "{file}:{line}: {en} [{rule}]",
        "{file}:{line}：{zh} [{rule}]",
    )
}

impl Answer {
    /// The report about `package`; reasons are told in `lang`.
    fn new(package: &Package, projection: &Projection, lang: Lang) -> Self {
        let upload = |upload: &Upload| Uploaded {
            field: upload.field.to_string(),
            path: upload.path.to_string(),
            size: upload.size,
            size_text: show_size(upload.size),
        };
        let helmignore = helmignore(package);
        let dropped = |dropped: &Dropped| LeftOut {
            path: dropped.path.to_string(),
            size: dropped.size,
            size_text: show_size(dropped.size),
            why: dropped.why.as_str(),
            reason: dropped.why.words(&helmignore).get(lang).to_owned(),
        };
        Self {
            version: 1,
            root: package.root().display().to_string().replace('\\', "/"),
            name: package.manifest().name().map(|name| name.value),
            projected: projection.projected,
            projected_text: show_size(projection.projected),
            limit: projection.limit,
            limit_text: show_size(projection.limit),
            unpacked: projection.unpacked,
            unpacked_text: show_size(projection.unpacked),
            entries: projection.entries.iter().map(Entry::from).collect(),
            folders: Folder::all(&projection.entries),
            uploads: projection.uploads.iter().map(upload).collect(),
            dropped: projection.dropped.iter().map(dropped).collect(),
            drawing: None,
        }
    }
}

/// The content of `.helmignore`; empty where there is none.
fn helmignore(package: &Package) -> Vec<u8> {
    let read = || {
        let found = lookup(package.files(), &PkgPath::from(ignore::FILE_NAME)).ok()?;
        let content = package.files().read(&found.path, chart::MAX_FILE).ok()?;
        Some(content.into_owned())
    };
    read().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_summed_up_by_chart_and_folder() {
        let entry = |(path, packed): (&str, u64)| EntrySize {
            path: path.to_owned(),
            size: 0,
            packed,
            source: PkgPath::from(path),
        };
        let entries = [
            ("extension.yaml", 300),
            ("charts/观测/values.yaml", 1024),
            ("charts/观测/templates/a.yaml", 1024),
            ("charts/web-1.0.0.tgz", 100),
            ("docs/a/b.md", 200),
            ("README.md", 1),
        ]
        .map(entry);
        let folder = |(path, packed, text): (&str, u64, &str)| Folder {
            path: path.to_owned(),
            packed,
            packed_text: text.to_owned(),
        };
        let expected = [
            ("charts/观测/", 2048, "2.0 KB"),
            ("./", 301, "301 B"),
            ("docs/", 200, "200 B"),
            ("charts/", 100, "100 B"),
        ]
        .map(folder);
        assert_eq!(Folder::all(&entries), expected);
        assert_eq!(Folder::all(&[]), []);
    }
}
