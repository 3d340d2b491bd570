//! The report as Markdown for a pull request or a job's summary, with what changed since a base.
//!
//! The first table has its head in two lines and one row, so that a script can put those of several
//! packages below each other.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use ksext_core::lang::{Bilingual, Lang, one_line, show_size};
use serde::Deserialize;

use super::more;
use crate::commands::size::{Report, Tone, percent};
use crate::host::files;

/// How many rows of a table are shown at most.
const SHOWN: usize = 10;
/// The most that an earlier report may hold, in bytes.
const MAX_BASE: u64 = 64 << 20;

/// What the package weighed before: what is read of `ksext size --format json`.
#[derive(Deserialize)]
pub(super) struct Base {
    projected: u64,
    entries: Vec<BaseEntry>,
}

#[derive(Deserialize)]
struct BaseEntry {
    path: String,
    size: u64,
    packed: u64,
}

/// An entry before and now; each is 0 where it was or is not there.
#[derive(Clone, Copy, Default)]
struct Change {
    size: [u64; 2],
    packed: [u64; 2],
}

impl Base {
    /// Reads an earlier report; `None` if the file is empty, since there was no package before.
    ///
    /// # Errors
    /// If the file cannot be read or is no such report.
    pub(super) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        let read = || -> anyhow::Result<Option<Self>> {
            let bytes = files::read(path, MAX_BASE)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            Ok(Some(serde_json::from_slice(&bytes)?))
        };
        read().with_context(|| format!("cannot read the base {}", path.display()))
    }
}

/// The whole report. The outer `base` says whether changes are shown, the inner one is `None` for a
/// package that is new.
pub(super) fn render(report: &Report, base: Option<&Option<Base>>, lang: Lang) -> String {
    let mut page = Page {
        text: String::new(),
        lang,
    };
    page.overview(report, base);
    page.notes(report, |tone| tone != Tone::Tip);
    if let Some(Some(base)) = base {
        page.changes(report, base);
    }
    page.biggest(report);
    page.text
}

struct Page {
    text: String,
    lang: Lang,
}

impl Page {
    fn overview(&mut self, report: &Report, base: Option<&Option<Base>>) {
        let answer = &report.answer;
        let mut columns = vec![
            (self.say("Package", "扩展组件包"), code(&report.title)),
            (self.say("Size", "大小"), show_size(answer.projected)),
        ];
        if let Some(base) = base {
            let change = match base {
                Some(base) => change(base.projected, answer.projected),
                None => self.say("new", "新增").to_owned(),
            };
            columns.push((self.say("Change", "变化"), change));
        }
        columns.push((self.say("Limit", "上限"), show_size(answer.limit)));
        let share = percent(answer.projected, answer.limit);
        columns.push((self.say("Used", "已用"), share));
        let (titles, row): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        self.table(&titles, &[row]);
    }

    /// The entries that came, went or have another size, and of them those whose share changed most.
    /// The shares of all others move a little too, since everything is compressed together.
    fn changes(&mut self, report: &Report, base: &Base) {
        let mut entries: BTreeMap<&str, Change> = BTreeMap::new();
        for entry in &base.entries {
            let change = entries.entry(&entry.path).or_default();
            (change.size[0], change.packed[0]) = (entry.size, entry.packed);
        }
        for entry in &report.answer.entries {
            let change = entries.entry(&entry.path).or_default();
            (change.size[1], change.packed[1]) = (entry.size, entry.packed);
        }
        let entries = entries.into_iter();
        let (mut changed, mut rest): (Vec<_>, Vec<_>) =
            entries.partition(|(_, Change { size, .. })| size[0] != size[1]);
        if changed.is_empty() {
            return;
        }
        changed.sort_by_key(|(_, change)| Reverse(change.packed[0].abs_diff(change.packed[1])));
        rest.extend(changed.split_off(changed.len().min(SHOWN)));
        let mut rows: Vec<_> = changed
            .into_iter()
            .map(|(path, change)| changed_row(code(path), change.packed))
            .collect();
        if !rest.is_empty() {
            let sum = |at: usize| rest.iter().map(|(_, change)| change.packed[at]).sum();
            rows.push(changed_row(more(rest.len(), self.lang), [sum(0), sum(1)]));
        }
        self.open_details(report, Bilingual::fixed("what changed", "变化的条目"));
        let titles = [
            self.say("Entry", "条目"),
            self.say("Before", "之前"),
            self.say("Now", "现在"),
            self.say("Change", "变化"),
        ];
        self.table(&titles, &rows);
        self.close_details();
    }

    fn biggest(&mut self, report: &Report) {
        let mut entries: Vec<_> = report.answer.entries.iter().collect();
        entries.sort_by_key(|entry| Reverse(entry.packed));
        let rest = entries.split_off(entries.len().min(SHOWN));
        let whole = report.answer.projected;
        let row = |name, packed| vec![name, show_size(packed), percent(packed, whole)];
        let mut rows: Vec<_> = entries
            .iter()
            .map(|entry| row(code(&entry.path), entry.packed))
            .collect();
        if !rest.is_empty() {
            let packed = rest.iter().map(|entry| entry.packed).sum();
            rows.push(row(more(rest.len(), self.lang), packed));
        }
        self.open_details(report, Bilingual::fixed("biggest entries", "最大的条目"));
        let titles = [
            self.say("Entry", "条目"),
            self.say("Packed", "打包后"),
            self.say("Share", "占比"),
        ];
        self.table(&titles, &rows);
        self.notes(report, |tone| tone == Tone::Tip);
        self.close_details();
    }

    fn notes(&mut self, report: &Report, wanted: impl Fn(Tone) -> bool) {
        let notes = report.notes.iter().filter(|note| wanted(note.tone));
        let notes: Vec<_> = notes.map(|note| plain(note.text.get(self.lang))).collect();
        if !notes.is_empty() {
            self.line("");
        }
        for note in notes {
            self.line(&format!("- {note}"));
        }
    }

    /// A table whose first column is text and whose others are numbers.
    fn table(&mut self, titles: &[&str], rows: &[Vec<String>]) {
        self.line(&format!("| {} |", titles.join(" | ")));
        self.line(&format!("|---|{}", "---:|".repeat(titles.len() - 1)));
        for row in rows {
            self.line(&format!("| {} |", row.join(" | ")));
        }
    }

    fn open_details(&mut self, report: &Report, what: Bilingual) {
        let title = plain(&report.title);
        let (separator, what) = (self.say(": ", "："), what.get(self.lang).to_owned());
        self.line(&format!(
            "\n<details><summary>{title}{separator}{what}</summary>\n"
        ));
    }

    fn close_details(&mut self) {
        self.line("\n</details>");
    }

    fn say(&self, en: &'static str, zh: &'static str) -> &'static str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    fn line(&mut self, line: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }
}

fn changed_row(name: String, [before, now]: [u64; 2]) -> Vec<String> {
    let shown = |bytes| match bytes {
        0 => "–".to_owned(),
        bytes => show_size(bytes),
    };
    vec![name, shown(before), shown(now), change(before, now)]
}

/// `+1.2 KB`, `−300 B` or `±0`.
fn change(before: u64, now: u64) -> String {
    let size = show_size(before.abs_diff(now));
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => "±0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{size}"),
        std::cmp::Ordering::Less => format!("−{size}"),
    }
}

/// A name from the package as a code span in a table, in which it can neither end the span nor the
/// cell, nor address anybody.
fn code(name: &str) -> String {
    let name = one_line(name).replace('`', "'").replace('|', "\\|");
    format!("`{name}`")
}

/// A text as it is, in Markdown and in an element of HTML alike: names from the package may stand in it, so
/// it can begin nothing, neither a code span nor a link, and address nobody.
fn plain(text: &str) -> String {
    let mut escaped = String::new();
    for char in one_line(text).chars() {
        match char {
            '!' | '#' | '$' | '&' | '*' | '<' | '>' | '@' | '[' | '\\' | ']' | '_' | '`' | '|'
            | '~' => {
                // Writing into a string cannot fail.
                let _ = write!(escaped, "&#{};", u32::from(char));
            }
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_package_stay_in_their_place() {
        for (name, shown) in [
            ("charts/观测 😀.yaml", "`charts/观测 😀.yaml`"),
            ("a`|b\n@c", "`a'\\|b @c`"),
        ] {
            assert_eq!(code(name), shown);
        }
        for (text, shown) in [
            ("观测 1.0: 3.2 KB", "观测 1.0: 3.2 KB"),
            ("`./a`", "&#96;./a&#96;"),
            ("x`</summary>", "x&#96;&#60;/summary&#62;"),
            ("```<img>", "&#96;&#96;&#96;&#60;img&#62;"),
            (
                "![t](u) @all\r\n## x",
                "&#33;&#91;t&#93;(u) &#64;all  &#35;&#35; x",
            ),
        ] {
            assert_eq!(plain(text), shown);
        }
    }

    #[test]
    fn a_change_has_a_sign() {
        for (before, now, shown) in [(5, 5, "±0"), (0, 1536, "+1.5 KB"), (300, 1, "−299 B")] {
            assert_eq!(change(before, now), shown);
        }
    }
}
