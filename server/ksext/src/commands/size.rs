//! `ksext.size`: what the package weighs after push has rewritten it.

use ksext_core::bilingual;
use ksext_core::check;
use ksext_core::lang::Bilingual;
use ksext_core::package::load::Dropped;
use ksext_core::package::local::Upload;
use ksext_core::package::size::EntrySize;
use ksext_core::package::{Projection, SizeError, Urls};
use serde::{Deserialize, Serialize};

use super::{Command, Refusal, Session, Target, erased, work};
use crate::workspace::Package;

pub(super) static COMMAND: Command = Command {
    id: "ksext.size",
    title: Bilingual::fixed("Show package size", "查看扩展组件包大小"),
    summary: Bilingual::fixed(
        "Shows what the package weighs after push has rewritten it, and what makes it so.",
        "显示推送改写之后扩展组件包的大小及其构成。",
    ),
    run: |session, ui, value| erased("ksext.size", ui, value, |args| run(session, args)),
};

/// Which package.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// A place in it.
    pub(crate) uri: Target,
}

/// The answer as programs read it; its shape is a contract. All sizes are bytes.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    version: u32,
    root: String,
    name: Option<String>,
    projected: u64,
    limit: u64,
    unpacked: u64,
    entries: Vec<Entry>,
    uploads: Vec<Uploaded>,
    dropped: Vec<LeftOut>,
}

#[derive(Debug, Serialize)]
struct Entry {
    path: String,
    size: u64,
    packed: u64,
}

#[derive(Debug, Serialize)]
struct Uploaded {
    field: String,
    path: String,
    size: u64,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    path: String,
    size: u64,
    why: &'static str,
}

/// Measures the package as an editor shows it.
///
/// # Errors
/// `invalid-package` if there is none or push would refuse it.
pub(crate) async fn run(session: &Session, args: Args) -> Result<Answer, Refusal> {
    let session = session.clone();
    work::aside(move |cancelled| {
        let package = session.package_as_shown(&args.uri)?;
        let projection = measure(&session, &package, cancelled)?;
        Ok(Answer::new(&package, &projection))
    })
    .await
}

/// The archive that push would send, in numbers.
///
/// # Errors
/// `invalid-package` if push would refuse the package.
pub(crate) fn measure(
    session: &Session,
    package: &Package,
    cancelled: &dyn Fn() -> bool,
) -> Result<Projection, Refusal> {
    let limit = check::limit(&session.settings_for(package.root())?.check);
    let root = package.root().display();
    let rewritten = package.as_package().rewritten(&Urls::new());
    match rewritten.projection(&rewritten.load(), limit, cancelled) {
        Ok(Some(projection)) => Ok(projection),
        Ok(None) => Err(Refusal::invalid_package(bilingual!(
            "cannot pack {root}: push would refuse it",
            "无法打包 {root}：推送会拒绝它",
        ))
        .hinting(bilingual!(
            "see `ksext check {root}`",
            "请运行 `ksext check {root}` 查看原因"
        ))),
        Err(SizeError::Cancelled) => Err(Refusal::cancelled(&bilingual!(
            "cannot pack {root}",
            "无法打包 {root}",
        ))),
        Err(SizeError::Archive(why)) => Err(Refusal::invalid_package(bilingual!(
            "cannot pack {root}: {why}",
            "无法打包 {root}：{why}",
        ))),
    }
}

impl Answer {
    /// The report about `package`.
    pub(crate) fn new(package: &Package, projection: &Projection) -> Self {
        let entry = |entry: &EntrySize| Entry {
            path: entry.path.clone(),
            size: entry.size,
            packed: entry.packed,
        };
        let upload = |upload: &Upload| Uploaded {
            field: upload.field.to_string(),
            path: upload.path.to_string(),
            size: upload.size,
        };
        let dropped = |dropped: &Dropped| LeftOut {
            path: dropped.path.to_string(),
            size: dropped.size,
            why: dropped.why.as_str(),
        };
        Self {
            version: 1,
            root: package.root().display().to_string().replace('\\', "/"),
            name: package.manifest().name().map(|name| name.value),
            projected: projection.projected,
            limit: projection.limit,
            unpacked: projection.unpacked,
            entries: projection.entries.iter().map(entry).collect(),
            uploads: projection.uploads.iter().map(upload).collect(),
            dropped: projection.dropped.iter().map(dropped).collect(),
        }
    }
}
