//! The commands that are offered for a package, by lenses and by code actions alike.

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, Lang};
use ksext_core::manifest::Manifest;
use serde_json::json;

use crate::commands;
use crate::lsp::abilities::Abilities;
use crate::lsp::proto::{Command, Uri};

/// Logging in.
pub(in crate::lsp) const LOGIN: &str = "ksext.login";
/// Pushing the package.
pub(in crate::lsp) const PUSH: &str = "ksext.push";
/// Where its versions stand in the review.
pub(in crate::lsp) const STATUS: &str = "ksext.status";
/// Taking its version back from the review.
pub(in crate::lsp) const UNPUSH: &str = "ksext.unpush";
/// What it weighs.
pub(in crate::lsp) const SIZE: &str = "ksext.size";

/// A command under the words that fit the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lsp) struct Offer {
    /// The command.
    pub(in crate::lsp) id: &'static str,
    /// What it is called here.
    pub(in crate::lsp) title: Bilingual,
}

impl Offer {
    /// The command under its own name.
    pub(in crate::lsp) fn plain(id: &'static str) -> Self {
        let title = commands::find(id).map(|command| command.title.clone());
        Self {
            id,
            title: title.unwrap_or_else(|| Bilingual::fixed(id, id)),
        }
    }

    /// To push what the manifest names; `None` while it names nothing.
    pub(in crate::lsp) fn push(manifest: &Manifest) -> Option<Self> {
        let (name, version) = (manifest.name()?.value, manifest.version()?.value);
        let title = bilingual!("Push {name} {version}", "推送 {name} {version}");
        Some(Self { id: PUSH, title })
    }

    /// As the client runs it for the package of `manifest`.
    pub(in crate::lsp) fn command(
        &self,
        manifest: &Uri,
        lang: Lang,
        abilities: &Abilities,
    ) -> Command {
        let mut argument = json!({});
        // Logging in is not about a package.
        if self.id != LOGIN {
            argument["uri"] = json!(manifest);
        }
        if !abilities.long_commands {
            argument["background"] = json!(true);
        }
        Command {
            title: self.title.get(lang).to_owned(),
            command: self.id.to_owned(),
            arguments: Some(vec![argument]),
        }
    }
}
