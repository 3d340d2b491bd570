//! A package as Helm 3.18.1 loads it (pkg/chart/loader/load.go): which file means what, which charts
//! lie in which, and everything that the loader refuses.
//!
//! Goes on where Helm stops at the first thing it refuses; a chart comes out whenever there is one
//! to speak of. Subcharts come in the order of their names, Helm's is random.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::archive;
use super::chart::{Chart, ChartFile, Content, text};
use super::clean::clean_metadata;
use super::copied::refused;
use super::fs::FileSystem;
use super::ignore::{self, IgnoredBy};
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};
use super::unpack;
use super::validate;
use super::walk::{Walked, walk};
use super::yaml_file::{self, decode, lay_over};
use crate::bilingual;
use crate::lang::Bilingual;
use crate::manifest::fields::{CHART, CHART_LOCK};
use crate::manifest::shape::Shape;
use crate::yaml::Unwritable;

/// The most charts that may stand in each other. Helm has no bound.
pub const MAX_DEPTH: usize = 100;

/// The most bytes that all packed charts of a package may hold. Helm has a bound for each of them
/// only.
pub const MAX_UNPACKED: u64 = 256 * 1024 * 1024;

/// values.yaml: a map of anything.
static VALUES: Shape = Shape::Map(&Shape::Any);

/// What loading a package gives.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The chart; `None` without a Chart.yaml that can be read. To be trusted only without problems.
    pub chart: Option<Chart>,
    /// What does not come into the archive.
    pub dropped: Vec<Dropped>,
    /// Absolute links that lead into the package, and where each leads: they work only where the
    /// package lies now.
    pub absolute_links: Vec<(PkgPath, PkgPath)>,
    /// What Helm refuses.
    pub problems: Vec<Problem>,
}

/// A file or directory that does not come into the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Its path.
    pub path: PkgPath,
    /// Its length in bytes; of a directory, that of all files in it.
    pub size: u64,
    /// Why it does not.
    pub why: Why,
}

/// Why something does not come into the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// push removes the static directory.
    StaticDirectory,
    /// A rule of `.helmignore`, or Helm's own one.
    Ignored(IgnoredBy),
    /// A chart whose folder's or file's name begins with `_` or `.`.
    HiddenChart,
    /// requirements.yaml and requirements.lock become part of Chart.yaml and Chart.lock.
    Merged,
}

impl Why {
    /// The word for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StaticDirectory => "static-directory",
            Self::Ignored(_) => "ignored",
            Self::HiddenChart => "hidden-chart",
            Self::Merged => "merged",
        }
    }

    /// The reason for people, as a clause. `helmignore` is the content of that file, of which the line
    /// is quoted.
    pub fn words(&self, helmignore: &[u8]) -> Bilingual {
        match self {
            Self::StaticDirectory => Bilingual::fixed(
                "removed with `staticFileDirectory`",
                "随 `staticFileDirectory` 移除",
            ),
            Self::Ignored(IgnoredBy::Default) => Bilingual::fixed(
                "hidden files in `templates/`, which Helm ignores",
                "`templates/` 下的隐藏文件，Helm 会忽略",
            ),
            Self::Ignored(IgnoredBy::Line { span, negated }) => {
                let line = helmignore.get(span.start..span.end).unwrap_or_default();
                let line = String::from_utf8_lossy(line);
                match negated {
                    false => bilingual!(
                        "ignored by `{line}` in .helmignore",
                        "被 .helmignore 中的 `{line}` 忽略"
                    ),
                    true => bilingual!(
                        "not matched by `{line}` in .helmignore, which ignores everything else",
                        "未匹配 .helmignore 中的 `{line}`，该行会忽略其余一切",
                    ),
                }
            }
            Self::HiddenChart => Bilingual::fixed(
                "charts whose name begins with `_` or `.`, which Helm skips",
                "名称以 `_` 或 `.` 开头的 chart，Helm 会跳过",
            ),
            Self::Merged => Bilingual::fixed(
                "becomes part of Chart.yaml or Chart.lock",
                "并入 Chart.yaml 或 Chart.lock",
            ),
        }
    }
}

/// Loads the package in `files`, Chart.yaml and all.
pub fn load(files: &dyn FileSystem) -> Loaded {
    let Walked {
        files: found,
        ignored,
        absolute_links,
        problems,
    } = walk(files);
    let mut loader = Loader {
        files,
        unpacked: 0,
        result: Loaded {
            absolute_links,
            problems,
            ..Loaded::default()
        },
    };
    let is_there = |name: &str| found.iter().any(|file| file.name == name.into());
    for (name, kind) in [
        (
            "extension.yaml",
            ProblemKind::ManifestIgnored as fn(bool) -> _,
        ),
        ("Chart.yaml", ProblemKind::ChartIgnored),
    ] {
        let path = PkgPath::from(name);
        let rule = ignored.iter().find(|ignored| ignored.path == path);
        // Only a line can do it: Helm's own rule is about templates.
        if let Some(IgnoredBy::Line { span, negated }) = rule.map(|rule| rule.by)
            && !is_there(name)
        {
            let problem = Problem::new(&ignore::FILE_NAME.into(), kind(negated));
            loader.result.problems.push(problem.at(span));
        }
    }
    let root = Place {
        path: PkgPath::root(),
        packed: false,
    };
    loader.result.chart = loader.chart(found, &root, 0);
    let dropped = ignored.into_iter().map(|ignored| Dropped {
        path: ignored.path,
        size: ignored.size,
        why: Why::Ignored(ignored.by),
    });
    loader.result.dropped.extend(dropped);
    loader.result
}

struct Loader<'f> {
    files: &'f dyn FileSystem,
    /// Bytes of packed charts so far.
    unpacked: u64,
    result: Loaded,
}

/// Where a chart stands.
struct Place {
    /// Its folder, or the archive that it is packed in.
    path: PkgPath,
    packed: bool,
}

impl Place {
    /// Where the file or folder `name` of this chart is found.
    fn of(&self, name: &PkgPath) -> PkgPath {
        if self.packed {
            self.path.clone()
        } else {
            self.path.join(name)
        }
    }
}

impl Loader<'_> {
    fn chart(&mut self, files: Vec<ChartFile>, place: &Place, depth: usize) -> Option<Chart> {
        let mut chart = Chart::default();
        let mut sources = Vec::new();
        for file in files.iter().filter(|file| is(file, "Chart.yaml")) {
            self.decode_over(&CHART, file, &mut chart.metadata)?;
            sources.push(file.clone());
            if text(&chart.metadata, "apiVersion").is_empty() {
                set_api_version(&mut chart.metadata, "v1");
            }
            chart.source = file.source.clone();
        }
        let found = chart.metadata.is_object();
        let mut charts: BTreeMap<Vec<u8>, Vec<ChartFile>> = BTreeMap::new();
        let requirements = files.iter().filter(|file| is(file, "requirements.yaml"));
        sources.extend(requirements.cloned());
        for file in files {
            self.sort_in(file, &mut chart, &mut charts);
        }
        if !found && !chart.metadata.is_object() {
            // Of the package itself Chart.yaml is written by push, so only a rule can have hidden it.
            let is_told = |problem: &Problem| problem.path.below(&place.path).is_some();
            if depth > 0 && !self.result.problems.iter().any(is_told) {
                let kind = ProblemKind::ChartMissing { stray_file: false };
                self.problem(&place.path, kind);
            }
            return None;
        }
        clean_metadata(&mut chart.metadata);
        self.check_metadata(&chart, &sources, place);
        self.check_written(&chart, &sources, place);
        for (name, files) in charts {
            let subchart = self.subchart(&name, files, place, depth + 1);
            chart.subcharts.extend(subchart);
        }
        Some(chart)
    }

    /// Says what Helm cannot write of a chart, at the last of `sources` that it was read from.
    fn check_written(&mut self, chart: &Chart, sources: &[ChartFile], place: &Place) {
        let Some((name, fault)) = archive::unwritable(chart) else {
            return;
        };
        let has_fault = |file: &ChartFile| {
            let bytes = file.content.read_all(self.files).ok()?;
            let metadata = yaml_file::decode(&CHART, &bytes).ok()?;
            Some(Unwritable::in_value(&metadata)? == fault)
        };
        let brought_by = sources
            .iter()
            .rev()
            .find(|file| name == "Chart.yaml" && has_fault(file) == Some(true));
        let path = brought_by.map_or_else(|| place.of(&name.into()), |file| file.source.clone());
        self.problem(&path, ProblemKind::Unwritable(fault));
    }

    /// Says what Helm refuses in a chart's metadata, at the file that brought it in: `sources` are
    /// those that it was read from.
    fn check_metadata(&mut self, chart: &Chart, sources: &[ChartFile], place: &Place) {
        for (fault, path) in validate::faults(&chart.metadata) {
            let at_fault = sources.iter().rev().find_map(|file| {
                let bytes = file.content.read_all(self.files).ok()?;
                let span = yaml_file::value_place(&CHART, &bytes, &path)?;
                Some((file, span))
            });
            let problem = match at_fault.or_else(|| {
                let file = sources.first()?;
                let bytes = file.content.read_all(self.files).ok()?;
                Some((file, yaml_file::first_key(&bytes)))
            }) {
                Some((file, span)) if !place.packed => {
                    Problem::new(&file.source, ProblemKind::Metadata(fault)).at(span)
                }
                _ => Problem::new(&chart.source, ProblemKind::Metadata(fault)),
            };
            self.result.problems.push(problem);
        }
    }

    /// Gives a file its meaning in `chart`, or puts it to its subchart in `charts`.
    fn sort_in(
        &mut self,
        mut file: ChartFile,
        chart: &mut Chart,
        charts: &mut BTreeMap<Vec<u8>, Vec<ChartFile>>,
    ) {
        match file.name.as_bytes() {
            b"Chart.yaml" => {}
            b"Chart.lock" => chart.lock = self.lock(&file),
            b"values.yaml" => {
                chart.defaults = self.decode(&VALUES, &file).unwrap_or_default();
                chart.values.push(file);
            }
            b"values.schema.json" => {
                self.check_json(&file);
                chart.schema = Some(file);
            }
            b"requirements.yaml" => {
                self.decode_over(&CHART, &file, &mut chart.metadata);
                self.keep_for_v1(file, chart);
            }
            b"requirements.lock" => {
                chart.lock = self.lock(&file);
                self.keep_for_v1(file, chart);
            }
            name if name.starts_with(b"templates/") => chart.templates.push(file),
            name if name.starts_with(b"charts/") && extension(name) != b".prov" => {
                let below = file.name.below(&"charts".into()).unwrap_or_default();
                let first = below.components().next().unwrap_or_default().to_vec();
                file.name = below;
                charts.entry(first).or_default().push(file);
            }
            _ => chart.files.push(file),
        }
    }

    /// A file of Helm 2, which stays a file in a chart of the first version only.
    fn keep_for_v1(&mut self, file: ChartFile, chart: &mut Chart) {
        if chart.text("apiVersion") == "v1" {
            chart.files.push(file);
        } else {
            self.drop(&file.source, std::slice::from_ref(&file), Why::Merged);
        }
    }

    fn subchart(
        &mut self,
        name: &[u8],
        files: Vec<ChartFile>,
        parent: &Place,
        depth: usize,
    ) -> Option<Chart> {
        let name = PkgPath::root().child(name);
        let path = parent.of(&PkgPath::from("charts").join(&name));
        if matches!(name.as_bytes(), [b'_' | b'.', ..]) {
            if !parent.packed {
                self.drop(&path, &files, Why::HiddenChart);
                self.check_copied(&files);
            }
            return None;
        }
        if depth > MAX_DEPTH {
            self.problem(&path, ProblemKind::TooDeep);
            return None;
        }
        // A plain file is called like the entry itself, a folder's files lie below that name.
        let plain = files.iter().find(|file| file.name == name);
        let (files, packed) = match (plain, extension(name.as_bytes())) {
            (Some(archive), b".tgz") => (self.unpack(archive, &path)?, true),
            (None, b".tgz") => {
                self.problem(&path, ProblemKind::PackedChartIsDirectory);
                return None;
            }
            (Some(_), _) => {
                self.problem(&path, ProblemKind::ChartMissing { stray_file: true });
                return None;
            }
            (None, _) => {
                let below = |mut file: ChartFile| {
                    file.name = file.name.below(&name)?;
                    Some(file)
                };
                (files.into_iter().filter_map(below).collect(), parent.packed)
            }
        };
        self.chart(files, &Place { path, packed }, depth)
    }

    fn unpack(&mut self, archive: &ChartFile, path: &PkgPath) -> Option<Vec<ChartFile>> {
        let bytes = match archive.content.read(self.files) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.problem(path, ProblemKind::Unreadable(error.kind));
                return None;
            }
        };
        let files = match unpack::chart_files(&bytes) {
            Ok(files) => files,
            Err(error) => {
                self.problem(path, ProblemKind::Unpack(error));
                return None;
            }
        };
        self.unpacked += files
            .iter()
            .map(|(_, content)| content.len() as u64)
            .sum::<u64>();
        if self.unpacked > MAX_UNPACKED {
            self.problem(path, ProblemKind::UnpackedTooLarge);
            return None;
        }
        let file = |(name, content)| ChartFile {
            name,
            source: path.clone(),
            content: Content::Memory(content),
        };
        Some(files.into_iter().map(file).collect())
    }

    /// Says which of `files` push cannot copy; of those that are packed the archive tells.
    fn check_copied(&mut self, files: &[ChartFile]) {
        for file in files {
            if let Content::File { path, .. } = &file.content
                && let Some(kind) = refused(self.files, path)
            {
                self.problem(&file.source, kind);
            }
        }
    }

    fn lock(&mut self, file: &ChartFile) -> Option<Value> {
        self.decode(&CHART_LOCK, file).filter(Value::is_object)
    }

    fn check_json(&mut self, file: &ChartFile) {
        let Some(bytes) = self.read(file) else { return };
        let json = super::chart::without_bom(&bytes);
        if serde_json::from_slice::<IgnoredAny>(json).is_err() || nests_too_deep(json) {
            self.problem(&file.source, ProblemKind::SchemaNotJson);
        }
    }

    /// Lays what `file` says over what is `known`; `None` if it cannot be decoded.
    fn decode_over(&mut self, shape: &Shape, file: &ChartFile, known: &mut Value) -> Option<()> {
        let new = self.decode(shape, file)?;
        match (&known, new) {
            // An empty file still makes Helm hold a chart, without name and version.
            (Value::Null, Value::Null) => *known = Value::Object(serde_json::Map::new()),
            (Value::Null, new) => *known = new,
            (_, Value::Null) => {}
            (_, new) => lay_over(shape, known, new),
        }
        Some(())
    }

    fn decode(&mut self, shape: &Shape, file: &ChartFile) -> Option<Value> {
        let bytes = self.read(file)?;
        match decode(shape, &bytes) {
            Ok(value) => Some(value),
            Err(refusal) => {
                let problem = Problem::new(&file.source, refusal.kind);
                let in_archive = matches!(file.content, Content::Memory(_));
                self.result.problems.push(match in_archive {
                    true => problem,
                    false => problem.at(refusal.span),
                });
                None
            }
        }
    }

    /// A file's content, as it is on the disk: places in it are told to its author.
    fn read(&mut self, file: &ChartFile) -> Option<Vec<u8>> {
        match file.content.read_all(self.files) {
            Ok(bytes) => Some(bytes.into_owned()),
            Err(error) => {
                self.problem(&file.source, ProblemKind::Unreadable(error.kind));
                None
            }
        }
    }

    fn drop(&mut self, path: &PkgPath, files: &[ChartFile], why: Why) {
        self.result.dropped.push(Dropped {
            path: path.clone(),
            size: files.iter().map(|file| file.content.len()).sum(),
            why,
        });
    }

    fn problem(&mut self, path: &PkgPath, kind: ProblemKind) {
        self.result.problems.push(Problem::new(path, kind));
    }
}

/// Whether JSON nests deeper than Go reads it (encoding/json scanner.go `maxNestingDepth`).
fn nests_too_deep(json: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    json.iter().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 10_000
    })
}

fn is(file: &ChartFile, name: &str) -> bool {
    file.name.as_bytes() == name.as_bytes()
}

fn set_api_version(metadata: &mut Value, version: &str) {
    if let Some(fields) = metadata.as_object_mut() {
        fields.insert("apiVersion".into(), version.into());
    }
}

/// `filepath.Ext`: from the last dot of the last name on.
fn extension(name: &[u8]) -> &[u8] {
    let start = name
        .iter()
        .rposition(|&byte| byte == b'/')
        .map_or(0, |slash| slash + 1);
    let dot = name[start..].iter().rposition(|&byte| byte == b'.');
    dot.map_or(&[], |dot| &name[start + dot..])
}

#[cfg(test)]
mod tests {
    use super::super::archive::entries;
    use super::super::fs::{Irregular, LookupError};
    use super::super::gzip::Inline;
    use super::super::memory::MemoryFs;
    use super::super::tarball::Tarball;
    use super::super::unpack::UnpackError;
    use super::super::validate::MetadataFault;
    use super::*;
    use crate::manifest::misfit::Wanted;

    /// A package with what push writes into it.
    fn package<const N: usize>(files: [(&str, &str); N]) -> MemoryFs {
        let own = MemoryFs::from([
            ("Chart.yaml", "apiVersion: v2\nname: demo\nversion: 0.1.0\n"),
            ("extension.yaml", "name: demo\n"),
        ]);
        files.into_iter().fold(own, |tree, (path, text)| {
            tree.with_file(path, text.as_bytes())
        })
    }

    fn tgz(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut tarball = Tarball::new(Vec::new(), &Inline, false).unwrap();
        for (name, content) in entries {
            tarball.append(name.as_bytes(), content.as_bytes()).unwrap();
        }
        tarball.finish().unwrap().0
    }

    /// The entries of the archive without what every package has, then the problems.
    #[track_caller]
    fn check(tree: &MemoryFs, archive: &[&str], problems: &[(&str, ProblemKind)]) {
        let loaded = load(tree);
        let chart = loaded.chart.iter();
        let names: Vec<_> = chart.flat_map(entries).map(|entry| entry.path).collect();
        let own = ["Chart.yaml", "extension.yaml"];
        let names: Vec<_> = names
            .iter()
            .filter(|name| !own.contains(&&name[..]))
            .collect();
        assert_eq!(names, archive);
        let found: Vec<_> = loaded
            .problems
            .into_iter()
            .map(|problem| (problem.path.to_string(), problem.kind))
            .collect();
        let expected = problems
            .iter()
            .map(|(path, kind)| ((*path).to_owned(), kind.clone()));
        assert_eq!(found, expected.collect::<Vec<_>>());
    }

    #[test]
    fn the_archive_has_helms_order() {
        let tree = package([
            ("README.md", ""),
            ("Values.yaml", ""),
            ("values.yaml", "a: 1\n"),
            ("values.schema.json", "{}"),
            ("templates/b.yaml", ""),
            ("templates/a/观测.yaml", ""),
            ("templates/.hidden", ""),
            (".helmignore", "*.bak\n"),
            ("old.bak", ""),
            ("charts/b/Chart.yaml", "name: backend\nversion: 1\n"),
            ("charts/b/templates/x.yaml", ""),
            (
                "charts/a-b/Chart.yaml",
                "apiVersion: v2\nname: frontend\nversion: 1\n",
            ),
            (
                "charts/a-b/charts/deep/Chart.yaml",
                "name: deep\nversion: 1\n",
            ),
            ("charts/b/.helmignore", "*\n"),
            ("charts/x.prov", ""),
            ("charts/_off/Chart.yaml", "not: [yaml"),
            ("crds/a.yaml", ""),
        ]);
        check(
            &tree,
            &[
                "values.yaml",
                "values.schema.json",
                "templates/a/观测.yaml",
                "templates/b.yaml",
                ".helmignore",
                "README.md",
                "Values.yaml",
                "charts/x.prov",
                "crds/a.yaml",
                "charts/frontend/Chart.yaml",
                "charts/frontend/charts/deep/Chart.yaml",
                "charts/backend/Chart.yaml",
                "charts/backend/templates/x.yaml",
                "charts/backend/.helmignore",
            ],
            &[],
        );
        let dropped: Vec<_> = load(&tree)
            .dropped
            .into_iter()
            .map(|dropped| (dropped.path.to_string(), dropped.size, dropped.why.as_str()))
            .collect();
        assert_eq!(
            dropped,
            [
                ("charts/_off".into(), 10, "hidden-chart"),
                ("old.bak".into(), 0, "ignored"),
                ("templates/.hidden".into(), 0, "ignored"),
            ]
        );
    }

    #[test]
    fn charts_of_the_first_version_keep_their_requirements_as_a_file() {
        let requirements = "dependencies: [{name: db}]\n";
        let lock = "generated: 2024-01-01T00:00:00Z\n";
        let tree = package([
            ("charts/one/Chart.yaml", "name: one\nversion: 1\n"),
            ("charts/one/requirements.yaml", requirements),
            ("charts/one/requirements.lock", lock),
            (
                "charts/two/Chart.yaml",
                "apiVersion: v2\nname: two\nversion: 1\n",
            ),
            ("charts/two/requirements.yaml", requirements),
            ("charts/two/requirements.lock", lock),
        ]);
        check(
            &tree,
            &[
                "charts/one/Chart.yaml",
                "charts/one/requirements.lock",
                "charts/one/requirements.yaml",
                "charts/two/Chart.yaml",
                "charts/two/Chart.lock",
            ],
            &[],
        );
        let chart = load(&tree).chart.unwrap();
        let texts: Vec<_> = entries(&chart)
            .iter()
            .filter(|entry| entry.path.contains("Chart."))
            .map(|entry| {
                String::from_utf8(entry.content.read(&tree).unwrap().into_owned()).unwrap()
            })
            .collect();
        assert_eq!(
            texts[1..],
            [
                "apiVersion: v1\nname: one\nversion: \"1\"\n",
                "apiVersion: v2\ndependencies:\n- name: db\n  repository: \"\"\nname: two\nversion: \"1\"\n",
                "dependencies: null\ndigest: \"\"\ngenerated: \"2024-01-01T00:00:00Z\"\n",
            ]
        );
    }

    #[test]
    fn packed_charts_are_unpacked_even_inside_each_other() {
        let inner = tgz(&[("x/Chart.yaml", "name: inner\nversion: 1\n")]);
        let mut outer = Tarball::new(Vec::new(), &Inline, false).unwrap();
        outer
            .append(b"y/Chart.yaml", b"name: outer\nversion: 1\n")
            .unwrap();
        outer.append(b"y/charts/inner.tgz", &inner).unwrap();
        outer
            .append(b"y/README.md", "\u{feff}观测".as_bytes())
            .unwrap();
        let tree = package([]).with_file("charts/outer-1.tgz", outer.finish().unwrap().0);
        check(
            &tree,
            &[
                "charts/outer/Chart.yaml",
                "charts/outer/README.md",
                "charts/outer/charts/inner/Chart.yaml",
            ],
            &[],
        );
        let chart = load(&tree).chart.unwrap();
        let readme = entries(&chart)
            .into_iter()
            .find(|entry| entry.path.ends_with("README.md"));
        let readme = readme.unwrap();
        assert_eq!(readme.source, "charts/outer-1.tgz".into());
        assert_eq!(readme.content.read(&tree).unwrap(), "观测".as_bytes());
    }

    #[test]
    fn what_stands_under_charts_must_be_a_chart() {
        let broken = |kind| ProblemKind::Unpack(kind);
        check(
            &package([
                ("charts/README.md", "#"),
                ("charts/bad.tgz", "this is not a tgz"),
                ("charts/dir.tgz/Chart.yaml", "name: a\nversion: 1\n"),
                ("charts/empty/README.md", "#"),
                ("charts/slash/Chart.yaml", "name: a/b\nversion: 01\n"),
                (
                    "charts/typed/Chart.yaml",
                    "name: a\nversion: 1\nkeywords: x\n",
                ),
            ]),
            &["charts/a/b/Chart.yaml"],
            &[
                (
                    "charts/README.md",
                    ProblemKind::ChartMissing { stray_file: true },
                ),
                ("charts/bad.tgz", broken(UnpackError::NotGzip)),
                ("charts/dir.tgz", ProblemKind::PackedChartIsDirectory),
                (
                    "charts/empty",
                    ProblemKind::ChartMissing { stray_file: false },
                ),
                (
                    "charts/slash/Chart.yaml",
                    ProblemKind::Metadata(MetadataFault::NameInvalid("a/b".into())),
                ),
                (
                    "charts/typed/Chart.yaml",
                    ProblemKind::WrongType(Wanted::List),
                ),
            ],
        );
    }

    #[test]
    fn links_are_followed_inside_the_package_and_refused_elsewhere() {
        let tree = package([("docs/a.md", "a"), (".helmignore", "off*\n")])
            .with_symlink("b.md", "docs/a.md")
            .with_symlink("more", "docs")
            .with_symlink("off", "nowhere")
            .with_symlink("out", "/etc/passwd")
            .with_irregular("pipe", Irregular::Pipe)
            .with_irregular("off-pipe", Irregular::Pipe);
        check(
            &tree,
            &[".helmignore", "b.md", "docs/a.md", "more/a.md"],
            &[
                (
                    "off",
                    ProblemKind::Link(LookupError::Dangling {
                        link: "off".into(),
                        target: "nowhere".into(),
                    }),
                ),
                (
                    "out",
                    ProblemKind::Link(LookupError::Escapes { link: "out".into() }),
                ),
                ("pipe", ProblemKind::Irregular(Irregular::Pipe)),
            ],
        );
    }

    #[test]
    fn a_link_to_a_directory_around_it_ends_the_walk() {
        let tree = package([("z.md", "")]).with_symlink("a", ".");
        let loaded = load(&tree);
        assert_eq!(loaded.problems.len(), 1);
        let kind = ProblemKind::Link(LookupError::Loop { link: "a".into() });
        assert_eq!(loaded.problems[0].kind, kind);
        // Unless a rule keeps it out.
        check(
            &tree.with_file(".helmignore", *b"a/\n"),
            &[".helmignore", "z.md"],
            &[],
        );
    }

    #[test]
    fn ignore_rules_can_hide_what_push_needs() {
        for (rules, hidden) in [
            (
                "*.yaml\n",
                &[
                    ("*.yaml", ProblemKind::ManifestIgnored(false)),
                    ("*.yaml", ProblemKind::ChartIgnored(false)),
                ][..],
            ),
            (
                "# 图表\n!Chart.yaml\n",
                &[("!Chart.yaml", ProblemKind::ManifestIgnored(true))],
            ),
        ] {
            let problems = load(&package([(".helmignore", rules)])).problems;
            let found: Vec<_> = problems
                .into_iter()
                .map(|problem| {
                    assert_eq!(problem.path, ".helmignore".into());
                    let span = problem.span.expect("a line");
                    (span.of(rules), problem.kind)
                })
                .collect();
            assert_eq!(found, hidden, "{rules}");
        }
    }

    #[test]
    fn faults_of_a_chart_stand_where_they_are_written() {
        for (path, text, at) in [
            ("charts/a/Chart.yaml", "name: a\nversion: 观测\n", "观测"),
            ("charts/a/Chart.yaml", "# none\nname: a\n", "name"),
            ("requirements.yaml", "version: next\n", "next"),
        ] {
            let problems = load(&package([(path, text)])).problems;
            let found: Vec<_> = problems
                .iter()
                .map(|problem| {
                    let span = problem.span.expect("a place");
                    (problem.path.to_string(), span.of(text))
                })
                .collect();
            assert_eq!(found, [(path.to_owned(), at)]);
        }
    }

    #[test]
    fn what_cannot_be_written_stands_in_the_file_that_brought_it() {
        for (path, text) in [
            (
                "charts/a/Chart.yaml",
                "name: a\nversion: 1.0.0\nannotations: {a: \"\\x7f\"}\n",
            ),
            ("requirements.yaml", "annotations: {\"\\x7f\": a}\n"),
            ("Chart.lock", "digest: \"\\x7f\"\n"),
        ] {
            let problems = load(&package([(path, text)])).problems;
            let kind = ProblemKind::Unwritable(Unwritable::Control('\u{7f}'));
            assert_eq!(problems, [Problem::new(&path.into(), kind)]);
        }
    }

    #[test]
    fn files_that_helm_reads_must_be_readable_and_well_formed() {
        let large = vec![0; usize::try_from(super::super::chart::MAX_FILE).unwrap() + 1];
        let tree = package([
            ("values.yaml", "- a\n"),
            ("values.schema.json", ""),
            ("Chart.lock", "generated: yesterday\n"),
            (".helmignore", "**\n"),
        ])
        .with_file("large.bin", large)
        .with_locked_file("locked.md");
        let large = ProblemKind::FileTooLarge { len: 5_242_881 };
        check(
            &tree,
            &[
                "values.yaml",
                "values.schema.json",
                ".helmignore",
                "locked.md",
            ],
            &[
                (
                    ".helmignore",
                    ProblemKind::Ignore(super::super::ignore::IgnoreErrorKind::DoubleStar),
                ),
                ("large.bin", large),
                ("Chart.lock", ProblemKind::WrongType(Wanted::Time)),
                ("values.schema.json", ProblemKind::SchemaNotJson),
                ("values.yaml", ProblemKind::WrongType(Wanted::Map)),
            ],
        );
    }
}
