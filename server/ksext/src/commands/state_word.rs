//! The cloud's words for the state of a version, in the user's language.

use ksext_core::lang::Bilingual;

/// The word for `status`; one that is not known stays as it is.
pub(crate) fn state_word(status: &str) -> Bilingual {
    match status {
        "draft" => Bilingual::fixed("draft", "草稿"),
        "submitted" => Bilingual::fixed("submitted", "审核中"),
        "active" => Bilingual::fixed("active", "已上架"),
        "rejected" => Bilingual::fixed("rejected", "已驳回"),
        other => Bilingual {
            en: other.to_owned().into(),
            zh: other.to_owned().into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_not_known_stays() {
        for (status, en, zh) in [
            ("submitted", "submitted", "审核中"),
            ("审查", "审查", "审查"),
            ("Draft", "Draft", "Draft"),
        ] {
            let word = state_word(status);
            assert_eq!((&*word.en, &*word.zh), (en, zh));
        }
    }
}
