//! `.helmignore` as Helm 3.18.1 reads it (pkg/ignore/rules.go): which entries of a package stay out
//! of the archive.
//!
//! It looks like `.gitignore` and is not: a pattern with a slash counts from the root, `!x` throws
//! away all that does *not* match `x`, and the first bad line ends the load.

use super::glob::{self, BadPattern};
use super::path::PkgPath;
use crate::text::Span;

/// The file's name, in the package's root. One in a subchart does nothing.
pub const FILE_NAME: &str = ".helmignore";

/// The longest line in bytes, its `\n` not counted (`bufio.MaxScanTokenSize` less one).
const MAX_LINE: usize = 65_535;

/// Which entries are left out, in the order of the file, Helm's own default last.
#[derive(Clone, Debug)]
pub struct IgnoreRules {
    rules: Vec<Rule>,
}

/// The rule that threw an entry away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoredBy {
    /// Helm's default `templates/.?*`.
    Default,
    /// A line of the file.
    Line {
        /// The pattern's place in the file.
        span: Span,
        /// A line with `!`, which throws away what it does not match.
        negated: bool,
    },
}

/// A line of `.helmignore` that means the entry at `path` and nothing else, counted from the root by
/// its slash in front. White space, which Helm would cut off at the end, is written as `?`.
pub fn pattern_for(path: &PkgPath) -> String {
    let mut pattern = String::from("/");
    for char in path.to_string().chars() {
        match char {
            '*' | '?' | '[' | '\\' => pattern.extend(['\\', char]),
            // What is not UTF-8 shows so, and no line of text could name it otherwise.
            char if char.is_whitespace() || char.is_control() || char == '\u{fffd}' => {
                pattern.push('?');
            }
            char => pattern.push(char),
        }
    }
    pattern
}

/// A line for which Helm refuses the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IgnoreError {
    /// 1-based.
    pub line: usize,
    /// The pattern's place in the file.
    pub span: Span,
    /// What is wrong with it.
    pub kind: IgnoreErrorKind,
}

/// What an [`IgnoreError`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoreErrorKind {
    /// `**`: `double-star (**) syntax is not supported`.
    DoubleStar,
    /// A malformed glob: `syntax error in pattern`.
    BadPattern,
    /// More than 65 535 bytes: `bufio.Scanner: token too long`. Nothing behind it is read.
    LineTooLong,
}

/// A line of `.helmignore` that can match nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleLine {
    /// The pattern's place in the file.
    pub span: Span,
    /// Why it matches nothing.
    pub why: Idle,
}

/// Why a line matches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idle {
    /// A name of its path is empty, `.` or `..`, which no path in a package has. With the line that
    /// was meant, if there is one.
    Path(Option<String>),
    /// `#` behind a pattern belongs to it. With the pattern before it, and the comment.
    Comment(String, String),
}

/// The lines of `file` that can match nothing, those with `!` apart: they throw all away.
pub fn idle_lines(file: &str) -> Vec<IdleLine> {
    let (rules, _) = IgnoreRules::parse(file.as_bytes());
    let idle = |rule: &Rule| {
        let IgnoredBy::Line {
            span,
            negated: false,
        } = rule.source
        else {
            return None;
        };
        let why = idle(span.of(file))?;
        Some(IdleLine { span, why })
    };
    rules.rules.iter().filter_map(idle).collect()
}

fn idle(line: &str) -> Option<Idle> {
    if let Some(at) = line
        .find([' ', '\t'])
        .filter(|_| line.contains(" #") || line.contains("\t#"))
        && let Some(comment) = line[at..].find('#')
    {
        let (pattern, comment) = line.split_at(at + comment);
        return Some(Idle::Comment(
            pattern.trim_end().to_owned(),
            comment.to_owned(),
        ));
    }
    let inner = line.strip_suffix('/').unwrap_or(line);
    // Each comparison takes one of several leading slashes away, so they do match in the end.
    if inner.starts_with("//") {
        return None;
    }
    let is_no_name = |name: &&str| matches!(*name, "" | "." | "..");
    let names: Vec<&str> = inner
        .strip_prefix('/')
        .unwrap_or(inner)
        .split('/')
        .collect();
    if !names.iter().any(is_no_name) {
        return None;
    }
    let meant = names.iter().copied().filter(|name| !is_no_name(name));
    let meant: Vec<&str> = meant.collect();
    if meant.is_empty() || names.contains(&"..") {
        return Some(Idle::Path(None));
    }
    let end = if line.ends_with('/') { "/" } else { "" };
    Some(Idle::Path(Some(format!("/{}{end}", meant.join("/")))))
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Vec<u8>,
    against: Against,
    negated: bool,
    directories_only: bool,
    source: IgnoredBy,
}

/// What a pattern is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Against {
    /// The path from the root; the pattern begins with a slash.
    RootedPath,
    /// The path from the root.
    Path,
    /// The last name.
    Name,
}

impl Default for IgnoreRules {
    /// The rules of a package without `.helmignore`.
    fn default() -> Self {
        Self {
            rules: vec![Rule::new(b"templates/.?*", IgnoredBy::Default)],
        }
    }
}

impl IgnoreRules {
    /// The rules in `file`, and every line that Helm would stop at; the first is the one it names.
    pub fn parse(file: &[u8]) -> (Self, Vec<IgnoreError>) {
        let mut rules = Vec::new();
        let mut errors = Vec::new();
        let mut start = 0;
        for (index, line) in file.split(|&byte| byte == b'\n').enumerate() {
            let span = pattern_span(line, start, index == 0);
            start += line.len() + 1;
            let pattern = &file[span.start..span.end];
            let mut fail = |kind| {
                let line = index + 1;
                errors.push(IgnoreError { line, span, kind });
            };
            if line.len() > MAX_LINE {
                fail(IgnoreErrorKind::LineTooLong);
                break;
            }
            if pattern.is_empty() || pattern.starts_with(b"#") {
                continue;
            }
            if pattern.windows(2).any(|pair| pair == b"**") {
                fail(IgnoreErrorKind::DoubleStar);
            } else if glob::matches(pattern, b"abc") == Err(BadPattern) {
                fail(IgnoreErrorKind::BadPattern);
            } else {
                let negated = pattern.starts_with(b"!");
                rules.push(Rule::new(pattern, IgnoredBy::Line { span, negated }));
            }
        }
        rules.extend(Self::default().rules);
        (Self { rules }, errors)
    }

    /// The rule that throws the entry at `path` away, if one does. To be asked for each entry once,
    /// in the order of the walk: a pattern with several leading slashes loses one at each question.
    pub fn ignored_by(&mut self, path: &PkgPath, is_directory: bool) -> Option<IgnoredBy> {
        if path.is_root() {
            return None;
        }
        self.rules
            .iter_mut()
            .find_map(|rule| rule.throws_away(path, is_directory).then_some(rule.source))
    }
}

impl Rule {
    fn new(line: &[u8], source: IgnoredBy) -> Self {
        let pattern = line.strip_prefix(b"!").unwrap_or(line);
        let negated = pattern.len() < line.len();
        let (pattern, directories_only) = match pattern.strip_suffix(b"/") {
            Some(pattern) => (pattern, true),
            None => (pattern, false),
        };
        let against = match pattern {
            [b'/', ..] => Against::RootedPath,
            pattern if pattern.contains(&b'/') => Against::Path,
            _ => Against::Name,
        };
        Self {
            pattern: pattern.to_vec(),
            against,
            negated,
            directories_only,
            source,
        }
    }

    fn throws_away(&mut self, path: &PkgPath, is_directory: bool) -> bool {
        if self.directories_only && !is_directory {
            return self.negated;
        }
        self.matches(path) != self.negated
    }

    fn matches(&mut self, path: &PkgPath) -> bool {
        let name = match self.against {
            Against::Name => path.name(),
            Against::Path => path.as_bytes(),
            Against::RootedPath => {
                // Helm drops a slash from the pattern itself, so the next comparison drops another.
                if self.pattern.first() == Some(&b'/') {
                    self.pattern.remove(0);
                }
                path.as_bytes()
            }
        };
        // A fault that the check against `abc` did not reach: Helm logs it and goes on.
        glob::matches(&self.pattern, name).unwrap_or(false)
    }
}

/// The place of a line's pattern: without the white space around it, and without the byte order
/// mark of the first line.
fn pattern_span(line: &[u8], start: usize, first: bool) -> Span {
    let bom = b"\xef\xbb\xbf";
    let mut text = line;
    if first {
        text = text.strip_prefix(bom).unwrap_or(text);
    }
    text = trim_start(text);
    let offset = start + line.len() - text.len();
    Span::new(offset, offset + trim_end(text).len())
}

/// `bytes.TrimLeft` by `unicode.IsSpace`; what is not UTF-8 is not white space.
fn trim_start(text: &[u8]) -> &[u8] {
    let valid = text.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    &text[valid.len() - valid.trim_start().len()..]
}

/// The same at the end.
fn trim_end(text: &[u8]) -> &[u8] {
    let valid = match text.utf8_chunks().last() {
        Some(chunk) if chunk.invalid().is_empty() => chunk.valid(),
        _ => "",
    };
    &text[..text.len() - (valid.len() - valid.trim_end().len())]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Which of `entries` the rules in `file` throw away. An entry that ends in `/` is a directory.
    fn ignored<'a>(file: &str, entries: &[&'a str]) -> Vec<&'a str> {
        let (mut rules, errors) = IgnoreRules::parse(file.as_bytes());
        assert_eq!(errors, [], "{file:?}");
        let mut result = entries.to_vec();
        result.retain(|entry| {
            rules
                .ignored_by(&PkgPath::from(*entry), entry.ends_with('/'))
                .is_some()
        });
        result
    }

    #[track_caller]
    fn check(file: &str, thrown: &[&str], kept: &[&str]) {
        let entries = [thrown, kept].concat();
        assert_eq!(ignored(file, &entries), thrown, "{file:?}");
    }

    #[test]
    fn patterns_mean_names_or_paths_from_the_root() {
        check("*.tgz", &["a.tgz", "charts/b.tgz"], &["a.tgz.md"]);
        check(".git/", &[".git/", "charts/x/.git/"], &[".git"]);
        check("/docs", &["docs", "docs/"], &["charts/x/docs"]);
        check(
            "docs/*.md",
            &["docs/a.md"],
            &["docs/x/a.md", "charts/y/docs/a.md"],
        );
        check(".*", &[".helmignore", "charts/a/.env"], &["a.b"]);
        check("./foo", &[], &["foo"]);
        check("/", &[], &["a", "a/"]);
        check("观测/", &["观测/"], &["观测"]);
    }

    #[test]
    fn a_negated_line_throws_away_all_that_it_does_not_match() {
        check("!README.md", &["extension.yaml", "charts/"], &["README.md"]);
        check("!charts/", &["extension.yaml", "static/"], &["charts/"]);
        check("!", &["a", "a/"], &[]);
    }

    #[test]
    fn hidden_entries_of_the_root_templates_are_always_thrown_away() {
        check(
            "",
            &["templates/.x"],
            &["templates/.", "templates/a", "templates/a/.x", ".x"],
        );
    }

    #[test]
    fn white_space_comments_and_line_ends_are_read_as_helm_does() {
        check(
            "\u{feff}a.md \r\n\u{3000}b.md\n#c.md\n\n",
            &["a.md", "b.md"],
            &["c.md", "#c.md"],
        );
        check("x#y", &["x#y"], &["x"]);
        // A carriage return alone ends no line.
        check("a\rb", &["a\rb"], &["a", "b"]);
    }

    #[test]
    fn each_comparison_drops_another_leading_slash() {
        check("//foo", &[], &["foo"]);
        assert_eq!(ignored("//foo", &["bar", "foo"]), ["foo"]);
        assert_eq!(ignored("//foo/", &["bar", "foo/"]), [] as [&str; 0]);
    }

    #[test]
    fn bad_lines_are_told_with_their_place() {
        let (mut rules, errors) = IgnoreRules::parse("观/**\r\n# **\n  a[ \n*.md\n".as_bytes());
        let error = |line, start, end, kind| IgnoreError {
            line,
            span: Span::new(start, end),
            kind,
        };
        assert_eq!(
            errors,
            [
                error(1, 0, 6, IgnoreErrorKind::DoubleStar),
                error(3, 15, 17, IgnoreErrorKind::BadPattern),
            ]
        );
        assert_eq!(
            rules.ignored_by(&"README.md".into(), false),
            Some(IgnoredBy::Line {
                span: Span::new(19, 23),
                negated: false
            })
        );
    }

    #[test]
    fn a_line_of_64_kib_ends_the_file() {
        let long = "a".repeat(MAX_LINE);
        assert_eq!(IgnoreRules::parse(long.as_bytes()).1, []);
        let (_, errors) = IgnoreRules::parse(format!("{long}\r\n**\n").as_bytes());
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].kind, IgnoreErrorKind::LineTooLong);
    }

    #[test]
    fn lines_that_match_nothing_are_known() {
        let file = "\u{feff}./a/\r\n*.tgz  # 归档\na//b\n../x\n/\n//foo\n!./b\n# c\na#b\n.git/\n";
        let seen: Vec<_> = idle_lines(file)
            .into_iter()
            .map(|line| (line.span.of(file).to_owned(), line.why))
            .collect();
        let path = |meant: Option<&str>| Idle::Path(meant.map(str::to_owned));
        let comment = Idle::Comment("*.tgz".into(), "# 归档".into());
        assert_eq!(
            seen,
            [
                ("./a/".into(), path(Some("/a/"))),
                ("*.tgz  # 归档".into(), comment),
                ("a//b".into(), path(Some("/a/b"))),
                ("../x".into(), path(None)),
                ("/".into(), path(None)),
            ]
        );
    }

    #[test]
    fn a_fault_that_the_check_does_not_reach_matches_nothing() {
        check("zz*[", &[], &["zz1", "a"]);
        check("!zz*[", &["zz1", "a"], &[]);
    }

    proptest! {
        #[test]
        fn no_file_panics(
            file in proptest::collection::vec(prop_oneof![
                Just(b'*'), Just(b'!'), Just(b'/'), Just(b'['), Just(b'\n'), Just(b'\r'), Just(b' '),
                Just(b'a'), Just(b'#'), any::<u8>(),
            ], 0..40),
            path in "[a/.]{0,6}",
            is_directory: bool,
        ) {
            let (mut rules, errors) = IgnoreRules::parse(&file);
            rules.ignored_by(&PkgPath::from(&path[..]), is_directory);
            for error in errors {
                prop_assert!(error.span.end <= file.len());
            }
        }
    }
}
