//! What would make a package smaller without taking anything from it, and how much each way saves.

use std::collections::BTreeMap;

use super::ignore;
use super::local::Upload;
use super::path::PkgPath;
use super::size::EntrySize;
use crate::bilingual;
use crate::lang::{Bilingual, show_size};
use crate::manifest::Manifest;

/// Folders at the root that Helm gives a meaning: none of them can be the static directory.
const HELMS: [&[u8]; 3] = [b"charts", b"templates", b"crds"];

/// Folders of tools, wherever they are. No chart needs what is in them.
const TOOLS: [&[u8]; 12] = [
    b".git",
    b".github",
    b".gitlab",
    b".svn",
    b".hg",
    b".idea",
    b".vscode",
    b".cache",
    b".venv",
    b"__MACOSX",
    b"__pycache__",
    b"node_modules",
];

/// Folders at the root that are for people who read the sources.
const DOCUMENTS: [&[u8]; 2] = [b"docs", b"doc"];

/// Ends of the names of archives. At the root they are earlier packages; under charts/ they are charts.
const ARCHIVES: [&[u8]; 4] = [b".tgz", b".tar.gz", b".tar", b".zip"];

/// A way to a smaller package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saving {
    /// What to do.
    pub way: Way,
    /// What the entries that then go have of the archive, in bytes. What is left may pack a little
    /// worse or better without them.
    pub packed: u64,
    /// How many entries go.
    pub entries: usize,
}

/// What to do for a smaller package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Declare this folder as `staticFileDirectory`: it holds the images that push uploads anyway.
    StaticDirectory(PkgPath),
    /// Ignore these images: push uploads them, and they do not lie in one folder or the package has
    /// a static directory already.
    IgnoreImages(Vec<PkgPath>),
    /// Ignore this folder.
    IgnoreFolder(PkgPath),
    /// Ignore this file.
    IgnoreFile(PkgPath),
}

impl Way {
    /// The lines for `.helmignore`, without line ends; none for the static directory.
    pub fn ignore_lines(&self) -> Vec<String> {
        match self {
            Self::StaticDirectory(_) => Vec::new(),
            Self::IgnoreImages(paths) => paths.iter().map(ignore::pattern_for).collect(),
            Self::IgnoreFolder(path) => vec![ignore::pattern_for(path) + "/"],
            Self::IgnoreFile(path) => vec![ignore::pattern_for(path)],
        }
    }
}

impl Saving {
    /// What to do and what it saves, as a command.
    pub fn title(&self) -> Bilingual {
        let saved = show_size(self.packed);
        match &self.way {
            Way::StaticDirectory(path) => bilingual!(
                "Declare `staticFileDirectory: {path}`, which saves {saved}",
                "声明 `staticFileDirectory: {path}`，可节省 {saved}",
            ),
            Way::IgnoreImages(paths) => {
                let paths: Vec<_> = paths.iter().map(|path| format!("`{path}`")).collect();
                let (en, zh) = (paths.join(", "), paths.join("、"));
                bilingual!(
                    "Ignore {en} in .helmignore: push uploads such images anyway, and it saves {saved}",
                    "在 .helmignore 中忽略 {zh}（推送会单独上传），可节省 {saved}",
                )
            }
            Way::IgnoreFolder(path) => bilingual!(
                "Ignore `{path}/` in .helmignore, which saves {saved}",
                "在 .helmignore 中忽略 `{path}/`，可节省 {saved}",
            ),
            Way::IgnoreFile(path) => bilingual!(
                "Ignore `{path}` in .helmignore, which saves {saved}",
                "在 .helmignore 中忽略 `{path}`，可节省 {saved}",
            ),
        }
    }
}

/// The ways to make the package smaller whose archive has these `entries` and for which push uploads
/// `uploads`, the one that saves most first. `is_shown` tells the files that README or CHANGELOG show:
/// they stay.
pub fn savings(
    manifest: &Manifest,
    entries: &[EntrySize],
    uploads: &[Upload],
    is_shown: &dyn Fn(&PkgPath) -> bool,
) -> Vec<Saving> {
    let mut savings: Vec<_> = images(manifest, entries, uploads, is_shown)
        .into_iter()
        .chain(junk(entries))
        .collect();
    savings.sort_by(|one, other| {
        let by_bytes = other.packed.cmp(&one.packed);
        by_bytes.then_with(|| one.way.cmp(&other.way))
    });
    savings
}

/// What the images that are uploaded and yet come into the archive cost.
fn images(
    manifest: &Manifest,
    entries: &[EntrySize],
    uploads: &[Upload],
    is_shown: &dyn Fn(&PkgPath) -> bool,
) -> Option<Saving> {
    let mut packed: Vec<PkgPath> = uploads
        .iter()
        .map(|upload| &upload.path)
        .filter(|path| entries.iter().any(|entry| entry.source == **path) && !is_shown(path))
        .cloned()
        .collect();
    packed.sort();
    packed.dedup();
    let (first, others) = packed.split_first()?;
    let declared = manifest
        .static_directory()
        .is_some_and(|text| !text.value.is_empty());
    let folder = others.iter().fold(first.parent()?, common);
    let reserved = |folder: &PkgPath| match folder.components().next() {
        Some(name) => HELMS.contains(&name),
        None => true,
    };
    let shows =
        |entry: &EntrySize| entry.source.below(&folder).is_some() && is_shown(&entry.source);
    let stays = declared || reserved(&folder) || entries.iter().any(shows);
    let (way, goes): (_, &dyn Fn(&EntrySize) -> bool) = if stays {
        let way = Way::IgnoreImages(packed.clone());
        (way, &|entry| packed.contains(&entry.source))
    } else {
        let way = Way::StaticDirectory(folder.clone());
        (way, &|entry| entry.source.below(&folder).is_some())
    };
    let going = entries.iter().filter(|entry| goes(entry));
    let mut saving = Saving {
        way,
        packed: 0,
        entries: 0,
    };
    for entry in going {
        saving.add(entry);
    }
    Some(saving)
}

/// The folder nearest to both.
fn common(mut folder: PkgPath, path: &PkgPath) -> PkgPath {
    while path.below(&folder).is_none() {
        folder = folder.parent().unwrap_or_default();
    }
    folder
}

/// What no chart needs, each folder or file by itself.
fn junk(entries: &[EntrySize]) -> impl Iterator<Item = Saving> {
    let mut found: BTreeMap<Way, Saving> = BTreeMap::new();
    for entry in entries {
        let Some(way) = junk_way(&entry.source) else {
            continue;
        };
        let saving = found.entry(way.clone()).or_insert(Saving {
            way,
            packed: 0,
            entries: 0,
        });
        saving.add(entry);
    }
    found.into_values()
}

/// How what lies at `path` is ignored, if it is junk.
fn junk_way(path: &PkgPath) -> Option<Way> {
    let mut folder = PkgPath::root();
    let mut names = path.components().peekable();
    while let Some(name) = names.next() {
        let at_root = folder.is_root();
        folder = folder.child(name);
        let is_folder = names.peek().is_some();
        if is_folder && (TOOLS.contains(&name) || at_root && DOCUMENTS.contains(&name)) {
            return Some(Way::IgnoreFolder(folder));
        }
        let is_archive = || ARCHIVES.iter().any(|end| name.ends_with(end));
        if !is_folder && (is_left_behind(name) || at_root && is_archive()) {
            return Some(Way::IgnoreFile(folder));
        }
    }
    None
}

/// Whether editors and systems leave files of this name behind.
fn is_left_behind(name: &[u8]) -> bool {
    [&b".DS_Store"[..], b"Thumbs.db"].contains(&name)
        || [&b"~"[..], b".swp", b".orig", b".rej"]
            .iter()
            .any(|end| name.ends_with(end))
}

impl Saving {
    fn add(&mut self, entry: &EntrySize) {
        self.packed += entry.packed;
        self.entries += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ignore::IgnoreRules;
    use super::super::memory::MemoryFs;
    use super::super::{LIMIT, Package, Projection, Urls};
    use super::*;

    const NOISE: &str = "Zq8#kP2!vX9@mL4$wN7%bT1^cR5&dY3*";

    /// A text that does not pack well, different for each `seed`.
    fn noise(seed: u32) -> String {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(NOISE.as_bytes()[(state >> 27) as usize])
        };
        (0..4000).map(|_| next()).collect()
    }

    fn projection(files: &MemoryFs, manifest: &Manifest) -> Projection {
        let rewritten = Package::new(files, manifest).rewritten(&Urls::new());
        rewritten
            .projection(&rewritten.load(), LIMIT, &|| false)
            .expect("readable")
            .expect("a chart")
    }

    /// A package with these files beside its manifest, whose other fields are given: the ways, each
    /// tried out.
    #[track_caller]
    fn check(fields: &str, files: &[&str], expected: &[Way]) {
        let files = files.iter().zip(1..).fold(
            MemoryFs::from([("values.yaml", "a: 1\n")]),
            |tree, (path, seed)| tree.with_file(*path, noise(seed).into_bytes()),
        );
        let text = format!("name: demo\nversion: 1.0.0\n{fields}");
        let manifest = Manifest::from_text(&text);
        let before = projection(&files, &manifest);
        assert_eq!(before.problems, []);
        let found = savings(&manifest, &before.entries, &before.uploads, &|_| false);
        let ways: Vec<_> = found.iter().map(|saving| saving.way.clone()).collect();
        assert_eq!(ways, expected, "{text}");
        for saving in found {
            let lines = saving.way.ignore_lines().join("\n");
            let text = match &saving.way {
                Way::StaticDirectory(path) => format!("{text}staticFileDirectory: {path}\n"),
                _ => text.clone(),
            };
            let files = files
                .clone()
                .with_file(".helmignore", lines.clone().into_bytes());
            let after = projection(&files, &Manifest::from_text(&text));
            assert_eq!(after.problems, []);
            // .helmignore has come.
            assert_eq!(
                after.entries.len() + saving.entries,
                before.entries.len() + 1,
                "{saving:?}"
            );
            let saved = before.projected.abs_diff(after.projected);
            assert!(saved.abs_diff(saving.packed) < 300, "{saved}: {saving:?}");
        }
    }

    #[test]
    fn images_in_one_folder_can_leave_with_it() {
        let files = ["static/图标.svg", "static/shots/a.png", "static/unused.png"];
        check(
            "icon: static/图标.svg\nscreenshots: [./static/shots/a.png]\n",
            &files,
            &[Way::StaticDirectory("static".into())],
        );
        check(
            "icon: static/shots/a.png\nscreenshots: [static/shots/a.png]\n",
            &files,
            &[Way::StaticDirectory("static/shots".into())],
        );
        // They leave already.
        check(
            "icon: static/图标.svg\nstaticFileDirectory: static\n",
            &files,
            &[],
        );
        // Nothing is uploaded.
        check("icon: https://example.com/a.svg\n", &files, &[]);
    }

    #[test]
    fn images_that_no_folder_takes_along_can_be_ignored() {
        check(
            "icon: icon.svg\nscreenshots: [static/a b.png]\n",
            &["icon.svg", "static/a b.png"],
            &[Way::IgnoreImages(vec![
                "icon.svg".into(),
                "static/a b.png".into(),
            ])],
        );
        check(
            "icon: files/图标.svg\nstaticFileDirectory: static\n",
            &["files/图标.svg", "static/x.png"],
            &[Way::IgnoreImages(vec!["files/图标.svg".into()])],
        );
        check(
            "icon: templates/icon.svg\n",
            &["templates/icon.svg"],
            &[Way::IgnoreImages(vec!["templates/icon.svg".into()])],
        );
    }

    #[test]
    fn what_no_chart_needs_can_be_ignored() {
        check(
            "",
            &[
                ".git/objects/1",
                ".git/objects/2",
                ".git/objects/3",
                "docs/a.md",
                "docs/node_modules/b.js",
                "demo-0.9.0.tgz",
                "files/archive.zip",
                "files/docs/c.md",
                "files/node_modules/[*]/d.js",
            ],
            &[
                Way::IgnoreFolder(".git".into()),
                Way::IgnoreFolder("docs".into()),
                Way::IgnoreFile("demo-0.9.0.tgz".into()),
                Way::IgnoreFolder("files/node_modules".into()),
            ],
        );
    }

    #[test]
    fn a_title_says_what_it_saves() {
        let saving = Saving {
            way: Way::StaticDirectory("静态".into()),
            packed: 35_430,
            entries: 2,
        };
        assert_eq!(
            saving.title().en,
            "Declare `staticFileDirectory: 静态`, which saves 34.6 KB"
        );
        assert_eq!(
            saving.title().zh,
            "声明 `staticFileDirectory: 静态`，可节省 34.6 KB"
        );
    }

    proptest! {
        #[test]
        fn a_line_ignores_its_path_and_no_other_of_that_name(path in "[a!# *?\\[\\]{}观\\\\.-]{1,8}(/[a!# *观]{1,4})?") {
            let path = PkgPath::from(&path[..]);
            prop_assume!(!path.is_root());
            for (way, is_folder) in [
                (Way::IgnoreFolder(path.clone()), true),
                (Way::IgnoreFile(path.clone()), false),
            ] {
                let line = way.ignore_lines().join("\n");
                let (mut rules, errors) = IgnoreRules::parse(line.as_bytes());
                prop_assert_eq!(errors, []);
                prop_assert!(rules.ignored_by(&path, is_folder).is_some(), "{}", line);
                prop_assert!(rules.ignored_by(&PkgPath::from("charts").join(&path), is_folder).is_none());
            }
        }
    }
}
