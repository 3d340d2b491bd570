//! `ksext/packageStatus`: a package at a glance, for a status bar or a list of packages.
//!
//! Whoever declares `experimental.ksext.packageStatus` is told by `ksext/didChangePackageStatus` when to ask
//! again ([`refreshing`](crate::lsp::refreshing)).

use std::sync::Arc;

use ksext_core::ide::Markup;
use ksext_core::lang::{Lang, show_size};
use ksext_core::package::Size;
use serde::{Deserialize, Serialize};

use super::lenses::size;
use super::packages::ListedPackage;
use crate::commands::Tone;
use crate::lsp::packages::{Summary, Tally};
use crate::lsp::proto::Uri;
use crate::lsp::state::{Shared, State};

/// Which package.
#[derive(Debug, Deserialize)]
pub(in crate::lsp) struct PackageStatusParams {
    /// Any file of it, or its folder.
    pub(in crate::lsp) uri: Uri,
}

/// A package at a glance.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::lsp) struct PackageStatus {
    #[serde(flatten)]
    package: ListedPackage,
    findings: Tally,
    /// Left out until it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<SizeStatus>,
    /// Left out while nothing is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<ReviewStatus>,
    /// The server of the login, or else the one to log in to.
    server: String,
    logged_in: bool,
}

/// The size in bytes, and in words.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SizeStatus {
    projected: u64,
    projected_text: String,
    limit: u64,
    /// `34.6 KB of 1.0 MB`
    text: String,
    too_large: bool,
}

/// Where the version stands in the review.
#[derive(Debug, Serialize)]
struct ReviewStatus {
    /// The cloud's word; left out for a version that was never pushed.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    /// What it means.
    tone: Tone,
    /// `submitted 2 h ago`
    text: String,
    /// All that the cloud has said of the extension, as Markdown.
    table: String,
}

/// What a session knows of a package.
struct Known {
    manifest: Uri,
    summary: Summary,
    lang: Lang,
}

impl Shared {
    /// The status of the package that a file belongs to, in its newest state; `None` if it is none of
    /// ours, is not known, or lies nowhere yet.
    ///
    /// Copies what it needs of the state before it waits for anything.
    pub(in crate::lsp) fn package_status(
        self: &Arc<Self>,
        uri: Uri,
    ) -> impl Future<Output = Option<PackageStatus>> + use<> {
        let known = self.once_checked(uri, State::known_at);
        let shared = Arc::clone(self);
        async move {
            let Known {
                manifest,
                summary,
                lang,
            } = known.await?;
            let login = shared.session.credentials().await;
            Some(PackageStatus {
                package: ListedPackage::of(manifest, &summary)?,
                findings: summary.findings,
                size: summary.size.map(|size| SizeStatus::of(size, lang)),
                review: shared.review_status(&summary, lang).await,
                logged_in: login.is_ok(),
                server: match login {
                    Ok(login) => login.server.as_str().to_owned(),
                    Err(_) => shared.server_to_log_in_to(),
                },
            })
        }
    }

    async fn review_status(
        self: &Arc<Self>,
        summary: &Summary,
        lang: Lang,
    ) -> Option<ReviewStatus> {
        let (name, version) = (summary.name.clone()?, summary.version.clone()?);
        let review = self.review_of_version(name, version).await?;
        let words = review.words();
        self.age_out(words.lasts);
        Some(ReviewStatus {
            status: review.status().map(str::to_owned),
            tone: Tone::of(review.status().unwrap_or_default()),
            text: words.text.get(lang).to_owned(),
            table: review.table(lang, Markup::Markdown),
        })
    }

    /// As it is written, if it is no address that a key may be sent to.
    fn server_to_log_in_to(&self) -> String {
        match self.session.login_server(None) {
            Ok(server) => server.as_str().to_owned(),
            Err(_) => self.session.settings().server.unwrap_or_default(),
        }
    }
}

impl SizeStatus {
    fn of(size: Size, lang: Lang) -> Self {
        Self {
            projected: size.projected,
            projected_text: show_size(size.projected),
            limit: size.limit,
            text: size::words(size).get(lang).to_owned(),
            too_large: size.projected > size.limit,
        }
    }
}

impl State {
    /// What is known of the package that a file belongs to, once it was checked.
    fn known_at(&self, uri: &Uri) -> Option<Known> {
        let package = self.packages.get(&self.home_of(uri)?)?;
        let summary = package.summary.clone()?;
        let is_known = summary.is_ours && package.checked > 0;
        is_known.then(|| Known {
            manifest: package.manifest.clone(),
            lang: self
                .set_lang
                .or(summary.lang)
                .unwrap_or_else(|| self.lang()),
            summary,
        })
    }
}
