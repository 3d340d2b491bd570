//! `ksext/packages`: the packages in the folders of the workspace, open or not.
//!
//! `ksext/didChangePackageStatus` tells when there may be others.

use std::sync::Arc;

use serde::Serialize;

use crate::lsp::packages::KnownPackage;
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
struct ListedPackage {
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
            packages: packages.filter_map(ListedPackage::of).collect(),
        }
    }
}

impl ListedPackage {
    fn of(package: &KnownPackage) -> Option<Self> {
        let summary = package.summary.as_ref()?;
        let is_listed = package.in_workspace && summary.is_ours;
        is_listed.then_some(())?;
        Some(Self {
            root: uri::package_of(&package.manifest)?,
            manifest: package.manifest.clone(),
            name: summary.name.clone(),
            version: summary.version.clone(),
        })
    }
}
