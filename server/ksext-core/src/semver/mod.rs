//! Versions and version constraints as Helm and KubeSphere read them (Masterminds/semver v3.3.1).
//!
//! That library is laxer than SemVer 2.0.0 with versions, and its constraints have rules of their
//! own: both are read here exactly as it does.

mod constraint;

pub use constraint::Constraint;

use std::cmp::Ordering;

/// A version. Equal and ordered by precedence: build metadata is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number; 0 if it is not written.
    pub minor: u64,
    /// The third number; 0 if it is not written.
    pub patch: u64,
    /// What stands between `-` and `+`; empty for a release.
    pub pre: String,
}

impl Version {
    /// Reads a version (`NewVersion`): `v` and all but the first number may be missing, leading zeros
    /// may not be there. `None` if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, build) = match text.split_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let (core, pre) = match text.split_once('-') {
            Some((core, pre)) => (core, Some(pre)),
            None => (text, None),
        };
        let is_pre =
            |part: &str| is_identifier(part) && !(is_digits(part) && leads_with_zero(part));
        if !pre.is_none_or(|pre| pre.split('.').all(is_pre))
            || !build.is_none_or(|build| build.split('.').all(is_identifier))
        {
            return None;
        }
        let mut numbers = core.split('.').map(number);
        let version = Self {
            major: numbers.next()??,
            minor: numbers.next().unwrap_or(Some(0))?,
            patch: numbers.next().unwrap_or(Some(0))?,
            pre: pre.unwrap_or_default().to_owned(),
        };
        numbers.next().is_none().then_some(version)
    }

    fn new(major: u64, minor: u64, patch: u64, pre: &str) -> Self {
        let pre = pre.to_owned();
        Self {
            major,
            minor,
            patch,
            pre,
        }
    }

    fn is_release(&self) -> bool {
        self.pre.is_empty()
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.is_release(), other.is_release()) {
                (false, false) => cmp_pre(&self.pre, &other.pre),
                (is_release, other_is) => is_release.cmp(&other_is),
            }
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Identifier by identifier: numbers below 2^64 by value and before all others, a missing one first.
fn cmp_pre(left: &str, right: &str) -> Ordering {
    let identifiers = |pre: &'_ str| -> Vec<(Option<u64>, String)> {
        let identifier = |part: &str| (part.parse().ok(), part.to_owned());
        pre.split('.').map(identifier).collect()
    };
    let (left, right) = (identifiers(left), identifiers(right));
    let by_part = left.iter().zip(&right).map(|pair| match pair {
        ((Some(left), _), (Some(right), _)) => left.cmp(right),
        ((Some(_), _), (None, _)) => Ordering::Less,
        ((None, _), (Some(_), _)) => Ordering::Greater,
        ((None, left), (None, right)) => left.cmp(right),
    });
    let first = by_part.into_iter().find(|order| order.is_ne());
    first.unwrap_or_else(|| left.len().cmp(&right.len()))
}

fn number(text: &str) -> Option<u64> {
    let fits = is_digits(text) && !leads_with_zero(text);
    fits.then(|| text.parse().ok())?
}

fn is_identifier(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(allowed)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn leads_with_zero(number: &str) -> bool {
    number.len() > 1 && number.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_helm_reads_them() {
        for version in [
            "1",
            "v1",
            "1.2",
            "1.2.3",
            "1-alpha",
            "1.2-rc.1",
            "1.2.3+b.01",
            "1.2.3-01a",
            "1.2.3--",
            "2024-01-01",
            "0",
            "0.0.0",
            "18446744073709551615",
        ] {
            assert!(Version::parse(version).is_some(), "{version}");
        }
        for version in [
            "",
            "V1.2.3",
            "vv1",
            "01.2.3",
            "1.02",
            "1.2.3.4",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3-a..b",
            "1.2.3+",
            " 1.2.3",
            "1.2.3 ",
            "latest",
            "1.x",
            "18446744073709551616",
            "1..2",
            "v",
            "1.2.3+a_b",
            "１",
        ] {
            assert_eq!(Version::parse(version), None, "{version}");
        }
    }

    #[test]
    fn versions_are_ordered_by_precedence() {
        let ordered = [
            "0.0.0-0",
            "0.0.0",
            "1.0.0-0",
            "1.0.0-2",
            "1.0.0-10",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-alpha0",
            "1.0.0-beta",
            "v1",
            "1.0.1",
            "1.2",
            "10",
        ];
        let versions: Vec<_> = ordered.map(|text| Version::parse(text).expect(text)).into();
        assert!(versions.is_sorted());
        assert_eq!(Version::parse("1.0.0+a"), Version::parse("v1+b"));
    }
}
