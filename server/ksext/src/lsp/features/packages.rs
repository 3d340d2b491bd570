//! `ksext/packages`: the packages in the folders of the workspace, open or not.
//!
//! `ksext/didChangePackageStatus` tells when there may be others.

use std::sync::Arc;

use serde::Serialize;

use crate::lsp::packages::{KnownPackage, Summary};
use crate::lsp::proto::Uri;
use crate::lsp::state::{Shared, State};
use crate::lsp::uri;

/// The packages of the workspace.
#[derive(Debug, Serialize)]
pub(in crate::lsp) struct PackageList {
    /// In the order of their paths.
    packages: Vec<ListedPackage>,
}

/// Where a package is, and what it calls itself.
#[derive(Debug, Serialize)]
pub(super) struct ListedPackage {
    /// Its folder.
    root: Uri,
    manifest: Uri,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Left out until it is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

impl Shared {
    /// The packages that were found, once all folders are looked through.
    pub(in crate::lsp) async fn packages_of_workspace(self: Arc<Self>) -> PackageList {
        let mut news = self.news.subscribe();
        loop {
            {
                let state = self.state();
                if !state.background.is_looking() {
                    return state.packages_of_workspace();
                }
            }
            // The sender lives as long as `self`.
            let _ = news.changed().await;
        }
    }
}

impl State {
    fn packages_of_workspace(&self) -> PackageList {
        let packages = self.packages.iter().map(|(_, package)| package);
        PackageList {
            packages: packages.filter_map(ListedPackage::in_workspace).collect(),
        }
    }
}

impl ListedPackage {
    /// That of a manifest; nothing where the manifest lies in no folder.
    pub(super) fn of(manifest: Uri, summary: &Summary) -> Option<Self> {
        Some(Self {
            root: uri::package_of(&manifest)?,
            manifest,
            name: summary.name.clone(),
            version: summary.version.clone(),
        })
    }

    /// The package, if the workspace has it and it is ours.
    fn in_workspace(package: &KnownPackage) -> Option<Self> {
        let summary = package.summary.as_ref()?;
        let is_listed = package.in_workspace && summary.is_ours;
        is_listed.then_some(())?;
        Self::of(package.manifest.clone(), summary)
    }
}
