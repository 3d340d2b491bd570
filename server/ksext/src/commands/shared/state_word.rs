//! The cloud's words for where extensions and versions stand: in the user's language, and what they mean.

use ksext_core::bilingual;
use ksext_core::lang::{Bilingual, one_line};
use serde::Serialize;

use super::object::words;
use super::review::{ACTIVE, DRAFT, SUBMITTED, Verdict};

/// No state needs more characters than this; the cloud's words are open text.
const LONGEST: usize = 40;

/// The word for an extension of which a version was approved.
const READY: &str = "ready";

/// A word of the cloud's for people. Known are those of ksbuilder's README, of the extension development
/// guide and of the sandbox; any other is shown as it is, without what a terminal would obey.
///
/// For programs the cloud's own word stands.
pub(crate) fn state_word(word: &str) -> Bilingual {
    match word {
        DRAFT => Bilingual::fixed("draft", "草稿"),
        SUBMITTED => Bilingual::fixed("submitted", "审核中"),
        ACTIVE => Bilingual::fixed("active", "已上架"),
        "rejected" => Bilingual::fixed("rejected", "已驳回"),
        READY => Bilingual::fixed("ready", "已上架"),
        "" => Bilingual::fixed("unknown", "未知"),
        other => {
            let shown: String = one_line(other).chars().take(LONGEST).collect();
            bilingual!("{shown}", "{shown}")
        }
    }
}

/// What a state means to its author, for an icon or a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tone {
    /// The next step is the author's.
    Draft,
    /// The reviewers have it.
    Waiting,
    /// It is approved, or a version of it is.
    Good,
    /// It is not.
    Bad,
    /// A word that nobody here knows, or none.
    Unknown,
}

words!(Tone: Draft => "draft", Waiting => "waiting", Good => "good", Bad => "bad", Unknown => "unknown");

impl Tone {
    /// That of a word of the cloud's.
    pub(crate) fn of(word: &str) -> Self {
        match Verdict::of(word) {
            Some(Verdict::Active(_)) => Self::Good,
            Some(Verdict::Refused(_)) => Self::Bad,
            None => match word {
                READY => Self::Good,
                DRAFT => Self::Draft,
                SUBMITTED => Self::Waiting,
                _ => Self::Unknown,
            },
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

    #[test]
    fn a_word_that_speaks_of_refusal_is_taken_for_one() {
        for (word, tone) in [
            ("draft", Tone::Draft),
            ("submitted", Tone::Waiting),
            ("active", Tone::Good),
            ("ready", Tone::Good),
            ("rejected", Tone::Bad),
            ("Review denied", Tone::Bad),
            ("待复核", Tone::Unknown),
            ("", Tone::Unknown),
        ] {
            assert_eq!(Tone::of(word), tone, "{word}");
        }
    }
}
