//! What a text links to.

use super::referent::{Referent, in_text};
use super::view::View;
use crate::bilingual;
use crate::lang::Bilingual;
use crate::package::PkgPath;
use crate::package::fs::{Kind, lookup};
use crate::text::Span;

/// A place that leads elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The place.
    pub span: Span,
    /// Where it leads.
    pub to: LinkTarget,
    /// What that is.
    pub tooltip: Bilingual,
}

/// Where a [`Link`] leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A file of the package, which is there.
    File(PkgPath),
    /// A web address.
    Url(String),
}

/// The links of a text, in their order: web addresses, and paths of files that are there.
pub fn links(view: &View<'_>) -> Vec<Link> {
    let mut found: Vec<Link> = in_text(view, None)
        .into_iter()
        .filter_map(|mention| {
            let (to, tooltip) = match mention.referent {
                Referent::Url(url) => {
                    let tooltip = Bilingual::fixed("Open the page", "打开网页");
                    (LinkTarget::Url(url), tooltip)
                }
                Referent::Path(path) => {
                    let found = lookup(view.package.files(), &path).ok()?;
                    let is_file = matches!(found.kind, Kind::File { .. });
                    let tooltip = bilingual!("Open `{path}`", "打开 `{path}`");
                    (is_file.then_some(LinkTarget::File(path))?, tooltip)
                }
                _ => return None,
            };
            let span = mention.span;
            Some(Link { span, to, tooltip })
        })
        .collect();
    found.sort_by_key(|link| link.span);
    found.dedup_by_key(|link| link.span);
    found
}
