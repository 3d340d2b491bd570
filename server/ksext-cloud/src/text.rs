//! What one sentence reads like in the two languages a user may have chosen; which one is shown is decided by whoever shows it.

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
