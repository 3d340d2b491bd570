//! Which language the user reads.

use ksext_core::lang::Lang;

/// The language of the first variable that names a locale, as POSIX ranks them; English without one.
pub(crate) fn lang() -> Lang {
    variable()
        .and_then(|(_, value)| Lang::from_locale(&value))
        .unwrap_or_default()
}

/// That variable and its value.
pub(crate) fn variable() -> Option<(&'static str, String)> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| Some((name, std::env::var(name).ok()?)))
        .find(|(_, value)| !value.is_empty())
}
