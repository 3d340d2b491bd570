//! Packages in memory, for the tests of what editors ask.

use std::collections::BTreeMap;

use super::{Change, FileOperation, Move, View};
use crate::check::errors;
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{LIMIT, MemoryFs, Package, PkgPath};
use crate::text::{TextEdit, apply_edits};
use crate::yaml::Source;

/// A package with two charts, one of them under an alias, a picture and links to it.
pub(super) const FILES: [(&str, &str); 14] = [
    (
        "extension.yaml",
        "\u{feff}apiVersion: kubesphere.io/v1alpha1\r\nname: demo\r\nversion: 1.0.0\r\n\
         displayName: {en: Demo, zh: 示例😀}\r\ndescription: {en: An example., 'zh': \"一个示例。\"}\r\n\
         category: dev-tools\r\nhome: https://example.com/\r\nprovider:\r\n  en: {name: Example}\r\n  zh: {name: 示例}\r\n\
         staticFileDirectory: ./static\r\nicon: './static/图 标.svg'\r\n\
         screenshots:\r\n  - static/a.svg\r\n  - /static/a.svg\r\n\
         dependencies:\r\n  - name: \"frontend\"\r\n    version: 0.1.0\r\n    condition: frontend.enabled,global.active\r\n    repository: file://charts/frontend\r\n\
         \u{20} - {name: backend, alias: 'api', condition: \"api.enabled\"} # 后端\r\n\
         externalDependencies:\r\n  - {name: other, type: extension, version: '>=1'}\r\n",
    ),
    (
        "values.yaml",
        "# 值\nfrontend:\n  enabled: true # 开\n  replicas: 2\n'api': {enabled: yes}\nglobal:\n  active: false\n",
    ),
    (
        "charts/frontend/Chart.yaml",
        "apiVersion: v2\nname: 'frontend'\nversion: 0.1.0\nappVersion: \"2.0\"\ndescription: 前端\nhome: https://example.com/\n",
    ),
    (
        "charts/frontend/values.yaml",
        "enabled: false\nreplicas: 1\n",
    ),
    ("charts/frontend/logo.svg", "<svg/>"),
    (
        "charts/server/Chart.yaml",
        "apiVersion: v2\nname: backend\nversion: 0.2.0\n",
    ),
    ("charts/server/values.yaml", "enabled: true\n"),
    ("static/图 标.svg", "<svg width=\"24\" height=\"24\"/>"),
    ("static/a.svg", "<svg/>"),
    (
        "README.md",
        "# Demo\n\n![图](static/%E5%9B%BE%20%E6%A0%87.svg \"t\") <img src='./static/a.svg?raw=true'> [chart](charts/frontend/logo.svg#x)\n\nSee https://example.com/ and [home](https://example.com/).\n",
    ),
    (
        "README_zh.md",
        "# 示例\r\n\r\n![图](<static/图 标.svg>)\r\n",
    ),
    ("CHANGELOG.md", "# Changelog\n"),
    ("CHANGELOG_zh.md", "# 更新日志\n"),
    (".helmignore", "# 注释\n*.svg\nnothing\n"),
];

/// A package in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) texts: BTreeMap<PkgPath, String>,
}

/// A [`Sample`] as the editor holds it.
pub(super) struct Opened {
    files: MemoryFs,
    manifest: Manifest,
    path: PkgPath,
    text: String,
}

impl Sample {
    pub(super) fn new() -> Self {
        Self::of(&FILES)
    }

    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let texts = files.iter();
        let texts = texts.map(|(path, text)| (PkgPath::from(*path), (*text).to_owned()));
        Self {
            texts: texts.collect(),
        }
    }

    /// The sample with a file of another content, or one more.
    pub(super) fn with(mut self, path: &str, text: &str) -> Self {
        self.texts.insert(path.into(), text.to_owned());
        self
    }

    pub(super) fn text(&self, path: &str) -> &str {
        &self.texts[&PkgPath::from(path)]
    }

    /// The sample with one of its files open.
    pub(super) fn open(&self, path: &str) -> Opened {
        let files = self.texts.iter();
        let files = files.fold(MemoryFs::default(), |files, (path, text)| {
            files.with_file(path.clone(), text.as_bytes())
        });
        let manifest = Manifest::read(Source::from_text(self.text(FILE_NAME).to_owned()));
        Opened {
            files,
            manifest,
            path: path.into(),
            text: self.text(path).to_owned(),
        }
    }

    /// The place of `|` in `marked`, which is a part of the file.
    #[track_caller]
    pub(super) fn offset(&self, path: &str, marked: &str) -> usize {
        let cursor = marked.find('|').expect("a cursor");
        let text = marked.replacen('|', "", 1);
        let found = self.text(path).find(&text);
        found.unwrap_or_else(|| panic!("no {text:?} in {path}")) + cursor
    }

    /// The sample after a change.
    #[track_caller]
    pub(super) fn after(&self, change: &Change) -> Self {
        let mut edits: BTreeMap<&PkgPath, Vec<TextEdit>> = BTreeMap::new();
        for (path, edit) in &change.edits {
            edits.entry(path).or_default().push(edit.clone());
        }
        let mut after = self.clone();
        for (path, edits) in edits {
            let text = apply_edits(&after.texts[path], &edits).expect("edits that do not overlap");
            after.texts.insert(path.clone(), text);
        }
        for operation in &change.operations {
            let FileOperation::Rename { from, to } = operation else {
                panic!("{operation:?}");
            };
            let (from, to) = (from.clone(), to.clone());
            after = after.moved(&[Move { from, to }]);
        }
        after
    }

    /// The sample with files and folders at other paths, all at once.
    pub(super) fn moved(&self, moves: &[Move]) -> Self {
        let place = |path: &PkgPath| {
            let mut moves = moves.iter();
            let new = moves.find_map(|one| Some(one.to.join(&path.below(&one.from)?)));
            new.unwrap_or_else(|| path.clone())
        };
        let texts = self.texts.iter();
        Self {
            texts: texts
                .map(|(path, text)| (place(path), text.clone()))
                .collect(),
        }
    }

    /// What push would refuse.
    pub(super) fn errors(&self) -> Vec<&'static str> {
        let opened = self.open(FILE_NAME);
        let package = opened.package();
        let contents = package.contents();
        let found = errors(&package, Some(&contents), LIMIT);
        found.iter().map(|finding| finding.rule).collect()
    }
}

impl Opened {
    pub(super) fn package(&self) -> Package<'_> {
        Package::new(&self.files, &self.manifest)
    }

    pub(super) fn view(&self) -> View<'_> {
        View {
            package: self.package(),
            contents: None,
            file: &self.path,
            text: &self.text,
        }
    }
}
