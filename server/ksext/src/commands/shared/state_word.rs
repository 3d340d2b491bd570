//! The cloud's words for where extensions and versions stand, in the user's language.

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, one_line};

/// No state needs more characters than this; the cloud's words are open text.
const LONGEST: usize = 40;

/// A word of the cloud's for people. Known are those of ksbuilder's README, of the extension development
/// guide and of the sandbox; any other is shown as it is, without what a terminal would obey.
///
/// For programs the cloud's own word stands.
pub(crate) fn state_word(word: &str) -> Bilingual {
    match word {
        "draft" => Bilingual::fixed("draft", "草稿"),
        "submitted" => Bilingual::fixed("submitted", "审核中"),
        "active" => Bilingual::fixed("active", "已上架"),
        "rejected" => Bilingual::fixed("rejected", "已驳回"),
        // Of an extension: a version of it was approved.
        "ready" => Bilingual::fixed("ready", "已上架"),
        "" => Bilingual::fixed("unknown", "未知"),
        other => {
            let shown: String = one_line(other).chars().take(LONGEST).collect();
            bilingual!("{shown}", "{shown}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_are_translated_and_others_stay() {
        let long = "审".repeat(100);
        for (word, en, zh) in [
            ("submitted", "submitted", "审核中"),
            ("ready", "ready", "已上架"),
            ("Active", "Active", "Active"),
            ("待复核", "待复核", "待复核"),
            ("", "unknown", "未知"),
            ("\u{1b}[2Jx\n", " [2Jx ", " [2Jx "),
            (&long, &long[..120], &long[..120]),
        ] {
            let words = state_word(word);
            assert_eq!((words.en.as_ref(), words.zh.as_ref()), (en, zh), "{word}");
        }
    }
}
