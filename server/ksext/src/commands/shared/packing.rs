//! What `ksext.package` and the manifests have in common: a package that ksbuilder would pack without
//! pushing it, and where the result goes.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use ksext_core::bilingual;
use ksext_core::check;
use ksext_core::lang::Bilingual;
use ksext_core::package::archive::ArchiveError;
use ksext_core::package::chart::Chart;
use ksext_core::package::{LIMIT, Rewritten};
use serde::{Deserialize, Deserializer};

use crate::commands::Refusal;
use crate::commands::shared::unfit::{cannot, describe};
use crate::host::{file_uri, files};
use crate::workspace::Package;

/// The rules about what push alone does: ksbuilder's other commands look at no screenshot, remove no
/// static directory and know no limit.
const PUSH_ALONE: [&str; 3] = [
    "invalid-static-directory",
    "missing-screenshot",
    "package-too-large",
];

/// The folder that something is written into, by a `file:` URI or as an absolute path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory(pub(crate) PathBuf);

impl<'de> Deserialize<'de> for Directory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let path = file_uri::path_of(&text).unwrap_or_else(|| PathBuf::from(&text));
        if path.is_absolute() {
            return Ok(Self(path));
        }
        Err(serde::de::Error::custom(format_args!(
            "`{text}` is neither an absolute path nor a `file:` URI of this machine"
        )))
    }
}

/// The chart of a package that ksbuilder would pack, and that was changed for it as `packed`.
///
/// # Errors
/// `invalid-package`, with the reasons, if ksbuilder would refuse it or pack what is of no use. `act`
/// is the verb for what is not done.
pub(in crate::commands) fn fit(
    act: &Bilingual,
    package: &Package,
    packed: &Rewritten<'_>,
) -> Result<Chart, Refusal> {
    let contents = package.as_package().contents_of(packed, packed.load());
    // A rule that is turned off changes nothing of what ksbuilder fails over.
    let mut errors = check::errors(&package.as_package(), Some(&contents), LIMIT);
    errors.retain(|error| !PUSH_ALONE.contains(&error.rule));
    if !errors.is_empty() {
        return Err(cannot(act, package, &describe(&errors)));
    }
    // What no rule tells: an icon that is there, but too large for Chart.yaml.
    if let Some((file, why)) = packed.missing.first() {
        let field = file.field;
        let why = bilingual!(
            "`{field}` cannot be read: {why}",
            "`{field}` 无法读取：{why}"
        );
        return Err(cannot(act, package, &why));
    }
    let cannot_be_packed = Bilingual::fixed("it cannot be packed", "它无法打包");
    contents
        .chart
        .filter(|_| contents.problems.is_empty())
        .ok_or_else(|| cannot(act, package, &cannot_be_packed))
}

/// Refuses a package that is an archive already: ksbuilder packs folders alone, and the archive could
/// be the very file that is written.
pub(in crate::commands) fn only_folders(act: &Bilingual, package: &Package) -> Result<(), Refusal> {
    if !files::is_file(package.root()) {
        return Ok(());
    }
    let why = Bilingual::fixed("it is an archive already", "它已经是打包文件");
    Err(cannot(act, package, &why).hinting(Bilingual::fixed(
        "name the folder that it was packed from",
        "请指定打包前的文件夹",
    )))
}

/// Packs `chart` into `out`, in bounded memory.
///
/// # Errors
/// `invalid-package` if a file of the package cannot be read any more; if `out` does not take it, what
/// [`unwritable`] says of `path`; `cancelled`.
pub(in crate::commands) fn pack<W: Write>(
    act: &Bilingual,
    package: &Package,
    (packed, chart): (&Rewritten<'_>, &Chart),
    path: &Path,
    out: W,
    cancelled: &dyn Fn() -> bool,
) -> Result<W, Refusal> {
    let out = Cancellable { out, cancelled };
    let failed = |error: ArchiveError| match error {
        _ if cancelled() => {
            let (en, zh) = (&act.en, &act.zh);
            let what = bilingual!("did not {en} the package", "未{zh}扩展组件包");
            Refusal::cancelled(&what)
        }
        ArchiveError::Write(error) => unwritable(path, &error),
        ArchiveError::Read(_) => cannot(act, package, &bilingual!("{error}", "{error}")),
    };
    let written = packed.write_archive(chart, BufWriter::new(out));
    let written = written.map_err(failed)?;
    let written = written.into_inner().map_err(io::IntoInnerError::into_error);
    Ok(written.map_err(|error| failed(error.into()))?.out)
}

/// Fails once nobody waits for the result any more.
struct Cancellable<'c, W> {
    out: W,
    cancelled: &'c dyn Fn() -> bool,
}

impl<W: Write> Write for Cancellable<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.cancelled)() {
            return Err(io::Error::other("cancelled"));
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What stands at `path` is as it was.
pub(in crate::commands) fn unwritable(path: &Path, error: &io::Error) -> Refusal {
    let path = path.display();
    Refusal::new(
        "invalid-argument",
        bilingual!("cannot write {path}: {error}", "无法写入 {path}：{error}"),
    )
    .hinting(Bilingual::fixed(
        "choose a folder that can be written to and has room",
        "请选择可写且空间充足的文件夹",
    ))
}

/// `folder` as an absolute path, so that whoever reads it finds it.
pub(in crate::commands) fn absolute(folder: &Path) -> PathBuf {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_directory_is_a_uri_or_an_absolute_path() {
        for (text, path) in [
            ("file:///a%20b", Some("/a b")),
            ("/图", Some("/图")),
            ("dist", None),
            ("", None),
            ("untitled:a", None),
        ] {
            let directory = serde_json::from_value::<Directory>(text.into()).ok();
            let expected = path.map(|path| Directory(path.into()));
            assert_eq!(directory, expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_written_for_nobody() {
        let mut out = Cancellable {
            out: Vec::new(),
            cancelled: &|| true,
        };
        assert!(out.write_all(b"x").is_err());
        assert!(out.out.is_empty());
    }
}
