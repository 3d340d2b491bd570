//! What README and CHANGELOG name.

use super::{Mention, Referent};
use crate::package::PkgPath;
use crate::package::prose::{addresses, file_part, percent_decoded};

/// Everything that a Markdown text in the package's root leads to.
pub(super) fn mentions(file: &PkgPath, text: &str) -> Vec<Mention> {
    let found = addresses(text).into_iter();
    found
        .filter_map(|address| {
            let target = &address.target;
            let is_url = target.starts_with("http://") || target.starts_with("https://");
            let referent = if is_url {
                Referent::Url(target.clone())
            } else {
                let path = PkgPath::resolve_local(percent_decoded(file_part(target)?)).ok()?;
                Referent::Path(path)
            };
            let named = referent != Referent::Path(PkgPath::root());
            named.then(|| Mention::of_address(file, text, &address, referent))
        })
        .collect()
}
