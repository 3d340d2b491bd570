//! Spelling: what an author may have meant.

use strsim::damerau_levenshtein;

/// The one of `known` that `word` is most likely a misspelling of, if any is close enough.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let most = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| {
            (
                damerau_levenshtein(&lower, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_recognised_and_a_far_one_is_not() {
        let keys = ["screenshots", "sources", "icon", "images"];
        for (word, meant) in [
            ("screenshoots", Some("screenshots")),
            ("scource", Some("sources")),
            ("image", Some("images")),
            ("icno", Some("icon")),
            ("vendor", None),
            ("type", None),
            ("图标", None),
        ] {
            assert_eq!(did_you_mean(word, keys), meant, "{word}");
        }
    }
}
