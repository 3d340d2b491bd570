//! Which versions a CHANGELOG tells about: its headings that name one.

use super::path::PkgPath;
use crate::semver::Version;
use crate::text::line_break;

/// A CHANGELOG whose headings name versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changelog {
    /// The file.
    pub path: PkgPath,
    /// The versions that headings, and lines that begin with one, name.
    pub versions: Vec<Version>,
    /// Whether a heading stands for what is not released yet.
    pub has_unreleased: bool,
    /// Where a heading for a new version goes, an offset in bytes: before the first one.
    pub top: usize,
    /// The first such heading as far as its version: `## v`, `## [`.
    pub beginning: String,
    /// What ends its lines.
    pub line_break: &'static str,
}

impl Changelog {
    /// Whether it tells about `version`, or about the release that it comes before.
    pub fn tells_about(&self, version: &Version) -> bool {
        let numbers = |version: &Version| (version.major, version.minor, version.patch);
        self.has_unreleased
            || self.versions.iter().any(|told| {
                numbers(told) == numbers(version)
                    && (told.pre.is_empty() || told.pre == version.pre)
            })
    }

    /// A heading like the first one, with a blank line behind it.
    pub fn heading(&self, version: &str) -> String {
        let Self {
            beginning,
            line_break,
            ..
        } = self;
        let end = if beginning.ends_with('[') { "]" } else { "" };
        format!("{beginning}{version}{end}{line_break}{line_break}")
    }
}

/// Whether a file in the package's root is a CHANGELOG that the console shows.
pub fn is_changelog(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let middle = lower
        .strip_prefix(b"changelog")
        .and_then(|rest| rest.strip_suffix(b".md"));
    middle.is_some_and(|middle| match middle {
        [] => true,
        [first, ..] => b"_-.".contains(first),
    })
}

/// Reads the CHANGELOG at `path`; `None` if no heading of it names a version.
pub fn read(path: &PkgPath, text: &str) -> Option<Changelog> {
    let mut changelog = Changelog {
        path: path.clone(),
        versions: Vec::new(),
        has_unreleased: false,
        top: 0,
        beginning: String::new(),
        line_break: line_break(text),
    };
    let mut is_code = false;
    // A byte order mark belongs to no line.
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    for line in text.get(at..)?.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim();
        if bare.starts_with("```") || bare.starts_with("~~~") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        if is_heading(line) {
            let lower = bare.to_lowercase();
            changelog.has_unreleased |= lower.contains("unreleased") || lower.contains("未发布");
            let Some((offset, version)) = version_in(line) else {
                continue;
            };
            if changelog.beginning.is_empty() {
                changelog.top = start;
                changelog.beginning = line.get(..offset)?.to_owned();
            }
            changelog.versions.push(version);
        } else {
            let bold = bare.trim_start_matches(['*', '-', '+', '_', '[', ' ']);
            let is_first = |(offset, _): &(usize, Version)| *offset <= 1;
            changelog.versions.extend(
                version_in(bold)
                    .filter(is_first)
                    .map(|(_, version)| version),
            );
        }
    }
    (!changelog.beginning.is_empty()).then_some(changelog)
}

/// Whether a line is a heading with `#` (CommonMark, ATX headings).
fn is_heading(line: &str) -> bool {
    let indented = line.len() - line.trim_start_matches(' ').len();
    let rest = line.trim_start_matches(' ').trim_start_matches('#');
    let marks = line.len() - indented - rest.len();
    indented <= 3 && (1..=6).contains(&marks) && rest.starts_with([' ', '\t'])
}

/// The first version in a line, and where it begins, its `v` left aside.
fn version_in(line: &str) -> Option<(usize, Version)> {
    let mut before = None;
    for (at, char) in line.char_indices() {
        let previous = before.replace(char);
        let is_inside = |char: char| char.is_alphanumeric() || char == '.';
        let begins = match previous {
            Some('v' | 'V') => !line.get(..at - 1)?.ends_with(char::is_alphanumeric),
            Some(previous) => !is_inside(previous),
            None => true,
        };
        if char.is_ascii_digit()
            && begins
            && let Some(version) = version_at(line.get(at..)?)
        {
            return Some((at, version));
        }
    }
    None
}

/// The version at the start of `text`: with at least two numbers, and no date.
fn version_at(text: &str) -> Option<Version> {
    let in_version = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '+');
    let end = text.find(|char| !in_version(char)).unwrap_or(text.len());
    let word = text.get(..end)?.trim_end_matches(['.', '-', '+']);
    let word = word.strip_suffix(".x").unwrap_or(word);
    let whole = Version::parse(word);
    let version = whole.or_else(|| Version::parse(word.split('-').next()?))?;
    (word.contains('.') && version.major < 1900).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changelog(text: &str) -> Option<Changelog> {
        read(&"CHANGELOG.md".into(), text)
    }

    fn version(text: &str) -> Version {
        Version::parse(text).expect(text)
    }

    #[test]
    fn headings_name_versions_in_many_ways() {
        for (line, named) in [
            ("## v1.2.0", Some("1.2.0")),
            ("# Databend Playground v0.1.0", Some("0.1.0")),
            ("## [1.2.0] - 2024-01-02", Some("1.2.0")),
            ("## 2.3.2 (Release on 2025.06.12)", Some("2.3.2")),
            ("### demo-1.2.0", Some("1.2.0")),
            ("## 版本 1.2.0-rc.1：修复", Some("1.2.0-rc.1")),
            ("## 1.2.x", Some("1.2.0")),
            ("## 2025.6.12", None),
            ("## Features", None),
            ("## Step 1", None),
            ("##1.2.0", None),
            ("1.2.0 is out", None),
        ] {
            let found = changelog(&format!("{line}\n"));
            let found = found.map(|changelog| changelog.versions);
            assert_eq!(found, named.map(|named| vec![version(named)]), "{line}");
        }
    }

    #[test]
    fn a_version_is_told_about_by_its_release_too() {
        let text = "# Log\n\n## v1.2.0\n\n**v1.1.0** old\n\n```\n## 3.0.0\n```\n";
        let changelog = changelog(text).expect("versions");
        for (told, is_told) in [
            ("1.2.0", true),
            ("v1.2", true),
            ("1.2.0-rc.1", true),
            ("1.1.0", true),
            ("3.0.0", false),
            ("1.2.1", false),
        ] {
            assert_eq!(changelog.tells_about(&version(told)), is_told, "{told}");
        }
        assert!(
            super::read(&"CHANGELOG.md".into(), "## [Unreleased]\n## 1.0.0\n")
                .is_some_and(|changelog| changelog.tells_about(&version("2.0.0")))
        );
    }

    #[test]
    fn a_new_heading_is_like_the_first() {
        for (text, at, heading) in [
            ("# 日志\n\n## v1.0.0\n", 10, "## v1.1.0\n\n"),
            ("## [1.0.0] - 2024-01-02\r\n", 0, "## [1.1.0]\r\n\r\n"),
            ("\u{feff}# Demo 1.0.0\n", 3, "# Demo 1.1.0\n\n"),
        ] {
            let changelog = changelog(text).expect(text);
            assert_eq!(changelog.top, at, "{text}");
            assert_eq!(changelog.heading("1.1.0"), heading, "{text}");
        }
    }

    #[test]
    fn changelogs_go_by_their_names() {
        for (name, is) in [
            ("CHANGELOG.md", true),
            ("changelog_zh.md", true),
            ("CHANGELOG.zh.MD", true),
            ("CHANGE.md", false),
            ("CHANGELOGS.md", false),
        ] {
            assert_eq!(is_changelog(name.as_bytes()), is, "{name}");
        }
    }
}
