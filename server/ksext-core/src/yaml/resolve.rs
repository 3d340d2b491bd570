//! What a plain scalar means in YAML 1.1 as go-yaml v2 resolves it (resolve.go), and how
//! sigs.k8s.io/yaml writes it where a text is wanted (yaml.go `convertToJSONableObject`).

/// What a plain scalar is taken for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved {
    /// `~`, `null` or nothing.
    Null,
    /// `true`, `yes`, `on`, `y` and the like.
    Bool(bool),
    /// A whole number in the range of 64 bits with sign.
    Int(i64),
    /// A whole number above that, in the range of 64 bits without sign.
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// A date or a time stamp; its text is kept.
    Timestamp,
    /// Nothing but text.
    Text,
}

impl Resolved {
    /// The tag that go-yaml names it by.
    pub(super) fn short_tag(self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) | Self::UInt(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Timestamp => "!!timestamp",
            Self::Text => "!!str",
        }
    }
}

/// Resolves a plain scalar without a tag.
pub fn resolve_plain(text: &str) -> Resolved {
    let Some(&first) = text.as_bytes().first() else {
        return Resolved::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            resolve_word(text).unwrap_or(Resolved::Text)
        }
        b'.' => resolve_word(text)
            .or_else(|| parse_float(text, true).map(Resolved::Float))
            .unwrap_or(Resolved::Text),
        b'+' | b'-' | b'0'..=b'9' => resolve_word(text).unwrap_or_else(|| resolve_number(text)),
        _ => Resolved::Text,
    }
}

fn resolve_word(text: &str) -> Option<Resolved> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Resolved::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Resolved::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Resolved::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn resolve_number(text: &str) -> Resolved {
    if is_timestamp(text) {
        return Resolved::Timestamp;
    }
    let plain = text.replace('_', "");
    if let Some(number) = parse_integer(&plain) {
        return number;
    }
    if let Some(float) = parse_float(&plain, false) {
        return Resolved::Float(float);
    }
    // What ParseInt has refused with base 0 is tried once more as binary (resolve.go).
    let binary = match plain.strip_prefix("-0b") {
        Some(digits) => i64::from_str_radix(&format!("-{digits}"), 2).ok(),
        None => plain
            .strip_prefix("0b")
            .and_then(|digits| i64::from_str_radix(digits, 2).ok()),
    };
    binary.map_or(Resolved::Text, Resolved::Int)
}

/// Go's `strconv.ParseInt` and then `ParseUint` with base 0, underscores gone.
fn parse_integer(text: &str) -> Option<Resolved> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty()
        || !digits
            .bytes()
            .all(|digit| char::from(digit).is_digit(radix))
    {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Resolved::Int);
    }
    match i64::try_from(magnitude) {
        Ok(number) => Some(Resolved::Int(number)),
        // ParseUint takes no sign.
        Err(_) if text.starts_with('+') => None,
        Err(_) => Some(Resolved::UInt(magnitude)),
    }
}

/// A decimal fraction as go-yaml's `yamlStyleFloat` has it, in the range of 64 bits. Go's own parser
/// allows underscores between digits, which only reach it behind a leading dot.
fn parse_float(text: &str, underscores: bool) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |text: &str| {
        text.split('_')
            .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
            && (!text.contains('_')
                || (underscores && text.split('_').all(|part| !part.is_empty())))
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let any = !whole.is_empty() || (mantissa.contains('.') && !fraction.is_empty());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    if !any || !digits(whole) || !digits(fraction) || !exponent_fits {
        return None;
    }
    let value: f64 = text.replace('_', "").parse().ok()?;
    value.is_finite().then_some(value)
}

/// Dates as go-yaml takes them (resolve.go `allowedTimestampFormats`, with the leniency of Go's
/// `time.Parse`).
fn is_timestamp(text: &str) -> bool {
    let Some((year, rest)) = text.split_once('-') else {
        return false;
    };
    if year.len() != 4 || !all_digits(year) {
        return false;
    }
    let Some((month, rest)) = rest.split_once('-') else {
        return false;
    };
    let day_len = rest.bytes().take_while(u8::is_ascii_digit).count().min(2);
    let (day, time) = rest.split_at(day_len);
    let number = |text: &str| text.parse::<u32>().ok();
    let (Some(year), Some(month), Some(day)) =
        (number(year), short_number(month), short_number(day))
    else {
        return false;
    };
    if !(1..=12).contains(&month) || day == 0 || day > days_in(year, month) {
        return false;
    }
    match time.as_bytes().first() {
        None => true,
        Some(b'T' | b't') => is_time(&time[1..], true),
        Some(b' ') => is_time(&time[1..], false),
        Some(_) => false,
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn short_number(text: &str) -> Option<u32> {
    (text.len() <= 2 && all_digits(text)).then(|| text.parse().ok())?
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// `h:m:s` with an optional fraction, and with a zone exactly if `zoned`.
fn is_time(text: &str, zoned: bool) -> bool {
    let zone_at = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone_at);
    let zone_fits = match zone.as_bytes() {
        [] => !zoned,
        [b'Z'] => zoned,
        [b'+' | b'-', _, _, b':', _, _] => {
            let fits = |text: &str, most| short_number(text).is_some_and(|number| number <= most);
            zoned && fits(&zone[1..3], 24) && fits(&zone[4..6], 60)
        }
        _ => false,
    };
    let (clock, fraction) = match clock.find(['.', ',']) {
        Some(at) => (&clock[..at], Some(&clock[at + 1..])),
        None => (clock, None),
    };
    let mut parts = clock.split(':').map(short_number);
    let mut within = |most| parts.next().flatten().is_some_and(|number| number <= most);
    let clock_fits = within(23) && within(59) && within(59) && parts.next().is_none();
    zone_fits && clock_fits && fraction.is_none_or(all_digits)
}

/// The text of a float where a text is wanted: the shortest of its 32-bit value, in Go's `%g`
/// (`strconv.FormatFloat(f, 'g', -1, 32)`).
pub(super) fn float_text(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a plain scalar becomes in a text field.
    fn check(cases: &[(&str, &str)]) {
        for (plain, expected) in cases {
            let seen = match resolve_plain(plain) {
                Resolved::Null => "null".to_owned(),
                Resolved::Bool(value) => value.to_string(),
                Resolved::Int(value) => value.to_string(),
                Resolved::UInt(value) => value.to_string(),
                Resolved::Float(value) => float_text(value),
                Resolved::Timestamp => format!("date {plain}"),
                Resolved::Text => format!("text {plain}"),
            };
            assert_eq!(seen, *expected, "{plain}");
        }
    }

    #[test]
    fn words_are_booleans_and_nulls() {
        check(&[
            ("yes", "true"),
            ("On", "true"),
            ("y", "true"),
            ("NO", "false"),
            ("off", "false"),
            ("yEs", "text yEs"),
            ("", "null"),
            ("~", "null"),
            ("nULL", "text nULL"),
            ("<<", "text <<"),
        ]);
    }

    #[test]
    fn whole_numbers_come_out_decimal() {
        check(&[
            ("+1", "1"),
            ("-0", "0"),
            ("1_000", "1000"),
            ("1_", "1"),
            ("+_1", "1"),
            ("_1", "text _1"),
            ("0x10", "16"),
            ("-0X10", "-16"),
            ("0b101", "5"),
            ("0o17", "15"),
            ("010", "8"),
            ("-010", "-8"),
            ("00", "0"),
            ("0_7", "7"),
            ("0x_1", "1"),
            ("0o8", "text 0o8"),
            ("0b12", "text 0b12"),
            ("0x", "text 0x"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
        ]);
    }

    #[test]
    fn fractions_lose_what_32_bits_do_not_hold() {
        check(&[
            ("1.10", "1.1"),
            ("1.", "1"),
            (".5", "0.5"),
            ("1e3", "1000"),
            ("-.5", "-0.5"),
            ("1E3", "1000"),
            (".1e3", "100"),
            ("+.5", "0.5"),
            ("1_0.5", "10.5"),
            (".5_0", "0.5"),
            ("._5", "text ._5"),
            ("1e", "text 1e"),
            ("08", "8"),
            ("089", "89"),
            ("08.5", "8.5"),
            ("2024.01", "2024.01"),
            ("123456789.125", "1.2345679e+08"),
            ("16777217.0", "1.6777216e+07"),
            ("1000000.0", "1e+06"),
            ("999999.0", "999999"),
            ("0.0001", "0.0001"),
            ("1e-5", "1e-05"),
            ("1e39", "+Inf"),
            ("1e-46", "0"),
            ("1e400", "text 1e400"),
            ("100000000000000000000", "1e+20"),
            ("18446744073709551616", "1.8446744e+19"),
            (".inf", "+Inf"),
            ("-.INF", "-Inf"),
            (".nan", "NaN"),
            ("0x1p4", "text 0x1p4"),
            ("inf", "text inf"),
            (".", "text ."),
            ("+", "text +"),
            ("1,000", "text 1,000"),
        ]);
    }

    #[test]
    fn dates_keep_their_text() {
        check(&[
            ("2024-01-01", "date 2024-01-01"),
            ("2024-1-1 10:20:30", "date 2024-1-1 10:20:30"),
            ("2024-01-01T00:00:00Z", "date 2024-01-01T00:00:00Z"),
            ("2024-02-30", "text 2024-02-30"),
            ("2024-01-01T10:00:00", "text 2024-01-01T10:00:00"),
            ("12:30", "text 12:30"),
            ("0.1.2", "text 0.1.2"),
        ]);
    }
}
