//! Version constraints: what `kubeVersion: ">=1.19.0-0"` accepts.
//!
//! `||` separates alternatives, blanks or a comma separate comparisons that must all hold. Facts from
//! Masterminds/semver v3.3.1, constraints.go, oddities and all: `*` has to be written (nothing is no
//! constraint), `1 - 2` is replaced in the text before anything is read, and a pre-release fits only
//! where the comparison names one too.

use std::cmp::Ordering;

use super::Version;

/// Comparisons, longest first where one begins like another.
const OPERATORS: [(&str, Operator); 12] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::AtLeast),
    ("=>", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("=<", Operator::AtMost),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    ("", Operator::Equal),
];

/// A constraint on versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The comparisons of each alternative.
    alternatives: Vec<Vec<Comparison>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparison {
    operator: Operator,
    /// Numbers that are not given are 0.
    version: Version,
    given: Given,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    AtLeast,
    AtMost,
    Tilde,
    Caret,
}

/// How many of a version's numbers are given before one is missing or `x`, `X` or `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Nothing,
    Major,
    Minor,
    All,
}

impl Constraint {
    /// Reads a constraint (`NewConstraint`); `None` if the library refuses it, as it does an empty
    /// text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = without_ranges(text);
        let alternatives = text.split("||").map(comparisons).collect::<Option<_>>()?;
        Some(Self { alternatives })
    }

    /// Whether `version` satisfies it (`Check`).
    pub fn accepts(&self, version: &Version) -> bool {
        let all = |group: &Vec<Comparison>| group.iter().all(|one| one.accepts(version));
        self.alternatives.iter().any(all)
    }

    /// Whether there is a version that satisfies it.
    ///
    /// What a comparison accepts begins at a version that is next to its own in some way, or at the
    /// very first one; if pre-releases do not count, at the release that follows. So these are all
    /// that need to be tried.
    pub fn is_satisfiable(&self) -> bool {
        self.alternatives.iter().any(|group| {
            let first = Version::new(0, 0, 0, "0");
            let mut beginnings: Vec<_> = group.iter().flat_map(Comparison::beginnings).collect();
            beginnings.push(first);
            beginnings.iter().any(|beginning| {
                let release = Version {
                    pre: String::new(),
                    ..beginning.clone()
                };
                [beginning, &release]
                    .iter()
                    .any(|version| group.iter().all(|one| one.accepts(version)))
            })
        })
    }
}

impl Comparison {
    fn accepts(&self, version: &Version) -> bool {
        use Operator::{AtLeast, AtMost, Caret, Equal, Greater, Less, NotEqual, Tilde};
        let exact = self.given == Given::All;
        // Only this one looks at pre-releases unasked.
        let looks_at_pre = !self.version.is_release() || self.operator == NotEqual && exact;
        if !version.is_release() && !looks_at_pre {
            return false;
        }
        let order = version.cmp(&self.version);
        match self.operator {
            Equal if exact => order.is_eq(),
            Equal | Tilde => order.is_ge() && self.tilde_reaches(version),
            NotEqual => self.differs_from(version),
            Greater => self.is_exceeded_by(version, order),
            Less => order.is_lt(),
            AtLeast => order.is_ge(),
            AtMost if exact => order.is_le(),
            AtMost => {
                let own = &self.version;
                version.major < own.major
                    || version.major == own.major
                        && (self.given == Given::Major || version.minor <= own.minor)
            }
            Caret => order.is_ge() && self.caret_reaches(version),
        }
    }

    /// `~1.2.3` reaches to 1.3.0, `~1` to 2.0.0; `~0.0.0` and `~*` reach everything.
    fn tilde_reaches(&self, version: &Version) -> bool {
        let own = &self.version;
        let is_zero = (own.major, own.minor, own.patch) == (0, 0, 0);
        if is_zero && matches!(self.given, Given::All | Given::Nothing) {
            return true;
        }
        version.major == own.major && (self.given == Given::Major || version.minor == own.minor)
    }

    /// `^1.2.3` reaches to 2.0.0, `^0.2.3` to 0.3.0, `^0.0.3` to 0.0.4.
    fn caret_reaches(&self, version: &Version) -> bool {
        let own = &self.version;
        if version.major != own.major {
            return false;
        }
        if own.major > 0 || self.given == Given::Major {
            return true;
        }
        if version.minor != own.minor {
            return false;
        }
        own.minor > 0 || self.given == Given::Minor || version.patch == own.patch
    }

    /// `>1.2` begins at 1.3.0, `>1` at 2.0.0.
    fn is_exceeded_by(&self, version: &Version, order: Ordering) -> bool {
        let own = &self.version;
        match self.given {
            Given::All => order.is_gt(),
            _ if version.major != own.major => version.major > own.major,
            Given::Major => false,
            Given::Minor => version.minor > own.minor,
            Given::Nothing => order.is_gt(),
        }
    }

    fn differs_from(&self, version: &Version) -> bool {
        let own = &self.version;
        match self.given {
            Given::All | Given::Nothing => version != own,
            Given::Major => version.major != own.major,
            Given::Minor => {
                (version.major, version.minor) != (own.major, own.minor) || version.pre != own.pre
            }
        }
    }

    /// The versions at which something that this comparison accepts can begin.
    fn beginnings(&self) -> Vec<Version> {
        let Version {
            major,
            minor,
            patch,
            pre,
        } = &self.version;
        let after = match pre.as_str() {
            "" => None,
            pre => Some(Version::new(*major, *minor, *patch, &format!("{pre}.0"))),
        };
        let next = |number: &u64| number.checked_add(1);
        let patches = next(patch).map(|patch| Version::new(*major, *minor, patch, "0"));
        let minors = next(minor).map(|minor| Version::new(*major, minor, 0, "0"));
        let majors = next(major).map(|major| Version::new(major, 0, 0, "0"));
        let beginnings = [Some(self.version.clone()), after, patches, minors, majors];
        beginnings.into_iter().flatten().collect()
    }
}

/// The comparisons of one alternative.
fn comparisons(text: &str) -> Option<Vec<Comparison>> {
    let mut comparisons = Vec::new();
    let mut rest = trim_start(text);
    loop {
        let (comparison, behind) = comparison(rest)?;
        comparisons.push(comparison);
        rest = trim_start(behind);
        if rest.is_empty() {
            return Some(comparisons);
        }
        match rest.strip_prefix(',') {
            Some(behind) => rest = trim_start(behind),
            None if rest.len() == behind.len() => return None,
            None => {}
        }
    }
}

/// The comparison at the start of `text`, and what follows.
fn comparison(text: &str) -> Option<(Comparison, &str)> {
    let (operator, rest) = OPERATORS
        .iter()
        .find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)))?;
    let (written, rest) = Written::at_start(trim_start(rest))?;
    let (version, given) = written.version()?;
    let comparison = Comparison {
        operator,
        version,
        given,
    };
    Some((comparison, rest))
}

/// A version as it may be written in a constraint (`cvRegex`).
struct Written<'t> {
    text: &'t str,
    /// As written, without their dots; at least one.
    numbers: Vec<&'t str>,
    /// With its `-`; empty if there is none.
    pre: &'t str,
}

impl<'t> Written<'t> {
    /// The version at the start of `text`, and what follows.
    fn at_start(text: &'t str) -> Option<(Self, &'t str)> {
        // `|` is one of them: alternatives are split off before.
        let in_number = |byte: u8| byte.is_ascii_digit() || b"|xX*".contains(&byte);
        let in_identifier = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let mut rest = text.strip_prefix('v').unwrap_or(text);
        let mut numbers = vec![take(&mut rest, in_number)?];
        while numbers.len() < 3
            && let Some(mut behind) = rest.strip_prefix('.')
            && let Some(number) = take(&mut behind, in_number)
        {
            numbers.push(number);
            rest = behind;
        }
        let mut identifiers = |sign| {
            let before = rest;
            let mut behind = rest.strip_prefix(sign)?;
            take(&mut behind, in_identifier)?;
            rest = behind;
            while let Some(mut behind) = rest.strip_prefix('.')
                && take(&mut behind, in_identifier).is_some()
            {
                rest = behind;
            }
            before.get(..before.len() - rest.len())
        };
        let pre = identifiers('-').unwrap_or_default();
        identifiers('+');
        let text = text.get(..text.len() - rest.len())?;
        Some((Self { text, numbers, pre }, rest))
    }

    /// What it means (`parseConstraint`). A wildcard makes what follows it meaningless, the
    /// pre-release apart.
    fn version(&self) -> Option<(Version, Given)> {
        let is_given = |index: usize| {
            let number = self.numbers.get(index);
            number.is_some_and(|number| !["x", "X", "*"].contains(number))
        };
        let pre = self.pre;
        let (text, given) = match self.numbers[..] {
            _ if !is_given(0) => (format!("0.0.0{pre}"), Given::Nothing),
            [major, ..] if !is_given(1) => (format!("{major}.0.0{pre}"), Given::Major),
            [major, minor, ..] if !is_given(2) => (format!("{major}.{minor}.0{pre}"), Given::Minor),
            _ => (self.text.to_owned(), Given::All),
        };
        Some((Version::parse(&text)?, given))
    }
}

/// `text` with comparisons in place of ranges such as `1.2 - 1.4` (`rewriteRange`), wherever they
/// stand.
fn without_ranges(text: &str) -> String {
    let mut result = text.to_owned();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((from, to, behind)) = range(rest) {
            let range = &rest[..rest.len() - behind.len()];
            result = result.replacen(range, &format!(">= {from}, <= {to} "), 1);
            rest = behind;
        } else {
            let mut chars = rest.chars();
            chars.next();
            rest = chars.as_str();
        }
    }
    result
}

/// The ends of the range at the start of `text`, and what follows it and its blanks.
fn range(text: &str) -> Option<(&str, &str, &str)> {
    let (from, rest) = Written::at_start(trim_start(text))?;
    let rest = blanks(rest)?.strip_prefix('-')?;
    let (to, rest) = Written::at_start(blanks(rest)?)?;
    Some((from.text, to.text, trim_start(rest)))
}

/// Takes the longest start of `rest` that consists of such bytes, which are ASCII; `None` if there is
/// no such byte.
fn take<'t>(rest: &mut &'t str, is_part: impl Fn(u8) -> bool) -> Option<&'t str> {
    let end = rest.bytes().position(|byte| !is_part(byte));
    let (part, behind) = rest.split_at(end.unwrap_or(rest.len()));
    *rest = behind;
    (!part.is_empty()).then_some(part)
}

/// What follows the blanks (`\s` of Go's regular expressions) at the start of `text`.
fn trim_start(text: &str) -> &str {
    text.trim_start_matches(['\t', '\n', '\x0c', '\r', ' '])
}

/// What follows the blanks at the start of `text`; `None` if there are none.
fn blanks(text: &str) -> Option<&str> {
    let behind = trim_start(text);
    (behind.len() < text.len()).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_read_as_helm_reads_them() {
        for text in [
            "*",
            "X",
            "1",
            " 1.2 ",
            ">=1.19.0-0",
            ">= 1.0.0-0",
            ">=1.0,<2",
            ">=1.0 , <2",
            ">=1.21.0-0 <1.32.0-0",
            "1.2 - 1.4.5",
            "1.x || >=3.0.x-0",
            "~1.2",
            "~>1",
            "^v1.2.3-beta+build",
            "=>1",
            "0.1.*",
            "1.x.3",
        ] {
            assert!(Constraint::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            " ",
            "latest",
            ">=",
            ">1<2",
            ">=1.19.0+",
            ">==1",
            "1.2.3.4",
            "v 1",
            "01",
            "1.2.3-01",
            ">=1, ",
            ">=1,,<2",
            "1 ||",
            ">0 1 - 2",
            "0 ||1 - 2",
            "1.2 -",
            "≥1.19",
            "1|2",
            "18446744073709551616",
        ] {
            assert_eq!(Constraint::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_fits_fits() {
        for (text, fitting, others) in [
            ("*", &["0.0.0", "9.1.2"][..], &["1.0.0-0"][..]),
            (">=1.19.0", &["1.19.0", "v1.28.3"], &["1.28.3-eks", "1.18"]),
            (">=1.19.0-0", &["1.19.0-alpha", "1.28.3-eks"], &["1.18.9"]),
            ("1.2", &["1.2.0", "1.2.9"], &["1.3.0"]),
            ("!=1.2", &["1.3.0"], &["1.2.1"]),
            ("!=1.2.3", &["1.2.3-a", "1.2.4"], &["1.2.3"]),
            (">1.2", &["1.3.0"], &["1.2.9"]),
            ("<=1.2", &["1.2.9", "0.9.0"], &["1.3.0", "2.0.0"]),
            ("~1.2.3", &["1.2.3", "1.2.9"], &["1.3.0", "1.2.2"]),
            ("^0.2.3", &["0.2.9"], &["0.3.0", "1.0.0"]),
            ("^0.0.3", &["0.0.3"], &["0.0.4"]),
            ("1 - 2", &["1.0.0", "2.9.9"], &["0.9.9", "3.0.0"]),
            ("<1 || >2", &["0.9.9", "3.0.0"], &["1.5.0", "2.5.0"]),
        ] {
            let constraint = Constraint::parse(text).expect(text);
            let accepts =
                |version: &&str| constraint.accepts(&Version::parse(version).expect(version));
            assert!(fitting.iter().all(accepts), "{text}");
            assert!(!others.iter().any(accepts), "{text}");
        }
    }

    #[test]
    fn some_constraints_fit_nothing() {
        for (text, satisfiable) in [
            (">2 <1", false),
            (">=1.2.0 <1.2.0", false),
            (">1.2 <1.3", false),
            (">1.2.3 <1.2.4", false),
            (">1.2.3-0 <1.2.4-1", true),
            ("1.2.3 !=1.2.3", false),
            ("~1.2 ^2", false),
            ("<0.0.0", false),
            ("<0.0.0-0", false),
            ("<0.0.0-1", true),
            (">2 <1 || 3", true),
            (">=1.0.0-a <1.0.0-b", true),
            (">=1.0.0-a <1.0.0-b !=1.0.0-a", true),
            (">1.0.0-a <1.0.0-a.0", false),
            (">=1.0.0-0 <1.0.0", false),
            (">=1.0.0-0 <1.0.0-9", true),
            (">18446744073709551615", false),
            ("*", true),
            ("!=*", true),
        ] {
            let constraint = Constraint::parse(text).expect(text);
            assert_eq!(constraint.is_satisfiable(), satisfiable, "{text}");
        }
    }
}
