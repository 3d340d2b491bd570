//! `# ksext: ignore[rule-id]`: comments that silence findings on their line and the line below.
//!
//! They count in the manifest, in the YAML files beside it and in `.helmignore`.

use std::collections::BTreeMap;

use crate::bilingual;
use crate::finding::{Finding, Fix, Location, Safety};
use crate::manifest::{FILE_NAME, Manifest};
use crate::package::{Contents, PkgPath, ignore};
use crate::rules;
use crate::text::{Span, TextEdit, apply_edits, line_break, line_start};
use crate::yaml;

/// What every such comment holds.
const MARK: &str = "ksext:";

/// Rules for which no comment is offered: those about comments, and the one that says where a text
/// stops being one in which comments stand.
const OF_NO_USE: [&str; 3] = ["unknown-rule", "unused-suppression", "yaml-syntax"];

/// The comments of a package, and which of them have silenced something.
pub(crate) struct Suppressions<'a> {
    files: BTreeMap<PkgPath, Comments<'a>>,
}

/// The comments of one text.
struct Comments<'a> {
    text: &'a str,
    ids: Vec<Id<'a>>,
}

/// A rule that a comment names.
struct Id<'a> {
    name: &'a str,
    span: Span,
    /// The comment that it stands in.
    comment: Span,
    /// The start of the line that the comment stands on.
    line: usize,
    used: bool,
}

impl<'a> Suppressions<'a> {
    pub(crate) fn of(manifest: &'a Manifest, contents: Option<&'a Contents>) -> Self {
        let own = Comments::at(manifest.text(), manifest.tree().comments().iter().copied());
        let mut files = BTreeMap::from([(PkgPath::from(FILE_NAME), own)]);
        for (path, source) in contents.into_iter().flat_map(Contents::texts) {
            let comments = Comments::of(path, source.text());
            files.extend(comments.map(|comments| (path.clone(), comments)));
        }
        files.retain(|_, comments| !comments.ids.is_empty());
        Self { files }
    }

    /// Whether a comment on the finding's line or the line above names its rule.
    pub(crate) fn silence(&mut self, finding: &Finding) -> bool {
        let comments = self.files.get_mut(&finding.location.file);
        comments.is_some_and(|comments| comments.silence(finding.rule, finding.location.span.start))
    }

    /// The findings about ids that no rule has.
    pub(crate) fn unknown(&self) -> Vec<Finding> {
        let unknown = self
            .ids()
            .filter(|(_, _, id)| rules::find(id.name).is_none());
        unknown
            .map(|(file, comments, id)| {
                let mut finding = rules::unknown_rule(id.name, id.location(file));
                let title = bilingual!("Delete `{id}`", "删除 `{id}`", id = id.name);
                finding.fixes.push(Fix {
                    title,
                    safety: Safety::Unsafe,
                    edits: vec![(file.clone(), comments.without(id))],
                });
                finding
            })
            .collect()
    }

    /// The findings about ids that have silenced nothing, though their rule `is_on`.
    pub(crate) fn unused(&self, is_on: impl Fn(&str) -> bool) -> Vec<Finding> {
        let unused = self.ids().filter(|(_, _, id)| !id.used && is_on(id.name));
        unused
            .map(|(file, comments, id)| {
                rules::unused_suppression(id.name, id.location(file), comments.without(id))
            })
            .collect()
    }

    fn ids(&self) -> impl Iterator<Item = (&PkgPath, &Comments<'a>, &Id<'a>)> {
        self.files
            .iter()
            .flat_map(|(file, comments)| comments.ids.iter().map(move |id| (file, comments, id)))
    }
}

impl<'a> Comments<'a> {
    /// The comments of the file at `path`; `None` if it is none in which they count.
    fn of(path: &PkgPath, text: &'a str) -> Option<Self> {
        let is_ignore = path.as_bytes() == ignore::FILE_NAME.as_bytes();
        let is_yaml = path.as_bytes().ends_with(b".yaml");
        // Nearly every file is done with here, so typing does not wait for the others to be parsed.
        if !(is_ignore || is_yaml) || !text.contains(MARK) {
            return None;
        }
        if is_yaml {
            let tree = yaml::parse(text);
            return Some(Self::at(text, tree.comments().iter().copied()));
        }
        // Helm reads `#` as a comment where a line begins with it, white space apart
        // (pkg/ignore/rules.go `Parse`).
        let mut start = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            start += line.len();
            let from = start - line.trim_start().len();
            Span::new(from, from + line.trim().len())
        });
        let comments = lines.filter(|line| line.of(text).starts_with('#'));
        Some(Self::at(text, comments))
    }

    fn at(text: &'a str, comments: impl Iterator<Item = Span>) -> Self {
        let ids = comments.flat_map(|comment| {
            let line = line_start(text, comment.start);
            named_rules(comment.of(text)).map(move |(at, name)| {
                let start = comment.start + at;
                Id {
                    name,
                    span: Span::new(start, start + name.len()),
                    comment,
                    line,
                    used: false,
                }
            })
        });
        Self {
            text,
            ids: ids.collect(),
        }
    }

    fn silence(&mut self, rule: &str, offset: usize) -> bool {
        let here = line_start(self.text, offset);
        let above = line_above(self.text, here);
        let mut silenced = false;
        for id in &mut self.ids {
            if id.name == rule && (id.line == here || Some(id.line) == above) {
                id.used = true;
                silenced = true;
            }
        }
        silenced
    }

    /// The edit that takes an id out: the comment with it if it names no other rule, and the line if
    /// nothing else stands on it.
    fn without(&self, id: &Id<'a>) -> TextEdit {
        let same = self.ids.iter().filter(|other| other.comment == id.comment);
        let others: Vec<&Id<'_>> = same.filter(|other| other.span != id.span).collect();
        let span = match (
            others.iter().find(|other| other.span.start > id.span.start),
            others.last(),
        ) {
            (Some(next), _) => Span::new(id.span.start, next.span.start),
            (None, Some(last)) => Span::new(last.span.end, id.span.end),
            (None, None) => self.whole(id),
        };
        TextEdit {
            span,
            text: String::new(),
        }
    }

    /// The comment of an id with the blanks before it, or with its line.
    fn whole(&self, id: &Id<'a>) -> Span {
        let before = Span::new(id.line, id.comment.start).of(self.text);
        let kept = before.trim_end_matches([' ', '\t']).len();
        if kept > 0 {
            return Span::new(id.line + kept, id.comment.end);
        }
        let rest = self.text.get(id.comment.end..).unwrap_or_default();
        let line_break = match rest {
            _ if rest.starts_with("\r\n") => 2,
            "" => 0,
            _ => 1,
        };
        Span::new(id.line, id.comment.end + line_break)
    }
}

impl Id<'_> {
    fn location(&self, file: &PkgPath) -> Location {
        Location {
            file: file.clone(),
            span: self.span,
        }
    }
}

/// The rule ids in `# ksext: ignore[a, b]`, with their offsets.
fn named_rules(comment: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = comment.trim_start_matches('#').trim_start();
    let list = words
        .strip_prefix(MARK)
        .and_then(|rest| rest.trim_start().strip_prefix("ignore["))
        .unwrap_or_default();
    // What remains is an end of the comment, so its length tells where it begins.
    let mut start = comment.len() - list.len();
    let ids = list.split(']').next().unwrap_or_default().split(',');
    ids.filter_map(move |part| {
        let name = part.trim();
        let at = start + (part.len() - part.trim_start().len());
        start += part.len() + 1;
        (!name.is_empty()).then_some((at, name))
    })
}

/// The start of the line above the one that begins at `here`.
fn line_above(text: &str, here: usize) -> Option<usize> {
    let before = text.get(..here)?;
    let above = before
        .strip_suffix("\r\n")
        .or_else(|| before.strip_suffix(['\n', '\r']))?;
    Some(line_start(text, above.len()))
}

/// A fix that silences `finding`, which stands in `text`, by a comment; `None` where no comment can
/// stand.
pub fn silencing(text: &str, finding: &Finding) -> Option<Fix> {
    let Location { file, span } = &finding.location;
    let rule = finding.rule;
    if OF_NO_USE.contains(&rule) {
        return None;
    }
    let edit = candidates(text, file, rule, span.start)
        .into_iter()
        .find(|edit| silences(text, edit, finding))?;
    let title = bilingual!("Ignore `{rule}` here", "在此处忽略 `{rule}`");
    Some(Fix {
        title,
        safety: Safety::Unsafe,
        edits: vec![(file.clone(), edit)],
    })
}

/// The places for a comment, the best first: in one that is there, above, behind.
fn candidates(text: &str, file: &PkgPath, rule: &str, offset: usize) -> Vec<TextEdit> {
    let insert = |at: usize, text: String| TextEdit {
        span: Span::empty(at),
        text,
    };
    let here = line_start(text, offset);
    let above = line_above(text, here);
    let present = Comments::of(file, text).and_then(|comments| {
        let ids = comments.ids.iter().rev();
        let mut near = ids.filter(|id| id.line == here || Some(id.line) == above);
        near.next().map(|id| id.span.end)
    });
    let line = text.get(here..).unwrap_or_default();
    let line = line.split(['\n', '\r']).next().unwrap_or_default();
    let indentation = &line[..line.len() - line.trim_start_matches(' ').len()];
    let line_break = line_break(text);
    let comment = format!("# {MARK} ignore[{rule}]");
    let present = present.map(|end| insert(end, format!(", {rule}")));
    present
        .into_iter()
        .chain([
            insert(here, format!("{indentation}{comment}{line_break}")),
            insert(here + line.trim_end().len(), format!(" {comment}")),
        ])
        .collect()
}

/// Whether `finding` is silenced once `edit` is made, and nothing else has changed.
fn silences(text: &str, edit: &TextEdit, finding: &Finding) -> bool {
    let Location { file, span } = &finding.location;
    let Some(after) = apply_edits(text, std::slice::from_ref(edit)) else {
        return false;
    };
    let moved = if edit.span.start <= span.start {
        edit.text.len()
    } else {
        0
    };
    let is_yaml = file.as_bytes().ends_with(b".yaml");
    let means_the_same = !is_yaml || {
        let (before, after) = (Manifest::from_text(text), Manifest::from_text(&after));
        before.to_instance() == after.to_instance()
            && before.tree().errors().len() == after.tree().errors().len()
    };
    means_the_same
        && Comments::of(file, &after)
            .is_some_and(|mut comments| comments.silence(finding.rule, span.start + moved))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Settings, check};
    use crate::manifest::COMPLETE;
    use crate::package::{MemoryFs, Package};

    /// The findings about comments in a package of these files.
    fn findings(files: &MemoryFs) -> Vec<Finding> {
        let text = files.get(&FILE_NAME.into()).expect("a manifest");
        let manifest = Manifest::from_text(str::from_utf8(text).expect("a text"));
        let package = Package::new(files, &manifest);
        let findings = check(&package, &Settings::default(), Some(&package.contents()));
        let of_comments = ["unused-suppression", "unknown-rule"];
        findings
            .into_iter()
            .filter(|finding| of_comments.contains(&finding.rule))
            .collect()
    }

    /// The manifest `COMPLETE` with `more`, and what the first fix makes of `more`.
    fn check_fix(more: &str, expected: &str) {
        let text = format!("{COMPLETE}{more}");
        let found = findings(&MemoryFs::from([(FILE_NAME, &text)]));
        let (_, edit) = &found[0].fixes[0].edits[0];
        let fixed = apply_edits(&text, std::slice::from_ref(edit)).expect("an edit");
        assert_eq!(fixed, format!("{COMPLETE}{expected}"));
    }

    #[test]
    fn a_comment_goes_with_its_last_rule() {
        check_fix("# ksext: ignore[missing-icon]\nhome: a\n", "home: a\n");
        check_fix(
            "# ksext: ignore[missing-icon] 以后再说\r\nhome: a\n",
            "home: a\n",
        );
        check_fix("home: a \t# ksext: ignore[missing-icon]", "home: a");
        check_fix(
            "vendor: a # ksext: ignore[missing-icon, unknown-key]\n",
            "vendor: a # ksext: ignore[unknown-key]\n",
        );
        check_fix(
            "vendor: a # ksext: ignore[unknown-key , missing-icon ]\n",
            "vendor: a # ksext: ignore[unknown-key ]\n",
        );
        check_fix("home: a # ksext:ignore[观测]\n", "home: a\n");
    }

    #[test]
    fn comments_count_in_yaml_files_and_helmignore() {
        let comment = "# ksext: ignore[missing-icon]\n";
        let files = MemoryFs::from([
            (FILE_NAME, COMPLETE),
            (
                "values.yaml",
                &format!("a: \"# ksext: ignore[missing-icon]\"\n{comment}"),
            ),
            (".helmignore", &format!("*.tgz {comment}{comment}")),
            ("README.md", comment),
        ]);
        let found: Vec<_> = findings(&files)
            .into_iter()
            .map(|finding| {
                let Location { file, span } = finding.location;
                (file.to_string(), span.start)
            })
            .collect();
        let expected = [(".helmignore", 52), ("values.yaml", 51)];
        assert_eq!(
            found,
            expected.map(|(file, start)| (file.to_owned(), start))
        );
    }

    #[test]
    fn where_not_all_is_known_no_comment_is_of_no_use() {
        let comment = "# ksext: ignore[missing-icon, package-too-large]\nhome: a\n";
        let text = format!("{COMPLETE}{comment}");
        let files = MemoryFs::from([(FILE_NAME, &text)]);
        let messages = |files: &MemoryFs| {
            let found = findings(files);
            let messages = found.iter().map(|finding| finding.message.en.to_string());
            messages.collect::<Vec<_>>()
        };
        // The size is not known, and then a chart cannot be loaded.
        assert_eq!(messages(&files).len(), 1);
        assert!(messages(&files)[0].contains("missing-icon"));
        let broken = files.with_file("charts/README.md", *b"");
        assert_eq!(messages(&broken), Vec::<String>::new());
    }

    #[test]
    fn a_finding_in_helmignore_can_be_silenced() {
        let ignored = "  # ksext: ignore[manifest-ignored]\r\nextension.*\r\n";
        let files = MemoryFs::from([(FILE_NAME, COMPLETE), (".helmignore", ignored)]);
        let manifest = Manifest::from_text(COMPLETE);
        let package = Package::new(&files, &manifest);
        let found = check(&package, &Settings::default(), Some(&package.contents()));
        let rules: Vec<_> = found.iter().map(|finding| finding.rule).collect();
        assert!(!rules.contains(&"manifest-ignored"), "{rules:?}");
        assert!(!rules.contains(&"unused-suppression"), "{rules:?}");
    }

    /// `text` with a comment that silences the finding of `rule` at `word`.
    fn check_silenced(text: &str, rule: &'static str, word: &str, expected: Option<&str>) {
        let start = text.find(word).expect("the word");
        let finding = Finding {
            rule,
            severity: crate::finding::Severity::Warning,
            message: crate::lang::Bilingual::fixed("", ""),
            location: Location {
                file: FILE_NAME.into(),
                span: Span::new(start, start + word.len()),
            },
            related: Vec::new(),
            fixes: Vec::new(),
        };
        let fix = silencing(text, &finding);
        let silenced = fix.and_then(|fix| apply_edits(text, std::slice::from_ref(&fix.edits[0].1)));
        assert_eq!(silenced.as_deref(), expected, "{text}");
    }

    #[test]
    fn a_comment_is_written_where_it_is_one() {
        check_silenced(
            "a:\r\n  vendor: 观测\r\n",
            "unknown-key",
            "vendor",
            Some("a:\r\n  # ksext: ignore[unknown-key]\r\n  vendor: 观测\r\n"),
        );
        check_silenced(
            "\u{feff}vendor: x",
            "unknown-key",
            "vendor",
            Some("\u{feff}# ksext: ignore[unknown-key]\nvendor: x"),
        );
        check_silenced(
            "# ksext: ignore[missing-icon]\nvendor: x\n",
            "unknown-key",
            "vendor",
            Some("# ksext: ignore[missing-icon, unknown-key]\nvendor: x\n"),
        );
        check_silenced(
            "a: [\n  vendor\n]\n",
            "unknown-key",
            "vendor",
            Some("a: [\n  # ksext: ignore[unknown-key]\n  vendor\n]\n"),
        );
        // Above it would be a part of the text, behind it is none.
        check_silenced(
            "a: one\n  vendor\nb: c\n",
            "unknown-key",
            "vendor",
            Some("a: one\n  vendor # ksext: ignore[unknown-key]\nb: c\n"),
        );
        check_silenced("a: |\n  vendor\n  b\n", "unknown-key", "vendor", None);
        check_silenced("vendor: x\n", "yaml-syntax", "vendor", None);
    }
}
