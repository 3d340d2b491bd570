//! Columns for people: aligned by the cells that a terminal gives each character.

pub(super) use ksext_core::lang::one_line;
use unicode_width::UnicodeWidthStr as _;

/// The rows with their columns aligned, one line each, without spaces at the ends.
pub(super) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    Columns::of(rows).lines(rows)
}

/// How wide the columns are, for rows of which not all are there yet.
pub(super) struct Columns<const N: usize>([usize; N]);

impl<const N: usize> Columns<N> {
    /// As wide as these rows need.
    pub(super) fn of(rows: &[[String; N]]) -> Self {
        let mut widths = [0; N];
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(one_line(cell).width());
            }
        }
        Self(widths)
    }

    /// The rows, one line each, without spaces at the ends. A cell that is too wide moves those behind it.
    pub(super) fn lines(&self, rows: &[[String; N]]) -> String {
        let line = |row: &[String; N]| {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(self.0) {
                let cell = one_line(cell);
                let missing = width.saturating_sub(cell.width());
                line.push_str(&cell);
                line.extend(std::iter::repeat_n(' ', missing + 2));
            }
            format!("{}\n", line.trim_end())
        };
        rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_cells_and_obey_nobody() {
        let rows = [
            ["ID", "状态", "X"],
            ["42", "\u{1b}[2Jx\u{202e}", ""],
            ["观测云", "draft", "y"],
        ];
        let rows = rows.map(|row| row.map(str::to_owned));
        assert_eq!(
            table(&rows),
            "ID      状态    X\n42       [2Jx\n观测云  draft   y\n"
        );
    }

    #[test]
    fn rows_that_come_later_are_aligned_with_the_first() {
        let columns = Columns::of(&[["ID", "NAME", "X"].map(str::to_owned)]);
        let later = [["1", "a", "y"], ["2", "long name", "z"]];
        let later = later.map(|row| row.map(str::to_owned));
        assert_eq!(columns.lines(&later), "1   a     y\n2   long name  z\n");
    }
}
