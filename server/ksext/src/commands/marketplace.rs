//! `ksext.marketplace`: what the Marketplace will show of a package, for an editor to draw.

use ksext_core::bilingual;
use ksext_core::ide::{self, Marketplace};
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::manifest::FILE_NAME;
use serde::Deserialize;

use super::{Command, Described, Kind, Refusal, Said, Session, Target, erased, object, work};
use crate::host::disk::Disk;
use crate::host::{file_uri, files};

pub(super) static COMMAND: Command = Command {
    id: "ksext.marketplace",
    title: Bilingual::fixed("Preview in the Marketplace", "预览扩展市场页面"),
    summary: Bilingual::fixed(
        "Shows what the Marketplace will show of the package in each language, and what is missing.",
        "显示扩展市场将以各语言展示的扩展组件内容，以及缺少的内容。",
    ),
    takes: Args::KIND,
    answers: Kind::Ours,
    run: |session, ui, value| {
        let lang = ui.lang();
        erased("ksext.marketplace", ui, value, move |args| {
            run(session, lang, args)
        })
    },
};

object! {
    /// Which package.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Args {
        /// The manifest, another file of the package, or its folder.
        #[zh = "清单、扩展组件包中的其他文件，或其文件夹。"]
        pub(crate) uri: Target,
    }
}

impl Said for Marketplace {
    fn said(&self) -> Bilingual {
        let name = self.name.as_deref().unwrap_or(FILE_NAME);
        match self.missing.len() {
            0 => bilingual!(
                "{name}: nothing is missing in the Marketplace",
                "{name}：在扩展市场中不缺少任何内容",
            ),
            count => bilingual!(
                "{name}: missing in the Marketplace: {count}",
                "{name}：在扩展市场中缺少 {count} 项内容",
            ),
        }
    }
}

/// Looks at the package as an editor shows it; messages are in `lang`.
///
/// # Errors
/// `invalid-package` if there is none of ours.
async fn run(session: &Session, lang: Lang, args: Args) -> Result<Marketplace, Refusal> {
    let session = session.clone();
    work::aside(move |_| {
        let package = session.package_as_shown(&args.uri)?;
        let root = package.root();
        if !package.recognition().is_ours() {
            let shown = package.manifest_path();
            let shown = shown.display();
            return Err(Refusal::invalid_package(bilingual!(
                "cannot show the package in the Marketplace: {shown} is no manifest of a KubeSphere extension",
                "无法预览扩展市场页面：{shown} 不是 KubeSphere 扩展组件的清单",
            )));
        }
        // What lies in an archive has no address.
        let disk = (!files::is_file(root)).then(|| Disk::new(root));
        Ok(ide::marketplace(&package.as_package(), lang, &|path| {
            Some(file_uri::uri_of(&disk.as_ref()?.real(path)))
        }))
    })
    .await
}
