//! What a place in a package refers to, and all places that refer to the same.
//!
//! Definition, references, highlights, links, renaming and moving are views of this: a [`Referent`] is
//! the thing, a [`Mention`] a place that names it. Texts are read as they stand in the package's files,
//! and only those that can name the thing.

mod charts;
mod manifest;
mod prose;
mod templates;
#[cfg(test)]
mod tests;
mod values;
mod written;

pub(super) use charts::{ChartFolder, Dependency, chart_named, charts, dependencies};
pub(super) use values::entry_of;
pub(super) use written::{Replacing, Written, replace};

use std::collections::BTreeSet;

use super::view::View;
use crate::manifest::FILE_NAME;
use crate::package::fs::{Kind, lookup};
use crate::package::requirements::FILE_NAME as REQUIREMENTS;
use crate::package::{Package, PkgPath};
use crate::text::Span;
use crate::yaml::{self, Source, Tree};

/// The longest file in bytes that is looked into.
const MAX_TEXT: u64 = 4 << 20;
/// The values of a chart.
pub(super) const VALUES: &str = "values.yaml";
/// What a chart says of itself.
pub(super) const CHART: &str = "Chart.yaml";
/// Where the charts of a package lie.
pub(super) const CHARTS: &str = "charts";

/// What a place can refer to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Referent {
    /// The charts of this name. What they go by in values.yaml is that name too, unless a dependency
    /// has an alias.
    Chart(String),
    /// The dependency that goes by this alias.
    Alias(String),
    /// The version of the charts of this name.
    ChartVersion(String),
    /// The value at this path of keys, seen from the package's values.yaml.
    Value(Vec<String>),
    /// A file or folder of the package.
    Path(PkgPath),
    /// A page or picture elsewhere.
    Url(String),
    /// The language of this code.
    Language(String),
    /// Another extension.
    Extension(String),
}

/// What a mention is to the thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It says what the thing is called: the name in a Chart.yaml, the alias of a dependency, the key in
    /// values.yaml.
    Definition,
    /// It asks for the thing: the name of a dependency, a condition, a path.
    Request,
    /// It stands below the thing's name: the first key of a condition, a key in values.yaml.
    Part,
}

/// A place that names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The file.
    pub file: PkgPath,
    /// The name, without quotes where that can be told.
    pub span: Span,
    /// The entry that it is the key or value of; else the same.
    pub whole: Span,
    /// What is named.
    pub referent: Referent,
    /// How.
    pub role: Role,
    pub(super) written: Written,
}

/// What the cursor at the byte `offset` touches, the widest first; nothing where nothing is named.
pub(super) fn at(view: &View<'_>, offset: usize) -> Vec<Mention> {
    let mut found: Vec<_> = in_text(view, Some(offset))
        .into_iter()
        .filter(|mention| mention.span.touches(offset))
        .collect();
    found.sort_by_key(|mention| std::cmp::Reverse(mention.span.len()));
    found
}

/// Everything that the text names; keys of values only where the cursor is.
pub(super) fn in_text(view: &View<'_>, offset: Option<usize>) -> Vec<Mention> {
    let file = view.file;
    if let Some(manifest) = view.as_manifest() {
        return manifest::mentions(manifest, file);
    }
    let source = Source::from_text(view.text.to_owned());
    let yaml = || Yaml::read(file.clone(), source.clone());
    let parent = file.parent().unwrap_or_default();
    match (file.name(), chart_folder(&parent)) {
        (_, None) if !parent.is_root() => Vec::new(),
        (name, None) if crate::package::prose::is_prose(name) => prose::mentions(file, view.text),
        (name, None) if name == REQUIREMENTS.as_bytes() => charts::in_requirements(&yaml()),
        (name, Some(_)) if name == CHART.as_bytes() => charts::in_chart(&yaml()),
        (name, folder) if name == VALUES.as_bytes() => {
            let prefixes = match folder {
                None => vec![Vec::new()],
                Some(folder) => values::prefixes(&view.package, folder),
            };
            let offset = offset.into_iter();
            offset
                .flat_map(|offset| values::at(&view.package, &yaml(), &prefixes, offset))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// All places in the package that name `referent`: those in the manifest first, then by file and place.
pub(super) fn mentions(package: &Package<'_>, referent: &Referent) -> Vec<Mention> {
    let mut found = manifest::mentions(package.manifest(), &PkgPath::from(FILE_NAME));
    match referent {
        Referent::Chart(name) | Referent::Alias(name) => {
            found.extend(of_requirements(package));
            found.extend(charts(package).iter().flat_map(ChartFolder::mentions));
            let path = std::slice::from_ref(name);
            found.extend(values::named(package, path));
            if values::is_part(package, name, referent) {
                found.extend(templates::named(package, path, referent));
            }
        }
        Referent::ChartVersion(_) => {
            found.extend(of_requirements(package));
            found.extend(charts(package).iter().flat_map(ChartFolder::mentions));
        }
        Referent::Value(path) => {
            found.extend(of_requirements(package));
            found.extend(values::named(package, path));
            found.extend(templates::named(package, path, referent));
        }
        Referent::Path(_) => {
            found.extend(of_requirements(package));
            found.extend(of_prose(package));
        }
        Referent::Url(_) => {
            found.extend(charts(package).iter().flat_map(ChartFolder::mentions));
            found.extend(of_prose(package));
        }
        Referent::Language(_) | Referent::Extension(_) => {}
    }
    found.retain(|mention| mention.referent == *referent);
    sorted(found)
}

/// All places in the package that name a file or folder.
pub(super) fn paths(package: &Package<'_>) -> Vec<Mention> {
    let mut found = manifest::mentions(package.manifest(), &PkgPath::from(FILE_NAME));
    found.extend(of_requirements(package));
    found.extend(of_prose(package));
    found.retain(|mention| matches!(mention.referent, Referent::Path(_)));
    sorted(found)
}

fn sorted(mut mentions: Vec<Mention>) -> Vec<Mention> {
    let manifest = PkgPath::from(FILE_NAME);
    mentions.sort_by(|a, b| {
        let key = |mention: &Mention| (mention.file != manifest, mention.span);
        (key(a).0, &a.file, a.span).cmp(&(key(b).0, &b.file, b.span))
    });
    mentions.dedup_by(|a, b| (&a.file, a.span) == (&b.file, b.span));
    mentions
}

fn of_requirements(package: &Package<'_>) -> Vec<Mention> {
    let yaml = Yaml::of(package, PkgPath::from(REQUIREMENTS));
    yaml.map_or_else(Vec::new, |yaml| charts::in_requirements(&yaml))
}

fn of_prose(package: &Package<'_>) -> Vec<Mention> {
    let names = package.files().list(&PkgPath::root()).unwrap_or_default();
    let texts = names
        .iter()
        .filter(|name| crate::package::prose::is_prose(name));
    let mentions = texts.filter_map(|name| {
        let file = PkgPath::root().child(name);
        let source = text_of(package, &file)?;
        Some(prose::mentions(&file, source.text()))
    });
    mentions.flatten().collect()
}

/// The folder in `charts/` that `path` is; `None` if it is something else.
pub(super) fn chart_folder(path: &PkgPath) -> Option<&PkgPath> {
    let names: Vec<_> = path.components().collect();
    (names.len() == 2 && names[0] == CHARTS.as_bytes()).then_some(path)
}

/// The text of a file in the package; `None` if there is none or it is too long.
pub(super) fn text_of(package: &Package<'_>, file: &PkgPath) -> Option<Source> {
    let found = lookup(package.files(), file).ok()?;
    let Kind::File { .. } = found.kind else {
        return None;
    };
    let content = package.files().read(&found.path, MAX_TEXT).ok()?;
    Some(Source::from_bytes(&content))
}

/// A YAML file of the package.
pub(super) struct Yaml {
    pub(super) file: PkgPath,
    pub(super) source: Source,
    pub(super) tree: Tree,
}

impl Yaml {
    fn read(file: PkgPath, source: Source) -> Self {
        let tree = yaml::parse_source(&source);
        Self { file, source, tree }
    }

    /// The file at this path; `None` if there is none.
    pub(super) fn of(package: &Package<'_>, file: PkgPath) -> Option<Self> {
        let source = text_of(package, &file)?;
        Some(Self::read(file, source))
    }

    fn text(&self) -> Text<'_> {
        Text {
            file: &self.file,
            text: self.source.text(),
            tree: &self.tree,
        }
    }
}

/// A YAML text in which things are named.
#[derive(Clone, Copy)]
struct Text<'a> {
    file: &'a PkgPath,
    text: &'a str,
    tree: &'a Tree,
}

/// The files that some mentions stand in.
pub(super) fn files_of<'m>(
    mentions: impl IntoIterator<Item = &'m Mention>,
) -> BTreeSet<&'m PkgPath> {
    mentions.into_iter().map(|mention| &mention.file).collect()
}
