//! The report for people: with bars and colours on a terminal, plain text anywhere else.

use std::fmt::Write as _;

use anstream::adapter::strip_str;
use anstyle::{AnsiColor, Style};
use ksext_core::lang::{Lang, show_size};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{left_out, more};
use crate::cli::table::one_line;
use crate::commands::size::{Report, Standing, Tone, percent, uploaded};

/// How many rows of a section are shown at most.
const SHOWN: usize = 10;
/// The columns of `   12.3 KB  `.
const SIZE: usize = 12;
/// The longest bar for the limit.
const LIMIT_BAR: usize = 60;
/// A name keeps this many columns, however narrow the terminal.
const LEAST_NAME: usize = 12;

/// The whole report. `columns` are those of the terminal; without one there are neither bars nor
/// colours, and no name is shortened.
pub(super) fn render(report: &Report, lang: Lang, columns: Option<usize>) -> String {
    let mut page = Page {
        text: String::new(),
        lang,
        columns,
    };
    page.head(report);
    page.notes(report, |tone| tone != Tone::Tip);
    page.entries(report);
    page.uploads(report);
    page.dropped(report);
    page.notes(report, |tone| tone == Tone::Tip);
    page.text
}

/// A file with its size.
struct Row {
    bytes: u64,
    name: String,
    /// Shown behind the name.
    note: String,
    /// It stands for several.
    is_rest: bool,
}

impl Row {
    fn new(bytes: u64, name: &str) -> Self {
        Self {
            bytes,
            name: name.to_owned(),
            note: String::new(),
            is_rest: false,
        }
    }
}

struct Page {
    text: String,
    lang: Lang,
    columns: Option<usize>,
}

impl Page {
    fn head(&mut self, report: &Report) {
        let bold = self.style(Style::new().bold());
        let (title, lang) = (&report.title, self.lang);
        let (summary, content) = (report.summary(), report.content());
        let (summary, content) = (summary.get(lang), content.get(lang));
        let Some(columns) = self.columns else {
            self.line(&format!("{title}: {summary}; {content}"));
            return;
        };
        self.line(&format!("{bold}{title}{bold:#}  {summary}"));
        let color = match report.standing() {
            Standing::Fine => AnsiColor::Green,
            Standing::Near => AnsiColor::Yellow,
            Standing::Over => AnsiColor::Red,
        };
        let (style, dim) = (color.on_default(), Style::new().dimmed());
        let width = columns.saturating_sub(2).min(LIMIT_BAR);
        let bar = bar(report.answer.projected, report.answer.limit, width);
        let rest = "░".repeat(width - bar.width());
        self.line(&format!("{style}{bar}{style:#}{dim}{rest}{dim:#}"));
        self.line(content);
    }

    fn entries(&mut self, report: &Report) {
        let entries = report.answer.entries.iter();
        let rows = entries.map(|entry| Row::new(entry.packed, &entry.path));
        self.line("");
        self.shares(rows.collect(), report.answer.projected);
    }

    /// The largest rows with their share of `whole`, as a bar too where there is room.
    fn shares(&mut self, rows: Vec<Row>, whole: u64) {
        let largest = rows.iter().map(|row| row.bytes).max().unwrap_or_default();
        let width = match self.columns {
            Some(80..) => 20,
            Some(50..) => 10,
            _ => 0,
        };
        let style = self.style(AnsiColor::Cyan.on_default());
        self.rows(rows, |row| {
            let share = percent(row.bytes, whole);
            if width == 0 {
                return format!("{share:>7}  ");
            }
            // The sum of many is not to be compared with one.
            let bar = match row.is_rest {
                true => String::new(),
                false => bar(row.bytes, largest, width),
            };
            let pad = " ".repeat(width - bar.width());
            format!("{share:>7}  {style}{bar}{style:#}{pad}  ")
        });
    }

    fn uploads(&mut self, report: &Report) {
        let rows: Vec<_> = report
            .answer
            .uploads
            .iter()
            .map(|upload| Row {
                note: format!(" ({})", upload.field),
                ..Row::new(upload.size, &upload.path)
            })
            .collect();
        self.section(uploaded().get(self.lang), rows);
    }

    /// What is left out, by reason.
    fn dropped(&mut self, report: &Report) {
        let mut reasons = Vec::new();
        for dropped in &report.answer.dropped {
            if !reasons.contains(&&dropped.reason) {
                reasons.push(&dropped.reason);
            }
        }
        for reason in reasons {
            let dropped = report.answer.dropped.iter();
            let rows = dropped
                .filter(|dropped| dropped.reason == *reason)
                .map(|dropped| Row::new(dropped.size, &dropped.path));
            self.section(left_out(reason).get(self.lang), rows.collect());
        }
    }

    fn notes(&mut self, report: &Report, wanted: impl Fn(Tone) -> bool) {
        let notes: Vec<_> = report
            .notes
            .iter()
            .filter(|note| wanted(note.tone))
            .collect();
        if !notes.is_empty() {
            self.line("");
        }
        for note in notes {
            let style = self.style(match note.tone {
                Tone::Error => AnsiColor::Red.on_default(),
                Tone::Warning => AnsiColor::Yellow.on_default(),
                Tone::Tip => AnsiColor::Green.on_default(),
            });
            let text = one_line(note.text.get(self.lang));
            self.line(&format!("{style}{text}{style:#}"));
        }
    }

    fn section(&mut self, title: &str, rows: Vec<Row>) {
        if rows.is_empty() {
            return;
        }
        let bold = self.style(Style::new().bold());
        let title = one_line(title);
        self.line(&format!("\n{bold}{title}{bold:#}"));
        self.rows(rows, |_| String::new());
    }

    /// The largest rows with `between` their size and name, and the sum of the others.
    fn rows(&mut self, mut rows: Vec<Row>, between: impl Fn(&Row) -> String) {
        rows.sort_by_key(|row| std::cmp::Reverse(row.bytes));
        let rest = rows.split_off(rows.len().min(SHOWN));
        if !rest.is_empty() {
            let bytes = rest.iter().map(|row| row.bytes).sum();
            rows.push(Row {
                is_rest: true,
                ..Row::new(bytes, &more(rest.len(), self.lang))
            });
        }
        for row in rows {
            let between = between(&row);
            let before = SIZE + strip_str(&between).to_string().width();
            let name = self.fitting(&row.name, before + row.note.width());
            let size = show_size(row.bytes);
            self.line(&format!("{size:>10}  {between}{name}{}", row.note));
        }
    }

    /// A name as long as the terminal has room for it beside `others` columns: without its beginning,
    /// since its end tells more.
    fn fitting(&self, name: &str, others: usize) -> String {
        let name = one_line(name);
        let Some(columns) = self.columns else {
            return name;
        };
        let room = columns.saturating_sub(others).max(LEAST_NAME);
        if name.width() <= room {
            return name;
        }
        let mut width = 1;
        let fits = |&char: &char| {
            width += char.width().unwrap_or_default();
            width <= room
        };
        let mut end: Vec<_> = name.chars().rev().take_while(fits).collect();
        end.push('…');
        end.into_iter().rev().collect()
    }

    /// `style` on a terminal, none elsewhere.
    fn style(&self, style: Style) -> Style {
        match self.columns {
            Some(_) => style,
            None => Style::new(),
        }
    }

    fn line(&mut self, line: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }
}

/// A bar for `part` of `whole` that fills at most `width` columns, in eighths of a column; something
/// is always seen of what is more than nothing.
fn bar(part: u64, whole: u64, width: usize) -> String {
    const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let most = width * 8;
    let exact = u128::from(part) * most as u128 / u128::from(whole.max(1));
    let least = usize::from(part > 0).min(most);
    let eighths = usize::try_from(exact).unwrap_or(most).clamp(least, most);
    let mut bar = "█".repeat(eighths / 8);
    bar.extend((eighths % 8).checked_sub(1).map(|index| EIGHTHS[index]));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a section with shares, of which the last one is named by three characters of two
    /// columns each.
    fn shares(columns: Option<usize>) -> String {
        let mut page = Page {
            text: String::new(),
            lang: Lang::En,
            columns,
        };
        let rows = vec![
            Row::new(2000, "charts/frontend/templates/deployment.yaml"),
            Row::new(8000, "图标/很长的中文文件名称用于测试对齐.svg"),
            Row::new(1, "观测\u{1b}[2J云"),
        ];
        page.shares(rows, 10_001);
        strip_str(&page.text).to_string()
    }

    #[test]
    fn a_pipe_gets_whole_names_and_no_bars() {
        assert_eq!(
            shares(None),
            "\
\x20   7.8 KB   79.9 %  图标/很长的中文文件名称用于测试对齐.svg
    2.0 KB   19.9 %  charts/frontend/templates/deployment.yaml
       1 B   <0.1 %  观测 [2J云
"
        );
    }

    #[test]
    fn a_terminal_gets_bars_and_names_that_fit() {
        assert_eq!(
            shares(Some(80)),
            "\
\x20   7.8 KB   79.9 %  ████████████████████  …/很长的中文文件名称用于测试对齐.svg
    2.0 KB   19.9 %  █████                 …s/frontend/templates/deployment.yaml
       1 B   <0.1 %  ▏                     观测 [2J云
"
        );
        assert_eq!(
            shares(Some(51)),
            "\
\x20   7.8 KB   79.9 %  ██████████  …用于测试对齐.svg
    2.0 KB   19.9 %  ██▌         …s/deployment.yaml
       1 B   <0.1 %  ▏           观测 [2J云
"
        );
        for columns in [33, 40, 50, 79, 100] {
            for line in shares(Some(columns)).lines() {
                assert!(line.width() <= columns, "{columns}: {line}");
            }
        }
    }

    #[test]
    fn what_is_not_shown_is_summed_up() {
        let mut page = Page {
            text: String::new(),
            lang: Lang::Zh,
            columns: Some(80),
        };
        let rows = (0..13).map(|_| Row::new(100, "a")).collect();
        page.rows(rows, |_| String::new());
        assert_eq!(
            page.text,
            format!("{}     300 B  其余 3 个\n", "     100 B  a\n".repeat(10))
        );
    }

    #[test]
    fn a_bar_shows_a_little_of_little_and_is_never_too_long() {
        for (part, whole, expected) in [
            (0, 100, ""),
            (1, 1_000_000, "▏"),
            (50, 100, "██"),
            (99, 100, "███▉"),
            (100, 100, "████"),
            (u64::MAX, 1, "████"),
            (5, 0, "████"),
        ] {
            assert_eq!(bar(part, whole, 4), expected, "{part} of {whole}");
        }
    }
}
