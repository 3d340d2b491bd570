//! A package as Helm 3.18.1 loads it (pkg/chart/loader/load.go): which file means what, which charts
//! lie in which, and everything that the loader refuses.
//!
//! Goes on where Helm stops at the first thing it refuses; a chart comes out whenever there is one
//! to speak of. Subcharts come in the order of their names, Helm's is random.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::chart::{Chart, ChartFile, Content, text};
use super::clean::clean_metadata;
use super::fs::FileSystem;
use super::path::PkgPath;
use super::problem::{Problem, ProblemKind};
use super::validate;
use super::walk::{Walked, walk};
use super::yaml_file::{decode, lay_over};
use super::{ignore::IgnoredBy, unpack};
use crate::manifest::fields::{CHART, CHART_LOCK};
use crate::manifest::shape::Shape;

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
}

/// Loads the package in `files`, Chart.yaml and all.
pub fn load(files: &dyn FileSystem) -> Loaded {
    let Walked {
        files: found,
        ignored,
        problems,
    } = walk(files);
    let mut loader = Loader {
        files,
        unpacked: 0,
        result: Loaded {
            problems,
            ..Loaded::default()
        },
    };
    let is_there = |name: &str| found.iter().any(|file| file.name == name.into());
    for (name, kind) in [
        ("extension.yaml", ProblemKind::ManifestIgnored as fn(_) -> _),
        ("Chart.yaml", ProblemKind::ChartIgnored),
    ] {
        let path = PkgPath::from(name);
        let rule = ignored.iter().find(|ignored| ignored.path == path);
        if let Some(rule) = rule.filter(|_| !is_there(name)) {
            loader.problem(&path, kind(rule.by));
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
        for file in files.iter().filter(|file| is(file, "Chart.yaml")) {
            self.decode_over(&CHART, file, &mut chart.metadata)?;
            if text(&chart.metadata, "apiVersion").is_empty() {
                set_api_version(&mut chart.metadata, "v1");
            }
            chart.source = file.source.clone();
        }
        let found = chart.metadata.is_object();
        let mut charts: BTreeMap<Vec<u8>, Vec<ChartFile>> = BTreeMap::new();
        for file in files {
            self.sort_in(file, &mut chart, &mut charts);
        }
        if !found && !chart.metadata.is_object() {
            // Of the package itself Chart.yaml is written by push, so only a rule can have hidden it.
            if depth > 0 {
                let kind = ProblemKind::ChartMissing { stray_file: false };
                self.problem(&place.path, kind);
            }
            return None;
        }
        clean_metadata(&mut chart.metadata);
        for fault in validate::faults(&chart.metadata) {
            self.problem(&chart.source, ProblemKind::Metadata(fault));
        }
        for (name, files) in charts {
            let subchart = self.subchart(&name, files, place, depth + 1);
            chart.subcharts.extend(subchart);
        }
        Some(chart)
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
                self.decode(&VALUES, &file);
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
        self.unpacked += files.iter().map(|(_, content)| content.len() as u64).sum::<u64>();
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

    fn lock(&mut self, file: &ChartFile) -> Option<Value> {
        self.decode(&CHART_LOCK, file).filter(Value::is_object)
    }

    fn check_json(&mut self, file: &ChartFile) {
        let Some(bytes) = self.read(file) else { return };
        if serde_json::from_slice::<IgnoredAny>(super::chart::without_bom(&bytes)).is_err() {
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
                self.result.problems.push(problem.at(refusal.span));
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
    let start = name.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    let dot = name[start..].iter().rposition(|&byte| byte == b'.');
    dot.map_or(&[], |dot| &name[start + dot..])
}
