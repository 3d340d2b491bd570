//! Links: the web addresses and files that a text names.

use std::sync::Arc;

use ksext_core::ide::{self, LinkTarget};

use crate::lsp::diagnostics::Files;
use crate::lsp::proto::{DocumentLink, Uri};
use crate::lsp::state::Shared;

impl Shared {
    /// The links of a text.
    pub(in crate::lsp) async fn links(self: Arc<Self>, uri: Uri) -> Option<Vec<DocumentLink>> {
        let asked = self.asked(&uri).await?;
        let work = tokio::task::spawn_blocking(move || {
            let abilities = self.abilities();
            let files = Files::fresh(&asked.analysis, abilities);
            let links = ide::links(&asked.view()?).into_iter().filter_map(|link| {
                let target = match link.to {
                    LinkTarget::File(path) => files.uri(&path)?,
                    LinkTarget::Url(url) => url.parse().ok()?,
                };
                let tooltip = link.tooltip.get(asked.lang).to_owned();
                Some(DocumentLink {
                    range: asked.range(link.span),
                    target: Some(target),
                    tooltip: abilities.link_tooltips.then_some(tooltip),
                    data: None,
                })
            });
            Some(links.collect())
        });
        work.await.ok()?
    }
}
