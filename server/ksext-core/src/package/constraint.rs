//! Version constraints as Helm and KubeSphere read them (Masterminds/semver v3.3.1 constraints.go).

use std::cmp::Ordering;

use super::validate::is_semver;

/// A constraint such as `>=1.2.0-0, <2 || 3.x`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// One of these must hold, and in it all.
    any_of: Vec<Vec<Comparison>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparison {
    operator: Operator,
    version: Version,
    /// How much of the version was written; the rest matches anything.
    written: Written,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    Tilde,
    Caret,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Nothing,
    Major,
    Minor,
    Patch,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    /// Behind the `-`; empty for a release.
    pre_release: String,
}

impl Constraint {
    /// Reads a constraint; `None` for a text that is none. An empty text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let any_of = text.split("||").map(all_of).collect::<Option<_>>()?;
        Some(Self { any_of })
    }

    /// Whether `version` satisfies it. No text that is no version does.
    pub fn allows(&self, version: &str) -> bool {
        let Some(version) = Version::parse(version) else {
            return false;
        };
        let all = |all: &Vec<Comparison>| all.iter().all(|one| one.allows(&version));
        self.any_of.iter().any(all)
    }
}

/// The comparisons between two `||`.
fn all_of(text: &str) -> Option<Vec<Comparison>> {
    let mut rest = text.trim_start();
    let mut all = Vec::new();
    loop {
        let digits = rest.trim_start_matches(['=', '!', '<', '>', '~', '^']);
        let sign = &rest[..rest.len() - digits.len()];
        let (version, behind) = split_version(digits.trim_start())?;
        if let Some((upper, behind)) = upper_bound(behind) {
            if !sign.is_empty() {
                return None;
            }
            all.push(Comparison::parse(Operator::GreaterEqual, version)?);
            all.push(Comparison::parse(Operator::LessEqual, upper)?);
            rest = behind;
        } else {
            all.push(Comparison::parse(operator(sign)?, version)?);
            rest = behind;
        }
        let next = rest.trim_start();
        if next.is_empty() {
            return Some(all);
        }
        rest = match next.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if next.len() < rest.len() => next,
            None => return None,
        };
    }
}

/// The second version of a range `1.0 - 2.0`, of which the first has been read.
fn upper_bound(rest: &str) -> Option<(&str, &str)> {
    let dash = rest.trim_start();
    let behind = dash.strip_prefix('-')?;
    let version = behind.trim_start();
    let spaced = dash.len() < rest.len() && version.len() < behind.len();
    spaced.then(|| split_version(version))?
}

fn operator(sign: &str) -> Option<Operator> {
    Some(match sign {
        "" | "=" => Operator::Equal,
        "!=" => Operator::NotEqual,
        ">" => Operator::Greater,
        "<" => Operator::Less,
        ">=" | "=>" => Operator::GreaterEqual,
        "<=" | "=<" => Operator::LessEqual,
        "~" | "~>" => Operator::Tilde,
        "^" => Operator::Caret,
        _ => return None,
    })
}

/// Splits what looks like a version, with or without wildcards, from the text behind it.
fn split_version(text: &str) -> Option<(&str, &str)> {
    let core = text.strip_prefix('v').unwrap_or(text);
    let number = |char: char| char.is_ascii_digit() || matches!(char, 'x' | 'X' | '*');
    let word = |char: char| char.is_ascii_alphanumeric() || char == '-';
    let mut rest = core.trim_start_matches(number);
    if rest.len() == core.len() {
        return None;
    }
    for _ in 0..2 {
        rest = more(rest, '.', number).unwrap_or(rest);
    }
    for mark in ['-', '+'] {
        let Some(mut behind) = more(rest, mark, word) else {
            continue;
        };
        while let Some(next) = more(behind, '.', word) {
            behind = next;
        }
        rest = behind;
    }
    Some((&text[..text.len() - rest.len()], rest))
}

/// What stands behind `mark` and one character or more of a kind.
fn more(text: &str, mark: char, is_part: impl Fn(char) -> bool) -> Option<&str> {
    let part = text.strip_prefix(mark)?;
    let rest = part.trim_start_matches(is_part);
    (rest.len() < part.len()).then_some(rest)
}

impl Comparison {
    fn parse(operator: Operator, text: &str) -> Option<Self> {
        let bare = text.strip_prefix('v').unwrap_or(text);
        let without_build = bare.split('+').next().unwrap_or(bare);
        let (core, pre_release) = match without_build.split_once('-') {
            Some((core, pre_release)) => (core, Some(pre_release)),
            None => (without_build, None),
        };
        let numbers: Vec<_> = core.split('.').collect();
        let wild = |index: usize| matches!(numbers.get(index), None | Some(&("x" | "X" | "*")));
        let written = match [wild(0), wild(1), wild(2)] {
            [true, ..] => Written::Nothing,
            [_, true, _] => Written::Major,
            [_, _, true] => Written::Minor,
            _ => Written::Patch,
        };
        let suffix = pre_release.map_or(String::new(), |text| format!("-{text}"));
        let version = match (written, &numbers[..]) {
            (Written::Major, [major, ..]) => format!("{major}.0.0{suffix}"),
            (Written::Minor, [major, minor, ..]) => format!("{major}.{minor}.0{suffix}"),
            (Written::Patch, _) => text.to_owned(),
            _ => format!("0.0.0{suffix}"),
        };
        Some(Self {
            operator,
            version: Version::parse(&version)?,
            written,
        })
    }

    fn allows(&self, version: &Version) -> bool {
        let bound = &self.version;
        let partial = self.written != Written::Patch;
        // A version before a release is found only by whoever asks for one.
        let unasked = !version.pre_release.is_empty() && bound.pre_release.is_empty();
        if self.operator == Operator::NotEqual {
            return if partial {
                !unasked && self.differs(version)
            } else {
                version != bound
            };
        }
        let order = version.cmp(bound);
        !unasked
            && match self.operator {
                Operator::Equal if partial => self.is_near(version),
                Operator::Equal | Operator::NotEqual => order == Ordering::Equal,
                Operator::Greater => self.is_exceeded_by(version),
                Operator::GreaterEqual => order != Ordering::Less,
                Operator::Less => order == Ordering::Less,
                Operator::LessEqual => match self.written {
                    Written::Patch => order != Ordering::Greater,
                    Written::Major => version.major <= bound.major,
                    _ => (version.major, version.minor) <= (bound.major, bound.minor),
                },
                Operator::Tilde => self.is_near(version),
                Operator::Caret => self.is_compatible(version),
            }
    }

    /// `!=` of a version that is not written in full.
    fn differs(&self, version: &Version) -> bool {
        let bound = &self.version;
        version.major != bound.major
            || match self.written {
                Written::Major => false,
                Written::Minor => {
                    version.minor != bound.minor || version.pre_release != bound.pre_release
                }
                _ => version.minor != bound.minor || version.patch != bound.patch,
            }
    }

    /// `>`: of `>11` version 12 is the first.
    fn is_exceeded_by(&self, version: &Version) -> bool {
        let bound = &self.version;
        match self.written {
            Written::Major => version.major > bound.major,
            Written::Minor => (version.major, version.minor) > (bound.major, bound.minor),
            _ => version > bound,
        }
    }

    /// `~`: the last number that is written may grow.
    fn is_near(&self, version: &Version) -> bool {
        let bound = &self.version;
        let is_zero = (bound.major, bound.minor, bound.patch) == (0, 0, 0);
        let anything = is_zero && matches!(self.written, Written::Nothing | Written::Patch);
        version >= bound
            && (anything
                || version.major == bound.major
                    && (self.written == Written::Major || version.minor == bound.minor))
    }

    /// `^`: the first number that is not 0 may not change.
    fn is_compatible(&self, version: &Version) -> bool {
        let bound = &self.version;
        if version < bound || version.major != bound.major {
            return false;
        }
        if bound.major > 0 || self.written == Written::Major {
            return true;
        }
        if bound.minor > 0 || self.written == Written::Minor {
            return version.minor == bound.minor;
        }
        (version.minor, version.patch) == (0, bound.patch)
    }
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        if !is_semver(text) {
            return None;
        }
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split('+').next().unwrap_or(text);
        let (core, pre_release) = text.split_once('-').unwrap_or((text, ""));
        let mut numbers = core.split('.').map(str::parse);
        let mut number = || numbers.next().unwrap_or(Ok(0)).ok();
        Some(Self {
            major: number()?,
            minor: number()?,
            patch: number()?,
            pre_release: pre_release.to_owned(),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Precedence of Semantic Versioning 2.0.0, section 11.
impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self)
            .cmp(&numbers(other))
            .then_with(|| compare_pre_releases(&self.pre_release, &other.pre_release))
    }
}

fn compare_pre_releases(left: &str, right: &str) -> Ordering {
    if left.is_empty() || right.is_empty() {
        // A release comes behind all that precede it.
        return left.is_empty().cmp(&right.is_empty());
    }
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) => match (left.parse::<u64>(), right.parse::<u64>()) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => left.cmp(right),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What semver v3.3.1 itself says.
    #[test]
    fn constraints_allow_what_the_library_allows() {
        for (constraint, version, allowed) in [
            ("", "1.0.0", false),
            ("", "1.0.0-rc.1", false),
            (" ", "1.0.0", false),
            ("*", "1.0.0", true),
            ("*", "1.0.0-rc.1", false),
            ("0.1.*", "0.1.0", true),
            (">= 0.2.0", "0.2.0", true),
            ("1.0.0", "v1.0.0", true),
            ("1.0", "1.0.5", true),
            ("1", "1.2.3-a", false),
            ("1.2.3 - 2.0", "1.9.0", true),
            ("1.2.3 - 2.0", "2.0.5", true),
            ("1.2.3 - 2.0", "2.1.0", false),
            ("^0.2", "0.2.9", true),
            ("~1.2.3", "1.2.9", true),
            (">1.0.0,<2", "1.5.0", true),
            (">1.0.0, <2 || 3", "3.4.0", true),
            ("!=1.0.0", "1.0.0", false),
            ("!=1.x", "1.5.0", false),
            ("!=1.x", "2.5.0", true),
            (">11", "11.1.0", false),
            (">11.1", "11.1.1", false),
            (">11.1", "11.2.0", true),
            ("<=11", "11.9.0", true),
            ("<=11.1", "11.2.0", false),
            ("=>1.0", "1.0.0", true),
            ("=<1.0", "1.0.9", true),
            ("~>2", "2.9.0", true),
            ("^", "1.0.0", false),
            ("latest", "1.0.0", false),
            (">=1.0.0-0", "1.0.0-rc.1", true),
            ("1.2.3.4", "1.2.3", false),
            ("01.2.3", "1.2.3", false),
            ("x.2.3", "9.9.9", true),
            ("1||2", "2.0.0", true),
            ("1|2", "2.0.0", false),
            ("file://x", "1.0.0", false),
            (">=1.0.0 <2.0.0", "1.5.0", true),
            ("1.0.0+b", "1.0.0", true),
            ("> 1.0.0-alpha, < 2", "1.0.0-beta", false),
            ("^0.0.3", "0.0.3", true),
            ("^0.0.3", "0.0.4", false),
            ("^0.0", "0.0.9", true),
            ("^0", "0.9.0", true),
            ("^0", "1.0.0", false),
            ("~0.0.0", "5.0.0", true),
            ("0.0.*", "5.0.0", false),
            ("vv1", "1.0.0", false),
            ("v1.2", "1.2.9", true),
            (">=1.0.0,", "1.2.0", false),
            (">=  1.0", "1.0.0", true),
            ("1.x.3", "1.9.0", true),
            ("1.2.3-a b", "1.0.0", false),
            ("1.2.3 2", "1.2.3", false),
            ("=1.2.3", "1.2.3", true),
            ("==1.2.3", "1.2.3", false),
            ("1.2.3-alpha.1", "1.2.3-alpha.1", true),
            ("1.2.3-alpha", "1.2.3-alpha.1", false),
            ("^1.2.3-alpha.1", "1.2.3-alpha.10", true),
            ("12x", "12.0.0", false),
            ("1 - 2 - 3", "1.0.0", false),
            ("1.0.0 ", "1.0.0", true),
        ] {
            let read = Constraint::parse(constraint);
            let says = read.is_some_and(|constraint| constraint.allows(version));
            assert_eq!(says, allowed, "`{constraint}` of {version}");
        }
    }

    #[test]
    fn what_is_no_constraint_is_told_from_one_that_does_not_match() {
        for (text, is_one) in [
            ("", false),
            (" ", false),
            ("latest", false),
            ("1.2.3.4", false),
            (">=1.0.0,", false),
            ("01.2.3", false),
            ("九", false),
            ("*", true),
            (">= 2.6.0", true),
            ("1.0 - 2.0, !=1.5", true),
        ] {
            assert_eq!(Constraint::parse(text).is_some(), is_one, "{text}");
        }
    }
}
