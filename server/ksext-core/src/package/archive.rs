//! The archive that push sends: which entries, in which order, under which names
//! (Helm pkg/chartutil/save.go `writeTarContents`).

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

use super::chart::{Chart, ChartFile, Content};
use super::fs::{FileSystem, FsError};
use super::gzip::Workers;
use super::marshal::marshal;
use super::path::PkgPath;
use super::tarball::Tarball;
use crate::manifest::fields::{CHART, CHART_LOCK};
use crate::yaml::{self, Unwritable};

/// An entry of the archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name, beginning with the chart's name.
    pub name: Vec<u8>,
    /// Its path below the chart's folder, as reports show it.
    pub path: String,
    /// Where the author finds in the package what it is made from.
    pub source: PkgPath,
    /// What it holds.
    pub content: Content,
}

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file cannot be read (any more).
    #[error("cannot read {0}")]
    Read(#[from] FsError),
    /// The archive cannot be written.
    #[error("cannot write the archive: {0}")]
    Write(#[from] io::Error),
}

/// Writes the archive of `chart`, whose files come from `files`, to `out`. One file is held at a
/// time and some pieces of the archive; the same input gives the same bytes.
pub fn write<W: Write>(
    chart: &Chart,
    files: &dyn FileSystem,
    workers: &dyn Workers,
    out: W,
) -> Result<W, ArchiveError> {
    let mut tarball = Tarball::new(out, workers, false)?;
    for entry in entries(chart) {
        tarball.append(&entry.name, &entry.content.read(files)?)?;
    }
    Ok(tarball.finish()?.0)
}

/// The name of the archive's file: `<name>-<version>.tgz`. Never a path: Helm takes the name `/`, of
/// which nothing is left here either.
pub fn file_name(chart: &Chart) -> String {
    let name = chart.name().replace('/', "");
    format!("{name}-{}.tgz", chart.text("version"))
}

/// The entries in the order in which they are written.
pub fn entries(chart: &Chart) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut root = Vec::new();
    append_path(&mut root, chart.name().as_bytes());
    add_chart(chart, &root, &mut entries);
    for entry in &mut entries {
        let below = entry.name.strip_prefix(&root[..]).unwrap_or(&entry.name);
        let below = below.strip_prefix(b"/").unwrap_or(below);
        entry.path = String::from_utf8_lossy(below).into_owned();
    }
    entries
}

fn add_chart(chart: &Chart, base: &[u8], entries: &mut Vec<Entry>) {
    let mut add = |name: &[u8], source: &PkgPath, content: Content| {
        let mut full = base.to_vec();
        append_path(&mut full, name);
        entries.push(Entry {
            name: full,
            path: String::new(),
            source: source.clone(),
            content,
        });
    };
    let version = chart.text("apiVersion");
    let generated = |value: &Value| Content::Memory(yaml::write(value).into_bytes().into());
    add(b"Chart.yaml", &chart.source, generated(&metadata(chart)));
    if let Some(lock) = chart.lock.as_ref().filter(|_| version == "v2") {
        add(
            b"Chart.lock",
            &chart.source,
            generated(&marshal(&CHART_LOCK, lock)),
        );
    }
    let own: [&[ChartFile]; 4] = [
        &chart.values,
        chart.schema.as_slice(),
        &chart.templates,
        &chart.files,
    ];
    for file in own.into_iter().flatten() {
        add(file.name.as_bytes(), &file.source, file.content.clone());
    }
    for subchart in &chart.subcharts {
        let mut below = base.to_vec();
        append_path(&mut below, b"charts");
        append_path(&mut below, subchart.name().as_bytes());
        add_chart(subchart, &below, entries);
    }
}

/// Chart.yaml as it is written: a chart of the first version keeps its dependencies to itself.
fn metadata(chart: &Chart) -> Value {
    let mut metadata = Cow::Borrowed(&chart.metadata);
    if chart.text("apiVersion") == "v1"
        && let Some(fields) = metadata.to_mut().as_object_mut()
    {
        fields.remove("dependencies");
    }
    marshal(&CHART, &metadata)
}

/// What cannot be written of a chart's own Chart.yaml and Chart.lock, and in which of the two.
pub(super) fn unwritable(chart: &Chart) -> Option<(&'static str, Unwritable)> {
    let in_metadata = Unwritable::in_value(&metadata(chart));
    let in_metadata = in_metadata.map(|fault| ("Chart.yaml", fault));
    in_metadata.or_else(|| {
        let lock = chart
            .lock
            .as_ref()
            .filter(|_| chart.text("apiVersion") == "v2");
        let fault = Unwritable::in_value(&marshal(&CHART_LOCK, lock?))?;
        Some(("Chart.lock", fault))
    })
}

/// Joins a path to another as `filepath.Join` does: a chart may be called `.` or `..`, and then its
/// entries land elsewhere.
fn append_path(path: &mut Vec<u8>, below: &[u8]) {
    for name in below.split(|&byte| byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." if !matches!(path.rsplit(|&byte| byte == b'/').next(), Some(b"" | b"..")) => {
                let slash = path.iter().rposition(|&byte| byte == b'/');
                path.truncate(slash.unwrap_or(0));
            }
            name => {
                if !path.is_empty() {
                    path.push(b'/');
                }
                path.extend_from_slice(name);
            }
        }
    }
}
