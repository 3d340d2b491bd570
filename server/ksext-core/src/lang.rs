//! The two languages that everything a user reads is written in.
//!
//! A text stands in both languages at its point of use; which one is shown is decided by whoever
//! shows it.

use std::borrow::Cow;

/// A language that ksext speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Lang {
    /// The language of a locale name such as `zh_CN.UTF-8`, `zh-cn` or `en`; `None` for others.
    pub fn from_locale(locale: &str) -> Option<Self> {
        let language = locale
            .split(['_', '-', '.', '@'])
            .next()
            .unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Zh),
            "en" | "c" | "posix" => Some(Self::En),
            _ => None,
        }
    }
}

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bilingual {
    /// English.
    pub en: Cow<'static, str>,
    /// Chinese, simplified.
    pub zh: Cow<'static, str>,
}

impl Bilingual {
    /// A text that is known when the program is built. For texts with values in them see
    /// [`bilingual!`](crate::bilingual).
    pub const fn fixed(en: &'static str, zh: &'static str) -> Self {
        Self {
            en: Cow::Borrowed(en),
            zh: Cow::Borrowed(zh),
        }
    }

    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A [`Bilingual`] whose two format strings take the same arguments as `format!`.
///
/// ```
/// # use ksext_core::bilingual;
/// let name = "icon";
/// let text = bilingual!("`{name}` is missing", "缺少 `{name}`");
/// assert_eq!(text.zh, "缺少 `icon`");
/// ```
#[macro_export]
macro_rules! bilingual {
    ($en:literal, $zh:literal $(, $arg:ident = $value:expr)* $(,)?) => {
        $crate::lang::Bilingual {
            en: ::std::borrow::Cow::Owned(format!($en $(, $arg = $value)*)),
            zh: ::std::borrow::Cow::Owned(format!($zh $(, $arg = $value)*)),
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_their_language() {
        for (locale, lang) in [
            ("zh_CN.UTF-8", Some(Lang::Zh)),
            ("zh-cn", Some(Lang::Zh)),
            ("en_GB", Some(Lang::En)),
            ("C.UTF-8", Some(Lang::En)),
            ("fr", None),
            ("", None),
        ] {
            assert_eq!(Lang::from_locale(locale), lang, "{locale}");
        }
    }
}
