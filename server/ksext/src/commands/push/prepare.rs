//! What push does before anything leaves the machine: check the package, pack it, and read all that
//! is to be uploaded.

use ksext_core::bilingual;
use ksext_core::check;
use ksext_core::lang::Bilingual;
use ksext_core::package::archive::{self, ArchiveError};
use ksext_core::package::{Rewritten, Urls};

use super::uploads::{self, Upload};
use crate::commands::session::name_and_version;
use crate::commands::shared::unfit::{cannot, describe};
use crate::commands::{Refusal, Session, Target, work};
use crate::workspace::Package;

/// A package that is fit to be pushed.
pub(crate) struct Prepared {
    /// The `name` of extension.yaml.
    pub(crate) name: String,
    /// The `version` of extension.yaml.
    pub(crate) version: String,
    /// The archive. Without uploads the very one that is sent, else with stand-ins for their URLs.
    pub(crate) archive: Vec<u8>,
    /// How many entries the archive has.
    pub(crate) entries: usize,
    /// What is uploaded beside it, the icon first, each file once.
    pub(crate) uploads: Vec<Upload>,
    /// The most bytes that the archive may have.
    pub(super) limit: u64,
    /// The name of the archive's file.
    pub(crate) file_name: String,
    /// Its files as they were read once, whatever happens to them meanwhile.
    pub(super) package: Package,
    /// Lengths of the two texts that hold URLs, in bytes.
    texts: [usize; 2],
}

/// Prepares the push of the package that `target` means, as it is on the disk.
///
/// # Errors
/// `invalid-package` if push would refuse it, or an editor holds another text of one of its files.
pub(crate) async fn prepare(session: &Session, target: Target) -> Result<Prepared, Refusal> {
    let session = session.clone();
    work::aside(move |cancelled| {
        let package = session.package_on_disk(&target)?.frozen().map_err(|why| {
            Refusal::invalid_package(bilingual!(
                "cannot open the package: {why:#}",
                "无法打开扩展组件包：{why:#}",
            ))
        })?;
        let settings = session.settings_for(package.root())?;
        prepare_package(package, &settings.check, cancelled)
    })
    .await
}

fn prepare_package(
    package: Package,
    settings: &check::Settings,
    cancelled: &dyn Fn() -> bool,
) -> Result<Prepared, Refusal> {
    // Its length first: a package of any size gets this far, its archive need not fit the memory.
    let Some(contents) = package.contents(cancelled) else {
        let what = Bilingual::fixed("did not push the package", "未推送扩展组件包");
        return Err(Refusal::cancelled(&what));
    };
    let errors = check::errors(
        &package.as_package(),
        Some(&contents),
        check::limit(settings),
    );
    if !errors.is_empty() {
        return Err(refused(&package, &describe(&errors)));
    }
    let rewritten = package.as_package().rewritten(&Urls::new());
    let loaded = rewritten.load();
    let Some(chart) = &loaded.chart else {
        return Err(refused(
            &package,
            &Bilingual::fixed("it cannot be packed", "它无法打包"),
        ));
    };
    let (name, version) = name_and_version(&package)?;
    let archive = rewritten
        .write_archive(chart, Vec::new())
        .map_err(|why| unpackable(&package, &why))?;
    let uploads = uploads::read(package.files(), &rewritten.uploads)
        .map_err(|why| refused(&package, &bilingual!("{why}", "{why}")))?;
    let entries = archive::entries(chart).len();
    let file_name = archive::file_name(chart);
    let texts = texts(&rewritten);
    drop(rewritten);
    let limit = check::limit(settings);
    Ok(Prepared {
        name,
        version,
        archive,
        entries,
        uploads,
        limit,
        file_name,
        package,
        texts,
    })
}

impl Prepared {
    /// The archive with the URLs of what was uploaded.
    ///
    /// # Errors
    /// `invalid-package` if the files have changed so that they cannot be packed any more.
    pub(super) fn pack(&self, urls: &Urls) -> Result<Vec<u8>, Refusal> {
        let rewritten = self.package.as_package().rewritten(urls);
        let loaded = rewritten.load();
        let Some(chart) = loaded.chart.filter(|_| loaded.problems.is_empty()) else {
            return Err(refused(
                &self.package,
                &Bilingual::fixed("its files have changed meanwhile", "其文件在此期间已更改"),
            ));
        };
        let archive = rewritten
            .write_archive(&chart, Vec::new())
            .map_err(|why| unpackable(&self.package, &why))?;
        self.compare(archive.len(), texts(&rewritten));
        Ok(archive)
    }

    /// Holds the size against the one that was shown: they may differ by the URLs' lengths, and by
    /// 16 bytes for how their characters compress.
    fn compare(&self, size: usize, texts: [usize; 2]) {
        let longer: usize = texts
            .iter()
            .zip(self.texts)
            .map(|(now, then)| now.abs_diff(then))
            .sum();
        let projected = self.archive.len();
        let as_projected = size.abs_diff(projected) <= 16 + longer;
        debug_assert!(as_projected, "{size} bytes, and {projected} were projected");
        if !as_projected {
            tracing::warn!(
                size,
                projected,
                "the archive is not as large as was projected"
            );
        }
    }
}

fn texts(rewritten: &Rewritten<'_>) -> [usize; 2] {
    [rewritten.manifest.len(), rewritten.chart.len()]
}

fn unpackable(package: &Package, why: &ArchiveError) -> Refusal {
    refused(package, &bilingual!("{why}", "{why}"))
}

/// `cannot push demo: …; see ksext check demo`
fn refused(package: &Package, why: &Bilingual) -> Refusal {
    cannot(&Bilingual::fixed("push", "推送"), package, why)
}
