//! Which language the user reads.

use ksext_core::lang::Lang;

/// The language of the first variable that names a locale, as POSIX ranks them; English without one.
pub(crate) fn lang() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Lang::from_locale(&value))
        .unwrap_or_default()
}
