//! The order in which go-yaml v2.4 writes the keys of a map (sorter.go).

use std::cmp::Ordering;

use serde_json::{Map, Value};
use unicode_general_category::{GeneralCategory, get_general_category};

/// The pairs in go-yaml's order of keys.
///
/// That order is not transitive (`v1beta1` < `v2` < `v10` < `v1beta1`), which `sort_by` may refuse
/// with a panic and which go-yaml answers differently from run to run; a merge sort of pairs sorted
/// by bytes always ends, and always the same.
pub(super) fn sorted(pairs: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut pairs: Vec<_> = pairs.iter().map(|(key, value)| (&key[..], value)).collect();
    pairs.sort_unstable_by_key(|&(key, _)| key);
    let mut runs: Vec<Vec<_>> = pairs.into_iter().map(|pair| vec![pair]).collect();
    while runs.len() > 1 {
        let mut left = runs.into_iter();
        let mut merged = Vec::new();
        while let Some(run) = left.next() {
            merged.push(match left.next() {
                Some(other) => merge(run, other),
                None => run,
            });
        }
        runs = merged;
    }
    runs.pop().unwrap_or_default()
}

fn merge<'v>(
    left: Vec<(&'v str, &'v Value)>,
    right: Vec<(&'v str, &'v Value)>,
) -> Vec<(&'v str, &'v Value)> {
    let mut result = Vec::with_capacity(left.len() + right.len());
    let mut right = right.into_iter().peekable();
    for pair in left {
        while let Some(smaller) = right.next_if(|&(key, _)| compare(key, pair.0).is_lt()) {
            result.push(smaller);
        }
        result.push(pair);
    }
    result.extend(right);
    result
}

/// go-yaml's order of two keys (`keyList.Less`): text by letters, numbers in it by value.
fn compare(a: &str, b: &str) -> Ordering {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let Some(at) = a.iter().zip(&b).position(|(a, b)| a != b) else {
        return a.len().cmp(&b.len());
    };
    let (x, y) = (a[at], b[at]);
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A zero counts as a digit of the number before it.
    let in_number = (x == '0' || y == '0')
        && a[..at]
            .iter()
            .rev()
            .take_while(|&&char| is_digit(char))
            .any(|&char| char != '0');
    let number = |text: &[char]| {
        let digits = text[at..].iter().take_while(|&&char| is_digit(char));
        digits.fold((i64::from(in_number), 0), |(value, length), &char| {
            let digit = i64::from(char as u32) - i64::from(b'0');
            (value.wrapping_mul(10).wrapping_add(digit), length + 1)
        })
    };
    number(&a).cmp(&number(&b)).then(x.cmp(&y))
}

/// `unicode.IsLetter`.
fn is_letter(char: char) -> bool {
    use GeneralCategory::{
        LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter,
    };
    char.is_ascii_alphabetic()
        || matches!(
            get_general_category(char),
            LowercaseLetter | ModifierLetter | OtherLetter | TitlecaseLetter | UppercaseLetter
        )
}

/// `unicode.IsDigit`.
fn is_digit(char: char) -> bool {
    char.is_ascii_digit() || get_general_category(char) == GeneralCategory::DecimalNumber
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_come_letters_last_and_numbers_by_value() {
        for pair in [
            ["-", "0"],
            ["0", "A"],
            ["A", "a"],
            ["8", "12:30"],
            ["8", "1000"],
            ["1.5", "1.2345679e+08"],
            ["a", "a1"],
            ["a1", "a01"],
            ["a2", "a10"],
            ["a9", "a10"],
            ["a10", "a100"],
            ["a1", "ab"],
            ["zh", "观"],
            ["a.b", "ab"],
            ["annotations", "apiVersion"],
        ] {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(compare(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
        }
        // Each of these comes before the next and the last before the first, so any order is right;
        // what counts is that there is one.
        let map = ["v1beta1", "v2", "v10"].map(|key| (key.to_owned(), json!(0)));
        assert_eq!(sorted(&map.into_iter().collect()).len(), 3);
    }
}
