//! Several paths in one sentence.

use crate::bilingual;
use crate::lang::Bilingual;
use crate::package::PkgPath;

/// How many paths are named.
const NAMED: usize = 3;

/// The first of `paths`, and how many more there are: "`a`, `b`, `c` and 4 more".
pub(in crate::rules) fn some_of<'p>(paths: impl IntoIterator<Item = &'p PkgPath>) -> Bilingual {
    let mut paths = paths.into_iter();
    let named: Vec<_> = paths
        .by_ref()
        .take(NAMED)
        .map(|path| format!("`{path}`"))
        .collect();
    let (en, zh) = (named.join(", "), named.join("、"));
    match paths.count() {
        0 => bilingual!("{en}", "{zh}"),
        more => {
            let all = NAMED + more;
            bilingual!("{en} and {more} more", "{zh} 等 {all} 项")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_named_and_the_rest_is_counted() {
        let paths = ["a", "图.png", "c", "d", "e"].map(PkgPath::from);
        let words = |count: usize| some_of(&paths[..count]);
        assert_eq!(words(1), bilingual!("`a`", "`a`"));
        assert_eq!(
            words(3),
            bilingual!("`a`, `图.png`, `c`", "`a`、`图.png`、`c`")
        );
        assert_eq!(
            words(5),
            bilingual!(
                "`a`, `图.png`, `c` and 2 more",
                "`a`、`图.png`、`c` 等 5 项"
            )
        );
    }
}
