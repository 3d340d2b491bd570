//! `ksext.new`: a package to start from, valid at once.

mod template;

use std::path::{Path, PathBuf};

use ksext_core::bilingual;
use ksext_core::check::{self, Settings};
use ksext_core::finding::Severity;
use ksext_core::lang::Bilingual;
use ksext_core::manifest::{FILE_NAME, Manifest};
use ksext_core::package::{MemoryFs, Package, PkgPath};
use ksext_core::yaml::Source;
use serde::{Deserialize, Serialize};

pub(crate) use self::template::example;
use self::template::{Names, files};
use super::packing::{Directory, absolute, unwritable};
use super::shared::unfit::describe;
use super::{Command, Described, Refusal, Said, erased, object, work};
use crate::host;

pub(super) static COMMAND: Command = Command {
    id: "ksext.new",
    title: Bilingual::fixed("New extension", "新建扩展组件"),
    summary: Bilingual::fixed(
        "Makes the folder of a new extension: frontend, backend, icon, screenshot and texts in two languages.",
        "新建一个扩展组件文件夹：包含前端、后端、图标、截图和中英文文档。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |_, ui, value| erased("ksext.new", ui, value, run),
};

/// The category of a package for which none is named.
const CATEGORY: &str = "dev-tools";

object! {
    /// What to call it and where to put it.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// `name` of the manifest, and of the folder.
        #[zh = "清单的 `name`，也是文件夹的名称。"]
        pub(crate) name: String,
        /// The folder that the package's folder is made in.
        #[zh = "在其中新建扩展组件包文件夹的目录。"]
        pub(crate) directory: Directory,
        /// The English display name; else made of the name.
        #[zh = "英文显示名称；默认由名称生成。"]
        pub(crate) title: Option<String>,
        /// The Chinese display name; else the English one.
        #[zh = "中文显示名称；默认与英文相同。"]
        pub(crate) title_zh: Option<String>,
        /// `category` of the manifest; else `dev-tools`.
        #[zh = "清单的 `category`；默认为 `dev-tools`。"]
        pub(crate) category: Option<String>,
    }
}

object! {
    /// What was made.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// The package's folder.
        #[zh = "扩展组件包的文件夹。"]
        pub(crate) path: String,
        /// Its files, relative to it.
        #[zh = "其中的文件，相对于该文件夹。"]
        pub(crate) files: Vec<String>,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let (path, count) = (&self.path, self.files.len());
        bilingual!(
            "made {path} with {count} files; icon, screenshot, provider and addresses are examples to be replaced",
            "已新建 {path}，共 {count} 个文件；其中图标、截图、提供者和网址均为示例，请替换",
        )
    }
}

/// Makes the package.
///
/// # Errors
/// `invalid-argument` if push would refuse a package of that name or category, or it cannot be
/// written; `conflict` if something of that name is there. Then nothing is made.
pub(crate) async fn run(args: Args) -> Result<Answer, Refusal> {
    work::aside(move |_| make(args)).await
}

fn make(args: Args) -> Result<Answer, Refusal> {
    let title = args.title.unwrap_or_else(|| title_of(&args.name));
    let names = Names {
        title_zh: args.title_zh.unwrap_or_else(|| title.clone()),
        category: args.category.unwrap_or_else(|| CATEGORY.to_owned()),
        name: args.name,
        title,
    };
    let files = files(&names);
    fit(&names, &files)?;
    let folder = absolute(&args.directory.0).join(&names.name);
    write(&folder, &files)?;
    let mut paths: Vec<_> = files.iter().map(|(path, _)| path.to_string()).collect();
    paths.sort();
    Ok(Answer {
        path: folder.display().to_string(),
        files: paths,
    })
}

/// `kube-events` is `Kube Events`.
fn title_of(name: &str) -> String {
    let words = name.split(['-', '.', '_']).filter(|word| !word.is_empty());
    let words = words.map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Refuses what push or the cluster would: the example itself has no findings, so the names have them.
fn fit(names: &Names, files: &[(PkgPath, Vec<u8>)]) -> Result<(), Refusal> {
    let refused = |why: &Bilingual| {
        let (name, why_en, why_zh) = (&names.name, &why.en, &why.zh);
        Refusal::new(
            "invalid-argument",
            bilingual!(
                "cannot make an extension `{name}`: {why_en}",
                "无法新建扩展组件 `{name}`：{why_zh}",
            ),
        )
    };
    if Path::new(&names.name).components().count() != 1 || names.name.contains(['/', '\\']) {
        return Err(refused(&Bilingual::fixed(
            "a name is no path",
            "名称不能是路径",
        )));
    }
    let mut memory = MemoryFs::default();
    for (path, bytes) in files {
        memory.insert(path.clone(), bytes.clone().into());
    }
    let manifest = files
        .iter()
        .find(|(path, _)| *path == PkgPath::from(FILE_NAME));
    let manifest = manifest.map_or(&[][..], |(_, bytes)| bytes);
    let manifest = Manifest::read(Source::from_bytes(manifest));
    let package = Package::new(&memory, &manifest);
    let mut errors = check::check(&package, &Settings::default(), Some(&package.contents()));
    errors.retain(|finding| finding.severity <= Severity::Warning);
    // One bad name has many consequences.
    errors.truncate(1);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(refused(&describe(&errors)))
    }
}

/// Writes all files, or none: they are made in a folder beside the new one, which takes its name at
/// the end.
fn write(folder: &Path, files: &[(PkgPath, Vec<u8>)]) -> Result<(), Refusal> {
    let there = || {
        let folder = folder.display();
        Refusal::new(
            "conflict",
            bilingual!(
                "cannot make {folder}: it exists already",
                "无法新建 {folder}：它已存在",
            ),
        )
        .hinting(Bilingual::fixed(
            "choose another name or folder",
            "请换一个名称或文件夹",
        ))
    };
    // An empty folder is as good as none.
    if host::files::is_no_folder(folder)
        || host::files::names_in(folder).is_ok_and(|it| !it.is_empty())
    {
        return Err(there());
    }
    let named: Vec<(PathBuf, &[u8])> = files
        .iter()
        .map(|(path, bytes)| (PathBuf::from(path.to_string()), &bytes[..]))
        .collect();
    host::files::write_folder(folder, &named).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::DirectoryNotEmpty => there(),
        _ => unwritable(folder, &error),
    })
}

#[cfg(test)]
mod tests {
    use ksext_core::ide::{View, refactorings};
    use ksext_core::manifest::FILE_NAME;
    use ksext_core::text::Span;

    use super::*;

    fn new(directory: &Path, name: &str) -> Args {
        Args {
            name: name.to_owned(),
            directory: Directory(directory.to_owned()),
            title: None,
            title_zh: None,
            category: None,
        }
    }

    #[test]
    fn a_new_package_bears_its_name_everywhere_and_has_no_findings() {
        let disk = tempfile::tempdir().expect("a folder");
        let mut args = new(disk.path(), "kube-events");
        args.title = Some("Events: \"all\" of them".to_owned());
        args.title_zh = Some("事件 #1".to_owned());
        let answer = make(args).expect("made");
        let folder = disk.path().join("kube-events");
        assert_eq!(Path::new(&answer.path), folder);

        let package = crate::workspace::Package::open_folder(&folder).expect("a package");
        let findings = package.check(&Settings::default(), package.contents(&|| false).as_ref());
        assert_eq!(findings, []);
        let manifest = package.manifest();
        assert_eq!(
            manifest.name().map(|name| name.value).as_deref(),
            Some("kube-events")
        );
        let text = manifest.text();
        let (file, all) = (FILE_NAME.into(), Span::new(0, text.len()));
        let view = View {
            package: package.as_package(),
            contents: None,
            file: &file,
            text,
        };
        // Nothing is to be put in order; there is only a next version.
        let offers: Vec<_> = refactorings(&view, all)
            .into_iter()
            .map(|it| it.id)
            .collect();
        assert_eq!(offers, ["bump-version"]);
        assert!(text.contains(r#"en: "Events: \"all\" of them""#), "{text}");
        assert!(text.contains("zh: \"事件 #1\""), "{text}");
        for file in &answer.files {
            let bytes = std::fs::read(folder.join(file)).expect(file);
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.to_lowercase().contains("demo"), "{file}: {text}");
        }
    }

    #[test]
    fn what_push_would_refuse_and_what_is_there_is_not_made() {
        let disk = tempfile::tempdir().expect("a folder");
        make(new(disk.path(), "there")).expect("made");
        std::fs::create_dir(disk.path().join("empty")).expect("made");
        make(new(disk.path(), "empty")).expect("made");
        for (name, kind) in [
            ("there", "conflict"),
            ("../there", "invalid-argument"),
            ("a/b", "invalid-argument"),
            ("", "invalid-argument"),
            ("观测", "invalid-argument"),
            ("Upper", "invalid-argument"),
            ("-x", "invalid-argument"),
        ] {
            let refusal = make(new(disk.path(), name)).expect_err(name);
            assert_eq!(refusal.kind, kind, "{name}: {}", refusal.message.en);
        }
        let left = std::fs::read_dir(disk.path()).expect("listed").count();
        assert_eq!(left, 2);
    }
}
