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

/// Whether a terminal or an editor obeys a character of a foreign text in place of showing it: control
/// characters, line ends, and those that turn the direction of what follows (Unicode Standard Annex 9).
pub fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text from elsewhere as one line: what would be obeyed becomes a blank.
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if is_obeyed(c) { ' ' } else { c })
        .collect()
}

/// A number of bytes for people, in steps of 1024: `512 B`, `34.6 KB`, `1.0 MB`. The same in both
/// languages.
pub fn show_size(bytes: u64) -> String {
    const UNITS: [&str; 3] = ["KB", "MB", "GB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1024.0;
    let mut unit = UNITS[0];
    for larger in &UNITS[1..] {
        if size < 1023.95 {
            break;
        }
        size /= 1024.0;
        unit = larger;
    }
    format!("{size:.1} {unit}")
}

/// A number of bytes to the last one, for where [`show_size`] says too little: `1 048 576`.
pub fn show_bytes(bytes: u64) -> String {
    let digits = bytes.to_string();
    let mut shown = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(' ');
        }
        shown.push(digit);
    }
    shown
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
    fn sizes_have_one_decimal() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KB"),
            (35_430, "34.6 KB"),
            (1_048_575, "1.0 MB"),
            (1_048_576, "1.0 MB"),
            (5_000_000_000, "4.7 GB"),
        ] {
            assert_eq!(show_size(bytes), shown);
        }
    }

    #[test]
    fn bytes_are_grouped_by_thousands() {
        for (bytes, shown) in [
            (0, "0"),
            (999, "999"),
            (1000, "1 000"),
            (1_048_576, "1 048 576"),
        ] {
            assert_eq!(show_bytes(bytes), shown);
        }
    }

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
