//! Values of another type than their field's: what encoding/json refuses.

use super::shape::{Shape, decode};
use crate::yaml::{Data, NodeId, Value};

/// The type that a value should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A text; numbers and booleans pass for one.
    Text,
    /// `true` or `false`.
    Bool,
    /// A time in RFC 3339.
    Time,
    /// A list.
    List,
    /// A map.
    Map,
}

/// The first value that is not of the type that `shape` wants; `value` is decoded into it.
pub fn misfit(shape: &Shape, value: &Value) -> Option<(Wanted, NodeId)> {
    let wanted = match (shape, &value.data) {
        (_, Data::Null) | (Shape::Any, _) | (Shape::Text, Data::Text(_)) => return None,
        (Shape::Bool, Data::Bool(_)) => return None,
        (Shape::Time, Data::Text(text)) if is_time(text) => return None,
        (Shape::List(item), Data::List(items)) => {
            return items.iter().find_map(|value| misfit(item, value));
        }
        (Shape::Map(item), Data::Map(entries)) => {
            return entries.iter().find_map(|entry| misfit(item, &entry.value));
        }
        (Shape::Struct(_), Data::Map(entries)) => {
            return entries.iter().find_map(|entry| {
                let field = shape.field(&entry.key)?;
                misfit(&field.shape, &entry.value)
            });
        }
        (Shape::Text, _) => Wanted::Text,
        (Shape::Bool, _) => Wanted::Bool,
        (Shape::Time, _) => Wanted::Time,
        (Shape::List(_), _) => Wanted::List,
        (Shape::Map(_) | Shape::Struct(_), _) => Wanted::Map,
    };
    Some((wanted, value.node))
}

/// Whether Go takes `text` for a time (`time.Time.UnmarshalJSON`): RFC 3339 with capital letters.
fn is_time(text: &str) -> bool {
    let time = || {
        let date = text.get(..10)?;
        let year_month_day = numbers(date, '-', &[(0, 9999), (1, 12), (1, days_in_month(date))]);
        let clock = text.get(10..)?.strip_prefix('T')?;
        let end = clock.find(['.', ',', 'Z', '+', '-'])?;
        let (clock, rest) = clock.split_at(end);
        // An hour of one digit passes.
        let padded = format!("{clock:0>8}");
        let is_clock = padded.len() == 8 && clock.len() >= 7;
        let zone = match rest.strip_prefix(['.', ',']) {
            Some(fraction) => {
                let zone = fraction.trim_start_matches(|char: char| char.is_ascii_digit());
                (zone.len() < fraction.len()).then_some(zone)?
            }
            None => rest,
        };
        let is_zone = zone == "Z"
            || zone.len() == 6
                && zone
                    .strip_prefix(['+', '-'])
                    .is_some_and(|zone| numbers(zone, ':', &[(0, 23), (0, 60)]));
        let hours_minutes_seconds = numbers(&padded, ':', &[(0, 23), (0, 59), (0, 59)]);
        Some(year_month_day && is_clock && hours_minutes_seconds && is_zone)
    };
    time().unwrap_or(false)
}

/// Whether `text` is numbers with `between` them, the first of four digits if it may be that large,
/// the others of two, each in its bounds.
fn numbers(text: &str, between: char, bounds: &[(u32, u32)]) -> bool {
    let parts: Vec<_> = text.split(between).collect();
    parts.len() == bounds.len()
        && parts.iter().zip(bounds).all(|(part, &(least, most))| {
            let width = if most > 99 { 4 } else { 2 };
            let digits = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
            digits
                && part
                    .parse()
                    .is_ok_and(|number: u32| (least..=most).contains(&number))
        })
}

/// The last day of the month that `text` begins with (`2024-02`); 31 if it begins otherwise.
fn days_in_month(text: &str) -> u32 {
    let number = |range: std::ops::Range<usize>| -> u32 {
        let digits = text.get(range).unwrap_or_default();
        digits.parse().unwrap_or_default()
    };
    let year = number(0..4);
    match number(5..7) {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The first misfit in a value that a later spelling of its key is laid over: `Name: [a]` beside
/// `name: b`. encoding/json reads both. `value` is as YAML has it, not decoded.
pub fn overridden_misfit(shape: &Shape, value: &Value) -> Option<(Wanted, NodeId)> {
    match (shape, &value.data) {
        (Shape::List(item), Data::List(items)) => items
            .iter()
            .find_map(|value| overridden_misfit(item, value)),
        (Shape::Map(item), Data::Map(entries)) => entries
            .iter()
            .find_map(|entry| overridden_misfit(item, &entry.value)),
        (Shape::Struct(_), Data::Map(entries)) => entries.iter().find_map(|entry| {
            let field = shape.field(&entry.key)?;
            let is_overridden = entries.iter().any(|other| {
                let other_field = shape.field(&other.key);
                other.key > entry.key && other_field.is_some_and(|other| other.key == field.key)
            });
            let own = is_overridden
                .then(|| misfit(&field.shape, &decode(&field.shape, &entry.value)))
                .flatten();
            own.or_else(|| overridden_misfit(&field.shape, &entry.value))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::fields::MANIFEST;
    use crate::yaml;

    #[test]
    fn both_spellings_of_a_key_are_read() {
        for (text, found) in [
            ("Name: [a]\nname: b\n", Some("[a]")),
            ("name: [a]\nName: b\n", None),
            ("Dependencies: [x]\ndependencies: []\n", Some("x")),
            ("dependencies: [{Enabled: 1, enabled: true}]\n", Some("1")),
            ("Name: 1\nname: b\n", None),
        ] {
            let tree = yaml::parse(text);
            let value = tree.value().expect("a value");
            let misfit = overridden_misfit(&MANIFEST, value);
            let at = misfit.map(|(_, node)| tree.span(node).of(text));
            assert_eq!(at, found, "{text}");
        }
    }
}
