//! The objects that `ksbuilder publish --to-local-template` writes, for `kubectl apply`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, show_size};
use ksext_core::package::cluster::{MAX_ARCHIVE, Object};
use serde::Serialize;

use super::packing::{fit, pack, unwritable};
use super::shared::unfit::cannot;
use super::{Refusal, Session, Target, work};
use crate::host::files;
use crate::workspace::Package;

const ACT: Bilingual = Bilingual::fixed("publish", "发布");

/// What was written.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    /// The files, in the order in which they are applied.
    pub(crate) files: Vec<Written>,
    /// Length of the archive that the last of them holds, in bytes.
    pub(crate) size: u64,
}

/// A file with an object in it.
#[derive(Debug, Serialize)]
pub(crate) struct Written {
    /// The object's kind.
    pub(crate) kind: &'static str,
    /// The object's name.
    pub(crate) name: String,
    /// Where the file is.
    pub(crate) path: String,
}

/// Writes the objects for the package that `target` means into `folder`.
///
/// # Errors
/// `invalid-package` if ksbuilder would refuse it; `too-large` if no ConfigMap holds it;
/// `invalid-argument` if they cannot be written.
pub(crate) async fn run(
    session: &Session,
    target: Target,
    folder: PathBuf,
) -> Result<Answer, Refusal> {
    let session = session.clone();
    work::aside(move |cancelled| {
        let package = session.package_on_disk(&target)?;
        let (objects, size) = objects(&package, cancelled)?;
        let files = objects
            .iter()
            .map(|object| write(&package, &folder, object));
        Ok(Answer {
            files: files.collect::<Result<_, _>>()?,
            size,
        })
    })
    .await
}

fn objects(package: &Package, cancelled: &dyn Fn() -> bool) -> Result<([Object; 3], u64), Refusal> {
    let published = package.as_package().as_published();
    let chart = fit(&ACT, package, &published)?;
    // Its length first: a package of any size gets this far, its archive need not fit the memory.
    let projected = published.projected(&chart, cancelled);
    if let Ok(size) = projected
        && size > MAX_ARCHIVE
    {
        let (size, limit) = (show_size(size), show_size(MAX_ARCHIVE));
        let why = bilingual!(
            "packed it is {size}, and a ConfigMap holds {limit} at most",
            "打包后大小为 {size}，而 ConfigMap 最多容纳 {limit}",
        );
        let mut refusal = cannot(&ACT, package, &why);
        refusal.kind = "too-large";
        return Err(refusal);
    }
    let nowhere = Path::new("");
    let parts = (&published, &chart);
    let archive = pack(&ACT, package, parts, nowhere, Vec::new(), cancelled)?;
    // Seconds in UTC, as Kubernetes writes a time.
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    let size = archive.len() as u64;
    let objects = package.as_package().objects(&archive, &now.to_string());
    Ok((objects, size))
}

fn write(package: &Package, folder: &Path, object: &Object) -> Result<Written, Refusal> {
    let path = folder.join(object.file_name());
    // Where case does not tell names apart, Extension.yaml would take the place of the manifest.
    if files::real_path(&path) == files::real_path(&package.manifest_path()) {
        let path = path.display();
        let why = bilingual!(
            "{path} would replace the manifest of the package",
            "{path} 会覆盖扩展组件包的清单",
        );
        let hint = Bilingual::fixed("choose another folder", "请选择其他文件夹");
        return Err(Refusal::new("invalid-argument", why).hinting(hint));
    }
    files::write(&path, object.yaml.as_bytes()).map_err(|error| unwritable(&path, &error))?;
    Ok(Written {
        kind: object.kind,
        name: object.name.clone(),
        path: path.display().to_string(),
    })
}
