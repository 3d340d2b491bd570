//! `ksext.diff`: what has changed since the version that everybody can already get.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use ksext_cloud::ChartVersion;
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use ksext_core::manifest::{FILE_NAME, Manifest};
use ksext_core::package::{Rewritten, SizeError, Urls, archive, unpack};
use ksext_core::semver::Version;
use serde::{Deserialize, Serialize};

use super::charts::repository;
use super::preview::diff;
use super::shared::object::words;
use super::shared::unfit::cannot;
use super::{Command, Described, Refusal, Said, Session, Stage, Target, Ui, erased, object, work};
use crate::host::{file_uri, files};
use crate::workspace::Package;

pub(super) static COMMAND: Command = Command {
    id: "ksext.diff",
    title: Bilingual::fixed("Compare with the published version", "与已发布的版本比较"),
    summary: Bilingual::fixed(
        "Shows what has changed since the version in the Helm repository of submitted extensions, or in an archive.",
        "显示与 Helm 仓库中已提交的版本或指定打包文件相比的更改。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| erased("ksext.diff", ui, value, |args| run(session, ui, args)),
};

/// The most that an archive may hold to be compared with, in bytes.
const MAX_ARCHIVE: u64 = 10 << 20;

object! {
    /// Which package, and with what it is compared.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The manifest, another file of the package, or its folder.
        #[zh = "清单、扩展组件包中的其他文件，或其文件夹。"]
        pub(crate) uri: Target,
        /// An archive to compare with; else the one in the Helm repository of the cloud.
        #[zh = "用于比较的归档文件；默认为云端 Helm 仓库中的归档。"]
        pub(crate) against: Option<Target>,
        /// The version in that repository; else the highest.
        #[zh = "该仓库中的版本；默认为最高版本。"]
        pub(crate) version: Option<String>,
    }
}

object! {
    /// What has changed.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The `name` of extension.yaml.
        #[zh = "extension.yaml 的 `name`。"]
        pub(crate) name: String,
        /// The `version` of extension.yaml.
        #[zh = "extension.yaml 的 `version`。"]
        pub(crate) version: String,
        /// With what it was compared.
        #[zh = "与什么相比。"]
        pub(crate) against: Against,
        /// Lengths of the two archives in bytes, the second as push would send it.
        #[zh = "两个归档的字节数，后者为推送时的大小。"]
        pub(crate) size: Sizes,
        /// The manifest as push writes it, if it has changed.
        #[zh = "推送改写后的清单（如有更改）。"]
        pub(crate) files: Vec<File>,
        /// The entries of the archives that differ, by path.
        #[zh = "两个归档中不同的条目，按路径排列。"]
        pub(crate) entries: Vec<Entry>,
        /// How many entries are the same.
        #[zh = "相同条目的数量。"]
        pub(crate) unchanged: usize,
    }
}

object! {
    /// An archive that is compared with.
    #[derive(Debug, Serialize)]
    pub(crate) struct Against {
        /// The version that its manifest names; empty if it names none.
        #[zh = "其清单中的版本；没有则为空。"]
        pub(crate) version: String,
        /// Where it is: a path, or the address of a Helm repository.
        #[zh = "所在位置：路径，或 Helm 仓库的网址。"]
        pub(crate) from: String,
    }
}

object! {
    /// A length before and after, in bytes.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub(crate) struct Sizes {
        /// Of the archive that is compared with.
        #[zh = "被比较的归档。"]
        pub(crate) before: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        pub(crate) before_text: String,
        /// Of this package.
        #[zh = "当前扩展组件包。"]
        pub(crate) after: u64,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        pub(crate) after_text: String,
    }
}

impl Sizes {
    fn new(before: u64, after: u64) -> Self {
        Self {
            before,
            before_text: show_size(before),
            after,
            after_text: show_size(after),
        }
    }

    /// By how much it has changed, with a sign.
    fn difference(&self) -> String {
        let sign = match self.after.cmp(&self.before) {
            Ordering::Less => "-",
            Ordering::Equal => "±",
            Ordering::Greater => "+",
        };
        format!("{sign}{}", show_size(self.after.abs_diff(self.before)))
    }
}

object! {
    /// A text that has changed.
    #[derive(Debug, Serialize)]
    pub(crate) struct File {
        /// Its path in the package.
        #[zh = "在扩展组件包中的路径。"]
        pub(crate) path: String,
        /// How it has changed, as a unified diff.
        #[zh = "更改的内容（unified diff）。"]
        pub(crate) diff: String,
    }
}

object! {
    /// An entry that differs.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub(crate) struct Entry {
        /// Its path in the package.
        #[zh = "在扩展组件包中的路径。"]
        pub(crate) path: String,
        /// How: `added`, `removed` or `changed`.
        #[zh = "如何不同：`added`（新增）、`removed`（删除）或 `changed`（更改）。"]
        pub(crate) change: Change,
        /// Its length before, in bytes.
        #[zh = "之前的字节数。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) before: Option<u64>,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) before_text: Option<String>,
        /// Its length now, in bytes.
        #[zh = "现在的字节数。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) after: Option<u64>,
        /// The same for people.
        #[zh = "供人阅读的大小。"]
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(crate) after_text: Option<String>,
    }
}

impl Entry {
    fn new(path: &str, change: Change, before: Option<u64>, after: Option<u64>) -> Self {
        Self {
            path: path.to_owned(),
            change,
            before,
            before_text: before.map(show_size),
            after,
            after_text: after.map(show_size),
        }
    }
}

/// How an entry differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It holds something else.
    Changed,
}

words!(Change: Added => "added", Removed => "removed", Changed => "changed");

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let count = |change| {
            let same = self.entries.iter().filter(|entry| entry.change == change);
            same.count()
        };
        let [added, removed, changed] =
            [Change::Added, Change::Removed, Change::Changed].map(count);
        let Self { name, version, .. } = self;
        let before = &self.against.version;
        let size = show_size(self.size.after);
        let by = self.size.difference();
        bilingual!(
            "{name} {version} against {before}: {added} added, {removed} removed, {changed} changed; {size} packed ({by})",
            "{name} {version} 与 {before} 相比：新增 {added} 个条目，删除 {removed} 个，更改 {changed} 个；打包后 {size}（{by}）",
        )
    }
}

/// Compares the package as an editor shows it. No key is sent anywhere.
///
/// # Errors
/// `invalid-package` if there is none, it cannot be packed, or the archive cannot be read; `not-found`
/// if the repository does not hold it; else what the download fails with.
pub(crate) async fn run(session: &Session, ui: &dyn Ui, args: Args) -> Result<Answer, Refusal> {
    let (name, _) = session.name_and_version(args.uri.clone()).await?;
    let before = match args.against {
        Some(file) => work::aside(move |_| Before::read(&file)).await?,
        None => Before::download(session, ui, &name, args.version.as_deref()).await?,
    };
    let session = session.clone();
    work::aside(move |cancelled| {
        let package = session.package_as_shown(&args.uri)?;
        compare(&package, &before, cancelled)
    })
    .await
}

/// The archive that is compared with.
struct Before {
    bytes: Vec<u8>,
    from: String,
}

impl Before {
    fn read(file: &Target) -> Result<Self, Refusal> {
        let path = file.path();
        let from = path.display().to_string();
        let bytes = files::read(path, MAX_ARCHIVE).map_err(|why| {
            Refusal::invalid_package(bilingual!(
                "cannot compare with {from}: {why}",
                "无法与 {from} 比较：{why}",
            ))
        })?;
        Ok(Self { bytes, from })
    }

    async fn download(
        session: &Session,
        ui: &dyn Ui,
        name: &str,
        version: Option<&str>,
    ) -> Result<Self, Refusal> {
        let charts = repository(session).await?.map_err(|server| {
            let message = bilingual!(
                "cannot compare: no Helm repository of {server} is known",
                "无法比较：不知道 {server} 的 Helm 仓库",
            );
            Refusal::new("not-found", message).hinting(Bilingual::fixed(
                "compare with an archive: `ksext diff --against FILE.tgz`",
                "请与打包文件比较：`ksext diff --against FILE.tgz`",
            ))
        })?;
        let url = charts.url().to_owned();
        ui.stage(&Stage {
            message: bilingual!("looking up `{name}` at {url}", "正在 {url} 查询 `{name}`"),
            percent: 10,
        });
        let versions = charts.versions(name).await?;
        let chosen =
            choose(&versions, version).ok_or_else(|| not_there(&versions, name, version, &url))?;
        ui.stage(&Stage {
            message: bilingual!(
                "downloading `{name}` {version}",
                "正在下载 `{name}` {version}",
                version = chosen.version
            ),
            percent: 40,
        });
        let bytes = charts.archive(chosen).await?;
        Ok(Self { bytes, from: url })
    }
}

/// The version that is wanted; else the highest, those that are no versions last.
fn choose<'a>(versions: &'a [ChartVersion], wanted: Option<&str>) -> Option<&'a ChartVersion> {
    match wanted {
        Some(wanted) => versions.iter().find(|it| it.version == wanted),
        None => versions.iter().max_by_key(|it| Version::parse(&it.version)),
    }
}

fn not_there(versions: &[ChartVersion], name: &str, version: Option<&str>, url: &str) -> Refusal {
    const SHOWN: usize = 5;
    let refusal = |message| Refusal::new("not-found", message);
    match version {
        Some(version) if !versions.is_empty() => {
            let there: Vec<_> = versions.iter().map(|it| &*it.version).take(SHOWN).collect();
            let (en, zh) = (there.join(", "), there.join("、"));
            refusal(bilingual!(
                "cannot compare: {url} holds no `{name}` {version}",
                "无法比较：{url} 中没有 `{name}` {version}",
            ))
            .hinting(bilingual!("it holds {en}", "其中有 {zh}"))
        }
        _ => refusal(bilingual!(
            "cannot compare: {url} holds no `{name}`",
            "无法比较：{url} 中没有 `{name}`",
        ))
        .hinting(Bilingual::fixed(
            "it comes there some time after it was submitted",
            "提交审核一段时间后才会出现在其中",
        )),
    }
}

fn compare(
    package: &Package,
    before: &Before,
    cancelled: &dyn Fn() -> bool,
) -> Result<Answer, Refusal> {
    let act = Bilingual::fixed("compare", "比较");
    let refused = |why: Bilingual| cannot(&act, package, &why);
    if !package.manifest().tree().errors().is_empty() {
        return Err(refused(bilingual!(
            "{FILE_NAME} is not valid YAML",
            "{FILE_NAME} 不是有效的 YAML"
        )));
    }
    let old = unpacked(before)?;
    let old_text = old
        .get(FILE_NAME)
        .map_or(Cow::Borrowed(""), |bytes| String::from_utf8_lossy(bytes));
    let old_manifest = Manifest::from_text(&old_text);
    let urls = urls(package, &old_manifest);
    let rewritten = package.as_package().rewritten(&urls);
    let new = packed(&rewritten).map_err(refused)?;
    let after = length(&rewritten, cancelled).map_err(|why| match why {
        Some(why) => refused(why),
        None => Refusal::cancelled(&Bilingual::fixed("cannot compare", "无法比较")),
    })?;
    let new_text = new
        .get(FILE_NAME)
        .map_or(Cow::Borrowed(""), |bytes| String::from_utf8_lossy(bytes));
    let text =
        |value: Option<ksext_core::manifest::Text>| value.map_or(String::new(), |it| it.value);
    let entries = changes(&old, &new);
    let same = |(path, bytes): &(&String, &Arc<[u8]>)| new.get(*path) == Some(*bytes);
    let unchanged = old.iter().filter(same).count();
    let changed = (old_text != new_text).then(|| File {
        path: FILE_NAME.to_owned(),
        diff: diff(FILE_NAME, &old_text, &new_text),
    });
    Ok(Answer {
        name: text(package.manifest().name()),
        version: text(package.manifest().version()),
        against: Against {
            version: text(old_manifest.version()),
            from: before.from.clone(),
        },
        size: Sizes::new(before.bytes.len() as u64, after),
        files: changed.into_iter().collect(),
        unchanged,
        entries,
    })
}

/// The files of an archive, by their paths in the package.
type Files = BTreeMap<String, Arc<[u8]>>;

fn unpacked(before: &Before) -> Result<Files, Refusal> {
    let files = unpack::chart_files(&before.bytes).map_err(|why| {
        let from = &before.from;
        Refusal::invalid_package(bilingual!(
            "cannot compare with the archive of {from}: {why}",
            "无法与 {from} 的打包文件比较：{why}",
        ))
    })?;
    let files = files.into_iter();
    Ok(files
        .map(|(path, bytes)| (path.to_string(), bytes))
        .collect())
}

/// The files of the archive that push would send.
fn packed(rewritten: &Rewritten<'_>) -> Result<Files, Bilingual> {
    let loaded = rewritten.load();
    let Some(chart) = &loaded.chart else {
        return Err(Bilingual::fixed("it cannot be packed", "它无法打包"));
    };
    let entries = archive::entries(chart).into_iter();
    let files = entries.map(|entry| {
        let bytes = entry.content.read(&rewritten.files);
        let bytes = bytes.map_err(|why| bilingual!("{why}", "{why}"))?;
        Ok((entry.path.clone(), Arc::from(&*bytes)))
    });
    files.collect()
}

/// The length of the archive that push would send; `None` as the error if it was cancelled.
fn length(
    rewritten: &Rewritten<'_>,
    cancelled: &dyn Fn() -> bool,
) -> Result<u64, Option<Bilingual>> {
    let cannot = || Some(Bilingual::fixed("it cannot be packed", "它无法打包"));
    match rewritten.projection(&rewritten.load(), u64::MAX, cancelled) {
        Ok(Some(projection)) => Ok(projection.projected),
        Ok(None) => Err(cannot()),
        Err(SizeError::Cancelled) => Err(None),
        Err(SizeError::Archive(why)) => Err(Some(bilingual!("{why}", "{why}"))),
    }
}

/// The URLs that icon and screenshots of the same names have in the older manifest. Those that this
/// version will get are not known, and that they differ says nothing.
fn urls(package: &Package, old: &Manifest) -> Urls {
    let older = old.icon().into_iter();
    let older = older.chain(old.screenshots().into_iter().map(|(_, shot)| shot));
    let older: Vec<String> = older.map(|url| url.value).collect();
    let rewritten = package.as_package().rewritten(&Urls::new());
    let uploads = rewritten.uploads.iter().filter_map(|upload| {
        let name = upload.file_name();
        let same = |url: &&String| file_name(url).as_deref() == Some(&name);
        Some((upload.path.clone(), older.iter().find(same)?.clone()))
    });
    uploads.collect()
}

/// The last name in a URL, as its file is called.
fn file_name(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let path = file_uri::path_of(&format!("file:///{rest}"))?;
    Some(path.file_name()?.to_str()?.to_owned())
}

fn changes(old: &Files, new: &Files) -> Vec<Entry> {
    let len = |bytes: &Arc<[u8]>| bytes.len() as u64;
    let mut entries = Vec::new();
    for (path, bytes) in old {
        let now = new.get(path);
        let change = match now {
            None => Change::Removed,
            Some(now) if now != bytes => Change::Changed,
            Some(_) => continue,
        };
        entries.push(Entry::new(path, change, Some(len(bytes)), now.map(len)));
    }
    let added = new.iter().filter(|(path, _)| !old.contains_key(*path));
    entries
        .extend(added.map(|(path, bytes)| Entry::new(path, Change::Added, None, Some(len(bytes)))));
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        let files = all.iter();
        files
            .map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes())))
            .collect()
    }

    #[test]
    fn a_difference_of_sizes_has_a_sign() {
        for (before, after, expected) in [
            (3000, 3005, "+5 B"),
            (4096, 1024, "-3.0 KB"),
            (7, 7, "±0 B"),
        ] {
            assert_eq!(Sizes::new(before, after).difference(), expected);
        }
    }

    #[test]
    fn a_url_names_a_file() {
        for (url, name) in [
            (
                "https://files.example/u/demo/1.0.0/logo.svg",
                Some("logo.svg"),
            ),
            ("http://a/%E5%9B%BE%20%E6%A0%87.svg?x=1", Some("图 标.svg")),
            ("https://a/图标.svg", Some("图标.svg")),
            ("./static/logo.svg", None),
            ("", None),
        ] {
            assert_eq!(file_name(url).as_deref(), name, "{url}");
        }
    }

    #[test]
    fn entries_come_go_and_change() {
        let old = files(&[("a", "1"), ("b/图.md", "22"), ("c", "3")]);
        let new = files(&[("a", "1"), ("c", "333"), ("d", "")]);
        let expected = [
            Entry::new("b/图.md", Change::Removed, Some(2), None),
            Entry::new("c", Change::Changed, Some(1), Some(3)),
            Entry::new("d", Change::Added, None, Some(0)),
        ];
        assert_eq!(changes(&old, &new), expected);
        assert_eq!(changes(&old, &old), []);
    }
}
