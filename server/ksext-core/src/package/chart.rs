//! A chart as Helm holds it in memory: what the loader makes and the archive is written from.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::fs::{FileSystem, FsError};
use super::path::PkgPath;

/// The largest file that Helm loads, in bytes (pkg/chart/loader/archive.go
/// `MaxDecompressedFileSize`). Exactly this size is allowed.
pub const MAX_FILE: u64 = 5 * 1024 * 1024;

/// A chart with the charts in it.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// Chart.yaml: keys in canonical spelling, texts cleaned.
    pub metadata: Value,
    /// Chart.lock or requirements.lock.
    pub lock: Option<Value>,
    /// values.yaml; several only if a packed chart holds it several times.
    pub values: Vec<ChartFile>,
    /// What values.yaml says, merges applied; null if it is missing, empty or cannot be read.
    pub defaults: Value,
    /// values.schema.json.
    pub schema: Option<ChartFile>,
    /// What lies under templates/, in the order of the walk.
    pub templates: Vec<ChartFile>,
    /// All other files, in the order of the walk.
    pub files: Vec<ChartFile>,
    /// The charts under charts/, by the name of their folder or file. (Helm's order is random.)
    pub subcharts: Vec<Chart>,
    /// Where Chart.yaml stands in the package, or the archive that it was unpacked from.
    pub source: PkgPath,
}

/// A file of a chart.
#[derive(Clone, Debug)]
pub struct ChartFile {
    /// Its path in the chart.
    pub name: PkgPath,
    /// Where the author finds it in the package: the file, the link that leads to it, or the packed
    /// chart that holds it.
    pub source: PkgPath,
    /// What it holds.
    pub content: Content,
}

/// What a [`ChartFile`] holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// The bytes of a file in the package, without a byte order mark; read when needed.
    File {
        /// Where it really is, behind all links.
        path: PkgPath,
        /// Its length in bytes when the tree was walked.
        len: u64,
    },
    /// These bytes.
    Memory(Arc<[u8]>),
}

impl Content {
    /// Length in bytes, a byte order mark included.
    pub fn len(&self) -> u64 {
        match self {
            Self::File { len, .. } => *len,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes as they go into the archive: a UTF-8 byte order mark is cut off, whatever the file.
    pub fn read<'f>(&'f self, files: &'f dyn FileSystem) -> Result<Cow<'f, [u8]>, FsError> {
        Ok(match self.read_all(files)? {
            Cow::Borrowed(bytes) => Cow::Borrowed(without_bom(bytes)),
            Cow::Owned(mut bytes) => {
                let bom = bytes.len() - without_bom(&bytes).len();
                bytes.drain(..bom);
                Cow::Owned(bytes)
            }
        })
    }

    /// All bytes.
    pub(super) fn read_all<'f>(
        &'f self,
        files: &'f dyn FileSystem,
    ) -> Result<Cow<'f, [u8]>, FsError> {
        match self {
            Self::Memory(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::File { path, .. } => files.read(path, MAX_FILE),
        }
    }
}

impl Chart {
    /// The chart's name; empty if there is none.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    /// The chart's version; empty if there is none.
    pub fn version(&self) -> &str {
        self.text("version")
    }

    /// Whether it holds nothing but what other charts use: Helm renders nothing of it by itself.
    pub fn is_library(&self) -> bool {
        self.text("type") == "library"
    }

    /// A text of Chart.yaml; empty if it is missing.
    pub(super) fn text(&self, key: &str) -> &str {
        text(&self.metadata, key)
    }
}

/// The text at `key`; empty if there is none.
pub(super) fn text<'v>(metadata: &'v Value, key: &str) -> &'v str {
    metadata
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// `bytes` without a UTF-8 byte order mark at their start.
pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
