//! What push would refuse, fail over or damage about a package's files, as data: rules word it.

use super::fs::{FsErrorKind, Irregular, LookupError};
use super::ignore::IgnoreErrorKind;
use super::path::PkgPath;
use super::unpack::UnpackError;
use super::validate::MetadataFault;
use crate::manifest::misfit::Wanted;
use crate::text::Span;
use crate::yaml::{ErrorKind, Unwritable};

/// One thing wrong, at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The file or directory at fault; of something inside a packed chart, the `.tgz`.
    pub path: PkgPath,
    /// The text at fault, if it is something in a file.
    pub span: Option<Span>,
}

/// What a [`Problem`] is about.
#[derive(Clone, Debug, PartialEq)]
pub enum ProblemKind {
    /// The file or directory cannot be read.
    Unreadable(FsErrorKind),
    /// Push must change the file or directory, and the copy that it does this to is read-only too: `open …:
    /// permission denied`, `unlinkat …: permission denied`.
    ReadOnly,
    /// A link that leads nowhere or out of the package; Helm refuses it even if it is ignored.
    Link(LookupError),
    /// A device, socket or named pipe; ksbuilder can hang on it for ever.
    Irregular(Irregular),
    /// More than [`MAX_FILE`](super::chart::MAX_FILE) bytes.
    FileTooLarge {
        /// Its length in bytes.
        len: u64,
    },
    /// More entries than [`MAX_ENTRIES`](super::walk::MAX_ENTRIES). A bound of ours.
    TooManyEntries,
    /// A path of more than [`MAX_PATH`](super::walk::MAX_PATH) bytes below this directory: `file name
    /// too long`.
    PathTooLong,
    /// A line of `.helmignore`.
    Ignore(IgnoreErrorKind),
    /// A line of `.helmignore` hides Chart.yaml: `Chart.yaml file is missing`. Whether it is a line
    /// with `!`, which throws away what it does not match.
    ChartIgnored(bool),
    /// A line of `.helmignore` hides extension.yaml: the archive leaves without it. Likewise.
    ManifestIgnored(bool),
    /// A folder under charts/ without Chart.yaml, or a plain file there: `Chart.yaml file is
    /// missing`.
    ChartMissing {
        /// It is a file.
        stray_file: bool,
    },
    /// Text that is not the YAML that Helm's reader takes.
    Syntax(ErrorKind),
    /// A value of another type than is needed, such as a list as values.yaml.
    WrongType(Wanted),
    /// `.inf` or `.nan`, which JSON does not have: `json: unsupported value`.
    NotFinite,
    /// A text in Chart.yaml or Chart.lock that Helm reads and cannot write into the archive.
    Unwritable(Unwritable),
    /// A Chart.yaml that Helm does not accept.
    Metadata(MetadataFault),
    /// values.schema.json that is no JSON; an empty file is none.
    SchemaNotJson,
    /// A packed chart that is not read.
    Unpack(UnpackError),
    /// A directory whose name ends in `.tgz`.
    PackedChartIsDirectory,
    /// Charts in charts in charts, deeper than [`MAX_DEPTH`](super::load::MAX_DEPTH). A bound of ours.
    TooDeep,
    /// Packed charts that hold more than [`MAX_UNPACKED`](super::load::MAX_UNPACKED) bytes in all. A
    /// bound of ours.
    UnpackedTooLarge,
    /// `staticFileDirectory` is the package itself: push deletes all.
    StaticDirectoryIsPackage,
    /// `staticFileDirectory` leads out of the package: push deletes what is there.
    StaticDirectoryEscapes,
    /// `staticFileDirectory` goes through something that is no directory: `unlinkat …: not a
    /// directory`.
    StaticDirectoryBelowFile,
    /// `staticFileDirectory` has a name that no system takes: one of more than 255 bytes, or with a NUL
    /// in it: `unlinkat …: file name too long`, `invalid argument`.
    StaticDirectoryMisnamed,
    /// Push writes through the link named extension.yaml, Chart.yaml or like the archive, and it is
    /// absolute, leads out of the package or nowhere.
    WrittenThroughLink(LookupError),
    /// `<name>-<version>.tgz` has more than 255 bytes: `open …: file name too long`.
    ArchiveNameTooLong,
}

impl Problem {
    pub(super) fn new(path: &PkgPath, kind: ProblemKind) -> Self {
        Self {
            kind,
            path: path.clone(),
            span: None,
        }
    }

    /// The problem with its place in the file.
    pub(super) fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}
