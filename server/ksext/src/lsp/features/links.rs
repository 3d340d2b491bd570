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
                    LinkTarget::Url(url) => as_uri(&url).parse().ok()?,
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

/// A web address as a person writes it, with what no URI holds percent-encoded (RFC 3986, "Characters").
fn as_uri(url: &str) -> String {
    let mut uri = String::new();
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_uris_as_they_are_as_far_as_they_can() {
        for (url, expected) in [
            (
                "https://example.com/a%20b?c=[1]#d",
                "https://example.com/a%20b?c=[1]#d",
            ),
            (
                "https://example.com/主|",
                "https://example.com/%E4%B8%BB%7C",
            ),
        ] {
            assert_eq!(as_uri(url), expected);
        }
    }
}
