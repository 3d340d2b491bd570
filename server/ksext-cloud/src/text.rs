//! What one sentence reads like in the two languages a user may have chosen; which one is shown is decided by whoever shows it.

/// Whether a terminal or an editor obeys a character of a foreign text in place of showing it: control
/// characters, line ends, and those that turn the direction of what follows (Unicode Standard Annex 9).
pub(crate) fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A sentence, or a piece of one, in English and Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Message {
    /// Puts the two languages of one sentence side by side.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }

    /// The same change made to both languages.
    pub(crate) fn map(self, change: impl Fn(String) -> String) -> Self {
        Self {
            en: change(self.en),
            zh: change(self.zh),
        }
    }
}
