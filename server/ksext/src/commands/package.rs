//! `ksext.package`: packs a package as `ksbuilder package` does.

use std::io::{self, Write};
use std::path::Path;

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use ksext_core::package::archive;
use ksext_core::package::chart::Chart;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub(crate) use super::packing::Directory;
use super::packing::{absolute, fit, only_folders, pack, unwritable};
use super::{Command, Described, Refusal, Said, Session, Target, Ui, erased, object, work};
use crate::host::files;
use crate::workspace::Package;

pub(super) static COMMAND: Command = Command {
    id: "ksext.package",
    title: Bilingual::fixed("Package extension", "打包扩展组件"),
    summary: Bilingual::fixed(
        "Writes the archive that `ksbuilder package` writes: the package as it is, with the icon in Chart.yaml.",
        "写出与 `ksbuilder package` 相同的打包文件：扩展组件包保持原样，图标写入 Chart.yaml。",
    ),
    takes: Args::KIND,
    answers: Answer::KIND,
    run: |session, ui, value| erased("ksext.package", ui, value, |args| run(session, ui, args)),
};

const ACT: Bilingual = Bilingual::fixed("package", "打包");

object! {
    /// Which package, and where to.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The manifest, another file of the package, or its folder.
        #[zh = "清单、扩展组件包中的其他文件，或其文件夹。"]
        pub(crate) uri: Target,
        /// The folder for the archive; else the one that the package lies in.
        #[zh = "打包文件所在的文件夹；默认为扩展组件包的上级文件夹。"]
        pub(crate) directory: Option<Directory>,
    }
}

object! {
    /// What was written.
    #[derive(Debug, Serialize)]
    pub(crate) struct Answer {
        /// Where the archive is.
        #[zh = "打包文件的路径。"]
        pub(crate) path: String,
        /// Its length in bytes.
        #[zh = "字节数。"]
        pub(crate) size: u64,
        /// Its SHA-256 hash, in hexadecimal digits.
        #[zh = "SHA-256 哈希值（十六进制）。"]
        pub(crate) sha256: String,
        /// Earlier archives of the extension that lie in the package, and so in this archive too.
        #[zh = "扩展组件包中先前的打包文件，因而也进入了此打包文件。"]
        pub(crate) earlier_archives: Vec<String>,
    }
}

impl Said for Answer {
    fn said(&self) -> Bilingual {
        let (path, size) = (&self.path, show_size(self.size));
        bilingual!("wrote {path} ({size})", "已写入 {path}（{size}）")
    }
}

/// Packs the package as it is on the disk.
///
/// # Errors
/// `invalid-package` if ksbuilder would refuse it, or an editor holds another text of one of its
/// files; `invalid-argument` if the archive cannot be written. Then an earlier one is as it was.
pub(crate) async fn run(session: &Session, ui: &dyn Ui, args: Args) -> Result<Answer, Refusal> {
    let session = session.clone();
    let answer = work::aside(move |cancelled| {
        let package = session.package_on_disk(&args.uri)?;
        let root = absolute(package.root());
        let folder = match &args.directory {
            Some(Directory(folder)) => absolute(folder),
            None => root.parent().unwrap_or(&root).to_owned(),
        };
        write(&package, &folder, cancelled)
    })
    .await?;
    if !answer.earlier_archives.is_empty() {
        let archives = answer.earlier_archives.join(", ");
        ui.note(&bilingual!(
            "the package holds earlier archives, which are packed again: {archives}; keep them elsewhere or add `*.tgz` to `.helmignore`",
            "扩展组件包中有以前的打包文件，它们会被再次打包：{archives}；请将其移到别处，或在 `.helmignore` 中加入 `*.tgz`",
        ));
    }
    Ok(answer)
}

fn write(
    package: &Package,
    folder: &Path,
    cancelled: &dyn Fn() -> bool,
) -> Result<Answer, Refusal> {
    only_folders(&ACT, package)?;
    let packed = package.as_package().as_packaged();
    let chart = fit(&ACT, package, &packed)?;
    let path = folder.join(archive::file_name(&chart));
    // Only now: begun before the package was loaded, the file could become a part of it.
    let file = files::create(&path).map_err(|error| unwritable(&path, &error))?;
    let out = Hashed::new(file);
    let out = pack(&ACT, package, (&packed, &chart), &path, out, cancelled)?;
    let (size, sha256) = (out.length, format!("{:x}", out.hash.finalize()));
    out.out.keep().map_err(|error| unwritable(&path, &error))?;
    Ok(Answer {
        path: path.display().to_string(),
        size,
        sha256,
        earlier_archives: earlier_archives(&chart),
    })
}

/// The archives of the same extension among the files of the package; those of charts are their own.
fn earlier_archives(chart: &Chart) -> Vec<String> {
    let start = format!("{}-", chart.name());
    let is_earlier = |name: &[u8]| name.starts_with(start.as_bytes()) && name.ends_with(b".tgz");
    let earlier = chart
        .files
        .iter()
        .filter(|file| is_earlier(file.name.name()));
    earlier.map(|file| file.name.to_string()).collect()
}

/// Counts and hashes what is written.
struct Hashed<W> {
    out: W,
    length: u64,
    hash: Sha256,
}

impl<W> Hashed<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            length: 0,
            hash: Sha256::new(),
        }
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
