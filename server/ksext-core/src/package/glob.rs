//! Whether a name matches a pattern, as `filepath.Match` of Go answers it.
//!
//! Everyone else's globs differ in something: here a `*` never gives back what it took, a fault in
//! the pattern shows only where the match looks, and bytes that are not UTF-8 have a meaning.

/// The pattern is not one: `[` without end, `\` at the end, a class without members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadPattern;

/// Whether the whole of `name` matches `pattern`.
pub(super) fn matches(mut pattern: &[u8], mut name: &[u8]) -> Result<bool, BadPattern> {
    while !pattern.is_empty() {
        let (star, piece, rest) = cut(pattern);
        pattern = rest;
        if star && piece.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        // Only the last piece must reach the end of the name.
        let fits = |behind: &[u8]| !rest.is_empty() || behind.is_empty();
        let mut behind = match_piece(piece, name)?.filter(|behind| fits(behind));
        if star {
            let run = name.iter().take_while(|&&byte| byte != b'/').count();
            for skipped in 1..=run {
                if behind.is_some() {
                    break;
                }
                behind = match_piece(piece, &name[skipped..])?.filter(|behind| fits(behind));
            }
        }
        match behind {
            Some(behind) => name = behind,
            None => return Ok(false),
        }
    }
    Ok(name.is_empty())
}

/// Cuts a pattern in front of its next `*`: whether it began with one, the piece, the rest.
fn cut(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|&&byte| byte == b'*').count();
    let pattern = &pattern[stars..];
    let mut in_class = false;
    let mut at = 0;
    while at < pattern.len() {
        match pattern[at] {
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => return (stars > 0, &pattern[..at], &pattern[at..]),
            _ => {}
        }
        at += 1;
    }
    (stars > 0, pattern, &[])
}

/// What remains of `name` behind a piece without `*`. The piece is examined to its end even when
/// the name has long failed.
fn match_piece<'n>(mut piece: &[u8], mut name: &'n [u8]) -> Result<Option<&'n [u8]>, BadPattern> {
    let mut failed = false;
    while let Some(&first) = piece.first() {
        failed |= name.is_empty();
        match first {
            b'[' => {
                let (char, behind) = if failed {
                    ('\0', name)
                } else {
                    split_char(name)
                };
                let (contains, rest) = match_class(&piece[1..], char)?;
                failed |= !contains;
                name = behind;
                piece = rest;
            }
            b'?' => {
                if !failed {
                    failed = name[0] == b'/';
                    name = split_char(name).1;
                }
                piece = &piece[1..];
            }
            _ => {
                if first == b'\\' {
                    piece = &piece[1..];
                }
                let literal = piece.first().ok_or(BadPattern)?;
                if !failed {
                    failed = name[0] != *literal;
                    name = &name[1..];
                }
                piece = &piece[1..];
            }
        }
    }
    Ok((!failed).then_some(name))
}

/// Whether the class behind a `[` holds `char`, and what follows its `]`.
fn match_class(mut class: &[u8], char: char) -> Result<(bool, &[u8]), BadPattern> {
    let negated = class.first() == Some(&b'^');
    if negated {
        class = &class[1..];
    }
    let mut contains = false;
    let mut members = 0;
    loop {
        if members > 0
            && let [b']', rest @ ..] = class
        {
            return Ok((contains != negated, rest));
        }
        let (low, rest) = member(class)?;
        let mut high = low;
        class = rest;
        if let [b'-', rest @ ..] = class {
            (high, class) = member(rest)?;
        }
        contains |= low <= char && char <= high;
        members += 1;
    }
}

/// One character of a class, possibly escaped. Something must follow: the class is not closed yet.
fn member(class: &[u8]) -> Result<(char, &[u8]), BadPattern> {
    let class = match class {
        [] | [b'-' | b']', ..] => return Err(BadPattern),
        [b'\\', rest @ ..] => rest,
        class => class,
    };
    let width = class.first().map_or(0, |_| char_width(class));
    let char = std::str::from_utf8(&class[..width])
        .ok()
        .and_then(|text| text.chars().next())
        .ok_or(BadPattern)?;
    match &class[width..] {
        [] => Err(BadPattern),
        rest => Ok((char, rest)),
    }
}

/// The first character and the rest; a byte that begins none counts as U+FFFD, as in
/// `utf8.DecodeRune`.
fn split_char(text: &[u8]) -> (char, &[u8]) {
    let width = char_width(text);
    let char = std::str::from_utf8(&text[..width])
        .ok()
        .and_then(|text| text.chars().next())
        .unwrap_or(char::REPLACEMENT_CHARACTER);
    (char, &text[width..])
}

/// How many bytes the first character of a text that is not empty takes; 1 if they are not UTF-8.
fn char_width(text: &[u8]) -> usize {
    (1..=text.len().min(4))
        .find(|&width| std::str::from_utf8(&text[..width]).is_ok())
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: &str, expected: Result<bool, BadPattern>) {
        let result = matches(pattern.as_bytes(), name.as_bytes());
        assert_eq!(result, expected, "{pattern:?} on {name:?}");
    }

    #[test]
    fn stars_and_question_marks_stop_at_a_slash() {
        check("*.tgz", "demo-0.1.0.tgz", Ok(true));
        check("*.tgz", "charts/a.tgz", Ok(false));
        check("docs/*.md", "docs/.观测.md", Ok(true));
        check("a?c", "a/c", Ok(false));
        check("a?c", "a观c", Ok(true));
        check("*", "", Ok(true));
        check("", "", Ok(true));
        check("", "a", Ok(false));
    }

    #[test]
    fn classes_hold_characters_ranges_and_even_slashes() {
        check("[a-c]x", "bx", Ok(true));
        check("[^a-c]x", "bx", Ok(false));
        check("[!a]x", "!x", Ok(true));
        check("[观测]", "测", Ok(true));
        check("a[^x]b", "a/b", Ok(true));
        check("[z-a]", "m", Ok(false));
        check("[\\]]", "]", Ok(true));
        check("a]", "a]", Ok(true));
    }

    #[test]
    fn a_star_counts_bytes_and_keeps_what_it_took() {
        // Behind the first byte of a character of three, two question marks take the other two.
        check("*??", "中", Ok(true));
        check("*??", "😀", Ok(true));
        check("*??", "é", Ok(false));
        // The first `*` stops at the first `a`, where `[/]` fits, and is not tried again.
        check("*a[/]*b", "a/x/ab", Ok(false));
    }

    #[test]
    fn a_fault_shows_only_where_the_match_looks() {
        check("a*[", "abc", Err(BadPattern));
        check("*[", "abc", Err(BadPattern));
        check("zz*[", "abc", Ok(false));
        check("x*\\", "abc", Ok(false));
        check("zz[", "abc", Err(BadPattern));
        check("\\", "abc", Err(BadPattern));
        for class in ["[]", "[]a]", "[-a]", "[a-]", "[a-b-c]", "[a", "[\\", "[^]"] {
            check(class, "abc", Err(BadPattern));
        }
        assert_eq!(matches(b"[\xff]", b"a"), Err(BadPattern));
    }

    proptest! {
        #[test]
        fn no_pattern_panics(
            pattern in proptest::collection::vec(prop_oneof![
                Just(b'*'), Just(b'?'), Just(b'['), Just(b']'), Just(b'^'), Just(b'-'), Just(b'\\'),
                Just(b'/'), Just(b'a'), Just(0xe4), Just(0xb8), Just(0xad), any::<u8>(),
            ], 0..12),
            name in proptest::collection::vec(any::<u8>(), 0..8),
        ) {
            let _ = matches(&pattern, &name);
        }

        #[test]
        fn a_text_without_special_characters_matches_itself_alone(
            name in "[a-c观/.]{0,6}", other in "[a-c观/.]{0,6}",
        ) {
            prop_assert_eq!(matches(name.as_bytes(), other.as_bytes()), Ok(name == other));
        }
    }
}
